"""Calls that go out: over which trunk, with which number and caller id."""

import pytest


def test_a_call_goes_out_over_the_trunk_with_its_number_stripped_and_prefixed(office, network, in_france):
    provider, ann = network.provider(), office.person()
    prefix = network.prefix()
    treatment = {"strip_digits": 4, "external_prefix": "+33", "caller_id": '"Office" <+33123456789>'}
    network.outcall([network.trunk_to(provider)], f"_{prefix}.", treatment)
    out = office.phone(ann).call(f"{prefix}612345678")
    taken = provider.wait_for_call()
    out.wait_established()
    assert taken.number == "+33612345678"
    assert taken.caller == ("Office", "+33123456789")
    out.hangup()
    provider.wait(lambda: any(m.method() == "BYE" for m in provider.received), 5, "the end of the call")


@pytest.mark.parametrize("status", [503, 404, 500])
def test_a_trunk_that_fails_is_followed_by_the_next(office, network, status):
    bad, good, ann = network.provider(answer=status), network.provider(), office.person()
    prefix = network.prefix()
    network.outcall([network.trunk_to(bad), network.trunk_to(good)], f"_{prefix}.")
    out = office.phone(ann).call(f"{prefix}1234")
    assert bad.wait_for_call().number == good.wait_for_call().number == f"{prefix}1234"
    out.wait_established()
    assert len(bad.calls()) == 1


@pytest.mark.parametrize("status", [486, 603, 480])
def test_whoever_is_called_and_refuses_is_not_called_over_the_next_trunk(office, network, status):
    first, second, ann = network.provider(answer=status), network.provider(), office.person()
    prefix = network.prefix()
    network.outcall([network.trunk_to(first), network.trunk_to(second)], f"_{prefix}.")
    out = office.phone(ann).call(f"{prefix}1234")
    first.wait_for_call()
    out.wait_closed(20)
    assert len(first.calls()) == 1 and not second.calls()


def test_the_order_of_trunks_changes_without_a_reload(office, network, api):
    first, second, ann = network.provider(), network.provider(), office.person()
    trunks = [network.trunk_to(first), network.trunk_to(second)]
    prefix = network.prefix()
    outcall = network.outcall(trunks, f"_{prefix}.")
    answer = api.put(f"/outcalls/{outcall['id']}/trunks", {"trunks": [{"id": trunk["id"]} for trunk in reversed(trunks)]})
    api.ready(answer)
    out = office.phone(ann).call(f"{prefix}1234")
    second.wait_for_call()
    out.wait_established()
    assert not first.calls()


def test_nobody_answers_within_the_ring_time(office, network):
    provider, ann = network.provider(), office.person()
    provider.ringing = True
    prefix = network.prefix()
    network.outcall([network.trunk_to(provider)], f"_{prefix}.", ring_time=1)
    out = office.phone(ann).call(f"{prefix}1234")
    provider.wait(lambda: any(m.method() == "CANCEL" for m in provider.received), 10, "the end of ringing")
    out.wait_closed(20)


def test_the_users_own_number_wins_over_that_of_the_outcall(office, network, api):
    provider, ann = network.provider(), office.person(outgoing_caller_id='"Ann" <+33999>')
    prefix = network.prefix()
    network.outcall([network.trunk_to(provider)], f"_{prefix}.", {"caller_id": '"Office" <+33123>'})
    phone = office.phone(ann)
    out = phone.call(f"{prefix}1")
    assert provider.wait_for_call().caller == ("Ann", "+33999")
    out.wait_established().hangup()
    api.ready(api.put(ann.path, {"outgoing_caller_id": "default"}))
    out = phone.call(f"{prefix}2")
    provider.wait(lambda: len(provider.calls()) == 2, 10, "the second call")
    assert provider.wait_for_call().caller == ("Office", "+33123")
    out.wait_established()


def test_an_anonymous_caller_is_known_to_the_provider_alone(office, network):
    provider, ann = network.provider(), office.person(outgoing_caller_id="anonymous")
    prefix = network.prefix()
    network.outcall([network.trunk_to(provider)], f"_{prefix}.", {"caller_id": '"Office" <+33123>'})
    out = office.phone(ann).call(f"{prefix}1")
    taken = provider.wait_for_call()
    assert taken.caller[1] == "anonymous"
    assert taken.header("privacy") == "id"
    assert taken.header("p-asserted-identity") == f"<sip:+33123@{provider.host}>"
    out.wait_established()


