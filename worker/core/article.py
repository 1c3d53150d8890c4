"""What an article is: value types, valid by construction, from a reader's draft to its tags.

Offsets are Unicode code points into the NFC ``headline`` or ``body_text``. ``body_text`` is the
paragraphs of kind ``text`` joined by a blank line; a paragraph of another kind stays where it
stood in the list, marked, and outside ``body_text``. Nothing is dropped.

Field names follow ninjs 3.1 and schema.org NewsArticle, in snake_case.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

PARAGRAPH_BREAK = "\n\n"
_LONGEST_EDITION = 18  # digits: what a signed number of 64 bits holds


class Kind(StrEnum):
    """What a paragraph is. Only ``TEXT`` is part of ``body_text``."""

    TEXT = "text"
    BYLINE = "byline"
    DATELINE = "dateline"
    DATE = "date"
    CAPTION = "caption"
    BOILERPLATE = "boilerplate"
    CROSSHEAD = "crosshead"
    TABLE = "table"
    REPEAT = "repeat"  # a headline or a paragraph that the file has already said


class Precision(StrEnum):
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


class Field(StrEnum):
    """Which text an offset counts in."""

    HEADLINE = "headline"
    BODY = "body_text"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reader found in a file, as the file has it: nothing judged, nothing normalised.

    Raw strings: dates, bylines and languages are read later, by the same rules for every format.
    """

    headline: str | None  # None: the format names none, so the first block may be it
    blocks: tuple[str, ...]  # paragraphs in reading order, with their own line breaks inside
    media_type: str
    authors: tuple[str, ...] = ()  # per the file's metadata
    published: str | None = None  # as written
    updated: str | None = None  # as written
    language: str | None = None  # as declared: a prior, not a fact
    source: str | None = None
    url: str | None = None
    canonical_url: str | None = None
    guid: str | None = None
    rights: str | None = None
    kinds: tuple[Kind, ...] = ()  # one a block, where the format marks them; none: all to be judged
    # What the news industry's formats say besides, as written.
    located: str | None = None  # where the story was filed
    version: str | None = None  # the publisher's number of it, of what ``guid`` names
    urgency: str | None = None
    ed_note: str | None = None  # to editors, not to readers
    embargo: str | None = None  # when it ends
    status: str | None = None  # usable, withheld or canceled; other words for these are translated
    signal: str | None = None  # correction, update, kill and the like, as a bare word
    corrects: str | None = None  # guid of the story that this one corrects
    subjects: tuple[str, ...] = ()  # qcodes or URIs where given, else names


@dataclass(frozen=True, slots=True)
class Evidence:
    """How the bytes became text, so that anybody can check it."""

    charset: str  # IANA name
    confidence: float  # 0 to 1; 1 where the bytes leave no choice
    repairs: tuple[str, ...] = ()  # what was mended, in order, each a stable word


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time, no more precise than the file was."""

    at: datetime  # UTC; the first instant of the year, month or day when coarser than minutes
    precision: Precision
    source: str  # where it was found: metadata, dateline, text, path

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            msg = f"{self.at} has no time zone"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Author:
    name: str
    role: str | None = None  # per the file: "correspondent", "editing"


@dataclass(frozen=True, slots=True)
class Dateline:
    """``NAIROBI, Kenya, Jan. 28 (KNA) -``, taken apart. ``text`` is as written."""

    text: str
    places: tuple[str, ...] = ()
    date: str | None = None  # ISO 8601; ``--01-28`` where the file gives no year
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The story that a kill takes back, as the kill names it; both ``None``: it names none.

    A kill that was sent as a further version of its story has that story's own ``uri``.
    """

    uri: str | None = None  # a guid or an address, as ``Article.uri`` or ``canonical_url`` has it
    headline: str | None = None  # beside the uri, or where there is none


@dataclass(frozen=True, slots=True)
class Paragraph:
    n: int  # from 0, over all kinds
    kind: Kind
    text: str
    start: int | None = None  # into body_text, only for kind text
    end: int | None = None  # exclusive


