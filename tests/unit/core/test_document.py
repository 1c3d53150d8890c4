import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from worker.core import document
from worker.core.article import (
    Article,
    Author,
    Country,
    Dateline,
    DateMention,
    Entity,
    Evidence,
    Field,
    Keyword,
    Kind,
    Mention,
    Moment,
    Precision,
    Quote,
    Subject,
    Tags,
    TagsStatus,
    paragraphs,
)
from worker.core.document import Identity, article_from, article_v1, timestamp

ID = UUID("0195851f-2f60-7c3a-9d1e-5b7a1f0c2d44")
NOON = datetime(2025, 3, 11, 12, tzinfo=UTC)
NAIROBI = timezone(timedelta(hours=3))
UNKNOWN = Evidence("unknown-8bit", 0.0)


def article(**given: object) -> Article:
    """One line of text; whatever else a case is about is given."""
    told: dict[str, Any] = {
        "headline": "Ferry returns",
        "paragraphs": paragraphs([(Kind.TEXT, "It sailed.")]),
        "language": "en",
        "media_type": "text/plain",
        "evidence": Evidence("utf-8", 1.0),
    }
    return Article(**{**told, **given})


def identity(**given: object) -> Identity:
    told: dict[str, Any] = {
        "id": ID,
        "uri": ID.urn,
        "version": 1,
        "first_seen_at": NOON,
        "stored_at": NOON,
        "copies": 0,
        "position": 7,
        "tags_status": TagsStatus.COMPLETE,
        "content_hash": bytes(range(32)),
        "pipeline": "1",
    }
    return Identity(**{**told, **given})


def entity(name: str, **given: object) -> Entity:
    mentions = (Mention(Field.BODY, 0, len(name), name),)
    return Entity(name, mentions, relevance=0.5, confidence=0.9, method="model", **given)


FULL = article(
    paragraphs=paragraphs(
        [
            (Kind.BYLINE, "By Achieng Were, editing by Ali Faki"),
            (Kind.DATELINE, "KISUMU, Kenya (ENS) -"),
            (Kind.TEXT, "It sailed."),
            (Kind.TEXT, "It came back."),
        ]
    ),
    headline_source="metadata",
    byline="By Achieng Were, editing by Ali Faki",
    authors=(Author("Achieng Were"), Author("Ali Faki", "editing")),
    dateline=Dateline("KISUMU, Kenya (ENS) -", ("KISUMU", "Kenya"), "--03-11", "ENS"),
    published=Moment(NOON, Precision.MINUTE, "metadata"),
    updated=Moment(NOON + timedelta(minutes=5), Precision.SECOND, "metadata"),
    source="Lake Post",
    url="https://lake-post.example/ferry?ref=wire",
    canonical_url="https://lake-post.example/ferry",
    guid="urn:newsml:lake-post.example:20250311:ferry",
    rights="© 2025 Lake Post",
)
TAGS = Tags(
    people=(entity("Achieng Were"),),
    organisations=(entity("Kenya Ports Authority", country="KE", wikidata="Q1"),),
    places=(entity("Kisumu", country="KE", geonames=191245, latitude=-0.1, longitude=34.75),),
    countries=(Country("KE", 1.0), Country("TZ", 0.25)),
    subjects=(
        Subject("medtop:04000000", "economy, business and finance", 1, 0.7, ("ferry", "port")),
    ),
    keywords=(Keyword("ferry", 0.6),),
    quotes=(Quote("It sailed", 0, 9, "Ali Faki", None, None),),
    dates=(
        DateMention("Monday", 1, 7, "2025-03-10", Precision.DAY),
        DateMention("then", 8, 12, None, None),
    ),
    method="model 3.8.0",
)


@cache
def validator() -> Draft202012Validator:
    schema = files("schemas").joinpath("article.v1.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(schema))


# --- each column ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(NOON, "2025-03-11T12:00:00+00:00", id="whole seconds"),
        pytest.param(
            NOON.replace(microsecond=12000), "2025-03-11T12:00:00.012+00:00", id="no idle zeros"
        ),
        pytest.param(
            NOON.replace(microsecond=1), "2025-03-11T12:00:00.000001+00:00", id="microseconds"
        ),
        pytest.param(
            datetime(2025, 3, 11, 2, tzinfo=NAIROBI), "2025-03-10T23:00:00+00:00", id="other zone"
        ),
    ],
)
def test_times_are_utc_as_postgres_writes_them(at: datetime, expected: str) -> None:
    assert timestamp(at) == expected


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="2025-03-11 12:00:00 has no time zone"):
        timestamp(NOON.replace(tzinfo=None))


