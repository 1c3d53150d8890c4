"""What the watchers say of their inboxes, and what that comes to.

Any number may watch one inbox, none elected, so each has a word of its own, and says it every
second. One that fell silent has no say any more; where all did, the last word stands, so that
people see how things were.

They see the same files: the greatest of their numbers is the nearest to the truth, and a sum would
count each file as often as it is watched. A number that is too small for a second is the lesser
mistake. Of what hinders one of them, all is said.

Pure: no clock, no I/O.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

SILENT_SECONDS: Final = 10.0  # since the last word of a watcher, for it to be gone


@dataclass(frozen=True, slots=True)
class Sight:
    """How a watcher sees its inbox: what people must know when files seem not to come."""

    scanning: str = ""  # why events are not relied on, so that it scans often; empty: they come
    paused: str = ""  # why no file is taken in just now; empty: they are
    unlisted: tuple[str, ...] = ()  # folders that the last scan could not list; a few of them
    waiting_seconds: float | None = None  # that the oldest file outside the ledger is unchanged


CLEAR_SIGHT: Final = Sight()


@dataclass(frozen=True, slots=True)
class Word:
    """The last word of one watcher."""

    inbox: str
    silent_seconds: float  # since then
    settling: int  # files still being written
    sight: Sight


def merged(words: Iterable[Word]) -> tuple[int, Sight]:
    """Files still being written, and how the inboxes are seen, over all *words* that count."""
    by_inbox: dict[str, list[Word]] = {}
    for word in words:
        by_inbox.setdefault(word.inbox, []).append(word)
    heard = [_heard(said) for said in by_inbox.values()]
    settling = sum(max(word.settling for word in said) for said in heard)
    return settling, _overall([word.sight for said in heard for word in said])


def _heard(words: list[Word]) -> list[Word]:
    """Those who speak still; if none does, the last that did."""
    speaking = [word for word in words if word.silent_seconds <= SILENT_SECONDS]
    return speaking or [min(words, key=lambda word: word.silent_seconds)]


def _overall(sights: list[Sight]) -> Sight:
    ages = [s.waiting_seconds for s in sights if s.waiting_seconds is not None]
    return Sight(
        scanning=_each_once(s.scanning for s in sights),
        paused=_each_once(s.paused for s in sights),
        unlisted=tuple(sorted({folder for s in sights for folder in s.unlisted})),
        waiting_seconds=max(ages, default=None),
    )


def _each_once(reasons: Iterable[str]) -> str:
    return "; ".join(sorted({reason for reason in reasons if reason}))
