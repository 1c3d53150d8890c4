"""Decide whether a file is complete, by what was seen of it and when.

Pure: no clock, no I/O. The watcher brings sightings, stats and the time (``worker/watcher``),
reads what is ready, and asks again with the stat of the descriptor it read.

Taking half a file is the worse mistake: readers see it. Waiting costs a moment. So each doubt
below falls on the side of waiting, and every wait ends: a window is ``settle_seconds`` at most,
because a writer that is never seen to close (another host's, a mapped file) must not keep its
file out for ever. A half that was taken all the same is superseded when the rest arrives.

Writes are not sightings. A large copy is thousands of them, and each ends in a change of the
stat or in a close, which are. Once the file is read its structure is asked too
(``worker/core/structure.py``): one that lacks its end is held for some windows more.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from worker.core.ledger import Stat, Witness

UNSEEN = Stat(size=0, mtime_ns=0, ctime_ns=0, inode=0)  # nobody looked, or could: no file has it

HOLD_WINDOWS = 5  # that a file is given whose text lacks its end

_SECOND_NS = 1_000_000_000
_DOUBLINGS = 40  # of the quiet window: beyond any window there can be


class Sign(StrEnum):
    """How a file came to be noticed."""

    FOUND = "found"  # it is there, and nothing is known of its writer
    CLOSED = "closed"  # somebody who could write closed it
    RENAMED = "renamed"  # it was moved into place


@dataclass(frozen=True, slots=True)
class Patience:
    settle_seconds: float = 2.0  # unchanged this long is complete, whoever may have it open
    quiet_seconds: float = 0.05  # the same after a close; doubled each time its writer came back
    memory_seconds: float = 60.0  # a writer that stayed away longer than this is a new one

    def __post_init__(self) -> None:
        if not 0 < self.quiet_seconds <= self.settle_seconds:
            msg = f"quiet_seconds is {self.quiet_seconds}, not in 0..{self.settle_seconds}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of a file that is not in the ledger yet."""

    sign: Sign
    stat: Stat  # as last seen
    since: float  # monotonic seconds: nothing was written to it from here on
    reopened: int = 0  # times that somebody wrote to it again after a close
    held: bool = False  # it was read, and lacked its end

    @property
    def witness(self) -> Witness:
        return Witness.QUIET if self.held else _WITNESSES[self.sign]


_WITNESSES = {
    Sign.FOUND: Witness.QUIET,
    Sign.CLOSED: Witness.CLOSED,
    Sign.RENAMED: Witness.RENAMED,
}


def begin(sign: Sign, stat: Stat, now: float, before: Trace | None = None) -> Trace:
    """Take in a sighting of a file; *before* is what the last one came to, even long ago.

    Quiet is counted from *now*, when the stat was taken, not from when the event was sent: what
    happened in between went unobserved.
    """
    return Trace(sign, stat, now, _reopened(sign, stat, before))


def begin_in_scan(stat: Stat, now: float, wall_ns: int, patience: Patience) -> Trace:
    """Take in a file that a scan met, or whose creation was seen and nothing else.

    A file whose ctime is a window old has had its window: unlike mtime, no tool can set it back.
    Any younger one (or one from the future: clocks differ between hosts) waits a whole window
    between two observations of ours.
    """
    age_seconds = (wall_ns - stat.ctime_ns) / _SECOND_NS
    old = age_seconds >= patience.settle_seconds
    return Trace(Sign.FOUND, stat, now - age_seconds if old else now)


def observe(trace: Trace, stat: Stat, now: float) -> Trace:
    """Look at the file again: if it was written to since, its quiet begins anew."""
    if not _written(trace.stat, stat):
        return replace(trace, stat=stat)
    return Trace(Sign.FOUND, stat, now, trace.reopened + (trace.sign is Sign.CLOSED))


def hold(trace: Trace) -> Trace:
    """Take in that its text lacks its end. One that was moved into place has all it will have."""
    return replace(trace, held=trace.sign is not Sign.RENAMED)


def ready_at(trace: Trace, patience: Patience) -> float:
    """Monotonic seconds from which the file is complete, if it is still as it was seen."""
    if trace.held:
        return trace.since + HOLD_WINDOWS * patience.settle_seconds
    if trace.sign is Sign.RENAMED:
        return trace.since
    if trace.sign is Sign.FOUND:
        return trace.since + patience.settle_seconds
    quiet_seconds = patience.quiet_seconds * 2.0 ** min(trace.reopened, _DOUBLINGS)
    return trace.since + min(quiet_seconds, patience.settle_seconds)


def forget(trace: Trace, now: float, patience: Patience) -> bool:
    """Whether *trace* is too old to say anything of a writer that comes now."""
    return now - trace.since > patience.memory_seconds


def _reopened(sign: Sign, stat: Stat, before: Trace | None) -> int:
    if before is None or sign is Sign.RENAMED or before.stat.inode != stat.inode:
        return 0
    return before.reopened + (sign is before.sign is Sign.CLOSED)


def _written(before: Stat, after: Stat) -> bool:
    """Whether the content may differ, and not only the mode, the owner or the times.

    The kernel gives mtime and ctime the same moment when it writes. Where mtime moved and stands
    apart from ctime a tool has set it, as ``shutil.copy2`` does when it has closed the file.
    """
    if (before.size, before.inode) != (after.size, after.inode):
        return True
    return before.mtime_ns != after.mtime_ns and after.mtime_ns == after.ctime_ns
