"""Agents: logging in and out by phone and over REST, pauses, penalties, and what survives."""

import itertools
import os
import signal

import pytest

from harness.api import Api
from harness.server import TOKEN
from harness.waiting import until

NUMBERS = itertools.count(2501)


class Queue:
    """A queue with a number, made through the API."""

    def __init__(self, office, **fields):
        self.api, self.number = office.api, str(next(NUMBERS))
        options = [["timeout", "2"], ["retry", "0"], ["strategy", "ringall"], ["ringinuse", "no"]]
        self.made = self.api.post("/queues", {"name": f"queue{self.number}", "options": options, **fields}).json
        self.id, self.name = self.made["id"], self.made["name"]
        self.context = next(one for one in self.api.get("/contexts").json["items"] if one["name"] == "default")
        ranges = [*self.context["queue_ranges"], {"start": self.number, "end": self.number}]
        self.api.put(f"/contexts/{self.context['id']}", {"queue_ranges": ranges})
        extension = self.api.post("/extensions", {"exten": self.number, "context": "default"}).json
        self.api.ready(self.api.put(f"/queues/{self.id}/extensions/{extension['id']}"))

    def place(self, agent, **place):
        return self.api.put(f"/queues/{self.id}/members/agents/{agent['id']}", place)


class Desk:
    """agentd's own address, and what Asterisk says of a queue."""

    def __init__(self, server):
        self.server, self.agentd = server, Api(server.http, TOKEN, "/api/agentd/1.0", program=server.api.program)

    def status(self, agent) -> dict:
        return self.agentd.get(f"/agents/by-id/{agent['id']}").json

    def do(self, agent, action: str, body=None, expect: int = 204):
        return self.agentd.post(f"/agents/by-id/{agent['id']}/{action}", body, expect=expect).json

    def members(self, queue) -> list[str]:
        lines = self.server.command(f"queue show {queue.name}").splitlines()
        return [line.strip() for line in lines if "@agentcallback" in line]


@pytest.fixture
def desk(cordboard):
    return Desk(cordboard)


def seat(office, *queues, **fields):
    """A user with an agent in these queues, and the agent."""
    person = office.person(agent={"queues": [{"id": queue.id} for queue in queues], **fields})
    return person, person.user["agent"]


def dial(phone, number: str):
    """Dials a code and hears it out to its end."""
    call = phone.call(number).wait_established()
    call.wait_for_sound()
    call.wait_closed()


def logged(desk, agent, state: bool = True):
    until(lambda: desk.status(agent)["logged"] is state, 3, f"logged is {state}")


def test_an_agent_logs_in_by_phone_answers_and_logs_out(office, desk):
    queue = Queue(office)
    ann, agent = seat(office, queue)
    at_ann, at_caller = office.phone(ann), office.phone(office.person())
    assert desk.status(agent) == {
        "id": agent["id"], "tenant_uuid": agent["tenant_uuid"], "origin_uuid": office.api.get("/infos").json["uuid"],
        "number": ann.number, "logged": False, "paused": False, "paused_reason": None, "extension": None, "context": None,
        "state_interface": None,
        "queues": [{"id": queue.id, "name": queue.name, "display_name": queue.name, "logged": False, "paused": False, "paused_reason": None}],
    }
    dial(at_ann, f"*31{ann.number}")
    status = desk.status(agent)
    assert (status["logged"], status["extension"], status["context"]) == (True, ann.number, "default")
    assert status["state_interface"] == f"PJSIP/{ann.accounts[0].username}"
    assert status["queues"][0]["logged"]
    # Nobody disturbs a person, but an agent who is logged in answers.
    office.api.put(f"{ann.path}/services/dnd", {"enabled": True})
    office.connect(at_caller, at_ann, queue.number)[0].hangup()
    # The queue's own time, again and again.
    out = at_caller.call(queue.number)
    at_ann.wait_for_incoming().wait_closed(6)
    at_ann.wait_for_incoming().answer()
    out.wait_established().hangup()
    dial(at_ann, f"*31{ann.number}")
    assert desk.status(agent)["logged"], "who is logged in stays so"
    dial(at_ann, f"*30{ann.number}")
    assert not desk.status(agent)["logged"]
    assert desk.members(queue) == []
    dial(at_ann, f"*30*{agent['id']}")
    assert desk.status(agent)["logged"]
    dial(at_ann, f"*32{ann.number}")
    assert not desk.status(agent)["logged"]