def test_only_text_has_a_place_in_the_body() -> None:
    written = document.paragraphs(paragraphs([(Kind.BYLINE, "By Ali"), (Kind.TEXT, "It sailed.")]))

    assert written == [
        {"n": 0, "kind": "byline", "text": "By Ali"},
        {"n": 1, "kind": "text", "text": "It sailed.", "start": 0, "end": 10},
    ]


def test_dateline_is_taken_apart() -> None:
    assert document.dateline(FULL.dateline) == {
        "text": "KISUMU, Kenya (ENS) -",
        "places": ["KISUMU", "Kenya"],
        "date": "--03-11",
        "agency": "ENS",
    }


@pytest.mark.parametrize(
    ("dateline", "expected"),
    [
        pytest.param(None, None, id="no dateline"),
        pytest.param(Dateline("March 11 -"), None, id="a dateline without a place"),
        pytest.param(FULL.dateline, "KISUMU", id="the first of two"),
    ],
)
def test_located(dateline: Dateline | None, expected: str | None) -> None:
    assert article(dateline=dateline).located == expected


def test_a_dateline_says_better_than_metadata_where_a_story_was_filed() -> None:
    assert article(filed_from="Nairobi").located == "Nairobi"
    assert article(filed_from="Nairobi", dateline=FULL.dateline).located == "KISUMU"


def test_authors_say_when_they_have_no_role() -> None:
    assert document.authors(FULL.authors) == [
        {"name": "Achieng Were", "role": None},
        {"name": "Ali Faki", "role": "editing"},
    ]


def test_entity_has_every_key_and_null_where_it_does_not_apply() -> None:
    assert document.entities([entity("Ali", country="KE")]) == [
        {
            "name": "Ali",
            "country": "KE",
            "geonames": None,
            "wikidata": None,
            "latitude": None,
            "longitude": None,
            "relevance": 0.5,
            "confidence": 0.9,
            "method": "model",
            "mentions": [{"field": "body_text", "start": 0, "end": 3, "text": "Ali"}],
        }
    ]


def test_countries() -> None:
    assert document.countries(TAGS.countries) == [
        {"code": "KE", "relevance": 1.0},
        {"code": "TZ", "relevance": 0.25},
    ]


def test_evidence() -> None:
    assert document.evidence(Evidence("windows-1252", 0.8, ("nul",))) == {
        "charset": "windows-1252",
        "confidence": 0.8,
        "repairs": ["nul"],
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, "urn:uuid:0195851f-2f60-7c3a-9d1e-5b7a1f0c2d44", id="our own"),
        pytest.param({"canonical_url": "https://a.example/1"}, "https://a.example/1", id="address"),
        pytest.param({"canonical_url": "https://a.example/"}, ID.urn, id="a front page"),
        pytest.param({"canonical_url": "https://a.example/1", "guid": "g"}, "g", id="declared"),
    ],
)
def test_uri(given: dict[str, str], expected: str) -> None:
    assert document.uri(article(**given), ID) == expected


# --- the whole ------------------------------------------------------------------------------------


