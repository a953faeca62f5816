"""A switchboard: calls wait with music, operators take, hold and pass them on with plain phones."""

import pytest

from harness.waiting import until


class Board:
    """A switchboard that the number of a desk without a phone leads to, made through the API."""

    def __init__(self, office, *operators, fallback=None, ring_time=None, **fields):
        self.server, self.api = office.server, office.api
        desk = office.person()
        self.number = desk.number
        members = {"users": [{"uuid": person.user["uuid"]} for person in operators]}
        self.made = self.api.post("/switchboards", {"name": f"Board {self.number}", "members": members, **fields}).json
        self.path = f"/switchboards/{self.made['uuid']}"
        codes = self.api.get(f"/cordboard{self.path}/codes").json
        self.next, self.hold, self.held = codes["next"], codes["hold"], codes["held"]
        if fallback:
            self.fall_back(fallback)
        to = {"type": "switchboard", "switchboard_uuid": self.made["uuid"], "ring_time": ring_time}
        # Nobody has a phone there: the call goes on at once.
        office.fallbacks(desk, fail=to)

    def fall_back(self, to):
        self.api.ready(self.api.put(f"{self.path}/fallbacks", {"noanswer_destination": to}))


def waits(phone, board, lamp=None):
    """A call that hears the music of the switchboard."""
    out = phone.call(board.number).wait_established()
    out.wait_for_sound()
    if lamp:
        lamp.wait_for("inuse")
    return out


@pytest.fixture
def four(office):
    people = [office.person() for _ in range(4)]
    return people, [office.phone(person) for person in people]


def test_operators_take_hold_and_pass_on_with_lamps(office, four):
    (ann, ben, op, eve), (at_ann, at_ben, at_op, at_eve) = four
    board = Board(office, op)
    watcher = office.sip(op)
    waiting, held = watcher.watch(board.next), watcher.watch(board.held)
    place = watcher.watch(f"{board.next}*1")
    for lamp in (waiting, held, place):
        lamp.wait_for("idle")
    first = waits(at_ann, board, waiting)
    place.wait_for("inuse")
    second = waits(at_ben, board)
    # The oldest comes first.
    taken = at_op.call(board.next).wait_established()
    first.wait_to_hear(at_op)
    taken.wait_to_hear(at_ann)
    waiting.wait_for("inuse")
    place.wait_for("idle")
    # Held: the operator is free, the caller hears music.
    taken.transfer(board.hold)
    taken.wait_closed()
    held.wait_for("inuse")
    first.wait_to_hear_not(at_op)
    first.wait_for_sound()
    # A given one of those who wait.
    other = at_op.call(f"{board.next}*2").wait_established()
    second.wait_to_hear(at_op)
    waiting.wait_for("idle")
    # Passed on.
    other.transfer(eve.number)
    third = at_eve.wait_for_incoming()
    assert third.caller()[1] == ben.number
    third.answer()
    second.wait_to_hear(at_eve)
    # Taken back from hold.
    back = at_op.call(f"{board.held}*1").wait_established()
    first.wait_to_hear(at_op)
    back.wait_to_hear(at_ann)
    held.wait_for("idle")
    back.hangup()
    first.wait_closed()


def test_who_gives_up_leaves_the_lamp_dark_and_nothing_to_take(office, four):
    (_, _, op, _), (at_ann, _, at_op, _) = four
    board = Board(office, op)
    lamp = office.sip(op).watch(board.next)
    out = waits(at_ann, board, lamp)
    out.hangup()
    lamp.wait_for("idle")
    call = at_op.call(board.next).wait_established()
    call.wait_for_sound()
    call.wait_closed(timeout=20)


def test_only_members_take_calls(office, four):
    (_, _, op, eve), (at_ann, _, at_op, at_eve) = four
    board = Board(office, op)
    out = waits(at_ann, board)
    stranger = at_eve.call(board.next)
    stranger.wait_closed(timeout=20)
    assert not out.hears(at_eve)
    at_op.call(board.next).wait_established()
    out.wait_to_hear(at_op)


