"""Which files of the ledger are meant: what `files`, `retry` and `reprocess` have in common.

Pure. Each condition that is given narrows the selection; none given means all files, so whoever
changes something asks for at least one (``narrow``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

from worker.core.ledger import Reason, State

_UNITS: Mapping[str, timedelta] = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}


@dataclass(frozen=True, slots=True)
class Selection:
    states: tuple[State, ...] = ()  # any of them; none: all
    reasons: tuple[Reason, ...] = ()
    ids: tuple[int, ...] = ()
    inbox: str | None = None  # as the ledger calls it
    path: str | None = None  # a shell pattern of the whole path below the inbox
    since: datetime | None = None  # noticed then or later
    until: datetime | None = None  # noticed before then
    source: str | None = None  # of the article that the file became, as its publisher is called
    pipeline: str | None = None  # version of the code that handled it

    @property
    def narrow(self) -> bool:
        """Whether anything is said but the state."""
        said = (field.name for field in fields(self) if getattr(self, field.name))
        return any(name != "states" for name in said)


def moment(text: str, now: datetime) -> datetime:
    """Read a point in time: ISO 8601, UTC unless it says otherwise, or an age such as ``90m``.

    Raises:
        ValueError: It is neither.

    """
    unit = _UNITS.get(text[-1:])
    if unit is not None and text[:-1].isdecimal():
        return now - int(text[:-1]) * unit
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def like(pattern: str) -> str:
    """Turn a shell pattern into one of SQL's LIKE: ``*`` any characters, ``?`` one of them."""
    escaped = pattern.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return escaped.replace("*", "%").replace("?", "_")
