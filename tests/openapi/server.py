"""A running cordboard without an Asterisk, and one thing of every kind in it."""

import itertools
import json
import os
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

TOKEN = "openapi-tests"
PROGRAM = os.environ["CORDBOARD_BIN"]


def document(api: str) -> dict:
    """The OpenAPI document of `confd`, `auth`, `agentd` or `calld`."""
    return json.loads(subprocess.run([PROGRAM, "openapi", api], check=True, capture_output=True).stdout)


def sip(**more) -> dict:
    return {"auth_section_options": [["username", "u"], ["password", "p"]], **more}


# What is made of each kind: where, and with which body. `N` is a number that nothing else has.
KINDS = {
    "context": ("/contexts", {"label": "Own", "user_ranges": [{"start": "1000", "end": "1999"}]}),
    "user": ("/users", {"firstname": "Ada"}),
    "line": ("/lines", {"context": "default", "endpoint_sip": {}}),
    "extension": ("/extensions", {"exten": "1N", "context": "default"}),
    "voicemail": ("/voicemails", {"name": "Ada", "number": "1N", "context": "default"}),
    "incall": ("/incalls", {"destination": {"type": "none"}}),
    "outcall": ("/outcalls", {"name": "outN"}),
    "trunk": ("/trunks", {}),
    "group": ("/groups", {"label": "Sales"}),
    "queue": ("/queues", {"name": "queueN", "label": "Queue"}),
    "agent": ("/agents", {"number": "1N"}),
    "skill": ("/agents/skills", {"name": "skillN"}),
    "rule": ("/queues/skillrules", {"name": "rule"}),
    "conference": ("/conferences", {"name": "Room"}),
    "permission": ("/callpermissions", {"name": "noN"}),
    "filter": ("/callfilters", {"name": "bossN", "strategy": "all-recipients-then-linear-surrogates", "source": "all"}),
    "pickup": ("/callpickups", {"name": "pickN"}),
    "paging": ("/pagings", {"number": "8N", "name": "all"}),
    "parking_lot": ("/parkinglots", {"name": "lot", "slots_start": "701", "slots_end": "710"}),
    "schedule": ("/schedules", {"name": "h", "timezone": "Europe/Paris", "closed_destination": {"type": "none"}}),
    "ivr": ("/ivr", {"name": "menu", "menu_sound": "beep"}),
    "moh": ("/moh", {"name": "jazzN", "mode": "files"}),
    "switchboard": ("/switchboards", {"name": "Desk"}),
    "application": ("/applications", {"name": "App"}),
    "device": ("/devices", {"mac": "00:11:22:33:NN:NN"}),
    "template": ("/funckeys/templates", {"name": "T"}),
    "register": ("/registers/iax", {"remote_host": "192.0.2.1"}),
    "number": ("/phone-numbers", {"number": "+3314050N"}),
    "sip": ("/endpoints/sip", sip()),
    "sip_template": ("/endpoints/sip/templates", sip()),
    "iax": ("/endpoints/iax", {}),
    "custom": ("/endpoints/custom", {"interface": "Local/N"}),
    "sccp": ("/endpoints/sccp", {}),
    "sound": ("/sounds", {"name": "soundN"}),
    "auth user": ("/users", {"username": "accountN", "password": "p"}),
    "auth policy": ("/policies", {"name": "policyN"}),
    "auth group": ("/groups", {"name": "groupN"}),
    "auth tenant": ("/tenants", {"name": "tenantN", "slug": "sN"}),
    "transport": ("/sip/transports", {"name": "transportN"}),
}


class Server:
    """A cordboard with a storage of its own; it ends with `stop`."""

    def __init__(self) -> None:
        fast = Path("/dev/shm")
        self.storage = tempfile.TemporaryDirectory(dir=fast if os.access(fast, os.W_OK) else None)
        settings = {
            "CORDBOARD__HTTP__LISTEN": "127.0.0.1:0",
            "CORDBOARD__STORAGE__DIR": self.storage.name,
            "CORDBOARD__ASTERISK__MODE": "none",
            "CORDBOARD__AUTH__BOOTSTRAP_TOKEN": TOKEN,
            "CORDBOARD__LOG__LEVEL": "error",
        }
        self.process = subprocess.Popen([PROGRAM, "serve"], env=os.environ | settings, stdout=subprocess.PIPE, text=True)
        lines = iter(self.process.stdout.readline, "")
        self.address = next(word for line in lines for word in line.split() if word.startswith("http://"))
        self.numbers = itertools.count(100)
        self.made: dict[str, dict] = {}

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=60)
        self.storage.cleanup()

    def ask(self, method: str, path: str, body: dict | None = None, prefix: str = "/1.1") -> tuple[int, dict]:
        """Asks as the administrator."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}{prefix}{path}", data, method=method)
        request.add_header("X-Auth-Token", TOKEN)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"{}")

    def thing(self, kind: str) -> dict:
        """The one of a kind, made anew when it is gone."""
        path, body = KINDS[kind]
        prefix = "/0.1" if kind.startswith("auth ") else "/1.1"
        known = self.made.get(kind)
        if known is not None and self.ask("GET", f"{path}/{key(known)}", prefix=prefix)[0] == 200:
            return known
        number = str(next(self.numbers))
        text = json.dumps(body).replace("NN:NN", f"{number[0]}0:{number[1:]}").replace("N\"", f"{number}\"")
        status, made = self.ask("POST", path, json.loads(text), prefix)
        assert status in (200, 201), f"{path}: {made}"
        self.made[kind] = made
        return made


def key(thing: dict) -> str:
    """What a thing is known by in a path."""
    return str(next(thing[name] for name in ("id", "uuid", "name") if name in thing))
