"""The schemas are valid, say what they mean of every property, and use the code's own words."""

import json
from collections.abc import Iterator
from enum import StrEnum
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from worker.core.article import Field, Kind, Precision, TagsStatus
from worker.core.message import MOST_IDS, encode

Schema = dict[str, Any]

# The view's columns, without its search index: a promise to consumers, so spelt out once more.
COLUMNS = (
    "id, uri, version, headline, body_text, paragraphs, byline, authors, dateline, located, "
    "language, published_at, published_precision, published_source, updated_at, first_seen_at, "
    "stored_at, source, url, canonical_url, urgency, ed_note, rights, corrects, word_count, "
    "copies, subjects, people, organisations, places, countries, keywords, quotes, dates, "
    "tags_status, content_hash, pipeline, position"
)
SHAPES = {
    "dateline": "text places date agency",
    "author": "name role",
    "paragraph": "n kind text start end",
    "entity": "name country geonames wikidata latitude longitude relevance confidence method "
    "mentions",
    "mention": "field start end text",
    "country": "code relevance",
    "subject": "qcode uri name level score evidence",
    "keyword": "phrase score",
    "quote": "text start end speaker speaker_mention cue",
    "date": "text start end value precision",
}


def load(name: str) -> Schema:
    schema: Schema = json.loads(files("schemas").joinpath(name).read_text(encoding="utf-8"))
    return schema


ARTICLE, MESSAGE = load("article.v1.json"), load("message.v1.json")


def objects() -> Iterator[tuple[str, Schema]]:
    yield "article", ARTICLE
    yield from ARTICLE["$defs"].items()
    yield "message", MESSAGE


OBJECTS = [pytest.param(schema, id=name) for name, schema in objects()]
PROPERTIES = [
    pytest.param(schema, name, id=f"{owner}.{name}")
    for owner, schema in objects()
    for name in schema["properties"]
]


def example() -> Schema:
    """The article that the properties' examples are, put together."""
    return {name: prop["examples"][0] for name, prop in ARTICLE["properties"].items()}


def errors(schema: Schema, value: object) -> list[str]:
    return [error.message for error in Draft202012Validator(schema).iter_errors(value)]


@pytest.mark.parametrize("schema", [ARTICLE, MESSAGE], ids=["article", "message"])
def test_is_a_json_schema(schema: Schema) -> None:
    Draft202012Validator.check_schema(schema)

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_identifiers() -> None:
    assert (ARTICLE["$id"], MESSAGE["$id"]) == (
        "urn:copydesk:article:v1",
        "urn:copydesk:message:v1",
    )


# --- what it promises -----------------------------------------------------------------------------


def test_columns_of_the_view_in_order() -> None:
    assert ", ".join(ARTICLE["properties"]) == COLUMNS
    assert ", ".join(ARTICLE["required"]) == COLUMNS


def test_shapes() -> None:
    shapes = {name: " ".join(shape["properties"]) for name, shape in ARTICLE["$defs"].items()}

    assert shapes == SHAPES


@pytest.mark.parametrize("schema", OBJECTS)
def test_objects_are_closed_and_every_key_is_there(schema: Schema) -> None:
    """The one exception: only a paragraph of kind text has a place in the body."""
    optional = set(schema["properties"]) - set(schema["required"])

    assert schema["additionalProperties"] is False
    assert optional == ({"start", "end"} if "n" in schema["properties"] else set())


@pytest.mark.parametrize(("schema", "name"), PROPERTIES)
def test_property_has_a_description_and_a_valid_example(schema: Schema, name: str) -> None:
    prop = schema["properties"][name]
    (shown,) = prop["examples"]

    assert prop["description"].endswith(".")
    assert errors({**prop, "$defs": ARTICLE["$defs"]}, shown) == []


@pytest.mark.parametrize(
    ("words", "where"),
    [
        pytest.param(Kind, ("paragraph", "kind"), id="paragraph kinds"),
        pytest.param(Field, ("mention", "field"), id="fields"),
        pytest.param(Precision, ("date", "precision"), id="precision of a date"),
        pytest.param(Precision, ("", "published_precision"), id="precision of publication"),
        pytest.param(TagsStatus, ("", "tags_status"), id="status of the tags"),
    ],
)
def test_words_are_those_of_the_code(words: type[StrEnum], where: tuple[str, str]) -> None:
    owner = ARTICLE["$defs"].get(where[0], ARTICLE)
    listed = owner["properties"][where[1]]["enum"]

    assert [word for word in listed if word is not None] == [word.value for word in words]


# --- the examples are one article -----------------------------------------------------------------


def test_examples_make_an_article() -> None:
    assert errors(ARTICLE, example()) == []


def test_offsets_in_the_examples_are_right() -> None:
    said = example()
    mentions = [
        mention
        for kind in ("people", "organisations", "places")
        for entity in said[kind]
        for mention in entity["mentions"]
    ]
    in_body = [p for p in said["paragraphs"] if p["kind"] == "text"]
    spans = [*mentions, *in_body, *said["quotes"], *said["dates"]]

    assert [said[s.get("field", "body_text")][s["start"] : s["end"]] for s in spans] == [
        s["text"] for s in spans
    ]
    assert said["body_text"] == "\n\n".join(p["text"] for p in in_body)
    assert said["word_count"] == len(said["body_text"].split())


