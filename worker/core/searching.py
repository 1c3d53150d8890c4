"""What is searched for, and what is found: values that say no word of SQL.

Pure. A search is for words, as on the web (``"a phrase"``, ``or``, ``-without``), and is narrowed
by what an article is about, comes from or is written in.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from worker.core.errors import UsageError

MOST_CHARACTERS: Final = 1_000  # of a query; a whole article is no query
# Around what matched. No stored text has them: they are cleaned away with all control characters.
BEGIN, END = "\x02", "\x03"

_DASHES = re.compile(r"-[-\s!&|()]*-")  # a line of them: PostgreSQL fails at 32 "not" in a row
_UNWANTED = re.compile(r'(?<!\S)-(?:"[^"]*"?|\S*)')

Span = tuple[int, int]  # code points, the end excluded


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for. No words: all that the rest allows, the newest first."""

    words: str = ""
    source: str | None = None
    language: str | None = None  # BCP 47; only the primary subtag counts
    topic: str | None = None  # a Media Topic, by its qcode, its number or its name
    entity: str | None = None  # somebody, some body or somewhere, by any name of it
    country: str | None = None  # ISO 3166-1 alpha-2, that the article is about
    since: datetime | None = None  # published then or later, per the file
    until: datetime | None = None  # published before then

    def __post_init__(self) -> None:
        for text in (self.words, *filter(None, (self.source, self.topic, self.entity))):
            _check(text)
        object.__setattr__(self, "words", _DASHES.sub(" ", self.words))

    @property
    def wanted(self) -> str:
        """The words, without those that no article may have."""
        return " ".join(_UNWANTED.sub(" ", self.words).split())


def _check(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise UsageError(f"a search may have {MOST_CHARACTERS:,} characters, not {len(text):,}")
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
        raise UsageError("the search is not text: it has bytes that are no UTF-8, or a NUL")


@dataclass(frozen=True, slots=True)
class Marked:
    """A text, and where what was searched for stands in it."""

    text: str
    spans: tuple[Span, ...] = ()


def marked(text: str) -> Marked:
    r"""Take the marks out of *text*, and say where they were.

    >>> marked("a \x02ferry\x03 sails")
    Marked(text='a ferry sails', spans=((2, 7),))
    """
    plain, *pieces = text.split(BEGIN)
    spans: list[Span] = []
    for piece in pieces:
        match, _, rest = piece.partition(END)
        spans.append((len(plain), len(plain) + len(match)))
        plain += match + rest
    return Marked(plain, tuple(spans))


@dataclass(frozen=True, slots=True)
class Found:
    """An article that a search found."""

    article_id: UUID
    uri: str
    version: int
    position: int
    score: float  # comparable within one search alone
    headline: Marked
    excerpt: Marked  # of the body, around what matched; its beginning where nothing did
    source: str | None
    language: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search came to, the best first."""

    found: tuple[Found, ...]
    ranked: int  # articles that were compared with each other
    capped: bool = False  # older ones match too, and were not compared
    alike: bool = False  # none has the words: these have headlines that look like them
    common: bool = False  # all its words are in every text, so that nothing is left to look for
    names: tuple[str, ...] = ()  # of entities, that look like what was asked for, where none is
