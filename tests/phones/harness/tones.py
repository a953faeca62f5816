"""WAV files with one tone, and what is in those that Asterisk has written."""

import array
import io
import math
import wave
from pathlib import Path


def wav(hz: int, seconds: float = 2, rate: int = 8000) -> bytes:
    """A mono file of 16 bits."""
    samples = array.array("h", (round(9000 * math.sin(2 * math.pi * hz * at / rate)) for at in range(int(seconds * rate))))
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(samples.tobytes())
    return file.getvalue()


def samples(path: Path) -> tuple[array.array, int]:
    """The samples of a mono file of 16 bits that may still be written, and their rate."""
    data = path.read_bytes()
    return array.array("h", data[44 : len(data) - len(data) % 2]), int.from_bytes(data[24:28], "little")


def share(path: Path, hz: int) -> float:
    """How much of the sound of a file this tone is, 0 to 1."""
    values, rate = samples(path)
    power = sum(value * value for value in values)
    if not power:
        return 0.0
    step = 2 * math.pi * hz / rate
    # In pieces: a tone that comes and goes is out of step with itself.
    found = 0.0
    for start in range(0, len(values), 800):
        piece = values[start : start + 800]
        real = sum(value * math.cos(step * at) for at, value in enumerate(piece))
        imaginary = sum(value * math.sin(step * at) for at, value in enumerate(piece))
        found += 2 * (real * real + imaginary * imaginary) / max(len(piece), 1)
    return found / power
