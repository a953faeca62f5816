"""A call from outside: the number decides where it goes. The provider is a SIP phone in the context of such calls."""

import itertools

import pytest

from harness.office import account, endpoint
from harness.phone import Phone
from harness.sip import SipClient
from harness.waiting import until

OUTSIDE = "from-extern"
DIDS = itertools.count(5001)
PROVIDERS = itertools.count(7001)


@pytest.fixture
def provider(office, api):
    """Somebody whose calls come from outside."""
    its = account(str(next(PROVIDERS)))
    body = {"context": OUTSIDE, "endpoint_sip": endpoint(its, [("callerid", '"Eve" <0123456789>')])}
    api.ready(api.post("/lines", body))
    made = Phone(office.server.udp, its.username, its.password)
    made.password = its.password
    office._open.append(made)
    return made.register()


class Incall:
    """A number that is called from outside."""

    def __init__(self, api, destination, **fields):
        self.api, self.number = api, str(next(DIDS))
        self.made = api.post("/incalls", {"destination": destination, **fields}).json
        extension = api.post("/extensions", {"exten": self.number, "context": OUTSIDE}).json
        api.ready(api.put(f"/incalls/{self.made['id']}/extensions/{extension['id']}"))

    def change(self, **fields):
        self.api.ready(self.api.put(f"/incalls/{self.made['id']}", fields))


def to(person, **more):
    return {"type": "user", "user_id": person.user["id"], **more}


def test_a_number_reaches_a_user(office, api, provider):
    ann = office.person()
    at_ann = office.phone(ann)
    incall = Incall(api, to(ann))
    out = provider.call(incall.number)
    call = at_ann.wait_for_incoming()
    assert call.caller() == ("Eve", "0123456789")
    call.answer()
    out.wait_established()
    out.wait_to_hear(at_ann)
    call.wait_to_hear(provider)


def test_a_user_is_made_with_a_number_from_outside(office, provider):
    number = str(next(DIDS))
    ann = office.person(incalls=[{"extensions": [{"exten": number, "context": OUTSIDE}]}])
    at_ann = office.phone(ann)
    office.connect(provider, at_ann, number)


def test_the_destination_says_how_long_a_user_rings(office, api, provider):
    ann = office.person(voicemail=True)
    at_ann = office.phone(ann)
    incall = Incall(api, to(ann, ring_time=1))
    out = provider.call(incall.number)
    at_ann.wait_for_incoming().wait_closed()
    out.leave_message()
    until(lambda: office.messages(ann) == 1, 10, "the message is there")


def test_a_number_reaches_a_group(office, api, provider):
    ann, ben = office.person(), office.person()
    phones = [office.phone(ann), office.phone(ben)]
    members = {"users": [{"uuid": ann.user["uuid"]}, {"uuid": ben.user["uuid"]}]}
    body = {"label": "Shop", "members": members, "caller_id_mode": "prepend", "caller_id_name": "Shop"}
    group = api.post("/groups", body).json
    incall = Incall(api, {"type": "group", "group_id": group["id"]}, caller_id_mode="prepend", caller_id_name="DID")
    out = provider.call(incall.number)
    calls = [phone.wait_for_incoming() for phone in phones]
    assert calls[0].caller() == ("Shop - DID - Eve", "0123456789")
    calls[0].answer()
    out.wait_established()
    out.wait_to_hear(phones[0])


def test_a_number_reaches_a_mailbox(office, api, provider):
    ann = office.person(voicemail=True)
    incall = Incall(api, {"type": "voicemail", "voicemail_id": ann.user["voicemail"]["id"], "greeting": "unavailable"})
    provider.call(incall.number).leave_message()
    until(lambda: office.messages(ann) == 1, 10, "the message is there")


def test_a_number_reaches_a_sound(office, api, provider):
    incall = Incall(api, {"type": "sound", "filename": "demo-congrats"})
    out = provider.call(incall.number)
    out.wait_established()
    out.wait_for_sound()


def test_a_number_that_leads_nowhere_says_so(office, api, provider):
    incall = Incall(api, {"type": "none"})
    out = provider.call(incall.number)
    out.wait_established()
    out.wait_for_sound()
    out.wait_closed(timeout=20)


def test_the_caller_is_shown_as_the_number_wants(office, api, provider):
    ann = office.person()
    at_ann = office.phone(ann)
    incall = Incall(api, to(ann))
    shown = {
        ("prepend", "Shop"): ("Shop - Eve", "0123456789"),
        ("append", "Shop"): ("Eve - Shop", "0123456789"),
        ("overwrite", "999"): ("999", "999"),
    }
    for (mode, name), expected in shown.items():
        incall.change(caller_id_mode=mode, caller_id_name=name)
        out = provider.call(incall.number)
        call = at_ann.wait_for_incoming()
        assert call.caller() == expected
        out.hangup()
        call.wait_closed()


def test_a_greeting_comes_first(office, api, provider):
    ann = office.person()
    at_ann = office.phone(ann)
    incall = Incall(api, to(ann), greeting_sound="demo-congrats")
    out = provider.call(incall.number)
    out.wait_established()
    out.wait_for_sound()
    assert at_ann.nobody_called()
    incall.change(greeting_sound="no-such-recording")
    out.hangup()
    provider.call(incall.number)
    at_ann.wait_for_incoming()


def test_a_plus_before_the_number_changes_nothing(office, api, provider):
    ann = office.person()
    at_ann = office.phone(ann)
    incall = Incall(api, to(ann))
    office.connect(provider, at_ann, f"+{incall.number}")
    assert provider.call("+599999").wait_closed().startswith("404")


def test_a_number_that_nobody_has_is_refused(provider):
    assert provider.call("599998").wait_closed().startswith("404")


def test_a_deleted_incall_is_no_number(office, api, provider):
    ann = office.person()
    at_ann = office.phone(ann)
    incall = Incall(api, to(ann))
    api.ready(api.delete(f"/incalls/{incall.made['id']}"))
    assert provider.call(incall.number).wait_closed().startswith("404")
    assert at_ann.nobody_called()


def test_a_trunk_may_name_the_number_in_the_to_header_only(office, api, provider):
    incall = Incall(api, {"type": "sound", "filename": "demo-congrats"})
    client = SipClient(office.server.udp, provider.user, provider.password)
    office._open.append(client)
    offer, headers = client.offer(), {"Content-Type": "application/sdp"}
    for number, status in [(incall.number, 200), (f"+{incall.number}", 200), ("599997", 404)]:
        answer = client.request("INVITE", "", headers, offer, to=f"<sip:{number}@provider.example>")
        assert answer.status() == status, answer
