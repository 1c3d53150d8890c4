"""Find the days, months and years that an article names, and say which they are.

What is written without a year, or by the name of a weekday, is resolved against the time of
publication: the nearest such day of the year; the weekday on or before it, since news is of what
has been, unless it is a deadline ("until Friday") or its sentence speaks of what will be: before
it, or after it where it opens the sentence ("On Friday, ministers will meet"). A verb of speech or
of the past that stands nearer keeps it in the past; a deadline that has passed reads like one to
come where no "had" shows it ("It was shut until Friday"), and is taken for that. Without a
publication time a day of the year stays without its year (``--02-26``), and a weekday without a
value: a wrong date puts an event in the wrong place for ever, a missing one is seen to be missing.

Weeks are not given: the shapes of the store know years, months and days. A lone month is a date
only after a preposition: "May" and "March" are other things as well.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from worker.core.article import DateMention, Moment, Precision
from worker.core.dates import MONTHS, Day, calendar_day
from worker.core.tagging.cues import CUES
from worker.core.tagging.words import Text
from worker.core.wordlist import words

_WEEKDAYS = (
    "monday jumatatu lundi",
    "tuesday jumanne mardi",
    "wednesday jumatano mercredi",
    "thursday alhamisi jeudi",
    "friday ijumaa vendredi",
    "saturday jumamosi samedi",
    "sunday jumapili dimanche",
)
_WEEKDAY = {name: n for n, names in enumerate(_WEEKDAYS) for name in words(names)}
_DAYS_AWAY = {
    **dict.fromkeys(words("today tonight leo aujourd'hui"), 0),
    **dict.fromkeys(words("yesterday jana hier"), -1),
    **dict.fromkeys(words("tomorrow kesho demain"), 1),
}
_AWAY = {"last": -1, "this": 0, "next": 1}
_PERIODS = {"mwaka": "year", "mwezi": "month", "wiki": "week"}  # before how far away they are
_AWAY_AFTER = {"jana": -1, "uliopita": -1, "huu": 0, "ujao": 1}
_BEGIN = frozenset((*_WEEKDAY, *_DAYS_AWAY, *_AWAY, *_PERIODS, *MONTHS))
_NAMES_MONTH = frozenset(words("in since until last this next during early late mid mwezi en"))
_NAMES_YEAR = frozenset(words("in since until of by from to during early late mid mwaka en depuis"))
_SMALL_AFTER = frozenset(("en", "depuis"))
_OTHER_WORDS = frozenset(words("may mar march sat sun dec jun jan mai"))
_FUTURE = frozenset(
    words(
        "will set scheduled next due planned expected upcoming coming slated atakuwa watakuwa"
        " forecast forecasts predict predicted predicts"
        " sera seront aura auront prévu prévue prévus prévues"
    )
)
_WILL = frozenset(words("will shall sera seront aura auront atakuwa watakuwa"))
_DEADLINES = frozenset((word,) for word in words("until till by hadi mpaka ici jusqu'à jusqu'au"))
_ARE = frozenset(("is", "are"))
_PAST = frozenset(words("was were had did"))
_TO_BE_HELD = ("to", "be", "held")
_WORDS_AROUND = 8  # of a weekday, on each side: further off, they tell of something else
_MOST_BEFORE_OPENING = 2  # "But on Friday"
_SENTENCE_MARKS = frozenset(".!?")
_DAY_OF_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er)?")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_ISO = re.compile(r"(?:19|20)\d{2}-\d{2}-\d{2}(?!\d)")
_KNOWN_TO_THE_DAY = frozenset((Precision.DAY, Precision.MINUTE, Precision.SECOND))


@dataclass(frozen=True, slots=True)
class _Found:
    first: int  # indexes into the text's words
    last: int
    value: str | None
    precision: Precision | None


def find_dates(body: Text, published: Moment | None) -> tuple[DateMention, ...]:
    """The dates that *body* names, in reading order, none overlapping.

    Args:
        body: The whole body text.
        published: When it was; what is less exact than a day resolves nothing.

    """
    known = published is not None and published.precision in _KNOWN_TO_THE_DAY
    reader = _Reader(body, published.at.date() if known and published else None)
    return tuple(reader.mentions())


@dataclass(frozen=True, slots=True)
class _Reader:
    text: Text
    today: date | None  # the day of publication

    def mentions(self) -> Iterator[DateMention]:
        free_from = 0
        places = self.text.positions
        beginnings = [word for word in places if word in _BEGIN or word[0].isdigit()]
        for i in sorted(i for word in beginnings for i in places[word]):
            found = self._at(i, self.text.folded[i]) if i >= free_from else None
            if found is not None and found.first >= free_from:
                free_from = found.last + 1
                yield self._mention(found)

    def _at(self, i: int, word: str) -> _Found | None:
        if word in _WEEKDAY:
            return self._weekday(i, _WEEKDAY[word])
        if word in _DAYS_AWAY:
            return self._day_away(i, _DAYS_AWAY[word])
        if word in _AWAY:
            return self._period(i, _AWAY[word])
        if word in _PERIODS:
            return self._swahili_period(i, _PERIODS[word])
        if word[0].isdigit():
            return self._number(i)
        return self._in_month(i, MONTHS[word])

    def _mention(self, found: _Found) -> DateMention:
        start, end = self.text.starts[found.first], self.text.ends[found.last]
        content = self.text.content[start:end]
        return DateMention(content, start, end, found.value, found.precision)

    # --- days by their distance -------------------------------------------------------------------

    def _away(self, days: int) -> str | None:
        return None if self.today is None else (self.today + timedelta(days=days)).isoformat()

    def _day_if_known(self) -> Precision | None:
        return None if self.today is None else Precision.DAY

    def _day_away(self, i: int, days: int) -> _Found | None:
        """``today``; within a sentence, with a capital, it is a name: "USA Today", "Papa Leo"."""
        is_name = self.text.capital[i] and self.text.gaps[i] == " " and not self.text.shouted
        is_period = i > 0 and self.text.folded[i - 1] in _PERIODS  # "wiki jana" is last week
        if is_name or is_period:
            return None
        return _Found(i, i, self._away(days), self._day_if_known())

    def _weekday(self, i: int, weekday: int) -> _Found | None:
        """A weekday; where a day of the year follows ("Monday, 3 March"), that is read instead."""
        for later in range(i + 1, min(i + 3, len(self.text.words))):
            month = MONTHS.get(self.text.folded[later])
            dated = None if month is None else self._in_month(later, month)
            if dated and dated.precision is Precision.DAY and dated.first == i + 1:
                return _Found(i, dated.last, dated.value, dated.precision)
        if not self.text.capital[i] and self.text.folded[i].endswith("day"):
            return None
        return _Found(i, i, self._weekday_value(i, weekday), self._day_if_known())

    def _weekday_value(self, i: int, weekday: int) -> str | None:
        if self.today is None:
            return None
        before = self.text.folded[i - 1] if i else ""
        after = self.text.folded[i + 1] if i + 1 < len(self.text.words) else ""
        if before == "last" or after == "dernier":
            return self._away(-((self.today.weekday() - weekday - 1) % 7) - 1)
        if before == "next" or after == "prochain":
            return self._away((weekday - self.today.weekday() - 1) % 7 + 1)
        if self._is_to_come(i):
            return self._away((weekday - self.today.weekday()) % 7)
        return self._away(-((self.today.weekday() - weekday) % 7))

    def _is_to_come(self, i: int) -> bool:
        """Whether the sentence speaks of the weekday at *i* as of one that is yet to come."""
        before, after = self._sentence_around(i)
        told = _told(before)
        if self.text.folded[i - 1 : i] in _DEADLINES and after[:1] != ("s",):  # "by Friday's vote"
            return told is True or not ("had" in before or any(map(_is_past, after)))
        if told is not None:
            return told
        opens = len(before) <= _MOST_BEFORE_OPENING  # "On Friday, ministers will meet"
        return (opens or not _WILL.isdisjoint(after[:1])) and _promises(after)

    def _sentence_around(self, i: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Some words of the sentence before the word at *i*, and some after it."""
        first, beyond = i, i + 1
        while first > max(i - _WORDS_AROUND, 0) and not self._begins_sentence(first):
            first -= 1
        while beyond < min(i + 1 + _WORDS_AROUND, len(self.text.words)):
            if self._begins_sentence(beyond):
                break
            beyond += 1
        return self.text.words[first:i], self.text.words[i + 1 : beyond]

    def _begins_sentence(self, i: int) -> bool:
        gap = self.text.gaps[i]
        return "\n\n" in gap or not _SENTENCE_MARKS.isdisjoint(gap)

    def _period(self, i: int, away: int) -> _Found | None:
        """``last year``, ``this month``, ``next March``."""
        if i + 1 == len(self.text.words):
            return None
        unit = self.text.folded[i + 1]
        if unit in ("year", "month"):
            return self._period_away(i, unit, away)
        month = MONTHS.get(unit)
        if month is None or not self.text.capital[i + 1]:
            return None
        return _Found(i + 1, i + 1, self._month_value(month, away), Precision.MONTH)

    def _swahili_period(self, i: int, unit: str) -> _Found | None:
        """``mwaka jana``, ``mwezi ujao``; weeks are not given."""
        after = self.text.folded[i + 1] if i + 1 < len(self.text.words) else ""
        if unit == "week" or after not in _AWAY_AFTER:
            return None
        return self._period_away(i, unit, _AWAY_AFTER[after])

    def _period_away(self, i: int, unit: str, away: int) -> _Found:
        if self.today is None:
            return _Found(i, i + 1, None, None)
        if unit == "year":
            return _Found(i, i + 1, str(self.today.year + away), Precision.YEAR)
        years, month = divmod(self.today.month - 1 + away, 12)
        value = f"{self.today.year + years:04d}-{month + 1:02d}"
        return _Found(i, i + 1, value, Precision.MONTH)

    # --- days, months and years by their names ----------------------------------------------------

    def _number(self, i: int) -> _Found | None:
        """An ISO date, a day before its month, or a year."""
        if match := _ISO.match(self.text.content, self.text.starts[i]):
            day = calendar_day(match[0])
            return _Found(i, i + 2, day.iso, Precision.DAY) if day else None
        if self._day_of_month(i) and i + 1 < len(self.text.words):
            of = self.text.folded[i + 1] in ("of", "de", "ya")
            at = i + 1 + (of and i + 2 < len(self.text.words))
            month = MONTHS.get(self.text.folded[at])
            return None if month is None else self._in_month(at, month)
        return self._year(i)

    def _year(self, i: int) -> _Found | None:
        """A year after a preposition: elsewhere, four digits may be anything."""
        if not i or not _YEAR.fullmatch(self.text.folded[i]):
            return None
        if self.text.folded[i - 1] not in _NAMES_YEAR or not self._follows(i):
            return None
        return _Found(i, i, self.text.folded[i], Precision.YEAR)

    def _in_month(self, i: int, month: int) -> _Found | None:
        """The month at *i*, with the day and the year that stand beside it."""
        first, last = i, i
        day = self._day_of_month(i + 1) if self._follows(i + 1, " .") else None
        if day is not None:
            last = i + 1
        elif (before := self._before(i)) is not None:
            first, day = before
        year = self._year_after(last)
        if not self._is_month_here(i, dated=day is not None or year is not None):
            return None
        last += year is not None
        if day is None:
            return self._whole_month(first, last, month, year)
        return self._whole_day(first, last, (month, day), year)

    def _before(self, i: int) -> tuple[int, int] | None:
        """Index and number of the day before a month: ``28``, ``28th of``."""
        at = i - 2 if i > 1 and self.text.folded[i - 1] in ("of", "de", "ya") else i - 1
        day = self._day_of_month(at) if at >= 0 and self._follows(at + 1) else None
        return None if day is None else (at, day)

    def _is_month_here(self, i: int, *, dated: bool) -> bool:
        before = self.text.folded[i - 1] if i else ""
        if not self.text.capital[i]:  # as French writes them
            return before in _SMALL_AFTER or (dated and self.text.folded[i] not in _OTHER_WORDS)
        return dated or before in _NAMES_MONTH

    def _whole_month(self, first: int, last: int, month: int, year: int | None) -> _Found:
        value = self._month_value(month, 0) if year is None else f"{year}-{month:02d}"
        return _Found(first, last, value, Precision.MONTH)

    def _whole_day(
        self, first: int, last: int, of_year: tuple[int, int], year: int | None
    ) -> _Found | None:
        month, day = of_year
        if not 1 <= day <= monthrange(year or 2000, month)[1]:
            return None
        named = Day(month, day, year)
        if self.today is not None:
            named = named.near(datetime(self.today.year, self.today.month, self.today.day))  # noqa: DTZ001 -- only its day counts
        return _Found(first, last, named.iso, Precision.DAY)

    def _month_value(self, month: int, away: int) -> str:
        """The month, in the year that is nearest; *away* -1: before the present one, 1: after."""
        if self.today is None:
            return f"--{month:02d}"
        ahead = (month - self.today.month) % 12
        if away > 0:
            ahead = ahead or 12
        elif away < 0 or ahead > 6:
            ahead -= 12
        return f"{self.today.year + (self.today.month - 1 + ahead) // 12:04d}-{month:02d}"

    def _day_of_month(self, i: int) -> int | None:
        match = _DAY_OF_MONTH.fullmatch(self.text.folded[i])
        return int(match[1]) if match else None

    def _year_after(self, i: int) -> int | None:
        if i + 1 >= len(self.text.words) or not self._follows(i + 1, ", ."):
            return None
        word = self.text.folded[i + 1]
        return int(word) if _YEAR.fullmatch(word) else None

    def _follows(self, i: int, between: str = " ") -> bool:
        """Whether only *between* stands between the word at *i* and the one before it."""
        if not 0 < i < len(self.text.words):
            return False
        gap = self.text.gaps[i]
        return "\n" not in gap and not gap.strip(between)


def _told(before: Sequence[str]) -> bool | None:
    """Whether the word that tells of a time, nearest before a weekday, tells of the future."""
    for j, word in reversed(tuple(enumerate(before))):
        if word in CUES:
            return False
        if word in _FUTURE or before[j - 2 : j + 1] == _TO_BE_HELD:
            return True
    return None


def _promises(after: Sequence[str]) -> bool:
    """Whether the first word after a weekday that tells of a time tells of the future."""
    for j, word in enumerate(after):
        if word in _WILL or (word in _FUTURE and not _ARE.isdisjoint(after[j - 1 : j])):
            return True
        if word in CUES or _is_past(word):
            return False
    return False


def _is_past(word: str) -> bool:
    """Whether it tells of what happened; a verb of speech tells only of when that was said."""
    return word in _PAST or (word.endswith("ed") and word not in CUES)
