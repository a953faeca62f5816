"""A call to a group: who rings, in which order, for how long, and what comes after."""

import itertools

import pytest

from harness.waiting import until

NUMBERS = itertools.count(2001)


class Group:
    """A group with a number, made through the API."""

    def __init__(self, office, *members, numbers=(), fallbacks=None, **fields):
        self.office, self.number = office, str(next(NUMBERS))
        people = [{"uuid": person.user["uuid"]} for person in members]
        others = [{"exten": number, "context": context} for number, context in numbers]
        body = {"label": f"Group {self.number}", "members": {"users": people, "extensions": others}, **fields}
        self.api = office.api
        self.made = self.api.post("/groups", body).json
        self.path = f"/groups/{self.made['uuid']}"
        extension = self.api.post("/extensions", {"exten": self.number, "context": "default"}).json
        answer = self.api.put(f"{self.path}/extensions/{extension['id']}")
        if fallbacks:
            answer = self.fall_back(**fallbacks)
        self.api.ready(answer)

    def fall_back(self, **fallbacks):
        return self.api.put(f"{self.path}/fallbacks", {f"{event}_destination": to for event, to in fallbacks.items()})

    def change(self, **fields):
        self.api.ready(self.api.put(self.path, fields))

    def members(self, *people):
        self.api.ready(self.api.put(f"{self.path}/members/users", {"users": [{"uuid": one.user["uuid"]} for one in people]}))

    @property
    def destination(self):
        return {"type": "group", "group_id": self.made["id"]}


def to(person, **more):
    return {"type": "user", "user_id": person.user["id"], **more}


def ringing(phones):
    """Those of the phones that ring now."""
    open_calls = lambda phone: [e for e in phone.events("call_incoming") if not phone.events("call_closed", e["call"])]
    return [phone for phone in phones if open_calls(phone)]


def rang(phones):
    return [phone for phone in phones if phone.events("call_incoming")]


@pytest.fixture
def team(office):
    """A caller and three colleagues with their phones."""
    people = [office.person() for _ in range(4)]
    return people, [office.phone(person) for person in people]


def test_all_members_ring_and_the_first_who_answers_has_the_call(office, team):
    (caller, *people), (at_caller, *phones) = team
    group = Group(office, *people)
    out = at_caller.call(group.number)
    calls = [phone.wait_for_incoming() for phone in phones]
    assert not out.is_established(), "ringing does not answer the call"
    assert calls[0].caller() == (caller.name, caller.number)
    calls[1].answer()
    out.wait_established()
    out.wait_to_hear(phones[1])
    calls[1].wait_to_hear(at_caller)
    for call in (calls[0], calls[2]):
        call.wait_closed()
    out.hangup()
    calls[1].wait_closed()


def first_ringing(phones, timeout: float = 10):
    """The one phone that rings now, and its call."""
    phone = until(lambda: ringing(phones), timeout, "a phone rings")[0]
    call = phone.wait_for_incoming()
    while call.is_closed():
        call = phone.wait_for_incoming()
    return phone, call


def who_answers(caller, number, phones):
    """Calls, lets the first that rings answer, and hangs up."""
    out = caller.call(number)
    phone, call = first_ringing(phones)
    assert ringing(phones) == [phone]
    call.answer()
    out.wait_established()
    out.hangup()
    call.wait_closed()
    return phone


def test_in_turn_means_in_the_order_of_the_members_round_after_round(office, team):
    (_, *people), (at_caller, *phones) = team
    group = Group(office, *people, ring_strategy="linear", user_timeout=1, retry_delay=0)
    out = at_caller.call(group.number)
    for phone in [*phones, *phones]:
        phone.wait_for_incoming().wait_closed()
    phones[0].wait_for_incoming().answer()
    out.wait_established()
    out.wait_to_hear(phones[0])
    assert [len(phone.events("call_incoming")) for phone in phones] == [3, 2, 2]


@pytest.mark.parametrize("strategy", ["least_recent", "fewest_calls", "memorized_round_robin"])
def test_calls_are_spread_over_the_members(office, team, strategy):
    (_, *people), (at_caller, *phones) = team
    group = Group(office, *people, ring_strategy=strategy)
    answered = [who_answers(at_caller, group.number, phones) for _ in phones]
    assert sorted(map(repr, answered)) == sorted(map(repr, phones))


@pytest.mark.parametrize("strategy", ["random", "weight_random"])
def test_some_member_rings_and_only_that_one(office, team, strategy):
    (_, *people), (at_caller, *phones) = team
    group = Group(office, *people, ring_strategy=strategy)
    who_answers(at_caller, group.number, phones)


def test_a_round_robin_goes_on_when_nobody_answers(office, team):
    (_, *people), (at_caller, *phones) = team
    group = Group(office, *people, ring_strategy="memorized_round_robin", user_timeout=1, retry_delay=1)
    at_caller.call(group.number)
    until(lambda: len(rang(phones)) == len(phones), 25, "every phone has rung")


