"""What the watcher tells the ledger: complete files, and that it is alive."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from worker.core.expanding.kinds import HEAD_BYTES, recognise
from worker.core.ledger import Lane, Path, Reason, Stat, State, Witness
from worker.core.sight import CLEAR_SIGHT, Sight


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
