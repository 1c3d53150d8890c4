"""Say of each paragraph what it is: what opens an article, what is no text of it, what comes twice.

Nothing is dropped: paragraphs stay where they stood, marked with their kind. What the format says
of a paragraph counts; text is what it leaves open. Every mark needs certainty, because a paragraph
that is marked by mistake is missing from ``body_text``.
"""

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from worker.core import asides, byline, dateline
from worker.core.article import Author, Dateline, Kind
from worker.core.dates import Stamp, stamp
from worker.core.repeats import repeated

_OPENING: Final = 8  # paragraphs among which byline, date and dateline are looked for
_CLOSING: Final = 8  # paragraphs at the end among which credits are read

_STEPS: Final = 4  # paragraphs, from one that opens nothing to a byline
_SHORT: Final = 200  # characters of a second headline or a caption
_LONGEST_TOWN: Final = 30  # characters
_LONGEST_BY: Final = 12  # characters of "Written by:"
_LAST: Final = 3  # paragraphs at the end that may be a byline or a date
_VOICED: Final = 50  # paragraphs that tell whether it is an interview

_VOICE = re.compile(r"[A-Z][A-Z .'\u2019-]{0,40}:\s")
_BARS = re.compile(r"[|\u2022\u00b7]")
_PUNCTUATION = re.compile(r"[\W_]+")
_SITE = re.compile(
    r"\s+[|\u2013\u2014-]\s+[^|\u2013\u2014]{2,40}$"
)  # a site's name after a headline


Parts = tuple[tuple[Kind, str], ...]


@dataclass(slots=True)
class Marked:
    """Paragraphs as they are judged, and what the marked ones said."""

    parts: list[tuple[Kind, str]] = field(default_factory=list)
    byline: str | None = None
    authors: tuple[Author, ...] = ()
    dateline: Dateline | None = None
    published: Stamp | None = None
    updated: Stamp | None = None
    url: str | None = None
    source: str | None = None


def mark(parts: Parts, headline: str | None) -> Marked:
    """Judge *parts*, the paragraphs after *headline*, which is None where it is of our making."""
    marked, at = Marked(), 0
    parts = _with_signature(_with_bylines_joined(parts))
    while at < min(len(parts), _OPENING):
        if not _mark_opening(marked, parts[at], headline):
            if not _is_passed_over(parts, at, marked):
                break
            marked.parts.append(parts[at])
        at += 1
    story = len(marked.parts)
    if at < len(parts):
        _mark_first(marked, parts[at:])
    marked.parts.extend(map(_judged, parts[at + 1 :]))
    _mark_repeats(marked, story, headline)
    _read_closing(marked, story)
    _read_credits(marked)
    return marked


def _with_bylines_joined(parts: Parts) -> Parts:
    """*parts* with a line ``By`` alone put before the name in the next one."""
    for at, ((kind, by), (_, name)) in enumerate(pairwise(parts[:_OPENING])):
        if len(by) < _LONGEST_BY and byline.parse(f"{by} {name}") and not byline.parse(by):
            return (*parts[:at], (kind, f"{by} {name}"), *parts[at + 2 :])
    return parts


def _with_signature(parts: Parts) -> Parts:
    """*parts* with the first marked as the byline, if it is a name that the last one explains."""
    if (
        len(parts) < 3
        or parts[0][0] is not Kind.TEXT
        or not byline.signs(parts[0][1], parts[-1][1])
    ):
        return parts
    return ((Kind.BYLINE, parts[0][1]), *parts[1:])


def _is_passed_over(parts: Parts, at: int, marked: Marked) -> bool:
    """A line that opens nothing, a second headline or a caption, but with a byline soon after.

    After the byline, only a town may stand before its date.
    """
    if _is_story(parts[at][1]):
        return False
    if marked.byline is not None:
        town, date = parts[at][1], parts[at + 1][1] if at + 1 < len(parts) else ""
        return len(town) <= _LONGEST_TOWN and stamp(date) is not None
    for given, text in parts[at + 1 : min(at + _STEPS, _OPENING)]:
        if _is_story(text):
            return False
        if given is Kind.BYLINE or byline.parse(text) is not None:
            return True
    return False


def _is_story(text: str) -> bool:
    return len(text) > _SHORT or text[-1] in ".!?" or dateline.split(text) is not None


def _is_interview(story: Parts) -> bool:
    """More than one paragraph opens with somebody's name, as the first does: ``MWANGI: We``."""
    voices = (_VOICE.match(text) is not None for _, text in story[:_VOICED])
    return next(voices) and any(voices)


def _mark_opening(marked: Marked, part: tuple[Kind, str], headline: str | None) -> bool:
    """Whether *part* is one of those before the story; the first that is none ends them."""
    kind = _of_opening(marked, *part, headline=headline)
    if kind is None:
        return False
    marked.parts.append((kind, part[1]))
    return True


def _of_opening(marked: Marked, given: Kind, text: str, *, headline: str | None) -> Kind | None:
    """What *text* is before the story, and what it says; None: it is the story, or its lead."""
    if headline is not None and _says(text, headline):
        return Kind.REPEAT
    kind = _told(marked, given, text)
    if kind is not None or given is not Kind.TEXT:
        return kind or given
    kind = _of_facts(marked, text) or asides.kind_of(text)
    if kind is Kind.TEXT:
        return None
    marked.url = marked.url or asides.address(text)
    marked.source = marked.source or asides.source(text)
    return kind


