"""Recordings: who is recorded, into which file, and what is on it."""

from harness.tones import samples, share
from harness.waiting import until
from test_conferences import Room
from test_groups import Group


class Tapes:
    """The recordings that have come since this was made."""

    def __init__(self, office):
        self.folder = office.server.folder / "asterisk/spool/monitor"
        self.old = set(self.folder.glob("*/*.wav"))

    def new(self):
        return sorted(set(self.folder.glob("*/*.wav")) - self.old)

    def one(self):
        """The one new recording, once it is there."""
        found = until(self.new, 5, "a recording")
        assert len(found) == 1, found
        return found[0]


def pair(office, caller=None, called=None):
    people = [office.person(**(caller or {})), office.person(**(called or {}))]
    return people, [office.phone(person) for person in people]


def has_both(tape, *phones):
    until(lambda: all(share(tape, phone.tone_hz) > 0.2 for phone in phones), 5, f"both voices are on {tape}")


def test_a_call_is_recorded_for_the_caller_or_the_called_and_else_not(office):
    (caller, called), phones = pair(office, caller={"call_record_outgoing_internal_enabled": True})
    tapes = Tapes(office)
    unanswered = phones[0].call(called.number)
    phones[1].wait_for_incoming().reject()
    unanswered.hangup()
    until(lambda: not tapes.new(), 5, "an unanswered call leaves nothing")
    out, _ = office.connect(*phones, called.number)
    out.talk(1)
    out.hangup()
    tape = tapes.one()
    has_both(tape, *phones)
    assert tape.parent.name == caller.user["tenant_uuid"]
    assert tape.stat().st_mode & 0o777 == 0o640
    tapes = Tapes(office)
    back, _ = office.connect(phones[1], phones[0], caller.number)
    back.hangup()
    office.api.ready(office.api.put(caller.path, {"call_record_incoming_internal_enabled": True}))
    assert tapes.new() == []
    back, _ = office.connect(phones[1], phones[0], caller.number)
    back.talk(1)
    back.hangup()
    has_both(tapes.one(), *phones)


def test_star_26_records_at_once_and_a_key_in_the_call_begins_and_rests(own):
    (caller, called), phones = pair(own, called={"online_call_record_enabled": True})
    feature = own.api.get("/extensions/features?feature=callrecord").json["items"][0]
    own.api.ready(own.api.put(f"/extensions/features/{feature['uuid']}", {"enabled": True}))
    own.server.kill()
    tapes = Tapes(own)
    toggled = phones[0].call("*26").wait_established()
    toggled.wait_for_sound()
    toggled.hangup()
    out, _ = own.connect(*phones, called.number)
    out.talk(0.5)
    out.hangup()
    has_both(tapes.one(), *phones)
    toggled = phones[0].call("*26").wait_established()
    toggled.wait_for_sound()
    toggled.hangup()
    tapes = Tapes(own)
    out, incoming = own.connect(*phones, called.number)
    out.dtmf("*3")
    out.talk(1)
    assert tapes.new() == [], "the caller may not"
    incoming.dtmf("*3")
    tape = tapes.one()
    until(lambda: len(samples(tape)[0]) > 4000, 5, "a second on the tape")
    incoming.dtmf("*3")
    until(lambda: no_longer_grows(tape, out), 8, "the recording rests")
    size = tape.stat().st_size
    incoming.dtmf("*3")
    until(lambda: tape.stat().st_size > size + 8000, 8, "the recording goes on")
    out.hangup()
    has_both(tape, *phones)
    assert tapes.new() == [tape]


def no_longer_grows(tape, call):
    before = tape.stat().st_size
    call.talk(0.6)
    return tape.stat().st_size == before


def test_a_member_of_a_group_and_a_conference_are_recorded(office):
    (caller, member), phones = pair(office, called={"call_record_incoming_internal_enabled": True})
    tapes = Tapes(office)
    group = Group(office, member)
    out = phones[0].call(group.number)
    phones[1].wait_for_incoming().answer()
    out.wait_to_hear(phones[1])
    out.talk(1)
    out.hangup()
    has_both(tapes.one(), *phones)
    tapes = Tapes(office)
    room = Room(office, record=True, announce_only_user=False, quiet_join_leave=True)
    calls = [phone.call(room.number).wait_established() for phone in phones]
    room.wait_for(2)
    calls[0].wait_to_hear(phones[1])
    calls[0].talk(1)
    for call in calls:
        call.hangup()
    tape = tapes.one()
    assert tape.name == f"conference-{room.made['id']}.wav"
    has_both(tape, *phones)
