"""While cordboard is stopped: what other tests of the same kind do not show."""

from test_conferences import Room, enter
from test_groups import Group
from test_recordings import Tapes, has_both


def test_pickups_groups_recordings_and_conferences_go_on_without_cordboard(own):
    ann = own.person(call_record_incoming_internal_enabled=True)
    ben = own.person(call_pickup_target_users=[{"uuid": ann.user["uuid"]}])
    at_ann, at_ben, at_caller = own.phone(ann), own.phone(ben), own.phone(own.person())
    together = Group(own, ann, ben, ring_strategy="all")
    in_turn = Group(own, ann, ben, ring_strategy="linear")
    room = Room(own, pin="1234", announce_only_user=False)
    own.server.kill()
    out = at_caller.call(ann.number)
    at_ann.wait_for_incoming()
    at_ben.call("*8").wait_established()
    out.wait_established().wait_to_hear(at_ben)
    out.hangup()
    for group in (together, in_turn):
        tapes = Tapes(own)
        out = at_caller.call(group.number)
        incoming = at_ann.wait_for_incoming().answer()
        out.wait_to_hear(at_ann)
        out.talk(1)
        out.hangup()
        incoming.wait_closed()
        has_both(tapes.one(), at_caller, at_ann)
    out, other = (enter(phone, room, "1234") for phone in (at_caller, at_ben))
    room.wait_for(2)
    out.wait_to_hear(at_ben)
    other.wait_to_hear(at_caller)