@dataclass(frozen=True)
class Article:
    """A news article as we understood it, before it is judged and tagged."""

    headline: str
    paragraphs: tuple[Paragraph, ...]
    language: str  # BCP 47, ``und`` when unsure
    media_type: str
    evidence: Evidence
    headline_source: str = "first_line"  # or metadata, derived
    byline: str | None = None  # as written
    authors: tuple[Author, ...] = ()
    dateline: Dateline | None = None
    published: Moment | None = None
    updated: Moment | None = None
    source: str | None = None
    url: str | None = None
    canonical_url: str | None = None
    guid: str | None = None
    rights: str | None = None
    filed_from: str | None = None  # per the metadata, where there is no dateline with a place
    ed_note: str | None = None
    urgency: int | None = None  # 1 (most) to 9
    publisher_version: str | None = None  # of what ``guid`` names
    status: str = "usable"  # or withheld, canceled: such a story is not for consumers
    embargo_until: datetime | None = None  # UTC; before it neither
    signal: str | None = None  # correction, update and the like
    corrects: str | None = None  # uri of the article that this one says it corrects
    declared_subjects: tuple[str, ...] = ()  # per the file: qcodes, URIs or names
    withdraws: Withdrawn | None = None  # None unless canceled: then this file is a kill, no story

    def __post_init__(self) -> None:
        if not self.headline:
            raise ValueError("an article has a headline")

    @cached_property
    def body_text(self) -> str:
        return PARAGRAPH_BREAK.join(p.text for p in self.paragraphs if p.kind is Kind.TEXT)

    @property
    def edition(self) -> int | None:
        """The publisher's version as a number, where it is one."""
        written = self.publisher_version or ""
        return int(written) if written.isdecimal() and len(written) <= _LONGEST_EDITION else None

    @property
    def primary_language(self) -> str:
        """``en`` of ``en-GB``: the subtag that taggers know their languages by."""
        return self.language.partition("-")[0].casefold()

    @cached_property
    def word_count(self) -> int:
        """Words of the body, separated by white space."""
        return len(self.body_text.split())

    @property
    def located(self) -> str | None:
        """Where the story was filed: the first place of its dateline, else what its file says."""
        return (
            next(iter(self.dateline.places), self.filed_from) if self.dateline else self.filed_from
        )

    @property
    def uri(self) -> str | None:
        """What the publisher calls it; None where only our own id can name it.

        A canonical URL without a path is no name: some sites give their front page for all pages.
        Nor is one without a host, which says where a page is on its own site alone.
        """
        if self.guid or not self.canonical_url:
            return self.guid
        try:
            address = urlsplit(self.canonical_url)
        except ValueError:  # brackets in its host, say
            return None
        return self.canonical_url if address.netloc and address.path.strip("/") else None


@dataclass(frozen=True, slots=True)
class Mention:
    field: Field
    start: int
    end: int  # exclusive
    text: str


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody, some body or somewhere, with every mention in this article."""

    name: str  # canonical: the fullest form in this article, or the reference data's
    mentions: tuple[Mention, ...]
    relevance: float  # 0 to 1 within this article: headline, early and often mentioned
    confidence: float  # 0 to 1
    method: str  # "model", "rules", or both joined by "+"
    country: str | None = None  # ISO 3166-1 alpha-2
    geonames: int | None = None
    wikidata: str | None = None
    latitude: float | None = None  # degrees, WGS 84
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Country:
    """A country that the article is about, by name, demonym or the places in it."""

    code: str  # ISO 3166-1 alpha-2
    relevance: float  # 0 to 1; the first is the most relevant


@dataclass(frozen=True, slots=True)
class Quote:
    """Words in quotation marks that are somebody's own; offsets into ``body_text``."""

    text: str  # without the marks around it
    start: int
    end: int  # exclusive
    speaker: str | None  # canonical name, as an entity of this article has it where there is one
    speaker_mention: str | None  # as written, a pronoun perhaps; None: by what stands around only
    cue: str | None  # the verb that tells of it


@dataclass(frozen=True, slots=True)
class Subject:
    """A topic of IPTC Media Topics that the article is about."""

    qcode: str  # "medtop:04000000"
    name: str  # in English
    level: int  # 1: top of the tree
    score: float  # 0 to 1 within this article
    evidence: tuple[str, ...]  # words of the article that say so, the weightiest first


