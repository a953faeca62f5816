"""Function keys: what their numbers do, and their lamps, switched by phone and by API."""

import os
import signal

from harness.waiting import until

CODES = {"enablednd": "*25", "incallfilter": "*27", "enablevm": "*90", "callrecord": "*26", "fwdunc": "*21", "fwdrna": "*22", "fwdbusy": "*23"}


def key_number(person, code: str, argument: str = "", prefix: str = "*735") -> str:
    """The number of a programmable key: in part i every star is written **i."""
    parts = [str(person.user["id"]), code.replace("*", "**2")] + ([argument.replace("*", "**3")] if argument else [])
    return prefix + "*".join(parts)


def service(name: str) -> dict:
    return {"destination": {"type": "service", "service": name}}


def forward(name: str, exten: str | None = None) -> dict:
    return {"destination": {"type": "forward", "forward": name, "exten": exten}}


def dial(phone, number: str):
    call = phone.call(number).wait_established()
    call.wait_for_sound()
    call.hangup()


def test_a_service_key_toggles_and_its_lamp_follows_key_code_and_api(office, api):
    ann = office.person(func_keys={"1": service("enablednd")})
    number = key_number(ann, "*25")
    phone, lamp = office.phone(ann), office.sip(ann).watch(number)
    lamp.wait_for("idle")
    dial(phone, number)
    lamp.wait_for("inuse")
    until(lambda: api.get(f"{ann.path}/services/dnd").json["enabled"], 1, "the API shows it")
    dial(phone, "*25")
    lamp.wait_for("idle")
    api.put(f"{ann.path}/services/dnd", {"enabled": True})
    lamp.wait_for("inuse")
    api.put(f"{ann.path}/services", {"dnd": {"enabled": False}})
    lamp.wait_for("idle")


def test_a_forward_key_is_lit_for_its_own_number_and_one_without_for_any(office, api):
    ann = office.person(func_keys={"1": forward("unconditional", "1234"), "2": forward("unconditional")})
    client, phone = office.sip(ann), office.phone(ann)
    own, other, any_number = (client.watch(key_number(ann, "*21", number)) for number in ("1234", "777", ""))
    dial(phone, key_number(ann, "*21", "1234"))
    assert api.get(f"{ann.path}/forwards/unconditional").json == {"enabled": True, "destination": "1234"}
    own.wait_for("inuse")
    any_number.wait_for("inuse")
    dial(phone, "*21777")
    own.wait_for("idle")
    other.wait_for("inuse")
    any_number.wait_for("inuse")
    api.put(f"{ann.path}/forwards/unconditional", {"enabled": True, "destination": "12 34"})
    own.wait_for("inuse")
    other.wait_for("idle")
    dial(phone, key_number(ann, "*21", "1234"))
    own.wait_for("idle")
    any_number.wait_for("idle")
    assert api.get(f"{ann.path}/forwards/unconditional").json == {"enabled": False, "destination": "12 34"}


def test_a_forward_key_without_a_number_asks_for_it(office, api):
    ann = office.person(func_keys={"1": forward("busy")})
    number = key_number(ann, "*23")
    phone, lamp = office.phone(ann), office.sip(ann).watch(number)
    asking = phone.call(number).wait_established()
    asking.wait_for_sound()
    asking.dtmf("4321#")
    lamp.wait_for("inuse")
    until(lambda: api.get(f"{ann.path}/forwards/busy").json == {"enabled": True, "destination": "4321"}, 1, "the API shows it")


def test_keys_of_a_template_have_lamps_for_each_of_its_users(office, api):
    template = api.post("/funckeys/templates", {"keys": {"1": service("incallfilter"), "2": service("enablevm")}}).json
    ann, ben = (office.person(voicemail=True, func_key_template_id=template["id"]) for _ in range(2))
    of_ann, of_ben = office.sip(ann), office.sip(ben)
    box, filtering = of_ann.watch(key_number(ann, "*90")), of_ann.watch(key_number(ann, "*27"))
    others = of_ben.watch(key_number(ben, "*27"))
    box.wait_for("inuse")
    dial(office.phone(ann), key_number(ann, "*90"))
    box.wait_for("idle")
    api.put(f"{ann.path}/services/incallfilter", {"enabled": True})
    filtering.wait_for("inuse")
    others.wait_for("idle")


def test_the_lamp_of_recording_follows_the_api(office, api):
    feature = api.get("/extensions/features?feature=callrecord").json["items"][0]
    path = f"/extensions/features/{feature['uuid']}"
    api.ready(api.put(path, {"enabled": True}))
    try:
        ann = office.person(func_keys={"1": service("callrecord")})
        lamp = office.sip(ann).watch(key_number(ann, "*26"))
        api.put(ann.path, {"call_record_enabled": True})
        lamp.wait_for("inuse")
        api.put(ann.path, {"call_record_incoming_internal_enabled": False})
        lamp.wait_for("idle")
    finally:
        api.ready(api.put(path, {"enabled": False}))


