"""Bounded waiting for events, and ports that are free now."""

import socket
import time


class TookTooLong(AssertionError):
    """What was waited for did not come within its bound."""


def until(condition, timeout: float, what: str, pause: float = 0.05):
    """Poll `condition` until it gives something true and return that; `what` says in the error what was expected."""
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TookTooLong(f"not within {timeout:g} s: {what}")
        time.sleep(pause)


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    """A port of the loopback address that nobody listens on, for TCP and for UDP."""
    while True:
        with socket.socket(socket.AF_INET, kind) as first:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            other = socket.SOCK_DGRAM if kind == socket.SOCK_STREAM else socket.SOCK_STREAM
            with socket.socket(socket.AF_INET, other) as second:
                try:
                    second.bind(("127.0.0.1", port))
                except OSError:
                    continue
                return port


def free_udp_range(size: int) -> tuple[int, int]:
    """A range of `size` UDP ports, beginning with an even one, that are all free now."""
    while True:
        first = free_port(socket.SOCK_DGRAM) & ~1
        sockets = []
        try:
            for port in range(first, first + size):
                probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                sockets.append(probe)
                probe.bind(("127.0.0.1", port))
            return first, first + size - 1
        except (OSError, OverflowError):
            continue
        finally:
            for probe in sockets:
                probe.close()
