"""Calls to and from outside, and those that a secretary takes: who is recorded, whose calls a filter is for."""

from harness.tones import share
from harness.waiting import until
from test_call_filters import Filter, answered
from test_incalls import Incall, provider, to
from test_recordings import Tapes, has_both

__all__ = ["provider"]


def test_calls_from_outside_and_inside_are_recorded_by_flags_of_their_own(office, api, provider):
    ann, ben = office.person(call_record_incoming_external_enabled=True), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    incall = Incall(api, to(ann))
    tapes = Tapes(office)
    out, _ = office.connect(at_ben, at_ann, ann.number)
    out.hangup()
    assert tapes.new() == [], "a call from inside is not recorded"
    out, _ = office.connect(provider, at_ann, incall.number)
    out.talk(1)
    out.hangup()
    has_both(tapes.one(), provider, at_ann)


def test_calls_to_the_outside_are_recorded_by_a_flag_of_their_own(office, network):
    outside = network.provider()
    prefix = network.prefix()
    network.outcall([network.trunk_to(outside)], f"_{prefix}.")
    ann, ben = office.person(call_record_outgoing_external_enabled=True), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    tapes = Tapes(office)
    inside, _ = office.connect(at_ann, at_ben, ben.number)
    inside.hangup()
    assert tapes.new() == [], "a call inside is not recorded"
    out = at_ann.call(f"{prefix}1234").wait_established()
    outside.wait_for_call()
    out.talk(1)
    out.hangup()
    tape = tapes.one()
    until(lambda: share(tape, at_ann.tone_hz) > 0.2, 5, f"the voice of who calls is on {tape}")


def test_a_filter_is_for_calls_from_outside_or_from_inside(office, api, provider):
    boss, ann = office.person(), office.person(call_record_incoming_external_enabled=True)
    at_boss, at_ann, at_ben = office.phone(boss), office.phone(ann), office.phone(office.person())
    incall = Incall(api, to(boss))
    filtered = Filter(office, boss, [ann], at_boss, strategy="all-surrogates-then-all-recipients", source="external")
    tapes = Tapes(office)
    out = provider.call(incall.number)
    incoming = answered(office, out, at_ann)
    assert at_boss.nobody_called()
    # The secretary's calls from outside are recorded, also those of the boss.
    out.talk(1)
    out.hangup()
    incoming.wait_closed()
    has_both(tapes.one(), provider, at_ann)
    answered(office, at_ben.call(boss.number), at_boss).hangup()
    filtered.change(source="internal")
    answered(office, provider.call(incall.number), at_boss).hangup()
    answered(office, at_ben.call(boss.number), at_ann).hangup()
