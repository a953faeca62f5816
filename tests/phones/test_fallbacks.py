"""Fallbacks of a user: which answer of a phone leads to which, and what every type of destination does."""

import pytest

from harness.office import PIN
from harness.sip import RING, TRYING
from harness.waiting import until

ANSWERS = [
    (486, "busy"),
    (600, "busy"),
    (603, "busy"),
    (480, "noanswer"),
    (503, "congestion"),
    (404, "fail"),
    (408, "fail"),
    (488, "fail"),
    (500, "fail"),
]

# What two lines of one number answer; None is a line that is off.
LINES = [
    (486, 603, "busy"),
    (486, None, "busy"),
    (603, None, "busy"),
    (480, None, "noanswer"),
    (486, RING, "noanswer"),
    (503, RING, "noanswer"),
    (RING, None, "noanswer"),
]


def to_user(person, **arguments) -> dict:
    return {"type": "user", "user_id": person.user["id"], **arguments}


def busy_user(office, destination: dict, **fields):
    """Somebody whose phone is busy, and where calls go then."""
    person = office.person(**fields)
    office.callee(person, 486)
    office.fallbacks(person, busy=destination)
    return person


@pytest.mark.parametrize("status, event", ANSWERS)
def test_the_answer_of_the_phone_decides_on_the_fallback(office, status, event):
    ann, ben, eve = office.person(), office.person(), office.person()
    at_ann, at_eve = office.callee(ann, status), office.callee(eve, RING)
    office.fallbacks(ann, **{event: to_user(eve)})
    out = office.phone(ben).call(ann.number)
    invite = at_eve.wait_for_call()
    assert len(at_ann.calls()) == 1
    assert f"sip:{ben.number}@" in invite.headers["from"] and f"sip:{ann.number}@" in invite.headers["diversion"]
    out.hangup()


def test_a_phone_that_rings_too_long_is_a_call_without_an_answer(office):
    ann, ben, eve = office.person(ring_seconds=1), office.person(), office.person()
    office.callee(ann, RING)
    at_eve = office.callee(eve, RING)
    office.fallbacks(ann, noanswer=to_user(eve))
    out = office.phone(ben).call(ann.number)
    assert "reason=no-answer" in at_eve.wait_for_call().headers["diversion"]
    out.hangup()


def test_a_phone_that_never_rings_is_a_call_without_an_answer(office):
    ann, ben, eve = office.person(ring_seconds=1), office.person(), office.person()
    office.callee(ann, TRYING)
    at_eve = office.callee(eve, RING)
    office.fallbacks(ann, noanswer=to_user(eve))
    out = office.phone(ben).call(ann.number)
    at_eve.wait_for_call()
    out.hangup()


@pytest.mark.parametrize("one, other, event", LINES)
def test_the_answers_of_two_lines_are_weighed(office, one, other, event):
    ann, ben, eve = office.person(ring_seconds=2, lines=2), office.person(), office.person()
    office.callee(ann, one)
    if other:
        office.callee(ann, other, line=2)
    at_eve = office.callee(eve, RING)
    office.fallbacks(ann, **{event: to_user(eve)})
    out = office.phone(ben).call(ann.number)
    at_eve.wait_for_call()
    out.hangup()


def test_a_phone_that_is_off_fails(office):
    ann, ben, eve = office.person(), office.person(), office.person()
    at_eve = office.callee(eve, RING)
    office.fallbacks(ann, fail=to_user(eve))
    out = office.phone(ben).call(ann.number)
    at_eve.wait_for_call()
    out.hangup()


def test_other_events_than_the_one_that_happened_lead_nowhere(office):
    ann, ben, eve = office.person(voicemail=True), office.person(), office.person()
    office.callee(ann, 486)
    at_eve = office.callee(eve, RING)
    office.fallbacks(ann, noanswer=to_user(eve), fail=to_user(eve), congestion=to_user(eve), busy={"type": "none"})
    office.phone(ben).call(ann.number).leave_message()
    assert office.messages(ann) == 1 and not at_eve.calls()


