"""The keys of callers and members of a queue, and the way out that a key is."""

import pytest

from harness.office import account, endpoint
from harness.phone import Phone
from test_groups import Group, to
from test_queues import Queue


@pytest.fixture
def three(office):
    people = [office.person() for _ in range(3)]
    return people, [office.phone(person) for person in people]


def talk(at_caller, queue, at_member):
    """A call of the queue that is answered."""
    out = at_caller.call(queue.number)
    incoming = at_member.wait_for_incoming().answer()
    out.wait_to_hear(at_member)
    incoming.wait_to_hear(at_caller)
    return out, incoming


def test_whoever_may_ends_the_call_with_keys(office, three):
    (_, member, _), (at_caller, at_member, _) = three
    queue = Queue(office, member)
    out, incoming = talk(at_caller, queue, at_member)
    for call, other in ((out, at_member), (incoming, at_caller)):
        call.dtmf("*0")
        call.wait_to_hear(other)
    out.hangup()
    incoming.wait_closed()
    for field in ("dtmf_hangup_callee_enabled", "dtmf_hangup_caller_enabled"):
        queue.change(**{field: True})
        out, incoming = talk(at_caller, queue, at_member)
        (incoming if "callee" in field else out).dtmf("*0")
        out.wait_closed()
        incoming.wait_closed()
        queue.change(**{field: False})


@pytest.mark.parametrize("who", ["callee", "caller"])
def test_whoever_may_transfers_the_call_with_keys(office, three, who):
    (_, member, other), (at_caller, at_member, at_other) = three
    queue = Queue(office, member, **{f"dtmf_transfer_{who}_enabled": True})
    out, incoming = talk(at_caller, queue, at_member)
    by, left, stays = (incoming, out, at_caller) if who == "callee" else (out, incoming, at_member)
    by.dtmf("*1")
    # "Transfer", and then the number.
    by.wait_for_sound()
    by.dtmf(other.number)
    third = at_other.wait_for_incoming(15).answer()
    third.wait_to_hear(stays)
    left.wait_to_hear(at_other)
    by.wait_closed()
    third.hangup()
    left.wait_closed()


def test_a_key_leads_who_waits_out_of_the_queue(office, api, three):
    (_, member, _), (at_caller, at_member, _) = three
    ways = api.post("/contexts", {"label": "Ways out", "user_ranges": [{"start": "5", "end": "5"}]}).json
    its = account("way5")
    line = {"context": ways["name"], "extensions": [{"exten": "5"}], "endpoint_sip": endpoint(its)}
    office.api.ready(api.post("/users", {"firstname": "Five", "lines": [line]}))
    at_five = Phone(office.server.udp, its.username, its.password).register()
    office._open.append(at_five)
    queue = Queue(office, member, options={"context": ways["name"]})
    out = at_caller.call(queue.number).wait_established()
    at_member.wait_for_incoming()
    out.wait_for_sound()
    # A key that leads nowhere changes nothing.
    out.dtmf("7")
    out.wait_for_sound()
    out.dtmf("5")
    at_five.wait_for_incoming().answer()
    out.wait_to_hear(at_five)
    # One of another tenant's contexts is no way out: the API refuses it.
    options = [["context", "cordboard-features"]]
    assert api.put(queue.path, {"options": options}, expect=400).status == 400


def test_a_queue_falls_back_to_whatever_is_a_destination(office, api, three):
    """noanswer, congestion and fail lead on as any destination does."""
    (_, member, other), (at_caller, at_member, at_other) = three
    queue = Queue(office, member, timeout=1, ring_on_hold=True, fallbacks={"noanswer": to(other)})
    out = at_caller.call(queue.number)
    at_member.wait_for_incoming().wait_closed()
    at_other.wait_for_incoming(15)
    out.hangup()
    second = Queue(office, other, ring_on_hold=True)
    group = api.post("/groups", {"label": "Last", "members": {"users": [{"uuid": other.user["uuid"]}]}}).json
    for destination in (
        {"type": "extension", "exten": other.number, "context": "default"},
        {"type": "group", "group_id": group["id"]},
        {"type": "queue", "queue_id": second.made["id"]},
    ):
        api.ready(queue.fall_back(noanswer=destination))
        before = len(at_other.events("call_incoming"))
        out = at_caller.call(queue.number)
        at_other.wait(lambda: len(at_other.events("call_incoming")) > before, 15, f"{destination} is reached")
        out.hangup()
    for destination in ({"type": "hangup", "cause": "busy", "timeout": 1}, {"type": "sound", "filename": "beep"}):
        api.ready(queue.fall_back(noanswer=destination))
        out = at_caller.call(queue.number).wait_established(15)
        out.wait_for_sound()
        out.wait_closed()


def test_the_number_of_a_queue_is_a_member_of_a_group(office, three):
    (_, member, other), (at_caller, at_member, at_other) = three
    queue = Queue(office, member)
    group = Group(office, other, numbers=[(queue.number, "default")], ring_strategy="all")
    out = at_caller.call(group.number)
    rings = at_other.wait_for_incoming()
    in_queue = at_member.wait_for_incoming(15)
    # Waiting in the queue is no answer to the group's call.
    in_queue.answer()
    out.wait_to_hear(at_member)
    rings.wait_closed()
