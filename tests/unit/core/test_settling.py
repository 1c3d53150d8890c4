from dataclasses import replace

import pytest

from worker.core.ledger import Stat, Witness
from worker.core.settling import (
    HOLD_WINDOWS,
    Patience,
    Sign,
    Trace,
    begin,
    begin_in_scan,
    forget,
    hold,
    observe,
    ready_at,
)

SECOND_NS = 1_000_000_000
PATIENCE = Patience(settle_seconds=2.0, quiet_seconds=0.05, memory_seconds=60.0)


def stat(
    *, size: int = 100, mtime_ns: int = 50, ctime_ns: int | None = None, inode: int = 7
) -> Stat:
    """A file as a write leaves it: mtime and ctime are the same moment."""
    return Stat(size, mtime_ns, mtime_ns if ctime_ns is None else ctime_ns, inode)


def trace(sign: Sign = Sign.CLOSED, *, since: float = 10.0, reopened: int = 0) -> Trace:
    return Trace(sign, stat(), since, reopened)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        pytest.param(trace(Sign.RENAMED), 10.0, id="renamed: at once"),
        pytest.param(trace(Sign.CLOSED), 10.05, id="closed: a moment of quiet"),
        pytest.param(trace(Sign.CLOSED, reopened=1), 10.1, id="the writer came back: twice that"),
        pytest.param(trace(Sign.CLOSED, reopened=5), 11.6, id="again and again: doubled each time"),
        pytest.param(trace(Sign.CLOSED, reopened=6), 12.0, id="never longer than the window"),
        pytest.param(trace(Sign.CLOSED, reopened=9_999), 12.0, id="however often"),
        pytest.param(trace(Sign.FOUND), 12.0, id="found: the whole window"),
    ],
)
def test_when_a_file_is_complete(known: Trace, expected: float) -> None:
    assert ready_at(known, PATIENCE) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("sign", "expected"),
    [
        (Sign.RENAMED, Witness.RENAMED),
        (Sign.CLOSED, Witness.CLOSED),
        (Sign.FOUND, Witness.QUIET),
    ],
)
def test_witness(sign: Sign, expected: Witness) -> None:
    assert trace(sign).witness is expected


@pytest.mark.parametrize(
    ("age_ns", "expected"),
    [
        pytest.param(2 * SECOND_NS, 10.0, id="a window old: at once"),
        pytest.param(60 * SECOND_NS, -48.0, id="a minute old: long since"),
        pytest.param(2 * SECOND_NS - 1, 12.0, id="a nanosecond younger: the whole window"),
        pytest.param(-SECOND_NS, 12.0, id="from the future: clocks differ"),
    ],
)
def test_a_scan_trusts_ctime_that_is_old(age_ns: int, expected: float) -> None:
    wall_ns = 1_000 * SECOND_NS

    found = begin_in_scan(stat(ctime_ns=wall_ns - age_ns), 10.0, wall_ns, PATIENCE)

    assert found.sign is Sign.FOUND
    assert ready_at(found, PATIENCE) == pytest.approx(expected)


def test_a_scan_does_not_trust_mtime() -> None:
    """``cp -p`` keeps an old mtime on a file that it is still writing."""
    wall_ns = 1_000 * SECOND_NS

    found = begin_in_scan(stat(mtime_ns=0, ctime_ns=wall_ns), 10.0, wall_ns, PATIENCE)

    assert ready_at(found, PATIENCE) == 12.0


@pytest.mark.parametrize(
    ("sign", "before", "expected"),
    [
        pytest.param(Sign.CLOSED, None, 0, id="first sight"),
        pytest.param(Sign.CLOSED, trace(Sign.FOUND), 0, id="created, then closed"),
        pytest.param(Sign.CLOSED, trace(Sign.RENAMED), 0, id="edited after it was moved in"),
        pytest.param(Sign.CLOSED, trace(Sign.CLOSED), 1, id="closed again: reopened"),
        pytest.param(Sign.CLOSED, trace(Sign.CLOSED, reopened=2), 3, id="and again"),
        pytest.param(
            Sign.CLOSED, trace(Sign.FOUND, reopened=2), 2, id="the close of a reopening we saw"
        ),
        pytest.param(Sign.RENAMED, trace(Sign.CLOSED, reopened=2), 0, id="moved over it"),
    ],
)
def test_a_writer_that_comes_back_is_counted(
    sign: Sign, before: Trace | None, expected: int
) -> None:
    assert begin(sign, stat(), 20.0, before) == Trace(sign, stat(), 20.0, expected)


def test_another_file_at_the_same_path_has_another_writer() -> None:
    fresh = begin(Sign.CLOSED, stat(inode=8), 20.0, trace(Sign.CLOSED, reopened=3))

    assert fresh.reopened == 0


@pytest.mark.parametrize(
    ("later", "written"),
    [
        pytest.param(stat(), False, id="the same"),
        pytest.param(stat(ctime_ns=60), False, id="chmod: only ctime moved"),
        pytest.param(stat(mtime_ns=20, ctime_ns=60), False, id="utime: mtime set by a tool"),
        pytest.param(stat(mtime_ns=60), True, id="written: both moved to one moment"),
        pytest.param(stat(size=101), True, id="grown"),
        pytest.param(stat(size=99, mtime_ns=20, ctime_ns=60), True, id="cut, and its times set"),
        pytest.param(stat(inode=8), True, id="another file"),
    ],
)
def test_looking_again(later: Stat, *, written: bool) -> None:
    seen = observe(trace(Sign.CLOSED), later, 30.0)

    expected = Trace(Sign.FOUND, later, 30.0, 1) if written else Trace(Sign.CLOSED, later, 10.0)
    assert seen == expected


def test_a_write_that_was_not_after_a_close_is_no_reopening() -> None:
    seen = observe(trace(Sign.FOUND, reopened=1), stat(size=101), 30.0)

    assert seen.reopened == 1


@pytest.mark.parametrize(
    ("sign", "ready", "witness"),
    [
        pytest.param(Sign.FOUND, 10.0 + 2.0 * HOLD_WINDOWS, Witness.QUIET, id="found"),
        pytest.param(Sign.CLOSED, 10.0 + 2.0 * HOLD_WINDOWS, Witness.QUIET, id="closed"),
        pytest.param(Sign.RENAMED, 10.0, Witness.RENAMED, id="renamed: it is what it is"),
    ],
)
def test_a_text_without_its_end_is_held(sign: Sign, ready: float, witness: Witness) -> None:
    held = hold(trace(sign))

    assert ready_at(held, PATIENCE) == ready
    assert held.witness is witness


def test_what_is_held_is_let_go_when_it_is_written_to() -> None:
    held = hold(trace(Sign.CLOSED))

    assert observe(held, stat(), 30.0).held
    assert not observe(held, stat(size=101), 30.0).held
    assert not begin(Sign.CLOSED, stat(size=101), 30.0, held).held


@pytest.mark.parametrize(("now", "expected"), [(70.0, False), (70.001, True)])
def test_a_writer_that_stayed_away_is_forgotten(now: float, *, expected: bool) -> None:
    assert forget(trace(since=10.0), now, PATIENCE) is expected


@pytest.mark.parametrize("quiet_seconds", [0.0, -1.0, 2.5])
def test_patience_rejects_impossible_windows(quiet_seconds: float) -> None:
    with pytest.raises(ValueError, match="quiet_seconds"):
        replace(PATIENCE, quiet_seconds=quiet_seconds)


def test_quiet_may_be_the_whole_window() -> None:
    assert replace(PATIENCE, quiet_seconds=2.0).quiet_seconds == 2.0
