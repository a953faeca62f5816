"""What somebody may write where a number or a name is expected, and what a phone may answer: calls go on all the same."""

from pathlib import Path

import pytest

from harness.sip import RING

# The number in it, if any, is what a person would dial.
WRITTEN = [
    "${SHELL(touch /tmp/cordboard-harm)}",
    "1001,1)\\;System(touch /tmp/cordboard-harm",
    '"$["',
    "_X.",
    "s",
    "Zoë ☎",
    "PJSIP/line1x1001&Local/x@default",
    "9" * 128,
    "#" * 128,
    "*98",
    "*21*",
    " ",
    "-1",
    "+",
    ";comment",
    "[section]",
    "#include </etc/passwd>",
    "default,h,1",
]


@pytest.mark.parametrize("number", WRITTEN)
def test_a_forward_to_anything_leaves_the_caller_to_the_mailbox_or_ends(office, cordboard, number):
    ann, ben = office.person(voicemail=True), office.person()
    office.callee(ann, 486)
    office.forward(ann, "busy", number)
    out = office.phone(ben).call(ann.number)
    out.phone.wait(lambda: out.is_established() or out.is_closed(), 15, "an answer")
    out.hangup()
    assert cordboard.status()["outcome"] in ("applied", "unchanged")
    assert "fully booted" in cordboard.command("core waitfullybooted")
    assert not Path("/tmp/cordboard-harm").exists()


def test_a_number_written_with_blanks_and_strokes_is_dialled(office):
    ann, ben, eve = office.person(), office.person(), office.person()
    at_eve = office.callee(eve, RING)
    office.forward(ann, "unconditional", f" {eve.number[:2]}-{eve.number[2:]} ")
    out = office.phone(ben).call(ann.number)
    at_eve.wait_for_call()
    out.hangup()


@pytest.mark.parametrize("name", ["${SHELL(touch /tmp/cordboard-harm)}", "a,b)&c", '")]', "x;y", "ö" * 60])
def test_a_forward_of_somebody_with_any_name_arrives(office, api, name):
    ann, ben, eve = office.person(), office.person(), office.person()
    at_eve = office.callee(eve, RING)
    api.ready(api.put(ann.path, {"firstname": name, "lastname": name, "caller_id": f'"{name}"'}))
    api.ready(api.put(ben.path, {"caller_id": f'"{name}"'}))
    office.forward(ann, "unconditional", eve.number)
    out = office.phone(ben).call(ann.number)
    invite = at_eve.wait_for_call()
    assert f"sip:{ben.number}@" in invite.headers["from"] and f"sip:{ann.number}@" in invite.headers["diversion"]
    out.hangup()


def test_a_phone_that_sends_a_call_on_is_followed(office):
    ann, ben, eve = office.person(), office.person(), office.person()
    at_ann, at_eve = office.callee(ann, 302), office.callee(eve, RING)
    at_ann.moved_to = eve.number
    out = office.phone(ben).call(ann.number)
    at_eve.wait_for_call()
    out.hangup()


def test_two_phones_that_send_calls_to_each_other_do_not_do_so_for_ever(office):
    ann, ben, eve = office.person(), office.person(), office.person()
    at_ann, at_eve = office.callee(ann, 302), office.callee(eve, 302)
    at_ann.moved_to, at_eve.moved_to = eve.number, ann.number
    out = office.phone(ben).call(ann.number)
    out.wait_closed(timeout=60)
    assert len(at_ann.calls()) < 30