def test_article_says_everything_that_is_known() -> None:
    said = article_v1(FULL, TAGS, identity(uri="urn:newsml:x", version=2, copies=3))

    assert said == {
        "id": "0195851f-2f60-7c3a-9d1e-5b7a1f0c2d44",
        "uri": "urn:newsml:x",
        "version": 2,
        "headline": "Ferry returns",
        "body_text": "It sailed.\n\nIt came back.",
        "paragraphs": document.paragraphs(FULL.paragraphs),
        "byline": "By Achieng Were, editing by Ali Faki",
        "authors": document.authors(FULL.authors),
        "dateline": document.dateline(FULL.dateline),
        "located": "KISUMU",
        "language": "en",
        "published_at": "2025-03-11T12:00:00+00:00",
        "published_precision": "minute",
        "published_source": "metadata",
        "updated_at": "2025-03-11T12:05:00+00:00",
        "first_seen_at": "2025-03-11T12:00:00+00:00",
        "stored_at": "2025-03-11T12:00:00+00:00",
        "source": "Lake Post",
        "url": "https://lake-post.example/ferry?ref=wire",
        "canonical_url": "https://lake-post.example/ferry",
        "urgency": None,
        "ed_note": None,
        "rights": "© 2025 Lake Post",
        "corrects": None,
        "word_count": 5,
        "copies": 3,
        "subjects": document.subjects(TAGS.subjects or ()),
        "people": document.entities(TAGS.people),
        "organisations": document.entities(TAGS.organisations),
        "places": document.entities(TAGS.places),
        "countries": document.countries(TAGS.countries),
        "keywords": document.keywords(TAGS.keywords or ()),
        "quotes": document.quotes(TAGS.quotes),
        "dates": document.dates(TAGS.dates or ()),
        "tags_status": "complete",
        "content_hash": bytes(range(32)).hex(),
        "pipeline": "1",
        "position": 7,
    }


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        pytest.param(None, None, id="nobody has looked"),
        pytest.param(
            Tags(subjects=(), keywords=(), dates=()), [], id="somebody has looked in vain"
        ),
    ],
)
def test_null_and_empty_tags_differ(tags: Tags | None, expected: list[object] | None) -> None:
    assert list(document.tag_columns(tags).values()) == [expected] * 8


def test_what_no_tagger_knows_the_language_for_is_null() -> None:
    said = document.tag_columns(Tags())

    assert [key for key, value in said.items() if value is None] == [
        "subjects",
        "keywords",
        "dates",
    ]


def test_subjects() -> None:
    assert document.subjects(TAGS.subjects or ()) == [
        {
            "qcode": "medtop:04000000",
            "uri": "http://cv.iptc.org/newscodes/mediatopic/04000000",
            "name": "economy, business and finance",
            "level": 1,
            "score": 0.7,
            "evidence": ["ferry", "port"],
        }
    ]


def test_keywords_and_quotes() -> None:
    assert document.keywords(TAGS.keywords or ()) == [{"phrase": "ferry", "score": 0.6}]
    assert document.quotes(TAGS.quotes) == [
        {
            "text": "It sailed",
            "start": 0,
            "end": 9,
            "speaker": "Ali Faki",
            "speaker_mention": None,
            "cue": None,
        }
    ]


def test_dates() -> None:
    assert document.dates(TAGS.dates or ()) == [
        {"text": "Monday", "start": 1, "end": 7, "value": "2025-03-10", "precision": "day"},
        {"text": "then", "start": 8, "end": 12, "value": None, "precision": None},
    ]


def test_first_seen_and_stored_are_not_mixed_up() -> None:
    said = article_v1(article(), None, identity(first_seen_at=NOON - timedelta(days=1)))

    assert (said["first_seen_at"], said["stored_at"]) == (
        "2025-03-10T12:00:00+00:00",
        "2025-03-11T12:00:00+00:00",
    )


# --- and back -------------------------------------------------------------------------------------


def test_the_view_forgets_the_file_and_nothing_else() -> None:
    said = article_v1(FULL, TAGS, identity(uri=document.uri(FULL, ID)))

    assert article_from(said) == replace(
        FULL, media_type="application/octet-stream", evidence=UNKNOWN
    )


def test_a_row_of_the_store_forgets_nothing() -> None:
    """It has the columns that the view leaves out, and times as the driver gives them."""
    told = replace(FULL, guid=FULL.canonical_url, headline_source="first_line")
    row = {
        **article_v1(told, TAGS, identity(uri=document.uri(told, ID))),
        "media_type": told.media_type,
        "evidence": document.evidence(told.evidence),
        "headline_source": told.headline_source,
        "guid": told.guid,
        "published_at": NOON.astimezone(NAIROBI),
        "updated_at": NOON + timedelta(minutes=5),
    }
    read = article_from(row)

    assert read == told
    assert read.published is not None
    assert read.published.at.tzinfo is UTC


