"""Hand-written stand-ins for the watcher's and the clerk's ports. They keep what they were told."""
# ruff: noqa: ARG002 -- they serve one inbox, and need not look at its name

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Event

from worker.core.errors import Unavailable
from worker.core.ledger import Lane, Stat, State
from worker.core.settling import UNSEEN
from worker.core.sight import CLEAR_SIGHT, Sight
from worker.ports import Notice, Recorded, Sightings


class Moments:
    """A clock that is set by hand. The wall's stands still, since files have times of their own."""

    def __init__(self, *, wall_ns: int) -> None:
        self.now = 1_000.0
        self._wall_ns = wall_ns

    def monotonic(self) -> float:
        return self.now

    def wall_ns(self) -> int:
        return self._wall_ns

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Collector:
    """An intake that keeps notices, and knows what it was told. ``away``: it cannot be reached."""

    clock: Callable[[], float] = lambda: 0.0
    away: bool = False
    notices: list[Notice] = field(default_factory=list)
    recorded_at: list[float] = field(default_factory=list)  # one a notice
    attempts: int = 0
    scans: int = 0  # times that somebody asked what is known
    beats: list[tuple[int, bool]] = field(default_factory=list)
    sights: list[Sight] = field(default_factory=list)  # one a beat
    marks: list[int | None] = field(default_factory=list)  # one a batch
    recorded: int = 0  # rows, by whomever: the mark
    overtaken: set[bytes] = field(default_factory=set)  # paths that another watcher recorded
    on_overtaken: Callable[[], None] = lambda: None
    latest: dict[bytes, Stat] = field(default_factory=dict)
    on_scanned: Callable[[], None] = lambda: None

    def known(self, inbox: str) -> Iterator[tuple[bytes, Stat]]:
        self._answer()
        self.scans += 1
        return iter(list(self.latest.items()))

    def mark(self, inbox: str) -> int:
        self._answer()
        return self.recorded

    def record(self, inbox: str, notices: Sequence[Notice], *, mark: int | None = None) -> Recorded:
        self._answer()
        self.marks.append(mark)
        if stale := tuple(n for n in notices if n.path.raw in self.overtaken):
            self.overtaken.clear()
            self.on_overtaken()
            notices = [n for n in notices if n not in stale]
        first = len(self.notices)
        self.recorded += len(notices)
        self.notices += notices
        self.recorded_at += [self.clock()] * len(notices)
        self.latest.update({n.path.raw: _hint(n) for n in notices})
        due = [(n.lane, first + i) for i, n in enumerate(notices) if n.reason is None]
        due.sort(key=lambda told: told[0] is Lane.BACKFILL)  # stable
        live = sum(lane is Lane.LIVE for lane, _ in due)
        ids, refused = tuple(i for _, i in due), len(notices) - len(due)
        return Recorded(ids, refused, 0, stale, self.recorded, live)

    def beat(
        self,
        inbox: str,
        *,
        settling: int,
        scanned: bool,
        sight: Sight = CLEAR_SIGHT,
        watcher: str = "",
    ) -> None:
        self._answer()
        self.beats.append((settling, scanned))
        self.sights.append(sight)
        if scanned:
            self.on_scanned()

    @property
    def paths(self) -> list[bytes]:
        return [n.path.raw for n in self.notices]

    def of(self, path: bytes) -> list[Notice]:
        return [n for n in self.notices if n.path.raw == path]

    def _answer(self) -> None:
        self.attempts += 1
        if self.away:
            raise Unavailable("the ledger is away")


def _hint(notice: Notice) -> Stat:
    """As every ledger has it (``tests/contract``)."""
    return UNSEEN if notice.state is State.QUARANTINED else notice.stat


class Backlog:
    """Jobs that are done when the test says so, as by a thread that was busy until then."""

    def __init__(self) -> None:
        self.jobs: list[tuple[Callable[[], Recorded], Future[Recorded]]] = []

    def submit(self, job: Callable[[], Recorded]) -> Future[Recorded]:
        answer: Future[Recorded] = Future()
        self.jobs.append((job, answer))
        return answer

    def work(self) -> None:
        for job, answer in self.jobs:
            try:
                answer.set_result(job())
            except Unavailable as error:
                answer.set_exception(error)
        self.jobs = []


@dataclass
class Gong:
    """A bell that keeps its rings until somebody takes them."""

    away: bool = False
    rings: list[tuple[int, ...]] = field(default_factory=list)
    attempts: int = 0

    def ring(self, ids: Sequence[int]) -> None:
        self._answer()
        self.rings.append(tuple(ids))

    def waiting(self) -> int:
        self._answer()
        return len(self.rings)

    def _answer(self) -> None:
        self.attempts += 1
        if self.away:
            raise Unavailable("the broker is away")


Action = Callable[[], "Sightings | None"]


class Story:
    """Events that are told at set times; the clock runs on while the watcher waits for them."""

    def __init__(self, clock: Moments) -> None:
        self._clock = clock
        self._began = clock.now
        self._acts: list[tuple[float, Action]] = []
        self.ended = Event()
        self.refusals = 0  # times that it will not start
        self.starts = 0
        self.listening = False

    def at(self, seconds: float, action: Action) -> None:
        """Do *action* so many seconds after the beginning; what it returns is told."""
        self._acts.append((self._began + seconds, action))
        self._acts.sort(key=lambda act: act[0])

    def end(self, seconds: float) -> None:
        self.at(seconds, self.ended.set)

    def start(self) -> None:
        self.starts += 1
        if self.refusals:
            self.refusals -= 1
            raise OSError(28, "No space left on device")
        self.listening = True

    def take(self, timeout_seconds: float) -> Sightings:
        until = self._clock.now + timeout_seconds
        if not self._acts or self._acts[0][0] > until:
            self._clock.now = until
            return Sightings()
        at, action = self._acts.pop(0)
        self._clock.now = max(self._clock.now, at)
        return action() or Sightings()

    def alive(self) -> bool:
        return self.listening

    def stop(self) -> None:
        self.listening = False
