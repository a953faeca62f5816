"""Makes users through the API, each with a number, an account and a name that no other test uses."""

import itertools
from dataclasses import dataclass, field
from pathlib import Path

from .api import Api
from .phone import Phone
from .server import Cordboard
from .waiting import TookTooLong, until
from .sip import SipClient

NUMBERS = itertools.count(1001)
PIN = "4321"
CONTEXT = "default"


@dataclass
class Account:
    """What one types into a phone."""

    username: str
    password: str


@dataclass
class Person:
    """One user of the PBX: its API object, number and accounts (one a line)."""

    name: str
    number: str
    accounts: list[Account]
    user: dict = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/users/{self.user['uuid']}"


def account(number: str, line: int = 1) -> Account:
    return Account(f"line{line}x{number}", f"pw-{number}-{line}-Zq8")


def endpoint(its: Account, options=(), templates=()) -> dict:
    """The body of a SIP endpoint for the account; `templates` are uuids."""
    body = {"name": its.username, "auth_section_options": [["username", its.username], ["password", its.password]]}
    if options:
        body["endpoint_section_options"] = [list(pair) for pair in options]
    return {**body, "templates": [{"uuid": uuid} for uuid in templates]} if templates else body


class Office:
    """Users and phones of one test."""

    def __init__(self, server: Cordboard):
        self.server, self.api = server, server.api
        self._open: list = []

    def number(self) -> str:
        return str(next(NUMBERS))

    def person(self, *, lines: int = 1, voicemail: bool = False, context: str = CONTEXT, options=(), templates=(), **fields) -> Person:
        """A user from the single POST /users, ready to register when this returns."""
        number = self.number()
        accounts = [account(number, line + 1) for line in range(lines)]
        name = f"Ann N{number}"
        body = {
            "firstname": "Ann",
            "lastname": f"N{number}",
            "lines": [
                {"context": context, "extensions": [{"exten": number}], "endpoint_sip": endpoint(each, options, templates)}
                for each in accounts
            ],
            **fields,
        }
        if voicemail:
            body["voicemail"] = {"number": number, "context": context, "password": PIN}
        answer = self.api.post("/users", body)
        self.api.ready(answer)
        return Person(name, number, accounts, answer.json)

    def person_with_two_numbers(self) -> Person:
        """A user with two lines, each with an extension of its own; `number` is that of the first."""
        numbers = [self.number(), self.number()]
        accounts = [account(number) for number in numbers]
        lines = [
            {"context": CONTEXT, "extensions": [{"exten": number}], "endpoint_sip": endpoint(its)}
            for number, its in zip(numbers, accounts, strict=True)
        ]
        answer = self.api.post("/users", {"firstname": "Two", "lines": lines})
        self.api.ready(answer)
        return Person("Two", numbers[0], accounts, answer.json)

    def stepwise_person(self) -> Person:
        """The same user, made with one request for each part."""
        number = self.number()
        its, api = account(number), self.api
        user = api.post("/users", {"firstname": "Bob", "lastname": f"N{number}"}).json
        line = api.post("/lines", {"context": CONTEXT}).json
        sip = api.post("/endpoints/sip", endpoint(its)).json
        extension = api.post("/extensions", {"exten": number, "context": CONTEXT}).json
        box = api.post("/voicemails", {"name": f"Bob N{number}", "number": number, "context": CONTEXT, "password": PIN}).json
        api.put(f"/lines/{line['id']}/endpoints/sip/{sip['uuid']}")
        api.put(f"/lines/{line['id']}/extensions/{extension['id']}")
        api.put(f"/users/{user['uuid']}/lines/{line['id']}")
        api.ready(api.put(f"/users/{user['uuid']}/voicemails/{box['id']}"))
        return Person(f"Bob N{number}", number, [its], user)

    def phone(self, person: Person, line: int = 1, transport: str = "udp", **options) -> Phone:
        """A registered phone on a line of the user."""
        return self.unregistered_phone(person, line, transport, **options).register()

    def unregistered_phone(self, person: Person, line: int = 1, transport: str = "udp", password: str | None = None, **options) -> Phone:
        its = person.accounts[line - 1]
        where = getattr(self.server, transport)
        if transport == "tls":
            options["trusted"] = str(self.server.certificate)
        made = Phone(where, its.username, password or its.password, transport=transport, **options)
        self._open.append(made)
        return made

    def wait_until_joined(self, phone: Phone, timeout: float = 10):
        """Waits until Asterisk has joined the phone's call with another. Only then may it be transferred."""
        until(lambda: self._is_joined(phone), timeout, f"{phone} is joined with somebody")

    def _is_joined(self, phone: Phone) -> bool:
        channels = (line.split("!") for line in self.server.command("core show channels concise").splitlines())
        return any(channel[0].startswith(f"PJSIP/{phone.user}-") and channel[-2] for channel in channels if len(channel) > 2)

    def sip(self, person: Person, password: str | None = None) -> SipClient:
        """A raw SIP client with the account of the user."""
        return self.sip_of_line(person, 1, password)

    def sip_of_line(self, person: Person, line: int, password: str | None = None) -> SipClient:
        its = person.accounts[line - 1]
        made = SipClient(self.server.udp, its.username, password or its.password)
        self._open.append(made)
        return made

    def connect(self, caller: Phone, callee: Phone, number: str):
        """Call the number and answer there; gives both ends, which hear each other."""
        out = caller.call(number)
        try:
            incoming = callee.wait_for_incoming()
        except TookTooLong as late:
            raise TookTooLong(f"{late}\n{caller}:\n{caller.story()}") from late
        incoming.answer()
        out.wait_established()
        out.wait_to_hear(callee)
        incoming.wait_to_hear(caller)
        return out, incoming

    def mailbox(self, person: Person) -> dict:
        """The user's voicemail as the API shows it."""
        return self.api.get(f"/voicemails/{person.user['voicemail']['id']}").json

    def spool(self, number: str) -> Path:
        """The folder of a mailbox in the spool of the managed Asterisk."""
        return self.server.folder / "asterisk/spool/voicemail" / CONTEXT / number

    def messages(self, person: Person) -> int:
        """Recorded new messages in the mailbox of the user, counted as files in the spool of the managed Asterisk."""
        spool = self.server.folder / "asterisk"
        return len(list(spool.glob(f"**/voicemail/*/{person.number}/INBOX/msg*.txt")))

    def callee(self, person: Person, to_calls: int, line: int = 1) -> SipClient:
        """A registered raw client that answers every call with this status, or rings (RING)."""
        made = self.sip_of_line(person, line)
        made.to_calls = to_calls
        made.register()
        return made

    def forward(self, person: Person, event: str, number: str | None):
        """Sets a forward; None switches it off."""
        body = {"enabled": number is not None, "destination": number}
        self.api.ready(self.api.put(f"{person.path}/forwards/{event}", body))

    def fallbacks(self, person: Person, **by_event: dict):
        """Sets the fallbacks: `noanswer={"type": …}`."""
        body = {f"{event}_destination": destination for event, destination in by_event.items()}
        self.api.ready(self.api.put(f"{person.path}/fallbacks", body))

    def service(self, person: Person, name: str, on: bool = True):
        self.api.ready(self.api.put(f"{person.path}/services/{name}", {"enabled": on}))

    def close(self):
        for each in self._open:
            each.close()
