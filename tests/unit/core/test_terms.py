from datetime import UTC, datetime

import pytest

from worker.core.article import Draft
from worker.core.terms import Status, Terms, terms


def draft(**given: str) -> Draft:
    return Draft(None, (), "text/plain", **given)  # type: ignore[arg-type]  # strings only


def test_a_story_is_usable_unless_it_says_otherwise() -> None:
    assert terms(draft()) == Terms()


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"status": "usable"}, Status.USABLE),
        ({"status": "Withheld"}, Status.WITHHELD),
        ({"status": "canceled"}, Status.CANCELED),
        ({"status": "killed"}, Status.CANCELED),
        ({"status": "usable", "signal": "kill"}, Status.CANCELED),
        ({"status": "withheld", "signal": "kill"}, Status.CANCELED),
        ({"status": "draft"}, Status.USABLE),
        ({"signal": "update"}, Status.USABLE),
    ],
)
def test_status(given: dict[str, str], status: Status) -> None:
    assert terms(draft(**given)).status is status


@pytest.mark.parametrize(
    ("embargo", "until"),
    [
        pytest.param(
            "2025-01-29T06:00:00+03:00", datetime(2025, 1, 29, 3, tzinfo=UTC), id="to the second"
        ),
        pytest.param(
            "20250129", datetime(2025, 1, 30, 12, tzinfo=UTC), id="a day: over everywhere on earth"
        ),
        pytest.param(
            "2025-01-29T06:00", datetime(2025, 1, 30, 12, tzinfo=UTC), id="no zone: by the day"
        ),
    ],
)
def test_the_end_of_an_embargo(embargo: str, until: datetime) -> None:
    read = terms(draft(embargo=embargo))

    assert (read.embargo_until, read.status) == (until, Status.USABLE)


@pytest.mark.parametrize("embargo", ["Friday noon", "2025-01", "2025"])
def test_an_embargo_whose_end_cannot_be_read_has_none(embargo: str) -> None:
    assert terms(draft(embargo=embargo)) == Terms(status=Status.WITHHELD)


@pytest.mark.parametrize(
    ("written", "urgency"), [("3", 3), ("4.0", 4), ("0", None), ("10", None), ("high", None)]
)
def test_urgency(written: str, urgency: int | None) -> None:
    assert terms(draft(urgency=written)).urgency == urgency


def test_signals_are_in_small_letters() -> None:
    assert terms(draft(signal="Correction")).signal == "correction"
