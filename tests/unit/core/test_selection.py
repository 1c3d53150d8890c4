from datetime import UTC, datetime, timedelta

import pytest

from worker.core.ledger import Reason, State
from worker.core.selection import Selection, like, moment

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        pytest.param(Selection(), False, id="all files"),
        pytest.param(Selection(states=(State.QUARANTINED,)), False, id="all in a state"),
        pytest.param(Selection(reasons=(Reason.POISON,)), True, id="for a reason"),
        pytest.param(Selection(ids=(1,)), True, id="one"),
        pytest.param(Selection(path="*"), True, id="by path"),
        pytest.param(Selection(since=NOW), True, id="by time"),
    ],
)
def test_narrow(which: Selection, *, expected: bool) -> None:
    assert which.narrow is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-11T09:30", datetime(2026, 3, 11, 9, 30, tzinfo=UTC)),
        ("2026-03-11T09:30+03:00", datetime(2026, 3, 11, 6, 30, tzinfo=UTC)),
        ("2026-03-11", datetime(2026, 3, 11, tzinfo=UTC)),
        ("90s", NOW - timedelta(seconds=90)),
        ("5m", NOW - timedelta(minutes=5)),
        ("2h", NOW - timedelta(hours=2)),
        ("3d", NOW - timedelta(days=3)),
    ],
)
def test_moment(text: str, expected: datetime) -> None:
    assert moment(text, NOW) == expected


@pytest.mark.parametrize("text", ["", "h", "1.5h", "yesterday", "-2h", "5y"])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        moment(text, NOW)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.txt", "%.txt"),
        ("a?c", "a_c"),
        ("100%_a", r"100\%\_a"),
        ("back\\slash*", r"back\\slash%"),
    ],
)
def test_like(pattern: str, expected: str) -> None:
    assert like(pattern) == expected
