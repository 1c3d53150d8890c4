"""The words of the ledger: in which state a file is, by which lane it came, and why it ended so.

Every file is in exactly one state. States and reasons are part of the contract with consumers
and operators: they may grow, and never change their meaning.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

DEATHS_ALONE = 3
"""Workers that may die holding a file alone, before it is called poison."""

SILENCES = 3
"""Claims of a file that came to no end, nobody knows why, before it is tried alone."""

ATTEMPTS = 20
"""Claims of a file that came to no end, nobody knows why, before it is called the same.

Machines, networks and stores fail; a file is blamed for deaths that its worker saw. But one that
takes the whole worker with it, by way of the machine's memory say, leaves nobody who saw it.
"""


BATCH_BYTES = 32_000_000
"""Of documents in one batch; the last file may go beyond."""


class State(StrEnum):
    NOTICED = "noticed"  # in the ledger, bytes kept, waiting for a worker
    PROCESSING = "processing"  # a worker holds its lease
    STORED = "stored"  # its text is a new article
    REVISED = "revised"  # its text is the next version of an article
    DUPLICATE = "duplicate"  # an article has its text already
    EXPANDED = "expanded"  # it was a container; its members are rows of their own
    QUARANTINED = "quarantined"  # it cannot become an article; its bytes are kept
    IGNORED = "ignored"  # a file that is not meant for us, with the reason

    @property
    def final(self) -> bool:
        return self not in (State.NOTICED, State.PROCESSING)


class Lane(StrEnum):
    LIVE = "live"  # just dropped: goes first
    BACKFILL = "backfill"  # found by a scan, or part of a flood


class Witness(StrEnum):
    """How a file was judged to be complete."""

    RENAMED = "renamed"  # moved into place, the way careful producers do it
    CLOSED = "closed"  # closed after writing, then quiet for a moment
    QUIET = "quiet"  # unchanged for a whole window: all a scan can know
    UNPACKED = "unpacked"  # a member of a container, which was judged in its turn


class Reason(StrEnum):
    """Why a file ended as it did. ``meaning`` is the sentence for people."""

    meaning: str

    def __new__(cls, value: str, meaning: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    @property
    def ignores(self) -> bool:
        """Whether such a file was never meant for us; its content was not read."""
        return self in _IGNORES

    # quarantined
    EMPTY = "empty", "the file holds nothing, or nothing but spaces"
    TOO_LARGE = "too_large", "larger than COPYDESK_MAX_FILE_MB (a container: _BULK_MB) allows"
    UNREADABLE = "unreadable", "the file cannot be opened or read"
    UNDECODABLE = "undecodable", "the bytes are no text in any encoding that we can be sure of"
    UNSUPPORTED_FORMAT = "unsupported_format", "the file is of a kind that we do not read"
    MALFORMED = "malformed", "the file breaks the rules of its own format"
    NO_TEXT = "no_text", "there is no letter in it"
    ARCHIVE_BOMB = "archive_bomb", "the archive unpacks to more than its budget"
    ARCHIVE_TOO_DEEP = "archive_too_deep", "archives within archives, deeper than we follow"
    ENTITY_BOMB = "entity_bomb", "the XML defines entities that grow without bound"
    TOO_EXPENSIVE = "too_expensive", "reading it took longer than the time limit"
    POISON = "poison", "three workers died while they worked on this file alone"
    INTERNAL_ERROR = "internal_error", "a defect of ours; the file is tried again after an update"

    # ignored
    TEMPORARY_NAME = "temporary_name", "its name says that it is still being written"
    EXCLUDED_BY_PATTERN = "excluded_by_pattern", "its name matches COPYDESK_EXCLUDE"
    SYMLINK_OUTSIDE = "symlink_outside", "a link that is not followed"
    SPECIAL_FILE = "special_file", "not a regular file"

    # duplicate
    EXACT = "exact", "an article has exactly this text"
    NEAR = "near", "an article has nearly this text"
    UNCHANGED = "unchanged", "this file's own article has this text already"

    # stored, revised or duplicate
    WITHDRAWN = "withdrawn", "it was taken back: consumers do not see what came of it"
    ERASED = "erased", "its text was erased for good; a file with these bytes is not read again"

    # stored
    TAGGING_FAILED = "tagging_failed", "stored without tags; they are tried again"


_IGNORES = frozenset(
    {
        Reason.TEMPORARY_NAME,
        Reason.EXCLUDED_BY_PATTERN,
        Reason.SYMLINK_OUTSIDE,
        Reason.SPECIAL_FILE,
    }
)


@dataclass(frozen=True, slots=True)
class Stat:
    """What the file system says of a file: a hint to skip re-reading, never the truth."""

    size: int  # bytes
    mtime_ns: int
    ctime_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Path:
    r"""A path inside the inbox, whatever its bytes.

    ``raw`` is what the file system knows; ``text`` is what people read: bytes that are not
    UTF-8 stand as ``\xNN``.
    """

    raw: bytes

    @property
    def text(self) -> str:
        return self.raw.decode("utf-8", "backslashreplace").replace("\0", "\\x00")
