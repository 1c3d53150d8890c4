"""Read a date as people and machines write it, and know no more than was written.

Pure, and without a clock: a date without a year stays without one, a time without a zone says
only its day (it is up to 14 hours off), a day and month that could be swapped is no date at all.
A wrong date puts a story in the wrong place for ever; a missing one is seen at once.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from worker.core.article import Moment, Precision
from worker.core.wordlist import words

_MONTHS: Final = (
    "january jan januari janvier enero janeiro",
    "february feb februari février febrero fevereiro",
    "march mar machi mars marzo março",
    "april apr aprili avril abril",
    "may mei mai mayo maio",
    "june jun juni juin junio junho",
    "july jul julai juillet julio julho",
    "august aug agosti août agosto",
    "september sep sept septemba septembre septiembre setembro",
    "october oct oktoba octobre octubre outubro",
    "november nov novemba novembre noviembre novembro",
    "december dec desemba décembre diciembre dezembro",
)
MONTHS: Final = {name: n for n, names in enumerate(_MONTHS, 1) for name in words(names)}
_WEEKDAYS: Final = frozenset(
    words(
        "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur"
        " thurs fri sat sun jumatatu jumanne jumatano alhamisi ijumaa jumamosi jumapili"
    )
)
_ZONES: Final = {  # hours east; only abbreviations that mean one zone to newsrooms
    "z": 0.0,
    "utc": 0.0,
    "gmt": 0.0,
    "wat": 1.0,
    "cet": 1.0,
    "bst": 1.0,
    "cat": 2.0,
    "cest": 2.0,
    "sast": 2.0,
    "eat": 3.0,
    "est": -5.0,
    "edt": -4.0,
    "cst": -6.0,
    "cdt": -5.0,
    "mst": -7.0,
    "mdt": -6.0,
    "pst": -8.0,
    "pdt": -7.0,
}
_YEARS: Final = range(1700, 2200)  # outside: an unset field (0001-01-01), or no date
_MAX_CHARACTERS: Final = 64

_WORD = re.compile(r"[^\W\d_]+|\d+")
_WRITTEN = re.compile(
    r"(?:(?P<weekday>[^\W\d_]+)\.?,?\s+)?"
    r"(?:(?P<month>[^\W\d_]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?"
    r"|(?P<day2>\d{1,2})(?:st|nd|rd|th)?\.?[\s-](?:de\s)?(?P<month2>[^\W\d_]+)\.?)"
    r"(?:(?:,\s*|[\s-])(?:de\s)?(?P<year>\d{4}))?",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"(?P<year>\d{4})(?:[-/]?(?P<month>\d{2})(?:[-/]?(?P<day>\d{2})(?P<rest>[T\s].*)?)?)?",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?:^|T|[,\s])\s*(?:at\s+)?(?P<hour>\d{1,2})(?:[:.]?(?P<minute>\d{2}))(?::?(?P<second>\d{2}))?"
    r"(?:[.,]\d+)?\s*(?P<half>[ap]\.?m\.?)?\s*\(?(?P<zone>[a-z]{1,4}|[+-]\d{2}(?::?\d{2})?)?\)?",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_MACHINE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_BETWEEN = re.compile(r"\s+[|\u2013\u2014-]\s+")  # a date and its time
_LABEL = re.compile(
    r"(?:(?P<updated>(?:last )?(?:updated|modified|edited)|imesasishwa)"
    r"|(?:first )?(?:published|posted)|date|imechapishwa)(?:\s+(?:on|at))?\s*:?\s+",
    re.IGNORECASE,
)
_IN_PATH = re.compile(
    r"(?<![^\W_])(?P<year>(?:19|20)\d{2})(?P<mark>[-_/.]?)(?P<month>\d{2})(?P=mark)(?P<day>\d{2})(?![^\W_])"
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a year, or of some year."""

    month: int
    day: int
    year: int | None = None

    def __post_init__(self) -> None:
        date(2000 if self.year is None else self.year, self.month, self.day)  # raises ValueError

    @property
    def iso(self) -> str:
        """ISO 8601; ``--02-26`` without a year."""
        return f"{'-' if self.year is None else f'{self.year:04d}'}-{self.month:02d}-{self.day:02d}"

    def near(self, moment: datetime) -> "Day":
        """This day in the year that brings it closest to *moment*."""
        if self.year is not None:
            return self
        years = (y for y in range(moment.year - 4, moment.year + 5) if self._exists(y))
        distance = {y: abs(date(y, self.month, self.day) - moment.date()) for y in years}
        return Day(self.month, self.day, min(distance, key=lambda year: (distance[year], year)))

    def _exists(self, year: int) -> bool:
        return self.day <= monthrange(year, self.month)[1]


@dataclass(frozen=True, slots=True)
class _Time:
    hour: int
    minute: int
    second: int | None
    zone: timezone | None


def is_weekday(word: str) -> bool:
    return word.rstrip(".").casefold() in _WEEKDAYS


def is_month(word: str) -> bool:
    return word.rstrip(".").casefold() in MONTHS


