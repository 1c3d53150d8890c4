"""Say in JSON what an article is: the shapes of ``schemas/article.v1.json``, column by column.

Pure. The store keeps each column as it is made here, so that the view ``feed_v1.articles`` and a
dry run, which has no store, say the same in the same words (``article_v1``); and it reads a stored
version back to tag it again (``article_from``). Times are RFC 3339 strings, in UTC.

``None`` where a list could stand means that no tagger of that kind has looked; an empty list means
that one has looked and found nothing. Consumers rely on the difference, and calling an unread
article one without people is the worse mistake: so what is not written yet is null, never empty.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from worker.core.article import (
    Article,
    Author,
    Country,
    Dateline,
    DateMention,
    Entity,
    Evidence,
    Keyword,
    Kind,
    Mention,
    Moment,
    Paragraph,
    Precision,
    Quote,
    Subject,
    Tags,
    TagsStatus,
)

Object = dict[str, Any]  # as ``json.loads`` makes it


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What the store knows of an article beyond its text."""

    id: UUID
    uri: str
    version: int  # from 1
    first_seen_at: datetime  # when the first file with it was noticed
    stored_at: datetime  # when this version was
    copies: int  # files that duplicate it
    position: int | None  # in the feed; None: published nowhere, as in a dry run
    tags_status: TagsStatus
    content_hash: bytes
    pipeline: str  # version of the code


def uri(article: Article, article_id: UUID) -> str:
    """What to call *article*: as its publisher does, else by our own id."""
    return article.uri or article_id.urn


# --- one column each ------------------------------------------------------------------------------


def timestamp(at: datetime) -> str:
    """RFC 3339 in UTC, spelt as PostgreSQL's ``to_jsonb`` spells it in a UTC session."""
    seconds, _, micros = _utc(at).replace(tzinfo=None).isoformat().partition(".")
    fraction = micros.rstrip("0")
    return f"{seconds}.{fraction}+00:00" if fraction else f"{seconds}+00:00"


def paragraphs(values: Iterable[Paragraph]) -> list[Object]:
    return [_paragraph(value) for value in values]


def authors(values: Iterable[Author]) -> list[Object]:
    return [asdict(value) for value in values]


def dateline(value: Dateline | None) -> Object | None:
    return None if value is None else {**asdict(value), "places": list(value.places)}


def evidence(value: Evidence) -> Object:
    """How the bytes became text: kept in the store, and not part of the object."""
    return {**asdict(value), "repairs": list(value.repairs)}


def entities(values: Iterable[Entity]) -> list[Object]:
    return [_entity(value) for value in values]


def countries(values: Iterable[Country]) -> list[Object]:
    return [asdict(value) for value in values]


def subjects(values: Iterable[Subject]) -> list[Object]:
    return [
        {**asdict(value), "uri": _topic(value), "evidence": [*value.evidence]} for value in values
    ]


def keywords(values: Iterable[Keyword]) -> list[Object]:
    return [asdict(value) for value in values]


def quotes(values: Iterable[Quote]) -> list[Object]:
    return [asdict(value) for value in values]


def dates(values: Iterable[DateMention]) -> list[Object]:
    return [
        {**asdict(value), "precision": value.precision and value.precision.value}
        for value in values
    ]


def tag_columns(tags: Tags | None) -> dict[str, list[Object] | None]:
    """Everything that taggers say, column by column, in the order of the view.

    Args:
        tags: What was found; None: nobody has looked, or tagging failed.

    """
    return {
        "subjects": None if tags is None or tags.subjects is None else subjects(tags.subjects),
        "people": None if tags is None or tags.people is None else entities(tags.people),
        "organisations": (
            None if tags is None or tags.organisations is None else entities(tags.organisations)
        ),
        "places": entities(tags.places) if tags else None,
        "countries": countries(tags.countries) if tags else None,
        "keywords": None if tags is None or tags.keywords is None else keywords(tags.keywords),
        "quotes": quotes(tags.quotes) if tags else None,
        "dates": None if tags is None or tags.dates is None else dates(tags.dates),
    }


def _topic(value: Subject) -> str:
    return f"http://cv.iptc.org/newscodes/mediatopic/{value.qcode.removeprefix('medtop:')}"


def _paragraph(value: Paragraph) -> Object:
    place = {"start": value.start, "end": value.end} if value.kind is Kind.TEXT else {}
    return {"n": value.n, "kind": value.kind.value, "text": value.text, **place}


def _entity(value: Entity) -> Object:
    return {
        "name": value.name,
        "country": value.country,
        "geonames": value.geonames,
        "wikidata": value.wikidata,
        "latitude": value.latitude,
        "longitude": value.longitude,
        "relevance": value.relevance,
        "confidence": value.confidence,
        "method": value.method,
        "mentions": [_mention(mention) for mention in value.mentions],
    }


