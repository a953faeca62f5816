"""A mailbox after it was made: PINs changed on the phone, numbers that change, mailboxes that go."""

import pytest

from harness.office import CONTEXT, PIN
from harness.waiting import until

NEW = "5566"


def pin_is_taken_over(office, person, pin):
    until(lambda: office.mailbox(person)["password"] == pin, 5, f"the API shows the PIN {pin}")
    until(lambda: not (office.spool(person.number) / "secret.conf").exists(), 5, "no second truth in the spool")


def test_a_pin_changed_on_the_phone_is_shown_within_a_second_and_counts(office, api):
    ann, ben = office.person(voicemail=True), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    at_ben.call(f"*97{ann.number}").leave_message()
    changing = at_ann.call("*98").change_pin(NEW, old=PIN)
    until(lambda: office.mailbox(ann)["password"] == NEW, 1, "the API shows the new PIN")
    pin_is_taken_over(office, ann, NEW)
    changing.hangup()
    listening = at_ann.call("*98").wait_established()
    listening.enter_mailbox(NEW)
    listening.wait_to_hear(at_ben, timeout=40)


@pytest.mark.parametrize("password", ["7788", PIN, None])
def test_a_pin_of_the_api_wins_over_an_earlier_one_of_the_phone(office, api, password):
    ann, ben = office.person(voicemail=True), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    at_ben.call(f"*97{ann.number}").leave_message()
    changing = at_ann.call("*98").change_pin(NEW, old=PIN)
    until(lambda: (office.spool(ann.number) / "secret.conf").exists() or office.mailbox(ann)["password"] == NEW, 5, "the change")
    changing.hangup()
    api.ready(api.put(f"/voicemails/{ann.user['voicemail']['id']}", {"password": password}))
    assert office.mailbox(ann)["password"] == password
    listening = at_ann.call("*98").wait_established()
    if password is None:
        listening.wait_for_sound()
        listening.dtmf("1")
    else:
        listening.enter_mailbox(password)
    listening.wait_to_hear(at_ben, timeout=40)
    assert office.mailbox(ann)["password"] == password
    assert not (office.spool(ann.number) / "secret.conf").exists()


def test_a_pin_changed_while_cordboard_is_down_is_kept_over_restarts_of_both(own):
    ann = own.person(voicemail=True)
    at_ann = own.phone(ann)
    own.server.kill()
    changing = at_ann.call("*98").change_pin(NEW, old=PIN)
    until((own.spool(ann.number) / "secret.conf").exists, 5, "the change")
    changing.hangup()
    own.server.start()
    pin_is_taken_over(own, ann, NEW)
    own.server.stop()
    own.server.start()
    assert own.mailbox(ann)["password"] == NEW
    changing = at_ann.register().call("*98").change_pin("987", old=NEW)
    pin_is_taken_over(own, ann, "987")
    changing.hangup()
    rendered = (own.server.folder / "asterisk/etc/voicemail.conf").read_text()
    assert f"\n{ann.number} => 987," in rendered


def test_messages_and_lamp_follow_a_mailbox_to_its_new_number(office, api):
    ann, ben = office.person(voicemail=True), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    at_ben.call(f"*97{ann.number}").leave_message()
    at_ann.wait_for_lamp(True)
    new = office.number()
    api.ready(api.put(f"/voicemails/{ann.user['voicemail']['id']}", {"number": new}))
    until(lambda: (office.spool(new) / "INBOX/msg0000.txt").exists(), 5, "the message is in the new folder")
    assert not office.spool(ann.number).exists()
    # Asterisk goes on to watch the old number until the phone registers anew.
    at_ann.unregister()
    at_ann.register().wait_for_lamp(True)
    listening = at_ann.call("*98").wait_established()
    listening.enter_mailbox(PIN)
    listening.wait_to_hear(at_ben, timeout=40)
    listening.dtmf("7")
    listening.hangup()
    at_ann.wait_for_lamp(False)


def test_the_lamp_goes_off_when_the_mailbox_is_deleted(office, api):
    ann, ben = office.person(voicemail=True), office.person()
    at_ann = office.phone(ann)
    office.phone(ben).call(f"*97{ann.number}").leave_message()
    at_ann.wait_for_lamp(True)
    api.delete(f"{ann.path}/voicemails")
    api.delete(f"/voicemails/{ann.user['voicemail']['id']}")
    at_ann.wait_for_lamp(False)


def test_a_deleted_users_messages_go_and_nobody_inherits_them(office, api):
    ann, ben = office.person(voicemail=True), office.person()
    at_ben = office.phone(ben)
    at_ben.call(f"*97{ann.number}").leave_message()
    until(lambda: office.messages(ann) == 1, 5, "a message")
    api.delete(f"{ann.path}?recursive=true")
    until(lambda: not office.spool(ann.number).exists(), 5, "the folder is gone")
    body = {"name": "Next", "number": ann.number, "context": CONTEXT, "password": PIN}
    box = api.post("/voicemails", body).json
    api.ready(api.put(f"{ben.path}/voicemails/{box['id']}"))
    lamp = office.sip(ben).watch_mailbox(ben.accounts[0].username)
    lamp.wait_for(False)
    assert office.messages(ann) == 0


def test_a_mailbox_made_anew_at_once_inherits_nothing(office, api):
    ann, ben = office.person(voicemail=True), office.person()
    at_ben = office.phone(ben)
    at_ben.call(f"*97{ann.number}").leave_message()
    until(lambda: office.messages(ann) == 1, 5, "a message")
    box = ann.user["voicemail"]["id"]
    api.delete(f"{ann.path}/voicemails")
    api.delete(f"/voicemails/{box}")
    answer = api.post("/voicemails", {"name": "Next", "number": ann.number, "context": CONTEXT})
    api.ready(answer)
    until(lambda: not office.spool(ann.number).exists(), 5, "the folder is gone")
