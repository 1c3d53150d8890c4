"""The watcher: one loop that owns all state, and hears of files in two ways.

Events come from another thread through a bounded box, and are hints. A scan of the folder
against the ledger is the truth: at start, when events were lost or never came, and every so
often. It goes in slices, so that a file dropped meanwhile does not wait for its end.

A file that goes away changes nothing. Deletions are never inferred.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from worker.core.errors import Unavailable
from worker.core.pacing import pause_seconds
from worker.core.sight import Sight
from worker.ports import Bell, Clock, Events, Folder, Intake
from worker.watcher.noticing import Noticing, Plan
from worker.watcher.recorder import Recorder, Submit, at_once
from worker.watcher.scanning import Scanner

_log = logging.getLogger(__name__)

PAUSE_SECONDS = 0.25  # at most, so that a stop is noticed
UNDERWAY_SECONDS = 0.02  # the same while the ledger has still to answer
BEAT_SECONDS = 1.0
RECOVERY_SECONDS = 1.0  # between two scans, however often events are lost
FOLDERS_NAMED = 10  # of those that cannot be listed, in status
LAST_WINDOWS = 10  # that a single run waits for files that are written to all the time
LEDGER_SECONDS = 60.0  # that a single run waits for the ledger


@dataclass(frozen=True, slots=True)
class Outside:
    """What the watcher needs from the world."""

    folder: Folder
    events: Events
    intake: Intake
    bell: Bell
    clock: Clock
    shortage: Callable[[], str] = lambda: ""  # why nothing more can be kept; '': it can
    submit: Submit = at_once  # to record on a thread of its own


class Watcher:
    def __init__(self, plan: Plan, outside: Outside) -> None:
        folder, intake, clock = outside.folder, outside.intake, outside.clock
        self._plan = plan
        self._events = outside.events
        self._clock = clock
        self._ask_shortage = outside.shortage
        self._shortage = ""
        self._recorder = Recorder(plan.inbox, intake, outside.bell, clock, submit=outside.submit)
        self._noticing = Noticing(plan, folder, self._recorder, clock)
        self._scanner = Scanner(folder, self._noticing, self._recorder, clock)
        self._hears = False  # events
        self._listening_since = 0  # finished scans when it began to
        self._deafness = ""  # why not, as it was last said
        self._scans_told = 0  # finished scans that the ledger heard of
        self._beat_at = clock.monotonic()

    def run(self, stop: Event) -> None:
        """Notice until *stop*; what is not recorded by then, the next start finds."""
        try:
            while not stop.is_set():
                self._keep_scanning()
                self._turn()
        finally:
            self._events.stop()
            self._say_goodbye()

    def run_once(self, stop: Event | None = None) -> int:
        """Scan, wait for what is being written, record all; how many files were left for later.

        Only those are left that were written to for ten windows on end, or at *stop*.

        Raises:
            Unavailable: The inbox went away, or the ledger for a minute.

        """
        stop = stop or Event()
        self._scan_through(stop)
        last = self._clock.monotonic() + LAST_WINDOWS * self._plan.patience.settle_seconds
        while not stop.is_set() and self._unfinished(last):
            self._insist()
            if self._noticing.missed:
                self._scan_through(stop)
        return self._noticing.settling

    def _scan_through(self, stop: Event) -> None:
        finished = self._scanner.finished
        while not stop.is_set() and self._scanner.finished == finished:
            if not self._scanner.running:
                self._scanner.begin()
            self._insist()

    def _insist(self) -> None:
        self._turn()
        if self._scanner.away:
            raise Unavailable(f"the inbox {self._plan.inbox} went away")
        if self._shortage:
            raise Unavailable(self._shortage)
        if self._recorder.away_seconds > LEDGER_SECONDS:
            raise Unavailable(f"the ledger was away for {LEDGER_SECONDS:.0f} s")

    def _turn(self) -> None:
        """Live files first, then a slice of the scan."""
        sightings = self._events.take(self._pause())
        if sightings.lost:
            self._noticing.missed, self._hears = True, False
        for sighting in sightings.seen:
            self._noticing.see(sighting)
        self._record(self._noticing.read_due)
        self._record(self._scanner.advance)
        self._beat()

    def _record(self, find: Callable[[], None]) -> None:
        if not self._blocked:
            find()
        self._recorder.flush()

    @property
    def _blocked(self) -> bool:
        """Whether nothing can be taken in: the ledger is away, or its disk is full."""
        return self._recorder.full or bool(self._shortage)

    def _pause(self) -> float:
        """Seconds until there is something to do, unless an event comes first."""
        if self._blocked:
            return PAUSE_SECONDS
        if self._scanner.running:
            return 0.0
        longest = UNDERWAY_SECONDS if self._recorder.underway else PAUSE_SECONDS
        due = self._noticing.next_due()
        return longest if due is None else min(longest, max(0.0, due - self._clock.monotonic()))

    def _keep_scanning(self) -> None:
        if self._hears and not self._events.alive():
            self._noticing.missed, self._hears = True, False
        if self._scanner.away:
            self._hears = False  # what comes back may be another folder
        due = not self._scanner.running and self._clock.monotonic() >= self._next_scan()
        if not due:
            return
        self._mind_silence()
        if self._scanner.begin(telling=self._telling) and not self._hears:
            self._listen()  # before the walk begins, so that nothing falls between

    @property
    def _telling(self) -> bool:
        """Whether events should have told of all that is new since the last scan."""
        listened = self._hears and self._scanner.finished > self._listening_since
        return listened and not self._noticing.missed

    def _next_scan(self) -> float:
        """Monotonic seconds; long past for the first."""
        if self._noticing.missed:
            return self._scanner.ended_at + RECOVERY_SECONDS
        return self._scanner.ended_at + pause_seconds(
            self._scanner.cost_seconds,
            blind=not self._hears or bool(self._noticing.silence),
            longest_seconds=self._plan.rescan_seconds,
        )

    def _mind_silence(self) -> None:
        """Listen anew where a folder fell silent: another mount may stand in its place by now."""
        if self._noticing.silence.judge():
            _log.warning("%s; scanning often", self._noticing.silence.sentence())
            self._hears = False

    def _listen(self) -> None:
        self._listening_since = self._scanner.finished
        try:
            self._events.start()
            deafness = ""
        except OSError as error:
            deafness = error.strerror or str(error)
        self._hears = not deafness
        if deafness and deafness != self._deafness:
            _log.warning("no events come from the inbox, it is only scanned: %s", deafness)
        self._deafness = deafness

    def _beat(self) -> None:
        """Once a second, and after a scan as soon as all that it found is recorded."""
        now, scanned = self._clock.monotonic(), self._untold and not self._recorder.waiting
        if now < self._beat_at and not scanned:
            return
        self._mind_shortage()
        settling = self._noticing.settling + self._recorder.waiting
        told = self._recorder.beat(settling=settling, scanned=scanned, sight=self._sight())
        if told and scanned:
            self._scans_told = self._scanner.finished
        self._beat_at = now + BEAT_SECONDS

    def _mind_shortage(self) -> None:
        shortage = self._ask_shortage()
        if bool(shortage) is not bool(self._shortage):
            _log.warning("%s", f"intake pauses: {shortage}" if shortage else "intake goes on")
        self._shortage = shortage

    def _sight(self) -> Sight:
        away = "the inbox is away" if self._scanner.away else ""
        return Sight(
            scanning=self._deafness or self._noticing.silence.sentence(),
            paused=self._shortage or away,
            unlisted=tuple(f.path.text for f in self._scanner.unlisted[:FOLDERS_NAMED]),
            waiting_seconds=self._noticing.oldest_seconds,
        )

    @property
    def _untold(self) -> bool:
        """Whether a scan ended that left nothing to another one, and the ledger does not know."""
        return self._scanner.finished > self._scans_told and not self._noticing.missed

    def _say_goodbye(self) -> None:
        """Say what is still being written, or the last number would stand in status for ever."""
        self._recorder.catch_up(PAUSE_SECONDS)
        settling = self._noticing.settling
        self._recorder.beat(settling=settling, scanned=False, sight=self._sight())

    def _unfinished(self, last: float) -> bool:
        if self._recorder.waiting or self._untold:
            return True
        open_ends = self._noticing.settling > 0 or self._noticing.missed
        return open_ends and self._clock.monotonic() < last
