import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.articles import EPOCH, notice
from tests.unit.cli.scenes import drawn, status, terminal
from worker.adapters.memory import MemoryStore
from worker.cli.standing import eta_seconds, report, screen, silent_seconds
from worker.core.ledger import Reason, State
from worker.core.sight import Sight
from worker.ports import Consumer, Status


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
        "lanes": {"live": 1, "backfill": 0},
        "oldest_waiting_seconds": 0.0,
        "oldest_seconds": {"noticed": 0.0},
        "oldest_unseen_seconds": None,
        "halves_superseded": 0,
        "finished_last_minute": 1,
        "finished_last_ten_minutes": 1,
        "eta_seconds": 60.0,
        "watcher_silent_seconds": 0.0,
        "watcher_seen_at": "1970-01-01T00:00:00+00:00",
        "scanned_at": "1970-01-01T00:00:00+00:00",
        "scanning_because": None,
        "paused_because": None,
        "unlisted_folders": [],
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
    assert "2 seen, 2 in flight, 1 ended in the last minute, 1 in ten" in shown
    assert "1 not in the ledger yet, 1 live, the oldest noticed for 0.0 s, done in 1 min" in shown
    assert "watched by events, last scanned 0.0 s ago" in shown
    assert "special_file 1" in shown


def test_people_are_told_why_files_seem_not_to_come() -> None:
    filled, console = store("/in"), terminal()
    sight = Sight("events do not arrive", "the disk is full", ("closed",), waiting_seconds=90)
    filled.beat("/in", settling=3, scanned=True, sight=sight)

    shown = "\n".join(drawn(screen(filled, console), console))

    assert "watched by scanning alone" in shown
    assert "scanned often, since events do not arrive" in shown
    assert "no file is taken in: the disk is full" in shown
    assert "cannot be listed: closed" in shown
    assert "3 not in the ledger yet, the oldest for 1 min 30 s" in shown


def test_before_the_first_inbox_it_says_what_to_do() -> None:
    console = terminal()

    assert "copydesk up" in "".join(drawn(screen(store(), console), console))


@pytest.mark.parametrize(
    ("minute", "ten_minutes", "expected"),
    [(0, 0, None), (30, 30, 20.0), (600, 900, 1.0), (0, 100, 60.0)],
)
def test_when_what_waits_is_done(minute: int, ten_minutes: int, expected: float | None) -> None:
    waiting = status(
        counts={State.NOTICED: 10, State.STORED: 50},
        finished_last_minute=minute,
        finished_last_ten_minutes=ten_minutes,
    )

    assert eta_seconds(waiting) == expected


@pytest.mark.parametrize("seconds", [None, 0.5, 3_600.0])
def test_how_long_no_watcher_was_heard_of(seconds: float | None) -> None:
    assert silent_seconds(status(watcher_silent_seconds=seconds)) == seconds


class Hurried(MemoryStore):
    """A store of files that were read before they were complete."""

    def status(self, inbox: str | None = None) -> Status:
        return replace(super().status(inbox), halves=1_200)


def test_people_are_told_of_halves_that_were_superseded() -> None:
    console, reading = terminal(), Hurried()
    reading.record("/in", [notice()])

    shown = "\n".join(drawn(screen(reading, console), console))

    assert "1,200 of the revisions supersede a file that was read half written" in shown
    assert report(reading)["inboxes"][0]["halves_superseded"] == 1_200


class Consumed(MemoryStore):
    """A store whose feed is at 10, with a consumer that is behind."""

    def status(self, inbox: str | None = None) -> Status:
        mirror = Consumer("mirror\x1b", 3, EPOCH - timedelta(seconds=75))
        return replace(super().status(inbox), position=10, consumers=(mirror,), now=EPOCH)


def test_consumers_say_how_far_they_are() -> None:
    console, reading = terminal(), Consumed()
    reading.record("/in", [notice()])

    shown = drawn(screen(reading, console), console)

    assert shown[-2:] == [
        "the feed is at position 10",
        "  mirror\\x1b is 7 behind, as it said 1 min 15 s ago",
    ]
    assert report(reading)["consumers"] == [
        {
            "name": "mirror\x1b",
            "position": 3,
            "behind": 7,
            "seen_at": "2025-12-31T23:58:45+00:00",
        }
    ]
