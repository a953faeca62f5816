"""When users, groups, incalls and outcalls take calls, and where calls go when they don't."""

import itertools
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from harness.clock import Clock
from harness.sip import RING
from harness.waiting import until
from test_incalls import Incall, provider

__all__ = ["provider"]

NUMBERS = itertools.count(2301)
AWAY = {"type": "hangup", "cause": "normal"}
MONDAY, SATURDAY = "2026-03-02", "2026-03-07"
WEEK = list(range(1, 6))
OFFICE_HOURS = [
    {"hours_start": "08:00", "hours_end": "12:00", "week_days": WEEK},
    {"hours_start": "13:30", "hours_end": "17:00", "week_days": WEEK},
]


@pytest.fixture
def clock(cordboard):
    made = Clock(cordboard)
    yield made
    made.close()


def period(start: str, end: str, **days) -> dict:
    return {"hours_start": start, "hours_end": end, **days}


def schedule(api, open_periods=OFFICE_HOURS, closed=AWAY, zone="Europe/Paris", **fields) -> dict:
    body = {"open_periods": open_periods, "closed_destination": closed, "timezone": zone, **fields}
    return api.post("/schedules", body).json


def follow(api, owner: str, its: dict):
    api.ready(api.put(f"{owner}/schedules/{its['id']}"))


def to(person) -> dict:
    return {"type": "user", "user_id": person.user["id"]}


class Door:
    """A group of one phone that follows a schedule: open when the phone rings, closed when the call is ended at once."""

    def __init__(self, office, api, its: dict):
        ann = office.person()
        self.phone, self.at_ann = office.phone(office.person()), office.callee(ann, RING)
        self.number = str(next(NUMBERS))
        members = {"users": [{"uuid": ann.user["uuid"]}]}
        self.path = f"/groups/{api.post('/groups', {'label': 'Door', 'members': members}).json['id']}"
        extension = api.post("/extensions", {"exten": self.number, "context": "default"}).json
        api.put(f"{self.path}/extensions/{extension['id']}")
        follow(api, self.path, its)

    def is_open(self) -> bool:
        before = len(self.at_ann.calls())
        out = self.phone.call(self.number)
        until(lambda: len(self.at_ann.calls()) > before or out.is_closed(), 10, "the phone rings, or the call ends")
        rang = len(self.at_ann.calls()) > before
        out.hangup()
        return rang


def test_a_call_comes_through_in_the_hours_of_the_schedule_to_their_last_minute(office, api, clock):
    door = Door(office, api, schedule(api))
    for day, time, open_ in [
        (MONDAY, "07:59:59", False),
        (MONDAY, "08:00:00", True),
        (MONDAY, "12:00:59", True),
        (MONDAY, "12:01:00", False),
        (MONDAY, "13:29:59", False),
        (MONDAY, "13:30:00", True),
        (SATURDAY, "10:00:00", False),
    ]:
        clock.set(f"{day} {time}")
        assert door.is_open() is open_, (day, time)


def test_days_of_the_week_of_the_month_and_months_must_all_match(office, api, clock):
    every = {"week_days": [1, 7], "month_days": [1, 2, 31], "months": [3, 5]}
    door = Door(office, api, schedule(api, [period("00:00", "23:59", **every)]))
    for day, open_ in [
        ("2026-03-02", True),
        ("2026-05-31", True),
        ("2026-05-01", False),
        ("2026-02-02", False),
        ("2026-03-09", False),
    ]:
        for time in ("00:00:00", "23:59:59"):
            clock.set(f"{day} {time}")
            assert door.is_open() is open_, (day, time)


def test_each_schedule_is_kept_in_its_own_time_zone(office, api, clock):
    hours = [period("09:00", "17:00")]
    doors = {zone: Door(office, api, schedule(api, hours, zone=zone)) for zone in ("Europe/Paris", "America/Montreal", "Asia/Kolkata")}
    for utc, expected in [
        ("04:00", {"Asia/Kolkata"}),
        ("10:00", {"Asia/Kolkata", "Europe/Paris"}),
        ("15:30", {"Europe/Paris", "America/Montreal"}),
        ("20:00", {"America/Montreal"}),
        ("23:00", set()),
    ]:
        clock.set(f"{MONDAY} {utc}", "UTC")
        assert {zone for zone, door in doors.items() if door.is_open()} == expected, utc