def _told(marked: Marked, given: Kind, text: str) -> Kind | None:
    """A byline, a dateline or a date, each the first of its sort."""
    if marked.byline is None and (authors := _authors(given, text)) is not None:
        marked.byline, marked.authors = text, authors
        return Kind.BYLINE
    if marked.byline is not None and given is Kind.TEXT and byline.is_role(text):
        marked.authors = tuple(replace(each, role=each.role or text) for each in marked.authors)
        return Kind.BYLINE
    if marked.dateline is None and (found := _dateline(given, text)) is not None:
        marked.dateline = found
        return Kind.DATELINE
    dated = stamp(text)
    return Kind.DATE if dated is not None and _date(marked, dated) else None


def _of_facts(marked: Marked, text: str) -> Kind | None:
    """``By Jane Wanjiru | March 4, 2025``: what each of its parts is, on a line of its own."""
    if len(text) > _SHORT or not _BARS.search(text):
        return None
    pieces = [piece.strip() for piece in _BARS.split(text) if piece.strip()]
    if len(pieces) < 2:
        return None
    line = Marked()
    if not all(_mark_opening(line, (Kind.TEXT, piece), None) for piece in pieces):
        return None
    if line.byline is not None and marked.byline is None:
        marked.byline, marked.authors = text, line.authors
    marked.published = marked.published or line.published
    marked.updated = marked.updated or line.updated
    marked.source = marked.source or line.source
    kinds = [kind for kind, _ in line.parts]
    return next((kind for kind in (Kind.BYLINE, Kind.DATE) if kind in kinds), Kind.BOILERPLATE)


def _authors(given: Kind, text: str) -> tuple[Author, ...] | None:
    if given is Kind.BYLINE:
        return byline.authors(text)
    found = byline.parse(text)
    return byline.signed(text) if found is None else found


def _dateline(given: Kind, text: str) -> Dateline | None:
    """A format that marks its dateline leaves out the dash that ends it."""
    if given is not Kind.DATELINE:
        return dateline.whole(text)
    found = dateline.whole(text) or dateline.whole(f"{text} -")
    places = tuple(place for each in text.split(",") if (place := each.strip(" -\u2013\u2014")))
    return Dateline(text, places) if found is None else replace(found, text=text)


def _date(marked: Marked, dated: Stamp) -> bool:
    """Keep *dated*, unless a date of its sort stood before."""
    if dated.updated and marked.updated is None:
        marked.updated = dated
    elif not dated.updated and marked.published is None:
        marked.published = dated
    else:
        return False
    return True


def _mark_first(marked: Marked, story: Parts) -> None:
    """The story's first paragraph, from which its dateline is split off."""
    kind, text = story[0]
    found = dateline.split(text) if marked.dateline is None and kind is Kind.TEXT else None
    if found is not None and not _is_interview(story):
        marked.dateline, text = found
        marked.parts.append((Kind.DATELINE, marked.dateline.text))
    if text:
        marked.parts.append(_judged((kind, text)))


def _judged(part: tuple[Kind, str]) -> tuple[Kind, str]:
    """*part* itself where it stays what it is: there may be very many."""
    given, text = part
    kind = asides.kind_of(text) if given is Kind.TEXT else given
    return part if kind is given else (kind, text)


def _says(text: str, headline: str) -> bool:
    """Whether *text* is *headline* again, whatever its capitals, marks and site's name."""
    if len(text) > 2 * len(headline) + 50:
        return False
    words = _words(text)
    if not words:
        return False
    return words == _words(headline) or _words(_SITE.sub("", text)) == _words(
        _SITE.sub("", headline)
    )


def _words(text: str) -> list[str]:
    return _PUNCTUATION.sub(" ", text).casefold().split()


def _mark_repeats(marked: Marked, story: int, headline: str | None) -> None:
    """What is said again, with the dateline that was split off and the lines that open it."""
    texts = [text if kind is Kind.TEXT else None for kind, text in marked.parts]
    again = repeated(_with_dateline(marked, texts))
    for at in again:
        marked.parts[at] = (Kind.REPEAT, marked.parts[at][1])
    for at in sorted(again, reverse=True):
        before = at - 1
        while before > story and _opens_again(marked, before, headline):
            marked.parts[before] = (Kind.REPEAT, marked.parts[before][1])
            before -= 1


def _with_dateline(marked: Marked, texts: list[str | None]) -> list[str | None]:
    """*texts*, with those that begin with the article's own dateline cut after it."""
    line = marked.dateline.text if marked.dateline else None
    if line is None:
        return texts
    return [
        text[len(line) :].lstrip() if text is not None and text.startswith(line) else text
        for text in texts
    ]


def _opens_again(marked: Marked, at: int, headline: str | None) -> bool:
    kind, text = marked.parts[at]
    if kind is not Kind.TEXT:
        return False
    return text == marked.byline or (headline is not None and _says(text, headline))


def _read_closing(marked: Marked, story: int) -> None:
    """A byline or a date of its own line among the last, where the first had none."""
    for at in range(max(story + 1, len(marked.parts) - _LAST), len(marked.parts)):
        kind, text = marked.parts[at]
        if kind is not Kind.TEXT:
            continue
        authors = byline.parse(text) if marked.byline is None else None
        if authors is not None:
            kind, marked.byline, marked.authors = Kind.BYLINE, text, authors
        elif (dated := stamp(text)) is not None and _date(marked, dated):
            kind = Kind.DATE
        marked.parts[at] = (kind, text)


def _read_credits(marked: Marked) -> None:
    """Who closing credits name, unless a byline has; and the address that closes the file."""
    for kind, text in marked.parts[-_CLOSING:]:
        if kind is Kind.BOILERPLATE:
            marked.url = marked.url or asides.address(text)
            named = byline.credited(text) if asides.is_credit(text) else ()
            known = {author.name for author in marked.authors}
            marked.authors += tuple(author for author in named if author.name not in known)
