"""Make an article of a draft: headline, byline, dateline, dates, language; nothing dropped.

Times never come from a clock: from the file's metadata, else a date of its own line, else a
dateline, else the path; a dateline without a year takes it from the path. The source is what the
metadata say, else the agency of the byline or of the dateline, else the site of the address.
"""

import re
from collections.abc import Iterable
from dataclasses import fields, replace
from html import unescape
from typing import Any, Final

from worker.core import byline, dateline, kicker, language, notice, urls
from worker.core.article import (
    Article,
    Author,
    Dateline,
    Draft,
    Evidence,
    Kind,
    Moment,
    Withdrawn,
    paragraphs,
)
from worker.core.clean import clean
from worker.core.dates import Day, moment, moment_of, path_day
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.marking import Marked, mark
from worker.core.terms import Status, terms

_MAX_PARAGRAPHS: Final = 250_000
_OPENING: Final = 8  # paragraphs among which the story begins
_LONG_HEADLINE: Final = 255  # characters; a first line this long with sentences in it is a story
_DERIVED: Final = 120  # characters of a headline cut from a text without sentences
_LEAD: Final = 500  # characters that tell the language

_HEADINGS: Final = frozenset({Kind.CROSSHEAD, Kind.TABLE})

_SENTENCE = re.compile(
    r".{20,255}?[.!?\u3002\uff01\uff1f](?=[\"'\u2019\u201d\u00bb)]*(?:\s|$))[\"'\u2019\u201d\u00bb)]*"
)
_HEADING = re.compile(
    rf"[\"'\u2018\u201c\u00ab<]?[^\W_].{{0,{_DERIVED - 3}}}[^.!?]"
)  # no bullet first; a company's name in angle brackets may stand there
_ODD_SPACE = re.compile(r"\s{2,}|[^\S ]")  # cutting at all spaces takes ten times the memory
_LETTER = re.compile(r"[^\W\d_]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TAG = re.compile(r"<[a-zA-Z/!]")


def normalise(draft: Draft, evidence: Evidence, path: str = "") -> Article:
    """The article that *draft* is.

    Args:
        draft: What a reader found.
        evidence: How the bytes became its text.
        path: Of the file; a date in it counts where the file has none.

    Raises:
        Rejected: ``no_text``, when there is no letter in it; ``too_expensive``, when it has more
            paragraphs than any article.

    """
    if len(draft.blocks) > _MAX_PARAGRAPHS:
        raise Rejected(Reason.TOO_EXPENSIVE, f"{len(draft.blocks)} paragraphs")
    draft, repairs = _cleaned(draft)
    headline, headline_source, at = _headline(draft)
    parts = tuple(zip(draft.kinds, draft.blocks, strict=True))
    if at is not None:
        parts = (*parts[:at], *parts[at + 1 :])
    marked = mark(parts, None if headline_source == "derived" else headline)
    published = _published(draft, marked, path_day(path))
    url = draft.url or marked.url
    sent = terms(draft, headline)
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
        updated=_updated(draft, marked, published),
        source=draft.source or _source(marked, url),
        url=url,
        canonical_url=_canonical(draft.canonical_url or url),
        guid=draft.guid,
        rights=draft.rights,
        filed_from=None if marked.dateline and marked.dateline.places else draft.located,
        ed_note=draft.ed_note,
        urgency=sent.urgency,
        publisher_version=draft.version,
        status=sent.status.value,
        embargo_until=sent.embargo_until,
        signal=sent.signal,
        corrects=draft.corrects,
        declared_subjects=draft.subjects,
        withdraws=(
            _withdrawn(draft, headline, (text for _, text in marked.parts))
            if sent.status is Status.CANCELED
            else None
        ),
    )


def _withdrawn(draft: Draft, headline: str, texts: Iterable[str]) -> Withdrawn:
    """What the kill *draft* is of: itself, if its format says so, else what it names."""
    named = notice.withdrawn(headline, texts)
    if terms(draft).status is Status.CANCELED:
        uri = draft.corrects or draft.guid or _canonical(draft.canonical_url or draft.url)
        return Withdrawn(uri or _canonical(named.uri), named.headline or headline)
    return replace(named, uri=draft.corrects or _canonical(named.uri))


def _cleaned(draft: Draft) -> tuple[Draft, tuple[str, ...]]:
    """Every string of *draft* as it may be stored: JSON and HTML can spell out any character."""
    repairs: dict[str, None] = {}
    changes: dict[str, Any] = {}
    written = _as_written if draft.media_type == "text/plain" else _in_markup
    for name in (each.name for each in fields(draft) if each.name != "kinds"):
        value = getattr(draft, name)
        if not value:
            continue
        texts = [_collapsed(written(text, repairs)) for text in _strings(value)]
        kept = tuple(text for text in texts if text)
        changes[name] = kept if isinstance(value, tuple) else next(iter(kept), None)
        if name == "blocks":
            kinds = draft.kinds or (Kind.TEXT,) * len(texts)
            changes["kinds"] = tuple(k for k, t in zip(kinds, texts, strict=True) if t)
    if draft.headline:
        changes["headline"] = _unescaped(changes["headline"] or "", repairs) or None
    return replace(draft, **changes), tuple(repairs)


