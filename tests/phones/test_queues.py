"""A call to a queue: who is called, in which order, what who waits hears, and every way out."""

import itertools

import pytest

from harness.tones import wav
from harness.waiting import until
from test_groups import first_ringing, ringing, to
from test_music import wait_for_tone
from test_recordings import Tapes, has_both
from test_schedules import follow, schedule

NUMBERS = itertools.count(3001)


class Queue:
    """A queue with a number, made through the API. What it says to the members is left out, to be quick."""

    def __init__(self, office, *members, options=(), fallbacks=None, places=(), **fields):
        self.office, self.api, self.number = office, office.api, str(next(NUMBERS))
        self.name = f"queue{self.number}"
        places = itertools.chain(places, itertools.repeat({}))
        users = [{"uuid": one.user["uuid"], "priority": at, **place} for at, (one, place) in enumerate(zip(members, places))]
        options = {"reportholdtime": "no", "retry": "1", "timeoutpriority": "app", **dict(options)}
        body = {"name": self.name, "options": [list(pair) for pair in options.items()], "members": {"users": users}}
        self.made = self.api.post("/queues", {**body, **fields}).json
        self.path = f"/queues/{self.made['id']}"
        extension = self.api.post("/extensions", {"exten": self.number, "context": "default"}).json
        answer = self.api.put(f"{self.path}/extensions/{extension['id']}")
        if fallbacks:
            answer = self.fall_back(**fallbacks)
        self.api.ready(answer)

    def fall_back(self, **fallbacks):
        return self.api.put(f"{self.path}/fallbacks", {f"{event}_destination": to for event, to in fallbacks.items()})

    def change(self, **fields):
        self.api.ready(self.api.put(self.path, fields))

    def set(self, **options):
        """Changes options; the others stay."""
        now = dict(self.api.get(self.path).json["options"])
        now.update({name.replace("_", "-"): value for name, value in options.items()})
        self.change(options=[list(pair) for pair in now.items()])


@pytest.fixture
def team(office):
    """A caller and three colleagues with their phones."""
    people = [office.person() for _ in range(4)]
    return people, [office.phone(person) for person in people]


def test_who_waits_hears_music_and_the_first_who_answers_has_the_call(office, team):
    (caller, *people), (at_caller, *phones) = team
    queue = Queue(office, *people)
    out = at_caller.call(queue.number)
    calls = [phone.wait_for_incoming() for phone in phones]
    out.wait_established()
    out.wait_for_sound()
    assert calls[0].caller() == (caller.name, caller.number)
    calls[1].answer()
    out.wait_to_hear(phones[1])
    calls[1].wait_to_hear(at_caller)
    for call in (calls[0], calls[2]):
        call.wait_closed()
    out.hangup()
    calls[1].wait_closed()


def test_ringing_on_hold_answers_nobody_before_somebody_answers(office, team):
    (_, member, *_), (at_caller, at_member, *_) = team
    queue = Queue(office, member, ring_on_hold=True)
    out = at_caller.call(queue.number)
    call = at_member.wait_for_incoming()
    assert not out.is_established()
    call.answer()
    out.wait_established()
    out.wait_to_hear(at_member)


def who_answers(caller, number, phones):
    """Calls, lets the first that rings answer, and hangs up once they talk."""
    out = caller.call(number)
    phone, call = first_ringing(phones)
    assert ringing(phones) == [phone]
    call.answer()
    out.wait_to_hear(phone)
    out.hangup()
    call.wait_closed()
    return phone


@pytest.mark.parametrize("strategy", ["leastrecent", "fewestcalls", "rrmemory", "rrordered"])
def test_calls_are_spread_over_the_members(office, team, strategy):
    (_, *people), (at_caller, *phones) = team
    queue = Queue(office, *people, options={"strategy": strategy})
    answered = [who_answers(at_caller, queue.number, phones) for _ in phones]
    assert sorted(map(repr, answered)) == sorted(map(repr, phones))


@pytest.mark.parametrize("strategy", ["random", "wrandom"])
def test_some_member_rings_and_only_that_one(office, team, strategy):
    (_, *people), (at_caller, *phones) = team
    queue = Queue(office, *people, options={"strategy": strategy})
    who_answers(at_caller, queue.number, phones)


