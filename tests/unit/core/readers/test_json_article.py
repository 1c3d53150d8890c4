import json
from typing import Any

import pytest

from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.readers.json_article import is_lines, parse, read

SCHEMA_ORG = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "@id": "https://post.example/1",
    "headline": "County opens market",
    "articleBody": "One.\n\nTwo.",
    "author": [{"@type": "Person", "name": "Jane Wanjiru"}, {"name": "Ali Noor"}],
    "datePublished": "2025-01-28T10:30:00+03:00",
    "dateModified": "2025-01-28T11:30:00+03:00",
    "inLanguage": "en-KE",
    "publisher": {"@type": "Organization", "name": "Lake Post"},
    "mainEntityOfPage": {"@id": "https://post.example/1"},
    "copyrightNotice": "Lake Post 2025",
}
NINJS = {
    "uri": "urn:ninjs:1",
    "headlines": [{"role": "main", "value": "County opens market"}],
    "bodies": [{"role": "main", "contentType": "text/html", "value": "<p>One.</p><p>Two.</p>"}],
    "by": "By Jane Wanjiru and Ali Noor",
    "firstCreated": "2025-01-28T10:30:00+03:00",
    "language": "en",
    "infoSources": [{"name": "Lake Post"}],
}
EXPORT = {
    "title": "County opens market",
    "text": "One.\nTwo.",
    "authors": ["Jane Wanjiru", "Ali Noor"],
    "date_publish": "2025-01-28 10:30:00",
    "source_domain": "post.example",
    "url": "https://post.example/1",
    "canonical_url": "https://post.example/one",
    "guid": "tag:post.example,2025:1",
    "id": 12,
}


def test_schema_org() -> None:
    draft = read(SCHEMA_ORG)

    assert draft.headline == "County opens market"
    assert draft.blocks == ("One.", "Two.")
    assert draft.authors == ("Jane Wanjiru", "Ali Noor")
    assert (draft.published, draft.updated) == (
        "2025-01-28T10:30:00+03:00",
        "2025-01-28T11:30:00+03:00",
    )
    assert (draft.language, draft.source) == ("en-KE", "Lake Post")
    assert (draft.url, draft.rights) == ("https://post.example/1", "Lake Post 2025")


def test_ninjs() -> None:
    draft = read(NINJS)

    assert (draft.headline, draft.blocks) == ("County opens market", ("One.", "Two."))
    assert (draft.guid, draft.source) == ("urn:ninjs:1", "Lake Post")
    assert draft.authors == ("By Jane Wanjiru and Ali Noor",)
    assert draft.published == "2025-01-28T10:30:00+03:00"


def test_export() -> None:
    draft = read(EXPORT)

    assert (draft.headline, draft.blocks) == ("County opens market", ("One.", "Two."))
    assert draft.authors == ("Jane Wanjiru", "Ali Noor")
    assert (draft.source, draft.url) == ("post.example", "https://post.example/1")
    assert (draft.guid, draft.canonical_url) == (
        "tag:post.example,2025:1",
        "https://post.example/one",
    )


