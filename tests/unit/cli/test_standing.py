import json

import pytest

from tests.articles import notice
from tests.unit.cli.scenes import drawn, status, terminal
from worker.adapters.memory import MemoryStore
from worker.cli.standing import eta_seconds, report, screen, silent_seconds
from worker.core.ledger import Reason, State


def store(*inboxes: str) -> MemoryStore:
    """Each inbox with a file that waits, and one that is ignored."""
    filled = MemoryStore()
    for inbox in inboxes:
        filled.record(inbox, [notice(), notice("b", reason=Reason.SPECIAL_FILE)])
        filled.beat(inbox, settling=1, scanned=True)
    return filled


def test_the_report_of_an_inbox() -> None:
    (inbox,) = report(store("/in"))["inboxes"]

    assert inbox == {
        "inbox": "/in",
        "seen": 2,
        "counts": {state.value: int(state in ("noticed", "ignored")) for state in State},
        "reasons": {"ignored": {"special_file": 1}},
        "settling": 1,
        "in_flight": 2,
        "oldest_waiting_seconds": 0.0,
        "finished_last_minute": 1,
        "eta_seconds": 60.0,
        "watcher_silent_seconds": 0.0,
        "watcher_seen_at": "1970-01-01T00:00:00+00:00",
        "scanned_at": "1970-01-01T00:00:00+00:00",
    }


def test_each_inbox_is_reported_apart_in_json() -> None:
    found = json.loads(json.dumps(report(store("/b", "/a"))))

    assert [inbox["inbox"] for inbox in found["inboxes"]] == ["/a", "/b"]
    assert [inbox["seen"] for inbox in found["inboxes"]] == [2, 2]
    assert found["position"] == 0


def test_people_see_every_inbox() -> None:
    console = terminal()
    shown = "\n".join(drawn(screen(store("/a", "/b"), console), console))

    assert shown.index("/a\n") < shown.index("/b\n")
    assert "2 seen, 2 in flight, 1 ended in the last minute, the oldest waits 0.0 s" in shown
    assert "watched" in shown
    assert "special_file 1" in shown


def test_before_the_first_inbox_it_says_what_to_do() -> None:
    console = terminal()

    assert "copydesk up" in "".join(drawn(screen(store(), console), console))


@pytest.mark.parametrize(("finished_last_minute", "expected"), [(0, None), (30, 20.0), (600, 1.0)])
def test_when_what_waits_is_done(finished_last_minute: int, expected: float | None) -> None:
    waiting = status(
        counts={State.NOTICED: 10, State.STORED: 50}, finished_last_minute=finished_last_minute
    )

    assert eta_seconds(waiting) == expected


@pytest.mark.parametrize("seconds", [None, 0.5, 3_600.0])
def test_how_long_no_watcher_was_heard_of(seconds: float | None) -> None:
    assert silent_seconds(status(watcher_silent_seconds=seconds)) == seconds
