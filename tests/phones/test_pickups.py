"""Taking a call that rings at a colleague's phone: by `*8` where a call pickup allows it, by `*8` and a number."""

import itertools

import pytest
from harness.waiting import until

NAMES = itertools.count(1)
GROUPS = itertools.count(2701)


def users(*people):
    return {"users": [{"uuid": person.user["uuid"]} for person in people]}


def pickup(api, takers=(), targets=(), *, groups=None, **fields):
    """A call pickup; `groups` are those of the targets."""
    made = api.post("/callpickups", {"name": f"pickup {next(NAMES)}", **fields}).json
    path = f"/callpickups/{made['id']}"
    api.put(f"{path}/interceptors/users", users(*takers))
    answer = api.put(f"{path}/targets/users", users(*targets))
    if groups:
        answer = api.put(f"{path}/targets/groups", {"groups": [{"uuid": group["uuid"]} for group in groups]})
    api.ready(answer)
    return path


def group_of(api, *people):
    """A group with a number: the group and the number."""
    number = str(next(GROUPS))
    group = api.post("/groups", {"label": f"Group {number}", "members": users(*people)}).json
    extension = api.post("/extensions", {"exten": number, "context": "default"}).json
    api.ready(api.put(f"/groups/{group['uuid']}/extensions/{extension['id']}"))
    return group, number


@pytest.fixture
def team(office):
    """A caller, a colleague who is called, and a third person, with their phones."""
    people = [office.person() for _ in range(3)]
    return people, [office.phone(person) for person in people]


def test_a_colleague_takes_the_call_and_a_stranger_can_not(office, api, team):
    (_, called, taker), (at_caller, at_called, at_taker) = team
    stranger = office.phone(office.person())
    path = pickup(api, [taker], [called])
    out = at_caller.call(called.number)
    ringing = at_called.wait_for_incoming()
    refused = stranger.call("*8")
    assert refused.wait_closed().startswith(("403", "404", "480", "603")), refused.close_reason()
    assert not out.is_established() and not ringing.is_closed()
    taken = at_taker.call("*8").wait_established()
    out.wait_established()
    out.wait_to_hear(at_taker)
    taken.wait_to_hear(at_caller)
    ringing.wait_closed()
    out.hangup()
    api.ready(api.put(path, {"enabled": False}))
    at_caller.call(called.number)
    at_called.wait_for_incoming()
    at_taker.call("*8").wait_closed()


def test_a_call_to_a_group_is_taken_by_who_may_take_its_members_calls(office, api, team):
    (_, member, taker), (at_caller, at_member, at_taker) = team
    group, number = group_of(api, member)
    pickup(api, [taker], groups=[group])
    out = at_caller.call(number)
    ringing = at_member.wait_for_incoming()
    taken = at_taker.call("*8").wait_established()
    out.wait_established()
    out.wait_to_hear(at_taker)
    taken.wait_to_hear(at_caller)
    ringing.wait_closed()


def test_the_users_of_a_group_may_take_calls_once_they_are_in_it(office, api, team):
    (_, called, taker), (at_caller, at_called, at_taker) = team
    group, _ = group_of(api)
    path = pickup(api, targets=[called])
    api.ready(api.put(f"{path}/interceptors/groups", {"groups": [{"uuid": group["uuid"]}]}))
    out = at_caller.call(called.number)
    at_called.wait_for_incoming()
    at_taker.call("*8").wait_closed()
    api.ready(api.put(f"/groups/{group['uuid']}/members/users", users(taker)))
    at_taker.call("*8").wait_established()
    out.wait_established()
    out.wait_to_hear(at_taker)


def test_a_user_is_made_with_those_whose_calls_they_may_take(office, team):
    (_, called, _), (at_caller, at_called, _) = team
    at_new = office.phone(office.person(call_pickup_target_users=[{"uuid": called.user["uuid"]}]))
    out = at_caller.call(called.number)
    at_called.wait_for_incoming()
    at_new.call("*8").wait_established()
    out.wait_established()
    out.wait_to_hear(at_new)


def test_the_call_of_a_number_is_taken_once_that_code_is_on(office, api, team):
    (_, called, _), (at_caller, at_called, at_taker) = team
    feature = api.get("/extensions/features?feature=pickup").json["items"][0]
    out = at_caller.call(called.number)
    at_called.wait_for_incoming()
    at_taker.call(f"*8{called.number}").wait_closed()
    assert not out.is_established()
    api.ready(api.put(f"/extensions/features/{feature['uuid']}", {"enabled": True}))
    try:
        at_taker.call(f"*8{called.number}").wait_established()
        out.wait_established()
        out.wait_to_hear(at_taker)
    finally:
        api.ready(api.put(f"/extensions/features/{feature['uuid']}", {"enabled": False}))


def test_nobody_takes_a_call_of_another_tenant_by_a_group_of_the_same_name(office, api, team):
    (_, called, _), (at_caller, at_called, _) = team
    named = [["named_call_group", "sales"]]
    stored = api.get(f"{called.path}/lines/main/associated/endpoints/sip").json
    api.ready(api.put(f"/endpoints/sip/{stored['uuid']}", {"endpoint_section_options": named}))
    shown = office.server.command(f"pjsip show endpoint {called.accounts[0].username}")
    line = next(line for line in shown.splitlines() if line.strip().startswith("named_call_group"))
    assert line.split(":")[1].strip() == f"sales@{called.user['tenant_uuid']}"
    mine = office.person(options=[("named_pickup_group", "sales")])
    at_mine = office.phone(mine)
    out = at_caller.call(called.number)
    at_called.wait_for_incoming()
    at_mine.call("*8").wait_established()
    out.wait_established()
    until(lambda: out.hears(at_mine), 8, "the call is taken")