def calendar_day(text: str) -> Day | None:
    """The day that *text* names, and nothing else: ``Feb 26``, ``28 January 2025``, ISO 8601."""
    text = text.strip()
    if len(text) > _MAX_CHARACTERS:
        return None
    if machine := _MACHINE.fullmatch(text):
        return _day(machine["month"], machine["day"], machine["year"])
    if numeric := _NUMERIC.fullmatch(text):
        return _numeric_day(*numeric.groups())
    written = _WRITTEN.fullmatch(text)
    if written is None or not is_weekday(written["weekday"] or "mon"):
        return None
    month = MONTHS.get((written["month"] or written["month2"]).casefold())
    return _day(month, written["day"] or written["day2"], written["year"])


@dataclass(frozen=True, slots=True)
class Stamp:
    """A line that is a date and nothing else: ``Updated: January 28, 2025 at 9:30 am EAT``."""

    day: Day
    moment: Moment | None  # None without a year
    updated: bool = False  # else published


def stamp(text: str) -> Stamp | None:
    """The date that the line *text* is, to its end, or None."""
    if len(text) > _MAX_CHARACTERS:
        return None
    label = _LABEL.match(text)
    rest = _BETWEEN.sub(" ", text[label.end() :] if label else text)
    dated = _MACHINE_DAY.match(rest) or _NUMERIC.match(rest) or _WRITTEN.match(rest)
    day = calendar_day(dated[0]) if dated else None
    if dated is None or day is None:
        return None
    time = rest[dated.end() :]
    if time and _time(time) is None:
        return None
    at = _at(day, time, "text")
    return Stamp(day, at, label is not None and label["updated"] is not None)


def path_day(path: str) -> Day | None:
    """The day that *path* names (``2025/01/28/a.txt``, ``20250128-a.txt``), if it names one."""
    found = (_day(m["month"], m["day"], m["year"]) for m in _IN_PATH.finditer(path))
    days = {day for day in found if day is not None}
    return days.pop() if len(days) == 1 else None


def moment(text: str, source: str) -> Moment | None:
    """The point in time that *text* names, as precise as it is; None when it is not certain."""
    text = text.strip()
    if len(text) > _MAX_CHARACTERS:
        return None
    return _epoch(text, source) or _machine(text, source) or _written(text, source)


def moment_of(day: Day, source: str) -> Moment | None:
    """The first instant of *day*, UTC; None when the year is missing or improbable."""
    if day.year is None or day.year not in _YEARS:
        return None
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return Moment(at, Precision.DAY, source)


def _day(month: str | int | None, day: str | None, year: str | None) -> Day | None:
    if month is None or day is None:
        return None
    try:
        return Day(int(month), int(day), None if year is None else int(year))
    except ValueError:  # no such day
        return None


def _numeric_day(one: str, other: str, year: str) -> Day | None:
    """Only where the day cannot be the month, or is the same."""
    if int(one) > 12 or one.zfill(2) == other.zfill(2):
        return _day(other, one, year)
    return _day(one, other, year) if int(other) > 12 else None


def _epoch(text: str, source: str) -> Moment | None:
    """Seconds or milliseconds since 1970, UTC."""
    if not _EPOCH.fullmatch(text):
        return None
    digits = text.partition(".")[0]
    at = datetime.fromtimestamp(int(digits[:10]), UTC)
    return Moment(at, Precision.SECOND, source) if at.year in _YEARS else None


def _machine(text: str, source: str) -> Moment | None:
    match = _MACHINE.fullmatch(text)
    if match is None or int(match["year"]) not in _YEARS:
        return None
    if match["day"]:
        day = _day(match["month"], match["day"], match["year"])
        return None if day is None else _at(day, match["rest"] or "", source)
    month = int(match["month"] or 1)
    if not 1 <= month <= 12:
        return None
    precision = Precision.MONTH if match["month"] else Precision.YEAR
    return Moment(datetime(int(match["year"]), month, 1, tzinfo=UTC), precision, source)


def _written(text: str, source: str) -> Moment | None:
    """``Tue, 28 Jan 2025 10:30:00 +0300`` or ``January 28, 2025 at 9:30 am EAT``."""
    match = _WRITTEN.match(text)
    day = calendar_day(match[0]) if match else None
    return None if match is None or day is None else _at(day, text[match.end() :], source)


def _at(day: Day, rest: str, source: str) -> Moment | None:
    whole_day = moment_of(day, source)  # None without a year
    time = _time(rest)
    if whole_day is None or time is None or time.zone is None:
        return whole_day
    local = whole_day.at.replace(hour=time.hour, minute=time.minute, second=time.second or 0)
    precision = Precision.MINUTE if time.second is None else Precision.SECOND
    return Moment(local.replace(tzinfo=time.zone).astimezone(UTC), precision, source)


def _time(text: str) -> _Time | None:
    match = _TIME.fullmatch(text.rstrip())
    if match is None:
        return None
    hour, minute = _hour(int(match["hour"]), match["half"]), int(match["minute"])
    second = None if match["second"] is None else int(match["second"])
    if hour > 23 or minute > 59 or (second or 0) > 59:
        return None
    return _Time(hour, minute, second, _zone(match["zone"] or ""))


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    return hour % 12 + (12 if half[0] in "pP" else 0)


def _zone(name: str) -> timezone | None:
    if name[:1] in ("+", "-") and name:
        digits = name[1:].replace(":", "").ljust(4, "0")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        return timezone(-offset if name[0] == "-" else offset) if offset < _DAY else None
    hours = _ZONES.get(name.casefold())
    return None if hours is None else timezone(timedelta(hours=hours))


_DAY: Final = timedelta(days=1)
