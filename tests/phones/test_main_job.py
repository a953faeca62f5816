"""One POST /users, and the phone rings."""

import pytest

from harness.phone import HEARD


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_user_of_one_post_registers_and_calls(office, transport):
    ann, ben = office.person(), office.person()
    at_ann, at_ben = office.phone(ann, transport=transport), office.phone(ben)
    out, incoming = office.connect(at_ann, at_ben, ben.number)
    incoming.hangup()
    out.wait_closed()
    assert out.final_stats()["rx"]["packets"] >= HEARD
    office.connect(at_ben, at_ann, ann.number)


def test_a_phone_works_as_soon_as_its_revision_is_reported(office, api):
    ann = office.person()
    status = api.get("/status").json["cordboard"]
    assert status["outcome"] in ("applied", "unchanged")
    assert office.sip(ann).register().status() == 200


def test_a_user_made_step_by_step_and_one_made_at_once_call_each_other_and_exchange_messages(office):
    bob, ann = office.stepwise_person(), office.person(voicemail=True)
    at_bob, at_ann = office.phone(bob), office.phone(ann)
    out, incoming = office.connect(at_bob, at_ann, ann.number)
    assert incoming.caller() == (bob.name, bob.number)
    out.hangup()
    incoming.wait_closed()
    office.connect(at_ann, at_bob, bob.number)[0].hangup()

    message = at_ann.call(bob.number)
    at_bob.wait_for_incoming().reject()
    message.leave_message()
    at_bob.wait_for_lamp(True)
    listening = at_bob.call("*98").wait_established()
    listening.enter_mailbox("4321")
    listening.wait_to_hear(at_ann, timeout=40)


def test_both_lines_that_share_the_extension_ring(office):
    ann, ben = office.person(lines=2), office.person()
    first, second, at_ben = office.phone(ann, 1), office.phone(ann, 2, "tcp"), office.phone(ben)
    out = at_ben.call(ann.number)
    on_first, on_second = first.wait_for_incoming(), second.wait_for_incoming()
    on_second.answer()
    out.wait_established()
    on_first.wait_closed()
    out.wait_to_hear(second)


def test_a_line_with_another_extension_stays_silent(office):
    ann, ben = office.person_with_two_numbers(), office.person()
    first, second, at_ben = office.phone(ann, 1), office.phone(ann, 2), office.phone(ben)
    at_ben.call(ann.number)
    first.wait_for_incoming()
    assert second.nobody_called()


def test_two_phones_with_the_same_account_both_ring(office):
    ann, ben = office.person(), office.person()
    desk, mobile, at_ben = office.phone(ann), office.phone(ann, transport="tcp"), office.phone(ben)
    out = at_ben.call(ann.number)
    at_desk, on_mobile = desk.wait_for_incoming(), mobile.wait_for_incoming()
    at_desk.answer()
    out.wait_established()
    on_mobile.wait_closed()
    out.wait_to_hear(desk)
