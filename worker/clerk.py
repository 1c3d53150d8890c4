"""The clerk: makes good whatever processes that died, or messages that were lost, left behind.

Any number of clerks may run at once. Each round ends the sessions and frees the leases of workers
that fell silent, and rings for files that are due and that nobody was rung for lately; what it may
do is decided by the ledger, so two clerks share the work and never double it.
"""

import logging
from dataclasses import dataclass
from threading import Event

from worker.core.backoff import delay_seconds
from worker.core.errors import Unavailable
from worker.core.ringing import hints, room
from worker.ports import Bell, Freed, Sweep, Unheard

_log = logging.getLogger(__name__)

EVERY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Round:
    """What a round of the clerk came to."""

    freed: Freed
    rung: int  # files
    silent: int = 0  # sessions of workers that were ended
    retried: int = 0  # files that another version of the code broke on
    lifted: int = 0  # articles whose embargo ended

    @property
    def idle(self) -> bool:
        freed = self.freed.again or self.freed.poisoned
        return not (freed or self.rung or self.silent or self.retried or self.lifted)


class Clerk:
    def __init__(self, sweep: Sweep, bell: Bell, every_seconds: float = EVERY_SECONDS) -> None:
        self._sweep = sweep
        self._bell = bell
        self._every_seconds = every_seconds

    def tick(self) -> Round:
        """One round.

        Raises:
            Unavailable: The ledger or the broker is away. What was done until then stays done, and
                files that were marked as rung, but were not, count as unheard again after a while.

        """
        silent = self._sweep.end_silent()
        freed = self._sweep.free_expired()
        retried = self._sweep.retry_outdated()
        lifted = self._sweep.lift_embargoes()
        rung = self._ring()
        self._forget()
        return Round(freed, rung, silent, retried, lifted)

    def run(self, stop: Event) -> None:
        """Rounds until *stop*, also while services are away."""
        failures = 0
        while True:
            failures = self._try_tick(failures)
            if stop.wait(delay_seconds(failures) if failures else self._every_seconds):
                return

    def _try_tick(self, failures: int) -> int:
        """The number of failures in a row after one more round."""
        try:
            done = self.tick()
        except Unavailable as error:
            if not failures:
                _log.warning("the clerk waits: %s", error)
            return failures + 1
        if failures:
            _log.warning("the clerk is back at work after %d failures", failures)
        if not done.idle:
            _log.info(
                "rang for %d files, freed %d, %d of them poisoned; retried %d; "
                "ended %d silent sessions and %d embargoes",
                done.rung,
                done.freed.again + done.freed.poisoned,
                done.freed.poisoned,
                done.retried,
                done.silent,
                done.lifted,
            )
        return 0

    def _forget(self) -> None:
        """Once a month; a reader that takes its time, such as a backup, only puts it off."""
        try:
            if self._sweep.forget_months():
                _log.info("let a month go from the index of near-duplicates")
        except Unavailable as error:
            _log.info("the index of near-duplicates keeps an old month for now: %s", error)

    def _ring(self) -> int:
        """Look before asking the ledger, since asking marks the files as rung."""
        waiting = self._bell.waiting()
        unheard = self._sweep.unheard(room(waiting)) if room(waiting) else Unheard()
        for hint in hints(unheard.ids, waiting, named=unheard.named):
            self._bell.ring(hint)
        return len(unheard.ids)
