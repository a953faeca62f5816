"""A provider whose calls have sound: PCMU over RTP (RFC 3550), sent and listened to."""

import re
import socket
import struct
import time

from .phone import Message
from .provider import Provider
from .waiting import TookTooLong, until

PACKET, SECONDS = 160, 0.02
# 1 kHz, loud; and what µ-law has for nothing or nearly nothing.
TONE = bytes([0x10] * 4 + [0x90] * 4) * (PACKET // 8)
QUIET = frozenset(b"\xff\x7f\xfe\x7e\xfd\x7d")


class SpeakingProvider(Provider):
    """One call at a time."""

    def __init__(self, host_port: str, **options):
        super().__init__(host_port, **options)
        self._sound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sound.bind((self.address, 0))
        self._sound.settimeout(SECONDS)

    def close(self):
        super().close()
        self._sound.close()

    def offer(self) -> str:
        port = self._sound.getsockname()[1]
        return (
            f"v=0\r\no=- 1 1 IN IP4 {self.address}\r\ns=-\r\nc=IN IP4 {self.address}\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
        )

    def listen(self, seconds: float) -> bytes:
        """What came in within that time."""
        heard, end = b"", time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                heard += self._sound.recv(2048)[12:]
            except TimeoutError:
                pass
        return heard

    def hears_something(self) -> bool:
        heard = self.listen(0.3)
        return sum(byte not in QUIET for byte in heard) > PACKET

    def wait_for_sound(self, timeout: float = 10):
        until(self.hears_something, timeout, f"{self.user} hears something")

    def wait_for_silence(self, timeout: float = 30):
        """Until nothing is said for more than a second: longer than the pauses of a greeting."""
        end, quiet = time.monotonic() + timeout, 0
        while quiet < 5:
            quiet = 0 if self.hears_something() else quiet + 1
            if time.monotonic() > end:
                raise TookTooLong(f"not within {timeout:g} s: silence for {self.user}")

    def talk(self, answer: Message, seconds: float):
        """Sends a tone into the call that was answered so."""
        host = re.search(r"^c=IN IP4 (\S+)", answer.body, re.MULTILINE)[1]
        port = int(re.search(r"^m=audio (\d+)", answer.body, re.MULTILINE)[1])
        begin = time.monotonic()
        for number in range(int(seconds / SECONDS)):
            header = struct.pack("!BBHII", 0x80, 0, number, number * PACKET, 0x0C0DB0A2)
            self._sound.sendto(header + TONE, (host, port))
            time.sleep(max(0.0, begin + number * SECONDS - time.monotonic()))
