from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.core.article import Moment, Precision
from worker.core.dates import Day, calendar_day, moment, moment_of, path_day, stamp


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Feb 26", "--02-26"),
        ("Jan. 28", "--01-28"),
        ("March 4th", "--03-04"),
        ("2 March", "--03-02"),
        ("28 January 2025", "2025-01-28"),
        ("January 28, 2025", "2025-01-28"),
        ("Tuesday, January 28, 2025", "2025-01-28"),
        ("Tue. 28 Jan 2025", "2025-01-28"),
        ("28 Machi 2025", "2025-03-28"),
        ("Jumanne, Januari 28, 2025", "2025-01-28"),
        ("15 de enero de 2025", "2025-01-15"),
        ("28-Jan-2025", "2025-01-28"),
        ("2025-01-28", "2025-01-28"),
        ("2025/01/28", "2025-01-28"),
        ("Feb 29", "--02-29"),
    ],
)
def test_calendar_day(text: str, expected: str) -> None:
    day = calendar_day(text)

    assert day is not None
    assert day.iso == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nairobi",
        "Narch 2",
        "Feb 30",
        "Feb 29, 2025",
        "March 187",
        "2025",
        "2025-13-01",
        "0000-01-01",
        "05/06/2025",
        "Chapter 3 May 4",
        "the May 4",
        "May 4 and more",
        "May" + " " * 80 + "4",
    ],
)
def test_no_calendar_day(text: str) -> None:
    assert calendar_day(text) is None


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        ("2025-01-28T10:30:15Z", utc(2025, 1, 28, 10, 30, 15), Precision.SECOND),
        ("2025-01-28T10:30:15.123456+03:00", utc(2025, 1, 28, 7, 30, 15), Precision.SECOND),
        ("2025-01-28 10:30 -0500", utc(2025, 1, 28, 15, 30), Precision.MINUTE),
        ("20250128T103015Z", utc(2025, 1, 28, 10, 30, 15), Precision.SECOND),
        ("2025-01-28T23:59+14", utc(2025, 1, 28, 9, 59), Precision.MINUTE),
        ("Tue, 28 Jan 2025 10:30:00 +0300", utc(2025, 1, 28, 7, 30), Precision.SECOND),
        ("Tue, 28 Jan 2025 10:30:00 GMT", utc(2025, 1, 28, 10, 30), Precision.SECOND),
        ("28 January 2025 10:30 EAT", utc(2025, 1, 28, 7, 30), Precision.MINUTE),
        ("January 28, 2025 at 9.30 pm EST", utc(2025, 1, 29, 2, 30), Precision.MINUTE),
        ("January 28, 2025, 12:05 a.m. (UTC)", utc(2025, 1, 28, 0, 5), Precision.MINUTE),
        ("1738060215", utc(2025, 1, 28, 10, 30, 15), Precision.SECOND),
        ("1738060215123", utc(2025, 1, 28, 10, 30, 15), Precision.SECOND),
        ("1738060215.0", utc(2025, 1, 28, 10, 30, 15), Precision.SECOND),
        ("2025-01-28", utc(2025, 1, 28), Precision.DAY),
        ("20250128", utc(2025, 1, 28), Precision.DAY),
        ("January 28, 2025", utc(2025, 1, 28), Precision.DAY),
        ("2025-01", utc(2025, 1, 1), Precision.MONTH),
        ("2025", utc(2025, 1, 1), Precision.YEAR),
    ],
)
def test_moment(text: str, at: datetime, precision: Precision) -> None:
    assert moment(text, "metadata") == Moment(at, precision, "metadata")


@pytest.mark.parametrize(
    "text",
    [
        "2025-01-28T10:30:15",  # somewhere on earth
        "28 January 2025 10:30",
        "28 January 2025 10:30 XYZ",
        "2025-01-28T25:00Z",
        "2025-01-28T10:61Z",
        "2025-01-28T10:30+99:00",
        "2025-01-28 in the morning",
    ],
)
def test_a_time_that_cannot_be_placed_leaves_its_day(text: str) -> None:
    assert moment(text, "metadata") == Moment(utc(2025, 1, 28), Precision.DAY, "metadata")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "Feb 26",
        "01/02/2025",
        "0001-01-01T00:00:00Z",
        "2025-02-30",
        "2025-13",
        "9999999999",
        "x" * 65,
    ],
)
def test_no_moment(text: str) -> None:
    assert moment(text, "metadata") is None


def test_a_day_without_a_year_is_no_moment() -> None:
    assert moment_of(Day(2, 26), "dateline") is None


@pytest.mark.parametrize(
    ("day", "near", "expected"),
    [
        (Day(1, 28), utc(2025, 1, 29), "2025-01-28"),
        (Day(12, 31), utc(2025, 1, 2), "2024-12-31"),
        (Day(1, 1), utc(2024, 12, 30), "2025-01-01"),
        (Day(2, 29), utc(2025, 3, 1), "2024-02-29"),
        (Day(2, 29), utc(1899, 3, 1), "1896-02-29"),
        (Day(5, 4, 1999), utc(2025, 1, 1), "1999-05-04"),
    ],
)
def test_the_year_is_the_nearest(day: Day, near: datetime, expected: str) -> None:
    assert day.near(near).iso == expected


@given(st.text(alphabet="0123456789-/:TZ+ .,JanFebMrch", max_size=70))
def test_any_text_has_a_moment_or_none(text: str) -> None:
    found = moment(text, "text")

    assert found is None or 1700 <= found.at.year <= 2200


@pytest.mark.parametrize(
    ("text", "day", "at", "updated"),
    [
        ("Jan 28", "--01-28", None, False),
        ("28/01/2025", "2025-01-28", "2025-01-28T00:00", False),
        ("01/28/2025", "2025-01-28", "2025-01-28T00:00", False),
        ("1/01/2025", "2025-01-01", "2025-01-01T00:00", False),
        ("Updated: January 28, 2025 at 9:30 am EAT", "2025-01-28", "2025-01-28T06:30", True),
        ("Published on Jan 28, 2025 | 10:30 EAT", "2025-01-28", "2025-01-28T07:30", False),
        ("2025-01-28 10:30 +0300", "2025-01-28", "2025-01-28T07:30", False),
    ],
)
def test_stamp(text: str, day: str, at: str | None, updated: bool) -> None:  # noqa: FBT001 -- a column
    found = stamp(text)

    assert found is not None
    when = found.moment and f"{found.moment.at:%Y-%m-%dT%H:%M}"
    assert (found.day.iso, when, found.updated) == (day, at, updated)


@pytest.mark.parametrize(
    "text", ["", "05/06/2025", "Jan 28, 2025 was a good day", "Date night", "Jan 28" + " " * 64]
)
def test_no_stamp(text: str) -> None:
    assert stamp(text) is None


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2025/01/28/a.txt", "2025-01-28"),
        ("wire/20250128-a.txt", "2025-01-28"),
        ("x_2025.01.28_a.txt", "2025-01-28"),
        ("2025/01/28/20250128.txt", "2025-01-28"),
        ("2025/01/28/20250127.txt", None),
        ("a/20251301.txt", None),
        ("a/120250128.txt", None),
        ("a/2025-0128.txt", None),
        ("a1d20250128f.txt", None),
    ],
)
def test_path_day(path: str, day: str | None) -> None:
    found = path_day(path)

    assert (found and found.iso) == day
