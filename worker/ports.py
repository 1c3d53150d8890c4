"""What the pipeline, the watcher and the clerk need from the outside world, and nothing more.

Each port has two adapters that obey the same laws (``tests/contract``): Postgres, and memory for
dry runs. Facts go in, intents come out; no port hands out a half-made domain object.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from worker.core.article import Article, Decision, Relation, Tags, Verdict
from worker.core.dedupe import Candidate, Neighbour
from worker.core.ledger import Lane, Path, Reason, Stat, State, Witness
from worker.core.settling import Sign
from worker.core.tagging.span import Span

# --- the watcher's side of the ledger -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Notice:
    """A complete file, read once: the bytes hashed are the bytes kept."""

    path: Path
    stat: Stat
    witness: Witness
    lane: Lane
    content: bytes | None  # None only with a reason
    sha256: bytes | None
    reason: Reason | None = None  # ignored or refused at the door (too_large, unreadable)
    detail: str = ""

    @property
    def state(self) -> State:
        """The state of its row when it is new to the ledger."""
        if self.reason is None:
            return State.NOTICED
        return State.IGNORED if self.reason.ignores else State.QUARANTINED


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a batch of notices came to."""

    due: tuple[int, ...]  # ids of new rows that a worker should hear of, live first
    refused: int  # new rows that are final at once: ignored, or quarantined at the door
    known: int  # notices of a content that the ledger had as the latest of its path


class Intake(Protocol):
    def known(self, inbox: str) -> Iterator[tuple[bytes, Stat]]:
        """Latest raw path and stat of every file of *inbox*: what a scan need not read again."""

    def record(self, inbox: str, notices: Sequence[Notice]) -> Recorded:
        """Put documents and ledger rows in place, in one transaction; safe to repeat.

        A content that differs from the latest of its path is the next generation.
        """

    def beat(self, inbox: str, *, settling: int, scanned: bool) -> None:
        """Say that a watcher is alive; *scanned*: the folder was walked to its end just now."""


# --- the worker's side ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Claim:
    """A file that this worker holds until its lease ends, and may write while *token* is newest."""

    file_id: int
    token: int  # fencing token: grows with every claim of the row
    inbox: str
    path: Path
    generation: int  # from 1, per path
    content: bytes
    noticed_at: datetime  # UTC, the store's clock
    solo: bool = False  # worked alone: a worker died in a batch with it
    deaths: int = 0  # of workers that held it alone
    decision: Decision | None = None  # made before an earlier worker died: go on from there
    article: Article | None = None  # of that decision


@dataclass(frozen=True, slots=True)
class Ending:
    """How the work on a claimed file ends: with a decision, or with a reason to quarantine it."""

    claim: Claim
    decision: Decision | None = None
    tags: Tags | None = None  # with a decision that adds a version; None: tagging failed
    reason: Reason | None = None  # without a decision
    detail: str = ""
    media_type: str | None = None  # as recognised

    def __post_init__(self) -> None:
        if (self.decision is None) == (self.reason is None):
            raise ValueError("an ending has a decision or a reason, and not both")

    @property
    def state(self) -> State:
        if self.decision is None:
            return State.QUARANTINED
        return _STATES[self.decision.verdict.relation]

    @property
    def shown_reason(self) -> Reason | None:
        """What the ledger gives as the reason."""
        if self.decision is None:
            return self.reason
        if self.decision.adds_version:
            return Reason.TAGGING_FAILED if self.tags is None else None
        return _REASONS[self.decision.verdict.relation]


_STATES = {
    Relation.NEW: State.STORED,
    Relation.REVISION: State.REVISED,
    Relation.EXACT: State.DUPLICATE,
    Relation.NEAR: State.DUPLICATE,
    Relation.UNCHANGED: State.DUPLICATE,
}
_REASONS = {
    Relation.EXACT: Reason.EXACT,
    Relation.NEAR: Reason.NEAR,
    Relation.UNCHANGED: Reason.UNCHANGED,
}


@dataclass(frozen=True, slots=True)
class Finished:
    written: tuple[int, ...]  # file ids; those missing were claimed anew by somebody else
    position: int | None  # the feed's greatest after this batch; None if the feed did not move
    freed: tuple[int, ...] = ()  # later generations of these files, which waited for them


Judge = Callable[[Candidate, Iterable[Neighbour]], Verdict]


class Desk(Protocol):
    def claim(self, hinted: Sequence[int], limit: int) -> tuple[Claim, ...]:
        """Lease up to *limit* due files: those hinted at first, then others, live before backfill.

        A file that must be worked alone comes alone. A generation waits for the earlier ones of
        its path, so versions follow the order of the file's life.
        """

    def decide(
        self, articles: Sequence[tuple[Claim, Candidate]], judge: Judge
    ) -> Mapping[int, Decision]:
        """Judge each against the store and those before it, and insert what is new; one commit.

        Answers by file id. A claim that was lost meanwhile has no answer, and left no trace.
        """

    def finish(self, endings: Sequence[Ending]) -> Finished:
        """Write how the batch ended, move the published pointers and the feed; one commit."""

    def renew(self, claims: Sequence[Claim]) -> None:
        """Extend the leases that still hold."""

    def hand_back(self, claims: Sequence[Claim]) -> None:
        """Give claims up without a mark against the files: infrastructure failed, not they."""