def test_a_fallback_holds_from_the_next_call_on(office):
    ann, ben, eve = office.person(), office.person(), office.person()
    office.callee(ann, 486)
    at_eve, at_ben = office.callee(eve, RING), office.phone(ben)
    at_ben.call(ann.number).wait_established().hangup()
    office.fallbacks(ann, busy=to_user(eve))
    out = at_ben.call(ann.number)
    at_eve.wait_for_call()
    out.hangup()
    office.fallbacks(ann)
    at_ben.call(ann.number).wait_established().hangup()
    assert len(at_eve.calls()) == 1


def test_the_ring_time_of_a_destination_replaces_that_of_the_user(office):
    eve = office.person(ring_seconds=60, voicemail=True)
    at_eve = office.callee(eve, RING)
    ann, ben = busy_user(office, to_user(eve, ring_time=1)), office.person()
    out = office.phone(ben).call(ann.number)
    at_eve.wait_for_call()
    out.wait_established(timeout=15)
    out.wait_closed(timeout=30)
    assert office.messages(eve) == 0


def test_a_user_without_a_number_is_passed_over(office, api):
    nobody = api.post("/users", {"firstname": "Nobody"}).json
    destination = {"type": "user", "user_id": nobody["id"]}
    ann, ben = busy_user(office, destination, voicemail=True), office.person()
    office.phone(ben).call(ann.number).leave_message()
    assert office.messages(ann) == 1


def test_a_deleted_target_leaves_the_caller_to_the_mailbox(office, api):
    eve = office.person()
    ann, ben = busy_user(office, to_user(eve), voicemail=True), office.person()
    api.ready(api.delete(f"{eve.path}?recursive=true"))
    office.phone(ben).call(ann.number).leave_message()
    assert office.messages(ann) == 1


def test_a_mailbox_takes_the_message(office):
    eve = office.person(voicemail=True)
    destination = {"type": "voicemail", "voicemail_id": eve.user["voicemail"]["id"], "greeting": "busy"}
    ann, ben = busy_user(office, destination, voicemail=True), office.person()
    office.phone(ben).call(ann.number).leave_message()
    assert (office.messages(eve), office.messages(ann)) == (1, 0)


def test_a_mailbox_that_skips_its_instructions_takes_the_message(office):
    eve = office.person(voicemail=True)
    destination = {"type": "voicemail", "voicemail_id": eve.user["voicemail"]["id"], "skip_instructions": True}
    ann, ben = busy_user(office, destination), office.person()
    out = office.phone(ben).call(ann.number).wait_established()
    out.wait_for_sound()
    out.wait_for_silence()
    out.talk(3)
    out.hangup()
    until(lambda: office.messages(eve) == 1, 10, "the message")


def test_a_group_is_rung(office, api):
    eve = office.person()
    at_eve = office.callee(eve, RING)
    group = api.post("/groups", {"label": "sales", "members": {"users": [{"uuid": eve.user["uuid"]}]}}).json
    ann, ben = busy_user(office, {"type": "group", "group_id": group["id"]}), office.person()
    out = office.phone(ben).call(ann.number)
    assert f"sip:{ben.number}@" in at_eve.wait_for_call().headers["from"]
    out.hangup()


def test_a_group_that_nobody_answers_leaves_the_caller_to_the_mailbox(office, api):
    eve = office.person(voicemail=True)
    office.callee(eve, RING)
    members = {"users": [{"uuid": eve.user["uuid"]}]}
    group = api.post("/groups", {"label": "sales", "timeout": 2, "members": members}).json
    ann, ben = busy_user(office, {"type": "group", "group_id": group["id"]}, voicemail=True), office.person()
    office.phone(ben).call(ann.number).leave_message()
    assert (office.messages(ann), office.messages(eve)) == (1, 0)


