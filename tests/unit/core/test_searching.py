from datetime import UTC, datetime

import pytest

from worker.core.errors import UsageError
from worker.core.searching import FACET_CHARACTERS, MOST_CHARACTERS, Marked, Query, marked


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param(Query("ferry", since=datetime(2026, 1, 1, tzinfo=UTC)), [], id="none"),
        pytest.param(Query(source="Lake Post"), ["source:Lake Post"], id="source"),
        pytest.param(Query(language="en-KE"), ["language:en"], id="only the primary subtag"),
        pytest.param(Query(topic="medtop:01000000"), ["topic:medtop:01000000"], id="qcode"),
        pytest.param(Query(topic="01000000"), ["topic:medtop:01000000"], id="number"),
        pytest.param(Query(topic="sport"), ["topic:sport"], id="name of a topic"),
        pytest.param(Query(entity="Nairobi"), [], id="an entity goes by several names"),
        pytest.param(
            Query(country="KE", language="sw"), ["language:sw", "country:KE"], id="two of them"
        ),
        pytest.param(Query(source=""), [], id="nothing said"),
    ],
)
def test_facets(query: Query, expected: list[str]) -> None:
    assert query.facets == expected


def test_a_long_name_is_cut_as_the_store_cuts_it() -> None:
    (facet,) = Query(source="é" * 300).facets

    assert facet == f"source:{'é' * FACET_CHARACTERS}"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("x" * (MOST_CHARACTERS + 1), "1,000 characters, not 1,001", id="too long"),
        pytest.param("a\0b", "not text", id="a NUL"),
        pytest.param("a\udcffb", "not text", id="bytes that are no UTF-8"),
    ],
)
@pytest.mark.parametrize("place", ["words", "source", "topic", "entity"])
def test_what_is_no_search(text: str, complaint: str, place: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        Query(**{place: text})


def test_the_longest_search() -> None:
    assert len(Query("x" * MOST_CHARACTERS).words) == MOST_CHARACTERS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain", Marked("plain"), id="nothing matched"),
        pytest.param("\x02all\x03", Marked("all", ((0, 3),)), id="all of it"),
        pytest.param(
            "a \x02b\x03 c \x02d\x03", Marked("a b c d", ((2, 3), (6, 7))), id="two of them"
        ),
        pytest.param("é \x02😀x\x03", Marked("é 😀x", ((2, 4),)), id="code points count"),
        pytest.param("\x02cut", Marked("cut", ((0, 3),)), id="no end"),
    ],
)
def test_marks(text: str, expected: Marked) -> None:
    assert marked(text) == expected
