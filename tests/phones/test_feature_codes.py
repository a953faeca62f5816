"""Feature codes: what a phone switches shows in the API within a second, holds at once, and is kept."""

import itertools
import os
import signal
import sqlite3
from contextlib import closing

import pytest
from harness.office import CONTEXT, PIN, Person, account, endpoint
from harness.waiting import until

A_SECOND = 1.0
GROUPS = itertools.count(2601)


def dial(phone, code: str):
    """Dial a code and hang up when its prompt is heard: what it does is done by then."""
    call = phone.call(code).wait_established()
    call.wait_for_sound()
    call.hangup()


def service(office, person, name: str) -> bool:
    return office.api.get(f"{person.path}/services/{name}").json["enabled"]


def forward(office, person, name: str = "unconditional") -> tuple:
    shown = office.api.get(f"{person.path}/forwards/{name}").json
    return shown["enabled"], shown["destination"]


def shows(what, expected, timeout: float = A_SECOND):
    """The API shows it within a second."""
    try:
        until(lambda: what() == expected, timeout, "")
    except AssertionError:
        raise AssertionError(f"the API shows {what()}, not {expected}") from None


def change_feature(office, feature: str, **changes):
    """Change a feature code, once it runs."""
    found = office.api.get(f"/extensions/features?feature={feature}").json["items"][0]
    office.api.ready(office.api.put(f"/extensions/features/{found['uuid']}", changes))


def entries(server) -> str:
    """What phones have switched and cordboard has not taken over yet."""
    return server.command("database show cordboard")


def stored_entries(server) -> int:
    """How many of them are on disk."""
    with closing(sqlite3.connect(f"file:{server.folder}/asterisk/lib/astdb.sqlite3?mode=ro", uri=True)) as database:
        return database.execute("SELECT count(*) FROM astdb WHERE key LIKE '/cordboard/user-%'").fetchone()[0]


def asterisk_pid(server) -> int:
    return int((server.folder / "asterisk/run/asterisk.pid").read_text())


@pytest.mark.parametrize(("code", "name"), [("*25", "dnd"), ("*27", "incallfilter")])
def test_a_service_is_switched_on_and_off(office, code, name):
    ann = office.person()
    phone = office.phone(ann)
    for expected in (True, False, True):
        call = phone.call(code).wait_established()
        shows(lambda: service(office, ann, name), expected)
        call.wait_for_sound()
        call.hangup()


def test_do_not_disturb_holds_from_the_next_call_on(office):
    ann, ben = office.person(), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    dial(at_ann, "*25")
    at_ben.call(ann.number).wait_established().wait_for_sound()
    assert at_ann.nobody_called()
    dial(at_ann, "*25")
    office.connect(at_ben, at_ann, ann.number)


@pytest.mark.parametrize(("code", "name"), [("*21", "unconditional"), ("*22", "noanswer"), ("*23", "busy")])
def test_a_forward_is_set_changed_and_switched_off(office, code, name):
    ann = office.person()
    phone = office.phone(ann)

    def state():
        return forward(office, ann, name)

    dial(phone, f"{code}1234")
    shows(state, (True, "1234"))
    dial(phone, f"{code}777")
    shows(state, (True, "777"))
    dial(phone, f"{code}777")
    shows(state, (False, "777"))
    dial(phone, f"{code}1234")
    shows(state, (True, "1234"))
    dial(phone, code)
    shows(state, (False, "1234"))
    asking = phone.call(code).wait_established()
    asking.wait_for_sound()
    asking.dtmf("555#")
    shows(state, (True, "555"), timeout=5)


def test_a_call_follows_the_forward_that_was_just_dialled(office):
    ann, ben, carl = office.person(), office.person(), office.person()
    at_ann, at_ben, at_carl = office.phone(ann), office.phone(ben), office.phone(carl)
    dial(at_ann, f"*21{carl.number}")
    office.connect(at_ben, at_carl, ann.number)[0].hangup()
    assert at_ann.nobody_called()
    dial(at_ann, "*21")
    office.connect(at_ben, at_ann, ann.number)


