import pytest

from tests.unit.cli.scenes import observed, scene, status
from worker.cli.scene import STALLED_SECONDS, Drain, Meter, Summary, articles, progress, waiting
from worker.core.ledger import State

BUSY = {State.NOTICED: 3, State.PROCESSING: 2, State.STORED: 4, State.IGNORED: 1}
DONE = {State.STORED: 4, State.REVISED: 1, State.DUPLICATE: 2, State.QUARANTINED: 1}


def test_what_waits_is_in_the_ledger_and_not_final() -> None:
    assert waiting(status(counts=BUSY, settling=9)) == 5


def test_articles_are_files_with_a_text_that_an_article_has() -> None:
    assert articles(status(counts={**DONE, **BUSY})) == 7


# --- the rate -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        pytest.param([(5.0, 100)], 0.0, id="one look says nothing"),
        pytest.param([(5.0, 100), (7.0, 120)], 10.0, id="two looks"),
        pytest.param([(5.0, 100), (5.0, 120)], 0.0, id="no time between them"),
        pytest.param([(5.0, 100), (7.0, 99)], 0.0, id="one is tried again"),
        pytest.param([(0.0, 0), (10.0, 1000), (20.0, 1000)], 0.0, id="old times are forgotten"),
        pytest.param([(0.0, 0), (9.0, 90), (12.0, 120)], 10.0, id="a window may reach over"),
    ],
)
def test_rate(marks: list[tuple[float, int]], expected: float) -> None:
    meter = Meter()

    assert [meter.mark(at, count) for at, count in marks][-1] == expected


# --- the end --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "asked_at", "scanned", "expected"),
    [
        pytest.param(DONE, 11.0, True, True, id="all is final"),
        pytest.param(BUSY, 11.0, True, False, id="some is not"),
        pytest.param(DONE, 11.0, False, False, id="the scan is not finished"),
        pytest.param(DONE, 9.0, True, False, id="the answer is older than the scan's end"),
        pytest.param({}, 11.0, True, True, id="there was nothing"),
    ],
)
def test_drained(
    counts: dict[State, int], asked_at: float, *, scanned: bool, expected: bool
) -> None:
    drain = Drain(moved_at=0.0)

    drain.look(10.0, None, scanned=scanned)

    seen = observed(status(counts=counts), asked_at=asked_at)
    assert drain.look(12.0, seen, scanned=scanned) is expected


def test_a_file_that_was_being_written_before_the_scan_ended_does_not_keep_it_open() -> None:
    """How many files settle is the watcher's last word, and it has gone."""
    drain = Drain(moved_at=0.0, scanned_at=10.0)

    assert drain.look(12.0, observed(status(settling=3), asked_at=11.0), scanned=True)


@pytest.mark.parametrize(
    ("moves_at", "scanned", "expected"),
    [
        pytest.param(0.0, True, True, id="nothing moved"),
        pytest.param(200.0, True, False, id="something did"),
        pytest.param(0.0, False, False, id="a scan takes the time it takes"),
    ],
)
def test_stalled(*, moves_at: float, scanned: bool, expected: bool) -> None:
    drain = Drain(moved_at=0.0, scanned_at=0.0 if scanned else None)
    end = STALLED_SECONDS + 1

    drain.look(0.0, observed(status(counts=BUSY)), scanned=scanned)
    if moves_at:
        drain.look(moves_at, observed(status(counts=DONE)), scanned=scanned)
    drain.look(end, observed(status(counts=DONE if moves_at else BUSY)), scanned=scanned)

    assert drain.stalled(end) is expected


# --- in words -------------------------------------------------------------------------------------


def test_the_summary_has_the_keys_that_others_rely_on() -> None:
    summary = Summary(observed(status(counts=DONE)), seconds=2.0, articles=7, in_flight=0)

    assert summary.as_json() == {
        "seen": 8,
        "stored": 4,
        "revised": 1,
        "duplicate": 2,
        "expanded": 0,
        "quarantined": 1,
        "ignored": 0,
        "in_flight": 0,
        "seconds": 2.0,
        "articles_per_second": 3.5,
    }


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        ("", "seen 10, stored 4, ignored 1, in flight 5, 3.5 files/s"),
        ("away", "seen 10, stored 4, ignored 1, in flight 5, 3.5 files/s (away)"),
    ],
)
def test_progress_in_a_line(trouble: str, expected: str) -> None:
    assert progress(scene(observed(status(counts=BUSY)), trouble=trouble)) == expected


@pytest.mark.parametrize(("trouble", "expected"), [("", "starting"), ("away", "away")])
def test_progress_before_anything_was_seen(trouble: str, expected: str) -> None:
    assert progress(scene(trouble=trouble)) == expected
