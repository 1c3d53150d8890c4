"""Make one round after the other until a stop, also while a service that they need is away.

An outage is said once, and so is its end. What a round does is its own: it must be safe to repeat.
"""

import logging
from collections.abc import Callable
from threading import Event

from worker.core.backoff import delay_seconds
from worker.core.errors import Unavailable

_log = logging.getLogger(__name__)


def run(tick: Callable[[], object], stop: Event, *, who: str, every_seconds: float) -> int:
    """Rounds of *who*, the first one at once, until *stop*; gives the failures in a row by then."""
    failures = 0
    while True:
        failures = attempt(tick, failures, who)
        pause_seconds = min(delay_seconds(failures), every_seconds) if failures else every_seconds
        if stop.wait(pause_seconds):
            return failures


def attempt(tick: Callable[[], object], failures: int, who: str) -> int:
    """One more round, after *failures* in a row; gives how many there are now."""
    try:
        tick()
    except Unavailable as error:
        if not failures:
            _log.warning("%s waits: %s", who, error)
        return failures + 1
    if failures:
        _log.warning("%s is back at work after %d failures", who, failures)
    return 0