def test_all_forwards_are_switched_off_and_keep_their_numbers(office):
    ann = office.person(forwards={"busy": {"enabled": True, "destination": "11 22"}, "noanswer": {"enabled": False, "destination": "33"}})
    phone = office.phone(ann)
    dial(phone, "*2144")
    dial(phone, "*20")
    shows(lambda: forward(office, ann, "busy"), (False, "11 22"))
    shows(lambda: forward(office, ann, "noanswer"), (False, "33"))
    shows(lambda: forward(office, ann), (False, "44"))


def test_a_mailbox_takes_no_calls_while_it_is_switched_off(office, api):
    ann, ben = office.person(voicemail=True), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    dial(at_ann, "*90")
    dial(at_ann, "*25")
    at_ben.call(ann.number).wait_established().wait_for_sound()
    until(lambda: not entries(office.server).count("/cordboard/"), 5, "everything is taken over")
    ended = at_ben.call(ann.number).wait_established()
    ended.wait_closed(timeout=30)
    assert office.messages(ann) == 0
    dial(at_ann, "*90")
    at_ben.call(ann.number).leave_message()
    until(lambda: office.messages(ann) == 1, 10, "a message")


def test_somebody_elses_mailbox_is_switched_with_its_pin(office):
    ann, ben = office.person(voicemail=True), office.person()
    at_ben = office.phone(ben)
    wrong = at_ben.call(f"*90{ann.number}").wait_established()
    wrong.wait_for_sound()
    wrong.dtmf("9999#")
    wrong.hangup()
    assert "mailbox" not in entries(office.server)
    right = at_ben.call(f"*90{ann.number}").wait_established()
    right.wait_for_sound()
    right.dtmf(PIN + "#")
    right.wait_closed(timeout=20)
    ended = at_ben.call(ann.number).wait_established()
    ended.wait_closed(timeout=30)
    assert office.messages(ann) == 0


def test_recording_is_switched_for_all_calls_once_its_code_is_on(office, api):
    ann = office.person()
    phone = office.phone(ann)
    assert phone.call("*26").wait_closed().startswith("404")
    change_feature(office, "callrecord", enabled=True)
    try:
        for expected in (True, False):
            dial(phone, "*26")
            shows(lambda: api.get(ann.path).json["call_record_enabled"], expected)
    finally:
        change_feature(office, "callrecord", enabled=False)


def test_a_code_can_be_moved_and_switched_off(office):
    ann = office.person()
    phone = office.phone(ann)
    try:
        change_feature(office, "enablednd", exten="*75")
        assert phone.call("*25").wait_closed().startswith("404")
        dial(phone, "*75")
        shows(lambda: service(office, ann, "dnd"), True)
        change_feature(office, "fwdunc", exten="_#5.")
        dial(phone, "#51234")
        shows(lambda: forward(office, ann), (True, "1234"))
        change_feature(office, "enablednd", enabled=False)
        assert phone.call("*75").wait_closed().startswith("404")
    finally:
        change_feature(office, "enablednd", exten="*25", enabled=True)
        change_feature(office, "fwdunc", exten="_*21.")


def test_a_code_is_refused_when_a_call_is_forwarded_to_it(office):
    ann, ben = office.person(), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    dial(at_ann, "*21*25")
    refused = at_ben.call(ann.number)
    refused.wait_closed()
    shows(lambda: forward(office, ann), (True, "*25"))
    assert (service(office, ann, "dnd"), service(office, ben, "dnd")) == (False, False)
    assert at_ann.nobody_called()


def test_a_phone_that_is_nobodys_dials_no_codes(office, api):
    its = account(office.number())
    line = api.post("/lines", {"context": CONTEXT, "endpoint_sip": endpoint(its)})
    api.ready(line)
    phone = office.phone(Person("Nobody", "", [its]))
    for code in ("*25", "*98", "*10"):
        assert phone.call(code).wait_closed()[:1] in ("4", "5", "6")