def _mention(value: Mention) -> Object:
    return {
        "field": value.field.value,
        "start": value.start,
        "end": value.end,
        "text": value.text,
    }


# --- the whole ------------------------------------------------------------------------------------


def article_v1(article: Article, tags: Tags | None, identity: Identity) -> Object:
    """Assemble what ``feed_v1.articles`` shows, key by key in its order.

    Args:
        article: What was read.
        tags: What was found in it; None: nobody has looked, or tagging failed.
        identity: Where it belongs in the store.

    """
    published = article.published
    return {
        "id": str(identity.id),
        "uri": identity.uri,
        "version": identity.version,
        "headline": article.headline,
        "body_text": article.body_text,
        "paragraphs": paragraphs(article.paragraphs),
        "byline": article.byline,
        "authors": authors(article.authors),
        "dateline": dateline(article.dateline),
        "located": article.located,
        "language": article.language,
        "published_at": timestamp(published.at) if published else None,
        "published_precision": published.precision.value if published else None,
        "published_source": published.source if published else None,
        "updated_at": timestamp(article.updated.at) if article.updated else None,
        "first_seen_at": timestamp(identity.first_seen_at),
        "stored_at": timestamp(identity.stored_at),
        "source": article.source,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "urgency": article.urgency,
        "ed_note": article.ed_note,
        "rights": article.rights,
        "corrects": article.corrects,
        "word_count": article.word_count,
        "copies": identity.copies,
        **tag_columns(tags),
        "tags_status": identity.tags_status.value,
        "content_hash": identity.content_hash.hex(),
        "pipeline": identity.pipeline,
        "position": identity.position,
    }


# --- and back -------------------------------------------------------------------------------------

# What the view does not say of the file behind it, in the registries' own words for "unknown".
_UNKNOWN_TYPE = "application/octet-stream"
_UNKNOWN_TEXT = {"charset": "unknown-8bit", "confidence": 0.0, "repairs": []}


def article_from(row: Mapping[str, Any]) -> Article:
    """Rebuild the article of a stored version, to compare or tag it again.

    Args:
        row: An ``article_v1`` object or a row of the store, with strings or aware datetimes. Where
            it has ``media_type``, ``evidence``, ``headline_source``, ``guid`` and the publisher's
            terms, which the view leaves out, they count. Else the first three are unknown, the
            uri is the guid unless it is our own or the canonical URL, and the terms are none.

    Returns:
        The article; ``updated``, of which no precision is kept, as if exact to the second.

    Raises:
        KeyError: for a key that is missing.
        ValueError: for a value that is none of its kind.

    """
    return Article(
        headline=row["headline"],
        paragraphs=tuple(_paragraph_from(value) for value in row["paragraphs"]),
        language=row["language"],
        media_type=row.get("media_type", _UNKNOWN_TYPE),
        evidence=_evidence_from(row.get("evidence", _UNKNOWN_TEXT)),
        headline_source=row.get("headline_source", "metadata"),
        byline=row["byline"],
        authors=tuple(Author(**value) for value in row["authors"]),
        dateline=_dateline_from(row["dateline"]),
        published=_moment(row["published_at"], row["published_precision"], row["published_source"]),
        updated=_moment(row["updated_at"], Precision.SECOND, "metadata"),
        source=row["source"],
        url=row["url"],
        canonical_url=row["canonical_url"],
        guid=row["guid"] if "guid" in row else _guid(row),
        rights=row["rights"],
        filed_from=None if (row["dateline"] or {}).get("places") else row["located"],
        ed_note=row["ed_note"],
        urgency=row["urgency"],
        corrects=row["corrects"],
        publisher_version=row.get("publisher_version"),
        status=row.get("status", "usable"),
        embargo_until=row.get("embargo_until"),
    )


def _paragraph_from(value: Mapping[str, Any]) -> Paragraph:
    return Paragraph(**{**value, "kind": Kind(value["kind"])})


def _evidence_from(value: Mapping[str, Any]) -> Evidence:
    return Evidence(**{**value, "repairs": tuple(value["repairs"])})


def _dateline_from(value: Mapping[str, Any] | None) -> Dateline | None:
    return None if value is None else Dateline(**{**value, "places": tuple(value["places"])})


def _moment(at: str | datetime | None, precision: str, source: str) -> Moment | None:
    if at is None:
        return None
    when = datetime.fromisoformat(at) if isinstance(at, str) else at
    return Moment(_utc(when), Precision(precision), source)


def _guid(row: Mapping[str, Any]) -> str | None:
    ours = UUID(str(row["id"])).urn
    return None if row["uri"] in (ours, row["canonical_url"]) else row["uri"]


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:  # astimezone would ask the machine for its own zone
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC)
