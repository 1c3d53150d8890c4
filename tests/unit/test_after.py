from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

import pytest

from tests.articles import EPOCH
from tests.doubles import Moments
from worker.after import AGAIN_SECONDS, QUIET_SECONDS, After
from worker.core.errors import Unavailable
from worker.core.ledger import Path, Stat
from worker.ports import Done, Fate

INBOX = "/in"


QUIET_NS = int(QUIET_SECONDS * 1e9)


def done(name: str, minute: int = 0, *, quiet: bool = False) -> Done:
    at = EPOCH + timedelta(minutes=minute)
    return Done(Path(name.encode()), Stat(1, 1, 1, 1), b"x" * 32, at, quiet)


@dataclass
class Ledger:
    files: list[Done]
    away: int = 0
    asked: list[datetime | None] = field(default_factory=list)

    def done(self, inbox: str, since: datetime | None) -> Iterator[Done]:
        assert inbox == INBOX
        self.asked.append(since)
        if self.away:
            self.away -= 1
            raise Unavailable("the ledger is away")
        yield from (f for f in self.files if since is None or f.at >= since)


@dataclass
class Way:
    """Out of a folder that has *there*."""

    there: set[str]
    broken: str = ""
    kept: set[str] = field(default_factory=set)

    def take(self, file: Done) -> Fate:
        name = file.path.text
        if self.broken:
            raise PermissionError(13, self.broken)
        if name in self.kept:
            return Fate.OTHER
        if name not in self.there:
            return Fate.GONE
        self.there.remove(name)
        return Fate.TAKEN


def after(ledger: Ledger, way: Way, clock: Moments | None = None) -> After:
    return After(INBOX, ledger, way, clock or Moments(wall_ns=0))


def test_what_is_done_is_taken_once() -> None:
    ledger, way = Ledger([done("a", 0), done("b", 5)]), Way({"a", "b", "c"})
    housekeeper = after(ledger, way)

    first, second = housekeeper.tick(), housekeeper.tick()

    assert way.there == {"c"}
    assert (first[Fate.TAKEN], second.get(Fate.TAKEN, 0)) == (2, 0)


def test_a_round_asks_for_what_ended_since_and_a_little_before() -> None:
    """A transaction that began earlier may have been committed later."""
    ledger = Ledger([done("a", 0), done("b", 5)])
    housekeeper = after(ledger, Way({"a", "b"}))

    housekeeper.tick()
    housekeeper.tick()

    assert ledger.asked == [None, EPOCH + timedelta(minutes=4)]


def test_nothing_done_yet() -> None:
    ledger = Ledger([])
    housekeeper = after(ledger, Way(set()))

    housekeeper.tick()
    housekeeper.tick()

    assert ledger.asked == [None, None]


def test_what_was_left_is_looked_at_again_after_a_while() -> None:
    ledger, way, clock = (
        Ledger([done("a"), done("b", 60)]),
        Way({"a"}, kept={"a"}),
        Moments(wall_ns=0),
    )
    housekeeper = after(ledger, way, clock)
    housekeeper.tick()
    way.kept.clear()

    housekeeper.tick()
    early = set(way.there)
    clock.sleep(AGAIN_SECONDS)
    housekeeper.tick()

    assert early == {"a"}
    assert way.there == set()


@pytest.mark.parametrize(
    ("quiet", "age_ns", "fate"),
    [
        pytest.param(True, QUIET_NS - 1, Fate.LATER, id="its writer may have paused"),
        pytest.param(True, -QUIET_NS, Fate.LATER, id="from the future: clocks differ"),
        pytest.param(True, QUIET_NS, Fate.TAKEN, id="quiet for long"),
        pytest.param(False, 0, Fate.TAKEN, id="its end was seen"),
    ],
)
def test_a_file_whose_end_nobody_saw_stays_for_a_while(
    age_ns: int, fate: Fate, *, quiet: bool
) -> None:
    way = Way({"a"})
    file = done("a", quiet=quiet)

    fates = after(Ledger([file]), way, Moments(wall_ns=file.stat.ctime_ns + age_ns)).tick()

    assert fates == {fate: 1}
    assert way.there == ({"a"} if fate is Fate.LATER else set())


def test_what_was_left_for_later_is_looked_at_again() -> None:
    ledger, clock = Ledger([done("a", quiet=True), done("b", 60)]), Moments(wall_ns=0)
    housekeeper = after(ledger, Way({"a", "b"}), clock)

    housekeeper.tick()
    clock.sleep(AGAIN_SECONDS)
    housekeeper.tick()

    assert ledger.asked == [None, None]


def test_a_folder_that_cannot_be_written_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    housekeeper = after(Ledger([done("a"), done("b")]), Way({"a", "b"}, broken="Permission denied"))

    fates = housekeeper.tick()
    housekeeper.tick()

    assert fates == {Fate.OTHER: 2}
    assert [r.message for r in caplog.records] == ["a stays in the inbox: Permission denied"]


def test_the_last_round_comes_after_the_stop() -> None:
    way, stop = Way({"a"}), Event()
    stop.set()

    after(Ledger([done("a")], away=1), way).run(stop)

    assert way.there == set()


class Thrice(Event):
    """Is set when it was waited for twice."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        if len(self.waits) == 2:
            self.set()
        return self.is_set()


def test_it_bears_a_ledger_that_is_away(caplog: pytest.LogCaptureFixture) -> None:
    way, stop = Way({"a"}), Thrice()

    after(Ledger([done("a")], away=2), way).run(stop)

    assert way.there == set()
    assert stop.waits == [0.25, 0.5]
    assert [r.message for r in caplog.records if r.levelname == "WARNING"] == [
        "the housekeeper of the inbox waits: the ledger is away",
        "the housekeeper of the inbox is back at work after 2 failures",
    ]