@pytest.mark.parametrize("code", ["*10", "*36", "*9"])
def test_a_code_that_only_speaks_is_heard(office, code):
    phone = office.phone(office.person(voicemail=True))
    call = phone.call(code).wait_established()
    call.wait_for_sound()
    call.hangup()


def group(office, *members, strategy: str = "all") -> dict:
    """A group with a number, and these users as members."""
    api = office.api
    made = api.post("/groups", {"label": "Sales", "ring_strategy": strategy}).json
    extension = api.post("/extensions", {"exten": str(next(GROUPS)), "context": "default"}).json
    api.put(f"/groups/{made['uuid']}/extensions/{extension['id']}")
    api.ready(api.put(f"/groups/{made['uuid']}/members/users", {"users": [{"uuid": each.user["uuid"]} for each in members]}))
    return {**made, "exten": extension["exten"]}


def members(office, of: dict) -> list:
    return [user["uuid"] for user in office.api.get(f"/groups/{of['uuid']}").json["members"]["users"]]


def test_a_group_is_joined_left_and_toggled(office):
    ann, ben, carl = (office.person() for _ in range(3))
    at_ann, at_ben, at_carl = (office.phone(each) for each in (ann, ben, carl))
    sales = group(office, ben)
    both = [ben.user["uuid"], ann.user["uuid"]]
    dial(at_ann, f"*51{sales['id']}")
    shows(lambda: members(office, sales), both)
    out = at_carl.call(sales["exten"])
    at_ann.wait_for_incoming()
    at_ben.wait_for_incoming()
    out.hangup()
    dial(at_ann, f"*51{sales['id']}")
    dial(at_ann, f"*52{sales['id']}")
    shows(lambda: members(office, sales), both[:1])
    until(lambda: "/cordboard/" not in entries(office.server), 5, "it is taken over")
    out = at_carl.call(sales["exten"])
    at_ben.wait_for_incoming()
    assert at_ann.nobody_called()
    out.hangup()
    for expected in (both, both[:1]):
        dial(at_ann, f"*50{sales['id']}")
        shows(lambda: members(office, sales), expected)
    dial(at_ann, "*51999999")


def test_groups_are_joined_and_left_without_cordboard(own):
    server = own.server
    ann, ben, carl = (own.person() for _ in range(3))
    at_ann, at_ben, at_carl = (own.phone(each) for each in (ann, ben, carl))
    sales = group(own, ben)
    server.kill()
    dial(at_ann, f"*50{sales['id']}")
    dial(at_ben, f"*50{sales['id']}")
    out = at_carl.call(sales["exten"])
    at_ann.wait_for_incoming()
    assert at_ben.nobody_called()
    out.hangup()
    server.start()
    shows(lambda: members(own, sales), [ann.user["uuid"]], timeout=10)
    until(lambda: "/cordboard/" not in entries(server), 5, "it is taken over")
    out = at_carl.call(sales["exten"])
    at_ann.wait_for_incoming()
    assert at_ben.nobody_called()
    out.hangup()


@pytest.fixture
def switched_on(office):
    """Switches codes on that are off by default, for one test."""
    on = []

    def switch(feature: str):
        on.append(feature)
        change_feature(office, feature, enabled=True)

    yield switch
    for feature in on:
        change_feature(office, feature, enabled=False)


def test_a_ringing_call_is_picked_up_once_that_is_switched_on(office, switched_on):
    ann, ben, carl = (office.person() for _ in range(3))
    at_ann, at_ben, at_carl = (office.phone(each) for each in (ann, ben, carl))
    switched_on("pickup")
    out = at_carl.call(ben.number)
    at_ben.wait_for_incoming()
    taken = at_ann.call(f"*8{ben.number}").wait_established()
    out.wait_established()
    out.wait_to_hear(at_ann)
    taken.wait_to_hear(at_carl)
    taken.hangup()
    # Nothing rings there any more.
    at_ann.call(f"*8{ben.number}").wait_established().wait_for_sound()


