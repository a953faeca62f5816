"""Parked calls: parked by a transfer, taken up again by the slot's number, and back to whoever parked them."""

import itertools

import pytest

from harness.waiting import until

NUMBERS = itertools.count(7000, 20)


class Lot:
    """A parking lot with a number and ten slots behind it, made through the API."""

    def __init__(self, office, **fields):
        self.server, self.api, first = office.server, office.api, next(NUMBERS)
        self.number, self.slots = str(first), [str(first + 1 + each) for each in range(10)]
        body = {"name": f"Lot {first}", "slots_start": self.slots[0], "slots_end": self.slots[-1], **fields}
        self.made = self.api.post("/parkinglots", body).json
        self.path = f"/parkinglots/{self.made['id']}"
        extension = self.api.post("/extensions", {"exten": self.number, "context": "default"}).json
        self.api.ready(self.api.put(f"{self.path}/extensions/{extension['id']}"))


@pytest.fixture
def three(office):
    people = [office.person() for _ in range(3)]
    return people, [office.phone(person) for person in people]


def test_a_call_is_parked_by_blind_transfer_and_taken_up_by_its_slot(office, three):
    (ann, ben, eve), (at_ann, at_ben, at_eve) = three
    lot = Lot(office)
    watcher = office.sip(office.person())
    lamp, free = (watcher.watch(slot) for slot in lot.slots[:2])
    lamp.wait_for("idle")
    out, incoming = office.connect(at_ann, at_ben, ben.number)
    incoming.transfer(lot.number)
    incoming.wait_closed()
    lamp.wait_for("inuse")
    out.wait_to_hear_not(at_ben)
    out.wait_for_sound()
    taken = at_eve.call(lot.slots[0]).wait_established()
    out.wait_to_hear(at_eve)
    taken.wait_to_hear(at_ann)
    lamp.wait_for("idle")
    assert free.history()[-1] == "idle"
    # Nobody is there any more.
    empty = at_ben.call(lot.slots[0]).wait_established()
    empty.wait_for_sound()
    taken.hangup()
    out.wait_closed()


def test_whoever_parks_by_attended_transfer_hears_the_slot(office, three):
    (ann, ben, eve), (at_ann, at_ben, at_eve) = three
    lot = Lot(office)
    lamp = office.sip(office.person()).watch(lot.slots[0])
    out, incoming = office.connect(at_ann, at_ben, ben.number)
    incoming.hold()
    asking = at_ben.call(lot.number).wait_established()
    asking.wait_for_sound()
    lamp.wait_for("inuse")
    incoming.attended_transfer(asking)
    incoming.wait_closed()
    out.wait_to_hear_not(at_ben)
    lamp.wait_for("inuse")
    taken = at_eve.call(lot.slots[0]).wait_established()
    out.wait_to_hear(at_eve)
    taken.wait_to_hear(at_ann)
    out.hangup()
    lamp.wait_for("idle")


def test_a_call_that_nobody_takes_up_comes_back_to_whoever_parked_it(office, three):
    (ann, ben, _), (at_ann, at_ben, _) = three
    lot = Lot(office, timeout=2)
    out, incoming = office.connect(at_ann, at_ben, ben.number)
    incoming.transfer(lot.number)
    incoming.wait_closed()
    back = at_ben.wait_for_incoming()
    assert back.caller() == (ann.name, ann.number)
    back.answer()
    out.wait_to_hear(at_ben)
    back.wait_to_hear(at_ann)


def test_changed_slots_and_timeout_really_change(office, three, api):
    (ann, ben, eve), (at_ann, at_ben, at_eve) = three
    lot = Lot(office)
    def shown():
        return lot.server.command(f"parking show parking-{lot.made['id']}")
    assert "45 sec" in shown() and lot.slots[0] in shown()
    api.ready(api.put(lot.path, {"slots_start": lot.slots[4], "slots_end": lot.slots[5], "timeout": 0}))
    assert lot.slots[0] not in shown()
    out, incoming = office.connect(at_ann, at_ben, ben.number)
    incoming.transfer(lot.number)
    incoming.wait_closed()
    lamp = office.sip(office.person()).watch(lot.slots[4])
    lamp.wait_for("inuse")
    gone = at_eve.call(lot.slots[0])
    gone.wait_closed()
    at_eve.call(lot.slots[4]).wait_established()
    out.wait_to_hear(at_eve)
    # A lot that goes takes its slots along.
    api.ready(api.delete(lot.path))
    until(lambda: "Could not find" in shown() or not shown().strip() or "parking-" not in shown(), 5, "the lot is gone")


def test_keys_of_a_lot_and_of_a_slot_dial_them(office, three, api):
    (_, ben, eve), (at_ann, at_ben, at_eve) = three
    lot = Lot(office)
    keys = {
        "1": {"destination": {"type": "parking", "parking_lot_id": lot.made["id"]}},
        "2": {"destination": {"type": "park_position", "parking_lot_id": lot.made["id"], "position": int(lot.slots[2])}},
    }
    api.put(f"{eve.path}/funckeys", {"keys": keys})
    items = api.get(f"/cordboard{eve.path}/funckeys").json["items"]
    assert [(item["type"], item["number"]) for item in items] == [("speeddial", lot.number), ("blf", lot.slots[2])]


def test_parked_calls_do_not_need_cordboard(own):
    ann, ben, eve = own.person(), own.person(), own.person()
    at_ann, at_ben, at_eve = own.phone(ann), own.phone(ben), own.phone(eve)
    lot = Lot(own, timeout=4)
    own.server.kill()
    out, incoming = own.connect(at_ann, at_ben, ben.number)
    incoming.transfer(lot.number)
    incoming.wait_closed()
    taken = at_eve.call(lot.slots[0]).wait_established()
    out.wait_to_hear(at_eve)
    taken.transfer(lot.number)
    taken.wait_closed()
    at_eve.wait_for_incoming().answer()
    out.wait_to_hear(at_eve)
