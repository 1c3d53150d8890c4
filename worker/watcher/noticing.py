"""From a sighting of a file to its notice: look, wait until it is complete, read once.

Decides nothing itself: names and times are judged in ``worker/core``, bytes later by workers.
"""

import logging
from dataclasses import dataclass, field
from hashlib import sha256

from worker.core import settling, structure
from worker.core.errors import Rejected, Unavailable
from worker.core.expanding.kinds import may_be_bulk, refuse_large
from worker.core.filenames import refuse
from worker.core.ledger import Lane, Path, Reason, Stat, Witness
from worker.core.settling import UNSEEN, Patience, Sign, Trace
from worker.core.sources import Sources
from worker.ports import Clock, Folder, Notice, Sighting
from worker.watcher.recorder import Recorder
from worker.watcher.silence import Silence
from worker.watcher.table import Memory, Table, Waiting

_log = logging.getLogger(__name__)

FLOOD_FILES = 200  # waiting in the live lane; those that come on top of them are a flood
AGAIN_SECONDS = 1.0  # until a file is tried again that we lacked the means to read
IGNORED_KEPT = 20_000  # paths; those forgotten are told again, which is harmless


@dataclass(frozen=True, slots=True)
class Plan:
    """Which folder, and by which rules."""

    inbox: str  # its name in the ledger
    max_bytes: int  # larger files are refused unread
    max_bulk_bytes: int = 0  # the same for what is a container by its name, where it is more
    exclude: tuple[str, ...] = ()  # shell patterns of file names
    patience: Patience = field(default_factory=Patience)
    rescan_seconds: float = 60.0
    sources: Sources = field(default_factory=Sources)  # their lanes
    max_settling: int = 50_000  # files, some 30 MB; what does not fit is left to the next scan

    def limit(self, path: Path) -> int:
        """How large the file may be, in bytes."""
        if may_be_bulk(path.raw):
            return max(self.max_bytes, self.max_bulk_bytes)
        return self.max_bytes


@dataclass(frozen=True, slots=True)
class Terms:
    """What a scan says of the files that it meets."""

    lane: Lane | None = None  # None: live, unless it is one of many
    telling: bool = False  # events should have told of them


