"""Starts the built cordboard with a managed Asterisk in a folder of its own."""

import os
import re
import subprocess
import time
from pathlib import Path

from . import asterisk
from .api import Api
from .waiting import TookTooLong, free_port, free_udp_range, until

TOKEN = "phone-tests-token-3f1c9a"
RTP_PORTS = 200


def binary() -> Path:
    """CORDBOARD_BIN, else the debug build of this repository."""
    return Path(os.environ.get("CORDBOARD_BIN") or asterisk.REPOSITORY / "target/debug/cordboard")


class Cordboard:
    """One running cordboard; `udp`, `tcp`, `tls`, `wss` and `http` are its host:port."""

    def __init__(self, folder: Path):
        self.folder, self.log = folder, folder / "cordboard.log"
        folder.mkdir(parents=True)
        self.http, self.udp, self.tcp, self.tls, self.wss = (f"127.0.0.1:{free_port()}" for _ in range(5))
        self.rtp = free_udp_range(RTP_PORTS)
        self.config = folder / "cordboard.toml"
        self.config.write_text(self._settings())
        self.api = Api(self.http, TOKEN, program=str(binary()))
        self._process = None

    def _asterisk(self) -> str:
        found = asterisk.locate()
        return f"""mode = "managed"
dir = "{self.folder}/asterisk"
binary = "{found["binary"]}"
modules = "{found["modules"]}"
data = "{found["data"]}"
"""

    @property
    def certificate(self) -> Path:
        """What a phone trusts that speaks TLS."""
        return self.folder / "storage/tls/certificate.pem"

    def _encrypted(self) -> str:
        return f'tls = "{self.tls}"\nwss = "{self.wss}"' if 'mode = "managed"' in self._asterisk() else ""

    def _abuse(self) -> str:
        """The firewall is the machine's, not a test's."""
        return 'firewall = "off"\n'

    def _settings(self) -> str:
        return f"""[http]
listen = "{self.http}"

[storage]
dir = "{self.folder}/storage"

[asterisk]
{self._asterisk()}
[sip]
udp = "{self.udp}"
tcp = "{self.tcp}"
{self._encrypted()}
rtp_ports = "{self.rtp[0]}-{self.rtp[1]}"

[abuse]
{self._abuse()}
[auth]
bootstrap_token = "{TOKEN}"
"""

    def run(self):
        """Start it and wait for nothing."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [binary(), "serve", "--config", self.config], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        return self

    def start(self):
        """Start it and wait until its first revision runs in Asterisk."""
        self.run()
        try:
            until(self._is_applied, 60, "cordboard has applied its first revision")
        except BaseException as error:
            self.stop()
            raise TookTooLong(f"{error}\n{self.log.read_text()[-4000:]}") from None
        return self

    def _is_applied(self) -> bool:
        if self._process.poll() is not None:
            raise TookTooLong(f"cordboard ended with {self._process.returncode}")
        try:
            status = self.api.get("/status", timeout=5)
        except OSError:
            return False
        state = (status.json or {}).get("cordboard", {})
        return state.get("outcome") in ("applied", "unchanged") and state.get("applied_revision") == state.get("wanted_revision")

    def status(self) -> dict:
        """What it says of Asterisk, nothing when it does not answer."""
        try:
            return self.api.get("/status", timeout=5).json["cordboard"]
        except OSError:
            return {}

    def command(self, text: str) -> str:
        """What the command line of its Asterisk answers."""
        config = self.folder / "asterisk/etc/asterisk.conf"
        done = subprocess.run(
            [asterisk.locate()["binary"], "-C", config, "-rx", text], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20
        )
        return done.stdout

    def last_reload(self) -> int:
        """When a module of its Asterisk was last reloaded: seconds after the epoch, give or take one."""
        ago = re.search(r"Last reload: (\d+)", self.command("core show uptime seconds"))
        return round(time.time()) - int(ago[1])

    def kill(self):
        """Pull its plug: SIGKILL, and its Asterisk is left alone."""
        self._process.kill()
        self._process.wait(5)
        self._process = None

    def stop(self):
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        self._process = None
