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
    "embargo",
    ["no", "None", "false", "N/A", "0", "0000-00-00 00:00:00", "0001-01-01T00:00:00Z", "lifted"],
)
def test_a_field_that_says_that_there_is_no_embargo(embargo: str) -> None:
    assert terms(draft(embargo=embargo)) == Terms()


def test_an_embargo_above_a_headline() -> None:
    read = terms(draft(), "EMBARGOED UNTIL 7 MARCH 2025: Market opens")

    assert read.embargo_until == datetime(2025, 3, 8, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "urgency"), [("3", 3), ("4.0", 4), ("0", None), ("10", None), ("high", None)]
)
def test_urgency(written: str, urgency: int | None) -> None:
    assert terms(draft(urgency=written)).urgency == urgency


def test_signals_are_in_small_letters() -> None:
    assert terms(draft(signal="Correction")).signal == "correction"


@pytest.mark.parametrize(
    ("given", "headline", "expected"),
    [
        pytest.param({}, "KILL: Market opens", (Status.CANCELED, "kill"), id="in the headline"),
        pytest.param(
            {"signal": "update"}, "KILL: Market opens", (Status.USABLE, "update"), id="the format"
        ),
    ],
)
def test_a_headline_speaks_where_the_format_is_silent(
    given: dict[str, str], headline: str, expected: tuple[Status, str]
) -> None:
    read = terms(draft(**given), headline)

    assert (read.status, read.signal) == expected