@pytest.mark.parametrize("strategy", ["all", "linear"])
def test_when_the_time_is_over_the_call_goes_on(office, team, strategy):
    (_, member, other, _), (at_caller, at_member, at_other, _) = team
    group = Group(office, member, ring_strategy=strategy, timeout=2, fallbacks={"noanswer": to(other)})
    out = at_caller.call(group.number)
    first = at_member.wait_for_incoming()
    second = at_other.wait_for_incoming()
    first.wait_closed()
    second.answer()
    out.wait_established()
    out.wait_to_hear(at_other)


@pytest.mark.parametrize("strategy", ["all", "linear"])
def test_without_a_fallback_the_caller_is_told_and_the_call_ends(office, team, strategy):
    (_, member, *_), (at_caller, at_member, *_) = team
    group = Group(office, member, ring_strategy=strategy, timeout=1)
    out = at_caller.call(group.number)
    at_member.wait_for_incoming()
    out.wait_established()
    out.wait_for_sound()
    out.wait_closed(timeout=20)


def test_the_mailbox_of_the_user_behind_the_group_takes_the_call(office, team):
    (_, member, *_), (at_caller, at_member, *_) = team
    last = office.person(voicemail=True)
    group = Group(office, member, timeout=1, fallbacks={"noanswer": to(last)})
    out = at_caller.call(group.number)
    at_member.wait_for_incoming()
    out.leave_message()
    until(lambda: office.messages(last) == 1, 10, "the message is there")


def test_one_call_too_many_is_congestion(office, team):
    (_, member, other, second), (at_caller, at_member, at_other, at_second) = team
    group = Group(office, member, max_calls=1, fallbacks={"congestion": to(other)})
    out = at_caller.call(group.number)
    talking = at_member.wait_for_incoming().answer()
    out.wait_established()
    too_many = at_second.call(group.number)
    at_other.wait_for_incoming().answer()
    too_many.wait_established()
    assert len(at_member.events("call_incoming")) == 1
    out.hangup()
    talking.wait_closed()
    too_many.hangup()
    at_second.call(group.number)
    at_member.wait_for_incoming()


@pytest.mark.parametrize("strategy", ["all", "linear"])
def test_who_wants_no_calls_does_not_ring(office, api, team, strategy):
    (_, quiet, member, _), (at_caller, at_quiet, at_member, _) = team
    group = Group(office, quiet, member, ring_strategy=strategy, user_timeout=2)
    api.ready(api.put(f"{quiet.path}/services/dnd", {"enabled": True}))
    out = at_caller.call(group.number)
    at_member.wait_for_incoming().answer()
    out.wait_established()
    assert at_quiet.nobody_called()
    out.hangup()
    api.ready(api.put(f"{quiet.path}/services/dnd", {"enabled": False}))
    at_caller.call(group.number)
    at_quiet.wait_for_incoming()


def test_forwards_and_mailboxes_of_members_are_not_for_the_group(office, api, team):
    (_, _, other, _), (at_caller, _, at_other, at_last) = team
    member, numbered = office.person(voicemail=True), office.person(voicemail=True)
    last = team[0][3]
    group = Group(office, member, numbers=[(numbered.number, "default")], timeout=2, fallbacks={"noanswer": to(last)})
    for person in (member, numbered):
        forwards = {"unconditional": {"enabled": True, "destination": other.number}}
        api.ready(api.put(f"{person.path}/forwards", forwards))
        api.ready(api.put(f"{person.path}/fallbacks", {"fail_destination": to(other)}))
    out = at_caller.call(group.number)
    at_last.wait_for_incoming().answer()
    out.wait_established()
    assert at_other.nobody_called()
    assert office.messages(member) == office.messages(numbered) == 0


def test_a_number_rings_as_a_member(office, team):
    (_, _, numbered, _), (at_caller, _, at_numbered, _) = team
    group = Group(office, numbers=[(numbered.number, "default"), ("1999", "default")])
    out = at_caller.call(group.number)
    at_numbered.wait_for_incoming().answer()
    out.wait_established()
    out.wait_to_hear(at_numbered)


def test_every_line_of_a_member_rings(office, api, team):
    at_caller = team[1][0]
    member = office.person_with_two_numbers()
    phones = [office.phone(member, 1), office.phone(member, 2)]
    group = Group(office, member)
    out = at_caller.call(group.number)
    first, second = [phone.wait_for_incoming() for phone in phones]
    second.answer()
    out.wait_established()
    first.wait_closed()


