"""What somebody may write where a number or a name is expected, and what a phone may answer: calls go on all the same."""

import itertools
import re
from pathlib import Path
from urllib.parse import quote

from harness.sip import RING
from harness.waiting import until

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

NAMES = ["${SHELL(touch /tmp/cordboard-harm)}", "a,b)&c", '")]', "x;y", "ö" * 60]


def test_a_forward_to_anything_leaves_the_caller_to_the_mailbox_or_ends(office, cordboard):
    ann, ben = office.person(voicemail=True), office.person()
    at_ann, at_ben = office.callee(ann, 486), office.phone(ben)
    for calls, number in enumerate(WRITTEN, start=1):
        office.forward(ann, "busy", number)
        out = at_ben.call(ann.number)
        at_ben.wait(lambda out=out: out.is_established() or out.is_closed(), 15, f"an answer with the forward {number}")
        out.hangup()
        assert len(at_ann.calls()) == calls
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


def test_a_forward_of_somebody_with_any_name_arrives(office, api):
    ann, ben, eve = office.person(), office.person(), office.person()
    at_ben, at_eve = office.phone(ben), office.callee(eve, RING)
    office.forward(ann, "unconditional", eve.number)
    for calls, name in enumerate(NAMES, start=1):
        api.put(ann.path, {"firstname": name, "lastname": name, "caller_id": f'"{name}"'})
        api.ready(api.put(ben.path, {"caller_id": f'"{name}"'}))
        out = at_ben.call(ann.number)
        at_eve.wait(lambda calls=calls: len(at_eve.calls()) == calls, 15, f"the call with the name {name}")
        headers = at_eve.calls()[-1].headers
        assert f"sip:{ben.number}@" in headers["from"] and f"sip:{ann.number}@" in headers["diversion"]
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


CODES = ["*21", "*22", "*23", "*8", "*90", "*92", "*96", "*97", "*99", "*11", "*50", "*735", ""]
DIALLED = ["${EPOCH}", "1)&(2", '"]$[1+1', ";x", "a,s,1", "\r\nAction: x\r\n", "1001@default", "%s%n", "é" * 40, "7" * 200]


def test_whatever_is_dialled_behind_a_code_does_no_harm(office, api, cordboard):
    ann = office.person()
    at_ann = office.sip(ann)
    at_ann.register()
    for code, text in itertools.product(CODES, DIALLED):
        answer = at_ann.invite(quote(code + text, safe="*"))
        assert answer.status() >= 200
        at_ann.hang_up(answer)
    until(lambda: re.search(r"(?m)^0 active channels", cordboard.command("core show channels count")), 30, "the end of all calls")
    assert "fully booted" in cordboard.command("core waitfullybooted")
    for forward in api.get(f"{ann.path}/forwards").json.values():
        assert set(forward["destination"] or "") <= set("0123456789+*#")


def test_of_what_is_dialled_behind_a_code_only_the_keys_of_a_phone_count(office, api):
    ann = office.person()
    at_ann = office.sip(ann)
    at_ann.register()
    at_ann.hang_up(at_ann.invite(quote("*215${EPOCH}$[1+1]5", safe="*")))
    forward = until(lambda: answered(api.get(f"{ann.path}/forwards/unconditional").json), 10, "the forward that was dialled")
    assert forward == "51+15"


def answered(forward: dict) -> str | None:
    return forward["destination"] if forward["enabled"] else None