def test_a_queue_that_becomes_linear_calls_in_the_order_of_priorities(office, team):
    (_, *people), (at_caller, *phones) = team
    places = [{"priority": 2}, {"priority": 3}, {"priority": 1}]
    queue = Queue(office, *people, places=places, options={"strategy": "random", "timeout": "1"})
    queue.set(strategy="linear")
    at_caller.call(queue.number)
    for phone in (phones[2], phones[0], phones[1]):
        phone.wait_for_incoming().wait_closed()
    assert [len(phone.events("call_incoming")) for phone in phones] == [1, 1, 1]


def test_who_has_a_penalty_is_called_when_nobody_else_is_free(office, api, team):
    (_, last, first, _), (at_caller, at_last, at_first, _) = team
    queue = Queue(office, last, first, places=[{"penalty": 5}, {"penalty": 1}])
    out = at_caller.call(queue.number)
    call = at_first.wait_for_incoming()
    assert at_last.nobody_called()
    out.hangup()
    call.wait_closed()
    queue.set(ringinuse="no")
    talk, _ = office.connect(office.phone(office.person()), at_first, first.number)
    at_caller.call(queue.number)
    at_last.wait_for_incoming()
    talk.hangup()


def test_who_wants_no_calls_or_is_disabled_does_not_ring(office, api, team):
    (_, quiet, gone, member), (at_caller, at_quiet, at_gone, at_member) = team
    queue = Queue(office, quiet, gone, member, options={"strategy": "linear", "timeout": "20"})
    api.put(gone.path, {"enabled": False})
    office.service(quiet, "dnd")
    out = at_caller.call(queue.number)
    at_member.wait_for_incoming().answer()
    out.wait_to_hear(at_member)
    out.hangup()
    assert at_quiet.nobody_called() and at_gone.nobody_called()
    office.service(quiet, "dnd", on=False)
    at_caller.call(queue.number)
    at_quiet.wait_for_incoming()


@pytest.mark.parametrize("ignored", [True, False])
def test_where_a_member_sends_calls_on_to_can_be_ignored(office, api, team, ignored):
    (_, _, other, last), (at_caller, _, at_other, at_last) = team
    member = office.person()
    at_member = office.callee(member, 302)
    at_member.moved_to = other.number
    office.forward(member, "unconditional", last.number)
    queue = Queue(office, member, timeout=3, ignore_forward=ignored, fallbacks={"noanswer": to(last)}, ring_on_hold=True)
    out = at_caller.call(queue.number)
    (at_last if ignored else at_other).wait_for_incoming(15).answer()
    out.wait_established()
    assert bool(at_other.events("call_incoming")) is not ignored
    assert at_member.calls()


def test_the_caller_is_shown_as_the_queue_wants(office, team):
    (caller, member, *_), (at_caller, at_member, *_) = team
    queue = Queue(office, member)
    shown = {
        ("prepend", "Help"): (f"Help - {caller.name}", caller.number),
        ("append", "Help"): (f"{caller.name} - Help", caller.number),
        ("overwrite", '"Shop" <777>'): ("Shop", "777"),
    }
    for (mode, name), expected in shown.items():
        queue.change(caller_id_mode=mode, caller_id_name=name)
        out = at_caller.call(queue.number)
        call = at_member.wait_for_incoming()
        assert call.caller() == expected
        out.hangup()
        call.wait_closed()


def test_when_the_time_is_over_the_caller_is_told_and_goes_on_to_a_user_and_their_mailbox(office, team):
    (_, member, *_), (at_caller, at_member, *_) = team
    last = office.person(voicemail=True)
    queue = Queue(office, member, timeout=1, fallbacks={"noanswer": to(last)})
    out = at_caller.call(queue.number)
    at_member.wait_for_incoming().wait_closed()
    until(lambda: "VoiceMail" in office.server.command("core show channels concise"), 15, "the mailbox answers")
    out.leave_message()
    until(lambda: office.messages(last) == 1, 15, "the message is there")


def test_a_destination_says_how_long_the_queue_is_waited_in(office, team):
    (_, member, away, last), (at_caller, at_member, _, at_last) = team
    queue = Queue(office, member, ring_on_hold=True, fallbacks={"noanswer": to(last)})
    destination = {"type": "queue", "queue_id": queue.made["id"], "ring_time": 1}
    away = office.person()
    office.fallbacks(away, fail=destination)
    at_caller.call(away.number)
    at_member.wait_for_incoming()
    at_last.wait_for_incoming(15)


def test_after_one_round_the_caller_may_leave(office, team):
    (_, member, last, _), (at_caller, at_member, at_last, _) = team
    options = {"timeout": "1"}
    queue = Queue(office, member, retry_on_timeout=False, options=options, fallbacks={"noanswer": to(last)})
    at_caller.call(queue.number)
    at_last.wait_for_incoming(20)
    assert len(at_member.events("call_incoming")) == 1


