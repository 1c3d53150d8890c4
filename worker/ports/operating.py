"""What an operator asks of the ledger, and does to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from worker.core.article import Article, Tags, Verdict
from worker.core.audit import Finding, Known, Step, Watching
from worker.core.ledger import Path, State
from worker.core.life import File, Life
from worker.core.rejudging import Remedy
from worker.core.retagging import Columns, Methods
from worker.core.selection import Selection
from worker.core.withdrawal import Scope


class Naming(Protocol):
    """What people name, seen by consumers or not."""

    def inboxes(self) -> tuple[str, ...]:
        """All folders that were ever watched."""

    def files(self, paths: Sequence[bytes]) -> tuple[int, ...]:
        """Ids of the latest generation at each of these raw paths, in any inbox."""

    def articles(self, name: str) -> tuple[UUID, ...]:
        """The articles that *name* may mean: an id, the beginning of one, or a uri.

        Of very many only the first.
        """

    def has(self, file_id: int) -> bool:
        """Whether the ledger has a file of this number."""

    def article_of(self, file_id: int) -> UUID | None:
        """The article that a file became, revised or duplicates, if it came to any."""

    def file_of(self, article_id: UUID) -> int:
        """The file that made the latest version of an article that there is."""


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


class Rereading(Protocol):
    """Stored files, read again."""

    def originals(self, which: Selection) -> Iterator[Original]:
        """Those of the files that made what consumers see now, by number, in constant memory.

        Without those that another content followed at their path.
        """

    def again(self, file_id: int) -> bool:
        """Make it due once more, as the next version of its article; safe to repeat.

        False: it is no original any more. A version that comes meanwhile stays the latest.
        """


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
    merged: UUID | None = None  # the article that was named, where it is this one by now


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
    path: str  # as people read it
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
