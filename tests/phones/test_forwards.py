"""Forwards of a user: every call, when busy, when nobody answers."""

import time

import pytest

from harness.sip import RING
from harness.waiting import until

NOWHERE = "9999"


def listener(office):
    """Somebody whose phone only rings."""
    person = office.person(ring_seconds=4)
    return person, office.callee(person, RING)


@pytest.mark.parametrize("event, to_calls, reason", [("unconditional", 486, "unconditional"), ("busy", 486, "user-busy"), ("noanswer", RING, "no-answer")])
def test_a_call_goes_to_the_number_of_the_forward(office, event, to_calls, reason):
    ann, ben = office.person(ring_seconds=1), office.person()
    at_ann = office.callee(ann, to_calls)
    target, at_target = listener(office)
    office.forward(ann, event, target.number)
    out = office.phone(ben).call(ann.number)
    invite = at_target.wait_for_call()
    assert len(at_ann.calls()) == (0 if event == "unconditional" else 1)
    assert f"{ben.name}" in invite.headers["from"] and f"sip:{ben.number}@" in invite.headers["from"]
    diversion = invite.headers["diversion"]
    assert f"sip:{ann.number}@" in diversion and f"reason={reason}" in diversion
    out.hangup()


def test_who_sent_a_call_on_is_told_as_they_want_to_be_shown(office):
    ann, ben = office.person(caller_id='"The Boss" <5551234>'), office.person()
    target, at_target = listener(office)
    office.forward(ann, "unconditional", target.number)
    out = office.phone(ben).call(ann.number)
    diversion = at_target.wait_for_call().headers["diversion"]
    assert '"The Boss"' in diversion and "sip:5551234@" in diversion
    out.hangup()


def test_a_user_who_has_all_the_calls_they_may_have_is_busy(office):
    ann, ben, carl = office.person(simultaneous_calls=1), office.person(), office.person()
    target, at_target = listener(office)
    office.forward(ann, "busy", target.number)
    at_ann = office.phone(ann)
    office.connect(office.phone(carl), at_ann, ann.number)
    out = office.phone(ben).call(ann.number)
    at_target.wait_for_call()
    assert at_ann.nobody_called()
    out.hangup()


def test_a_transferred_call_follows_the_forward(office):
    ann, ben, carl = office.person(), office.person(), office.person()
    target, at_target = listener(office)
    office.forward(ann, "unconditional", target.number)
    at_ben, at_carl = office.phone(ben), office.phone(carl)
    _, incoming = office.connect(at_ben, at_carl, carl.number)
    incoming.transfer(ann.number)
    assert f"sip:{ben.number}@" in at_target.wait_for_call().headers["from"]


def test_the_call_is_heard_at_both_ends_of_a_forward(office):
    ann, ben, eve = office.person(), office.person(), office.person()
    office.forward(ann, "unconditional", eve.number)
    at_ben, at_eve = office.phone(ben), office.phone(eve)
    out = at_ben.call(ann.number)
    incoming = at_eve.wait_for_incoming(timeout=15)
    assert incoming.caller() == (ben.name, ben.number)
    incoming.answer()
    out.wait_to_hear(at_eve)
    incoming.wait_to_hear(at_ben)


def test_the_caller_is_told_that_somebody_is_looked_for(office):
    ann, ben = office.person(), office.person()
    target, at_target = listener(office)
    office.forward(ann, "unconditional", target.number)
    out = office.phone(ben).call(ann.number)
    out.wait_established()
    out.wait_for_sound()
    at_target.wait_for_call()


def test_a_forward_holds_from_the_next_call_on_and_reloads_nothing(office, cordboard):
    ann, ben = office.person(), office.person()
    at_ann = office.callee(ann, 486)
    target, at_target = listener(office)
    at_ben = office.phone(ben)
    at_ben.call(ann.number).wait_established().hangup()
    assert len(at_ann.calls()) == 1
    until(lambda: cordboard.last_reload() < time.time() - 4, 10, "the reloads for the new users are past")
    before = cordboard.last_reload()
    office.forward(ann, "unconditional", target.number)
    out = at_ben.call(ann.number)
    at_target.wait_for_call()
    out.hangup()
    office.forward(ann, "unconditional", None)
    at_ben.call(ann.number).wait_established().hangup()
    assert len(at_ann.calls()) == 2
    assert cordboard.last_reload() <= before + 1