def test_the_rule_beside_a_time_zone_tells_the_same_time(api, cordboard):
    """What a machine without files of time zones counts by."""
    zones = ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Chatham", "America/Sao_Paulo"]
    for zone in zones:
        api.ready(api.post("/schedules", {"timezone": zone, "closed_destination": AWAY}))
    rows = (cordboard.folder / "asterisk/etc/cordboard_schedules.conf").read_text().split("[schedule-")
    for zone in zones:
        row = next(row for row in rows if f"timezone = {zone}\n" in row)
        rule = re.search(r'rule = "(.*)"', row)[1]
        # One hour after the other of the days on which clocks change in Paris and in New York.
        for first in ("2027-03-27T22:30", "2027-11-07T04:30"):
            instant = datetime.fromisoformat(first).replace(tzinfo=ZoneInfo("UTC"))
            for _ in range(4):
                expected = instant.astimezone(ZoneInfo(zone)).strftime("%H%M %d")
                said = cordboard.command(f'dialplan eval function "STRFTIME({int(instant.timestamp())},\\"{rule}\\",%H%M %d)"')
                assert f"Result: {expected}" in said, (zone, instant, said)
                instant += timedelta(hours=1)


def test_without_a_time_zone_the_machines_counts(office, api, clock):
    now = datetime.now().astimezone()
    clock.set_epoch(now.timestamp())
    minute = now.strftime("%H:%M")
    assert Door(office, api, schedule(api, [period(minute, minute)], zone=None)).is_open()


def test_the_clock_is_put_forward_and_back(office, api, clock):
    """Paris has no hour from 2 to 3 on a night in spring, and two of them on one in autumn."""
    door = Door(office, api, schedule(api, [period("02:00", "03:59")]))
    for instant, open_ in [
        ("2026-03-29T00:59:59", False),
        ("2026-03-29T01:00:00", True),
        ("2026-03-29T01:59:59", True),
        ("2026-03-29T02:00:00", False),
        ("2026-10-24T23:59:59", False),
        ("2026-10-25T00:30:00", True),
        ("2026-10-25T01:30:00", True),
        ("2026-10-25T02:59:59", True),
        ("2026-10-25T03:00:00", False),
    ]:
        clock.set(instant, "UTC")
        assert door.is_open() is open_, instant


def test_a_change_of_a_schedule_counts_from_the_next_call_on_and_reloads_nothing(office, api, clock, cordboard):
    its = schedule(api)
    door = Door(office, api, its)
    reloaded = cordboard.last_reload()
    clock.set(f"{SATURDAY} 10:00")
    assert not door.is_open()
    change = f"/schedules/{its['id']}"
    for fields, open_ in [
        ({"enabled": False}, True),
        ({"enabled": True, "open_periods": [period("00:00", "23:59")]}, True),
        ({"open_periods": []}, False),
        ({"timezone": "Asia/Tokyo", "open_periods": [period("18:00", "18:00")]}, True),
    ]:
        api.ready(api.put(change, fields))
        assert door.is_open() is open_, fields
    api.ready(api.delete(f"{door.path}/schedules/{its['id']}"))
    api.ready(api.put(change, {"open_periods": []}))
    assert door.is_open()
    assert abs(cordboard.last_reload() - reloaded) <= 2


def test_hundreds_of_periods_are_all_looked_at(office, api, clock):
    days = [{**period("08:00", "08:00"), "month_days": [day], "months": [month]} for month in range(1, 13) for day in range(1, 29)]
    door = Door(office, api, schedule(api, days))
    for local, open_ in [("2026-01-01 08:00", True), ("2026-12-28 08:00", True), ("2026-12-29 08:00", False)]:
        clock.set(local)
        assert door.is_open() is open_, local


