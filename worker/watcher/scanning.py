"""Compare the folder with the ledger, a slice at a time.

A mount that went away is said once and waited for; nothing follows from what is missing.
"""

import logging
from enum import Enum, auto
from math import inf

from worker.core.errors import Unavailable
from worker.core.ledger import Lane
from worker.ports import Clock, Folder, Unlisted
from worker.watcher.known import Known
from worker.watcher.noticing import Noticing, Terms
from worker.watcher.recorder import Recorder

_log = logging.getLogger(__name__)

SLICE_SECONDS = 0.05  # so long a dropped file may wait for the slice to end


class Step(Enum):
    MORE = auto()
    DONE = auto()  # the folder was walked to its end
    AWAY = auto()  # the inbox is not there


class Scan:
    """One walk over the folder, beside what the ledger had of it when the walk began."""

    def __init__(self, folder: Folder, known: Known, terms: Terms) -> None:
        self.unlisted: list[Unlisted] = []
        self._files = folder.walk(self.unlisted)
        self._known = known
        self._terms = terms

    def advance(self, noticing: Noticing, recorder: Recorder, clock: Clock) -> Step:
        """Go on until the slice is over or the recorder full."""
        until = clock.monotonic() + SLICE_SECONDS
        while not recorder.full and clock.monotonic() < until:
            try:
                path, stat = next(self._files)
            except StopIteration:
                return Step.DONE
            except Unavailable:
                return Step.AWAY
            if not self._known.has(path.raw, stat):
                noticing.meet(path, stat, self._known.get(path.raw), self._terms)
        return Step.MORE


class Scanner:
    """Begins scans and sees them through."""

    def __init__(
        self, folder: Folder, noticing: Noticing, recorder: Recorder, clock: Clock
    ) -> None:
        self._folder = folder
        self._noticing = noticing
        self._recorder = recorder
        self._clock = clock
        self._scan: Scan | None = None
        self._began_at = 0.0  # monotonic seconds
        self.ended_at = -inf  # monotonic seconds: when the last one ended, however it did
        self.cost_seconds = 0.0  # from its beginning to its end
        self.finished = 0  # scans that came to the end of the folder
        self.away = False  # the inbox was not there when the last one ended
        self.unlisted: tuple[Unlisted, ...] = ()  # folders that the last one could not list

    @property
    def running(self) -> bool:
        return self._scan is not None

    def begin(self, *, telling: bool = False) -> bool:
        """Whether it could: not while the ledger is away.

        Files of the first scan go behind those that are dropped meanwhile. *telling*: events should
        have told of any file that is new since the last scan.
        """
        self._began_at = self._clock.monotonic()
        known = self._recorder.known()
        if known is None:
            return False
        self._noticing.missed = False
        terms = Terms(lane=None if self.finished else Lane.BACKFILL, telling=telling)
        self._scan = Scan(self._folder, known, terms)
        return True

    def advance(self) -> None:
        if self._scan is None:
            return
        step = self._scan.advance(self._noticing, self._recorder, self._clock)
        if step is not Step.MORE:
            self._say_unlisted(tuple(self._scan.unlisted))
            self._end(step)

    def _say_unlisted(self, unlisted: tuple[Unlisted, ...]) -> None:
        for folder in set(unlisted) - set(self.unlisted):
            _log.warning("folder %r cannot be listed: %s", folder.path.raw, folder.why)
        self.unlisted = unlisted

    def _end(self, step: Step) -> None:
        self._scan = None
        self.ended_at = self._clock.monotonic()
        self.cost_seconds = self.ended_at - self._began_at
        self.finished += step is Step.DONE
        if self.away is not (step is Step.AWAY):
            self.away = step is Step.AWAY
            _log.warning("the inbox is %s", "away; waiting for it" if self.away else "back")
