"""Find the dateline that a paragraph opens with, and take it apart.

``NAIROBI, Kenya, Jan. 28 (KNA) - The`` names places, a date and an agency; the dash ends it.
Forms differ by agency and decade, so nothing is matched as a whole: what stands before a dash is
cut at its commas, and every part must be a place, a date or an agency, in that order. Only the
first hundred characters are looked at, so the work is bounded whatever the text.

A false dateline takes words out of the body, a missed one only leaves them there: a place in
capitals is enough before a sentence, one in small letters needs a day of the month or an agency
that we know.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from worker.core.agency import is_agency
from worker.core.article import Dateline
from worker.core.dates import Day, calendar_day, is_month, is_weekday
from worker.core.wordlist import words

_MAX_CHARACTERS: Final = 100
_MAX_PLACES: Final = 4
_MAX_PLACE_WORDS: Final = 4

_DASH = re.compile(r"(?<=[\s\d.,)])[-_\u2013\u2014]{1,3}(?=[^-_\u2013\u2014]|$)\s*")
_COMMA = re.compile(r"\s*(?:,|;|\s[-\u2013\u2014]\s)\s*")
_BRACKETS = re.compile(r"\(([^()]{1,40})\)")
_SLASHED = re.compile(r"(?<=\s)/([^/()]{2,40})/")  # the agencies of press releases
_JOINED_PLACES = re.compile(r"\s*/\s*|\s+and\s+", re.IGNORECASE)
_PLACE_WORD = re.compile(r"[^\W\d_]+(?:['\u2019.-][^\W\d_]*)*")
_MISSPELT_DATE = re.compile(r"[^\W\d_]{3,9}\.? \d{1,3}")  # Narch 2
_YEAR = re.compile(r"(?:19|20)\d{2}")
_SENTENCE_START = re.compile(r"[\"'\u2018\u201c\u00ab(<\d]|[^\W_]")
_NOT_A_PLACE: Final = frozenset(
    words(
        "a after an and as at before but by for from he her his if in it its no on or our she"
        " that the their there they this to we what when where while who with you"
    )
)
_PARTICLES: Final = frozenset(words("al au da de del des di do du el es la le of sur upon"))
_LABELS: Final = frozenset(  # in capitals before a dash or a colon, and yet no place
    words(
        "advisory alert analysis answer background blog breaking business caution claim comment"
        " commentary context corrected correction crime culture date dates developing disclaimer"
        " disclosure economy editor editorial education entertainment environment exclusive"
        " explainer fact factbox facts faq feature fixtures football gallery graphic headline"
        " headlines health highlights host ingredients interview interviewer lifestyle listen live"
        " markets method moderator money more myth news note notice obituary opinion photo photos"
        " picture pictures podcast points police politics poll preview profile published question"
        " quote rating read related result results review rugby science score scores see soccer"
        " spoiler sport sports standings statement story summary table takeaway takeaways"
        " technology tennis timeline tip tips topic travel true update updated urgent verdict video"
        " warning watch weather where who why winner winners wrapup"
    )
)
_ALONE: Final = (["new"], ["false"])  # New Delhi and False Bay are places
_TITLES: Final = frozenset(  # of who speaks: PRESIDENT RUTO: We will
    words(
        "ambassador captain chairman chairperson chancellor chief coach dr gov governor judge"
        " justice minister mr mrs ms officer premier president prime prof professor rep reporter"
        " rev secretary sen senator sir speaker spokesman spokesperson spokeswoman voice witness"
    )
)


@dataclass(slots=True)
class _Parts:
    """What the cut head of a paragraph turned out to hold."""

    places: list[str] = field(default_factory=list)
    day: Day | None = None
    agency: str | None = None
    known_agency: bool = False


def split(paragraph: str) -> tuple[Dateline, str] | None:
    """The dateline that *paragraph* opens with and the text after it, or None."""
    for end, start in _cuts(paragraph):
        parts = _take_apart(paragraph[:end])
        if parts is not None and _convinces(parts, paragraph, end, start):
            return _dateline(parts, paragraph[:start].rstrip()), paragraph[start:]
    return None


def whole(paragraph: str) -> Dateline | None:
    """The dateline that *paragraph* is, to its end.

    It needs a date, an agency, or two places before a dash to be one.
    """
    if len(paragraph) > _MAX_CHARACTERS:
        return None
    head = paragraph.rstrip(" -_\u2013\u2014")
    parts = _take_apart(head)
    if parts is None or not parts.places or _is_label(parts.places[0]):
        return None
    filed = head != paragraph and len(parts.places) > 1 and parts.places[0].isupper()
    return _dateline(parts, paragraph) if filed or _is_strong(parts) else None


def _cuts(paragraph: str) -> Iterator[tuple[int, int]]:
    """Where a head may end and the text after its dash begin, the longest head first."""
    found = [match.span() for match in _DASH.finditer(paragraph, 0, _MAX_CHARACTERS)]
    if (colon := paragraph.find(": ", 0, _MAX_CHARACTERS)) > 0:
        found.insert(0, (colon, colon + 2))
    return reversed(found)


def _dateline(parts: _Parts, text: str) -> Dateline:
    date = None if parts.day is None else parts.day.iso
    return Dateline(text, tuple(parts.places), date, parts.agency)


def _take_apart(head: str) -> _Parts | None:
    """What *head* consists of, or None: something in it belongs in no dateline."""
    head = _SLASHED.sub(r"(\1)", head.strip(" *,"))
    parts = _Parts()
    pieces = [piece.strip(" -") for piece in _COMMA.split(_BRACKETS.sub(",", head))]
    asides = [inside.strip() for inside in _BRACKETS.findall(head)]
    taken = all(_take(parts, piece) for piece in pieces if piece.strip("."))
    taken = taken and all(_take_bracketed(parts, inside) for inside in asides)
    return parts if taken and len(parts.places) <= _MAX_PLACES else None


def _take_bracketed(parts: _Parts, inside: str) -> bool:
    """``(Reuters)``, ``(Jan. 28)``; an agency may be one that nobody has heard of."""
    day = calendar_day(inside)
    if day is not None:
        parts.day = day
        return True
    parts.agency, parts.known_agency = inside, is_agency(inside)
    return inside[:1].isupper()


def _take(parts: _Parts, piece: str) -> bool:
    """Enter *piece* where it belongs; False: it belongs in no dateline, or not at this place."""
    if parts.day is not None and _YEAR.fullmatch(piece):
        piece = f"{piece}{parts.day.iso[1:]}"
    day = calendar_day(piece)
    if day is not None:
        parts.day = day
        return True
    if is_agency(piece):
        parts.agency, parts.known_agency = piece, True
        return True
    return is_weekday(piece) or _is_misspelt_date(parts, piece) or _take_place(parts, piece)


def _is_misspelt_date(parts: _Parts, piece: str) -> bool:
    """After a place in capitals nothing else looks like it; the day is left unread."""
    in_capitals = bool(parts.places) and parts.places[0].isupper()
    return in_capitals and _MISSPELT_DATE.fullmatch(piece) is not None


def _take_place(parts: _Parts, piece: str) -> bool:
    words = piece.split()
    if len(words) > 2 and (day := calendar_day(" ".join(words[-2:]))) is not None:
        parts.day, words = day, words[:-2]
    elif parts.day is not None:
        return False  # places come first
    names = _JOINED_PLACES.split(" ".join(words))
    parts.places.extend(names)
    return all(map(_is_place, names))


def _is_place(name: str) -> bool:
    """A few words without digits, each with a capital or none with one: never a sentence's."""
    words = name.split()
    if not 1 <= len(words) <= _MAX_PLACE_WORDS or not all(map(_PLACE_WORD.fullmatch, words)):
        return False
    if words[0] in ("The", "THE"):
        return len(words) > 1 and words[1][0].isupper() and _is_place(" ".join(words[1:]))
    plain = [word for word in words[:1] if word.casefold() not in _PARTICLES]
    plain += [word for word in words[1:] if word not in _PARTICLES]
    capitals = sum(word[0].isupper() for word in plain)
    return capitals in (0, len(plain)) and not _NOT_A_PLACE.intersection(map(str.casefold, plain))


