from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

import pytest

from tests.doubles import Gong
from worker.clerk import EVERY_SECONDS, Clerk, Round
from worker.core.errors import Unavailable
from worker.core.ringing import FEW_HINTS
from worker.ports import Freed, Unheard

NONE_FREED = Freed(0, 0)


@dataclass
class Ledger:
    """A sweep over files that are due and unheard."""

    due: list[int] = field(default_factory=list)
    live: int = 1_000  # of those that are due, the first
    freed: Freed = NONE_FREED
    busy: bool = False  # the index is
    old_month: bool = False  # in the index of near-duplicates
    silent: int = 0  # sessions of workers that nothing is heard of
    outdated: int = 0  # files that another version of the code broke on
    embargoed: int = 0  # articles whose embargo ended
    same: int = 0  # articles that turned out to be another
    unsearchable: int = 0  # versions of an earlier release
    old_changes: int = 0  # that need not be kept
    away: int = 0  # further calls that fail
    limits: list[int] = field(default_factory=list)

    def end_silent(self) -> int:
        ended, self.silent = self.silent, 0
        return ended

    def free_expired(self) -> Freed:
        if self.away:
            self.away -= 1
            raise Unavailable("the ledger is away")
        freed, self.freed = self.freed, NONE_FREED
        return freed

    def retry_outdated(self) -> int:
        retried, self.outdated = self.outdated, 0
        return retried

    def forget_months(self) -> bool:
        if self.busy:
            raise Unavailable("somebody reads it")
        due, self.old_month = self.old_month, False
        return due

    def lift_embargoes(self) -> int:
        lifted, self.embargoed = self.embargoed, 0
        return lifted

    def make_searchable(self) -> int:
        done, self.unsearchable = self.unsearchable, 0
        return done

    def forget_changes(self) -> int:
        gone, self.old_changes = self.old_changes, 0
        return gone

    def regroup(self) -> int:
        merged, self.same = self.same, 0
        return merged

    def unheard(self, limit: int) -> Unheard:
        self.limits.append(limit)
        ids, self.due = self.due[:limit], self.due[limit:]
        return Unheard(tuple(ids), min(len(ids), self.live))


class Rounds(Event):
    """A stop that is set after so many waits, and keeps how long each was to be."""

    def __init__(self, count: int, between: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self._count = count
        self._between = between
        self.waits: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        self._between()
        return len(self.waits) >= self._count


def test_a_round_retries_what_an_update_may_have_mended() -> None:
    clerk = Clerk(Ledger(outdated=3), Gong())

    done = clerk.tick()

    assert done == Round(NONE_FREED, 0, retried=3)
    assert not done.idle


def test_a_round_lifts_embargoes() -> None:
    clerk = Clerk(Ledger(embargoed=2), Gong())

    assert clerk.tick() == Round(NONE_FREED, 0, lifted=2)
    assert clerk.tick().idle


def test_a_round_merges_what_a_worker_left() -> None:
    clerk = Clerk(Ledger(same=2), Gong())

    assert clerk.tick() == Round(NONE_FREED, 0, merged=2)
    assert clerk.tick().idle


def test_a_round_does_not_name_files_of_the_second_lane() -> None:
    """A worker takes first what is named: live files that come meanwhile would wait behind it."""
    bell = Gong()

    done = Clerk(Ledger(due=list(range(40)), live=2), bell).tick()

    assert done.rung == 40
    assert bell.rings == [(0, 1), (), ()]


def test_a_round_ends_silent_sessions() -> None:
    clerk = Clerk(Ledger(silent=2), Gong())

    assert clerk.tick() == Round(NONE_FREED, 0, silent=2)
    assert clerk.tick().idle


def test_a_round_lets_an_old_month_go(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")

    ledger = Ledger(old_month=True)
    Clerk(ledger, Gong()).tick()

    assert not ledger.old_month
    assert [r.message for r in caplog.records] == [
        "let a month go from the index of near-duplicates"
    ]


def test_a_round_tidies_for_readers(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")

    clerk = Clerk(Ledger(unsearchable=200, old_changes=3), Gong())

    assert [clerk.tick().idle, clerk.tick().idle] == [True, True]
    assert [r.message for r in caplog.records] == [
        "made 200 versions of an earlier release searchable",
        "let 3 old changes go from the feed",
    ]


def test_a_busy_index_is_no_failure() -> None:
    assert Clerk(Ledger(due=[1], busy=True), Gong()).tick() == Round(NONE_FREED, 1)


def test_a_round_rings_for_what_is_unheard() -> None:
    bell = Gong()

    done = Clerk(Ledger(due=list(range(40))), bell).tick()

    assert done == Round(NONE_FREED, 40)
    assert bell.rings == [tuple(range(32)), tuple(range(32, 40))]


def test_a_round_counts_what_it_freed() -> None:
    done = Clerk(Ledger(freed=Freed(3, 1)), Gong()).tick()

    assert done == Round(Freed(3, 1), 0)
    assert not done.idle


def test_nothing_is_marked_as_rung_while_rings_wait() -> None:
    ledger = Ledger(due=[1])
    bell = Gong(rings=[(9,)] * FEW_HINTS)

    done = Clerk(ledger, bell).tick()

    assert done.rung == 0
    assert ledger.limits == [], "nor is the ledger asked for nothing"
    assert len(bell.rings) == FEW_HINTS


def test_no_more_is_asked_for_than_there_is_room() -> None:
    ledger = Ledger(due=list(range(1_000)))
    bell = Gong(rings=[(9,)] * (FEW_HINTS - 1))

    Clerk(ledger, bell).tick()

    assert ledger.limits == [32]
    assert bell.rings[-1] == tuple(range(32))


def test_leases_are_freed_though_the_broker_is_away() -> None:
    ledger = Ledger(due=[1], freed=Freed(1, 0))

    with pytest.raises(Unavailable):
        Clerk(ledger, Gong(away=True)).tick()

    assert ledger.freed == NONE_FREED
    assert ledger.due == [1], "a file is marked as rung only when it can be rung for"


def test_the_first_round_does_not_wait() -> None:
    bell, stop = Gong(), Rounds(1)

    Clerk(Ledger(due=[1]), bell).run(stop)

    assert bell.rings == [(1,)]
    assert stop.waits == [EVERY_SECONDS]


def test_rounds_go_on_while_services_are_away() -> None:
    """Shorter waits at first, then the usual ones once the ledger is back."""
    bell, stop = Gong(), Rounds(7)

    Clerk(Ledger(due=[1], away=5), bell, every_seconds=2.5).run(stop)

    assert stop.waits == [0.25, 0.5, 1.0, 2.0, 2.5, 2.5, 2.5]
    assert bell.rings == [(1,)]


def test_an_outage_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    Clerk(Ledger(away=3), Gong()).run(Rounds(6))

    warnings = [r.message for r in caplog.records if r.levelname == "WARNING"]
    assert warnings == [
        "the clerk waits: the ledger is away",
        "the clerk is back at work after 3 failures",
    ]


def test_an_idle_round_is_not_worth_a_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")

    Clerk(Ledger(freed=Freed(2, 1)), Gong()).run(Rounds(3))

    assert [r.message for r in caplog.records] == [
        (
            "rang for 0 files, freed 3, 1 of them poisoned; retried 0; "
            "ended 0 silent sessions and 0 embargoes; merged 0 articles"
        )
    ]