def test_a_password_is_asked_and_a_phone_has_one_agent(office, desk):
    queue = Queue(office)
    ann, agent = seat(office, queue, password="1234")
    bob, other = seat(office, queue)
    at_ann = office.phone(ann)
    call = at_ann.call(f"*31{ann.number}").wait_established()
    call.wait_for_sound()
    call.dtmf("9#")
    call.wait_for_silence()
    assert not desk.status(agent)["logged"]
    call.dtmf("1234#")
    call.wait_closed(15)
    assert desk.status(agent)["logged"]
    # The phone is taken, also over REST.
    dial(at_ann, f"*31{bob.number}")
    assert not desk.status(other)["logged"]
    here = {"extension": ann.number, "context": "default"}
    assert desk.do(other, "login", here, expect=409) == {"error": "extension and context already in use"}
    assert desk.do(agent, "login", here, expect=409) == {"error": "already logged"}
    assert desk.do(other, "logoff", expect=409) == {"error": "not logged"}
    assert desk.do(other, "pause", {"reason": "x"}, expect=409) == {"error": "not logged"}
    # A password that no phone can send lets nobody in by phone.
    office.api.ready(office.api.put(f"/agents/{other['id']}", {"password": "a,/b"}))
    dial(office.phone(bob), f"*31{bob.number}")
    assert not desk.status(other)["logged"]
    # Nobody is found by a wrong number, and agents of others are nobody.
    dial(at_ann, "*31999999")
    dial(at_ann, "*30*999999")


def test_over_rest_agents_log_in_pause_and_change_queues_at_once(office, desk):
    sales, support = Queue(office), Queue(office)
    ann, agent = seat(office, sales)
    at_ann, at_caller = office.phone(ann), office.phone(office.person())
    desk.do(agent, "login", {"extension": ann.number, "context": "default"})
    logged(desk, agent)
    office.connect(at_caller, at_ann, sales.number)[0].hangup()
    # A queue that is added is answered at once; a changed penalty counts at once.
    support.place(agent, penalty=3)
    until(lambda: len(desk.members(support)) == 1, 3, "a member of the other queue")
    assert "penalty 3" in desk.members(support)[0]
    support.place(agent, penalty=5)
    until(lambda: "penalty 5" in desk.members(support)[0], 3, "the new penalty")
    # A pause holds in all queues.
    desk.do(agent, "pause", {"reason": "lunch"})
    status = desk.status(agent)
    assert (status["paused"], status["paused_reason"]) == (True, "lunch")
    assert [(one["paused"], one["paused_reason"]) for one in status["queues"]] == [(True, "lunch")] * 2
    waiting = at_caller.call(sales.number).wait_established()
    assert not at_ann.events("call_incoming")[1:], "who pauses is not called"
    desk.do(agent, "unpause")
    at_ann.wait_for_incoming().answer()
    waiting.hangup()
    assert not desk.status(agent)["paused"]
    # One queue alone, until the next login too.
    path = f"/agents/{agent['id']}/queues/{support.id}"
    desk.agentd.put(f"{path}/logoff")
    assert desk.members(support) == [] and len(desk.members(sales)) == 1
    desk.do(agent, "logoff")
    assert desk.members(sales) == []
    desk.do(agent, "login", {"extension": ann.number, "context": "default", "endpoint": f"PJSIP/{ann.accounts[0].username}"})
    assert desk.members(support) == [] and len(desk.members(sales)) == 1
    desk.agentd.put(f"{path}/login")
    assert len(desk.members(support)) == 1
    office.api.delete(f"/queues/{support.id}/members/agents/{agent['id']}")
    until(lambda: desk.members(support) == [], 3, "no member any more")
    # An agent who goes is logged out.
    office.api.delete(f"/agents/{agent['id']}")
    until(lambda: desk.members(sales) == [], 3, "gone")
    assert ann.accounts[0].username not in desk.server.command("database show cordboard-phone")


