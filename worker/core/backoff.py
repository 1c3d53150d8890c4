"""When to try a service again that could not be reached.

Pure, and without randomness: a few watchers and clerks that come back in step are no herd.
"""

from dataclasses import dataclass

FIRST_SECONDS = 0.25
CAP_SECONDS = 15.0
_DOUBLINGS = 6  # from the first delay to beyond the cap; more would only make huge numbers


def delay_seconds(failures: int) -> float:
    """How long to wait after the given number of failures in a row, the first being 1."""
    return min(CAP_SECONDS, FIRST_SECONDS * 2.0 ** min(failures - 1, _DOUBLINGS))


@dataclass(frozen=True, slots=True)
class Outage:
    """A service is away. Times are monotonic seconds."""

    since: float
    retry_at: float
    failures: int = 1


def failed(outage: Outage | None, now: float) -> Outage:
    """The outage after one more failure; None before it means that the service was there."""
    if outage is None:
        return Outage(now, now + delay_seconds(1))
    failures = outage.failures + 1
    return Outage(outage.since, now + delay_seconds(failures), failures)