def _strings(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)


def _in_markup(text: str, repairs: dict[str, None]) -> str:
    text, made = clean(text)
    repairs.update(dict.fromkeys(made))
    return text


def _as_written(text: str, repairs: dict[str, None]) -> str:
    """Plain text was cleaned as a whole; entities in it were escaped for a page, once."""
    if not _ENTITY.search(text):
        return text
    repairs["entities"] = None
    return _in_markup(_ENTITY.sub(lambda found: unescape(found[0]), text), repairs)


def _unescaped(headline: str, repairs: dict[str, None]) -> str:
    """Feeds escape titles twice and thrice; what then is markup was meant as text."""
    plain = headline
    while _ENTITY.search(plain) and (once := unescape(plain)) != plain:
        plain = once
    if plain == headline or _TAG.search(plain):
        return headline
    repairs["entities"] = None
    return _collapsed(_in_markup(plain, repairs))


def _collapsed(text: str) -> str:
    if text.isprintable() and "  " not in text:
        return text.strip()
    return _ODD_SPACE.sub(" ", text).strip()


def _headline(draft: Draft) -> tuple[str, str, int | None]:
    """The headline, where it is from, and which block it is, if it is one."""
    if not any(_LETTER.search(text) for text in (draft.headline or "", *draft.blocks)):
        raise Rejected(Reason.NO_TEXT)
    if draft.headline:
        return draft.headline, "metadata", None
    opening = zip(draft.kinds[:_OPENING], draft.blocks, strict=False)
    at = next((n for n, part in enumerate(opening) if not _precedes_headline(*part)), None)
    first = draft.blocks[at or 0]
    if at is not None and _is_headline(first, plain=draft.media_type == "text/plain", at=at):
        return first, "first_line", at
    return _derived(first), "derived", None


def _precedes_headline(kind: Kind, text: str) -> bool:
    return kicker.precedes(text) if kind is Kind.TEXT else kind not in _HEADINGS


def _is_headline(first: str, *, plain: bool, at: int) -> bool:
    """Plain text puts its headline first; other formats would have named it."""
    if _opens_a_story(first):
        return False
    if len(first) > _LONG_HEADLINE and _SENTENCE.match(first):
        return False
    if plain and at == 0:
        return True
    return _HEADING.fullmatch(first.removesuffix("?") if plain else first) is not None


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


def _published(draft: Draft, marked: Marked, path: Day | None) -> Moment | None:
    declared = moment(draft.published, "metadata") if draft.published else None
    dated = marked.published.moment if marked.published else None
    return declared or dated or _filed(marked.dateline, path) or _of_path(path)


def _filed(found: Dateline | None, path: Day | None) -> Moment | None:
    """The day of the dateline, in the year of the path where it has none itself."""
    if found is None or found.date is None:
        return None
    near = moment_of(path, "path") if path else None
    return moment(found.date if near is None else _in_year(found.date, near), "dateline")


def _of_path(path: Day | None) -> Moment | None:
    return moment_of(path, "path") if path else None


def _updated(draft: Draft, marked: Marked, published: Moment | None) -> Moment | None:
    """When it was last changed; no sooner than it was published."""
    declared = moment(draft.updated, "metadata") if draft.updated else None
    updated = declared or (marked.updated.moment if marked.updated else None)
    if updated is None or published is None:
        return updated
    return updated if updated.at.date() >= published.at.date() else None


def _source(marked: Marked, url: str | None) -> str | None:
    agency = byline.agency(marked.byline) if marked.byline else None
    filed = marked.dateline.agency if marked.dateline else None
    return agency or filed or marked.source or (urls.host(url) if url else None)


def _canonical(url: str | None) -> str | None:
    return urls.canonical(url) if url else None


def _dated(found: Dateline | None, published: Moment | None) -> Dateline | None:
    """*found* with its year, if its date has none and the file gives one elsewhere."""
    if found is None or found.date is None or published is None:
        return found
    return replace(found, date=_in_year(found.date, published))


def _in_year(date: str, near: Moment) -> str:
    """*date* as it is, or in the year that brings it closest to *near* if it has none."""
    if not date.startswith("-"):
        return date
    return Day(int(date[2:4]), int(date[5:7])).near(near.at).iso