def test_who_has_less_penalty_is_called_first(office, desk):
    queue = Queue(office)
    (ann, first), (bob, second) = seat(office, queue), seat(office, queue)
    queue.place(second, penalty=1)
    at_ann, at_bob, at_caller = office.phone(ann), office.phone(bob), office.phone(office.person())
    for person, agent in ((ann, first), (bob, second)):
        desk.do(agent, "login", {"extension": person.number, "context": "default"})
    out = at_caller.call(queue.number)
    at_ann.wait_for_incoming()
    assert at_bob.nobody_called()
    out.hangup()
    queue.place(first, penalty=2)
    until(lambda: any("penalty 2" in line for line in desk.members(queue)), 3, "the new penalty")
    at_caller.call(queue.number)
    at_bob.wait_for_incoming().answer()
    assert len([one for one in desk.agentd.get("/agents").json if one["logged"]]) >= 2
    desk.agentd.post("/agents/relog", None, expect=204)
    assert len(desk.members(queue)) == 2
    desk.agentd.post("/agents/logoff", None, expect=204)
    assert desk.members(queue) == []


def test_lamps_of_keys_that_name_an_agent_follow(office, desk):
    ann, agent = seat(office)
    keys = {str(at): {"destination": {"type": "agent", "agent_id": agent["id"], "action": action}} for at, action in enumerate(("toggle", "login", "logout"), 1)}
    office.api.ready(office.api.put(f"{ann.path}/funckeys", {"keys": keys}))
    numbers = [item["number"] for item in office.api.get(f"/cordboard/users/{ann.user['uuid']}/funckeys").json["items"]]
    assert numbers[0] == f"*735{ann.user['id']}***230***3{agent['id']}"
    phone, client = office.phone(ann), office.sip(ann)
    toggle, login, logout = (client.watch(number) for number in numbers)
    for lamp, state in ((toggle, "idle"), (login, "idle"), (logout, "inuse")):
        lamp.wait_for(state)
    dial(phone, numbers[0])
    for lamp, state in ((toggle, "inuse"), (login, "inuse"), (logout, "idle")):
        lamp.wait_for(state)
    desk.do(agent, "logoff")
    for lamp, state in ((toggle, "idle"), (login, "idle"), (logout, "inuse")):
        lamp.wait_for(state)


def test_agents_stay_logged_in_when_asterisk_or_cordboard_restarts(own):
    desk, queue = Desk(own.server), Queue(own)
    (ann, first), (bob, second) = seat(own, queue), seat(own, queue)
    at_ann, at_bob = own.phone(ann), own.phone(bob)
    dial(at_ann, f"*31{ann.number}")
    desk.do(first, "pause", {"reason": "tea"})
    # Cordboard is down: the codes work, and it hears of it when it is back.
    own.server.kill()
    dial(at_bob, f"*31{bob.number}")
    out = at_ann.call(queue.number)
    at_bob.wait_for_incoming().answer()
    out.wait_established().hangup()
    own.server.start()
    logged(desk, second)
    # Asterisk dies with everybody logged in.
    os.kill(int((own.server.folder / "asterisk/run/asterisk.pid").read_text()), signal.SIGKILL)
    until(lambda: desk.agentd.get("/agents").status == 200 and desk.status(second)["logged"], 20, "Asterisk is back")
    until(lambda: len(desk.members(queue)) == 2, 10, "both are members again")
    status = desk.status(first)
    assert (status["logged"], status["paused"], status["paused_reason"]) == (True, True, "tea")
    assert status["queues"][0]["paused"]
    dial(at_bob, f"*32{bob.number}")
    logged(desk, second, False)