class Noticing:
    def __init__(self, plan: Plan, folder: Folder, recorder: Recorder, clock: Clock) -> None:
        self._plan = plan
        self._folder = folder
        self._recorder = recorder
        self._clock = clock
        self._table = Table(plan.max_settling)
        self._memory = Memory()
        self._ignored: set[bytes] = set()
        self.silence = Silence()
        self.missed = False  # something was seen and let go: a scan has to find it again

    @property
    def settling(self) -> int:
        """Files that are not complete yet, or not read yet."""
        return len(self._table)

    @property
    def oldest_seconds(self) -> float | None:
        """For how long that file has not been written to which waits longest."""
        oldest = self._table.oldest
        return None if oldest is None else self._clock.monotonic() - oldest

    def next_due(self) -> float | None:
        return self._table.next_due()

    def see(self, sighting: Sighting) -> None:
        """Take in what the operating system told of a file."""
        path = Path(sighting.path)
        self.silence.heard(path.raw)
        if self._ignores(path):
            return
        stat = self._folder.stat(path)
        if stat is not None and (trace := self._begin(sighting, stat)) is not None:
            self._wait(path.raw, trace, self._lane(path.raw))

    def meet(self, path: Path, stat: Stat, known: Stat | None, terms: Terms) -> None:
        """Take in what a scan found; *known* is what the ledger has of the path, not just so."""
        if self._ignores(path, told=known is not None):
            return
        seen = self._memory.get(path.raw)
        if self._table.get(path.raw) or (seen is not None and seen.stat == stat):
            return
        if terms.telling and known is None:
            self.silence.met(path.raw)
        trace = self._begin_in_scan(stat)
        lane = terms.lane or self._lane(path.raw)
        if self._ready(trace):
            self._read(path, trace, lane)
        else:
            self._wait(path.raw, trace, lane)

    def read_due(self) -> None:
        """Look again at what is due, and read what is complete, until the recorder is full."""
        for notice in self._recorder.take_stale():
            self._begin_again(notice)
        for raw, waiting in self._table.take(self._clock.monotonic()):
            self._look(Path(raw), waiting)
            if self._recorder.full:
                self._recorder.flush()
            if self._recorder.full:
                return

    def _begin(self, sighting: Sighting, stat: Stat) -> Trace | None:
        """None when the sighting says less than what is known of the file already."""
        waiting = self._table.get(sighting.path)
        if sighting.sign is Sign.FOUND:
            if waiting and waiting.trace.stat.inode == stat.inode:
                return None
            return self._begin_in_scan(stat)
        before = waiting.trace if waiting else self._memory.get(sighting.path)
        now = self._clock.monotonic()
        if before and settling.forget(before, now, self._plan.patience):
            before = None
        return settling.begin(sighting.sign, stat, now, before)

    def _begin_again(self, notice: Notice) -> None:
        """Another watcher read the file at about the same time: who was right, it says itself."""
        self._memory.drop(notice.path.raw)
        stat = self._folder.stat(notice.path)
        if stat is not None and not self._table.get(notice.path.raw):
            self._wait(notice.path.raw, self._begin_in_scan(stat), notice.lane)

    def _begin_in_scan(self, stat: Stat) -> Trace:
        now, wall_ns = self._clock.monotonic(), self._clock.wall_ns()
        return settling.begin_in_scan(stat, now, wall_ns, self._plan.patience)

    def _lane(self, raw: bytes) -> Lane:
        waiting = self._table.get(raw)
        if waiting:
            return waiting.lane
        return Lane.LIVE if self._table.live < FLOOD_FILES else Lane.BACKFILL

    def _ready(self, trace: Trace) -> bool:
        return settling.ready_at(trace, self._plan.patience) <= self._clock.monotonic()

    def _wait(self, raw: bytes, trace: Trace, lane: Lane) -> None:
        if not self._table.has_room(raw):
            self.missed = True
            return
        due = settling.ready_at(trace, self._plan.patience)
        self._table.put(raw, Waiting(trace, lane, due))

    def _look(self, path: Path, waiting: Waiting) -> None:
        stat = self._folder.stat(path)
        if stat is None:
            return
        trace = settling.observe(waiting.trace, stat, self._clock.monotonic())
        if self._ready(trace):
            self._read(path, trace, waiting.lane)
        else:
            self._wait(path.raw, trace, waiting.lane)

    def _read(self, path: Path, trace: Trace, lane: Lane) -> None:
        lane = self._plan.sources.lane(path.text) or lane
        try:
            stat, content = self._folder.read(path, self._plan.limit(path))
            refuse_large(path.raw, content, self._plan.max_bytes)
        except FileNotFoundError:
            return
        except Rejected as refusal:
            self._tell(_refused(path, trace, lane, refusal), trace)
            return
        except Unavailable as error:
            _log.warning("%r is tried again: %s", path.raw, error)
            due = self._clock.monotonic() + AGAIN_SECONDS
            self._table.put(path.raw, Waiting(trace, lane, due))
            return
        trace = settling.observe(trace, stat, self._clock.monotonic())
        if not trace.held and structure.is_open(content):
            trace = settling.hold(trace)
        if self._ready(trace):
            self._tell(_complete(path, trace, lane, content), trace)
        else:
            self._wait(path.raw, trace, lane)

    def _tell(self, notice: Notice, trace: Trace) -> None:
        """Remember who wrote it. What could not be read is forgotten: the next scan tries again."""
        if notice.reason is Reason.UNREADABLE:
            self._memory.drop(notice.path.raw)
        else:
            self._memory.put(notice.path.raw, trace)
        self._recorder.add(notice)

    def _ignores(self, path: Path, *, told: bool = False) -> bool:
        """Whether the name says that the file is none of ours; if so, it is told once."""
        reason = refuse(path, self._plan.exclude)
        if reason is None:
            return False
        if not told and path.raw not in self._ignored:
            self._ignore(path, reason)
        return True

    def _ignore(self, path: Path, reason: Reason) -> None:
        if self._recorder.full:
            self.missed = True
            return
        if len(self._ignored) >= IGNORED_KEPT:
            self._ignored.clear()
        self._ignored.add(path.raw)
        self._recorder.add(_ignored(path, reason))


def _complete(path: Path, trace: Trace, lane: Lane, content: bytes) -> Notice:
    digest = sha256(content).digest()
    return Notice(path, trace.stat, trace.witness, lane, content=content, sha256=digest)


def _refused(path: Path, trace: Trace, lane: Lane, refusal: Rejected) -> Notice:
    return Notice(
        path,
        trace.stat,
        trace.witness,
        lane,
        content=None,
        sha256=None,
        reason=refusal.reason,
        detail=refusal.detail,
    )


def _ignored(path: Path, reason: Reason) -> Notice:
    """Of no stat that a file can have: once its name is allowed, a scan will want to read it."""
    return Notice(
        path, UNSEEN, Witness.QUIET, Lane.BACKFILL, content=None, sha256=None, reason=reason
    )
