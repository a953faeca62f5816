"""Speaking to many phones at once: who hears whom, who is called, who may."""

import itertools

import pytest
from harness.waiting import until

NUMBERS = itertools.count(100)


def users(*people):
    return {"users": [{"uuid": person.user["uuid"]} for person in people]}


def paging(api, callers, members, **fields):
    """The number to dial, and the path, of a paging."""
    number = str(next(NUMBERS))
    path = f"/pagings/{api.post('/pagings', {'number': number, **fields}).json['id']}"
    api.put(f"{path}/callers/users", users(*callers))
    api.ready(api.put(f"{path}/members/users", users(*members)))
    return f"*11{number}", path


@pytest.fixture
def team(office):
    """Who speaks, and three others, with their phones."""
    people = [office.person() for _ in range(4)]
    return people, [office.phone(person) for person in people]


def headers(phone, call):
    """The header lines of the INVITE of a call, in one text."""
    message = call._invite(None, "the INVITE")
    return " ".join(f"{name}: {value}" for name, value in message.headers.items()).lower()


def test_idle_phones_answer_and_hear_the_caller_who_does_not_hear_them(office, api, team):
    (boss, ann, eve, busy), (at_boss, at_ann, at_eve, at_busy) = team
    friend = office.phone(office.person())
    talk, _ = office.connect(friend, at_busy, busy.number)
    code, path = paging(api, [boss], [boss, ann, eve, busy])
    out = at_boss.call(code)
    calls = [phone.wait_for_incoming() for phone in (at_ann, at_eve)]
    asked = headers(at_ann, calls[0])
    for header in ("alert-info:", "answer-after: 0", "answer-after=0", "answer-mode: auto", "p-auto-answer: normal"):
        assert header in asked, asked
    for call in calls:
        call.answer()
    out.wait_established()
    for call in calls:
        call.wait_to_hear(at_boss)
    assert not out.hears(at_ann) and not out.hears(at_eve)
    assert at_busy.nobody_called() and at_boss.nobody_called()
    out.hangup()
    for call in calls:
        call.wait_closed()
    # Both ways, once it is so.
    talk.hangup()
    api.ready(api.put(path, {"duplex": True, "caller_notification": False}))
    out = at_boss.call(code)
    call = at_ann.wait_for_incoming().answer()
    call.wait_to_hear(at_boss)
    out.wait_to_hear(at_ann)
    at_busy.wait_for_incoming()


def test_who_may_not_speak_is_told_so_and_calls_nobody(office, api, team):
    (boss, ann, eve, _), (at_boss, at_ann, at_eve, _) = team
    code, path = paging(api, [boss], [ann])
    empty, _ = paging(api, [boss], [])
    for phone, number in ((at_eve, code), (at_boss, empty), (at_boss, "*1199999")):
        refused = phone.call(number).wait_established()
        refused.wait_for_sound()
        refused.wait_closed(timeout=20)
    api.ready(api.put(path, {"enabled": False}))
    refused = at_boss.call(code).wait_established()
    refused.wait_for_sound()
    refused.hangup()
    assert at_ann.nobody_called()


def test_a_beep_or_a_sound_comes_first_for_whom_it_is_meant(office, api, team):
    (boss, ann, *_), (at_boss, at_ann, *_) = team
    code, path = paging(api, [boss], [ann], announce_sound="demo-congrats", caller_notification=False)
    out = at_boss.call(code)
    call = at_ann.wait_for_incoming().answer()
    call.wait_for_sound()
    out.wait_established()
    out.wait_for_sound()
    out.hangup()
    call.wait_closed()
    api.ready(api.put(path, {"announce_sound": None, "caller_notification": True}))
    out = at_boss.call(code).wait_established()
    out.wait_for_sound()
    at_ann.wait_for_incoming().answer().wait_to_hear(at_boss)


@pytest.mark.parametrize("ignored", [True, False])
def test_where_a_phone_sends_the_call_on_to_can_be_ignored(office, api, team, ignored):
    (boss, ann, eve, _), (at_boss, at_ann, at_eve, _) = team
    away = office.person()
    at_away = office.callee(away, 302)
    at_away.moved_to = eve.number
    code, _ = paging(api, [boss], [away, ann], ignore_forward=ignored)
    at_boss.call(code)
    at_ann.wait_for_incoming().answer().wait_to_hear(at_boss)
    at_away.wait_for_call()
    if ignored:
        assert at_eve.nobody_called()
    else:
        at_eve.wait_for_incoming().answer().wait_to_hear(at_boss)


def test_a_paging_is_recorded_and_goes_on_while_cordboard_is_away(own):
    office, api = own, own.api
    boss, ann = office.person(), office.person()
    at_boss, at_ann = office.phone(boss), office.phone(ann)
    code, _ = paging(api, [boss], [ann], record=True)
    office.server.kill()
    out = at_boss.call(code)
    call = at_ann.wait_for_incoming().answer()
    call.wait_to_hear(at_boss)
    out.talk(3)
    out.hangup()
    monitor = office.server.folder / "asterisk/spool/monitor"
    until(lambda: any(file.stat().st_size > 10_000 for file in monitor.glob("**/*.wav")), 10, "a recording")
