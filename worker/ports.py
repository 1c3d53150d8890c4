"""What the pipeline, the watcher and the clerk need from the outside world, and nothing more.

Each port has two adapters that obey the same laws (``tests/contract``): Postgres, and memory for
dry runs. Facts go in, intents come out; no port hands out a half-made domain object.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Any, Protocol
from uuid import UUID

from worker.core.article import Article, Decision, Relation, Tags, Verdict
from worker.core.audit import Finding, Known, Step, Watching
from worker.core.expanding.kinds import HEAD_BYTES, recognise
from worker.core.ledger import Lane, Path, Reason, Stat, State, Witness
from worker.core.life import File, Life
from worker.core.rejudging import Remedy
from worker.core.retagging import Columns, Methods
from worker.core.searching import Findings, Query
from worker.core.selection import Selection
from worker.core.settling import Sign
from worker.core.sight import CLEAR_SIGHT, Sight
from worker.core.withdrawal import Scope

if TYPE_CHECKING:  # the watcher and the clerk never load what judges and tags
    from worker.core.dedupe import Candidate, Neighbour
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

    @property
    def bulk(self) -> bool:
        """Whether it seems to be a container: such a file is worked alone."""
        if self.content is None or self.reason is not None:
            return False
        return recognise(self.path.raw, self.content[:HEAD_BYTES]) is not None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a batch of notices came to."""

    due: tuple[int, ...]  # ids of new rows that a worker should hear of, live first
    refused: int  # new rows that are final at once: ignored, or quarantined at the door
    known: int  # notices of a content that the ledger had as the latest of its path
    stale: tuple[Notice, ...] = ()  # left out: whoever read them has to look again
    mark: int = 0  # of the ledger after this batch
    live: int = 0  # how many of those due came by the live lane


class Intake(Protocol):
    def known(self, inbox: str) -> Iterator[tuple[bytes, Stat]]:
        """Latest raw path and stat of every file of *inbox*: what a scan need not read again.

        What was refused unread has the stat ``UNSEEN``: it may be readable by now.
        """

    def mark(self, inbox: str) -> int:
        """How far the ledger has come with *inbox*: what is recorded later has a greater mark."""

    def record(self, inbox: str, notices: Sequence[Notice], *, mark: int | None = None) -> Recorded:
        """Put documents and ledger rows in place, in one transaction; safe to repeat.

        A content that differs from the latest of its path is the next generation. Unless that was
        recorded after *mark*, which the ledger had before the first of *notices* was read: another
        watcher may have read it before or after us, so ours is stale. None: nobody else records.
        """

    def beat(
        self,
        inbox: str,
        *,
        settling: int,
        scanned: bool,
        sight: Sight = CLEAR_SIGHT,
        watcher: str = "",
    ) -> None:
        """Say that a watcher is alive; *scanned*: the folder was walked to its end just now.

        Each *watcher* has a word of its own, which goes with it (``worker/core/sight.py``).
        """


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
    lane: Lane = Lane.LIVE
    bulk: bool = False  # it seems to be a container: alone, and without content; see Containers
    erased: bool = False  # these bytes were erased for good: there is no content


@dataclass(frozen=True, slots=True)
class Ending:
    """How the work on a claimed file ends.

    With a decision, or with a reason to quarantine it, or with members of its own.
    """

    claim: Claim
    decision: Decision | None = None
    tags: Tags | None = None  # with a decision that adds a version; None: tagging failed
    reason: Reason | None = None  # without a decision
    detail: str = ""
    media_type: str | None = None  # as recognised
    expanded: bool = False  # all members of a container are recorded

    def __post_init__(self) -> None:
        if (self.decision is not None) + (self.reason is not None) + self.expanded != 1:
            raise ValueError(
                "an ending has a decision, or a reason, or members, and no two of them"
            )

    @property
    def state(self) -> State:
        if self.decision is None:
            return State.EXPANDED if self.expanded else State.QUARANTINED
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


Judge = Callable[["Candidate", Iterable["Neighbour"]], Verdict]


class Desk(Protocol):
    def claim(self, hinted: Sequence[int], limit: int) -> tuple[Claim, ...]:
        """Lease up to *limit* due files: those hinted at first, then others, live before backfill.

        Beside those hinted at a batch has one lane: a live file does not wait for work on thirty
        others. A file that must be worked alone comes alone, as a container does. A generation
        waits for the earlier ones of its path, so versions follow the order of the file's life.
        """

    def decide(
        self, articles: Sequence[tuple[Claim, "Candidate"]], judge: Judge
    ) -> Mapping[int, Decision]:
        """Judge each against the store and those before it, and insert what is new; one commit.

        Answers by file id. A claim that was lost meanwhile has no answer, and left no trace.
        """

    def finish(self, endings: Sequence[Ending]) -> Finished:
        """Write how the batch ended, move the published pointers and the feed; one commit.

        Then, in another, merge articles that the batch showed to be one: the younger into the
        elder, once consumers see both and no file of the younger is being worked.
        """

    def renew(self, claims: Sequence[Claim]) -> None:
        """Extend the leases that still hold."""

    def hand_back(self, claims: Sequence[Claim]) -> None:
        """Give claims up without a mark against the files: infrastructure failed, not they."""