@pytest.mark.parametrize(
    ("record", "field", "expected"),
    [
        ({"Title": "x"}, "headline", "x"),
        ({"title": {"rendered": "x"}}, "headline", "x"),
        ({"headline": " ", "title": "x"}, "headline", "x"),
        ({"headline": True, "title": "x"}, "headline", "x"),
        ({"headline": None, "title": "x"}, "headline", "x"),
        ({"title": "x", "id": 12}, "guid", None),
        ({"title": "x", "id": "12"}, "guid", None),
        ({"title": "x", "timestamp": 1738060215}, "published", "1738060215"),
        ({"title": "x", "paragraphs": ["1.", {"text": "2."}, [], 3]}, "blocks", ("1.", "2.", "3")),
        ({"title": "x", "body": "One\r\nline.\r\n\r\nTwo."}, "blocks", ("One\nline.", "Two.")),
        ({"title": "x", "body": "1 < 2 and 3 > 2"}, "blocks", ("1 < 2 and 3 > 2",)),
        ({"title": "x", "body": []}, "blocks", ()),
        ({"title": "x", "author": {"name": "Ali Noor"}}, "authors", ("Ali Noor",)),
        ({"title": "x", "author": {"born": 1980}}, "authors", ()),
        ({"data": {"article": {"title": "x", "content": "1."}}}, "headline", "x"),
        ({"title": "x", "article": {"title": "y", "text": "1."}}, "headline", "x"),
        ({"article": {"content": "1."}}, "blocks", ("1.",)),
        ({"title": "x", "locationCreated": {"name": "Kisumu"}}, "located", "Kisumu"),
    ],
)  # fmt: skip
def test_spellings(record: dict[str, Any], field: str, expected: object) -> None:
    assert getattr(read(record), field) == expected


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ({"@type": "Role", "author": {"name": "Ali"}, "roleName": "editor"}, ("Ali, editor",)),
        ([{"name": "Ali", "jobTitle": "Reporter"}, "Jane"], ("Ali, Reporter", "Jane")),
    ],
)
def test_roles_of_authors(author: object, expected: tuple[str, ...]) -> None:
    assert read({"title": "x", "author": author}).authors == expected


def test_an_article_in_a_wrapper_with_its_texts_in_another() -> None:
    content = {"webTitle": "x", "fields": {"bodyText": "1.", "headline": "y"}}

    draft = read({"response": {"content": content}})

    assert (draft.headline, draft.blocks) == ("y", ("1.",))


def test_what_a_graph_refers_to_is_looked_up() -> None:
    graph = [
        {
            "@type": "NewsArticle",
            "headline": "x",
            "publisher": {"@id": "#p"},
            "author": [{"@id": "#a"}, []],
            "url": {"@id": "#nowhere"},
        },
        {"@id": "#p", "name": "Lake Post"},
        {"@id": "#a", "name": "Ali Noor"},
    ]

    draft = read({"@graph": graph})

    assert (draft.source, draft.authors, draft.url) == ("Lake Post", ("Ali Noor",), "#nowhere")


@pytest.mark.parametrize(
    ("value", "detail"),
    [
        ([SCHEMA_ORG, EXPORT], "bulk"),
        ([], "bulk"),
        ({"articles": [SCHEMA_ORG]}, "bulk"),
        ({"items": {}}, "without a headline"),
        ({"a": 1}, "without a headline"),
        ({"data": {"data": {"data": {"data": {"data": {"title": "x"}}}}}}, "without a headline"),
        ({}, "without a headline"),
        ({"title": "", "text": ""}, "without a headline"),
    ],
)
def test_refused(value: object, detail: str) -> None:
    with pytest.raises(Rejected) as rejected:
        read(value)

    assert rejected.value.reason is Reason.UNSUPPORTED_FORMAT
    assert detail in rejected.value.detail


@pytest.mark.parametrize(
    "text", ["[1] A note", "{not json}", "[" * 100_000, '{"a": NaN}', '{"a": "\\ud800"}', ""]
)
def test_not_json(text: str) -> None:
    assert parse(text) is None


def test_huge_numbers_are_numbers() -> None:
    assert (
        parse('{"n": ' + "9" * 5000 + "}") is None
        or read({"title": "x", "n": parse("9" * 30)}).headline == "x"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n".join([json.dumps(SCHEMA_ORG), json.dumps(EXPORT)]), True),
        (json.dumps(SCHEMA_ORG), False),
        ("{}\nA line of text", False),
        ("A line of text\n{}", False),
    ],
)
def test_is_lines(text: str, expected: bool) -> None:  # noqa: FBT001 -- an expectation
    assert is_lines(text) is expected


def test_terms_and_subjects() -> None:
    draft = read(
        {
            "title": "Market opens",
            "text": "One.",
            "embargo_until": "2025-03-07",
            "urgency": 3,
            "edNote": "Adds a name.",
            "tags": ["market", "roads"],
        }
    )

    assert (draft.embargo, draft.urgency, draft.ed_note) == ("2025-03-07", "3", "Adds a name.")
    assert draft.subjects == ("market", "roads")
