"""Who is blocked is kept out by nftables: in a network of its own, where the test may have a firewall."""

import fcntl
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from harness.office import Office
from harness.server import Cordboard
from harness.sip import SipClient
from harness.waiting import TookTooLong, until

NFT = shutil.which("nft", path="/usr/sbin:/sbin:/usr/bin:/bin")
OWN_NETWORK = ["unshare", "--map-root-user", "--net"]
SIOCSIFFLAGS, UP_AND_RUNNING = 0x8914, 0x41


class Guarded(Cordboard):
    """One that may use the firewall of the network it is in, and trusts no address."""

    def _abuse(self) -> str:
        return 'firewall = "on"\ntrusted = []\n'


def may_have_a_firewall() -> bool:
    tried = subprocess.run([*OWN_NETWORK, NFT, "add", "table", "inet", "tried"], capture_output=True, check=False) if NFT else None
    return tried is not None and tried.returncode == 0


def test_nftables_drops_the_packets_of_who_is_blocked_and_of_nobody_else():
    if not may_have_a_firewall():
        pytest.skip("this machine has no nft, or does not let this user have a network of its own")
    done = subprocess.run([*OWN_NETWORK, sys.executable, __file__], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def main(folder: Path):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", UP_AND_RUNNING))
    server = Guarded(folder / "run").start()
    office = Office(server)
    try:
        until(lambda: server.status()["abuse"]["watching"], 20, "a look at security events")
        assert server.status()["abuse"]["by"] == ["nftables", "asterisk"], server.status()["abuse"]
        ann = office.person()
        account = ann.accounts[0]

        def client(address: str, password: str) -> SipClient:
            made = SipClient(server.udp, account.username, password, address=address)
            office._open.append(made)
            return made

        def is_dropped(who: SipClient) -> bool:
            try:
                who.request("REGISTER", "", timeout=1)
                return False
            except TookTooLong:
                return True

        guesser, honest = client("127.0.0.66", "wrong"), client("127.0.0.67", account.password)
        assert honest.register().status() == 200
        for _ in range(60):
            if is_dropped(guesser):
                break
        until(lambda: is_dropped(guesser), 20, "silence")
        assert honest.register().status() == 200
        table = subprocess.run([NFT, "list", "table", "inet", "cordboard"], capture_output=True, text=True, check=True).stdout
        assert "127.0.0.66 timeout" in table and "127.0.0.67" not in table, table
        office.api.ready(office.api.delete("/cordboard/blocks/127.0.0.66"))
        until(lambda: not is_dropped(guesser), 20, "an answer after the release")
    finally:
        office.close()
        server.stop()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        main(Path(made))
