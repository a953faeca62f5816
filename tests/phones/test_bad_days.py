"""Asterisk or cordboard is killed while phones are in use."""

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from harness.office import Office
from harness.server import Cordboard
from harness.sip import RING
from harness.waiting import until


@pytest.fixture
def server(tmp_path):
    """A cordboard of this test's own, with an Asterisk that it may kill."""
    made = Cordboard(tmp_path / "run")
    made.start()
    yield made
    made.stop()
    # A test that failed while there was no cordboard leaves an Asterisk behind.
    pidfile = server_pidfile(made)
    if pidfile.exists():
        os.kill(asterisk_pid(made), signal.SIGKILL)


@pytest.fixture
def office(server):
    made = Office(server)
    yield made
    made.close()


def server_pidfile(server: Cordboard) -> Path:
    return server.folder / "asterisk/run/asterisk.pid"


def asterisk_pid(server: Cordboard) -> int:
    return int(server_pidfile(server).read_text())


def stored_contacts(server: Cordboard) -> int:
    with closing(sqlite3.connect(f"file:{server.folder}/asterisk/lib/astdb.sqlite3?mode=ro", uri=True)) as database:
        return database.execute("SELECT count(*) FROM astdb WHERE key LIKE '/registrar/contact/line%'").fetchone()[0]


def test_a_killed_asterisk_comes_back_and_the_registered_phones_are_rung(server, office):
    ann, ben = office.person(), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    office.connect(at_ann, at_ben, ben.number)[0].hangup()
    # Asterisk gathers what it stores of registrations for a second.
    until(lambda: stored_contacts(server) == 2, 10, "both registrations are on disk")
    pid, seen = asterisk_pid(server), set()
    os.kill(pid, signal.SIGKILL)

    def is_back() -> bool:
        status = server.status()
        seen.add(status["asterisk"])
        return status["asterisk_crashes"] == 1 and status["asterisk"] == "running" and status["outcome"] != "pending"

    until(is_back, 30, "Asterisk runs again", pause=0.01)
    assert seen - {"running"}, "the status never said that Asterisk was away"
    assert asterisk_pid(server) != pid
    status = server.status()
    assert (status["error"], status["applied_revision"]) == (None, status["wanted_revision"])
    # Nobody registers again: Asterisk still knows where the phones are.
    office.connect(at_ann, at_ben, ben.number)[0].hangup()
    # And the API still makes phones.
    carl = office.person()
    office.connect(office.phone(carl), at_ann, ann.number)


def test_calls_are_sent_on_also_while_cordboard_is_away(server, office):
    ann, carl, ben = office.person(voicemail=True), office.person(), office.person()
    eve, dora = office.person(), office.person()
    office.callee(ann, 486)
    office.callee(carl, 480)
    at_eve, at_dora, at_ben = office.callee(eve, RING), office.callee(dora, RING), office.phone(ben)
    office.forward(ann, "busy", eve.number)
    office.fallbacks(carl, noanswer={"type": "user", "user_id": dora.user["id"]})
    office.service(eve, "dnd", False)
    server.kill()
    out = at_ben.call(ann.number)
    at_eve.wait_for_call()
    out.hangup()
    out = at_ben.call(carl.number)
    at_dora.wait_for_call()
    out.hangup()
    server.start()
    office.service(eve, "dnd")
    at_ben.call(ann.number).leave_message()
    assert office.messages(ann) == 1 and len(at_eve.calls()) == 1


def test_a_killed_cordboard_costs_no_call_and_the_next_one_goes_on_from_there(server, office):
    ann, ben = office.person(), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    out, incoming = office.connect(at_ann, at_ben, ben.number)
    pid = asterisk_pid(server)
    server.kill()
    out.talk(1)
    out.wait_to_hear(at_ben)
    incoming.wait_to_hear(at_ann)

    server.start()
    assert asterisk_pid(server) == pid
    status = server.status()
    assert (status["asterisk"], status["error"], status["asterisk_crashes"]) == ("running", None, 0), status
    office.api.ready(office.api.delete(ben.path + "?recursive=true"))
    out.wait_to_hear(at_ben)
    incoming.wait_to_hear(at_ann)
    out.hangup()
    incoming.wait_closed()
    assert office.sip(ben).register().status() in (401, 403, 404)
    carl = office.person()
    office.connect(at_ann, office.phone(carl), carl.number)
