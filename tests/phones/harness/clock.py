"""The clock of opening hours: a context that only the console of Asterisk can make says what time it is."""

from datetime import datetime
from zoneinfo import ZoneInfo

PARIS = "Europe/Paris"


class Clock:
    """What time it is for the schedules of one server; a change of the dialplan lets the real time go on."""

    def __init__(self, server):
        self.server = server

    def set(self, local: str, zone: str = PARIS, *, fold: int = 0):
        """`2026-03-02 08:00:59` in a time zone; `fold` 1 is the second of an hour that comes twice."""
        self.set_epoch(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp())

    def set_epoch(self, seconds: float):
        for step in (f"s,1,Set(CB_NOW={int(seconds)})", "s,2,Return()"):
            self.server.command(f"dialplan add extension {step} into cordboard-clock replace")

    def close(self):
        self.server.command("dialplan remove context cordboard-clock")
