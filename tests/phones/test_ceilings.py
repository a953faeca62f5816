"""How many calls go out: of a user and over a trunk, at once and within an hour."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.network import Network
from harness.waiting import until
from test_ways_out import taken_by


@pytest.fixture
def outside(network):
    """A provider, and the digits that lead to it."""
    provider, prefix = network.provider(), network.prefix()
    provider.trunk = network.trunk_to(provider)
    provider.outcall = network.outcall([provider.trunk], f"_{prefix}.")
    provider.prefix = prefix
    return provider


def limit(api, holder: str, **limits):
    api.ready(api.put(f"/cordboard{holder}/limits", limits))


def goes_out(phone, provider, number: str):
    """A call that the network takes."""
    before = len(provider.calls())
    call = phone.call(number)
    provider.wait(lambda: len(provider.calls()) > before, 15, "a call over the trunk")
    return call.wait_established()


def is_refused(phone, provider, number: str):
    """The caller hears why, and nothing goes out."""
    before = len(provider.calls())
    call = phone.call(number)
    call.wait_for_sound()
    call.hangup()
    assert len(provider.calls()) == before


def events(api, owner: int, kind: str) -> list[dict]:
    return [one for one in api.get("/cordboard/limits/events").json["items"] if (one["owner_id"], one["kind"]) == (owner, kind)]


def counted(office, user: int) -> list[str]:
    """The channels that are counted as calls of the user's."""
    lines = (line.split() for line in office.server.command("group show channels").splitlines())
    return [line[0] for line in lines if line[1:] in ([str(user), "going-user"], [str(user), "gone-user"])]


def test_a_user_has_so_many_calls_outside_at_once(office, outside, api):
    ann = office.person()
    limit(api, ann.path, simultaneous=2)
    phone, number = office.phone(ann), f"{outside.prefix}1"
    first, second = goes_out(phone, outside, number), goes_out(phone, outside, number)
    is_refused(phone, outside, number)
    until(lambda: events(api, ann.user["id"], "user"), 10, "the event")
    told = events(api, ann.user["id"], "user")[0]
    assert (told["limit"], told["ceiling"], told["calls"], told["number"], told["name"]) == ("simultaneous", 2, 1, number, ann.name)
    goes_out(phone, outside, "112").hangup()
    first.hangup()
    outside.wait(lambda: len(outside.ended()) >= 2, 10, "the end of two calls")
    third = goes_out(phone, outside, number)
    is_refused(phone, outside, number)
    second.hangup()
    third.hangup()


def test_a_call_that_was_sent_on_still_counts_for_whoever_sent_it(office, network, outside, api):
    ann, caller = office.person(), network.provider()
    network.trunk_to(caller, context="default")
    limit(api, ann.path, simultaneous=1)
    phone = office.phone(ann)
    incoming = taken_by(office, phone, caller, ann.number)
    incoming.transfer(f"{outside.prefix}1")
    outside.wait(lambda: len(outside.calls()) == 1, 15, "the call outside")
    until(lambda: "gone-user" in office.server.command("group show channels"), 10, "the call is answered")
    is_refused(phone, outside, f"{outside.prefix}2")
    office.forward(ann, "unconditional", f"{outside.prefix}3")
    is_refused(office.phone(office.person()), outside, ann.number)


def test_a_user_begins_so_many_calls_within_an_hour(office, outside, api):
    ann = office.person()
    limit(api, ann.path, hourly=2)
    phone, number = office.phone(ann), f"{outside.prefix}1"
    for _ in range(2):
        goes_out(phone, outside, number).hangup()
    is_refused(phone, outside, number)
    goes_out(phone, outside, "112").hangup()
    until(lambda: events(api, ann.user["id"], "user"), 10, "the event")
    assert events(api, ann.user["id"], "user")[0]["limit"] == "hourly"
    limit(api, ann.path, hourly=None)
    goes_out(phone, outside, number).hangup()


def test_a_trunk_that_has_all_its_calls_is_followed_by_the_next(office, network, api):
    first, second, ann = network.provider(), network.provider(), office.person()
    one, two = network.trunk_to(first), network.trunk_to(second)
    prefix = network.prefix()
    network.outcall([one, two], f"_{prefix}.")
    limit(api, f"/trunks/{one['id']}", simultaneous=1)
    limit(api, f"/trunks/{two['id']}", hourly=1)
    phone = office.phone(ann)
    goes_out(phone, first, f"{prefix}1")
    goes_out(phone, second, f"{prefix}2")
    assert len(first.calls()) == 1
    is_refused(phone, second, f"{prefix}3")
    until(lambda: events(api, two["id"], "trunk"), 10, "the event")
    assert events(api, one["id"], "trunk")[0]["limit"] == "simultaneous"