def test_an_exceptional_period_closes_and_has_a_destination_of_its_own(office, api, clock):
    ann, ben, eve, zoe = (office.person() for _ in range(4))
    phones = {person.name: office.callee(person, RING) for person in (ann, eve, zoe)}
    holidays = [
        {**period("00:00", "23:59", month_days=[25], months=[12]), "destination": AWAY},
        {**period("10:00", "10:30"), "destination": to(zoe)},
        {**period("10:00", "11:00"), "destination": AWAY},
    ]
    follow(api, ann.path, schedule(api, closed=to(eve), exceptional_periods=holidays))
    phone = office.phone(ben)
    for local, taken in [
        (f"{MONDAY} 09:00", ann),
        (f"{MONDAY} 10:30:59", zoe),
        (f"{MONDAY} 10:31", None),
        (f"{MONDAY} 11:01", ann),
        (f"{SATURDAY} 10:00", zoe),
        (f"{SATURDAY} 12:00", eve),
        ("2026-12-25 10:00", None),
    ]:
        clock.set(local)
        before = {name: len(client.calls()) for name, client in phones.items()}
        out = phone.call(ann.number)
        rings = lambda: {name for name, client in phones.items() if len(client.calls()) > before[name]}
        until(lambda: rings() or out.is_closed(), 15, "a phone rings, or the call ends")
        assert rings() == ({taken.name} if taken else set()), local
        out.hangup()


def test_a_closed_user_says_so_and_sends_the_caller_on(office, api, clock):
    ann, ben, eve = office.person(voicemail=True), office.person(), office.person(voicemail=True, ring_seconds=1)
    at_ann, at_eve = office.callee(ann, RING), office.callee(eve, RING)
    its = schedule(api, closed=to(eve))
    follow(api, ann.path, its)
    clock.set(f"{SATURDAY} 10:00")
    out = office.phone(ben).call(ann.number)
    out.wait_established()
    out.wait_for_sound()
    sent = at_eve.wait_for_call()
    assert f"sip:{ann.number}@" in sent.headers["diversion"] and "reason=time-of-day" in sent.headers["diversion"]
    # The mailbox is that of whom the call was meant to reach at this hour.
    out.leave_message()
    until(lambda: office.messages(eve) == 1, 10, "the message is there")
    assert office.messages(ann) == 0 and not at_ann.calls()


@pytest.mark.parametrize("hours", [OFFICE_HOURS, []])
def test_whoever_is_closed_and_leads_nowhere_says_so_and_takes_no_message(office, api, clock, hours):
    ann, ben = office.person(voicemail=True), office.person()
    at_ann = office.callee(ann, RING)
    follow(api, ann.path, schedule(api, hours, closed={"type": "none"}))
    clock.set(f"{SATURDAY} 10:00")
    out = office.phone(ben).call(ann.number)
    out.wait_established()
    out.wait_for_sound()
    out.wait_closed(timeout=20)
    assert not at_ann.calls() and office.messages(ann) == 0


def test_every_owner_tests_its_own_schedule(office, api, clock, provider):
    ann, eve, zoe = (office.person() for _ in range(3))
    at_ann, at_eve, at_zoe = (office.callee(person, RING) for person in (ann, eve, zoe))
    incall = Incall(api, to(ann))
    follow(api, f"/incalls/{incall.made['id']}", schedule(api, [period("08:00", "12:00")], closed=to(eve)))
    follow(api, ann.path, schedule(api, [period("10:00", "18:00")], closed=to(zoe)))
    for local, rung in [("07:00", at_eve), ("09:00", at_zoe), ("11:00", at_ann), ("13:00", at_eve)]:
        clock.set(f"{MONDAY} {local}")
        before = len(rung.calls())
        out = provider.call(incall.number)
        until(lambda: len(rung.calls()) > before, 15, f"the phone that is meant at {local} rings")
        out.hangup()
    assert [len(client.calls()) for client in (at_ann, at_eve, at_zoe)] == [1, 2, 1]


