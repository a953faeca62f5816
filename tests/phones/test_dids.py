"""Numbers that the network calls over a trunk: to a group, a mailbox and a sound, with sound on the line."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.sound import SpeakingProvider
from harness.waiting import until
from test_incalls import Incall


def addressed(network, provider) -> str:
    """A trunk to who is known by address; where the provider calls a number."""
    network.trunk_to(provider)
    return f"sip:NUMBER@{provider.server}"


def registered(network, provider) -> str:
    """A trunk that registers with the provider, who calls where we said that we are."""
    provider.registrar_password = "pw-account-8"
    network.trunk(
        registration=[["server_uri", f"sip:{provider.host}"], ["client_uri", f"sip:account@{provider.address}"], ["contact_user", "account"]],
        registration_outbound_auth=[["username", "account"], ["password", "pw-account-8"]],
    )
    provider.wait(lambda: provider.registered, 15, "a registration")
    contact = re.search(r"<(sips?:[^>]+)>", provider.registered[-1].headers["contact"])[1]
    return contact.replace("sip:account@", "sip:NUMBER@")


def registers_here(network, provider) -> str:
    """A trunk whose provider registers with us, and says who it is in every call."""
    trunk = network.trunk(auth=[["username", "carrier"], ["password", "pw-carrier-1"]])
    provider.user, provider.password, provider.auth_user = trunk["name"], "pw-carrier-1", "carrier"
    assert provider.register().status() == 200
    return f"sip:NUMBER@{provider.server}"


@pytest.mark.parametrize("trunk", [addressed, registered, registers_here])
def test_a_number_reaches_a_group_a_mailbox_and_a_sound_over_a_trunk(office, network, api, trunk):
    ann, ben = office.person(voicemail=True), office.person()
    provider = SpeakingProvider(office.server.udp, user="+33612345678")
    office._open.append(provider)
    way_in = trunk(network, provider)

    def call(incall):
        return provider.call(incall.number, way_in.replace("NUMBER", incall.number))

    phones = [office.phone(ann), office.phone(ben)]
    members = {"users": [{"uuid": ann.user["uuid"]}, {"uuid": ben.user["uuid"]}]}
    group = api.post("/groups", {"label": "Shop", "members": members}).json
    to_group = Incall(api, {"type": "group", "group_id": group["id"]})
    with ThreadPoolExecutor(1) as one:
        answer = one.submit(call, to_group)
        calls = [phone.wait_for_incoming() for phone in phones]
        assert calls[0].caller()[1] == provider.user
        calls[1].answer()
        answer = answer.result(20)
    provider.talk(answer, 1)
    calls[1].wait_for_sound()
    provider.wait_for_sound()
    provider.hang_up(answer)
    calls[1].wait_closed()

    to_mailbox = Incall(api, {"type": "voicemail", "voicemail_id": ann.user["voicemail"]["id"], "skip_instructions": True})
    answer = call(to_mailbox)
    assert answer.status() == 200
    provider.wait_for_sound()
    provider.wait_for_silence()
    provider.talk(answer, 3)
    provider.hang_up(answer)
    until(lambda: office.messages(ann) == 1, 10, "the message is there")

    to_sound = Incall(api, {"type": "sound", "filename": "demo-congrats"})
    answer = call(to_sound)
    assert answer.status() == 200
    provider.wait_for_sound()
    provider.hang_up(answer)
