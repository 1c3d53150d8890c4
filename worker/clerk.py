"""The clerk: makes good whatever processes that died, or messages that were lost, left behind.

Any number of clerks may run at once. Each round ends the sessions and frees the leases of workers
that fell silent, and rings for files that are due and that nobody was rung for lately; what it may
do is decided by the ledger, so two clerks share the work and never double it.
"""

import logging
from dataclasses import dataclass
from threading import Event

from worker import rounds
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
    merged: int = 0  # articles that turned out to be another

    @property
    def idle(self) -> bool:
        freed = self.freed.again or self.freed.poisoned
        return not (freed or self.rung or self.silent or self.retried or self.lifted or self.merged)


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
        merged = self._sweep.regroup()
        rung = self._ring()
        self._forget()
        self._tidy()
        return Round(freed, rung, silent, retried, lifted, merged)

    def run(self, stop: Event) -> None:
        """Rounds until *stop*, also while services are away."""
        rounds.run(self._round, stop, who="the clerk", every_seconds=self._every_seconds)

    def _round(self) -> None:
        done = self.tick()
        if not done.idle:
            _log.info(
                "rang for %d files, freed %d, %d of them poisoned; retried %d; "
                "ended %d silent sessions and %d embargoes; merged %d articles",
                done.rung,
                done.freed.again + done.freed.poisoned,
                done.freed.poisoned,
                done.retried,
                done.silent,
                done.lifted,
                done.merged,
            )

    def _forget(self) -> None:
        """Once a month; a reader that takes its time, such as a backup, only puts it off."""
        try:
            if self._sweep.forget_months():
                _log.info("let a month go from the index of near-duplicates")
        except Unavailable as error:
            _log.info("the index of near-duplicates keeps an old month for now: %s", error)

    def _tidy(self) -> None:
        """What readers need, and nobody waits for."""
        if searchable := self._sweep.make_searchable():
            _log.info("made %d versions of an earlier release searchable", searchable)
        if forgotten := self._sweep.forget_changes():
            _log.info("let %d old changes go from the feed", forgotten)

    def _ring(self) -> int:
        """Look before asking the ledger, since asking marks the files as rung."""
        waiting = self._bell.waiting()
        unheard = self._sweep.unheard(room(waiting)) if room(waiting) else Unheard()
        for hint in hints(unheard.ids, waiting, named=unheard.named):
            self._bell.ring(hint)
        return len(unheard.ids)
