from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.articles import TAGS
from worker.core.article import Country, DateMention, Keyword, Quote, Subject, Tags
from worker.core.difference import Difference
from worker.core.document import tag_columns
from worker.core.retagging import tag_differences

NOTHING = tag_columns(Tags())


def people(*names: str, start: int = 0) -> list[Mapping[str, Any]]:
    return [{"name": name, "mentions": [{"start": start}]} for name in names]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(people("A"), people("A"), [], id="nothing"),
        pytest.param(people("A", "B"), people("B", "C"), [("A", "C")], id="one for another"),
        pytest.param(people("A"), [], [("A", "")], id="gone"),
        pytest.param(None, people("A", "B"), [("", "A, B")], id="nobody had looked"),
        pytest.param(
            people("A"),
            people("A", start=1),
            [("", "the same ones, with other positions, links or scores")],
            id="moved",
        ),
        pytest.param(
            people("A", "B"),
            people("B", "A"),
            [("", "the same ones, with other positions, links or scores")],
            id="in another order",
        ),
    ],
)
def test_differences(
    before: Sequence[Mapping[str, Any]] | None,
    after: Sequence[Mapping[str, Any]] | None,
    expected: list[tuple[str, str]],
) -> None:
    found = tag_differences({**NOTHING, "people": before}, {**NOTHING, "people": after})

    assert found == [Difference("people", gone, new) for gone, new in expected]


def test_every_kind_of_tag_is_told_by_what_people_know_it_by() -> None:
    full = Tags(
        subjects=(Subject("medtop:1", "politics", 1, 1.0, ()),),
        countries=(Country("KE", 1.0),),
        keywords=(Keyword("ferry service", 1.0),),
        quotes=(Quote("It sails.", 0, 9, None, None, None),),
        dates=(DateMention("Tuesday", 0, 7, None, None),),
    )

    found = tag_differences(NOTHING, tag_columns(full))

    assert [(one.field, one.after) for one in found] == [
        ("subjects", "politics"),
        ("countries", "KE"),
        ("keywords", "ferry service"),
        ("quotes", "It sails."),
        ("dates", "Tuesday"),
    ]


def test_no_column_is_left_out() -> None:
    missing = dict.fromkeys(tag_columns(TAGS))
    named = {"code": "A", "phrase": "A", "text": "A", "name": "A"}

    found = tag_differences(missing, {column: [named] for column in missing})

    assert [one.field for one in found] == list(missing)
