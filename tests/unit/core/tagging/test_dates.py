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
        pytest.param("le 1er mars 2024", ("1er mars 2024", "2024-03-01"), id="the first"),
        pytest.param("attendu depuis mars", ("mars", "2025-03"), id="a small month, after since"),
        pytest.param("lundi dernier il", ("lundi", "2025-01-27"), id="last, in French"),
        pytest.param("mardi dernier", ("mardi", "2025-01-21"), id="which may be a week ago"),
        pytest.param("mardi prochain", ("mardi", "2025-02-04"), id="next, in French"),
        pytest.param("le vote prévu vendredi", ("vendredi", "2025-01-31"), id="expected on"),
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
        pytest.param("Mwaka jana", ("Mwaka jana", "2024"), id="last year, in Swahili"),
        pytest.param("mwaka ujao", ("mwaka ujao", "2026"), id="next year, in Swahili"),
        pytest.param("mwezi uliopita", ("mwezi uliopita", "2024-12"), id="last month, in Swahili"),
        pytest.param("mwezi huu", ("mwezi huu", "2025-01"), id="this month, in Swahili"),
        pytest.param("mvua jana", ("jana", "2025-01-27"), id="yesterday, in Swahili"),
        pytest.param("rain. Today it", ("Today", "2025-01-28"), id="today, after a sentence"),
        pytest.param("forecast for Friday", ("Friday", "2025-01-31"), id="foretold"),
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
        pytest.param("open until Friday", ("Friday", "2025-01-31"), id="until"),
        pytest.param("He must pay by Friday", ("Friday", "2025-01-31"), id="by"),
        pytest.param("hadi Ijumaa", ("Ijumaa", "2025-01-31"), id="until, in Swahili"),
        pytest.param("fermé jusqu'à vendredi", ("vendredi", "2025-01-31"), id="until, in French"),
        pytest.param("open until Tuesday", ("Tuesday", "2025-01-28"), id="until today"),
        pytest.param("By Friday, ten had died", ("Friday", "2025-01-24"), id="by, and it had been"),
        pytest.param("It fell by Friday. He had", ("Friday", "2025-01-31"), id="had, of another"),
        pytest.param("Ten had died by Friday", ("Friday", "2025-01-24"), id="had been, by"),
        pytest.param("By Friday they returned", ("Friday", "2025-01-24"), id="by, and past"),
        pytest.param("Pay by Friday, he added", ("Friday", "2025-01-31"), id="by, as was said"),
        pytest.param("saddened by Friday's news", ("Friday", "2025-01-24"), id="by a thing of it"),
        pytest.param("By Friday", ("Friday", "2025-01-31"), id="by, with a capital"),
        pytest.param(
            "The next was not until Friday, so they walked",
            ("Friday", "2025-01-31"),
            id="a deadline, and next",
        ),
        pytest.param("Will Omar lost on Friday", ("Friday", "2025-01-24"), id="Will is a name"),
        pytest.param(
            "It will\nrain on Friday", ("Friday", "2025-01-31"), id="over the end of a line"
        ),
        pytest.param(
            "It will rain\n\nSnow fell Friday", ("Friday", "2025-01-24"), id="another paragraph"
        ),
        pytest.param(
            "On Friday, ministers will meet", ("Friday", "2025-01-31"), id="opening, and will"
        ),
        pytest.param("But on Friday it will rain", ("Friday", "2025-01-31"), id="nearly opening"),
        pytest.param(
            "On Friday the team is expected in Juba", ("Friday", "2025-01-31"), id="is expected"
        ),
        pytest.param(
            "On Friday the expected storm came", ("Friday", "2025-01-24"), id="expected, no verb"
        ),
        pytest.param(
            "On Friday he said it will rain", ("Friday", "2025-01-24"), id="opening, but said"
        ),
        pytest.param(
            "On Friday it was clear that it will rain", ("Friday", "2025-01-24"), id="but it was"
        ),
        pytest.param(
            "On Friday rebels attacked those who will vote", ("Friday", "2025-01-24"), id="but -ed"
        ),
        pytest.param(
            "The two met there on Friday and will talk", ("Friday", "2025-01-24"), id="and will"
        ),
        pytest.param(
            "The long talks on Friday will fail", ("Friday", "2025-01-31"), id="will right after"
        ),
        pytest.param(
            "The long talks on Friday. Will it rain", ("Friday", "2025-01-24"), id="the next asks"
        ),
        pytest.param(
            "On Friday one two three four five six seven eight will",
            ("Friday", "2025-01-24"),
            id="will too far off",
        ),
        pytest.param("a vote to be held Friday", ("Friday", "2025-01-31"), id="to be held"),
        pytest.param("it may be held Friday", ("Friday", "2025-01-24"), id="be held alone"),
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


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("on the Today programme", id="a name with a capital"),
        pytest.param("wiki jana ilinyesha", id="a week"),
        pytest.param("mwaka wa mvua", id="a year that is not told"),
        pytest.param("kila mwezi", id="a month at the end"),
    ],
)
def test_no_day(text: str) -> None:
    assert found(text) == []


def test_a_shout_has_no_names_in_it() -> None:
    assert found("RAIN TODAY") == [("TODAY", "2025-01-28")]


def test_a_period_without_a_publication_time() -> None:
    assert found("mwaka jana", None) == [("mwaka jana", None)]
