"""What people and programs read of ledger, store and feed."""

from collections.abc import Collection, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from worker.core.ledger import Lane, Reason, State
from worker.core.searching import Findings, Query
from worker.core.sight import CLEAR_SIGHT, Sight


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
        self, *, after: int = 0, until: int | None = None, only: Collection[str] | None = None
    ) -> Generator[dict[str, Any], None, None]:
        """Published articles as ``article.v1.json`` objects, by position, in constant memory.

        They have all keys, or those of *only*: what is not asked for is not read.
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
    def shown(self, article_id: UUID) -> Shown | None:
        """None: consumers do not see it."""

    def last_change(self, article_id: UUID) -> dict[str, Any] | None:
        """What the feed says last of it, seen or not."""

    def original(self, article_id: UUID, version: int) -> bytes | None:
        """The bytes of the file that a published version came from; empty once they are erased."""


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
