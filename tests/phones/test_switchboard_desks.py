"""A switchboard with music of its own, and two operators who want the same call."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.waiting import until
from test_music import music, wait_for_tone
from test_switchboards import Board, waits


@pytest.fixture
def four(office):
    people = [office.person() for _ in range(4)]
    return people, [office.phone(person) for person in people]


def test_who_waits_and_who_is_held_hears_the_music_of_the_switchboard(office, api, four):
    (_, _, op, _), (at_ann, _, at_op, _) = four
    waiting, held = music(api, 620), music(api, 1740)
    board = Board(office, op, queue_music_on_hold=waiting["name"], waiting_room_music_on_hold=held["name"])
    out = waits(at_ann, board)
    wait_for_tone(out, 620)
    taken = at_op.call(board.next).wait_established()
    out.wait_to_hear(at_op)
    taken.transfer(board.hold)
    taken.wait_closed()
    wait_for_tone(out, 1740)
    # A class that is deleted is heard no more, by the next caller.
    api.ready(api.delete(f"/moh/{waiting['uuid']}"))
    assert api.get(board.path).json["queue_music_on_hold"] is None
    again = waits(office.phone(office.person()), board)
    until(lambda: again.hear(620)["tones"][620] < 0.1, 5, "it is the default music")


def test_of_two_operators_who_take_the_same_call_one_has_it(office, four):
    (_, _, op, eve), (at_ann, _, at_op, at_eve) = four
    board = Board(office, op, eve)
    out = waits(at_ann, board, office.sip(op).watch(f"{board.next}*1"))
    with ThreadPoolExecutor(2) as both:
        calls = list(both.map(lambda phone: phone.call(f"{board.next}*1"), (at_op, at_eve)))
    # Whoever is second hears that nobody is there, and the call ends.
    until(lambda: any(call.is_closed() for call in calls), 20, "the second is told")
    has = [at_op, at_eve][0 if not calls[0].is_closed() else 1]
    out.wait_to_hear(has)
    assert sum(call.is_closed() for call in calls) == 1
    out.hangup()
