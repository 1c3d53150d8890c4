from dataclasses import replace

import pytest

from tests.articles import EPOCH, article
from worker.core.article import Article, Author, Kind, Moment, Precision, paragraphs
from worker.core.difference import Difference, differences

BEFORE = article("A headline\nThe first paragraph.\nThe second paragraph.\nThe third paragraph.")
LONG = "word " * 100


def with_texts(*texts: str, kind: Kind = Kind.TEXT) -> Article:
    return replace(BEFORE, paragraphs=paragraphs([(kind, text) for text in texts]))


FIRST, SECOND, THIRD = (p.text for p in BEFORE.paragraphs)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param(BEFORE, [], id="the same"),
        pytest.param(
            replace(BEFORE, headline="Another"),
            [Difference("headline", "A headline", "Another")],
            id="a field",
        ),
        pytest.param(
            replace(BEFORE, byline="By Ann", authors=(Author("Ann"),)),
            [
                Difference("byline", "", "By Ann"),
                Difference("authors", "", "(Author(name='Ann', role=None),)"),
            ],
            id="what was not there",
        ),
        pytest.param(
            replace(BEFORE, published=Moment(EPOCH, Precision.DAY, "text")),
            [Difference("published", "", "2026-01-01T00:00:00+00:00")],
            id="a time",
        ),
        pytest.param(
            with_texts(FIRST, "The second paragraph, edited.", THIRD),
            [
                Difference(
                    "paragraphs",
                    "text: The second paragraph.",
                    "text: The second paragraph, edited.",
                )
            ],
            id="a paragraph",
        ),
        pytest.param(
            with_texts(FIRST, THIRD),
            [Difference("paragraphs", "text: The second paragraph.", "")],
            id="one fewer",
        ),
        pytest.param(
            with_texts(FIRST, SECOND, THIRD, "More."),
            [Difference("paragraphs", "", "text: More.")],
            id="one more",
        ),
        pytest.param(
            with_texts(FIRST, SECOND, THIRD, kind=Kind.CAPTION),
            [
                Difference("paragraphs", f"text: {text}", f"caption: {text}")
                for text in (FIRST, SECOND, THIRD)
            ],
            id="of another kind",
        ),
    ],
)
def test_differences(after: Article, expected: list[Difference]) -> None:
    assert differences(BEFORE, after) == expected


def test_a_long_paragraph_is_shown_from_where_it_differs() -> None:
    before, after = with_texts(f"{LONG}end"), with_texts(f"{LONG}End")

    assert differences(before, after) == [
        Difference("paragraphs", "text: …word word word word end", "text: …word word word word End")
    ]


def test_what_is_shown_is_cut() -> None:
    (one,) = differences(BEFORE, replace(BEFORE, headline=LONG.strip()))

    assert len(one.after) == 160
    assert one.after.endswith("…")


def test_a_moment_is_compared_by_when_it_is() -> None:
    """The store keeps no precision of an update."""
    before = replace(BEFORE, updated=Moment(EPOCH, Precision.SECOND, "metadata"))
    after = replace(BEFORE, updated=Moment(EPOCH, Precision.MINUTE, "text"))

    assert differences(before, after) == []
