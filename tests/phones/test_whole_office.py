"""Both ways of making a user end in the same: who was made with one request rings in a group and in a queue, answers as
an agent, and takes the calls of a switchboard, as who was made with many."""

import pytest

from test_agents import Desk, dial
from test_groups import Group
from test_queues import Queue
from test_switchboards import Board, waits


def at_once(office, group, queue, board, schedule, colleague):
    """One request with everything."""
    return office.person(
        voicemail=True,
        groups=[{"uuid": group.made["uuid"]}],
        queues=[{"id": queue.made["id"]}],
        agent={"queues": [{"id": queue.made["id"]}]},
        switchboards=[{"uuid": board.made["uuid"]}],
        schedules=[{"id": schedule["id"]}],
        call_pickup_target_users=[{"uuid": colleague.user["uuid"]}],
        services={"dnd": {"enabled": False}},
        forwards={"noanswer": {"enabled": True, "destination": colleague.number}},
    )


def step_by_step(office, group, queue, board, schedule, colleague):
    """A request for each thing."""
    api, person = office.api, office.stepwise_person()
    uuid = person.user["uuid"]
    agent = api.post("/agents", {"number": person.number}).json
    pickup = api.post("/callpickups", {"name": f"pickup {person.number}"}).json
    named = {"users": [{"uuid": uuid}]}
    for path, body in (
        (f"{person.path}/groups", {"groups": [{"uuid": group.made["uuid"]}]}),
        (f"{queue.path}/members/users/{person.user['id']}", {}),
        (f"{queue.path}/members/agents/{agent['id']}", {}),
        (f"{person.path}/agents/{agent['id']}", None),
        (f"{board.path}/members/users", named),
        (f"{person.path}/schedules/{schedule['id']}", None),
        (f"/callpickups/{pickup['id']}/interceptors/users", named),
        (f"/callpickups/{pickup['id']}/targets/users", {"users": [{"uuid": colleague.user["uuid"]}]}),
        (f"{person.path}/forwards/noanswer", {"enabled": True, "destination": colleague.number}),
    ):
        api.ready(api.put(path, body))
    person.user["agent"] = agent
    return person


@pytest.mark.parametrize("make", [at_once, step_by_step])
def test_a_whole_person_rings_in_a_group_and_a_queue_and_takes_calls(office, api, make):
    caller, colleague = office.person(), office.person()
    group, queue, board = Group(office), Queue(office, ring_on_hold=True), Board(office)
    always = [{"hours_start": "00:00", "hours_end": "23:59"}]
    schedule = api.post("/schedules", {"open_periods": always, "closed_destination": {"type": "none"}}).json
    person = make(office, group, queue, board, schedule, colleague)
    at_caller, at_colleague, phone = office.phone(caller), office.phone(colleague), office.phone(person)
    for number in (person.number, group.number, queue.number):
        out, incoming = office.connect(at_caller, phone, number)
        out.hangup()
        incoming.wait_closed()
    # As an agent they are called at their phone; nobody twice for one call.
    desk = Desk(office.server)
    dial(phone, f"*31{person.number}")
    assert desk.status(person.user["agent"])["logged"]
    dial(phone, f"*32{person.number}")
    # The switchboard's call, and that of a colleague.
    out = waits(at_caller, board)
    taken = phone.call(board.next).wait_established()
    out.wait_to_hear(phone)
    taken.hangup()
    out.wait_closed()
    out = at_caller.call(colleague.number)
    at_colleague.wait_for_incoming()
    phone.call("*8").wait_established()
    out.wait_established().wait_to_hear(phone)
    out.hangup()
    # The forward of whoever does not answer.
    phone.unregister()
    assert api.get(f"{person.path}/forwards/noanswer").json == {"enabled": True, "destination": colleague.number}
