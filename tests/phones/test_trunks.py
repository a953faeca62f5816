"""Calls from the telephone network, known by address or by registration, and calls back over it."""

import re
from concurrent.futures import ThreadPoolExecutor

from harness.phone import Phone


def rings(office, network, place, person, caller: str):
    """A call that `place` makes rings at the phone, which shows the caller and answers."""
    phone = office.phone(person)
    with ThreadPoolExecutor(1) as one:
        answer = one.submit(place)
        incoming = phone.wait_for_incoming()
        assert incoming.caller()[1] == caller
        incoming.answer()
        assert answer.result(20).status() == 200
    incoming.hangup()


def test_a_provider_is_known_by_its_address(office, network):
    ann, provider = office.person(), network.provider(user="+33612345678")
    network.trunk_to(provider, context="default")
    rings(office, network, lambda: provider.call(ann.number), ann, "+33612345678")


def test_nobody_else_calls_in_over_a_trunk(office, network):
    ann, provider = office.person(), network.provider()
    trunk = network.trunk_to(provider, context="default")
    stranger, impostor = network.provider(user="+336"), network.provider(user=trunk["name"])
    phone = office.phone(ann)
    assert stranger.call(ann.number).status() == 401
    assert impostor.call(ann.number).status() == 401
    assert phone.nobody_called()


def test_a_number_that_there_is_not_is_answered_404(office, network):
    provider = network.provider()
    network.trunk_to(provider)
    assert provider.call("99999999").status() == 404


def test_a_trunk_without_context_takes_no_calls_but_makes_them(office, network):
    ann, provider = office.person(), network.provider()
    trunk = network.trunk_to(provider, context=None)
    assert provider.call(ann.number).status() == 404
    prefix = network.prefix()
    network.outcall([trunk], f"_{prefix}.")
    out = office.phone(ann).call(f"{prefix}1")
    provider.wait_for_call()
    out.wait_established()


def test_a_provider_registers_with_us(office, network):
    ann = office.person()
    trunk = network.trunk(context="default", auth=[["username", "carrier"], ["password", "pw-carrier-1"]])
    provider = network.provider(user=trunk["name"], password="pw-carrier-1")
    provider.auth_user = "carrier"
    assert provider.register().status() == 200
    rings(office, network, lambda: provider.call(ann.number), ann, trunk["name"])
    prefix = network.prefix()
    network.outcall([trunk], f"_{prefix}.")
    out = office.phone(ann).call(f"{prefix}55")
    assert provider.wait_for_call().number == f"{prefix}55"
    out.wait_established()


def test_we_register_with_a_provider_and_are_called_at_what_we_registered(office, network):
    ann, provider = office.person(), network.provider(user="+33700")
    provider.registrar_password = "pw-account-7"
    trunk = network.trunk(
        context="default",
        registration=[["server_uri", f"sip:{provider.host}"], ["client_uri", f"sip:account@{provider.address}"], ["contact_user", "account"]],
        registration_outbound_auth=[["username", "account"], ["password", "pw-account-7"]],
    )
    provider.wait(lambda: provider.registered, 15, "a registration")
    contact = re.search(r"<(sips?:[^>]+)>", provider.registered[-1].headers["contact"])[1]
    assert contact.startswith("sip:account@")
    uri = contact.replace("sip:account@", f"sip:{ann.number}@")
    rings(office, network, lambda: provider.call(ann.number, uri), ann, "+33700")
    prefix = network.prefix()
    network.outcall([trunk], f"_{prefix}.", {"strip_digits": 4})
    out = office.phone(ann).call(f"{prefix}0612")
    assert provider.wait_for_call().number == "0612"
    out.wait_established()


def test_a_deleted_trunk_registers_no_more(office, network, api):
    provider = network.provider()
    provider.registrar_password = "pw"
    trunk = network.trunk(
        registration=[["server_uri", f"sip:{provider.host}"], ["client_uri", "sip:account@provider"]],
        registration_outbound_auth=[["username", "account"], ["password", "pw"]],
    )
    provider.wait(lambda: provider.registered, 15, "a registration")
    api.ready(api.delete(f"/trunks/{trunk['id']}"))

    def is_taken_back(message):
        expires = re.search(r"expires=(\d+)", message.headers["contact"])
        return message.method() == "REGISTER" and (expires[1] if expires else message.headers.get("expires")) == "0"

    provider.wait(lambda: any(map(is_taken_back, list(provider.received))), 15, "the end of the registration")
    assert provider.call("1").status() == 401


def test_a_wrong_password_is_the_trunks_affair_alone(office, network):
    ann, provider = office.person(), network.provider()
    provider.registrar_password = "right"
    network.trunk(
        registration=[["server_uri", f"sip:{provider.host}"], ["client_uri", "sip:account@provider"]],
        registration_outbound_auth=[["username", "account"], ["password", "wrong"]],
    )
    provider.wait(lambda: [m for m in provider.received if m.method() == "REGISTER"], 15, "a try to register")
    assert not provider.registered
    assert office.sip(ann).register().status() == 200


def test_both_sides_of_a_trunk_hear_each_other(office, network):
    ann, prefix = office.person(), network.prefix()
    # The phone that plays the network takes calls to its own name only.
    trunk = network.trunk(context="default", name=f"{prefix}1", auth=[["username", "exchange"], ["password", "pw-exchange-1"]])
    exchange = Phone(office.server.udp, trunk["name"], "pw-exchange-1", auth_user="exchange")
    office._open.append(exchange)
    exchange.register()
    at_ann = office.phone(ann)
    office.connect(exchange, at_ann, ann.number)[0].hangup()
    network.outcall([trunk], f"_{prefix}.")
    office.connect(at_ann, exchange, f"{prefix}1")[0].hangup()


def test_a_provider_that_does_not_say_that_it_is_there_is_called_all_the_same(office, network):
    ann, provider = office.person(), network.provider()
    provider.answers_options = False
    contact = [["contact", f"sip:{provider.host}"], ["qualify_frequency", "1"], ["qualify_timeout", "0.3"]]
    trunk = network.trunk(aor=contact, identify=[["match", provider.address]])
    provider.wait(lambda: len([m for m in provider.received if m.method() == "OPTIONS"]) >= 3, 15, "questions whether it is there")
    prefix = network.prefix()
    network.outcall([trunk], f"_{prefix}.")
    out = office.phone(ann).call(f"{prefix}1")
    provider.wait_for_call()
    out.wait_established()
