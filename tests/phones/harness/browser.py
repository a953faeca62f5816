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
from .tones import wav
from .waiting import until

WEB = Path(__file__).with_name("web")
SWITCHES = (
    "--no-sandbox",  # the page is ours, and root has none
    "--disable-gpu",
    "--remote-debugging-pipe",
    "--ignore-certificate-errors",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    # Nothing but loopback is used.
    "--allow-loopback-in-peer-connection",
)


def tool(name: str) -> str:
    """What one of the tools that get things prints."""
    done = subprocess.run([REPOSITORY / "tools" / name], stdout=subprocess.PIPE, text=True, check=True, timeout=900)
    return done.stdout.strip()


class Pages(http.server.SimpleHTTPRequestHandler):
    """The page of the phone, and SIP.js."""

    extensions_map = {".html": "text/html", ".js": "text/javascript"}

    def translate_path(self, path: str) -> str:
        path = path.lstrip("/")
        inner = path.removeprefix("sip.js/")
        folder = WEB if inner == path else Path(tool_once("get-sip-js"))
        return str(folder / inner)

    def log_message(self, *_):
        pass


@functools.cache
def tool_once(name: str) -> str:
    return tool(name)


class Browser:
    """One Chromium whose microphone hears a tone of `tone_hz`; each `page` of it is a phone of its own."""

    def __init__(self, folder: Path, tone_hz: int):
        self.tone_hz, self.folder = tone_hz, folder
        sound = folder / "microphone.wav"
        sound.write_bytes(wav(tone_hz, seconds=10, rate=48000))
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        read, child_write = os.pipe()
        child_read, write = os.pipe()
        command = [tool("get-chromium"), *SWITCHES, f"--user-data-dir={folder}/profile", f"--use-file-for-fake-audio-capture={sound}", "about:blank"]
        self.log = folder / "chromium.log"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                ["bash", "-c", f'exec "$@" 3<&{child_read} 4>&{child_write} {child_read}<&- {child_write}>&-', "chromium", *command],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=(child_read, child_write),
            )
        os.close(child_read)
        os.close(child_write)
        self._read, self._write = os.fdopen(read, "rb"), os.fdopen(write, "wb")
        self._numbers, self._answers = itertools.count(1), {}
        self._changed = threading.Condition()
        threading.Thread(target=self._receive, daemon=True).start()
        # Whoever may hear the microphone may know the addresses of the machine, too; else they are random names.
        self.do("Browser.grantPermissions", permissions=["audioCapture"], origin=self.address)

    def _receive(self):
        waiting = b""
        with contextlib.suppress(OSError, ValueError):
            while piece := self._read.read1(1 << 16):
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
        self._write.write(json.dumps(message).encode() + b"\0")
        self._write.flush()
        with self._changed:
            answered = self._changed.wait_for(lambda: number in self._answers, timeout)
        assert answered, f"Chromium does not answer to {method}, see {self.log}"
        answer = self._answers.pop(number)
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer["result"]

    def page(self) -> "Page":
        target = self.do("Target.createTarget", url=f"{self.address}/phone.html")["targetId"]
        return Page(self, self.do("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])

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
        self._write.close()
        self._read.close()


class Page:
    """A phone in a page of the browser."""

    def __init__(self, browser: Browser, session: str):
        self.browser, self._session = browser, session
        self.tone_hz = browser.tone_hz
        until(lambda: self.run("typeof phone") == "object", 30, "the page is loaded")

    def run(self, script: str):
        """The value of an expression in the page; of a promise, what it comes to."""
        answer = self.browser.do(
            "Runtime.evaluate", self._session, expression=script, awaitPromise=True, returnByValue=True, userGesture=True
        )
        assert "exceptionDetails" not in answer, f"{script}: {answer['exceptionDetails']}"
        return answer["result"].get("value")

    def seen(self) -> list[dict]:
        return self.run("phone.seen")

    def wait_for(self, event: str, timeout: float = 15) -> dict:
        """The last event of this name, which has to come."""
        found = until(lambda: [each for each in self.seen() if each["event"] == event], timeout, f"{event} in {self.seen()}")
        return found[-1]