def test_without_a_fallback_the_caller_is_told_and_the_call_ends(office, team):
    (_, member, *_), (at_caller, *_) = team
    queue = Queue(office, member, timeout=1, ring_on_hold=True)
    out = at_caller.call(queue.number)
    out.wait_established(15)
    out.wait_for_sound()
    out.wait_closed(timeout=20)


def test_a_full_queue_is_congestion_and_an_empty_one_fails(office, team):
    (_, member, full, empty), (at_caller, at_member, at_full, at_empty) = team
    queue = Queue(office, member, options={"maxlen": "1", "joinempty": "unavailable,invalid,unknown"})
    queue.api.ready(queue.fall_back(congestion=to(full), fail=to(empty)))
    first = at_caller.call(queue.number)
    at_member.wait_for_incoming()
    second = office.phone(office.person()).call(queue.number)
    at_full.wait_for_incoming(15).answer()
    second.wait_to_hear(at_full)
    first.hangup()
    at_member.unregister()
    at_caller.call(queue.number)
    at_empty.wait_for_incoming(15)


def test_who_waits_leaves_when_nobody_is_there_any_more(office, team):
    (_, member, last, _), (at_caller, at_member, at_last, _) = team
    options = {"leavewhenempty": "unavailable,invalid,unknown", "timeout": "1"}
    queue = Queue(office, member, options=options, fallbacks={"fail": to(last)})
    at_caller.call(queue.number)
    at_member.wait_for_incoming()
    at_member.unregister()
    at_last.wait_for_incoming(20)


def test_who_has_just_talked_is_left_in_peace_for_a_while(office, team):
    (_, member, *_), (at_caller, at_member, *_) = team
    queue = Queue(office, member, options={"wrapuptime": "4"})
    out = at_caller.call(queue.number)
    call = at_member.wait_for_incoming().answer()
    out.wait_to_hear(at_member)
    call.hangup()
    out.wait_closed()
    again = at_caller.call(queue.number)
    again.wait_established()
    again.wait_for_sound()
    assert len(at_member.events("call_incoming")) == 1
    at_member.wait_for_incoming(15)


def test_too_many_callers_for_the_members_are_turned_away(office, team):
    (_, member, other, _), (at_caller, at_member, at_other, _) = team
    queue = Queue(office, member, wait_ratio_threshold=1.5, wait_ratio_destination=to(other))
    at_caller.call(queue.number)
    at_member.wait_for_incoming()
    assert at_other.nobody_called(), "who comes first is never turned away"
    second = office.phone(office.person()).call(queue.number)
    at_other.wait_for_incoming(15).answer()
    second.wait_to_hear(at_other)


def test_callers_are_turned_away_when_those_before_waited_too_long(office, cordboard, team):
    (_, member, other, _), (at_caller, at_member, at_other, _) = team
    queue = Queue(office, member, wait_time_threshold=0, wait_time_destination=to(other), announce_hold_time_on_entry=True)
    waited = at_caller.call(queue.number)
    waited.wait_established()
    waited.wait_for_sound()
    call = at_member.wait_for_incoming(20)
    until(lambda: "wait: 0:02" in cordboard.command(f"queue show {queue.name}"), 10, "the caller has waited")
    call.answer()
    waited.wait_to_hear(at_member)
    waiting = office.phone(office.person()).call(queue.number)
    waiting.wait_established()
    at_member.wait_for_incoming(20)
    third = office.phone(office.person()).call(queue.number)
    at_other.wait_for_incoming(15).answer()
    third.wait_to_hear(at_other)


def test_every_line_of_a_member_rings_and_counts(office, team):
    at_caller, friend = team[1][0], team[1][1]
    member = office.person_with_two_numbers()
    phones = [office.phone(member, 1), office.phone(member, 2)]
    queue = Queue(office, member, options={"ringinuse": "no"}, timeout=4, fallbacks={"noanswer": to(team[0][3])})
    out = at_caller.call(queue.number)
    first, second = [phone.wait_for_incoming() for phone in phones]
    second.answer()
    out.wait_to_hear(phones[1])
    first.wait_closed()
    friend.call(queue.number)
    team[1][3].wait_for_incoming(20)
    assert [len(phone.events("call_incoming")) for phone in phones] == [1, 1]