def test_a_disabled_member_does_not_ring_and_a_disabled_group_is_no_number(office, api, team):
    (_, gone, member, _), (at_caller, at_gone, at_member, _) = team
    group = Group(office, gone, member)
    api.ready(api.put(gone.path, {"enabled": False}))
    out = at_caller.call(group.number)
    at_member.wait_for_incoming().answer()
    assert at_gone.nobody_called()
    out.hangup()
    group.change(enabled=False)
    refused = at_caller.call(group.number)
    refused.wait_closed(timeout=20)
    assert len(at_member.events("call_incoming")) == 1


def test_the_caller_is_shown_as_the_group_wants(office, team):
    (caller, member, *_), (at_caller, at_member, *_) = team
    group = Group(office, member, caller_id_mode="prepend", caller_id_name="Sales")
    shown = {
        ("prepend", "Sales"): (f"Sales - {caller.name}", caller.number),
        ("append", "Sales"): (f"{caller.name} - Sales", caller.number),
        ("overwrite", '"Shop" <777>'): ("Shop", "777"),
    }
    for (mode, name), expected in shown.items():
        group.change(caller_id_mode=mode, caller_id_name=name)
        out = at_caller.call(group.number)
        call = at_member.wait_for_incoming()
        assert call.caller() == expected
        out.hangup()
        call.wait_closed()


def test_only_the_first_group_names_the_caller(office, team):
    (caller, member, *_), (at_caller, at_member, *_) = team
    second = Group(office, member, caller_id_mode="prepend", caller_id_name="Second")
    first = Group(office, timeout=1, caller_id_mode="prepend", caller_id_name="First", fallbacks={"noanswer": second.destination})
    at_caller.call(first.number)
    assert at_member.wait_for_incoming().caller() == (f"First - {caller.name}", caller.number)


@pytest.mark.parametrize("strategy", ["all", "linear"])
@pytest.mark.parametrize("marked", [True, False])
def test_a_cancelled_phone_knows_whether_to_note_a_missed_call(office, team, strategy, marked):
    (_, member, *_), (at_caller, at_member, *_) = team
    group = Group(office, member, ring_strategy=strategy, user_timeout=1, mark_answered_elsewhere=marked)
    at_caller.call(group.number)
    call = at_member.wait_for_incoming()
    call.wait_closed()
    cancel = at_member.wait(lambda: at_member.messages("CANCEL", call_id=call.call_id()), 3, "the CANCEL")[0]
    assert ("cause=200" in cancel.headers.get("reason", "")) is marked


@pytest.mark.parametrize("strategy", ["all", "linear"])
def test_who_is_on_the_phone_can_be_left_in_peace(office, team, strategy):
    (_, busy, member, friend), (at_caller, at_busy, at_member, at_friend) = team
    group = Group(office, busy, member, ring_strategy=strategy, ring_in_use=False)
    talk, _ = office.connect(at_friend, at_busy, busy.number)
    out = at_caller.call(group.number)
    at_member.wait_for_incoming()
    assert at_busy.nobody_called()
    out.hangup()
    talk.hangup()
    group.change(ring_in_use=True)
    office.connect(at_friend, at_busy, busy.number)
    at_caller.call(group.number)
    at_busy.wait_for_incoming()


@pytest.mark.parametrize("strategy", ["all", "linear"])
def test_the_caller_of_a_group_with_music_hears_it_until_a_member_answers(office, team, strategy):
    (_, member, *_), (at_caller, at_member, *_) = team
    group = Group(office, member, ring_strategy=strategy, music_on_hold="default")
    out = at_caller.call(group.number)
    call = at_member.wait_for_incoming()
    out.wait_established()
    out.wait_for_sound()
    assert not out.hears(at_member)
    call.answer()
    out.wait_to_hear(at_member)


def test_a_new_member_rings_for_who_waits_already(office, team):
    (_, member, *_), (at_caller, at_member, *_) = team
    group = Group(office, retry_delay=1)
    out = at_caller.call(group.number)
    out.wait_ringing()
    group.members(member)
    at_member.wait_for_incoming().answer()
    out.wait_established()


@pytest.mark.parametrize("strategy", ["all", "linear"])
def test_a_member_who_leaves_while_ringing_can_still_answer_and_rings_no_more(office, team, strategy):
    (_, leaving, member, _), (at_caller, at_leaving, at_member, _) = team
    group = Group(office, leaving, ring_strategy=strategy, user_timeout=20, retry_delay=1)
    out = at_caller.call(group.number)
    call = at_leaving.wait_for_incoming()
    group.members(member)
    assert not call.is_closed()
    call.answer()
    out.wait_established()
    out.wait_to_hear(at_leaving)
    out.hangup()
    at_caller.call(group.number)
    at_member.wait_for_incoming()
    assert at_leaving.nobody_called()


