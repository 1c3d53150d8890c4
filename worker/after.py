"""Take files out of the inbox once they are done, where that is wanted (COPYDESK_AFTER).

A housekeeper beside the watcher. It asks the ledger first: a file goes when the final state of its
latest generation is committed, and if it is still the one that was read, by size, time, inode and
content. Whatever is found otherwise stays: a file too many is a nuisance, one that goes unread is
lost. One that nobody was seen to close stays for a minute: a writer that only paused would write on
into a file that has no name any more, and nobody would read the rest.

Quarantined and ignored files stay, so that the inbox shows what needs a person; one that is
retried, and stored then, goes then. Nothing is written down: what has gone is not there any more,
so a round that was cut short, or is made twice, does no harm.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Event

from worker import rounds
from worker.ports import Clock, Closed, Done, Fate, Outbox

_log = logging.getLogger(__name__)

EVERY_SECONDS = 2.0
QUIET_SECONDS = 60.0  # without a change, for a file whose end was not seen
AGAIN_SECONDS = 300.0  # until everything is looked at anew, where something was left
# Files are listed by when they ended, and that is when their transaction began.
_OVERLAP = timedelta(seconds=60)
_WHO = "the housekeeper of the inbox"


class After:
    def __init__(self, inbox: str, closed: Closed, outbox: Outbox, clock: Clock) -> None:
        self._inbox = inbox
        self._closed = closed
        self._outbox = outbox
        self._clock = clock
        self._since: datetime | None = None  # of the ledger's clock; None: from the beginning
        self._left = 0  # files since then that could not be taken yet, or were not what was read
        self._anew_at = 0.0  # monotonic seconds
        self._complaint = ""  # as it was last said

    def tick(self) -> Mapping[Fate, int]:
        """One round; what became of the files that ended since the last.

        Raises:
            Unavailable: The ledger is away. What was taken is taken.

        """
        if self._left and self._clock.monotonic() >= self._anew_at:
            self._since, self._left = None, 0
        if self._since is None:
            self._anew_at = self._clock.monotonic() + AGAIN_SECONDS
        fates: Counter[Fate] = Counter()
        latest: datetime | None = None
        for file in self._closed.done(self._inbox, self._since):
            fates[self._take(file)] += 1
            latest = file.at
        if latest is not None:
            self._since = max(self._since or latest - _OVERLAP, latest - _OVERLAP)
        self._left += fates[Fate.OTHER] + fates[Fate.LATER]
        return fates

    def run(self, stop: Event) -> None:
        """Rounds until *stop*, and one more then, also while the ledger is away."""
        failures = rounds.run(self._round, stop, who=_WHO, every_seconds=EVERY_SECONDS)
        rounds.attempt(self._round, failures, _WHO)

    def _round(self) -> None:
        taken = self.tick()[Fate.TAKEN]
        if taken:
            _log.info("took %d file(s) out of the inbox", taken)

    def _take(self, file: Done) -> Fate:
        if not is_settled(file, self._clock.wall_ns()):
            return Fate.LATER
        try:
            return self._outbox.take(file)
        except OSError as error:
            complaint = error.strerror or str(error)
            if complaint != self._complaint:
                _log.warning("%s stays in the inbox: %s", file.path.text, complaint)
            self._complaint = complaint
            return Fate.OTHER


def is_settled(file: Done, wall_ns: int) -> bool:
    """Whether its writer is done, as far as can be known. By its ctime: no tool can set it back."""
    return not file.quiet or wall_ns - file.stat.ctime_ns >= QUIET_SECONDS * 1e9
