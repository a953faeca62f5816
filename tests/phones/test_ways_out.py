"""Ways out of the house for those who may not go there: none leads over a permission."""

import itertools
import secrets

import pytest

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