@pytest.mark.parametrize(
    ("uri", "guid"),
    [
        pytest.param(ID.urn, None, id="our own name is nobody's guid"),
        pytest.param("https://lake-post.example/ferry", None, id="nor is the canonical URL"),
        pytest.param("lp-4711", "lp-4711", id="anything else is"),
    ],
)
def test_guid_is_told_from_uri(uri: str, guid: str | None) -> None:
    read = article_from(article_v1(FULL, None, identity(uri=uri)))

    assert read.guid == guid


def test_id_may_be_a_uuid_of_the_driver() -> None:
    row = {**article_v1(article(), None, identity()), "id": ID}

    assert article_from(row).guid is None


def _without(key: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda row: {k: v for k, v in row.items() if k != key}


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        pytest.param(_without("byline"), KeyError, id="a key is missing"),
        pytest.param(lambda row: {**row, "published_at": "yesterday"}, ValueError, id="no time"),
        pytest.param(
            lambda row: {**row, "published_at": "2025-03-11T12:00:00"}, ValueError, id="no zone"
        ),
        pytest.param(
            lambda row: {**row, "published_precision": "week"}, ValueError, id="no precision"
        ),
    ],
)
def test_what_is_no_article_is_refused(
    spoil: Callable[[dict[str, Any]], dict[str, Any]], error: type[Exception]
) -> None:
    row = spoil(article_v1(FULL, None, identity()))

    with pytest.raises(error):
        article_from(row)


# --- for any article ------------------------------------------------------------------------------

words = st.text(min_size=1, max_size=12)
maybe = st.none() | words
ratios = st.floats(0, 1)
moments = st.datetimes(timezones=st.just(UTC))
mentions = st.builds(
    lambda field, start, text: Mention(field, start, start + len(text), text),
    st.sampled_from(Field),
    st.integers(0, 9999),
    words,
)
entities = st.builds(
    Entity,
    name=words,
    mentions=st.lists(mentions, min_size=1, max_size=2).map(tuple),
    relevance=ratios,
    confidence=ratios,
    method=st.sampled_from(["model", "rules", "model+rules"]),
    country=st.none() | st.from_regex(r"[A-Z]{2}", fullmatch=True),
    geonames=st.none() | st.integers(1, 10**8),
    wikidata=st.none() | st.integers(1, 10**9).map("Q{}".format),
    latitude=st.none() | st.floats(-90, 90),
    longitude=st.none() | st.floats(-180, 180),
)
tags = st.none() | st.builds(
    Tags,
    people=st.lists(entities, max_size=2).map(tuple),
    organisations=st.lists(entities, max_size=1).map(tuple),
    places=st.lists(entities, max_size=1).map(tuple),
    countries=st.lists(st.builds(Country, st.sampled_from(["KE", "RW"]), ratios), max_size=2).map(
        tuple
    ),
)
articles = st.builds(
    Article,
    headline=words,
    paragraphs=st.lists(st.tuples(st.sampled_from(Kind), words), max_size=4).map(paragraphs),
    language=st.sampled_from(["en", "sw", "und", "zh-Hant"]),
    media_type=st.just("application/octet-stream"),
    evidence=st.just(UNKNOWN),
    headline_source=st.just("metadata"),
    byline=maybe,
    authors=st.lists(st.builds(Author, words, maybe), max_size=2).map(tuple),
    dateline=st.none()
    | st.builds(
        Dateline,
        text=words,
        places=st.lists(words, max_size=2).map(tuple),
        date=st.sampled_from([None, "2025", "2025-03", "2025-03-11", "--03-11"]),
        agency=maybe,
    ),
    published=st.none() | st.builds(Moment, moments, st.sampled_from(Precision), words),
    updated=st.none() | st.builds(Moment, moments, st.just(Precision.SECOND), st.just("metadata")),
    source=maybe,
    url=maybe,
    canonical_url=maybe,
    rights=maybe,
)


@given(articles, tags, st.sampled_from(TagsStatus), st.none() | st.integers(1, 2**62))
@settings(max_examples=60, deadline=None)
def test_any_article_is_valid_and_survives_the_way_there_and_back(
    drawn: Article, found: Tags | None, status: TagsStatus, position: int | None
) -> None:
    named = identity(uri=document.uri(drawn, ID), tags_status=status, position=position)

    said = json.loads(json.dumps(article_v1(drawn, found, named)))

    assert [e.message for e in validator().iter_errors(said)] == []
    assert article_from(said) == drawn
