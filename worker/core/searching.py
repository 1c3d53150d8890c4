"""What is searched for, and what is found: values that say no word of SQL.

Pure. A search is for words, as on the web (``"a phrase"``, ``or``, ``-without``), and is narrowed
by facets: what an article is about, comes from or is written in. The store keeps facets as
``kind:value`` in small letters and cut to length; what is asked for is cut the same way, so a long
name is found by its beginning rather than never.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from worker.core.errors import UsageError

MOST_CHARACTERS: Final = 1_000  # of a query; a whole article is no query
FACET_CHARACTERS: Final = 100  # as the trigger of revision 0004 cuts them
# Around what matched. No stored text has them: they are cleaned away with all control characters.
BEGIN, END = "\x02", "\x03"

Span = tuple[int, int]  # code points, the end excluded


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for. No words: all that the facets and times allow, the newest first."""

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

    @property
    def facets(self) -> list[str]:
        """All that an article must have; the entity apart, which goes by several names."""
        asked = {
            "source": self.source,
            "language": self.language and self.language.partition("-")[0],
            "country": self.country,
            "topic": self.topic and _qcode(self.topic),
        }
        return [facet(kind, value) for kind, value in asked.items() if value]


def facet(kind: str, value: str) -> str:
    return f"{kind}:{value[:FACET_CHARACTERS]}"


def _check(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise UsageError(f"a search may have {MOST_CHARACTERS:,} characters, not {len(text):,}")
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
        raise UsageError("the search is not text: it has bytes that are no UTF-8, or a NUL")


def _qcode(topic: str) -> str:
    return f"medtop:{topic}" if topic.isdecimal() else topic


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
    names: tuple[str, ...] = ()  # of entities, that look like what was asked for, where none is
