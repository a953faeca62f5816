"""Numbers of other countries: for whom a call permission allows them."""

import pytest

from test_groups import Group
from test_permissions import give, permission
from test_ways_out import send_away, taken_by


@pytest.fixture
def outside(network):
    """A provider behind a digit for the line, and what leads to it."""
    provider, prefix = network.provider(), network.prefix()
    provider.outcall = network.outcall([network.trunk_to(provider)], f"_{prefix}.", {"strip_digits": 4})
    provider.prefix = prefix
    return provider


def refuse(phone, number: str):
    """The caller hears that it is not allowed."""
    call = phone.call(number)
    call.wait_for_sound()
    call.hangup()


def allow(api, holder: str, pattern: str):
    give(api, holder, permission(api, pattern, mode="allow"))


def test_a_number_abroad_is_for_whom_a_permission_allows_it(office, outside, api):
    ann = office.person()
    phone = office.phone(ann)
    for number in ("004930123456", "+4930123456", "0114930123456"):
        refuse(phone, outside.prefix + number)
    assert not outside.calls()
    near = phone.call(f"{outside.prefix}0123456789")
    assert outside.wait_for_call().number == "0123456789"
    near.wait_established().hangup()
    allow(api, ann.path, f"_{outside.prefix}0049.")
    far = phone.call(f"{outside.prefix}004930123456")
    outside.wait(lambda: len(outside.calls()) == 2, 15, "the call abroad")
    assert outside.wait_for_call().number == "004930123456"
    far.wait_established().hangup()
    refuse(phone, f"{outside.prefix}0033123456")
    assert len(outside.calls()) == 2


@pytest.mark.parametrize("holder", ["group", "outcall"])
def test_the_permission_may_be_a_groups_or_the_outcalls(office, outside, api, holder):
    ann = office.person()
    at_ann = office.phone(ann)
    group = Group(office, ann).made if holder == "group" else None
    refuse(at_ann, f"{outside.prefix}0049301")
    assert not outside.calls()
    allow(api, f"/groups/{group['uuid']}" if group else f"/outcalls/{outside.outcall['id']}", f"_{outside.prefix}00.")
    out = at_ann.call(f"{outside.prefix}0049301")
    assert outside.wait_for_call().number == "0049301"
    out.wait_established()


def test_it_counts_what_the_network_gets(office, network, api):
    """The outcall makes a number one of another country, or takes away what tells that it is one."""
    ann = office.person()
    phone = office.phone(ann)
    for treatment, digits in [({"strip_digits": 4, "external_prefix": "00"}, "4930"), ({"strip_digits": 6}, "004930"), ({"external_prefix": "+"}, "")]:
        provider, prefix = network.provider(), network.prefix()
        network.outcall([network.trunk_to(provider)], f"_{prefix}!", treatment)
        refuse(phone, prefix + digits)
        assert not provider.calls(), treatment


def test_at_home_is_what_has_the_countrys_own_code(office, outside, api, in_france):
    ann = office.person()
    phone = office.phone(ann)
    for at, number in enumerate(("+33123456789", "0033123456789"), 1):
        phone.call(outside.prefix + number).wait_established().hangup()
        assert outside.wait_for_call().number == number and len(outside.calls()) == at
    refuse(phone, f"{outside.prefix}0032123456789")
    refuse(phone, f"{outside.prefix}+32123456789")
    assert len(outside.calls()) == 2


def test_a_forward_abroad_takes_nobody_there_who_calls_from_outside(office, network, outside, api):
    ann, ben, caller = office.person(), office.person(), network.provider()
    network.trunk_to(caller, context="default")
    number = f"{outside.prefix}004930"
    office.forward(ann, "unconditional", number)
    caller.call(ann.number)
    refuse(office.phone(ben), ann.number)
    assert not outside.calls()
    allow(api, ann.path, f"_{outside.prefix}00.")
    assert caller.call(ann.number).status() == 200
    assert outside.wait_for_call().number == "004930"


def test_a_transfer_abroad_needs_the_permission_of_who_transfers(office, network, outside, api):
    ann, caller = office.person(), network.provider()
    network.trunk_to(caller, context="default")
    at_ann = office.phone(ann)
    incoming = taken_by(office, at_ann, caller, ann.number)
    send_away(incoming, f"{outside.prefix}004930")
    caller.wait(incoming.ended, 20, "the end of the call")
    assert not outside.calls()


def test_whoever_calls_from_outside_and_would_go_out_again_is_refused(office, network, outside, api):
    caller = network.provider()
    network.trunk_to(caller)
    number = network.prefix()
    destination = {"type": "outcall", "outcall_id": outside.outcall["id"], "exten": f"{outside.prefix}004930"}
    incall = api.post("/incalls", {"destination": destination}).json
    extension = api.post("/extensions", {"exten": number, "context": "from-extern"}).json
    api.ready(api.put(f"/incalls/{incall['id']}/extensions/{extension['id']}"))
    caller.call(number)
    assert not outside.calls()
    allow(api, f"/outcalls/{outside.outcall['id']}", f"_{outside.prefix}00.")
    assert caller.call(number).status() == 200
    assert outside.wait_for_call().number == "004930"


def test_stars_and_hashes_go_out_only_where_the_pattern_has_them(office, network, outside, api):
    ann = office.person()
    phone = office.sip(ann)
    phone.register()

    def call(number):
        return phone.request("INVITE", number, {"Content-Type": "application/sdp"}, phone.offer(), 30)

    for number in ("*310612", "06#12", "*31*004930"):
        assert call(f"{outside.prefix}{number.replace('#', '%23')}").status() != 200 or not outside.calls()
    assert not outside.calls()
    codes, prefix = network.provider(), network.prefix()
    network.outcall([network.trunk_to(codes)], f"_*{prefix}*.", {"strip_digits": 1})
    assert call(f"*{prefix}*0612").status() == 200
    assert codes.wait_for_call().number == f"{prefix}*0612"
    call(f"*{prefix}*004930")
    assert len(codes.calls()) == 1
