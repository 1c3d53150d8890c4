"""Say of each paragraph what it is: what opens an article, what is no text of it, what comes twice.

Nothing is dropped: paragraphs stay where they stood, marked with their kind. What the format says
of a paragraph counts; text is what it leaves open. Every mark needs certainty, because a paragraph
that is marked by mistake is missing from ``body_text``.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Final

from worker.core import asides, byline, dateline
from worker.core.article import Author, Dateline, Kind
from worker.core.dates import Stamp, stamp
from worker.core.repeats import repeated

_OPENING: Final = 8  # paragraphs among which byline, date and dateline are looked for
_CLOSING: Final = 8  # paragraphs at the end among which credits are read

_PUNCTUATION = re.compile(r"[\W_]+")
_SITE = re.compile(
    r"\s+[|\u2013\u2014-]\s+[^|\u2013\u2014]{2,40}$"
)  # a site's name after a headline


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


def mark(parts: tuple[tuple[Kind, str], ...], headline: str | None) -> Marked:
    """Judge *parts*, the paragraphs after *headline*, which is None where it is of our making."""
    marked, at = Marked(), 0
    while at < min(len(parts), _OPENING) and _mark_opening(marked, parts[at], headline):
        at += 1
    story = len(marked.parts)
    if at < len(parts):
        _mark_first(marked, *parts[at])
    marked.parts.extend((_kind(kind, text), text) for kind, text in parts[at + 1 :])
    _mark_repeats(marked, story, headline)
    _read_credits(marked)
    return marked


def _mark_opening(marked: Marked, part: tuple[Kind, str], headline: str | None) -> bool:
    """Whether *part* is one of those before the story; the first that is none ends them."""
    given, text = part
    if headline is not None and _says(text, headline):
        kind = Kind.REPEAT
    elif marked.byline is None and (authors := _authors(given, text)) is not None:
        kind, marked.byline, marked.authors = Kind.BYLINE, text, authors
    elif marked.dateline is None and (found := _dateline(given, text)) is not None:
        kind, marked.dateline = Kind.DATELINE, found
    elif (dated := stamp(text)) is not None and _date(marked, dated):
        kind = Kind.DATE
    elif given is not Kind.TEXT:
        kind = given
    elif (kind := asides.kind_of(text)) is not Kind.TEXT:
        marked.url = marked.url or asides.address(text)
    else:
        return False
    marked.parts.append((kind, text))
    return True


def _authors(given: Kind, text: str) -> tuple[Author, ...] | None:
    return byline.authors(text) if given is Kind.BYLINE else byline.parse(text)


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


def _mark_first(marked: Marked, kind: Kind, text: str) -> None:
    """The story's first paragraph, from which its dateline is split off."""
    found = dateline.split(text) if marked.dateline is None and kind is Kind.TEXT else None
    if found is not None:
        marked.dateline, text = found
        marked.parts.append((Kind.DATELINE, marked.dateline.text))
    if text:
        marked.parts.append((_kind(kind, text), text))


def _kind(given: Kind, text: str) -> Kind:
    return given if given is not Kind.TEXT else asides.kind_of(text)


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


def _read_credits(marked: Marked) -> None:
    """Who closing credits name, unless a byline has; and the address that closes the file."""
    for kind, text in marked.parts[-_CLOSING:]:
        if kind is Kind.BOILERPLATE:
            marked.url = marked.url or asides.address(text)
            named = byline.credited(text) if asides.is_credit(text) else ()
            known = {author.name for author in marked.authors}
            marked.authors += tuple(author for author in named if author.name not in known)
