"""Messages: left when nobody answers, announced by the lamp, heard with the PIN."""

from harness.office import PIN
from harness.waiting import until


def recorded(office, person, count: int = 1):
    until(lambda: office.messages(person) == count, 10, f"{count} recorded messages of {person.number}")


def test_an_unanswered_call_leaves_a_message(office):
    ann, ben = office.person(voicemail=True, ring_seconds=2), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    out = at_ben.call(ann.number)
    ringing = at_ann.wait_for_incoming()
    out.leave_message()
    ringing.wait_closed()
    recorded(office, ann)


def test_a_busy_phone_leaves_the_caller_to_the_mailbox(office):
    ann, ben = office.person(voicemail=True), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    out = at_ben.call(ann.number)
    at_ann.wait_for_incoming().reject()
    out.leave_message()
    recorded(office, ann)


def test_a_phone_that_is_off_leaves_the_caller_to_the_mailbox(office):
    ann, ben = office.person(voicemail=True), office.person()
    office.phone(ben).call(ann.number).leave_message()
    recorded(office, ann)


def test_a_phone_that_is_off_without_a_mailbox_is_announced(office):
    ann, ben = office.person(), office.person()
    out = office.phone(ben).call(ann.number).wait_established()
    out.wait_for_sound()
    out.wait_closed(timeout=40)


def test_the_lamp_goes_on_with_a_message_and_off_when_it_is_deleted(office):
    ann, ben = office.person(voicemail=True), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    at_ben.call(f"*97{ann.number}").leave_message()
    at_ann.wait_for_lamp(True)

    listening = at_ann.call("*98").wait_established()
    listening.enter_mailbox(PIN)
    listening.wait_to_hear(at_ben, timeout=40)
    listening.dtmf("7")
    listening.hangup()
    at_ann.wait_for_lamp(False)


def test_the_lamp_is_on_for_a_phone_that_registers_after_the_message_came(office):
    ann, ben = office.person(voicemail=True), office.person()
    office.phone(ben).call(ann.number).leave_message()
    office.phone(ann).wait_for_lamp(True)


def test_a_phone_that_subscribes_to_its_lamp_sees_it_go_on(office):
    ann, ben = office.person(voicemail=True), office.person()
    lamp = office.sip(ann).watch_mailbox(ann.accounts[0].username)
    lamp.wait_for(False)
    office.phone(ben).call(ann.number).leave_message()
    lamp.wait_for(True)


def test_a_wrong_pin_opens_no_mailbox(office):
    ann, ben = office.person(voicemail=True), office.person()
    at_ben = office.phone(ben)
    at_ben.call(ann.number).leave_message()
    at_ann = office.phone(ann)
    listening = at_ann.call("*98").wait_established()
    for _ in range(3):
        listening.wait_for_sound()
        listening.dtmf("0000#")
    listening.wait_closed(timeout=40)
    assert office.messages(ann) == 1


def test_a_message_is_left_directly_in_a_mailbox(office):
    ann, ben = office.person(voicemail=True), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    at_ben.call(f"*97{ann.number}").leave_message()
    recorded(office, ann)
    assert at_ann.nobody_called()


def test_any_mailbox_of_the_context_is_consulted_with_its_pin(office):
    ann, ben = office.person(voicemail=True), office.person()
    at_ben = office.phone(ben)
    at_ben.call(ann.number).leave_message()
    listening = at_ben.call(f"*99{ann.number}").wait_established()
    listening.enter_mailbox(PIN)
    listening.wait_to_hear(at_ben, timeout=40)


def test_the_own_mailbox_refuses_a_user_without_one(office):
    ann = office.person()
    call = office.phone(ann).call("*98")
    call.wait_closed(timeout=20)


def test_the_star_during_the_greeting_opens_the_mailbox_with_its_pin(office):
    ann, ben = office.person(voicemail=True), office.person()
    at_ben = office.phone(ben)
    at_ben.call(ann.number).leave_message()
    out = at_ben.call(ann.number).wait_established()
    out.wait_for_sound()
    out.dtmf("*")
    out.enter_mailbox(PIN)
    out.wait_to_hear(at_ben, timeout=40)


def test_the_star_during_the_greeting_of_a_mailbox_without_a_pin_only_ends_the_greeting(office, api):
    ann, ben = office.person(voicemail=True), office.person()
    api.ready(api.put(f"/voicemails/{ann.user['voicemail']['id']}", {"ask_password": False}))
    out = office.phone(ben).call(ann.number).wait_established()
    out.wait_for_sound()
    out.dtmf("*")
    out.wait_for_silence()
    out.talk(3)
    out.hangup()
    recorded(office, ann)
