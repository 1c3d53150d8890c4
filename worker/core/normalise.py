"""Make an article of a draft: headline, byline, dateline, dates, language; nothing dropped.

Paragraphs that are not the story's own text stay where they stood, marked with their kind. Only
what opens an article (a repeated headline, byline, date, dateline) and what closes or interrupts
it (credits, rights, links to other stories) is judged; every mark needs certainty, because a
paragraph that is marked by mistake is missing from ``body_text``.

Times never come from a clock: from the file's metadata, else a date of its own line, else a
dateline that has a year.
"""

import re
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from worker.core import byline, dateline, language
from worker.core.article import (
    Article,
    Author,
    Dateline,
    Draft,
    Evidence,
    Kind,
    Moment,
    paragraphs,
)
from worker.core.clean import clean
from worker.core.dates import Day, calendar_day, moment, moment_of
from worker.core.errors import Rejected
from worker.core.ledger import Reason

_OPENING: Final = 5  # paragraphs among which byline, date and dateline are looked for
_LONG_HEADLINE: Final = 255  # characters; a first line this long with sentences in it is a story
_DERIVED: Final = 120  # characters of a headline cut from a text without sentences
_LEAD: Final = 500  # characters that tell the language
_CREDIT: Final = 300  # characters; longer paragraphs are never mere credits

_SENTENCE = re.compile(
    r".{20,255}?[.!?\u3002\uff01\uff1f](?=[\"'\u2019\u201d\u00bb)]*(?:\s|$))[\"'\u2019\u201d\u00bb)]*"
)
_PUNCTUATION = re.compile(r"[\W_]+")
_LETTER = re.compile(r"[^\W\d_]")
_BOILERPLATE = re.compile(
    r"\(?(?:additional |further )?(?:reporting|writing|editing|compiled|edited|written)"
    r" (?:and (?:writing|editing|reporting) )?by (?-i:[^\W\d_a-z])"
    r"|(?:©|\(c\)|copyright(?: ©| \(c\))?) ?(?:by |\d{4}\b)"
    r"|(?:also read|read also|soma pia|soma zaidi)\b"
    r"|(?:read more|see also|related(?: stor(?:y|ies)| articles?)?|more on this)\s*:"
    r"|(?:click|tap) here (?:to|for)\b|(?:sign up|subscribe) (?:to|for) (?:our|the)\b"
    r"|follow us on\b",
    re.IGNORECASE,
)
_RIGHTS: Final = "all rights reserved"


@dataclass(slots=True)
class _Marked:
    """Paragraphs as they are judged, and what the marked ones said."""

    parts: list[tuple[Kind, str]] = field(default_factory=list)
    byline: str | None = None
    authors: tuple[Author, ...] = ()
    dateline: Dateline | None = None
    day: Day | None = None


def normalise(draft: Draft, evidence: Evidence) -> Article:
    """The article that *draft* is.

    Raises:
        Rejected: ``no_text``, when there is no letter in it.

    """
    draft, repairs = _cleaned(draft)
    headline, headline_source, rest = _headline(draft)
    marked = _mark(rest, None if headline_source == "derived" else headline)
    published = _published(draft, marked)
    lead = f"{headline}\n{_lead(marked.parts)}"
    return Article(
        headline=headline,
        paragraphs=paragraphs(marked.parts),
        language=language.detect(lead, draft.language),
        media_type=draft.media_type,
        evidence=replace(evidence, repairs=(*evidence.repairs, *repairs)),
        headline_source=headline_source,
        byline=marked.byline or ", ".join(draft.authors) or None,
        authors=_named(draft.authors) or marked.authors,
        dateline=_dated(marked.dateline, published),
        published=published,
        updated=moment(draft.updated, "metadata") if draft.updated else None,
        source=draft.source,
        url=draft.url,
        canonical_url=draft.canonical_url,
        guid=draft.guid,
        rights=draft.rights,
    )


def _cleaned(draft: Draft) -> tuple[Draft, tuple[str, ...]]:
    """Every string of *draft* as it may be stored: JSON and HTML can spell out any character."""
    repairs: dict[str, None] = {}
    changes: dict[str, Any] = {}
    for each in fields(draft):
        value = getattr(draft, each.name)
        texts = [_collapsed(text, repairs) for text in _strings(value)]
        kept = tuple(text for text in texts if text)
        changes[each.name] = kept if isinstance(value, tuple) else next(iter(kept), None)
    return replace(draft, **changes), tuple(repairs)


