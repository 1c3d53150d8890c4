"""What there is to see of a running line, as values: the views only draw it.

Pure: no clock, no terminal, no database.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from worker.cli.console import duration, rate
from worker.core.ledger import State
from worker.ports import Headline, Status

STALLED_SECONDS = 300.0  # more than it takes three workers to die on a file, one by one
_WINDOW_SECONDS = 10.0
_ARTICLES = (State.STORED, State.REVISED, State.DUPLICATE)
OUTCOMES = tuple(state for state in State if state.final)


@dataclass(frozen=True, slots=True)
class Places:
    """Where to read what is stored."""

    inbox: str
    url: str  # for consumers
    psql: str  # to be pasted into a shell
    logs: str


@dataclass(frozen=True, slots=True)
class Observed:
    """What the ledger said."""

    status: Status
    headlines: tuple[Headline, ...]
    asked_at: float  # monotonic seconds, before the question was put


@dataclass(frozen=True, slots=True)
class Scene:
    places: Places
    seconds: float  # since it began
    observed: Observed | None = None
    per_second: float = 0.0  # files that ended, over the last seconds
    trouble: str = ""  # why nothing newer was observed
    messages: tuple[str, ...] = ()  # what had to be done, oldest first


def seen(status: Status) -> int:
    """Files in the ledger."""
    return sum(status.counts.values())


def ended(status: Status) -> int:
    return sum(n for state, n in status.counts.items() if state.final)


def articles(status: Status) -> int:
    """Files that ended with a text that an article has."""
    return sum(status.counts.get(state, 0) for state in _ARTICLES)


def waiting(status: Status) -> int:
    """Files in the ledger that are not final; those that are still being written come on top."""
    return seen(status) - ended(status)


@dataclass(slots=True)
class Meter:
    """How fast a count grows, over a window of some seconds."""

    _marks: deque[tuple[float, int]] = field(default_factory=deque)

    def mark(self, at: float, count: int) -> float:
        """Take in the *count* at the time *at*, monotonic seconds; gives the rate per second.

        Files that are tried again make the count smaller: a rate is never below zero.
        """
        self._marks.append((at, count))
        while len(self._marks) > 2 and self._marks[1][0] <= at - _WINDOW_SECONDS:
            self._marks.popleft()
        first_at, first = self._marks[0]
        return max(count - first, 0) / (at - first_at) if at > first_at else 0.0


def progress(scene: Scene) -> str:
    """The scene in a line, for a log or a pipe."""
    if scene.observed is None:
        return scene.trouble or "starting"
    status = scene.observed.status
    parts = [f"seen {seen(status):,}"]
    parts += [f"{state} {n:,}" for state in OUTCOMES if (n := status.counts.get(state, 0))]
    parts += [f"in flight {status.in_flight:,}", f"{rate(scene.per_second)} files/s"]
    return ", ".join(parts) + (f" ({scene.trouble})" if scene.trouble else "")


def lag(status: Status) -> str | None:
    """How long the file that waits longest has waited."""
    seconds = status.oldest_due_seconds
    return None if seconds is None else duration(seconds)


@dataclass(slots=True)
class Drain:
    """Decides when a run to the end is at its end. Times are monotonic seconds."""

    moved_at: float  # when the ledger last said something new
    scanned_at: float | None = None  # when the watcher had recorded all that there is
    _mark: tuple[int, int] = (0, 0)

    def look(self, now: float, observed: Observed | None, *, scanned: bool) -> bool:
        """Whether every file is final, by an answer that was asked for after the scan."""
        if scanned and self.scanned_at is None:
            self.scanned_at = now
        if observed is None:
            return False
        mark = (seen(observed.status), ended(observed.status))
        if mark != self._mark or self.scanned_at is None:
            self._mark, self.moved_at = mark, now
        fresh = self.scanned_at is not None and observed.asked_at > self.scanned_at
        return fresh and waiting(observed.status) == 0

    def stalled(self, now: float) -> bool:
        """Whether nothing has moved for longer than any single file may take."""
        return now - self.moved_at > STALLED_SECONDS


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run came to: the object of ``up --json``."""

    observed: Observed
    seconds: float
    articles: int  # that this run worked; the counts are of the whole inbox
    in_flight: int

    def as_json(self) -> Mapping[str, Any]:
        status = self.observed.status
        counts = {state.value: status.counts.get(state, 0) for state in OUTCOMES}
        return {
            "seen": seen(status),
            **counts,
            "in_flight": self.in_flight,
            "seconds": round(self.seconds, 3),
            "articles_per_second": round(self.articles / self.seconds, 2) if self.seconds else 0.0,
        }