def _convinces(parts: _Parts, paragraph: str, end: int, start: int) -> bool:
    """Whether *parts* make a dateline of what stands before *end*; the story is from *start* on."""
    if not parts.places:
        return parts.known_agency and paragraph[end] != ":"
    first = parts.places[0]
    labelled = len(first) < 2 or _is_label(first) or is_month(first)
    if paragraph[end] == ":" and not first.isupper():  # ends many a label too
        return parts.day is not None and not labelled and not first.islower()
    if _is_strong(parts):
        return True
    in_capitals = first.isupper() or _is_set_off(parts, paragraph, end, start)
    return in_capitals and not labelled and _begins_a_sentence(paragraph[start:])


def _is_label(place: str) -> bool:
    words = place.casefold().replace(".", "").split()
    return words in _ALONE or not _LABELS.isdisjoint(words) or words[0] in _TITLES


def _is_set_off(parts: _Parts, paragraph: str, end: int, start: int) -> bool:
    """``Nairobi — The``, the form of web exports: one place, one long dash, and no second one."""
    dash, story = paragraph[end:start], paragraph[start : start + _MAX_CHARACTERS]
    return (
        dash == "\u2014 "
        and len(parts.places) == 1
        and "\u2014" not in story
        and not story[:1].islower()
    )


def _is_strong(parts: _Parts) -> bool:
    return parts.day is not None or parts.known_agency


def _begins_a_sentence(text: str) -> bool:
    start = _SENTENCE_START.match(text)
    return start is not None and not start[0].islower()
