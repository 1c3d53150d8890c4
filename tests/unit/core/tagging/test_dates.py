from datetime import UTC, datetime

import pytest

from tests.unit.core.tagging.makers import body
from worker.core.article import Moment, Precision
from worker.core.tagging.dates import find_dates

TUESDAY = Moment(datetime(2025, 1, 28, 9, tzinfo=UTC), Precision.MINUTE, "metadata")


def found(text: str, published: Moment | None = TUESDAY) -> list[tuple[str, str | None]]:
    return [(d.text, d.value) for d in find_dates(body(text), published)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("On 2024-02-29 it snowed", ("2024-02-29", "2024-02-29"), id="ISO"),
        pytest.param(
            "On March 3, 2024, it", ("March 3, 2024", "2024-03-03"), id="month, day, year"
        ),
        pytest.param("on 3 March 2024 it", ("3 March 2024", "2024-03-03"), id="day, month, year"),
        pytest.param("the 3rd of March, 2024", ("3rd of March, 2024", "2024-03-03"), id="ordinal"),
        pytest.param("on Dec. 5, 2023", ("Dec. 5, 2023", "2023-12-05"), id="abbreviated"),
        pytest.param("tarehe 3 Machi 2024", ("3 Machi 2024", "2024-03-03"), id="in Swahili"),
        pytest.param("le 3 mars 2024", ("3 mars 2024", "2024-03-03"), id="in French"),
        pytest.param("On March 3 it", ("March 3", "2025-03-03"), id="the nearest year"),
        pytest.param("On December 3 it", ("December 3", "2024-12-03"), id="which may be last year"),
        pytest.param(
            "on Monday, March 3, it", ("Monday, March 3", "2025-03-03"), id="a weekday and its day"
        ),
        pytest.param("Monday 3 March", ("Monday 3 March", "2025-03-03"), id="the other way round"),
        pytest.param("in March 2024 it", ("March 2024", "2024-03"), id="a month and its year"),
        pytest.param("In March it", ("March", "2025-03"), id="a month, the nearest"),
        pytest.param("In October it", ("October", "2024-10"), id="which may be of last year"),
        pytest.param("In July it", ("July", "2025-07"), id="half a year ahead"),
        pytest.param("In August it", ("August", "2024-08"), id="less than half a year ago"),
        pytest.param("last March it", ("March", "2024-03"), id="last"),
        pytest.param("last January it", ("January", "2024-01"), id="last, of this month's name"),
        pytest.param("next March it", ("March", "2025-03"), id="next"),
        pytest.param("next January it", ("January", "2026-01"), id="next, of this month's name"),
        pytest.param("in 2016 it", ("2016", "2016"), id="a year"),
        pytest.param("last year it", ("last year", "2024"), id="last year"),
        pytest.param("next month it", ("next month", "2025-02"), id="next month"),
        pytest.param("last month it", ("last month", "2024-12"), id="last month"),
        pytest.param("This month", ("This month", "2025-01"), id="this month, at the end"),
        pytest.param("It rained today", ("today", "2025-01-28"), id="today"),
        pytest.param("Yesterday it", ("Yesterday", "2025-01-27"), id="yesterday"),
        pytest.param("itanyesha kesho", ("kesho", "2025-01-29"), id="tomorrow, in Swahili"),
        pytest.param("On Monday it", ("Monday", "2025-01-27"), id="a weekday: the last"),
        pytest.param("Tuesday it", ("Tuesday", "2025-01-28"), id="the day of publication itself"),
        pytest.param("last Tuesday it", ("Tuesday", "2025-01-21"), id="last, of today's name"),
        pytest.param("last Monday it", ("Monday", "2025-01-27"), id="last, another"),
        pytest.param("next Tuesday it", ("Tuesday", "2025-02-04"), id="next, of today's name"),
        pytest.param("next Friday it", ("Friday", "2025-01-31"), id="next, another"),
        pytest.param("It will rain on Friday", ("Friday", "2025-01-31"), id="will"),
        pytest.param(
            "a summit set to be held on Wednesday", ("Wednesday", "2025-01-29"), id="set to be"
        ),
        pytest.param(
            "It will rain, he said on Friday", ("Friday", "2025-01-24"), id="what was said is past"
        ),
        pytest.param(
            "It will rain. Snow fell Friday", ("Friday", "2025-01-24"), id="another sentence"
        ),
        pytest.param(
            "It will be one two three four five six seven Friday",
            ("Friday", "2025-01-24"),
            id="too far off",
        ),
        pytest.param("siku ya jumatatu", ("jumatatu", "2025-01-27"), id="small in Swahili"),
    ],
)
def test_dates(text: str, expected: tuple[str, str]) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("It may rain in a march", id="other words"),
        pytest.param("May said that March was cold", id="with a capital"),
        pytest.param("on 3 may 2024", id="and small, beside a day"),
        pytest.param("the 1984 novel, 2016 people", id="years that may be anything"),
        pytest.param("2016 was wet", id="a number begins the text"),
        pytest.param("February 31 and 0 March", id="no such day"),
        pytest.param("on 2024-13-01", id="no such month"),
        pytest.param("a monday feeling", id="a weekday without a capital"),
        pytest.param("this is the last", id="last of all"),
        pytest.param("last week, last march", id="no period that we know"),
        pytest.param("3 of", id="cut short"),
        pytest.param("at 3 pm", id="a number"),
        pytest.param("3", id="a number alone"),
        pytest.param("In\n\n2016", id="another paragraph"),
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("On February 26 it", ("February 26", "--02-26"), id="a day of the year"),
        pytest.param("In March it", ("March", "--03"), id="a month"),
        pytest.param("On Monday it", ("Monday", None), id="a weekday"),
        pytest.param("It rained today", ("today", None), id="today"),
        pytest.param("last year it", ("last year", None), id="a year"),
        pytest.param("last month it", ("last month", None), id="a month ago"),
        pytest.param("On 3 March 2024 it", ("3 March 2024", "2024-03-03"), id="what says it all"),
    ],
)
@pytest.mark.parametrize(
    "published",
    [
        pytest.param(None, id="unknown"),
        pytest.param(
            Moment(datetime(2025, 1, 1, tzinfo=UTC), Precision.MONTH, "text"), id="by the month"
        ),
    ],
)
def test_without_a_day_of_publication(
    text: str, expected: tuple[str, str | None], published: Moment | None
) -> None:
    assert found(text, published) == [expected]


def test_precision_and_offsets() -> None:
    text = "In 2016, in May 2017 and on 3 May, Monday, last year."

    dates = find_dates(body(text), TUESDAY)

    assert [d.precision for d in dates] == [
        Precision.YEAR,
        Precision.MONTH,
        Precision.DAY,
        Precision.DAY,
        Precision.YEAR,
    ]
    assert [text[d.start : d.end] for d in dates] == [d.text for d in dates]


def test_an_unresolved_weekday_has_no_precision() -> None:
    (found,) = find_dates(body("On Monday it rained"), None)

    assert found.precision is None
