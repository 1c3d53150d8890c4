"""What may leave the inbox, and by which way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from worker.core.ledger import Path, Stat


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