class Recogniser(Protocol):
    """Finds names in texts."""

    @property
    def method(self) -> str:
        """Name and version, kept with every tag."""

    @property
    def languages(self) -> frozenset[str]:
        """In which it can be trusted; BCP 47. Others are left to the rules."""

    def recognise(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        """One answer a text, spans in reading order, none overlapping."""


# --- the clerk's side -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Freed:
    """Leases that ended without a word from their worker."""

    again: int  # tried again, alone from now on
    poisoned: int  # died alone too often: quarantined, or stored without tags


class Sweep(Protocol):
    def end_silent(self) -> int:
        """End sessions that hold a lock while nothing is heard of their worker. Gives how many."""

    def free_expired(self) -> Freed: ...

    def unheard(self, limit: int) -> tuple[int, ...]:
        """Ids of files that are due, and that nobody was rung for lately; marks them as rung."""


class Bell(Protocol):
    """A doorbell: losing, doubling or reordering its rings costs nothing."""

    def ring(self, ids: Sequence[int]) -> None:
        """Tell some worker of *ids*; raises ``Unavailable``, which callers may ignore."""

    def waiting(self) -> int:
        """Rings that no worker has taken yet."""


# --- reading --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Headline:
    """A line for the live view."""

    at: datetime
    outcome: State
    headline: str
    tags: tuple[str, ...]
    path: str
    reason: Reason | None = None  # why, where the outcome has one


@dataclass(frozen=True, slots=True)
class Status:
    """The ledger at a glance."""

    counts: Mapping[State, int]
    reasons: Mapping[tuple[State, Reason], int]
    oldest_due_seconds: float | None  # age of the file that waits longest
    settling: int  # files still being written, as the watchers last said
    scanned_at: datetime | None  # when a watcher last walked the whole folder
    watcher_seen_at: datetime | None
    finished_last_minute: int
    position: int  # the feed's greatest
    now: datetime  # the store's clock

    @property
    def in_flight(self) -> int:
        return sum(n for state, n in self.counts.items() if not state.final) + self.settling


class Reading(Protocol):
    def inboxes(self) -> tuple[str, ...]:
        """Every inbox that the ledger has heard of, in order of name."""

    def status(self, inbox: str | None = None) -> Status:
        """Over one inbox, or all."""

    def latest(self, limit: int, *, inbox: str | None = None) -> tuple[Headline, ...]:
        """The files of one inbox, or all, that finished last, newest first."""

    def articles(
        self, *, after: int = 0, until: int | None = None
    ) -> Generator[dict[str, Any], None, None]:
        """Published articles as ``article.v1.json`` objects, by position, in constant memory.

        It reads in one transaction: close it, where it is not read to its end.
        """


class Folder(Protocol):
    """An inbox on disk. Never writes."""

    def walk(self) -> Iterator[tuple[Path, Stat]]:
        """Every regular file and every link, device or pipe below the inbox, in no order.

        Raises ``Unavailable``, once it is asked for the first, when the inbox itself is away.
        """

    def stat(self, path: Path) -> Stat | None:
        """Of the file or link itself; None when it is gone."""

    def read(self, path: Path, limit: int) -> tuple[Stat, bytes]:
        """Bytes, and the stat of the very descriptor, taken after they were read.

        Raises ``Rejected`` (special_file, symlink_outside, too_large, unreadable),
        ``FileNotFoundError`` when it is gone, ``Unavailable`` when we lack descriptors or memory.
        """


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something happened to a file: a reason to look, never the truth."""

    path: bytes  # below the inbox, raw
    sign: Sign


@dataclass(frozen=True, slots=True)
class Sightings:
    seen: tuple[Sighting, ...] = ()  # in the order in which they happened
    lost: bool = False  # some were not told: only a scan knows what they were


class Events(Protocol):
    """What the operating system tells of an inbox while it happens."""

    def start(self) -> None:
        """Begin to listen, or begin anew. Raises ``OSError``: then there is only scanning."""

    def take(self, timeout_seconds: float) -> Sightings:
        """What was seen since the last call; waits for the first, at most so long."""

    def alive(self) -> bool:
        """Whether it listens, and to the folder that has the inbox's name now."""

    def stop(self) -> None:
        """Stop listening; harmless when it never began."""


class Clock(Protocol):
    def monotonic(self) -> float:
        """Seconds, from an arbitrary start, never backwards."""

    def wall_ns(self) -> int:
        """Nanoseconds since 1970, UTC: to be compared with file times, and with doubt."""

    def sleep(self, seconds: float) -> None: ...