def test_an_internal_caller_id_stays_as_it_is(office, network):
    provider, ann = network.provider(), office.person(outgoing_caller_id='"Ann" <+33999>')
    prefix = network.prefix()
    network.outcall([network.trunk_to(provider)], f"_{prefix}.", {"caller_id": '"Office" <+33123>'}, internal_caller_id=True)
    out = office.phone(ann).call(f"{prefix}1")
    assert provider.wait_for_call().caller == (ann.name, ann.number)
    out.wait_established()


def test_a_disabled_outcall_calls_nobody(office, network, api):
    provider, ann = network.provider(), office.person()
    prefix = network.prefix()
    outcall = network.outcall([network.trunk_to(provider)], f"_{prefix}.", enabled=False)
    out = office.phone(ann).call(f"{prefix}1")
    out.wait_closed(20)
    assert not provider.calls()
    api.ready(api.put(f"/outcalls/{outcall['id']}", {"enabled": True}))
    out = office.phone(ann).call(f"{prefix}1")
    provider.wait_for_call()
    out.wait_established()


def test_an_outcall_is_a_destination(office, network, api):
    provider, ann, ben = network.provider(), office.person(), office.person()
    prefix = network.prefix()
    outcall = network.outcall([network.trunk_to(provider)], f"_{prefix}.", {"strip_digits": 4, "external_prefix": "02"})
    destination = {"type": "outcall", "outcall_id": outcall["id"], "exten": f"{prefix}77"}
    api.ready(api.put(f"{ann.path}/fallbacks", {"fail_destination": destination}))
    out = office.phone(ben).call(ann.number)
    assert provider.wait_for_call().number == "0277"
    out.wait_established()


def test_the_phone_chooses_its_number_for_one_call_and_the_trunk_how_it_is_written(office, network):
    plus, digits, ann = network.provider(answer=503), network.provider(), office.person(outgoing_caller_id='"Ann" <+33999>')
    prefix = network.prefix()
    network.outcall([network.trunk_to(plus), network.trunk_to(digits, caller_id_format="E164")], f"_{prefix}.")
    phone = office.sip(ann)
    phone.register()
    headers = {"Content-Type": "application/sdp", "X-Wazo-Selected-Caller-ID": '"Desk" <+33155>'}
    assert phone.request("INVITE", f"{prefix}1", headers, phone.offer(), 20).status() == 200
    assert plus.wait_for_call().caller == ("Desk", "+33155")
    assert digits.wait_for_call().caller == ("Desk", "33155")


def test_a_chosen_number_is_written_as_at_home_where_the_trunk_wants_it(office, network, in_france):
    provider, ann = network.provider(), office.person()
    prefix = network.prefix()
    network.outcall([network.trunk_to(provider, caller_id_format="national")], f"_{prefix}.")
    phone = office.sip(ann)
    phone.register()
    for chosen, written in (("+33155", "0155"), ("+49301", "+49301")):
        before = len(provider.calls())
        headers = {"Content-Type": "application/sdp", "X-Wazo-Selected-Caller-ID": chosen}
        assert phone.request("INVITE", f"{prefix}1", headers, phone.offer(), 20).status() == 200
        provider.wait(lambda: len(provider.calls()) > before, 10, "the call")
        assert provider.wait_for_call().caller[1] == written


def test_the_phone_hides_its_number_for_one_call(office, network):
    provider, ann = network.provider(), office.person(outgoing_caller_id='"Ann" <+33999>')
    prefix = network.prefix()
    network.outcall([network.trunk_to(provider)], f"_{prefix}.")
    phone = office.sip(ann)
    phone.register()
    headers = {"Content-Type": "application/sdp", "X-Wazo-Selected-Caller-ID": "anonymous"}
    assert phone.request("INVITE", f"{prefix}1", headers, phone.offer(), 20).status() == 200
    taken = provider.wait_for_call()
    assert taken.caller[1] == "anonymous" and taken.header("privacy") == "id"