@dataclass(frozen=True, slots=True)
class Added:
    """What a part of a container came to."""

    due: tuple[int, ...]  # ids of members that are new
    unpacked: int  # bytes recorded of all containers in the file that this one came in


class Container(Protocol):
    """A container that a worker holds, to be taken apart in as many commits as it takes."""

    @property
    def source(self) -> IO[bytes]:
        """Its bytes; can be sought."""

    @property
    def depth(self) -> int:
        """Containers that it stands in."""

    @property
    def members(self) -> int:
        """Recorded so far, maybe by workers that died: go on from there."""

    def previous(self) -> IO[bytes] | None:
        """The bytes of the generation before it, if that was expanded."""

    def add(self, members: Sequence[Notice], *, upto: int, weight: int) -> Added | None:
        """Record *members*, and that *upto* of them are done, in one commit; as *Intake.record*.

        *weight*, in bytes, counts against the file that the container came in. None: somebody else
        claimed the container, and nothing was written.
        """

    def pause(self) -> None:
        """Let others go first: it is due again at once, and no mark is left."""


class Containers(Protocol):
    def open(self, claim: Claim) -> Container: ...


class Recogniser(Protocol):
    """Finds names in texts."""

    @property
    def method(self) -> str:
        """Name and version, kept with every tag."""

    @property
    def languages(self) -> frozenset[str]:
        """In which it can be trusted; BCP 47. Others are left to the rules."""

    def recognise(self, texts: Sequence[str]) -> list[tuple["Span", ...]]:
        """One answer a text, spans in reading order, none overlapping."""


# --- the clerk's side -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Freed:
    """Leases that ended without a word from their worker."""

    again: int  # tried again, alone from now on
    poisoned: int  # given up: too many died of it while it was alone, or it took too long


@dataclass(frozen=True, slots=True)
class Unheard:
    """Files to ring for, by their ids."""

    ids: tuple[int, ...] = ()
    named: int = 0  # of the first: live ones, and those that must come alone; see ``hints``


class Sweep(Protocol):
    def end_silent(self) -> int:
        """End sessions that hold a lock while nothing is heard of their worker. Gives how many."""

    def free_expired(self) -> Freed:
        """Free what nobody renewed any more; blames no file, unless it was claimed too often.

        A worker whose network, store or machine went away falls silent as well as one that died.
        """

    def retry_outdated(self) -> int:
        """Make due what another version of the code broke on, some at a time; gives how many."""

    def forget_months(self) -> bool:
        """Let the oldest month go from the index of near-duplicates; False: nothing to do."""

    def make_searchable(self) -> int:
        """Let what an earlier release stored be found by search, some at a time; gives how many."""

    def forget_changes(self) -> int:
        """Let go of changes that need not be kept any longer, some at a time; gives how many."""

    def lift_embargoes(self) -> int:
        """Let consumers see the articles whose embargo ended; gives how many, some at a time."""

    def regroup(self) -> int:
        """Merge articles that a text showed to be one, where a worker left it; gives how many."""

    def unheard(self, limit: int) -> Unheard:
        """Files that are due, and that nobody was rung for lately; marks them as rung."""


class Succession(Protocol):
    """A worker's children, by their process ids, for the one that takes a dead one's place.

    That a child died under a living parent is what tells a deadly file from a failed machine.
    """

    def holders(self) -> tuple[int, ...]:
        """Children of this worker that hold files."""

    def bury(self, dead: Sequence[int]) -> Freed:
        """Free at once what these held, and count their deaths against a file held alone."""


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
class Consumer:
    """A consumer of the feed that tells how far it is."""

    name: str
    position: int  # up to which it has read
    seen_at: datetime  # when it last told


@dataclass(frozen=True, slots=True)
class Status:
    """The ledger at a glance."""

    counts: Mapping[State, int]
    reasons: Mapping[tuple[State, Reason], int]
    oldest_due_seconds: float | None  # age of the file that waits longest
    settling: int  # files still being written, as the watchers say
    scanned_at: datetime | None  # when a watcher last walked the whole folder
    watcher_seen_at: datetime | None
    finished_last_minute: int
    position: int  # the feed's greatest
    now: datetime  # the store's clock
    sight: Sight = CLEAR_SIGHT  # as the watchers say
    finished_last_ten_minutes: int = 0
    oldest_seconds: Mapping[State, float] = field(default_factory=dict)  # of each open state
    lanes: Mapping[Lane, int] = field(default_factory=dict)  # files that are open
    consumers: tuple[Consumer, ...] = ()  # over all inboxes
    halves: int = 0  # versions that superseded one which was read half written, or cut short

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


