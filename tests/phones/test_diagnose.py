"""Why does a number not ring? What Asterisk knows of the phones is part of the answer."""

from harness.waiting import until
from test_agents import Desk, Queue, seat
from test_conferences import Room
from test_incalls import Incall
from test_parking import Lot
from test_switchboards import Board


def ask(office, exten: str) -> dict:
    answer = office.api.get(f"/cordboard/diagnose?exten={exten}&context=default")
    assert answer.status == 200, answer.text
    return answer.json


def test_the_registered_phones_are_named_and_a_missing_one_too(office):
    ann = office.person(voicemail=True)
    before = ask(office, ann.number)
    assert [line["registered"] for line in before["lines"]] == [False], before["text"]
    assert before["now"] == f"No phone rings: the call goes to the mailbox {ann.number}@default.", before["text"]
    office.phone(ann)
    after = ask(office, ann.number)
    (line,) = after["lines"]
    assert line["registered"] and line["name"] == ann.accounts[0].username, after["text"]
    (contact,) = line["contacts"]
    assert contact["uri"].startswith("sip:") and contact["status"] != "Unreachable", after["text"]
    assert after["now"].startswith("The phone rings; "), after["text"]


def says(report, what: str) -> list[str]:
    return [finding["says"] for finding in report["findings"] if finding["what"] == what]


def test_who_answers_a_queue_and_who_waits_is_told(office):
    queue, desk = Queue(office, ring_on_hold=True), Desk(office.server)
    (ann, first), (_, second) = seat(office, queue), seat(office, queue)
    assert ask(office, queue.number)["now"].startswith("Nobody can ring now"), "nobody is logged in"
    at_ann, at_caller = office.phone(ann), office.phone(office.person())
    desk.do(first, "login", {"extension": ann.number, "context": "default"})
    assert f"Agent/{first['number']} is logged in and is free." in says(ask(office, queue.number), "members")
    desk.do(first, "pause", {"reason": "tea"})
    report = ask(office, queue.number)
    assert says(report, "members") == [f"Agent/{first['number']} pauses (tea)."], report["text"]
    out = at_caller.call(queue.number)
    until(lambda: says(ask(office, queue.number), "waiting") == ["1 callers wait."], 10, "the caller is counted")
    desk.do(first, "unpause")
    at_ann.wait_for_incoming().answer()
    out.wait_established()
    assert f"Agent/{first['number']} is logged in and is on the phone." in says(ask(office, queue.number), "members")
    out.hangup()


def test_who_waits_at_a_switchboard_and_who_is_in_a_room_is_told(office):
    op, phone = office.person(), office.phone(office.person())
    at_op = office.phone(op)
    board, room, lot = Board(office, op), Room(office, announce_only_user=False), Lot(office)
    ring = {"type": "switchboard", "switchboard_uuid": board.made["uuid"]}
    incall = Incall(office.api, ring)
    def outside():
        return office.api.get(f"/cordboard/diagnose?exten={incall.number}&context=from-extern").json
    assert says(outside(), "waiting") == ["0 callers wait."]
    waiting = phone.call(board.number).wait_established()
    until(lambda: says(outside(), "waiting") == ["1 callers wait."], 10, "the caller is counted")
    waiting.hangup()
    assert says(ask(office, room.number), "inside") == ["0 people are in (at most 50, 0 is no limit)."]
    inside = phone.call(room.number).wait_established()
    room.wait_for(1)
    assert says(ask(office, room.number), "inside") == ["1 people are in (at most 50, 0 is no limit)."]
    inside.hangup()
    assert says(ask(office, lot.number), "parked") == ["0 calls are parked there."]
    out, incoming = office.connect(phone, at_op, op.number)
    incoming.transfer(lot.number)
    until(lambda: says(ask(office, lot.slots[0]), "parked") == ["1 calls are parked there."], 10, "a parked call is counted")
    out.hangup()
