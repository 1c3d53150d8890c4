from dataclasses import replace

import pytest

from tests.articles import EPOCH, article
from worker.core.article import Article, Author, Kind, Moment, Precision, paragraphs
from worker.core.difference import Difference, Op, differences, edits

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


# --- edits ----------------------------------------------------------------------------------------


def told(before: list[str], after: list[str]) -> list[tuple[str, str, str]]:
    found = edits([("text", text) for text in before], [("text", text) for text in after])
    return [(edit.op.value, edit.before, edit.after) for edit in found]


ONE, TWO, THREE = "one two three four", "five six seven eight", "nine ten eleven twelve"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([], [], [], id="nothing"),
        pytest.param([ONE], [ONE], [("same", ONE, ONE)], id="the same"),
        pytest.param([], [ONE], [("added", "", ONE)], id="added"),
        pytest.param([ONE], [], [("removed", ONE, "")], id="removed"),
        pytest.param(
            [ONE, THREE],
            [ONE, TWO, THREE],
            [("same", ONE, ONE), ("added", "", TWO), ("same", THREE, THREE)],
            id="added between",
        ),
        pytest.param(
            [ONE], [f"{ONE} more"], [("changed", ONE, f"{ONE} more")], id="a word was added"
        ),
        pytest.param([ONE], [TWO], [("removed", ONE, ""), ("added", "", TWO)], id="another text"),
        pytest.param(
            [ONE, TWO],
            [f"{TWO} more"],
            [("removed", ONE, ""), ("changed", TWO, f"{TWO} more")],
            id="the one before it is gone",
        ),
        pytest.param(
            [ONE, TWO],
            [f"zero {ONE}", f"zero {TWO}"],
            [("changed", ONE, f"zero {ONE}"), ("changed", TWO, f"zero {TWO}")],
            id="both were edited",
        ),
        pytest.param(
            ["a b c d e"], ["a b v w x"], [("changed", "a b c d e", "a b v w x")], id="just alike"
        ),
        pytest.param(
            ["a b c d e f"],
            ["a b v w x y"],
            [("removed", "a b c d e f", ""), ("added", "", "a b v w x y")],
            id="just not alike",
        ),
    ],
)
def test_edits(before: list[str], after: list[str], expected: list[tuple[str, str, str]]) -> None:
    assert told(before, after) == expected


def test_an_edit_says_which_words() -> None:
    before, after = (
        "12 people were killed on Monday, it said",
        "At least 15 people were killed, it said",
    )
    (edit,) = edits([("text", before)], [("text", after)])

    assert [before[a:b].strip() for a, b in edit.removed] == ["12", "killed on Monday,"]
    assert [after[a:b].strip() for a, b in edit.added] == ["At least 15", "killed,"]


def test_another_kind_of_paragraph_is_a_change() -> None:
    (edit,) = edits([("text", ONE)], [("crosshead", ONE)])

    assert (edit.op, edit.kind, edit.removed, edit.added) == (Op.CHANGED, "crosshead", (), ())


def test_a_very_long_paragraph_is_changed_as_a_whole() -> None:
    """Word by word it would take minutes."""
    before = " ".join(map(str, range(9_000)))
    (edit,) = edits([("text", before)], [("text", f"{before} more")])

    assert edit.removed == ((0, len(before)),)
    assert edit.added == ((0, len(before) + 5),)