def test_a_group_may_begin_and_cease_to_ring_in_turn(office, team):
    (_, *people), (at_caller, *phones) = team
    group = Group(office, *people, user_timeout=1, retry_delay=1)
    group.change(ring_strategy="linear")
    for _ in range(2):
        out = at_caller.call(group.number)
        for phone in phones:
            phone.wait_for_incoming().wait_closed()
        out.hangup()
    assert {len(phone.events("call_incoming")) for phone in phones} <= {2, 3}
    group.change(ring_strategy="all", user_timeout=10)
    out = at_caller.call(group.number)
    until(lambda: ringing(phones) == phones, 10, "all phones ring")
    out.hangup()


def test_groups_that_are_members_of_each_other_come_to_an_end(office, api, team):
    (_, member, *_), (at_caller, at_member, *_) = team
    group = Group(office, member, timeout=4)
    numbers = {"extensions": [{"exten": group.number, "context": "default"}]}
    api.ready(api.put(f"{group.path}/members/extensions", numbers))
    out = at_caller.call(group.number)
    at_member.wait_for_incoming().answer()
    out.wait_established()
    out.hangup()
    until(lambda: not ringing([at_member]), 10, "nothing rings any more")


def test_a_call_that_a_member_transfers_is_a_call_like_any_other(office, api, team):
    (_, member, other, _), (at_caller, at_member, at_other, _) = team
    away = office.person()
    api.ready(api.put(f"{away.path}/fallbacks", {"fail_destination": to(other)}))
    group = Group(office, member)
    out = at_caller.call(group.number)
    call = at_member.wait_for_incoming().answer()
    out.wait_to_hear(at_member)
    call.transfer(away.number)
    at_other.wait_for_incoming().answer()
    out.wait_to_hear(at_other)


def test_a_call_may_be_sent_from_group_to_group_as_often_as_people_do(office):
    ann, ben = office.person(), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    groups = [Group(office, ben) for _ in range(5)]
    out = at_ann.call(groups[0].number)
    for following in groups[1:]:
        incoming = at_ben.wait_for_incoming().answer()
        incoming.wait_to_hear(at_ann)
        incoming.transfer(following.number)
    at_ben.wait_for_incoming().answer()
    out.wait_to_hear(at_ben)


@pytest.mark.parametrize("strategy", ["all", "linear"])
@pytest.mark.parametrize("ignored", [True, False])
def test_where_a_member_phone_sends_calls_on_to_can_be_ignored(office, team, strategy, ignored):
    (_, _, other, last), (at_caller, _, at_other, at_last) = team
    member = office.person()
    at_member = office.callee(member, 302)
    at_member.moved_to = other.number
    group = Group(office, member, ring_strategy=strategy, timeout=3, ignore_forward=ignored, fallbacks={"noanswer": to(last)})
    out = at_caller.call(group.number)
    (at_last if ignored else at_other).wait_for_incoming().answer()
    out.wait_established()
    assert bool(at_other.events("call_incoming")) is not ignored
    assert at_member.calls()


def test_the_context_of_the_administrator_runs_before_the_members_ring(office, cordboard, team):
    (_, member, *_), (at_caller, at_member, *_) = team
    custom = cordboard.folder / "asterisk/etc/custom/extensions.conf"
    custom.write_text("[before-sales]\nexten => s,1,Set(CALLERID(name)=${WAZO_DSTNUM} ${CALLERID(name)})\n same => n,Return()\n")
    try:
        until(lambda: "before-sales" in cordboard.command("dialplan show before-sales"), 10, "Asterisk has the context")
        group = Group(office, member, preprocess_subroutine="before-sales")
        at_caller.call(group.number)
        assert at_member.wait_for_incoming().caller()[0] == f"{group.number} {team[0][0].name}"
    finally:
        custom.unlink()


def test_who_waits_while_the_strategy_changes_is_still_taken(office, team):
    (_, member, *_), (at_caller, at_member, *_) = team
    group = Group(office, member, user_timeout=1, retry_delay=1)
    out = at_caller.call(group.number)
    for strategy in ("linear", "all"):
        at_member.wait_for_incoming()
        group.change(ring_strategy=strategy)
    at_member.wait_for_incoming().wait_closed()
    at_member.wait_for_incoming().answer()
    out.wait_established()
    out.wait_to_hear(at_member)


def test_a_number_of_a_context_with_a_long_name_rings_as_a_member(office, api, team):
    at_caller = team[1][0]
    ranges = [{"start": "1000", "end": "1999"}]
    context = api.post("/contexts", {"label": "Branch", "user_ranges": ranges}).json["name"]
    assert len(context) > 50
    numbered = office.person(context=context)
    at_numbered = office.phone(numbered)
    group = Group(office, numbers=[(numbered.number, context)])
    out = at_caller.call(group.number)
    at_numbered.wait_for_incoming().answer()
    out.wait_established()
    out.wait_to_hear(at_numbered)