@pytest.mark.parametrize(("feature", "code"), [("vmuserpurge", "*92"), ("vmuserpurgeslt", "*92{}"), ("vmboxpurgeslt", "*93{}")])
def test_a_mailbox_is_emptied_with_its_pin_once_that_is_switched_on(office, switched_on, feature, code):
    ann, ben = office.person(voicemail=True), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    at_ben.call(f"*97{ann.number}").leave_message()
    at_ann.wait_for_lamp(True)
    switched_on(feature)
    purging = at_ann.call(code.format(ann.number)).wait_established()
    purging.wait_for_sound()
    purging.dtmf(PIN + "#")
    at_ann.wait_for_lamp(False)
    assert office.messages(ann) == 0


def test_a_recorded_sound_is_played_back(office):
    phone = office.phone(office.person())
    call = phone.call("*9").wait_established()
    call.wait_for_sound()
    call.wait_for_silence()
    call.talk(2)
    call.speak(0)
    call.dtmf("#")
    call.wait_to_hear(phone, timeout=15)


def test_what_was_switched_survives_a_restart_of_both_programs(own):
    server = own.server
    ann, ben, carl = own.person(), own.person(), own.person()
    at_ann, at_ben, at_carl = own.phone(ann), own.phone(ben), own.phone(carl)
    dial(at_ann, f"*21{carl.number}")
    dial(at_ann, "*27")
    shows(lambda: forward(own, ann), (True, carl.number))
    shows(lambda: service(own, ann, "incallfilter"), True)
    until(lambda: "/cordboard/" not in entries(server), 5, "cordboard has taken it over")
    server.stop()
    server.start()
    assert (forward(own, ann), service(own, ann, "incallfilter")) == ((True, carl.number), True)
    for phone in (at_ben, at_carl):
        phone.register()
    own.connect(at_ben, at_carl, ann.number)


def test_a_code_dialled_while_cordboard_was_down_counts_when_it_is_back(own):
    server = own.server
    ann, ben, carl = own.person(), own.person(), own.person()
    at_ann, at_ben, at_carl = own.phone(ann), own.phone(ben), own.phone(carl)
    server.kill()
    dial(at_ann, f"*21{carl.number}")
    dial(at_ann, "*27")
    own.connect(at_ben, at_carl, ann.number)[0].hangup()
    # Asterisk goes down too, and comes back with cordboard: what was dialled is on disk.
    # Asterisk gathers what it stores for a second.
    until(lambda: stored_entries(server) == 2, 10, "both are on disk")
    os.kill(asterisk_pid(server), signal.SIGKILL)
    server.start()
    shows(lambda: forward(own, ann), (True, carl.number), timeout=10)
    shows(lambda: service(own, ann, "incallfilter"), True)
    until(lambda: "/cordboard/" not in entries(server), 5, "cordboard has taken it over")


def test_what_the_api_switched_later_wins(own):
    server = own.server
    ann = own.person()
    phone = own.phone(ann)
    dial(phone, "*25")
    shows(lambda: service(own, ann, "dnd"), True)
    own.api.ready(own.api.put(f"{ann.path}/services/dnd", {"enabled": False}))
    server.kill()
    # As if the phone had switched it before that, and cordboard had not heard of it.
    long_ago, number = 1_000_000_000_000, ann.user["id"]
    server.command(f"database put cordboard/user-{number} dnd {long_ago}:yes:")
    server.command(f"database put cordboard/user-{number} incallfilter {long_ago}:yes:")
    server.start()
    shows(lambda: service(own, ann, "incallfilter"), True, timeout=10)
    assert service(own, ann, "dnd") is False
    until(lambda: "/cordboard/" not in entries(server), 5, "there is one truth")
    # The call rings: nobody is disturbed, but callers are asked for their name.
    own.phone(own.person()).call(ann.number)
    phone.wait_for_incoming(timeout=20)
