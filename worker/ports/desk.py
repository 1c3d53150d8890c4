"""What a worker takes from the ledger, and how it says what became of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING, Protocol

from worker.core.article import Article, Decision, Relation, Tags, Verdict
from worker.core.ledger import Lane, Path, Reason, State
from worker.ports.intake import Notice

if TYPE_CHECKING:  # the watcher and the clerk never load what judges and tags
    from worker.core.dedupe import Candidate, Neighbour
    from worker.core.tagging.span import Span


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
