"""A softphone for tests: `Phone` drives one baresip process, `Call` is one call of it.

Every method that waits has a bound and fails with what was missing. Nothing sleeps for a guess.
"""

import itertools
import json
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

from .waiting import TookTooLong, until

PROGRAM = Path(__file__).with_name("phone_process.py")
CODECS = {"PCMU": "pcmu", "PCMA": "pcma", "G722": "g722/16000/1", "opus": "opus/48000/2"}
SILENCE_RMS = 60
# Packets of 20 ms that a call in which a tone was recognised has at least; recognising takes a little longer.
HEARD = 5
TONES = itertools.cycle([440, 620, 790, 950, 1130, 1310, 1490])


class PhoneError(AssertionError):
    """The phone refused to do what the test asked for."""


class RegistrationRefused(PhoneError):
    """The registrar answered with the error `status`."""

    def __init__(self, status: int, text: str):
        super().__init__(text)
        self.status = status


class Message:
    """One SIP message seen by the phone: first line, headers (lower-case names), body."""

    def __init__(self, text: str):
        # The trace puts a line with direction and addresses before the message.
        self.way, _, text = text.replace("\r\n", "\n").partition("\n")
        head, _, self.body = text.partition("\n\n")
        lines = head.split("\n")
        self.first_line = lines[0].strip()
        self.headers: dict[str, str] = {}
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if colon:
                self.headers.setdefault(name.strip().lower(), value.strip())

    def status(self) -> int | None:
        match = re.match(r"SIP/2\.0 (\d{3})", self.first_line)
        return int(match[1]) if match else None

    def method(self) -> str:
        return self.first_line.split(" ")[0] if self.status() is None else self.headers.get("cseq", " ").split(" ")[-1]

    def call_id(self) -> str:
        return self.headers.get("call-id", "")

    def __repr__(self):
        return f"{self.way[:2]} {self.first_line}"


def parse_name_address(value: str) -> tuple[str, str]:
    """`"Ann" <sip:1001@host>` gives ("Ann", "1001")."""
    match = re.match(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*?))\s*<?sips?:([^@>;]+)', value)
    if not match:
        return "", value
    return re.sub(r"\\(.)", r"\1", match[1] if match[1] is not None else match[2] or ""), match[3]


