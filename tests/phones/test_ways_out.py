"""Ways out of the house for those who may not go there: none leads over a permission."""

import itertools
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from test_groups import Group

NAMES = itertools.count(1)


@pytest.fixture
def outside(network):
    """A provider, and the digits that lead to it."""
    provider, prefix = network.provider(), network.prefix()
    provider.outcall = network.outcall([network.trunk_to(provider)], f"_{prefix}.")
    provider.prefix = prefix
    return provider


def deny(api, person, pattern: str):
    body = {"name": f"way out {next(NAMES)}", "extensions": [pattern]}
    made = api.post("/callpermissions", body).json
    api.ready(api.put(f"{person.path}/callpermissions/{made['id']}"))


def test_a_phone_that_sends_a_call_on_does_not_lead_over_the_callers_permissions(office, outside, api):
    ann, ben = office.person(), office.person()
    deny(api, ben, f"_{outside.prefix}9!")
    at_ann, at_ben = office.callee(ann, 302), office.phone(ben)
    at_ann.moved_to = f"{outside.prefix}91"
    at_ben.call(ann.number).wait_closed(40)
    assert at_ann.calls() and not outside.calls()
    at_ann.moved_to = f"{outside.prefix}81"
    out = at_ben.call(ann.number)
    assert outside.wait_for_call().caller == (ben.name, ben.number)
    out.wait_established()


def test_who_is_called_outside_cannot_send_the_caller_elsewhere(office, outside):
    ann = office.person()
    out = office.phone(ann).call(f"{outside.prefix}1")
    taken = outside.wait_for_call().invite
    out.wait_established()
    uri = taken.headers["contact"].strip("<>")
    lines = [
        f"REFER {uri} SIP/2.0",
        f"Via: SIP/2.0/UDP {outside.address}:{outside.port};branch=z9hG4bK{secrets.token_hex(8)};rport",
        "Max-Forwards: 70",
        f"From: {taken.headers['to']};tag=provider",
        f"To: {taken.headers['from']}",
        f"Call-ID: {taken.call_id()}",
        "CSeq: 1 REFER",
        f"Contact: {outside.contact()}",
        f"Refer-To: <sip:{outside.prefix}2@{outside.server}>",
        "Content-Length: 0",
    ]
    outside._socket.send(("\r\n".join(lines) + "\r\n\r\n").encode())
    outcome = lambda: [m for m in outside.received if m.method() == "NOTIFY" and "SIP/2.0 404" in m.body]
    outside.wait(outcome, 10, "the end of the transfer")
    assert len(outside.calls()) == 1


def test_who_may_not_call_outside_does_not_send_those_there_who_call_from_outside(office, network, outside, api):
    ann, caller = office.person(), network.provider()
    deny(api, ann, f"_{outside.prefix}9!")
    network.trunk_to(caller, context="default")
    office.forward(ann, "unconditional", f"{outside.prefix}91")
    caller.call(ann.number)
    assert not outside.calls()
    office.forward(ann, "unconditional", None)
    at_ann = office.callee(ann, 302)
    at_ann.moved_to = f"{outside.prefix}92"
    caller.call(ann.number)
    assert at_ann.calls() and not outside.calls()
    at_ann.moved_to = f"{outside.prefix}81"
    assert caller.call(ann.number).status() == 200
    assert outside.wait_for_call().number == f"{outside.prefix}81"


@pytest.fixture
def stranger(network):
    """Somebody outside, who may call the numbers of the house."""
    caller = network.provider()
    network.trunk_to(caller, context="default")
    return caller


def taken_by(office, phone, stranger, number: str):
    """The call of the stranger at this phone, answered."""
    before = len(stranger.ended())
    with ThreadPoolExecutor(1) as one:
        answer = one.submit(stranger.call, number)
        incoming = phone.wait_for_incoming().answer()
        assert answer.result(20).status() == 200
    office.wait_until_joined(phone)
    incoming.ended = lambda: len(stranger.ended()) > before
    return incoming


def send_away(incoming, number: str):
    incoming.transfer(number)


def press_away(incoming, number: str):
    incoming.dtmf("*1")
    incoming.wait_for_sound()
    incoming.dtmf(number)


@pytest.mark.parametrize("away", [send_away, press_away])
@pytest.mark.parametrize("through", ["user", "group"])
def test_who_may_not_call_outside_does_not_transfer_there_who_calls_from_outside(office, api, outside, stranger, through, away):
    ann = office.person(call_transfer_enabled=True)
    deny(api, ann, f"_{outside.prefix}9!")
    number = Group(office, ann).number if through == "group" else ann.number
    at_ann = office.phone(ann)
    incoming = taken_by(office, at_ann, stranger, number)
    away(incoming, f"{outside.prefix}91")
    stranger.wait(incoming.ended, 20, "the end of the call")
    assert not outside.calls()
    incoming = taken_by(office, at_ann, stranger, number)
    away(incoming, f"{outside.prefix}81")
    assert outside.wait_for_call().number == f"{outside.prefix}81"


def test_the_consultation_of_a_transfer_by_keys_is_the_call_of_who_presses_them(office, api, outside, stranger):
    ann = office.person(call_transfer_enabled=True)
    deny(api, ann, f"_{outside.prefix}9!")
    at_ann = office.phone(ann)
    for number, calls in ((f"{outside.prefix}91", 0), (f"{outside.prefix}81", 1)):
        incoming = taken_by(office, at_ann, stranger, ann.number)
        incoming.dtmf("*2")
        incoming.wait_for_sound()
        incoming.dtmf(number)
        if calls:
            assert outside.wait_for_call().caller[1] == ann.number
        else:
            incoming.wait_for_silence()
            incoming.hangup()
            stranger.wait(incoming.ended, 30, "the end of the call")
        assert len(outside.calls()) == calls


def test_who_was_called_outside_is_not_transferred_to_where_the_caller_may_not_call(office, api, outside):
    ann = office.person()
    deny(api, ann, f"_{outside.prefix}9!")
    at_ann = office.phone(ann)
    out = at_ann.call(f"{outside.prefix}81")
    outside.wait_for_call()
    out.wait_established()
    office.wait_until_joined(at_ann)
    out.transfer(f"{outside.prefix}91")
    outside.wait(lambda: outside.ended(), 20, "the end of the call")
    assert len(outside.calls()) == 1


def test_a_number_outside_that_is_a_member_of_a_group_is_not_for_who_may_not_call_it(office, api, outside):
    ann, ben = office.person(), office.person()
    deny(api, ben, f"_{outside.prefix}9!")
    group = Group(office, numbers=[(f"{outside.prefix}91", "default")], strategy="linear", user_timeout=5, timeout=10)
    at_ben = office.phone(ben)
    refused = at_ben.call(group.number)
    refused.wait_closed(40)
    assert not outside.calls()
    office.phone(ann).call(group.number)
    outside.wait_for_call()