@dataclass(frozen=True, slots=True)
class Keyword:
    phrase: str  # as in the text
    score: float  # 0 to 1 within this article


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date that the body names; offsets into ``body_text``."""

    text: str
    start: int
    end: int  # exclusive
    value: str | None  # ISO 8601; ``--02-26`` where nothing tells the year
    precision: Precision | None


@dataclass(frozen=True, slots=True)
class Tags:
    """What the taggers say of an article. ``None`` means: none that knows its language looked."""

    people: tuple[Entity, ...] | None = ()
    organisations: tuple[Entity, ...] | None = ()
    places: tuple[Entity, ...] = ()
    countries: tuple[Country, ...] = ()
    subjects: tuple[Subject, ...] | None = None
    keywords: tuple[Keyword, ...] | None = None
    quotes: tuple[Quote, ...] = ()
    dates: tuple[DateMention, ...] | None = None
    method: str = ""  # tagger and its version, with the versions of its data


class TagsStatus(StrEnum):
    PENDING = "pending"
    COMPLETE = "complete"
    FAILED = "failed"  # the article is stored all the same; its tags are tried again


class Relation(StrEnum):
    """How a text relates to those stored already. The order is the order of strength."""

    UNCHANGED = "unchanged"  # same file, same article, nothing new
    EXACT = "exact"  # a copy: the same text elsewhere
    REVISION = "revision"  # the next version of an article
    NEAR = "near"  # a copy: nearly the same text elsewhere
    NEW = "new"

    @property
    def copy(self) -> bool:
        return self in (Relation.EXACT, Relation.NEAR)

    @property
    def adds_version(self) -> bool:
        return self in (Relation.NEW, Relation.REVISION)


class Kinship(StrEnum):
    """How two articles are related that stay apart."""

    CONTAINED = "contained"  # one is a part of the other: a roundup, a long quotation
    RECURRING = "recurring"  # items of one template or series, each with its own facts
    RELATED = "related"  # the same subject in other words


@dataclass(frozen=True, slots=True)
class Scores:
    """What a verdict rests on, each from 0 to 1, so that a person can check it."""

    containment: float = 0.0  # shared shingles / those of the shorter text
    jaccard: float = 0.0  # shared shingles / all of both
    weighted: float = 0.0  # containment in what no other candidate has as well
    title: float = 0.0  # shared words of the headlines / those of the shorter one
    numbers: float = 0.0  # shared numbers / those of the text with fewer; 1 where one has none


@dataclass(frozen=True, slots=True)
class Link:
    """A stored article that an article is related to, and stays apart from."""

    kinship: Kinship
    of: UUID
    because: str
    scores: Scores


# A verdict's sentence, by which status counts how often a file was read half written.
HALF: Final = "the file grew or shrank: one text begins with the other"

# How the sentence begins by which the ledger tells a file that was read again, at a person's word,
# from two rows of one content.
READ_AGAIN: Final = "its file was read again"


# What stands in a sentence's place that tells facts of a text which nobody may see.
UNTOLD: Final = "the two differ in facts, and one of them is not public"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of dedupe. ``because`` is a sentence that a person understands."""

    relation: Relation
    because: str
    of: UUID | None = None  # the stored article; None only for NEW
    version: int | None = None  # of that article: the one compared with
    scores: Scores = field(default_factory=Scores)
    changed: tuple[tuple[str, str], ...] = ()  # numbers and names, as they were and are now
    # Of what adds a version, to what it stays apart from. Stored; a resumed worker needs them not.
    links: tuple[Link, ...] = field(default=(), compare=False)
    joins: tuple[UUID, ...] = ()  # further articles that this text shows to be the same story


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict made good: where the file's text belongs in the store."""

    verdict: Verdict
    article_id: UUID  # of the article it became, revised or duplicates
    version: int  # of the version it became or duplicates

    @property
    def adds_version(self) -> bool:
        return self.verdict.relation.adds_version


def paragraphs(parts: list[tuple[Kind, str]]) -> tuple[Paragraph, ...]:
    """Number *parts* and give those of kind text their offsets into ``body_text``."""
    numbered: list[Paragraph] = []
    at = 0
    for n, (kind, text) in enumerate(parts):
        if kind is Kind.TEXT:
            numbered.append(Paragraph(n, kind, text, at, at + len(text)))
            at += len(text) + len(PARAGRAPH_BREAK)
        else:
            numbered.append(Paragraph(n, kind, text))
    return tuple(numbered)
