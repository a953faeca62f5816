"""Music on hold that was sent in, heard where it is named."""

from harness.tones import wav
from harness.waiting import until
from test_conferences import Room
from test_groups import Group


def music(api, *tones: int, rate: int = 8000, **fields) -> dict:
    """A class with one file a tone, which Asterisk has loaded."""
    made = api.post("/moh", {"label": "Waiting", "mode": "files", **fields}).json
    for hz in tones:
        answer = api.put(f"/moh/{made['uuid']}/files/tone-{hz}.wav", wav(hz, rate=rate))
    api.ready(answer)
    return made


def wait_for_tone(call, hz: int, timeout: float = 10):
    until(lambda: call.hear(hz)["tones"][hz] > 0.5, timeout, f"{call} hears {hz} Hz")


def test_the_music_of_a_group_a_room_and_a_hold_is_what_was_sent_in(office):
    caller, member = office.person(), office.person()
    at_caller, at_member = office.phone(caller), office.phone(member)
    narrow, wide = music(office.api, 700), music(office.api, 1900, rate=16000)
    group = Group(office, member, music_on_hold=narrow["name"])
    out = at_caller.call(group.number).wait_established()
    wait_for_tone(out, 700)
    incoming = at_member.wait_for_incoming()
    office.api.ready(office.api.put(member.path, {"music_on_hold": wide["name"]}))
    incoming.reject()
    out.hangup()
    room = Room(office, music_on_hold=wide["name"], announce_only_user=False)
    alone = at_caller.call(room.number).wait_established()
    wait_for_tone(alone, 1900)
    alone.hangup()
    out, incoming = office.connect(at_caller, at_member, member.number)
    incoming.hold()
    wait_for_tone(out, 1900)
    incoming.resume()
    out.wait_to_hear(at_member)
    out.hangup()


def test_another_file_is_heard_by_the_next_caller_and_a_deleted_class_is_gone(office):
    caller, member = office.person(), office.person()
    at_caller = office.phone(caller)
    office.phone(member)
    made = music(office.api, 600)
    group = Group(office, member, music_on_hold=made["name"])
    file = f"/moh/{made['uuid']}/files/tone-600.wav"
    office.api.ready(office.api.put(file, wav(1500)))
    out = at_caller.call(group.number).wait_established()
    wait_for_tone(out, 1500)
    out.hangup()
    folder = office.server.folder / f"asterisk/spool/cordboard/moh/{made['name']}"
    assert [path.name for path in folder.iterdir()] == ["tone-600.wav"]
    assert (folder / "tone-600.wav").stat().st_mode & 0o777 == 0o640
    assert made["name"] in office.server.command("moh show classes")
    office.api.ready(office.api.delete(f"/moh/{made['uuid']}"))
    assert made["name"] not in office.server.command("moh show classes")
    until(lambda: not folder.exists(), 5, "the files are gone")


def test_the_music_of_a_destination_is_heard_in_place_of_ringing(office):
    caller, away, called = [office.person() for _ in range(3)]
    at_caller, at_called = office.phone(caller), office.phone(called)
    made = music(office.api, 820)
    office.fallbacks(away, fail={"type": "user", "user_id": called.user["id"], "moh_uuid": made["uuid"]})
    out = at_caller.call(away.number)
    incoming = at_called.wait_for_incoming()
    wait_for_tone(out, 820)
    assert not out.is_established(), "music is no answer"
    incoming.answer()
    out.wait_established()
    out.wait_to_hear(at_called)
    out.hangup()
    incoming.wait_closed()
    direct = at_caller.call(called.number)
    at_called.wait_for_incoming()
    assert direct.hear(820)["tones"][820] < 0.1, "who dials the number hears ringing"


def test_music_and_rooms_go_on_without_cordboard(own):
    made = music(own.api, 700)
    room = Room(own, music_on_hold=made["name"], announce_only_user=False, pin="12")
    people = [own.person(), own.person()]
    first, second = [own.phone(person) for person in people]
    own.server.kill()
    alone = first.call(room.number).wait_established()
    alone.wait_for_sound(timeout=15)
    alone.dtmf("12#")
    wait_for_tone(alone, 700)
    other = second.call(room.number).wait_established()
    other.wait_for_sound(timeout=15)
    other.dtmf("12#")
    alone.wait_to_hear(second)
