"""One softphone (baresip) in a process of its own, driven by JSON lines.

Commands arrive on standard input as {"id": 1, "do": "dial", ...}; answers {"id": 1, "ok": ...} or {"id": 1, "error": ...}
and events {"event": "incoming", ...} leave on standard output. The process ends when standard input closes.
"""

import asyncio
import contextlib
import json
import logging
import math
import os
import sys
import threading
import time
from array import array

from baresip import Account, Config, RegistrationError, Runtime, UserAgent
from baresip.call import Call
from baresip.events import Event, StackEvent

FRAME_SECONDS = 0.02
KEPT_SECONDS = 1.0
TONE_AMPLITUDE = 8000
LOUD_SAMPLE = 300


class SipTrace(logging.Handler):
    """Turns the traced SIP messages into events, so that a test can read what was on the wire."""

    def __init__(self, loop, emit):
        super().__init__()
        self._loop, self._emit_event = loop, emit

    def emit(self, record):
        self._loop.call_soon_threadsafe(self._emit_event, {"event": "sip", "text": record.getMessage()})


class Ear:
    """What one call hears and says: keeps the last second of received sound and sends a steady tone."""

    def __init__(self, call: Call, tone_hz: int):
        self.call, self.tone_hz = call, tone_hz
        self.rate, self.channels = 8000, 1
        self.kept, self.total_bytes = bytearray(), 0
        self._phase, self._last_sound = 0, 0.0
        self._last_loud, self.sent_seconds = time.monotonic(), 0.0

    async def run(self):
        while self.call.state.value != "closed":
            try:
                self._pump()
            except Exception as error:  # the streams come and go with each renegotiation
                logging.getLogger("ear").debug("no audio now: %s", error)
            await asyncio.sleep(FRAME_SECONDS)

    def _pump(self):
        info = self.call.audio.info()
        if info.rx_ready:
            self.rate, self.channels = info.rx_sample_rate, info.rx_channels
            heard = self.call.audio.read(1 << 16)
            self.total_bytes += len(heard)
            if heard:
                self._last_sound = time.monotonic()
                if max(array("h", heard[: len(heard) // 2 * 2]), default=0) > LOUD_SAMPLE:
                    self._last_loud = self._last_sound
            self.kept += heard
            limit = int(self.rate * self.channels * 2 * KEPT_SECONDS)
            del self.kept[:-limit]
        if info.tx_ready and self.tone_hz:
            wanted = int(info.tx_sample_rate * info.tx_channels * 2 * FRAME_SECONDS) * 4
            if info.tx_buffered < wanted:
                taken = self.call.audio.write(self._tone(info.tx_sample_rate, info.tx_channels, wanted - info.tx_buffered))
                self.sent_seconds += taken / (2 * info.tx_channels * info.tx_sample_rate)

    def _tone(self, rate: int, channels: int, size: int) -> bytes:
        frames = size // (2 * channels)
        step = 2 * math.pi * self.tone_hz / rate
        samples = array("h")
        for index in range(self._phase, self._phase + frames):
            samples.extend([int(TONE_AMPLITUDE * math.sin(step * index))] * channels)
        self._phase += frames
        return samples.tobytes()

    def hear(self, tones: list[int], seconds: float) -> dict:
        """Loudness of the last moments and the share of it that each tone makes up (0..1)."""
        if time.monotonic() - self._last_sound > 10 * FRAME_SECONDS:
            self.kept.clear()  # nothing comes in: what is kept is no longer "now"
        size = int(self.rate * seconds) * self.channels * 2
        samples = array("h", bytes(self.kept[-size:][: len(self.kept[-size:]) // 2 * 2]))[:: self.channels]
        power = sum(value * value for value in samples) / max(1, len(samples))
        shares = {tone: self._share(samples, tone, power) for tone in tones}
        return {"rms": math.sqrt(power), "tones": shares, "quiet": time.monotonic() - self._last_loud}

    def _share(self, samples: array, tone: int, power: float) -> float:
        if not samples or power < 1:
            return 0.0
        coefficient = 2 * math.cos(2 * math.pi * tone / self.rate)
        older = old = 0.0
        for sample in samples:
            older, old = old, sample + coefficient * old - older
        energy = old * old + older * older - coefficient * old * older
        return min(1.0, 2 * energy / (len(samples) ** 2 * power))


class Worker:
    """Executes the commands of the test on one baresip user agent."""

    def __init__(self, loop):
        self.loop = loop
        self.runtime = Runtime(command_timeout=10)
        self.agent: UserAgent | None = None
        self.domain, self.tone_hz = "", 0
        self.calls: dict[int, Call] = {}
        self.ears: dict[int, Ear] = {}
        self.tasks: set[asyncio.Task] = set()

    def emit(self, message: dict):
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()

    def keep(self, coroutine):
        task = self.loop.create_task(coroutine)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def do_start(self, *, user, domain, password, auth_user, transport, codecs, tone_hz, expires, trusted, srtp):
        self.domain, self.tone_hz = domain, tone_hz
        sip = logging.getLogger("baresip.native.sip")
        sip.setLevel(logging.DEBUG)
        sip.propagate = False
        sip.addHandler(SipTrace(self.loop, self.emit))
        await self.runtime.start(
            Config(
                net_interface="127.0.0.1",
                sip_trace=True,
                native_log_level=os.environ.get("PHONE_LOG", "warning"),
                max_concurrent_calls=None,
                extra_config_text="sip_listen 127.0.0.1:0\n" + (f"sip_cafile {trusted}\n" if trusted else ""),
            )
        )
        self.runtime.subscribe(self.on_event)
        account = Account(
            user=user,
            domain=domain,
            password=password,
            auth_user=auth_user,
            transport=transport,
            reg_interval=expires,
            audio_codecs=tuple(codecs),
            # `mand`: no call without it.
            extra_params=("mediaenc=srtp-mand",) if srtp else (),
        )
        self.agent = await UserAgent.create(self.runtime, account)
        self.agent.on_incoming(self.adopt)

    def adopt(self, call: Call):
        self.calls[call.handle] = call
        self.ears[call.handle] = Ear(call, self.tone_hz)
        self.keep(self.ears[call.handle].run())

    def on_event(self, event: StackEvent):
        self.emit(
            {
                "event": event.event.name.lower(),
                "call": event.call,
                "text": event.text,
                "peer": event.peer,
                "call_id": event.call_id,
                "stats": event.stats if event.event is Event.CALL_CLOSED else {},
            }
        )

    async def do_register(self):
        # A second registration would send the end of the first along with it, and the end may be taken last.
        with contextlib.suppress(RegistrationError):
            await self.agent.unregister()
        await self.agent.register()

    async def do_unregister(self):
        await self.agent.unregister()

    async def do_dial(self, *, number):
        call = await self.agent.dial(f"sip:{number}@{self.domain}")
        self.adopt(call)
        return call.handle

    async def do_answer(self, *, call):
        await self.calls[call].answer()

    async def do_reject(self, *, call):
        await self.calls[call].reject()

    async def do_hangup(self, *, call):
        await self.calls[call].hangup()

    async def do_hold(self, *, call):
        await self.calls[call].hold()

    async def do_resume(self, *, call):
        await self.calls[call].resume()

    async def do_transfer(self, *, call, number):
        self.keep(self.report_transfer(call, self.calls[call].transfer(f"sip:{number}@{self.domain}")))

    async def do_attended_transfer(self, *, call, consultation):
        self.keep(self.report_transfer(call, self.calls[call].attended_transfer(self.calls[consultation])))

    async def report_transfer(self, call: int, transfer):
        """The outcome is known when the third party has answered, so it comes as an event."""
        try:
            await transfer
            text = "ok"
        except Exception as error:
            text = str(error)
        self.emit({"event": "transfer_outcome", "call": call, "text": text, "call_id": None})

    async def do_dtmf(self, *, call, digits):
        await self.calls[call].send_dtmf(digits)

    async def do_hear(self, *, call, tones, seconds):
        return self.ears[call].hear(tones, seconds)

    async def do_talk(self, *, call, seconds):
        ear = self.ears[call]
        end = ear.sent_seconds + seconds
        while ear.sent_seconds < end:
            if ear.call.state.value == "closed":
                raise RuntimeError("the call ended while the phone talked")
            await asyncio.sleep(FRAME_SECONDS)

    async def do_tone(self, *, call, hz):
        self.ears[call].tone_hz = hz

    async def handle(self, command: dict):
        number, verb = command.pop("id"), command.pop("do")
        try:
            self.emit({"id": number, "ok": await getattr(self, f"do_{verb}")(**command)})
        except Exception as error:
            self.emit({"id": number, "error": f"{type(error).__name__}: {error}"})

    async def run(self, commands: asyncio.Queue):
        while (line := await commands.get()) is not None:
            self.keep(self.handle(json.loads(line)))
        for task in list(self.tasks):
            task.cancel()
        await asyncio.wait_for(self.runtime.close(), 5)


def read_commands(loop, commands: asyncio.Queue):
    for line in sys.stdin:
        loop.call_soon_threadsafe(commands.put_nowait, line)
    loop.call_soon_threadsafe(commands.put_nowait, None)


async def main():
    loop, commands = asyncio.get_running_loop(), asyncio.Queue()
    threading.Thread(target=read_commands, args=(loop, commands), daemon=True).start()
    await Worker(loop).run(commands)


if __name__ == "__main__":
    asyncio.run(main())
    os._exit(0)