def test_queues_go_on_when_cordboard_is_stopped(own):
    people = [own.person() for _ in range(3)]
    at_caller, at_member, at_last = [own.phone(person) for person in people]
    queue = Queue(own, people[1], timeout=2, fallbacks={"noanswer": to(people[2])})
    waiting = at_caller.call(queue.number)
    call = at_member.wait_for_incoming()
    own.server.kill()
    call.answer()
    waiting.wait_to_hear(at_member)
    waiting.hangup()
    call.wait_closed()
    at_caller.call(queue.number)
    at_member.wait_for_incoming()
    at_last.wait_for_incoming(20)


def recordings(api, *tones: int) -> list[str]:
    """The paths, as a queue names them, of recordings of these tones that were sent in."""
    api.post("/sounds", {"name": "tones"})
    for hz in tones:
        api.ready(api.put(f"/sounds/tones/files/tone{hz}", wav(hz, seconds=1)))
    files = {file["name"]: file["formats"][0]["path"] for file in api.get("/sounds/tones").json["files"]}
    return [files[f"tone{hz}"] for hz in tones]


def test_who_waits_hears_announcements(office, team):
    """While nobody is free; who is first and for whom somebody rings, only where the queue says so."""
    (_, member, *_), (at_caller, at_member, at_friend, _) = team
    often, place = recordings(office.api, 650, 1750)
    options = {
        "timeout": "1",
        "ringinuse": "no",
        "periodic-announce": often,
        "periodic-announce-frequency": "1",
        "announce-frequency": "2",
        "min-announce-frequency": "1",
        "queue-thankyou": place,
    }
    queue = Queue(office, member, options=options)
    talk, _ = office.connect(at_friend, at_member, member.number)
    waiting = at_caller.call(queue.number).wait_established()
    wait_for_tone(waiting, 650, 20)
    wait_for_tone(waiting, 1750, 20)
    talk.hangup()
    waiting.hangup()
    queue.set(announce_to_first_user="yes")
    first = at_caller.call(queue.number).wait_established()
    at_member.wait_for_incoming()
    wait_for_tone(first, 650, 20)


def test_a_call_of_a_queue_is_recorded_once_whoever_is_recorded(office):
    caller, other = office.person(call_record_outgoing_internal_enabled=True), office.person()
    member = office.person(call_record_incoming_internal_enabled=True)
    at_caller, at_other, at_member = [office.phone(person) for person in (caller, other, member)]
    queue = Queue(office, member)
    for phone in (at_caller, at_other):
        tapes = Tapes(office)
        out = phone.call(queue.number)
        incoming = at_member.wait_for_incoming().answer()
        out.wait_to_hear(at_member)
        out.talk(1)
        out.hangup()
        incoming.wait_closed()
        has_both(tapes.one(), phone, at_member)


def test_an_agent_is_recorded_as_their_user_and_by_the_key_of_the_queue(office):
    at_caller = office.phone(office.person())
    queue = Queue(office, dtmf_record_toggle=True)
    place = {"queues": [{"id": queue.made["id"]}]}
    always = office.person(agent=place, call_record_incoming_internal_enabled=True)
    by_key = office.person(agent=place)
    for agent, keys in ((always, ""), (by_key, "*3")):
        phone, tapes = office.phone(agent), Tapes(office)
        phone.call(f"*31{agent.number}").wait_established().wait_closed(timeout=15)
        out = at_caller.call(queue.number)
        incoming = phone.wait_for_incoming().answer()
        out.wait_to_hear(phone)
        incoming.dtmf(keys) if keys else None
        tape = tapes.one()
        until(lambda: tape.stat().st_size > 16000, 8, "a second is on the tape")
        out.hangup()
        incoming.wait_closed()
        has_both(tape, at_caller, phone)
        phone.call(f"*32{agent.number}").wait_established().wait_closed(timeout=15)


def test_outside_of_its_hours_a_queue_sends_its_callers_on_and_logs_them(office, team):
    (_, member, other, _), (at_caller, at_member, at_other, _) = team
    queue = Queue(office, member)
    follow(office.api, queue.path, schedule(office.api, [], closed=to(other)))
    out = at_caller.call(queue.number)
    at_other.wait_for_incoming(15).answer()
    out.wait_to_hear(at_other)
    assert at_member.nobody_called()
    log = office.server.folder / "asterisk/log/queue_log"
    until(lambda: f"|{queue.name}|NONE|CLOSED|" in log.read_text(), 5, "the log of the queues says so")