@pytest.mark.parametrize("owner", ["group", "incall"])
def test_a_closed_number_without_a_destination_says_so(office, api, clock, provider, owner):
    clock_at, nowhere = f"{SATURDAY} 10:00", schedule(api, closed={"type": "none"})
    if owner == "group":
        door = Door(office, api, nowhere)
        phone, number = door.phone, door.number
    else:
        incall = Incall(api, to(office.person(voicemail=True)))
        follow(api, f"/incalls/{incall.made['id']}", nowhere)
        phone, number = provider, incall.number
    clock.set(clock_at)
    out = phone.call(number)
    out.wait_established()
    out.wait_for_sound()
    out.wait_closed(timeout=20)


def test_an_outcall_takes_no_call_when_it_is_closed_but_an_emergency(office, network, api, clock):
    outside, ann, eve = network.provider(), office.person(), office.person()
    at_eve = office.callee(eve, RING)
    prefix = network.prefix()
    outcall = network.outcall([network.trunk_to(outside)], f"_{prefix}.", {"strip_digits": 4})
    its = schedule(api, closed=to(eve))
    follow(api, f"/outcalls/{outcall['id']}", its)
    follow(api, ann.path, schedule(api, closed=AWAY))
    phone = office.phone(ann)
    clock.set(f"{SATURDAY} 10:00")
    out = phone.call(f"{prefix}1234")
    at_eve.wait_for_call()
    out.hangup()
    assert not outside.calls()
    api.ready(api.put(f"/schedules/{its['id']}", {"closed_destination": {"type": "none"}}))
    refused = phone.call(f"{prefix}1234")
    refused.wait_for_sound()
    refused.wait_closed(timeout=20)
    assert not outside.calls()

    def goes_out(number: str, sent: str):
        before = len(outside.calls())
        out = phone.call(number)
        until(lambda: len(outside.calls()) > before, 10, f"{number} goes out")
        assert outside.wait_for_call().number == sent
        out.wait_established().hangup()

    goes_out(f"{prefix}112", "112")
    goes_out("112", "112")
    clock.set(f"{MONDAY} 10:00")
    goes_out(f"{prefix}1234", "1234")


def test_a_group_passes_over_a_member_number_that_is_closed_and_knows_no_hours_of_its_users(office, api, clock):
    ann, ben, eve = (office.person() for _ in range(3))
    at_ann, at_ben, at_eve = (office.callee(person, RING) for person in (ann, ben, eve))
    shut = schedule(api, [], closed=to(eve))
    for person in (ann, ben):
        follow(api, person.path, shut)
    number = str(next(NUMBERS))
    members = {"users": [{"uuid": ann.user["uuid"]}], "extensions": [{"exten": ben.number, "context": "default"}]}
    group = api.post("/groups", {"label": "All", "members": members}).json
    extension = api.post("/extensions", {"exten": number, "context": "default"}).json
    api.ready(api.put(f"/groups/{group['id']}/extensions/{extension['id']}"))
    out = office.phone(office.person()).call(number)
    at_ann.wait_for_call()
    out.hangup()
    assert not at_ben.calls() and not at_eve.calls()


def test_schedules_that_send_calls_to_each_other_come_to_an_end(office, api, clock):
    ann, ben, eve = (office.person() for _ in range(3))
    follow(api, ann.path, schedule(api, [], closed=to(ben)))
    follow(api, ben.path, schedule(api, [], closed=to(ann)))
    out = office.phone(eve).call(ann.number)
    out.wait_established()
    out.wait_closed(timeout=90)


def test_hours_are_kept_while_cordboard_is_away(own):
    clock, api = Clock(own.server), own.api
    door = Door(own, api, schedule(api))
    own.server.kill()
    for local, open_ in [(f"{MONDAY} 10:00", True), (f"{MONDAY} 12:30", False), (f"{MONDAY} 14:00", True)]:
        clock.set(local)
        assert door.is_open() is open_, local
