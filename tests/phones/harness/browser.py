"""A browser as a phone: Debian's Chromium without a screen, driven over its pipe, with a page that uses SIP.js."""

import contextlib
import functools
import http.server
import itertools
import json
import os
import subprocess
import threading
from pathlib import Path

from .asterisk import REPOSITORY
from .phone import TONES
from .tones import wav
from .waiting import until

WEB = Path(__file__).with_name("web")
SWITCHES = (
    "--no-sandbox",  # the page is ours, and root has none
    "--disable-gpu",
    "--remote-debugging-pipe",
    # cordboard's certificate is signed by itself; who shows which is tested elsewhere.
    "--ignore-certificate-errors",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
)
# Between two tones, and wider than the steps of the analyser.
NEAR_HZ = 20
LOUD = 100


@functools.cache
def tool(name: str) -> str:
    """What one of the tools that get things prints."""
    done = subprocess.run([REPOSITORY / "tools" / name], stdout=subprocess.PIPE, text=True, check=True, timeout=900)
    return done.stdout.strip()


class Pages(http.server.SimpleHTTPRequestHandler):
    """The page of the phone, and SIP.js below it."""

    extensions_map = {".html": "text/html", ".js": "text/javascript"}

    def translate_path(self, path: str) -> str:
        folder, _, inner = path.lstrip("/").partition("/")
        return f"{tool('get-sip-js')}/{inner}" if folder == "sip.js" else str(WEB / folder)

    def log_message(self, *_):
        pass


class Browser:
    """One Chromium, into whose microphone a tone of `tone_hz` is played; each `page` of it is a phone of its own."""

    def __init__(self, folder: Path):
        self.tone_hz, self.log = next(TONES), folder / "chromium.log"
        sound = folder / "microphone.wav"
        sound.write_bytes(wav(self.tone_hz, seconds=10, rate=48000))
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._start([tool("get-chromium"), *SWITCHES, f"--user-data-dir={folder}/profile", f"--use-file-for-fake-audio-capture={sound}"])
        self._numbers, self._answers = itertools.count(1), {}
        self._changed = threading.Condition()
        threading.Thread(target=self._receive, daemon=True).start()
        # A page that may hear the microphone may know the machine's addresses; else they are names that nobody resolves.
        self.do("Browser.grantPermissions", permissions=["audioCapture"], origin=self.address)

    def _start(self, command: list[str]):
        """Its file descriptors 3 and 4 are where commands are read and answers written."""
        (commands, self._write), (self._read, answers) = os.pipe(), os.pipe()
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                ["bash", "-c", f'exec "$@" 3<&{commands} 4>&{answers} {commands}<&- {answers}>&-', "chromium", *command, "about:blank"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=(commands, answers),
            )
        os.close(commands)
        os.close(answers)

    def _receive(self):
        waiting = b""
        while piece := os.read(self._read, 1 << 16):
            *messages, waiting = (waiting + piece).split(b"\0")
            for message in map(json.loads, messages):
                if "id" in message:
                    with self._changed:
                        self._answers[message["id"]] = message
                        self._changed.notify_all()

    def do(self, method: str, session: str | None = None, timeout: float = 30, **parameters) -> dict:
        """Send a command of the DevTools protocol and give its result."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        os.write(self._write, json.dumps(message).encode() + b"\0")
        with self._changed:
            answered = self._changed.wait_for(lambda: number in self._answers, timeout)
        assert answered, f"Chromium does not answer to {method}\n{self.log.read_text(errors='replace')[-2000:]}"
        answer = self._answers.pop(number)
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer["result"]

    def page(self) -> "Page":
        target = self.do("Target.createTarget", url=f"{self.address}/phone.html")["targetId"]
        return Page(self, target, self.do("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])

    def close(self):
        with contextlib.suppress(AssertionError, OSError):
            self.do("Browser.close", timeout=5)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        self._server.shutdown()
        self._server.server_close()
        os.close(self._write)


class Page:
    """A phone in a page of the browser."""

    def __init__(self, browser: Browser, target: str, session: str):
        self.browser, self.tone_hz, self._target, self._session = browser, browser.tone_hz, target, session
        until(lambda: self.run("typeof phone") == "object", 30, "the page is loaded")

    def run(self, script: str):
        """The value of an expression in the page; of a promise, what it comes to."""
        answer = self.browser.do("Runtime.evaluate", self._session, expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, f"{script}: {answer['exceptionDetails']}"
        return answer["result"].get("value")

    def do(self, verb: str, *arguments):
        return self.run(f"phone.{verb}({json.dumps(arguments)[1:-1]})")

    def seen(self, event: str) -> list[str]:
        """What was told of each event of this name."""
        return [each["text"] for each in self.run("phone.seen") if each["event"] == event]

    def wait_for(self, event: str, times: int = 1, timeout: float = 15) -> str:
        """What was told of an event that has to come so many times."""
        return until(lambda: self.seen(event)[times - 1 : times], timeout, f"{event} in {self.run('phone.seen')}")[0]

    def wait_to_hear(self, tone_hz: int, timeout: float = 8):
        def heard():
            strongest = self.do("hear")
            return abs(strongest["hz"] - tone_hz) < NEAR_HZ and strongest["level"] > LOUD

        until(heard, timeout, f"the page hears {tone_hz} Hz")

    def stats(self, kind: str) -> list[dict]:
        """What the connection says of itself: `transport`, `inbound-rtp` …"""
        return [each for each in self.do("stats") if each["type"] == kind]

    def close(self):
        self.browser.do("Target.closeTarget", targetId=self._target)