# --- what it refuses ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ARTICLE["properties"])
def test_a_missing_key_fails(name: str) -> None:
    said = example()
    del said[name]

    assert f"{name!r} is a required property" in errors(ARTICLE, said)


def test_an_unknown_key_fails() -> None:
    assert errors(ARTICLE, {**example(), "search": "ferry"}) == [
        "Additional properties are not allowed ('search' was unexpected)"
    ]


TEXT = {"n": 0, "kind": "text", "text": "It sailed.", "start": 0, "end": 10}
BYLINE = {"n": 0, "kind": "byline", "text": "By Ali"}
UNDATED = {"published_at": None, "published_precision": None, "published_source": None}


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"paragraphs": [TEXT, BYLINE]}, id="text with a place, byline without"),
        pytest.param(UNDATED, id="no date at all"),
        pytest.param({"dateline": None, "located": None}, id="no dateline"),
        pytest.param({"stored_at": "2025-03-11T12:00:00.123456+00:00"}, id="microseconds"),
        pytest.param({"body_text": "", "paragraphs": [], "word_count": 0}, id="a headline alone"),
        pytest.param({"people": None, "keywords": []}, id="nobody looked; nothing found"),
        pytest.param({"position": None}, id="outside the feed"),
    ],
)
def test_accepted(given: Schema) -> None:
    assert errors(ARTICLE, {**example(), **given}) == []


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"id": "0195851f-2f60-4c3a-9d1e-5b7a1f0c2d44"}, id="a UUID of version 4"),
        pytest.param({"version": 0}, id="versions begin at 1"),
        pytest.param({"headline": ""}, id="no headline"),
        pytest.param({"paragraphs": [{**BYLINE, "start": 0, "end": 6}]}, id="a byline in the body"),
        pytest.param({"paragraphs": [{**BYLINE, "kind": "text"}]}, id="text without a place"),
        pytest.param({"paragraphs": [{**BYLINE, "kind": "advert"}]}, id="an unknown kind"),
        pytest.param({"stored_at": "2025-03-11T12:00:00+03:00"}, id="not UTC"),
        pytest.param({"stored_at": "2025-03-11 12:00:00+00:00"}, id="not RFC 3339"),
        pytest.param({**UNDATED, "published_precision": "day"}, id="precision of no date"),
        pytest.param({**UNDATED, "published_source": "text"}, id="source of no date"),
        pytest.param({"published_precision": None}, id="a date of no precision"),
        pytest.param({"published_source": None}, id="a date from nowhere"),
        pytest.param({"authors": None}, id="authors are read, never null"),
        pytest.param({"countries": [{"code": "ke", "relevance": 1}]}, id="a code in small letters"),
        pytest.param({"countries": [{"code": "KE", "relevance": 1.1}]}, id="more than relevant"),
        pytest.param({"people": [{"name": "Ali"}]}, id="half an entity"),
        pytest.param({"content_hash": "9F" * 32}, id="a hash in capitals"),
        pytest.param({"urgency": 0}, id="more urgent than 1"),
        pytest.param({"position": 0}, id="positions begin at 1"),
    ],
)
def test_refused(given: Schema) -> None:
    assert errors(ARTICLE, {**example(), **given}) != []


# --- the doorbell ---------------------------------------------------------------------------------


def test_a_ring_names_as_many_as_ours_do() -> None:
    assert MESSAGE["properties"]["ids"]["maxItems"] == MOST_IDS


@pytest.mark.parametrize(
    "message",
    [
        pytest.param({"v": 1, "ids": []}, id="for nobody in particular"),
        pytest.param({"v": 1, "ids": [17]}, id="for one"),
        pytest.param({"v": 1, "ids": list(range(1, 101))}, id="for a hundred"),
        pytest.param({"v": 1, "ids": [2**63 - 1]}, id="for the last that the ledger can count"),
        pytest.param(encode([]), id="as we ring for nobody"),
        pytest.param(encode(range(1, MOST_IDS + 2)), id="as we ring for many"),
    ],
)
def test_ring(message: Schema) -> None:
    assert errors(MESSAGE, message) == []


@pytest.mark.parametrize(
    "message",
    [
        pytest.param({"v": 1}, id="no ids"),
        pytest.param({"ids": [1]}, id="no version"),
        pytest.param({"v": 2, "ids": [1]}, id="of a later version"),
        pytest.param({"v": 1, "ids": list(range(1, 102))}, id="for a hundred and one"),
        pytest.param({"v": 1, "ids": [0]}, id="ids begin at 1"),
        pytest.param({"v": 1, "ids": [2**63]}, id="an id beyond the ledger"),
        pytest.param({"v": 1, "ids": ["1"]}, id="an id in words"),
        pytest.param({"v": 1, "ids": [1], "text": "…"}, id="with work in it"),
        pytest.param([1], id="no object"),
    ],
)
def test_no_ring(message: object) -> None:
    assert errors(MESSAGE, message) != []
