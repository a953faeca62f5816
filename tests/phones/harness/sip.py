"""A small raw SIP client over UDP, for what a softphone hides: exact answers, several contacts, subscriptions.

It knows registration, INVITE up to the final answer, OPTIONS and SUBSCRIBE, with digest authentication (RFC 2617, MD5).
"""

import hashlib
import itertools
import re
import secrets
import socket
import threading
import time
import xml.etree.ElementTree as ElementTree

from .phone import Message
from .waiting import TookTooLong

DIALOG_INFO = "application/dialog-info+xml"
MESSAGE_SUMMARY = "application/simple-message-summary"


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def digest(challenge: str, method: str, uri: str, user: str, password: str) -> str:
    """The Authorization value that answers a WWW-Authenticate value."""
    fields = {key.lower(): quoted or bare for key, quoted, bare in re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]+))', challenge)}
    one = md5(f"{user}:{fields['realm']}:{password}")
    two = md5(f"{method}:{uri}")
    cnonce, count = secrets.token_hex(8), "00000001"
    response = md5(f"{one}:{fields['nonce']}:{count}:{cnonce}:auth:{two}")
    text = (
        f'Digest username="{user}", realm="{fields["realm"]}", nonce="{fields["nonce"]}", uri="{uri}", response="{response}", '
        f'algorithm=MD5, qop=auth, nc={count}, cnonce="{cnonce}"'
    )
    return text + (f', opaque="{fields["opaque"]}"' if fields.get("opaque") else "")


TRYING, RING = 100, 180