def _strings(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else () if value is None else (value,)


def _collapsed(text: str, repairs: dict[str, None]) -> str:
    text, made = clean(text)
    repairs.update(dict.fromkeys(made))
    return " ".join(text.split())


def _headline(draft: Draft) -> tuple[str, str, tuple[str, ...]]:
    """The headline, where it is from, and the blocks that are left for the body."""
    if not any(_LETTER.search(text) for text in (draft.headline or "", *draft.blocks)):
        raise Rejected(Reason.NO_TEXT)
    if draft.headline:
        return draft.headline, "metadata", draft.blocks
    first = draft.blocks[0]
    if _is_headline(first, draft.media_type):
        return first, "first_line", draft.blocks[1:]
    return _derived(first), "derived", draft.blocks


def _is_headline(first: str, media_type: str) -> bool:
    """Plain text puts its headline first; other formats would have named it."""
    if _opens_a_story(first) or (len(first) > _LONG_HEADLINE and _SENTENCE.match(first)):
        return False
    return media_type == "text/plain" or (len(first) <= _DERIVED and first[-1] not in ".!?")


def _opens_a_story(first: str) -> bool:
    """``NAIROBI, Jan 28 (KNA) - The``; headlines have dashes too, but neither date nor agency."""
    found = dateline.split(first)
    return found is not None and bool(found[1]) and bool(found[0].date or found[0].agency)


def _derived(text: str) -> str:
    """The first sentence after a dateline; without one, as many words as a headline has."""
    opening = dateline.split(text)
    story = opening[1] if opening and opening[1] else text
    if sentence := _SENTENCE.match(story):
        return sentence[0]
    if len(story) <= _DERIVED:
        return story
    return (story[:_DERIVED].rpartition(" ")[0] or story[:_DERIVED]) + "…"


def _mark(blocks: tuple[str, ...], headline: str | None) -> _Marked:
    marked, at = _Marked(), 0
    while at < min(len(blocks), _OPENING) and _mark_opening(marked, blocks[at], headline):
        at += 1
    if at < len(blocks) and marked.dateline is None and (found := dateline.split(blocks[at])):
        marked.dateline, text = found
        marked.parts.append((Kind.DATELINE, marked.dateline.text))
        blocks = (*blocks[:at], *((text,) if text else ()), *blocks[at + 1 :])
    marked.parts.extend((_kind(text), text) for text in blocks[at:])
    return marked


def _mark_opening(marked: _Marked, text: str, headline: str | None) -> bool:
    """Whether *text* is one of the lines before the story; the first that is none ends them."""
    if headline is not None and _same_words(text, headline):
        kind = Kind.REPEAT
    elif marked.byline is None and (authors := byline.parse(text)) is not None:
        kind, marked.byline, marked.authors = Kind.BYLINE, text, authors
    elif marked.dateline is None and (found := dateline.whole(text)) is not None:
        kind, marked.dateline = Kind.DATELINE, found
    elif marked.day is None and (day := calendar_day(text)) is not None:
        kind, marked.day = Kind.DATE, day
    else:
        return False
    marked.parts.append((kind, text))
    return True


def _same_words(one: str, other: str) -> bool:
    words = _PUNCTUATION.sub(" ", one).split()
    return bool(words) and [w.casefold() for w in words] == [
        w.casefold() for w in _PUNCTUATION.sub(" ", other).split()
    ]


def _kind(text: str) -> Kind:
    if len(text) > _CREDIT:
        return Kind.TEXT
    if _BOILERPLATE.match(text) or _RIGHTS in text.casefold():
        return Kind.BOILERPLATE
    return Kind.TEXT


def _lead(parts: list[tuple[Kind, str]]) -> str:
    lead = ""
    for kind, text in parts:
        if kind is Kind.TEXT:
            lead += f"{text}\n"
        if len(lead) >= _LEAD:
            break
    return lead


def _named(fields: tuple[str, ...]) -> tuple[Author, ...]:
    return tuple(author for text in fields for author in byline.authors(text))


def _published(draft: Draft, marked: _Marked) -> Moment | None:
    declared = moment(draft.published, "metadata") if draft.published else None
    dated = moment_of(marked.day, "text") if marked.day else None
    written = marked.dateline.date if marked.dateline else None
    return declared or dated or (moment(written, "dateline") if written else None)


def _dated(found: Dateline | None, published: Moment | None) -> Dateline | None:
    """*found* with its year, if its date has none and the file gives one elsewhere."""
    if found is None or found.date is None or published is None or found.date[0] != "-":
        return found
    day = Day(int(found.date[2:4]), int(found.date[5:7]))
    return replace(found, date=day.near(published.at).iso)