class Searching(Protocol):
    def search(self, query: Query, limit: int) -> Findings:
        """The best of the published articles that match, at most *limit*."""


@dataclass(frozen=True, slots=True)
class Shown:
    """All that consumers can see of an article: rows of the views as JSON objects."""

    article: dict[str, Any]  # article.v1.json
    versions: list[dict[str, Any]]  # from the first, the current one included
    copies: list[dict[str, Any]]
    relations: list[dict[str, Any]]  # with the headline of the other one
    files: list[dict[str, Any]]


class Showing(Protocol):
    def named(self, name: str) -> tuple[UUID, ...]:
        """The published articles that *name* may mean: an id, the beginning of one, or a uri.

        Of very many only the first.
        """

    def shown(self, article_id: UUID) -> Shown | None:
        """None: consumers do not see it."""

    def last_change(self, article_id: UUID) -> dict[str, Any] | None:
        """What the feed says last of it, seen or not."""

    def original(self, article_id: UUID, version: int) -> bytes | None:
        """The bytes of the file that a published version came from; empty once they are erased."""


# --- taking files out of the inbox ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Done:
    """The latest generation of a file, whose text the store has: it may go."""

    path: Path
    stat: Stat
    sha256: bytes
    at: datetime  # when it ended, by the store's clock
    quiet: bool = False  # it was judged by its quiet alone: its writer may have paused


class Fate(StrEnum):
    """What became of a file that was to be taken out of the inbox."""

    GONE = "gone"  # it is not there: a round before took it, or its owner
    TAKEN = "taken"  # just now
    OTHER = "other"  # it is not what was read, so it stays
    LATER = "later"  # its writer may come back


class Closed(Protocol):
    def done(self, inbox: str, since: datetime | None) -> Iterator[Done]:
        """Files that ended well, at *since* or later, in the order in which they did."""


class Outbox(Protocol):
    """The way out of an inbox on disk."""

    def take(self, file: Done) -> Fate:
        """Delete or archive the file if it is still what was read. Safe to repeat.

        Raises ``OSError`` where the folder or the archive cannot be written.
        """


# --- the operator's side --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Original:
    """The bytes of a file that made a version, and the article as it was read then."""

    file_id: int
    path: Path
    content: bytes
    article_id: UUID
    version: int
    article: Article


class Inspecting(Protocol):
    """The ledger, file by file."""

    def files(self, which: Selection, limit: int) -> tuple[File, ...]:
        """The newest first."""

    def count(self, which: Selection) -> int: ...

    def life(self, file_id: int) -> Life | None:
        """Everything about one file; its candidates as they were when it was decided."""

    def named(self, paths: Sequence[bytes]) -> tuple[int, ...]:
        """Ids of the latest generation at each of these raw paths, in any inbox."""

    def of_article(self, article_id: UUID) -> int | None:
        """The id of the file that made the article's latest version."""

    def originals(self, which: Selection) -> Iterator[Original]:
        """Those of the files that made a version, by number, in constant memory."""


@dataclass(frozen=True, slots=True)
class Retried:
    """What became of files that were to be tried again."""

    again: tuple[int, ...]  # ids that are due now
    unread: tuple[int, ...] = ()  # their bytes are not kept: each scan tries to read them anyway


class Retrying(Protocol):
    def would(self, which: Selection) -> Retried:
        """What *retry* would do."""

    def retry(self, which: Selection) -> Retried:
        """Make quarantined files, and those whose tagging failed, due again; safe to repeat.

        They keep their generation and their token, and lose what is held against them; what was
        poison comes alone.
        """