def test_a_chain_of_user_group_and_user_ends_in_the_first_mailbox(office, api):
    eve, carl = office.person(), office.person(voicemail=True)
    at_eve, at_carl = office.callee(eve, 486), office.callee(carl, 486)
    group = api.post("/groups", {"label": "sales", "timeout": 2, "members": {"users": [{"uuid": eve.user["uuid"]}]}}).json
    api.put(f"/groups/{group['id']}/fallbacks", {"noanswer_destination": to_user(carl)})
    ann, ben = busy_user(office, {"type": "group", "group_id": group["id"]}, voicemail=True), office.person()
    office.phone(ben).call(ann.number).leave_message()
    assert (office.messages(ann), office.messages(carl)) == (1, 0)
    assert at_eve.calls() and len(at_carl.calls()) == 1


def test_an_extension_is_called_as_if_it_was_dialled(office):
    eve = office.person()
    at_eve = office.callee(eve, RING)
    ann, ben = busy_user(office, {"type": "extension", "exten": eve.number, "context": "default"}), office.person()
    out = office.phone(ben).call(ann.number)
    invite = at_eve.wait_for_call()
    assert f"sip:{ben.number}@" in invite.headers["from"]
    assert f"sip:{ann.number}@" in invite.headers["diversion"] and "reason=user-busy" in invite.headers["diversion"]
    out.hangup()


@pytest.mark.parametrize("exten, context", [("9999", "default"), ("1001", "no-such-context")])
def test_an_extension_that_does_not_exist_is_announced(office, exten, context):
    ann, ben = busy_user(office, {"type": "extension", "exten": exten, "context": context}), office.person()
    out = office.phone(ben).call(ann.number).wait_established()
    out.wait_for_sound()
    out.wait_closed(timeout=30)


def test_a_sound_is_played(office):
    ann, ben = busy_user(office, {"type": "sound", "filename": "demo-congrats"}), office.person()
    out = office.phone(ben).call(ann.number).wait_established()
    out.wait_for_sound()
    out.hangup()


@pytest.mark.parametrize("filename", ["no-such-file", "a b", "x,y(z)${EXTEN}", "a&b"])
def test_a_sound_that_cannot_be_played_is_not_silence(office, filename):
    ann, ben = busy_user(office, {"type": "sound", "filename": filename}), office.person()
    out = office.phone(ben).call(ann.number).wait_established()
    out.wait_for_sound()
    out.wait_closed(timeout=20)


def test_a_command_of_the_administrators_is_run(office):
    eve = office.person()
    at_eve = office.callee(eve, RING)
    ann, ben = busy_user(office, {"type": "custom", "command": f"Goto(default;{eve.number};1)"}), office.person()
    out = office.phone(ben).call(ann.number)
    at_eve.wait_for_call()
    out.hangup()


def test_a_command_that_does_not_exist_ends_the_call(office):
    ann, ben = busy_user(office, {"type": "custom", "command": "NoSuchApplication(x)"}), office.person()
    office.phone(ben).call(ann.number).wait_closed(timeout=10)


def test_hanging_up_normally_ends_the_call_unanswered(office):
    ann, ben = busy_user(office, {"type": "hangup", "cause": "normal"}, voicemail=True), office.person()
    out = office.phone(ben).call(ann.number)
    out.wait_closed()
    assert not out.is_established()


@pytest.mark.parametrize("cause", ["busy", "congestion"])
def test_a_tone_is_played_for_so_many_seconds(office, cause):
    ann, ben = busy_user(office, {"type": "hangup", "cause": cause, "timeout": 2}), office.person()
    out = office.phone(ben).call(ann.number).wait_established()
    out.wait_for_sound()
    out.wait_closed(timeout=10)


def test_a_tone_without_a_time_is_played_until_the_caller_leaves(office):
    ann, ben = busy_user(office, {"type": "hangup", "cause": "busy"}), office.person()
    out = office.phone(ben).call(ann.number).wait_established()
    out.wait_for_sound()
    out.talk(4)
    assert not out.is_closed()
    out.wait_for_sound()
    out.hangup()


