import pytest

from worker.core.errors import UsageError
from worker.core.searching import MOST_CHARACTERS, Marked, Query, marked


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


def test_a_line_of_dashes_is_no_word() -> None:
    assert Query(f"ferry {'-' * 50} {'-!' * 50} -lake").words.split() == ["ferry", "lake"]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        pytest.param("ferry lake", "ferry lake", id="all"),
        pytest.param("ferry -lake trade", "ferry trade", id="but a word"),
        pytest.param('-"old lake" ferry', "ferry", id="but a phrase"),
        pytest.param('ferry -"old lake', "ferry", id="but a phrase without an end"),
        pytest.param("so-called ferry -", "so-called ferry", id="but no hyphen"),
        pytest.param("-lake", "", id="nothing"),
    ],
)
def test_what_is_wanted(words: str, wanted: str) -> None:
    assert Query(words).wanted == wanted


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
