"""Menus: what a caller types leads where the menu says, and nowhere else."""

import itertools

import pytest

from harness.sip import RING
from harness.waiting import until
from test_incalls import Incall, provider

__all__ = ["provider"]

MENU, GREETING = "demo-congrats", "vm-goodbye"
MISSING = "no-such-recording"
NAMES = itertools.count(1)


def to(person, **more) -> dict:
    return {"type": "user", "user_id": person.user["id"], **more}


def choices(**by_exten) -> list[dict]:
    return [{"exten": exten, "destination": destination} for exten, destination in by_exten.items()]


class Menu:
    """A menu, and the number that leads to it."""

    def __init__(self, api, by_exten: dict, **fields):
        self.api = api
        body = {"name": f"menu {next(NAMES)}", "menu_sound": MENU, "choices": choices(**by_exten), **fields}
        self.id = api.post("/ivr", body).json["id"]
        self.destination = {"type": "ivr", "ivr_id": self.id}
        self.number = Incall(api, self.destination).number

    def change(self, **fields):
        self.api.ready(self.api.put(f"/ivr/{self.id}", fields))


@pytest.fixture
def ann(office):
    """A user whose phone rings, and tells how often."""
    person = office.person()
    person.phone = office.callee(person, RING)
    return person


def enter(caller, menu: Menu):
    """A call that hears the menu."""
    out = caller.call(menu.number).wait_established()
    out.wait_for_sound()
    return out


def rings(person, before: int = 0, timeout: float = 15):
    until(lambda: len(person.phone.calls()) > before, timeout, f"the phone of {person.name} rings")


def test_a_choice_interrupts_the_menu_and_leads_where_it_says(office, api, provider, ann):
    ben = office.person(voicemail=True)
    group = api.post("/groups", {"label": "G", "members": {"users": [{"uuid": ann.user["uuid"]}]}}).json
    box = ben.user["voicemail"]["id"]
    menu = Menu(api, {
        "1": to(ann),
        "2": {"type": "group", "group_id": group["id"]},
        "3": {"type": "extension", "exten": ann.number, "context": "default"},
        "4": {"type": "voicemail", "voicemail_id": box, "greeting": "busy"},
        "5": {"type": "hangup", "cause": "normal"},
        "6": {"type": "sound", "filename": GREETING},
        "*": to(ann),
        "#": to(ann),
        "0": {"type": "none"},
    })
    for digit in "123*#":
        before = len(ann.phone.calls())
        out = enter(provider, menu)
        out.dtmf(digit)
        rings(ann, before)
        out.hangup()
    for digit in "560":
        out = enter(provider, menu)
        out.dtmf(digit)
        out.wait_closed(timeout=15)
    out = enter(provider, menu)
    out.dtmf("4")
    out.wait_for_silence()
    out.talk(3)
    out.hangup()
    until(lambda: office.messages(ben) == 1, 10, "the message is there")


def test_numbers_and_patterns_are_choices(office, api, provider, ann):
    ben, eve = (office.person() for _ in range(2))
    for person in (ben, eve):
        person.phone = office.callee(person, RING)
    menu = Menu(api, {"2": to(ann), "21": to(ben), "_2[3-5]X": to(eve), "_9.": to(eve), "_7!": to(ben)})
    for digits, taken in [("2", ann), ("21", ben), ("237", eve), ("91", eve), ("912345", eve), ("7", ben)]:
        before = len(taken.phone.calls())
        out = enter(provider, menu)
        out.dtmf(digits)
        rings(taken, before)
        out.hangup()
    assert [len(person.phone.calls()) for person in (ann, ben, eve)] == [1, 2, 3]


def test_a_wrong_choice_and_none_are_counted_together_until_the_menu_gives_up(office, api, provider, ann):
    menu = Menu(api, {"1": to(ann)}, timeout=1, max_tries=2, invalid_sound="pbx-invalid", menu_sound="vm-goodbye")
    out = provider.call(menu.number).wait_established()
    out.wait_for_sound()
    out.dtmf("9")
    # The wrong choice is named, the menu comes again, nothing is typed, and it says that it is sorry.
    out.wait_closed(timeout=30)
    assert not ann.phone.calls()
    menu.change(abort_destination=to(ann))
    out = provider.call(menu.number).wait_established()
    rings(ann)
    out.hangup()