def test_calls_that_begin_in_one_instant_are_counted_one_by_one(office, outside, api):
    ann = office.person(simultaneous_calls=20)
    limit(api, ann.path, simultaneous=2)
    phones = [office.sip(ann) for _ in range(6)]
    with ThreadPoolExecutor(len(phones)) as together:
        answers = list(together.map(lambda phone: phone.invite(f"{outside.prefix}1", 30), phones))
    assert len(outside.calls()) == 2
    until(lambda: len(counted(office, ann.user["id"])) == 2, 10, "the two that went out are counted, and no other")
    for phone, answer in zip(phones, answers, strict=True):
        phone.hang_up(answer)
    until(lambda: not counted(office, ann.user["id"]), 20, "none of hers is counted any more")


def test_limits_hold_without_cordboard(own):
    network, ann = Network(own), own.person()
    provider, prefix = network.provider(), network.prefix()
    network.outcall([network.trunk_to(provider)], f"_{prefix}.")
    limit(own.api, ann.path, simultaneous=1, hourly=2)
    phone, number = own.phone(ann), f"{prefix}1"
    own.server.kill()
    first = goes_out(phone, provider, number)
    is_refused(phone, provider, number)
    first.hangup()
    goes_out(phone, provider, number).hangup()
    is_refused(phone, provider, number)


def test_a_call_that_no_trunk_takes_does_not_count_for_the_hour(office, network, api):
    ann, provider, prefix = office.person(), network.provider(answer=503), network.prefix()
    trunk = network.trunk_to(provider)
    network.outcall([trunk], f"_{prefix}.")
    limit(api, ann.path, hourly=1)
    limit(api, f"/trunks/{trunk['id']}", hourly=1)
    phone, number = office.phone(ann), f"{prefix}1"
    for tries in (1, 2, 3):
        out = phone.call(number)
        out.wait_for_sound()
        out.hangup()
        assert len(provider.calls()) == tries
    # Who is busy was reached.
    provider.answer = 486
    out = phone.call(number)
    provider.wait(lambda: len(provider.calls()) == 4, 10, "a fourth call")
    out.wait_for_sound()
    out.hangup()
    is_refused(phone, provider, number)
    until(lambda: events(api, ann.user["id"], "user"), 10, "the event")
    limit(api, ann.path, hourly=None)
    is_refused(phone, provider, number)
    until(lambda: events(api, trunk["id"], "trunk"), 10, "the event")


def test_a_call_that_reaches_a_silent_trunk_at_the_second_try_counts_once(office, network, api):
    ann, provider, prefix = office.person(), network.provider(), network.prefix()
    provider.answers_options = False
    contact = [["contact", f"sip:{provider.host}"], ["qualify_frequency", "1"], ["qualify_timeout", "0.3"]]
    trunk = network.trunk(aor=contact, identify=[["match", provider.address]])
    provider.wait(lambda: len([m for m in provider.received if m.method() == "OPTIONS"]) >= 3, 15, "questions whether it is there")
    network.outcall([trunk], f"_{prefix}.")
    limit(api, f"/trunks/{trunk['id']}", hourly=2)
    phone = office.phone(ann)
    for _ in range(2):
        goes_out(phone, provider, f"{prefix}1").hangup()
    is_refused(phone, provider, f"{prefix}1")


def test_nobody_calls_while_calls_can_not_be_counted(office, outside, api):
    ann, holder = office.person(), office.phone(office.person())
    phone, number = office.phone(ann), f"{outside.prefix}1"
    for step, application in enumerate(["Answer()", "Set(held=${LOCK(cordboard-ceiling)})", "Wait(60)"], 1):
        office.server.command(f"dialplan add extension *4321,{step},{application} into default")
    holds = holder.call("*4321").wait_established()
    is_refused(phone, outside, number)
    until(lambda: events(api, ann.user["id"], "user"), 10, "the event")
    goes_out(phone, outside, "112").hangup()
    holds.hangup()
    goes_out(phone, outside, number).hangup()


def test_counters_of_hours_long_past_are_swept(own):
    hour = int(time.time()) // 3600
    kept = {"user-901": hour, "trunk-902": hour - 1}
    gone = {"user-903": hour - 5, "trunk-904": 400000, "user-905": "soon"}
    for name, of in {**kept, **gone}.items():
        own.server.command(f"database put cordboard-calls {name} {of}:3:1")

    def shown():
        return set(re.findall(r"/cordboard-calls/(\S+)", own.server.command("database show cordboard-calls")))

    assert shown() == {*kept, *gone}
    own.server.kill()
    own.server.start()
    until(lambda: shown() == {*kept}, 20, "the old counters are gone")