def test_a_forward_that_is_off_keeps_its_number_and_does_nothing(office, api):
    ann, ben = office.person(), office.person()
    at_ann = office.callee(ann, 486)
    target, at_target = listener(office)
    api.ready(api.put(f"{ann.path}/forwards", {"unconditional": {"enabled": False, "destination": target.number}}))
    office.phone(ben).call(ann.number).wait_established().hangup()
    assert len(at_ann.calls()) == 1 and not at_target.calls()


@pytest.mark.parametrize("event, to_calls", [("busy", 486), ("noanswer", 480)])
def test_an_enabled_forward_wins_over_the_fallback_of_the_same_event(office, event, to_calls):
    ann, ben = office.person(), office.person()
    office.callee(ann, to_calls)
    target, at_target = listener(office)
    other, at_other = listener(office)
    office.forward(ann, event, target.number)
    office.fallbacks(ann, **{event: {"type": "user", "user_id": other.user["id"]}})
    at_ben = office.phone(ben)
    out = at_ben.call(ann.number)
    at_target.wait_for_call()
    out.hangup()
    assert not at_other.calls()
    office.forward(ann, event, None)
    out = at_ben.call(ann.number)
    at_other.wait_for_call()
    out.hangup()
    assert len(at_target.calls()) == 1


def test_forwards_follow_one_another_to_the_last(office):
    ann, ben, carl = office.person(), office.person(), office.person()
    target, at_target = listener(office)
    office.callee(carl, 486)
    office.forward(ann, "unconditional", carl.number)
    office.forward(carl, "busy", target.number)
    out = office.phone(ben).call(ann.number)
    invite = at_target.wait_for_call(timeout=20)
    assert f"sip:{ben.number}@" in invite.headers["from"]
    out.hangup()


def test_two_users_who_forward_to_each_other_do_not_call_for_ever(office):
    ann, ben, carl = office.person(), office.person(), office.person()
    office.forward(ann, "unconditional", carl.number)
    office.forward(carl, "unconditional", ann.number)
    out = office.phone(ben).call(ann.number).wait_established()
    out.wait_closed(timeout=110)


def test_a_chain_of_busy_phones_ends_after_ten_hops(office):
    ann, ben = office.person(), office.person()
    at_ann = office.callee(ann, 486)
    office.fallbacks(ann, busy={"type": "user", "user_id": ann.user["id"]})
    out = office.phone(ben).call(ann.number)
    out.wait_closed(timeout=60)
    assert len(at_ann.calls()) == 11


def test_after_a_chain_the_mailbox_of_the_first_user_answers(office):
    ann, ben, carl = office.person(voicemail=True), office.person(), office.person(voicemail=True)
    office.callee(ann, RING)
    office.api.ready(office.api.put(ann.path, {"ring_seconds": 1}))
    office.callee(carl, 486)
    office.forward(ann, "noanswer", carl.number)
    out = office.phone(ben).call(ann.number)
    out.leave_message()
    assert (office.messages(ann), office.messages(carl)) == (1, 0)


def test_a_chain_from_a_user_without_a_mailbox_ends_in_no_other(office):
    ann, ben, carl = office.person(), office.person(), office.person(voicemail=True)
    office.callee(ann, 486)
    office.callee(carl, 486)
    office.forward(ann, "busy", carl.number)
    out = office.phone(ben).call(ann.number).wait_established()
    out.wait_closed(timeout=40)
    assert office.messages(carl) == 0


def test_a_forward_to_a_number_that_nobody_has_is_passed_over(office):
    ann, ben = office.person(voicemail=True), office.person()
    office.callee(ann, 486)
    office.forward(ann, "busy", NOWHERE)
    office.phone(ben).call(ann.number).leave_message()
    assert office.messages(ann) == 1


def test_a_forward_to_a_mailbox_leaves_a_message_there(office):
    ann, ben, eve = office.person(), office.person(), office.person(voicemail=True)
    office.forward(ann, "unconditional", f"*97{eve.number}")
    office.phone(ben).call(ann.number).leave_message()
    assert office.messages(eve) == 1