@dataclass(frozen=True, slots=True)
class Meant:
    """The article that a person means, and the file of it."""

    article_id: UUID
    file_id: int  # the one that is named, or that made the version that consumers see, or the last
    headline: str
    source: str | None  # publisher of that file
    paths: tuple[str, ...]  # of all files of the article, as people read them
    erased: bool = False


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What became of an article of which something was taken back, or is valid again."""

    position: int | None  # of the feed; None: consumers were told nothing
    withdrawn: tuple[str, ...]  # paths of the files that are taken back now
    version: int | None  # that consumers see now
    heir: str | None = None  # path of a copy that is to take its place, once a worker has read it


class Withdrawing(Protocol):
    """Each is one commit, and safe to repeat."""

    def meant(self, name: int | UUID) -> Meant:
        """By the number of a file or the id of an article; raises ``UsageError`` if it has none."""

    def retract(self, meant: Meant, scope: Scope, because: str) -> TakenBack:
        """Take an article back; raises ``UsageError`` where the scope says nothing."""

    def restore(self, meant: Meant) -> TakenBack:
        """Lift whatever was taken back of it; raises ``UsageError`` if it was erased."""

    def erase(self, meant: Meant, because: str) -> TakenBack:
        """Take all of it back, and let its texts go for good."""


@dataclass(frozen=True, slots=True)
class Parted:
    """What became of a file that is to be an article of its own."""

    file_id: int
    article_id: UUID | None  # the article that it is; None: it is due, and workers make one of it
    was: UUID | None = None  # the article that it was taken for; None: it was its own already


@dataclass(frozen=True, slots=True)
class Joined:
    """What became of two articles that are to be one."""

    into: UUID  # the elder, which stays
    gone: UUID
    waits: str = ""  # why not yet, as a sentence; empty: they are one


class Regrouping(Protocol):
    """What a person says against the verdicts. No later verdict undoes it; all safe to repeat."""

    def separate(self, file_id: int, because: str) -> Parted:
        """Make an article of its own of a file taken for a copy, or of one that was merged.

        Raises ``UsageError`` where the file is neither.
        """

    def join(self, one: UUID, other: UUID, because: str) -> Joined:
        """Merge the younger article into the elder, at once or as soon as consumers see both.

        Raises ``UsageError`` for an article that is not there.
        """


@dataclass(frozen=True, slots=True)
class Tagged:
    """A version with the tags that it has."""

    file_id: int  # of the file that made it
    path: Path
    article_id: UUID
    version: int
    article: Article
    columns: Columns  # its tags


class Retagging(Protocol):
    def count(self, which: Selection, methods: Methods) -> int:
        """How many *outdated* would give in all."""

    def outdated(
        self, which: Selection, methods: Methods, *, after: int, limit: int
    ) -> tuple[Tagged, ...]:
        """Versions whose tags another tagger made, or whose entities nobody noted, by file number.

        Without those whose tags are missing or in the making, and those that a later one replaced.
        """

    def replace(self, made: Sequence[tuple[Tagged, Tags]]) -> bool:
        """Write these tags in one commit, and tell consumers where what they see is different.

        False: one of the versions is not to be tagged any more, and nothing was written.
        """


@dataclass(frozen=True, slots=True)
class Rejudged:
    """A stored file, judged again by the present rules among what was there at its time."""

    file_id: int
    path: Path
    article_id: UUID  # that it belongs to now
    before: Verdict
    now: Verdict
    remedy: Remedy | None  # None: it is where it should be
    parts: tuple[UUID, ...] = ()  # articles that its text joined, and would join no more

    @property
    def differs(self) -> bool:
        return self.remedy is not None or bool(self.parts)


class Rejudging(Protocol):
    def judged(self, which: Selection) -> Iterator[Rejudged]:
        """Files that a verdict placed, by number; without those that a person placed."""

    def mend(self, file: Rejudged) -> bool:
        """Do what is to be done; False: nothing can be, or it is another file by now."""


class Auditing(Protocol):
    """Ledger, store and feed as they were at one moment: that of the first question."""

    def latest(self, inbox: str) -> Iterator[tuple[bytes, Known]]:
        """The latest generation of each raw path."""

    def watching(self, inbox: str) -> Watching: ...

    def open(self, inbox: str) -> Mapping[State, int]:
        """Files without an outcome."""

    def findings(self) -> Iterator[Finding]:
        """What is wrong inside the ledger and the store."""

    def head(self) -> tuple[int, int]:
        """The smallest position that the feed keeps, and its greatest."""

    def steps(self) -> Iterator[Step]:
        """The whole feed, by position."""

    def view(self) -> Iterator[tuple[UUID, int, int]]:
        """Article, version and position of all that consumers see."""


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A folder whose files nobody knows."""

    path: Path
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """A change that consumers see, as ``feed_v1.changes`` has it."""

    position: int
    kind: str
    article_id: UUID
    version: int
    into: UUID | None
    cause: str
    at: datetime
    headline: str | None  # of the article now; None: nobody sees it any more


class Feed(Protocol):
    def changes(self, after: int | None) -> Iterator[Change]:
        """All changes after a position, in order; None: all that are kept.

        Raises ``UsageError`` for a position that is older than what is kept, or ahead of it all.
        """

    def wait(self, timeout_seconds: float) -> None:
        """Until there are more, or so long."""


class Folder(Protocol):
    """An inbox on disk. Never writes."""

    def walk(self, unlisted: list[Unlisted] | None = None) -> Iterator[tuple[Path, Stat]]:
        """Every regular file and every link, device or pipe below the inbox, in no order.

        Folders that cannot be listed are passed over, and added to *unlisted*. Raises
        ``Unavailable``, once it is asked for the first, when the inbox itself is away.
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