class SipClient:
    """One UDP socket that speaks SIP as `user`; requests from the server are answered 200 and kept. Calls are
    answered with the final status `to_calls` (302 together with a number in `moved_to`), or ring (RING) until the
    caller gives up."""

    def __init__(self, host_port: str, user: str, password: str, auth_user: str | None = None, address: str = "127.0.0.1"):
        self.server, self.user, self.password, self.address = host_port, user, password, address
        self.auth_user = auth_user or user
        host, port = host_port.rsplit(":", 1)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 0))
        self._socket.connect((host, int(port)))
        self._socket.settimeout(0.2)
        self.to_calls, self.moved_to = 486, ""
        self.port = self._socket.getsockname()[1]
        self._changed = threading.Condition()
        self.received: list[Message] = []
        self._ringing: dict[str, str] = {}
        self._sequence = itertools.count(1)
        self._open = True
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def close(self):
        self._open = False
        self._thread.join(2)
        self._socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _read(self):
        while self._open:
            try:
                text = self._socket.recv(65535).decode(errors="replace")
            except (TimeoutError, ConnectionError):
                continue
            except OSError:
                return
            if not text.strip():
                continue
            message = Message("RX\n" + text)
            if message.status() is None and message.method() != "ACK":
                self._answer(text)
            with self._changed:
                self.received.append(message)
                self._changed.notify_all()

    def _answer(self, request: str):
        method = request.split(" ", 1)[0]
        if method == "INVITE":
            self._ringing[self._call_id(request)] = request
            moved = [f"Contact: <sip:{self.moved_to}@{self.server}>"] if self.moved_to else []
            self._reply(request, f"{self.to_calls} Lab", *moved)
            return
        self._reply(request, "200 OK")
        if method == "CANCEL":
            self._reply(self._ringing.get(self._call_id(request), request), "487 Request Terminated")

    @staticmethod
    def _call_id(request: str) -> str:
        return re.search(r"(?im)^call-id:\s*(\S+)", request)[1]

    def _reply(self, request: str, status: str, *more: str):
        kept = [line for line in request.split("\r\n\r\n")[0].split("\r\n")[1:] if re.match(r"(?i)(via|from|to|call-id|cseq|record-route):", line)]
        kept = [line + ";tag=lab" if re.match(r"(?i)to:", line) and "tag=" not in line else line for line in kept]
        self._socket.send(("\r\n".join([f"SIP/2.0 {status}", *kept, *more, "Content-Length: 0"]) + "\r\n\r\n").encode())

    def wait(self, condition, timeout: float, what: str):
        end = time.monotonic() + timeout
        with self._changed:
            while True:
                value = condition()
                if value:
                    return value
                left = end - time.monotonic()
                if left <= 0:
                    raise TookTooLong(f"SIP client {self.user}: not within {timeout:g} s: {what}; received {self.received[-10:]}")
                self._changed.wait(left)

    def contact(self) -> str:
        return f"<sip:{self.user}@{self.address}:{self.port}>"

    def _send(self, method: str, uri: str, call_id: str, tag: str, to: str, headers: dict[str, str], body: str) -> tuple[int, str]:
        sequence, branch = next(self._sequence), "z9hG4bK" + secrets.token_hex(8)
        lines = [
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.address}:{self.port};branch={branch};rport",
            "Max-Forwards: 70",
            f"From: <sip:{self.user}@{self.server}>;tag={tag}",
            f"To: {to}",
            f"Call-ID: {call_id}",
            f"CSeq: {sequence} {method}",
            *(f"{name}: {value}" for name, value in {"Contact": self.contact(), **headers}.items()),
            f"Content-Length: {len(body.encode())}",
        ]
        self._socket.send(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        return sequence, branch

    def request(self, method: str, target: str, headers: dict[str, str] | None = None, body: str = "", timeout: float = 10, to: str = "") -> Message:
        """Send a request outside of a dialog, answering one challenge; gives the final answer. `to` is another To header than usual."""
        uri = f"sip:{target}@{self.server}" if target else f"sip:{self.server}"
        to = to or (f"<sip:{self.user}@{self.server}>" if method == "REGISTER" else f"<{uri}>")
        call_id, tag, headers = secrets.token_hex(8), secrets.token_hex(4), dict(headers or {})
        answer = None
        for _ in range(2):
            sequence, branch = self._send(method, uri, call_id, tag, to, headers, body)
            answer = self._final_answer(call_id, sequence, method, timeout)
            if method == "INVITE" and answer.status() >= 300:
                self._acknowledge(uri, call_id, tag, sequence, branch, answer)
            challenge = answer.headers.get("www-authenticate") or answer.headers.get("proxy-authenticate")
            if answer.status() not in (401, 407) or "Authorization" in headers or not challenge:
                break
            headers["Authorization"] = digest(challenge, method, uri, self.auth_user, self.password)
        return answer

    def _final_answer(self, call_id: str, sequence: int, method: str, timeout: float) -> Message:
        def found():
            return next(
                (
                    m
                    for m in self.received
                    if (m.status() or 0) >= 200 and m.call_id() == call_id and m.headers.get("cseq", "").split(" ")[0] == str(sequence)
                ),
                None,
            )

        return self.wait(found, timeout, f"a final answer to {method}")

    def _acknowledge(self, uri: str, call_id: str, tag: str, sequence: int, branch: str, answer: Message):
        lines = [
            f"ACK {uri} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.address}:{self.port};branch={branch};rport",
            "Max-Forwards: 70",
            f"From: <sip:{self.user}@{self.server}>;tag={tag}",
            f"To: {answer.headers['to']}",
            f"Call-ID: {call_id}",
            f"CSeq: {sequence} ACK",
            "Content-Length: 0",
        ]
        self._socket.send(("\r\n".join(lines) + "\r\n\r\n").encode())

    def hang_up(self, answer: Message):
        """End the call that was answered so; its sound is needed by nobody."""
        if answer.status() != 200:
            return
        uri, dialog = f"sip:{self.server}", {name: answer.headers[name] for name in ("from", "to", "call-id")}
        sequence = int(answer.headers["cseq"].split(" ")[0])
        for method, number in (("ACK", sequence), ("BYE", sequence + 1)):
            lines = [
                f"{method} {uri} SIP/2.0",
                f"Via: SIP/2.0/UDP {self.address}:{self.port};branch=z9hG4bK{secrets.token_hex(8)};rport",
                "Max-Forwards: 70",
                *(f"{name.title()}: {value}" for name, value in dialog.items()),
                f"CSeq: {number} {method}",
                "Content-Length: 0",
            ]
            self._socket.send(("\r\n".join(lines) + "\r\n\r\n").encode())

    def register(self, expires: int = 300) -> Message:
        return self.request("REGISTER", "", {"Expires": str(expires)})

    def invite(self, number: str, timeout: float = 15) -> Message:
        """Call a number offering PCMU; gives the final answer (an answered call is left to its end by the server)."""
        return self.request("INVITE", number, {"Content-Type": "application/sdp"}, self.offer(), timeout)

    def offer(self) -> str:
        """PCMU, to a port that nobody listens on."""
        return (
            f"v=0\r\no=- 1 1 IN IP4 {self.address}\r\ns=-\r\nc=IN IP4 {self.address}\r\nt=0 0\r\n"
            f"m=audio {self.port + 1 & ~1} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
        )

    def calls(self) -> list[Message]:
        """The INVITEs that came in, one a call."""
        invites = [m for m in self.received if m.status() is None and m.method() == "INVITE"]
        return list({m.call_id(): m for m in reversed(invites)}.values())[::-1]

    def wait_for_call(self, timeout: float = 15) -> Message:
        """The INVITE of the first call."""
        return self.wait(self.calls, timeout, "a call")[0]

    def options(self) -> Message:
        return self.request("OPTIONS", "")

    def subscribe(self, number: str, event: str, accept: str, expires: int = 300) -> Message:
        return self.request("SUBSCRIBE", number, {"Event": event, "Accept": accept, "Expires": str(expires)})

    def watch(self, number: str) -> "Lamp":
        """Subscribe to the state of an extension (BLF)."""
        answer = self.subscribe(number, "dialog", DIALOG_INFO)
        assert answer.status() in (200, 202), f"SUBSCRIBE to {number} was answered {answer.first_line}"
        return Lamp(self, answer.call_id())

    def watch_mailbox(self, account: str) -> "MailLamp":
        """Subscribe to the message-waiting lamp of an account, as a phone does with its own."""
        answer = self.subscribe(account, "message-summary", MESSAGE_SUMMARY)
        assert answer.status() in (200, 202), f"SUBSCRIBE to the mailbox of {account} was answered {answer.first_line}"
        return MailLamp(self, answer.call_id())


class Lamp:
    """The busy lamp of one extension: idle, ringing, inuse or unknown."""

    def __init__(self, client: SipClient, call_id: str):
        self.client, self._call_id = client, call_id

    def history(self) -> list[str]:
        return [self._state(m.body) for m in self.client.received if m.method() == "NOTIFY" and m.call_id() == self._call_id and m.body]

    @staticmethod
    def _state(body: str) -> str:
        space = "{urn:ietf:params:xml:ns:dialog-info}"
        states = [element.text for element in ElementTree.fromstring(body).iter(f"{space}state")]
        if "early" in states:
            return "ringing"
        if "confirmed" in states:
            return "inuse"
        return "idle" if not states or "terminated" in states else "unknown"

    def wait_for(self, state: str, timeout: float = 10):
        """Waits until the lamp shows the state."""
        self.client.wait(lambda: self.history()[-1:] == [state], timeout, f"lamp {state}, it showed {self.history()}")


class MailLamp:
    """The message-waiting lamp that a subscription sees."""

    def __init__(self, client: SipClient, call_id: str):
        self.client, self._call_id = client, call_id

    def is_on(self) -> bool | None:
        notes = [m for m in self.client.received if m.method() == "NOTIFY" and m.call_id() == self._call_id and m.body]
        found = re.search(r"Messages-Waiting:\s*(yes|no)", notes[-1].body, re.IGNORECASE) if notes else None
        return found[1].lower() == "yes" if found else None

    def wait_for(self, on: bool, timeout: float = 10):
        self.client.wait(lambda: self.is_on() is on, timeout, f"message lamp {'on' if on else 'off'}")
