"""Time, to be had from outside."""

from typing import Protocol


class Clock(Protocol):
    def monotonic(self) -> float:
        """Seconds, from an arbitrary start, never backwards."""

    def wall_ns(self) -> int:
        """Nanoseconds since 1970, UTC: to be compared with file times, and with doubt."""

    def sleep(self, seconds: float) -> None: ...
