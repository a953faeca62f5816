"""Numbers of the house over trunks that are known by address and by registration, and how numbers look out there."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from test_groups import Group


@pytest.fixture(params=["address", "registration"])
def carrier(request, network):
    """A provider whose calls begin in the context of such calls."""
    if request.param == "address":
        made = network.provider(user="+33612345678")
        network.trunk_to(made)
        return made
    trunk = network.trunk(auth=[["username", "carrier"], ["password", "pw-carrier-1"]])
    made = network.provider(user=trunk["name"], password="pw-carrier-1")
    made.auth_user = "carrier"
    assert made.register().status() == 200
    return made


def direct(api, number: str, destination: dict) -> str:
    """A number that is called from outside."""
    incall = api.post("/incalls", {"destination": destination}).json
    extension = api.post("/extensions", {"exten": number, "context": "from-extern"}).json
    api.ready(api.put(f"/incalls/{incall['id']}/extensions/{extension['id']}"))
    return number


def test_numbers_of_a_group_a_mailbox_and_a_sound_are_reached_over_a_trunk(office, network, api, carrier):
    ann = office.person(voicemail=True)
    group = Group(office, ann).made
    to_group = direct(api, network.prefix() + "1", {"type": "group", "group_id": group["id"]})
    to_box = direct(api, network.prefix() + "2", {"type": "voicemail", "voicemail_id": ann.user["voicemail"]["id"]})
    to_sound = direct(api, network.prefix() + "3", {"type": "sound", "filename": "demo-congrats"})
    phone = office.phone(ann)
    with ThreadPoolExecutor(1) as one:
        answer = one.submit(carrier.call, to_group)
        phone.wait_for_incoming().answer()
        assert answer.result(20).status() == 200
    for number in (to_box, to_sound):
        assert carrier.call(number).status() == 200


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
