"""Mentions on their way to becoming entities, and the first cleaning of what a model found."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple, Protocol

from worker.core.article import Field
from worker.core.tagging.span import Label, Span
from worker.core.tagging.titles import (
    ends_with_office,
    is_event,
    is_no_name,
    is_title,
    names_body,
    without_title,
)
from worker.core.tagging.words import APOSTROPHES, Text, key

MODEL, RULES = "model", "rules"
CAPITALS = "capitals"  # guessed by them alone, where there is no model
SEAT = "seat"  # a place within the name of a body
ECHO = "echo"  # a repeat of what was found elsewhere, and says no more of what it is
_REMEMBERED = 4096  # names: the same few are guessed over and over

_MARKS = (
    r"\s\"'()\[\]{}<>,;:/&*!?«»\-"
    r"\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
    r"\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{EN DASH}\N{EM DASH}"
)
_LEADING = re.compile(
    rf"[{_MARKS}.]+|(?:the|The|THE|a|A|an|An|la|le|les)\s+|l[{APOSTROPHES}]"
    r"|(?:R|D|DFL)-(?=[A-Z])"  # of a politician: "D-Raleigh"
)
_TRAILING = re.compile(rf"(?:[{APOSTROPHES}][sS]|[{_MARKS}])\Z")
_SENTENCE_END = re.compile(r"(?<=[a-z]{3})\.\s")
_STORMS = frozenset(("cyclone", "hurricane", "storm", "typhoon"))
_LINE_BREAK = re.compile(r"\s*\n\s*")


class Stretch(Protocol):
    """Anything that has a place in one of the two texts."""

    @property
    def field(self) -> Field: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Name(NamedTuple):
    """A mention that is held to be a name of some kind.

    A tuple, for some two hundred are made an article, and it costs a quarter of a frozen dataclass.
    """

    field: Field
    start: int  # code points into that field
    end: int  # exclusive
    text: str
    label: Label
    found_by: frozenset[str]  # MODEL, RULES, CAPITALS, SEAT, ECHO
    known_as: str | None = None  # what the reference data calls it
    country: str | None = None  # ISO 3166-1 alpha-2
    wikidata: str | None = None

    @property
    def position(self) -> tuple[bool, int]:
        """Reading order: the headline first."""
        return self.field is Field.BODY, self.start

    @property
    def key(self) -> tuple[str, ...]:
        """What two spellings of the same name share."""
        return key(self.text)

    def covers(self, other: "Name") -> bool:
        return self.start <= other.start and other.end <= self.end

    def cut(self, text: Text, start: int, end: int) -> "Name":
        return self._replace(start=start, end=end, text=text.content[start:end])


def clean(text: Text, spans: Iterable[Span]) -> Iterator[Name]:
    """Trim what a model found to the name itself; drop what cannot be one.

    Leading articles and titles, possessive endings and stray punctuation go; a span that crosses a
    line break is cut there, and a person at the end of the sentence.
    """
    for span in spans:
        start, end = _trim(text.content, span.start, span.end)
        if span.label is Label.PERSON:
            if sentence_end := _SENTENCE_END.search(text.content, start, end):
                end = sentence_end.start()
            start = without_title(text, start, end)
        yield from possible(text, (Span(start, end, span.label),), by=MODEL)


def without_storms(texts: Iterable[Text], names: Iterable[Name]) -> Iterator[Name]:
    """Leave out the "people" who are storms: "Cyclone Idai", and Idai wherever it stands alone."""
    blown = frozenset(name for text in texts for name in _storms(text))
    return (name for name in names if name.label is not Label.PERSON or name.key not in blown)


def possible(text: Text, spans: Iterable[Span], *, by: str) -> Iterator[Name]:
    """Drop what cannot be a name.

    That is what has no capital, or is a mere title, office or day of the week, a contest or a law;
    and a "person" with a digit in it, or who ends with an office ("Kiambu Governor"). A "person"
    with the word of a body in it ("Kiambu Police") is one.
    """
    found_by = frozenset({by})
    for start, end, guessed in spans:
        surface = text.content[start:end]
        label = _possible(surface, guessed)
        if label is not None:
            yield Name(text.field, start, end, surface, label, found_by)


def _storms(text: Text) -> Iterator[tuple[str, ...]]:
    for kind in _STORMS & text.positions.keys():
        for i in text.positions[kind]:
            if text.capital[i] and any(text.capital[i + 1 : i + 2]):
                yield from (text.folded[first : i + 2] for first in range(max(i - 1, 0), i + 2))


def _trim(content: str, start: int, end: int) -> tuple[int, int]:
    while leading := _LEADING.match(content, start, end):
        start = leading.end()
    if line_break := _LINE_BREAK.search(content, start, end):
        end = line_break.start()
    opened = content.rfind("(", start, end)
    if opened >= 0 and content.find(")", opened, end) < 0:  # a bracket begins, and nothing ends it
        end = start + len(content[start:opened].rstrip())
    while trailing := _TRAILING.search(content, start, end):
        end = trailing.start()
    return start, end


@lru_cache(maxsize=_REMEMBERED)
def _possible(surface: str, label: Label) -> Label | None:
    """As what *surface* may be a name, if it may."""
    if label is Label.PERSON and names_body(surface):
        label = Label.ORGANISATION
    if surface.islower() or not any(map(str.isalpha, surface)) or is_event(surface):
        return None
    is_none = _is_nobody(surface) if label is Label.PERSON else is_no_name(surface)
    return None if is_none else label


def _is_nobody(surface: str) -> bool:
    has_digit = any(map(str.isdigit, surface))
    return has_digit or is_title(surface) or ends_with_office(surface)