@pytest.mark.parametrize("pin", [None, "4711"])
def test_a_dial_tone_is_given_after_the_pin(office, pin):
    eve = office.person()
    at_eve = office.callee(eve, RING)
    destination = {"type": "application", "application": "disa", "context": "default", "pin": pin}
    ann, ben = busy_user(office, destination), office.person()
    out = office.phone(ben).call(ann.number).wait_established()
    out.wait_for_sound()
    if pin:
        out.dtmf(pin + "#")
        out.wait_for_silence(seconds=0.3)
        out.wait_for_sound()
    out.dtmf(eve.number)
    at_eve.wait_for_call()
    out.hangup()


def test_a_wrong_pin_gives_no_dial_tone(office):
    eve = office.person()
    at_eve = office.callee(eve, RING)
    destination = {"type": "application", "application": "disa", "context": "default", "pin": "4711"}
    ann, ben = busy_user(office, destination), office.person()
    out = office.phone(ben).call(ann.number).wait_established()
    out.wait_for_sound()
    out.dtmf("1111#")
    out.talk(3)
    if not out.is_closed():
        out.dtmf(eve.number)
    out.wait_closed(timeout=60)
    assert not at_eve.calls()


def test_the_caller_is_called_back_and_may_dial(office):
    eve = office.person()
    at_eve = office.callee(eve, RING)
    destination = {"type": "application", "application": "callback_disa", "context": "default"}
    ann, ben = busy_user(office, destination), office.person()
    at_ben = office.phone(ben)
    out = at_ben.call(ann.number).wait_established()
    out.wait_closed()
    back = at_ben.wait_for_incoming(timeout=20)
    back.answer()
    back.wait_for_sound()
    back.dtmf(eve.number)
    at_eve.wait_for_call()
    back.hangup()


def test_the_caller_with_the_wrong_pin_is_not_called_back(office):
    destination = {"type": "application", "application": "callback_disa", "context": "default", "pin": "4711"}
    ann, ben = busy_user(office, destination), office.person()
    at_ben = office.phone(ben)
    out = at_ben.call(ann.number).wait_established()
    out.wait_for_sound()
    for _ in range(3):
        out.dtmf("1111#")
        out.wait_for_silence(seconds=0.3)
    out.wait_closed(timeout=30)
    assert at_ben.nobody_called()


def test_somebody_is_called_by_name(office):
    destination = {"type": "application", "application": "directory", "context": "default"}
    eve = office.person(voicemail=True, lastname="Quxby")
    at_eve = office.callee(eve, RING)
    ann, ben = busy_user(office, destination), office.person()
    out = office.phone(ben).call(ann.number).wait_established()
    out.wait_for_sound()
    out.dtmf("789")
    out.wait_for_silence(seconds=0.3)
    out.wait_for_sound()
    out.dtmf("1")
    at_eve.wait_for_call()
    out.hangup()


def test_any_mailbox_is_opened_with_its_number_and_pin(office):
    destination = {"type": "application", "application": "voicemail", "context": "default"}
    ann, ben, eve = busy_user(office, destination), office.person(), office.person(voicemail=True)
    at_ben = office.phone(ben)
    at_ben.call(f"*97{eve.number}").leave_message()
    out = at_ben.call(ann.number).wait_established()
    out.wait_for_sound()
    out.dtmf(eve.number + "#")
    out.wait_for_silence(seconds=0.3)
    out.enter_mailbox(PIN)
    out.wait_to_hear(at_ben, timeout=40)
    out.hangup()


@pytest.mark.parametrize("destination", [{"type": "application", "application": "fax_to_mail", "email": "a@b.c"}])
def test_what_is_not_there_yet_leaves_the_caller_to_the_mailbox(office, destination):
    ann, ben = busy_user(office, destination, voicemail=True), office.person()
    office.phone(ben).call(ann.number).leave_message()
    assert office.messages(ann) == 1