def test_a_wrong_choice_and_none_lead_elsewhere_the_first_time(office, api, provider, ann):
    ben = office.person()
    ben.phone = office.callee(ben, RING)
    menu = Menu(api, {"1": {"type": "none"}}, timeout=0, menu_sound=GREETING, invalid_destination=to(ann), timeout_destination=to(ben))
    out = provider.call(menu.number).wait_established()
    rings(ben)
    out.hangup()
    for digits in ("2", "A", "*", "#"):
        before = len(ann.phone.calls())
        out = enter(provider, menu)
        out.dtmf(digits)
        rings(ann, before)
        out.hangup()
    assert len(ben.phone.calls()) == 1


def test_a_choice_after_a_wrong_one_counts(office, api, provider, ann):
    menu = Menu(api, {"1": to(ann)})
    out = enter(provider, menu)
    out.dtmf("8")
    out.wait_for_sound()
    out.dtmf("1")
    rings(ann)
    out.hangup()


def test_the_greeting_comes_once_and_is_not_interrupted(office, api, provider, ann):
    menu = Menu(api, {"1": to(ann)}, greeting_sound=MENU, menu_sound=GREETING, timeout=1, max_tries=1)
    out = enter(provider, menu)
    out.dtmf("1")
    out.wait_for_silence(seconds=0.2)
    assert not ann.phone.calls()
    out.hangup()


def test_missing_recordings_end_no_call(office, api, provider, ann):
    sounds = dict.fromkeys(("greeting_sound", "menu_sound", "invalid_sound", "abort_sound"), MISSING)
    menu = Menu(api, {"1": to(ann)}, timeout=2, max_tries=3, **sounds)
    out = provider.call(menu.number).wait_established()
    out.talk(1.5)
    out.dtmf("9")
    out.talk(0.5)
    assert not out.is_closed()
    out.dtmf("1")
    rings(ann)
    out.hangup()
    menu.change(timeout=0)
    out = provider.call(menu.number).wait_established()
    out.wait_for_sound(timeout=20)
    out.wait_closed(timeout=20)


def test_digits_reach_nothing_but_choices(office, api, provider, ann):
    """Neither numbers of the house, nor codes, nor what follows a choice."""
    menu = Menu(api, {"5": to(ann)}, timeout=1, max_tries=1)
    for digits in (ann.number, "*98", "112", "0"):
        out = enter(provider, menu)
        out.dtmf(digits)
        out.wait_closed(timeout=30)
    assert not ann.phone.calls()


def test_a_menu_leads_to_a_menu_as_often_as_the_caller_likes(office, api, provider, ann):
    inner = Menu(api, {"2": to(ann)}, menu_sound=GREETING)
    outer = Menu(api, {"1": inner.destination}, menu_sound=GREETING)
    inner.change(choices=choices(**{"1": outer.destination, "2": to(ann)}))
    out = provider.call(outer.number).wait_established()
    for _ in range(13):
        out.wait_for_sound()
        out.dtmf("1")
    out.wait_for_sound()
    out.dtmf("2")
    rings(ann)
    out.hangup()


def test_menus_that_send_silent_callers_to_each_other_come_to_an_end(office, api, provider):
    one = Menu(api, {}, menu_sound=MISSING, timeout=0)
    other = Menu(api, {}, menu_sound=MISSING, timeout=0, timeout_destination=one.destination)
    one.change(timeout_destination=other.destination)
    provider.call(one.number).wait_established().wait_closed(timeout=100)


def test_a_fallback_leads_to_a_menu(office, api, ann):
    ben, eve = office.person(voicemail=True), office.person()
    menu = Menu(api, {"1": to(ann)})
    office.callee(ben, 486)
    office.fallbacks(ben, busy=menu.destination)
    out = office.phone(eve).call(ben.number).wait_established()
    out.wait_for_sound()
    out.dtmf("1")
    rings(ann)
    out.hangup()


def test_a_change_of_a_menu_counts_from_the_next_call_on_and_reloads_nothing(office, api, provider, ann, cordboard):
    menu = Menu(api, {"1": {"type": "none"}})
    reloaded = cordboard.last_reload()
    menu.change(choices=choices(**{"4": to(ann)}))
    out = enter(provider, menu)
    out.dtmf("4")
    rings(ann)
    out.hangup()
    assert abs(cordboard.last_reload() - reloaded) <= 2


def test_a_menu_works_while_cordboard_is_away(own):
    api = own.api
    ann, ben = own.person(), own.person()
    ann.phone = own.callee(ann, RING)
    menu = Menu(api, {"1": to(ann)})
    own.fallbacks(ben, fail=menu.destination)
    caller = own.phone(own.person())
    own.server.kill()
    out = caller.call(ben.number).wait_established()
    out.wait_for_sound()
    out.dtmf("1")
    rings(ann)
    out.hangup()
