"""Busy lamps (BLF): the state of an extension as a subscriber sees it."""


def test_a_lamp_shows_idle_ringing_in_use_and_idle(office):
    ann, ben, clerk = office.person(), office.person(), office.person()
    at_ann, at_ben, watcher = office.phone(ann), office.phone(ben), office.sip(clerk)
    lamp = watcher.watch(ann.number)
    lamp.wait_for("idle")
    out = at_ben.call(ann.number)
    incoming = at_ann.wait_for_incoming()
    lamp.wait_for("ringing")
    incoming.answer()
    lamp.wait_for("inuse")
    out.hangup()
    lamp.wait_for("idle")


def test_a_lamp_shows_a_call_that_its_user_makes(office):
    ann, ben, clerk = office.person(), office.person(), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    lamp = office.sip(clerk).watch(ann.number)
    out, _ = office.connect(at_ann, at_ben, ben.number)
    lamp.wait_for("inuse")
    out.hangup()
    lamp.wait_for("idle")


def test_a_lamp_outlives_the_apply_of_another_user(office):
    ann, ben, clerk = office.person(), office.person(), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    lamp = office.sip(clerk).watch(ann.number)
    lamp.wait_for("idle")
    office.person()
    at_ben.call(ann.number)
    at_ann.wait_for_incoming()
    lamp.wait_for("ringing")
