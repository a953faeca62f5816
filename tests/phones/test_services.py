"""Services of a user: do not disturb, and the filter that asks callers for their name."""

import pytest

from harness.sip import RING


def test_a_user_who_is_not_to_be_disturbed_hears_nothing_of_a_call(office):
    ann, ben = office.person(voicemail=True), office.person()
    at_ann = office.callee(ann, RING)
    at_ben = office.phone(ben)
    office.service(ann, "dnd")
    at_ben.call(ann.number).leave_message()
    assert office.messages(ann) == 1 and not at_ann.calls()
    office.service(ann, "dnd", False)
    out = at_ben.call(ann.number)
    at_ann.wait_for_call()
    out.hangup()


def test_without_a_mailbox_the_caller_is_told_that_the_user_is_unreachable(office):
    ann, ben = office.person(), office.person()
    at_ann = office.callee(ann, RING)
    office.service(ann, "dnd")
    out = office.phone(ben).call(ann.number).wait_established()
    out.wait_for_sound()
    out.wait_closed(timeout=30)
    assert not at_ann.calls()


def test_do_not_disturb_wins_over_forwards_and_fallbacks(office):
    ann, ben, eve = office.person(), office.person(), office.person()
    at_eve = office.callee(eve, RING)
    office.service(ann, "dnd")
    for event in ("unconditional", "busy", "noanswer"):
        office.forward(ann, event, eve.number)
    target = {"type": "user", "user_id": eve.user["id"]}
    office.fallbacks(ann, noanswer=target, busy=target, fail=target, congestion=target)
    office.phone(ben).call(ann.number).wait_established().wait_closed(timeout=30)
    assert not at_eve.calls()


def test_a_forward_to_a_user_who_is_not_to_be_disturbed_ends_in_the_first_mailbox(office):
    ann, ben, carl = office.person(voicemail=True), office.person(), office.person(voicemail=True)
    at_carl = office.callee(carl, RING)
    office.forward(ann, "unconditional", carl.number)
    office.service(carl, "dnd")
    office.phone(ben).call(ann.number).leave_message()
    assert (office.messages(ann), office.messages(carl), at_carl.calls()) == (1, 0, [])


def announced(office, **fields):
    """A call to a user with the filter: the caller has said a name, the user has picked up."""
    ann, ben = office.person(ring_seconds=20, **fields), office.person()
    office.service(ann, "incallfilter")
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    out = at_ben.call(ann.number).wait_established()
    out.talk(5)
    incoming = at_ann.wait_for_incoming(timeout=20)
    incoming.answer()
    incoming.wait_for_sound()
    return ann, out, incoming


def test_a_filtered_call_is_taken_with_1(office):
    _, out, incoming = announced(office)
    assert not incoming.hears(out.phone)
    incoming.dtmf("1")
    incoming.wait_to_hear(out.phone)
    out.wait_to_hear(incoming.phone)


def test_a_filtered_call_is_sent_to_the_mailbox_with_2(office):
    ann, out, incoming = announced(office, voicemail=True)
    incoming.dtmf("2")
    incoming.wait_closed()
    out.leave_message()
    assert office.messages(ann) == 1


@pytest.mark.parametrize("key", ["3", "4"])
def test_a_filtered_call_is_sent_away(office, key):
    ann, out, incoming = announced(office, voicemail=True)
    incoming.dtmf(key)
    incoming.wait_closed()
    out.wait_closed(timeout=30)
    assert office.messages(ann) == 0


def test_a_filtered_call_that_the_user_does_not_decide_on_is_not_put_through(office):
    _, out, incoming = announced(office)
    incoming.hangup()
    out.wait_for_sound()
    out.wait_closed(timeout=30)


def test_a_filtered_call_that_nobody_picks_up_goes_on_like_any_other(office):
    ann, ben, eve = office.person(ring_seconds=2), office.person(), office.person()
    at_eve = office.callee(eve, RING)
    office.callee(ann, RING)
    office.service(ann, "incallfilter")
    office.fallbacks(ann, noanswer={"type": "user", "user_id": eve.user["id"]})
    out = office.phone(ben).call(ann.number).wait_established()
    out.talk(5)
    at_eve.wait_for_call(timeout=25)
    out.hangup()
