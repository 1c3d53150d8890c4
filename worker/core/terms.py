"""On which terms a story was sent: until when it is embargoed, whether it may be used, how urgent.

Newsrooms and formats spell these differently; here they get the words of the IPTC. A story that
comes out too early is the worst mistake there is: an embargo that is not exact ends as late as it
may, and one that cannot be read has no end.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from worker.core import notice
from worker.core.article import Draft, Precision
from worker.core.dates import moment
from worker.core.wordlist import words


class Status(StrEnum):
    """May it be published? The words of ninjs and of NewsML-G2."""

    USABLE = "usable"
    WITHHELD = "withheld"  # not now
    CANCELED = "canceled"  # never, and not what came out before either: a kill


@dataclass(frozen=True, slots=True)
class Terms:
    status: Status = Status.USABLE
    embargo_until: datetime | None = None  # UTC
    urgency: int | None = None  # 1 (most) to 9
    signal: str | None = None  # "correction", "update" and so on, in small letters


_DAY: Final = timedelta(hours=36)  # from midnight UTC to the day's end, wherever it was meant
_CANCELED: Final = frozenset(
    words("cancelled canceled cancel killed kill kills recalled withdrawn withdraw")
)
_NO_EMBARGO = re.compile(  # also a field that nobody filled in
    r"no|none|false|null|nil|n/?a|lifted|[0:T.Z\W]*|0001-01-01(?:[T ][0:.Z+-]*)?", re.IGNORECASE
)
_FOR_READERS: Final = frozenset(  # KILL: a film review
    {"application/atom+xml", "application/feed+json", "application/rss+xml", "text/html"}
)
_URGENCY = re.compile(r"([1-9])(?:\.0*)?")


def terms(draft: Draft, headline: str = "") -> Terms:
    """Read what *draft* says of them, or what its *headline* does where the format is silent."""
    signal = draft.signal.casefold() if draft.signal else _signal(draft, headline)
    embargo = draft.embargo or notice.embargo(headline, headed=True) or ""
    embargo = "" if _NO_EMBARGO.fullmatch(embargo) else embargo
    ends = _embargo(embargo) if embargo else None
    urgency = _URGENCY.fullmatch(draft.urgency or "")
    return Terms(
        status=_status(draft.status, signal, endless=bool(embargo) and ends is None),
        embargo_until=ends,
        urgency=int(urgency[1]) if urgency else None,
        signal=signal,
    )


def _signal(draft: Draft, headline: str) -> str | None:
    """A kill is for desks: no page and no feed has one for its headline."""
    said = notice.signal(headline)
    if said != "kill":
        return said
    for_readers = draft.media_type in _FOR_READERS or notice.reviews(headline, draft.blocks)
    return None if for_readers else said


def _status(written: str | None, signal: str | None, *, endless: bool) -> Status:
    said = {(word or "").casefold() for word in (written, signal)}
    if not said.isdisjoint(_CANCELED):
        return Status.CANCELED
    return Status.WITHHELD if endless or Status.WITHHELD in said else Status.USABLE


def _embargo(written: str) -> datetime | None:
    found = moment(written, "metadata")
    if found is None or found.precision in (Precision.YEAR, Precision.MONTH):
        return None
    return found.at + _DAY if found.precision is Precision.DAY else found.at
