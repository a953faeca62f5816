"""A telephone network for the tests: a second SIP peer on a loopback address of its own.

It takes calls and answers them as told (200, 486, 503 …), makes calls, and registers phone systems that know its password.
"""

import itertools
import re
import secrets

from .phone import Message
from .sip import SipClient, digest, md5

ADDRESSES = (f"127.0.{high}.{low}" for high, low in itertools.product(range(1, 255), range(1, 255)))
REASONS = {200: "OK", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 480: "Gone", 486: "Busy Here", 503: "Out", 603: "Decline"}


class Provider(SipClient):
    """`answer` is what calls are answered with; `ringing` holds them until the caller gives up; `answers_options`: is it polite?"""

    def __init__(self, host_port: str, user: str = "provider", password: str = "", answer: int = 200):
        self.answer, self.ringing, self.registrar_password, self.answers_options = answer, False, "", True
        self.registered: list[Message] = []
        super().__init__(host_port, user, password, address=next(ADDRESSES))

    @property
    def host(self) -> str:
        return f"{self.address}:{self.port}"

    def calls(self) -> list[Message]:
        """The calls that came in, each once."""
        found = {m.call_id(): m for m in list(self.received) if m.status() is None and m.method() == "INVITE"}
        return list(found.values())

    def ended(self) -> list[Message]:
        """The calls that the phone system ended, each once."""
        return list({message.call_id(): message for message in self.received if message.method() == "BYE"}.values())

    def wait_for_call(self, timeout: float = 15) -> "Taken":
        self.wait(self.calls, timeout, "a call over the trunk")
        return Taken(self.calls()[-1])

    def _reply(self, request: str, status: int, headers: dict[str, str] | None = None, body: str = ""):
        kept = [line for line in request.split("\r\n\r\n")[0].split("\r\n")[1:] if re.match(r"(?i)(via|from|to|call-id|cseq|record-route):", line)]
        kept = [line + ";tag=provider" if re.match(r"(?i)to:", line) and "tag=" not in line else line for line in kept]
        more = [f"{name}: {value}" for name, value in {"Contact": self.contact(), **(headers or {})}.items()]
        first = f"SIP/2.0 {status} {REASONS.get(status, 'Whatever')}"
        self._socket.send(("\r\n".join([first, *kept, *more, f"Content-Length: {len(body)}"]) + "\r\n\r\n" + body).encode())

    def _answer(self, request: str):
        message = Message("RX\n" + request)
        method = message.method()
        if method == "REGISTER":
            self._register(request, message)
        elif method == "OPTIONS" and not self.answers_options:
            return
        elif method != "INVITE":
            self._reply(request, 200)
        elif self.ringing:
            self._reply(request, 180)
        elif self.answer == 200:
            self._reply(request, 200, {"Content-Type": "application/sdp"}, self.offer())
        else:
            self._reply(request, self.answer)

    def _register(self, request: str, message: Message):
        shown = message.headers.get("authorization", "")
        if not self._knows(shown):
            return self._reply(request, 401, {"WWW-Authenticate": f'Digest realm="provider", nonce="{secrets.token_hex(8)}", algorithm=MD5'})
        self.registered.append(message)
        return self._reply(request, 200, {"Contact": message.headers["contact"] + ";expires=300"})

    def _knows(self, shown: str) -> bool:
        """Is this the Authorization of somebody who knows the password?"""
        fields = {key.lower(): quoted or bare for key, quoted, bare in re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]+))', shown)}
        if not fields:
            return False
        one = md5(f"{fields['username']}:{fields['realm']}:{self.registrar_password}")
        two = md5(f"REGISTER:{fields['uri']}")
        middle = f"{fields['nonce']}:{fields['nc']}:{fields['cnonce']}:{fields['qop']}" if fields.get("qop") else fields["nonce"]
        return fields["response"] == md5(f"{one}:{middle}:{two}")

    def call(self, number: str, uri: str | None = None, timeout: float = 20) -> Message:
        """Call a number of the phone system (or the contact that it registered); gives the final answer."""
        target = uri or f"sip:{number}@{self.server}"
        call_id, tag, headers = secrets.token_hex(8), secrets.token_hex(4), {"Content-Type": "application/sdp"}
        for _ in range(2):
            sequence, branch = self._send("INVITE", target, call_id, tag, f"<{target}>", headers, self.offer())
            answer = self._final_answer(call_id, sequence, "INVITE", timeout)
            self._acknowledge(target, call_id, tag, sequence, branch, answer)
            challenge = answer.headers.get("www-authenticate")
            if answer.status() != 401 or "Authorization" in headers or not self.password:
                break
            headers["Authorization"] = digest(challenge, "INVITE", target, self.auth_user, self.password)
        return answer


class Taken:
    """A call that reached the network."""

    def __init__(self, invite: Message):
        self.invite = invite

    @property
    def number(self) -> str:
        return re.search(r"sips?:([^@;>]+)@", self.invite.first_line)[1]

    @property
    def caller(self) -> tuple[str, str]:
        """Name and number in `From`."""
        found = re.match(r'\s*(?:"([^"]*)"|([^<]*?))\s*<sips?:([^@;>]+)@', self.invite.headers["from"])
        return (found[1] or found[2] or "", found[3])

    def header(self, name: str) -> str:
        return self.invite.headers.get(name.lower(), "")
