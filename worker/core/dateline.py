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
from worker.core.dates import Day, calendar_day, is_weekday
from worker.core.wordlist import words

_MAX_CHARACTERS: Final = 100
_MAX_PLACES: Final = 4
_MAX_PLACE_WORDS: Final = 4

_DASH = re.compile(r"(?<=[\s\d.,)])[-_\u2013\u2014]{1,3}(?=[^-_\u2013\u2014]|$)\s*")
_COMMA = re.compile(r"\s*(?:,|;|\s[-\u2013\u2014]\s)\s*")
_BRACKETS = re.compile(r"\(([^()]{1,40})\)")
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
_LABELS: Final = frozenset(  # in capitals before a dash, and yet no place
    words(
        "advisory alert analysis blog breaking comment commentary corrected correction"
        " editorial exclusive explainer factbox feature gallery graphic interview live news"
        " obituary opinion photos podcast poll preview profile review special sport sports"
        " timeline update updated urgent video watch wrapup"
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
    """The dateline that *paragraph* is, to its end; it needs a date or an agency to be one."""
    if len(paragraph) > _MAX_CHARACTERS:
        return None
    parts = _take_apart(paragraph.rstrip(" -_\u2013\u2014"))
    if parts is None or not parts.places or not _is_strong(parts):
        return None
    return _dateline(parts, paragraph)


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
    head = head.strip(" *,")
    parts = _Parts()
    pieces = [piece.strip() for piece in _COMMA.split(_BRACKETS.sub(",", head))]
    asides = [inside.strip() for inside in _BRACKETS.findall(head)]
    taken = all(_take(parts, piece) for piece in pieces if piece)
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
    if paragraph[end] == ":":  # ends many a label too
        return bool(parts.places) and parts.places[0].isupper() and _is_strong(parts)
    if not parts.places:
        return parts.known_agency
    if _is_strong(parts):
        return True
    first = parts.places[0]
    if len(first) < 2 or _LABELS.intersection(first.casefold().split()):
        return False
    in_capitals = first.isupper() or _is_set_off(parts, paragraph, end, start)
    return in_capitals and _begins_a_sentence(paragraph[start:])


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
