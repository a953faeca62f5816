"""A boss whose secretaries take the calls: who rings, in which order, for whom, and what comes after."""

import itertools

import pytest
from harness.waiting import until

NAMES = itertools.count(1)


def users(*people, **more):
    return {"users": [{"uuid": person.user["uuid"], **more} for person in people]}


class Filter:
    """A call filter whose secretaries take calls, once their phones have said so."""

    def __init__(self, office, boss, secretaries, phone, *, timeout=None, **fields):
        self.office, self.api = office, office.api
        body = {"name": f"filter {next(NAMES)}", "strategy": "all", "source": "all", **fields}
        self.path = f"/callfilters/{self.api.post('/callfilters', body).json['id']}"
        self.api.put(f"{self.path}/recipients/users", users(boss, timeout=timeout))
        self.api.ready(self.api.put(f"{self.path}/surrogates/users", users(*secretaries)))
        self.codes = [one["exten"] for one in self.api.get(self.path).json["surrogates"]["users"]]
        for code in self.codes if phone else ():
            dial(phone, code)

    def change(self, **fields):
        self.api.ready(self.api.put(self.path, fields))


def dial(phone, code):
    """Dial a code and hang up when its prompt is heard: what it does is done by then."""
    call = phone.call(code).wait_established()
    call.wait_for_sound()
    call.hangup()


@pytest.fixture
def team(office):
    """A caller, a boss and two secretaries who ring for a second, with their phones."""
    people = [office.person(), office.person(), *(office.person(ring_seconds=1) for _ in range(2))]
    return people, [office.phone(person) for person in people]


def answered(office, out, phone):
    """The phone rings, answers and hears the caller."""
    call = phone.wait_for_incoming()
    call.answer()
    out.wait_established()
    out.wait_to_hear(phone)
    return call


def test_a_secretary_takes_calls_while_boss_or_secretary_have_it_so(office, team):
    (caller, boss, ann, _), (at_caller, at_boss, at_ann, at_eve) = team
    filtered = Filter(office, boss, [ann], None, strategy="all-surrogates-then-all-recipients", caller_id_mode="prepend", caller_id_name="Boss")
    answered(office, at_caller.call(boss.number), at_boss).hangup()
    refused = at_eve.call(filtered.codes[0]).wait_established()
    refused.wait_for_sound()
    refused.hangup()
    answered(office, at_caller.call(boss.number), at_boss).hangup()
    dial(at_boss, filtered.codes[0])
    out = at_caller.call(boss.number)
    call = at_ann.wait_for_incoming()
    assert call.caller() == (f"Boss - {caller.name}", caller.number)
    call.answer()
    out.wait_to_hear(at_ann)
    assert at_boss.nobody_called()
    # The secretary reaches the boss, and so does a call that she sends on.
    call.transfer(boss.number)
    sent_on = answered(office, out, at_boss)
    out.hangup()
    sent_on.wait_closed()
    answered(office, at_ann.call(boss.number), at_boss).hangup()
    dial(at_ann, filtered.codes[0])
    answered(office, at_caller.call(boss.number), at_boss)


@pytest.mark.parametrize(
    ("strategy", "order"),
    [
        ("all-recipients-then-linear-surrogates", ["boss", "ann", "eve"]),
        ("all-recipients-then-all-surrogates", ["boss", "ann eve"]),
        ("all-surrogates-then-all-recipients", ["ann eve"]),
        ("linear-surrogates-then-all-recipients", ["ann", "eve"]),
        ("all", ["boss ann eve"]),
    ],
)
def test_who_rings_and_in_which_order(office, team, strategy, order):
    (_, boss, ann, eve), (at_caller, at_boss, at_ann, at_eve) = team
    phones = {"boss": at_boss, "ann": at_ann, "eve": at_eve}
    Filter(office, boss, [ann, eve], at_boss, timeout=1, strategy=strategy, surrogates_timeout=1)
    out = at_caller.call(boss.number)
    for together in order:
        calls = [phones[name].wait_for_incoming() for name in together.split()]
        for call in calls:
            call.wait_closed()
    # Nobody: the boss's mailbox and forwards have no part in it.
    out.wait_established()
    out.wait_closed(timeout=25)
    times = {name: len(phone.events("call_incoming")) for name, phone in phones.items()}
    assert times == {name: int(name in " ".join(order)) for name in phones}
    # A boss who wants no calls is left out.
    office.service(boss, "dnd")
    out = at_caller.call(boss.number)
    ann_rings = at_ann.wait_for_incoming()
    ann_rings.answer()
    out.wait_to_hear(at_ann)
    assert at_boss.nobody_called()


def test_a_call_that_nobody_takes_goes_on_as_the_filter_says(office, api, team):
    (_, _, ann, eve), (at_caller, _, at_ann, at_eve) = team
    boss = office.person(voicemail=True)
    at_boss = office.phone(boss)
    office.forward(boss, "noanswer", ann.number)
    filtered = Filter(office, boss, [ann], at_boss, timeout=1, strategy="all", surrogates_timeout=1)
    to = {"type": "user", "user_id": eve.user["id"]}
    api.ready(api.put(f"{filtered.path}/fallbacks", {"noanswer_destination": to}))
    out = at_caller.call(boss.number)
    at_boss.wait_for_incoming().wait_closed()
    answered(office, out, at_eve)
    assert len(at_ann.events("call_incoming")) == 1
    assert office.messages(boss) == 0
    out.hangup()
    # One that is off, or for other calls, filters nothing.
    for fields in ({"source": "external"}, {"source": "internal", "enabled": False}):
        filtered.change(**fields)
        answered(office, at_caller.call(boss.number), at_boss).hangup()
        assert len(at_ann.events("call_incoming")) == 1
    filtered.change(enabled=True)
    at_caller.call(boss.number)
    at_ann.wait_for_incoming()


def test_a_secretary_is_switched_while_cordboard_is_away_and_the_lamp_shows_it(own):
    office = own
    caller, boss, ann = office.person(), office.person(), office.person()
    at_caller, at_boss, at_ann = (office.phone(person) for person in (caller, boss, ann))
    filtered = Filter(office, boss, [ann], None, strategy="all-surrogates-then-all-recipients")
    code = filtered.codes[0]
    lamp = office.sip(caller).watch(code)
    lamp.wait_for("idle")
    office.server.kill()
    dial(at_ann, code)
    lamp.wait_for("inuse")
    out = at_caller.call(boss.number)
    answered(office, out, at_ann)
    assert at_boss.nobody_called()
    out.hangup()
    office.server.start()
    until(lambda: "/cordboard/user-" not in office.server.command("database show cordboard"), 15, "it is taken over")
    row = office.server.command("dialplan eval function AST_CONFIG(cordboard_filters.conf,member-" + code[3:] + ",active)")
    assert "yes" in row, row
    lamp.wait_for("inuse")
    out = at_caller.call(boss.number)
    answered(office, out, at_ann)
    dial(at_boss, code)
    lamp.wait_for("idle")
