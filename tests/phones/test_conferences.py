"""Conferences: who may come in, what they hear, and that cordboard is not needed for it."""

import itertools

import pytest

from harness.waiting import until

NUMBERS = itertools.count(4001)


class Room:
    """A conference with a number, made through the API."""

    def __init__(self, office, **fields):
        self.server, self.api, self.number = office.server, office.api, str(next(NUMBERS))
        self.made = self.api.post("/conferences", {"name": f"Room {self.number}", **fields}).json
        self.path = f"/conferences/{self.made['id']}"
        extension = self.api.post("/extensions", {"exten": self.number, "context": "default"}).json
        self.api.ready(self.api.put(f"{self.path}/extensions/{extension['id']}"))

    def change(self, **fields):
        self.api.ready(self.api.put(self.path, fields))

    def listed(self) -> list[str]:
        """The rows of those who are in, as Asterisk's command line lists them."""
        text = self.server.command(f"confbridge list wazo-conference-{self.made['id']}")
        return [line for line in text.splitlines() if line.startswith("PJSIP/")]

    def wait_for(self, people: int, timeout: float = 15):
        return until(lambda: len(self.listed()) == people and self.listed(), timeout, f"{people} in the room, not {self.listed()}", 0.2)

    @property
    def destination(self):
        return {"type": "conference", "conference_id": self.made["id"]}


def enter(phone, room, pin: str | None = None, attempts: int = 1):
    """Dials the room and types the PIN when it is asked for."""
    call = phone.call(room.number).wait_established()
    for _ in range(attempts if pin is not None else 0):
        type_pin(call, pin)
    return call


def type_pin(call, pin: str):
    call.wait_for_sound(timeout=15)
    call.dtmf(pin + "#")


@pytest.fixture
def three(office):
    people = [office.person() for _ in range(3)]
    return [office.phone(person) for person in people]


def test_people_meet_with_both_pins_and_a_lamp_shows_it(office, three):
    room = Room(office, pin="1234", admin_pin="98765", quiet_join_leave=True, announce_only_user=False)
    lamp = office.sip(office.person()).watch(room.number)
    lamp.wait_for("idle")
    first, second, third = three
    with_user = enter(first, room, "1234")
    room.wait_for(1)
    lamp.wait_for("inuse")
    with_admin = enter(second, room, "98765")
    rows = room.wait_for(2)
    assert sum("A" in row.split()[1] for row in rows) == 1, f"one of them is the administrator: {rows}"
    with_user.wait_to_hear(second)
    with_admin.wait_to_hear(first)
    mistaken = enter(third, room, "0000")
    type_pin(mistaken, "1234")
    room.wait_for(3)
    with_admin.dtmf("3")
    mistaken.wait_closed(timeout=15)
    with_admin.hangup()
    with_user.hangup()
    lamp.wait_for("idle")


def test_four_wrong_pins_are_enough(office, three):
    room = Room(office, pin="1234")
    call = three[0].call(room.number).wait_established()
    for _ in range(4):
        type_pin(call, "01234")
    call.wait_closed(timeout=15)
    assert room.listed() == []


def test_a_full_conference_takes_nobody_but_an_administrator(office, three):
    room = Room(office, max_users=1, admin_pin="77", quiet_join_leave=True, announce_only_user=False)
    inside = enter(three[0], room, "")
    room.wait_for(1)
    late = enter(three[1], room, "")
    late.wait_closed(timeout=20)
    assert len(room.listed()) == 1
    enter(three[2], room, "77")
    room.wait_for(2)
    inside.wait_to_hear(three[2])


def test_who_is_alone_is_told_so_and_hears_music(office, three):
    room = Room(office, music_on_hold="default", quiet_join_leave=True)
    alone = three[0].call(room.number).wait_established()
    alone.wait_for_sound()
    room.wait_for(1)
    until(lambda: alone.hear(seconds=0.9)["rms"] > 60 and alone.hear()["quiet"] < 0.3, 15, "music")
    room.change(music_on_hold=None, announce_only_user=False)
    alone.hangup()
    until(lambda: not room.listed(), 10, "the room is empty")
    silent = three[1].call(room.number).wait_established()
    room.wait_for(1)
    silent.wait_for_silence()
    other = three[2].call(room.number).wait_established()
    room.wait_for(2)
    silent.wait_to_hear(three[2])
    other.wait_to_hear(three[1])
