"""Who may call what: on the way out and inside, with and without a password, and in an emergency."""

import itertools

import pytest

NAMES = itertools.count(1)


@pytest.fixture
def outside(network):
    """A provider, and the digits that lead to it."""
    provider, prefix = network.provider(), network.prefix()
    provider.outcall = network.outcall([network.trunk_to(provider)], f"_{prefix}.")
    provider.prefix = prefix
    return provider


def permission(api, *patterns: str, **fields) -> int:
    body = {"name": f"permission {next(NAMES)}", "extensions": list(patterns), **fields}
    return api.post("/callpermissions", body).json["id"]


def give(api, holder: str, *permissions: int):
    for each in permissions:
        api.ready(api.put(f"{holder}/callpermissions/{each}"))


def refused(call, provider):
    call.wait_closed(30)
    assert not provider.calls()


def test_a_denied_number_is_not_called(office, outside, api):
    ann = office.person()
    give(api, ann.path, permission(api, f"_{outside.prefix}9XX"))
    phone = office.phone(ann)
    denied = phone.call(f"{outside.prefix}912")
    denied.wait_for_sound()
    refused(denied, outside)
    out = phone.call(f"{outside.prefix}812")
    outside.wait_for_call()
    out.wait_established()


def test_a_change_of_a_permission_holds_from_the_next_call_on(office, outside, api):
    ann = office.person()
    its = permission(api, f"_{outside.prefix}.")
    give(api, ann.path, its)
    phone = office.phone(ann)
    refused(phone.call(f"{outside.prefix}1"), outside)
    api.ready(api.put(f"/callpermissions/{its}", {"enabled": False}))
    out = phone.call(f"{outside.prefix}1")
    outside.wait_for_call()
    out.wait_established()


def test_the_password_lets_the_call_out(office, outside, api):
    ann = office.person()
    give(api, ann.path, permission(api, f"_{outside.prefix}!", password="4711"))
    out = office.phone(ann).call(f"{outside.prefix}1")
    out.wait_for_sound()
    assert not outside.calls()
    out.dtmf("4711#")
    assert outside.wait_for_call().number == f"{outside.prefix}1"


def test_a_wrong_password_does_not(office, outside, api):
    ann = office.person()
    give(api, ann.path, permission(api, f"_{outside.prefix}!", password="4711"))
    out = office.phone(ann).call(f"{outside.prefix}1")
    for _ in range(3):
        out.wait_for_sound()
        out.dtmf("1234#")
    refused(out, outside)


def test_the_users_own_password_takes_the_place_of_the_permissions(office, outside, api):
    ann = office.person(call_permission_password="99")
    give(api, ann.path, permission(api, f"_{outside.prefix}!", password="4711"))
    out = office.phone(ann).call(f"{outside.prefix}1")
    out.wait_for_sound()
    out.dtmf("99#")
    outside.wait_for_call()


def test_what_allows_the_user_wins_over_the_outcall(office, outside, api):
    ann, ben = office.person(), office.person()
    give(api, f"/outcalls/{outside.outcall['id']}", permission(api, f"_{outside.prefix}!"))
    refused(office.phone(ben).call(f"{outside.prefix}1"), outside)
    give(api, ann.path, permission(api, f"_{outside.prefix}!", mode="allow"))
    out = office.phone(ann).call(f"{outside.prefix}1")
    outside.wait_for_call()
    out.wait_established()


def test_the_groups_of_the_user_come_before_the_outcall(office, outside, api):
    ann = office.person()
    group = api.post("/groups", {"label": f"denied{next(NAMES)}"}).json
    api.ready(api.put(f"/groups/{group['uuid']}/members/users", {"users": [{"uuid": ann.user["uuid"]}]}))
    give(api, f"/groups/{group['uuid']}", permission(api, f"_{outside.prefix}!"))
    phone = office.phone(ann)
    refused(phone.call(f"{outside.prefix}1"), outside)
    api.ready(api.put(f"/groups/{group['uuid']}", {"enabled": False}))
    out = phone.call(f"{outside.prefix}1")
    outside.wait_for_call()
    out.wait_established()


def test_a_colleague_can_be_denied(office, api):
    ann, ben = office.person(), office.person()
    give(api, ann.path, permission(api, ben.number))
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    denied = at_ann.call(ben.number)
    denied.wait_for_sound()
    denied.wait_closed(30)
    assert at_ben.nobody_called()


@pytest.mark.parametrize("dialled", ["112", "911"])
def test_an_emergency_goes_out_whatever_is_denied(office, network, api, dialled):
    busy, good, ann = network.provider(answer=486), network.provider(), office.person(simultaneous_calls=1)
    outcall = network.outcall([network.trunk_to(busy), network.trunk_to(good)], dialled, {"external_prefix": "+33"})
    give(api, ann.path, permission(api, "_X!"))
    give(api, f"/outcalls/{outcall['id']}", permission(api, "_X!"))
    api.ready(api.put(f"/outcalls/{outcall['id']}", {"enabled": False}))
    out = office.phone(ann).call(dialled)
    assert busy.wait_for_call().number == good.wait_for_call().number == dialled
    out.wait_established()


def test_an_emergency_goes_out_where_no_outcall_has_its_number(office, network):
    provider, ann = network.provider(), office.person()
    network.outcall([network.trunk_to(provider)], f"_{network.prefix()}.")
    out = office.phone(ann).call("112")
    assert provider.wait_for_call().number == "112"
    out.wait_established()


def test_an_emergency_behind_the_digit_for_a_line_goes_out_without_it(office, network, api):
    provider, ann = network.provider(), office.person()
    prefix = network.prefix()
    network.outcall([network.trunk_to(provider)], f"_{prefix}.", {"strip_digits": 4, "external_prefix": "00"})
    give(api, ann.path, permission(api, "_X!"))
    out = office.phone(ann).call(f"{prefix}112")
    assert provider.wait_for_call().number == "112"
    out.wait_established()


def test_hundreds_of_patterns_are_all_compared(office, outside, api):
    ann = office.person()
    patterns = [f"_{outside.prefix}{n:03}X" for n in range(500)]
    give(api, ann.path, permission(api, *patterns))
    phone = office.phone(ann)
    for number in ("0001", "4991"):
        refused(phone.call(outside.prefix + number), outside)
    out = phone.call(f"{outside.prefix}5001")
    outside.wait_for_call()
    out.wait_established()
