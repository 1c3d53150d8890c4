"""An inbox on disk, and what the operating system tells of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from worker.core.ledger import Path, Stat
from worker.core.settling import Sign


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A folder whose files nobody knows."""

    path: Path
    why: str


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
