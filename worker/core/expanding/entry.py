"""What the formats have in common: a container is a sequence of entries, each read when it is due.

An entry that was recorded before is passed over without being read, so going on after a crash
costs little. One that cannot be read is refused alone: it says why, in place of its content.
"""

from collections.abc import Callable
from dataclasses import dataclass

from worker.core.ledger import Reason


class OneArticle(Exception):  # noqa: N818 -- an answer, and no error
    """It looked like a container, and is an article: to be read as any other file."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The content of an entry, or why it has none. Both, where it is kept and yet refused."""

    content: bytes | None
    reason: Reason | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    label: bytes  # what follows the path of its container: ``#12`` or ``!a/b.txt``
    load: Callable[[], Loaded]
    mtime_ns: int = 0  # as the container says; 0: it does not


def too_large(limit: int) -> Loaded:
    return Loaded(None, Reason.TOO_LARGE, f"the limit is {limit} bytes")
