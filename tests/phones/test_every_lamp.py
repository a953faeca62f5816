"""Every type of function key that has a lamp, watched under the number that the API names for it."""

from harness.waiting import until
from test_agents import Desk, seat
from test_call_filters import Filter
from test_call_filters import dial as dial_code
from test_conferences import Room
from test_func_keys import forward, service
from test_parking import Lot

FORWARDS = ("busy", "noanswer", "unconditional")
DARK_AT_FIRST = {
    *(f"forward {name}" for name in FORWARDS),
    *("agent login", "agent toggle", "bsfilter", "conference", "custom", "groupmember join", "groupmember toggle"),
    *("park_position", "service enablednd", "service incallfilter", "user"),
}
LIT_AT_FIRST = {"agent logout", "groupmember leave", "service enablevm"}


def show(lamps: dict, lit: set):
    """These are lit, and all others are dark."""
    for name, lamp in lamps.items():
        state = "inuse" if name in lit else "idle"
        until(lambda: lamp.history()[-1:] == [state], 10, f"the lamp of {name} is {state}")


def test_every_lamp_follows_what_its_key_stands_for(office, api):
    (ann, agent), boss, guest, waiting = seat(office), office.person(), office.person(), office.person()
    box = api.post("/voicemails", {"name": "Ann", "number": ann.number, "context": "default"}).json
    api.put(f"{ann.path}/voicemails/{box['id']}")
    team, room, lot = api.post("/groups", {"label": "Lamps"}).json, Room(office), Lot(office)
    filtered = Filter(office, boss, [ann], None)
    secretary = api.get(filtered.path).json["surrogates"]["users"][0]["member_id"]
    named = {
        "bsfilter": {"type": "bsfilter", "filter_member_id": secretary},
        "conference": room.destination,
        "custom": {"type": "custom", "exten": "*5588"},
        "park_position": {"type": "park_position", "parking_lot_id": lot.made["id"], "position": int(lot.slots[0])},
        "user": {"type": "user", "user_id": guest.user["id"]},
        **{f"agent {each}": {"type": "agent", "agent_id": agent["id"], "action": each} for each in ("login", "logout", "toggle")},
        **{f"groupmember {each}": {"type": "groupmember", "group_id": team["id"], "action": each} for each in ("join", "leave", "toggle")},
        **{f"forward {name}": forward(name)["destination"] for name in FORWARDS},
        **{f"service {name}": service(name)["destination"] for name in ("enablednd", "enablevm", "incallfilter")},
    }
    assert set(named) == DARK_AT_FIRST | LIT_AT_FIRST
    keys = {str(at): {"destination": to} for at, to in enumerate(named.values(), 1)}
    api.ready(api.put(f"{ann.path}/funckeys", {"keys": keys}))
    items = api.get(f"/cordboard{ann.path}/funckeys").json["items"]
    assert {item["type"] for item in items} == {"blf"}
    client = office.sip(ann)
    lamps = {name: client.watch(item["number"]) for name, item in zip(named, items, strict=True)}
    show(lamps, lit=LIT_AT_FIRST)
    # Everything is switched, by phone, by the API, and by a call.
    dial_code(office.phone(boss), filtered.codes[0])
    office.phone(guest).call(room.number).wait_established()
    office.phone(waiting).call(lot.number).wait_established()
    office.server.command("devstate change Custom:*5588 INUSE")
    Desk(office.server).do(agent, "login", {"extension": ann.number, "context": "default"})
    api.put(f"{ann.path}/groups", {"groups": [{"uuid": team["uuid"]}]})
    api.put(f"{ann.path}/forwards", {name: {"enabled": True, "destination": "1234"} for name in FORWARDS})
    api.put(f"{ann.path}/services", {"dnd": {"enabled": True}, "incallfilter": {"enabled": True}})
    api.delete(f"{ann.path}/voicemails")
    show(lamps, lit=DARK_AT_FIRST)