class Phone:
    """A softphone in a process of its own, with one account."""

    def __init__(self, host_port: str, user: str, password: str = "", *, auth_user=None, transport="udp", codecs=("PCMU",),
                 expires=600, tone_hz: int | None = None, trusted: str | None = None, srtp: bool = False):
        self.user, self.transport = user, transport
        self.tone_hz = next(TONES) if tone_hz is None else tone_hz
        self._numbers = itertools.count(1)
        self._changed = threading.Condition()
        self._answers: dict[int, dict] = {}
        self._events: list[dict] = []
        self._messages: list[Message] = []
        self._adopted: set[int] = set()
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.errors: list[str] = []
        self._threads = [
            threading.Thread(target=self._read, daemon=True),
            threading.Thread(target=lambda: self.errors.extend(self._process.stderr), daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        self.do("start", user=user, domain=host_port, password=password, auth_user=auth_user, transport=transport,
                codecs=[CODECS[codec] for codec in codecs], tone_hz=self.tone_hz, expires=expires,
                trusted=trusted, srtp=srtp)

    def __repr__(self):
        return f"<Phone {self.user} over {self.transport}>"

    def _read(self):
        for line in self._process.stdout:
            message = json.loads(line)
            with self._changed:
                if "id" in message:
                    self._answers[message["id"]] = message
                elif message["event"] == "sip":
                    self._messages.append(Message(message["text"]))
                else:
                    self._events.append(message)
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()

    def wait(self, condition, timeout: float, what: str):
        """Wait until `condition()` is true; it is tried anew with each event of the phone."""
        end = time.monotonic() + timeout
        with self._changed:
            while True:
                value = condition()
                if value:
                    return value
                left = end - time.monotonic()
                if left <= 0 or (self._process.poll() is not None and not self._threads[0].is_alive()):
                    raise TookTooLong(f"{self}: not within {timeout:g} s: {what}\n{self.story()}")
                self._changed.wait(min(left, 0.5))

    def do(self, verb: str, timeout: float = 20, **arguments):
        """Send a command to the phone's process and give its answer."""
        number = next(self._numbers)
        self._process.stdin.write(json.dumps({"id": number, "do": verb, **arguments}) + "\n")
        self._process.stdin.flush()
        answer = self.wait(lambda: self._answers.pop(number, None), timeout, f"an answer to {verb}")
        if "error" in answer:
            raise PhoneError(f"{self}: {verb}: {answer['error']}")
        return answer["ok"]

    def story(self) -> str:
        """The last things that happened, for the message of a failed test."""
        lines = [f"  {m}" for m in self._messages[-25:]]
        lines += [f"  event {e['event']} {e['text'] or ''}" for e in self._events[-15:]]
        return "\n".join(lines + [f"  {line.rstrip()}" for line in self.errors[-10:]])

    def messages(self, method: str, *, call_id: str | None = None) -> list[Message]:
        """SIP messages of this method (requests and answers), sent and received, oldest first."""
        return [m for m in list(self._messages) if m.method() == method and call_id in (None, m.call_id())]

    def events(self, name: str, call: int | None = None) -> list[dict]:
        return [e for e in list(self._events) if e["event"] == name and call in (None, e["call"])]

    def register(self, expect: int = 200):
        """Register; with `expect` other than 200, that status must be the registrar's final answer."""
        try:
            self.do("register")
            status = 200
        except PhoneError as error:
            found = re.search(r"\b([3-6]\d\d)\b", str(error))
            status = int(found[1]) if found else 0
            if expect == 200:
                raise RegistrationRefused(status, f"{error}\n{self.story()}") from None
        assert status == expect, f"REGISTER was answered {status}, not {expect}\n{self.story()}"
        return self

    def unregister(self):
        self.do("unregister")

    def call(self, number: str) -> "Call":
        return Call(self, self.do("dial", number=number))

    def wait_for_incoming(self, timeout: float = 10) -> "Call":
        """The next call that rings here."""

        def fresh():
            return next((e for e in self._events if e["event"] == "call_incoming" and e["call"] not in self._adopted), None)

        event = self.wait(fresh, timeout, "an incoming call")
        self._adopted.add(event["call"])
        return Call(self, event["call"], event)

    def nobody_called(self) -> bool:
        return all(e["call"] in self._adopted for e in self.events("call_incoming"))

    def message_lamp(self) -> bool | None:
        """What the newest message-summary NOTIFY said; None before the first one."""
        notes = [m for m in self.messages("NOTIFY") if m.headers.get("event", "").startswith("message-summary") and m.body]
        match = re.search(r"Messages-Waiting:\s*(yes|no)", notes[-1].body, re.IGNORECASE) if notes else None
        return match[1].lower() == "yes" if match else None

    def wait_for_lamp(self, on: bool, timeout: float = 10):
        self.wait(lambda: self.message_lamp() is on, timeout, f"the message lamp {'on' if on else 'off'}")

    def close(self):
        """End the phone; it takes back its registration when it can."""
        if self._process.poll() is None:
            self._process.stdin.close()
            try:
                self._process.wait(8)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(5)
        for thread in self._threads:
            thread.join(2)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Call:
    """One call of a phone."""

    def __init__(self, phone: Phone, handle: int, incoming: dict | None = None):
        self.phone, self.handle, self._incoming = phone, handle, incoming

    def __repr__(self):
        return f"<Call {self.handle} of {self.phone}>"

    def _event(self, name: str) -> dict | None:
        return next(iter(self.phone.events(name, self.handle)), None)

    def call_id(self) -> str:
        ids = [e["call_id"] for e in self.phone._events if e["call"] == self.handle and e["call_id"]]
        return ids[0] if ids else ""

    def caller(self) -> tuple[str, str]:
        """Name and number that the phone would show for an incoming call."""
        return parse_name_address(self._invite(None, "the INVITE").headers["from"])

    def _invite(self, status: int | None, what: str) -> Message:
        """The first INVITE (status None) or answer to one. The trace of the wire comes a little later than the events."""

        def first():
            return next((m for m in self.phone.messages("INVITE", call_id=self.call_id()) if m.status() == status), None)

        return self.phone.wait(first, 3, f"{what} of {self}")

    def answer(self):
        self.phone.do("answer", call=self.handle)
        self.wait_established()
        return self

    def reject(self):
        """Answer 486 Busy Here."""
        self.phone.do("reject", call=self.handle)
        self.wait_closed()

    def hangup(self):
        if not self.is_closed():
            try:
                self.phone.do("hangup", call=self.handle)
            except PhoneError:
                if not self.is_closed():
                    raise
        self.wait_closed()

    def hold(self):
        self.phone.do("hold", call=self.handle)

    def resume(self):
        self.phone.do("resume", call=self.handle)

    def transfer(self, number: str):
        """Blind transfer (REFER); returns when the server has accepted it. The call ends when the third party answers."""
        self._refer("transfer", number=number)

    def attended_transfer(self, consultation: "Call"):
        """REFER with Replaces: connects the other parties of this call and of `consultation`; both end here."""
        self._refer("attended_transfer", consultation=consultation.handle)
        self.wait_closed()
        consultation.wait_closed()

    def _refer(self, verb: str, **arguments):
        self.phone.do(verb, call=self.handle, **arguments)

        def answer():
            statuses = [m.status() for m in self.phone.messages("REFER", call_id=self.call_id()) if m.status() not in (None, 100)]
            return statuses[-1] if statuses and statuses[-1] != 401 else None

        status = self.phone.wait(answer, 10, f"an answer to the REFER of {self}")
        assert status == 202, f"REFER was answered {status}\n{self.phone.story()}"

    def dtmf(self, digits: str):
        self.phone.do("dtmf", call=self.handle, digits=digits, timeout=5 + len(digits))

    def is_established(self) -> bool:
        return self._event("call_established") is not None

    def is_closed(self) -> bool:
        return self._event("call_closed") is not None

    def is_ringing(self) -> bool:
        return self._event("call_ringing") is not None

    def wait_ringing(self, timeout: float = 10):
        self.phone.wait(lambda: self.is_ringing() or self.is_closed(), timeout, f"ringing of {self}")
        assert self.is_ringing(), f"{self} ended instead of ringing: {self.close_reason()}\n{self.phone.story()}"
        return self

    def wait_established(self, timeout: float = 10):
        self.phone.wait(lambda: self.is_established() or self.is_closed(), timeout, f"an answer to {self}")
        assert self.is_established(), f"{self} was not answered: {self.close_reason()}\n{self.phone.story()}"
        return self

    def wait_closed(self, timeout: float = 10) -> str:
        """Waits for the end of the call and gives its reason."""
        self.phone.wait(self.is_closed, timeout, f"the end of {self}")
        return self.close_reason()

    def close_reason(self) -> str:
        event = self._event("call_closed")
        return (event["text"] or "") if event else ""

    def status(self) -> int | None:
        """The final answer to the INVITE of this call; of a call that failed, what the phone says was the reason."""
        found = re.match(r"\d{3}", self.close_reason())
        if found:
            return int(found[0])
        return 200 if self.is_established() else None

    def codec(self) -> str:
        """Name of the codec that the answer to the first INVITE chose."""
        body = self._invite(200, "the answer").body
        media = re.search(r"^m=audio \d+ \S+ (\d+)", body, re.MULTILINE)
        assert media, f"no audio in {body}"
        named = re.search(rf"^a=rtpmap:{media[1]} ([^/]+)", body, re.MULTILINE)
        return named[1] if named else {"0": "PCMU", "8": "PCMA", "9": "G722"}[media[1]]

    def hear(self, *tones: int, seconds: float = 0.4) -> dict:
        heard = self.phone.do("hear", call=self.handle, tones=list(tones), seconds=seconds)
        heard["tones"] = {int(tone): share for tone, share in heard["tones"].items()}
        return heard

    def hears(self, other: Phone) -> bool:
        """Whether the tone of the other phone dominates what comes in now."""
        return self.hear(other.tone_hz)["tones"][other.tone_hz] > 0.5

    def wait_to_hear(self, other: Phone, timeout: float = 8):
        until(lambda: self.hears(other), timeout, f"{self} hears the tone of {other}")

    def wait_to_hear_not(self, other: Phone, timeout: float = 8):
        until(lambda: not self.hears(other), timeout, f"{self} no longer hears the tone of {other}")

    def wait_for_sound(self, timeout: float = 8):
        """Waits for anything but silence, such as a prompt."""
        until(lambda: self.hear()["rms"] > SILENCE_RMS, timeout, f"{self} hears something")

    def wait_for_silence(self, timeout: float = 30, seconds: float = 1.2):
        """Waits until nothing was heard for `seconds`, as after the beep of a mailbox."""
        until(lambda: self.hear()["quiet"] > seconds, timeout, f"{self} hears nothing")

    def talk(self, seconds: float):
        """Returns when the phone's tone was sent for `seconds` more."""
        self.phone.do("talk", call=self.handle, seconds=seconds, timeout=3 * seconds + 5)

    def leave_message(self, seconds: float = 3):
        """Skip the greeting, talk after the beep, hang up."""
        self.wait_established(timeout=40)
        self.wait_for_sound()
        self.dtmf("#")
        self.wait_for_silence()
        self.talk(seconds)
        self.hangup()

    def speak(self, hz: int):
        """Send this tone from now on; 0 is silence."""
        self.phone.do("tone", call=self.handle, hz=hz)

    def enter_mailbox(self, pin: str):
        """Type the PIN when asked for it, then 1 for the new messages when the menu begins."""
        self.wait_for_sound()
        self.dtmf(pin + "#")
        self.wait_for_sound(timeout=15)
        self.dtmf("1")

    def change_pin(self, new: str, old: str = ""):
        """In the main menu of a mailbox (behind the PIN, when one is asked for): options, password, twice the new one."""
        self.wait_established()
        if old:
            self.wait_for_sound()
            self.dtmf(old + "#")
        for keys in ("0", "5", new + "#", new + "#"):
            self.wait_for_silence(seconds=0.3)
            self.wait_for_sound(timeout=15)
            self.dtmf(keys)
        self.wait_for_silence(seconds=0.3)
        self.wait_for_sound(timeout=15)
        return self

    def final_stats(self) -> dict:
        """RTP figures of the closed call: {"tx": {"packets", "bytes"}, "rx": {…}}."""
        event = self._event("call_closed")
        return event["stats"] if event else {}