def test_a_call_that_nobody_takes_in_time_goes_on_to_the_fallback(office, four):
    (_, ben, op, eve), (at_ann, at_ben, at_op, _) = four
    board = Board(office, op, timeout=1, fallback={"type": "user", "user_id": ben.user["id"]})
    lamp = office.sip(op).watch(board.next)
    out = waits(at_ann, board, lamp)
    incoming = at_ben.wait_for_incoming()
    lamp.wait_for("idle")
    incoming.answer()
    out.wait_to_hear(at_ben)
    out.hangup()
    # A time of the destination's own counts in its place.
    slow = Board(office, op, timeout=3600, ring_time=1, fallback={"type": "user", "user_id": ben.user["id"]})
    waits(at_ann, slow)
    at_ben.wait_for_incoming()


def test_without_a_fallback_calls_wait_for_ever(office, four):
    (_, _, op, _), (at_ann, _, at_op, _) = four
    board = Board(office, op, timeout=1)
    out = waits(at_ann, board)
    def shown():
        return office.server.command(f"parking show switchboard-{board.next[3:]}-queue")
    until(lambda: "PJSIP" in shown(), 5, "the call waits")
    # Longer than the timeout, which leads nowhere.
    until(lambda: out.hear(seconds=1.5)["rms"] > 0 and out.is_established(), 10, "music goes on")
    assert at_op.call(board.next).wait_established()
    out.wait_to_hear(at_op)


def test_switchboards_do_not_need_cordboard(own):
    ann, op, ben = own.person(), own.person(), own.person()
    at_ann, at_op, at_ben = own.phone(ann), own.phone(op), own.phone(ben)
    board = Board(own, op, timeout=3, fallback={"type": "user", "user_id": ben.user["id"]})
    lamp = own.sip(op).watch(board.next)
    own.server.kill()
    out = waits(at_ann, board, lamp)
    taken = at_op.call(board.next).wait_established()
    out.wait_to_hear(at_op)
    taken.transfer(board.hold)
    taken.wait_closed()
    at_op.call(board.held).wait_established()
    out.wait_to_hear(at_op)
    out.hangup()
    waits(at_ann, board, lamp)
    at_ben.wait_for_incoming()


def test_operators_take_and_hold_calls_over_rest(office, four, api):
    (ann, _, op, _), (at_ann, _, at_op, _) = four
    board = Board(office, op)
    calls, who = f"{board.path}/calls", f"user_uuid={op.user['uuid']}"
    assert api.get(f"{calls}/queued").json == {"items": []}
    out = waits(at_ann, board)
    (item,) = api.get(f"{calls}/queued").json["items"]
    assert (item["caller_id_name"], item["caller_id_number"]) == (ann.name, ann.number)
    answer = api.put(f"{calls}/queued/{item['id']}/answer?{who}", expect=200)
    assert answer.json["call_id"]
    # Whoever is second finds it gone.
    late = api.put(f"{calls}/queued/{item['id']}/answer?{who}", expect=404)
    assert late.json["error_id"] == "no-such-call"
    ringing = at_op.wait_for_incoming()
    assert ringing.caller() == (ann.name, ann.number)
    assert "answer-after=0" in ringing._invite(None, "the call").headers.get("call-info", "")
    ringing.answer()
    out.wait_to_hear(at_op)
    api.put(f"{calls}/held/{item['id']}")
    ringing.wait_closed()
    out.wait_to_hear_not(at_op)
    assert [one["id"] for one in api.get(f"{calls}/held").json["items"]] == [item["id"]]
    assert api.put(f"{calls}/held/{item['id']}", expect=404).json["error_id"] == "no-such-call"
    api.put(f"{calls}/held/{item['id']}/answer?{who}", expect=200)
    at_op.wait_for_incoming().answer()
    out.wait_to_hear(at_op)
    assert api.get(f"{calls}/held").json == {"items": []}
