from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.articles import article
from worker.core.article import (
    Article,
    Decision,
    Evidence,
    Kind,
    Moment,
    Precision,
    Relation,
    Verdict,
    paragraphs,
)

EVIDENCE = Evidence("utf-8", 1.0)
PARTS = st.lists(st.tuples(st.sampled_from(Kind), st.text(min_size=1)), max_size=12)


def of(parts: list[tuple[Kind, str]]) -> Article:
    return Article("Ferry returns", paragraphs(parts), "en", "text/plain", EVIDENCE)


# --- paragraphs and the body ----------------------------------------------------------------------


@given(PARTS)
def test_offsets_point_into_the_body(parts: list[tuple[Kind, str]]) -> None:
    told = of(parts)

    assert [p.n for p in told.paragraphs] == list(range(len(parts)))
    assert [(p.kind, p.text) for p in told.paragraphs] == parts
    for paragraph in told.paragraphs:
        if paragraph.kind is Kind.TEXT:
            assert told.body_text[paragraph.start : paragraph.end] == paragraph.text
        else:
            assert (paragraph.start, paragraph.end) == (None, None)


def test_the_body_is_the_text_alone() -> None:
    told = of([(Kind.BYLINE, "By Ali"), (Kind.TEXT, "It sailed."), (Kind.TEXT, "It came back.")])

    assert told.body_text == "It sailed.\n\nIt came back."
    assert told.word_count == 5


def test_a_headline_alone_has_an_empty_body() -> None:
    told = of([])

    assert (told.body_text, told.word_count) == ("", 0)


def test_an_article_has_a_headline() -> None:
    with pytest.raises(ValueError, match="has a headline"):
        Article("", (), "en", "text/plain", EVIDENCE)


# --- identity -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("guid", "canonical_url", "uri"),
    [
        pytest.param("tag:a", "https://a.example/1", "tag:a", id="the publisher's word goes first"),
        pytest.param(None, "https://a.example/1", "https://a.example/1", id="then its address"),
        pytest.param(None, None, None, id="else only our own id can name it"),
        pytest.param("tag:a", "https://a.example/", "tag:a", id="a word with a front page"),
        pytest.param(None, "https://a.example/", None, id="a front page"),
        pytest.param(None, "https://a.example", None, id="a host alone"),
        pytest.param(None, "https://a.example//?from=wire#top", None, id="a front page, somewhere"),
        pytest.param(None, "/news/1", None, id="no host: many sites have such a page"),
        pytest.param(None, "//a.example/1", "//a.example/1", id="no scheme"),
        pytest.param(None, "https://[a.example/1", None, id="no URL at all"),
        pytest.param(None, "", None, id="nothing"),
    ],
)
def test_uri(guid: str | None, canonical_url: str | None, uri: str | None) -> None:
    told = Article(
        "Ferry returns",
        (),
        "en",
        "text/plain",
        EVIDENCE,
        url="https://b.example/",
        guid=guid,
        canonical_url=canonical_url,
    )

    assert told.uri == uri


def test_equal_articles_are_equal_whatever_was_asked_of_them() -> None:
    """``body_text`` is remembered once asked for, and is no part of the value."""
    asked = article()
    assert asked.body_text

    assert asked == article()
    assert hash(asked) == hash(article())


# --- moments --------------------------------------------------------------------------------------


def test_a_moment_has_a_time_zone() -> None:
    at = datetime(2025, 3, 11, 12, tzinfo=UTC)

    assert Moment(at, Precision.DAY, "text").at == at
    with pytest.raises(ValueError, match="no time zone"):
        Moment(at.replace(tzinfo=None), Precision.DAY, "text")


# --- verdicts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("relation", "copy", "adds_version"),
    [
        (Relation.UNCHANGED, False, False),
        (Relation.EXACT, True, False),
        (Relation.REVISION, False, True),
        (Relation.NEAR, True, False),
        (Relation.NEW, False, True),
    ],
)
def test_what_a_relation_leads_to(relation: Relation, *, copy: bool, adds_version: bool) -> None:
    decision = Decision(Verdict(relation, "for a test"), UUID(int=1), 1)

    assert (relation.copy, relation.adds_version) == (copy, adds_version)
    assert decision.adds_version is adds_version


@pytest.mark.parametrize(("language", "primary"), [("en-GB", "en"), ("sw", "sw"), ("FR-cd", "fr")])
def test_taggers_know_a_language_by_its_first_subtag(language: str, primary: str) -> None:
    assert replace(article(), language=language).primary_language == primary


@pytest.mark.parametrize(
    ("written", "edition"),
    [
        ("3", 3),
        ("20261124120000", 20261124120000),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
        ("1.2", None),
        ("", None),
        (None, None),
    ],
)
def test_an_edition_is_a_version_that_can_be_counted(
    written: str | None, edition: int | None
) -> None:
    assert replace(article(), publisher_version=written).edition == edition