def test_keys_of_a_group_are_lit_for_members_or_for_others(office, api):
    sales = api.post("/groups", {"label": "Sales"}).json
    toggle, leave = ({"destination": {"type": "groupmember", "group_id": sales["id"], "action": each}} for each in ("toggle", "leave"))
    ann = office.person(func_keys={"1": toggle, "2": leave})
    client, phone = office.sip(ann), office.phone(ann)
    inside, outside = (client.watch(key_number(ann, code, str(sales["id"]))) for code in ("*50", "*52"))
    outside.wait_for("inuse")
    inside.wait_for("idle")
    dial(phone, key_number(ann, "*50", str(sales["id"])))
    inside.wait_for("inuse")
    outside.wait_for("idle")
    api.put(f"/groups/{sales['uuid']}/members/users", {"users": []})
    inside.wait_for("idle")
    outside.wait_for("inuse")


def dialled(api, person) -> dict:
    """Position to type and number, as a phone is told."""
    items = api.get(f"/cordboard{person.path}/funckeys").json["items"]
    return {item["position"]: (item["type"], item["number"]) for item in items}


def test_keys_to_a_user_and_to_a_number_call_them_and_show_their_state(office, api):
    ben, template = office.person(), api.post("/funckeys/templates", {}).json
    to_ben = {"destination": {"type": "user", "user_id": ben.user["id"]}}
    api.put(f"/funckeys/templates/{template['id']}", {"keys": {"1": to_ben, "2": {"destination": {"type": "custom", "exten": "*5599"}}}})
    ann = office.person(func_key_template_id=template["id"], func_keys={"3": {"destination": {"type": "custom", "exten": ben.number}}})
    keys = dialled(api, ann)
    assert keys == {1: ("blf", ben.number), 2: ("blf", "*5599"), 3: ("blf", ben.number)}
    at_ann, at_ben, client = office.phone(ann), office.phone(ben), office.sip(ann)
    lamp, custom = client.watch(keys[1][1]), client.watch(keys[2][1])
    out = at_ann.call(keys[1][1])
    at_ben.wait_for_incoming()
    lamp.wait_for("ringing")
    out.hangup()
    lamp.wait_for("idle")
    # A custom lamp is whatever somebody sets.
    office.server.command("devstate change Custom:*5599 INUSE")
    custom.wait_for("inuse")


def test_a_key_to_a_group_calls_it(office, api):
    sales, ben = api.post("/groups", {"label": "Sales"}).json, office.person()
    extension = api.post("/extensions", {"exten": "2701", "context": "default"}).json
    api.put(f"/groups/{sales['uuid']}/extensions/{extension['id']}")
    api.put(f"/groups/{sales['uuid']}/members/users", {"users": [{"uuid": ben.user["uuid"]}]})
    ann = office.person(func_keys={"1": {"destination": {"type": "group", "group_id": sales["id"]}}})
    assert dialled(api, ann) == {1: ("speeddial", "2701")}
    at_ben = office.phone(ben)
    office.phone(ann).call("2701")
    at_ben.wait_for_incoming()


def test_nobody_presses_somebody_elses_key(office, api):
    ann, ben = office.person(), office.person()
    phone = office.phone(ben)
    dial(phone, key_number(ann, "*25"))
    assert not any(api.get(f"{who.path}/services/dnd").json["enabled"] for who in (ann, ben))
    # And a key dials nothing but feature codes.
    dial(phone, key_number(ben, ann.number))


def test_a_key_of_a_moved_code_has_the_new_number(office, api):
    feature = api.get("/extensions/features?feature=enablednd").json["items"][0]
    path = f"/extensions/features/{feature['uuid']}"
    ann = office.person(func_keys={"1": service("enablednd")})
    try:
        api.ready(api.put(path, {"exten": "*75"}))
        lamp = office.sip(ann).watch(key_number(ann, "*75"))
        dial(office.phone(ann), key_number(ann, "*75"))
        lamp.wait_for("inuse")
    finally:
        api.ready(api.put(path, {"exten": "*25"}))


def test_lamps_go_on_without_cordboard_and_are_right_when_it_is_back(own):
    server, api = own.server, own.api
    ann = own.person(func_keys={"1": service("enablednd"), "2": service("incallfilter")})
    client, phone = own.sip(ann), own.phone(ann)
    number = key_number(ann, "*25")
    lamp = client.watch(number)
    server.kill()
    dial(phone, number)
    lamp.wait_for("inuse")
    # Somebody has meddled with the other lamp.
    server.command(f"devstate change Custom:{key_number(ann, '*27')} INUSE")
    other = client.watch(key_number(ann, "*27"))
    other.wait_for("inuse")
    server.start()
    other.wait_for("idle")
    until(lambda: api.get(f"{ann.path}/services/dnd").json["enabled"], 5, "the API shows what was dialled")
    os.kill(int((server.folder / "asterisk/run/asterisk.pid").read_text()), signal.SIGKILL)
    until(lambda: server.status().get("asterisk_crashes") == 1 and server.status()["asterisk"] == "running", 30, "Asterisk is back")
    own.sip(ann).watch(number).wait_for("inuse")
