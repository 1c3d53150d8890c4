"""The watcher's way to the ledger: in batches, first the ledger and then the bell.

While the ledger is away its notices are kept, no more than one batch of them, and tried again;
the bell is told what it can take, and is never waited for: the clerk rings for the rest.
"""

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from worker.core.backoff import Outage, failed
from worker.core.errors import Unavailable
from worker.core.ledger import Stat
from worker.core.ringing import hints
from worker.ports import Bell, Clock, Intake, Notice

_log = logging.getLogger(__name__)

BATCH_FILES = 500
BATCH_BYTES = 32_000_000

Answer = TypeVar("Answer")


class Recorder:
    def __init__(self, inbox: str, intake: Intake, bell: Bell, clock: Clock) -> None:
        self._inbox = inbox
        self._intake = intake
        self._bell = Doorbell(bell, clock)
        self._clock = clock
        self._notices: list[Notice] = []
        self._bytes = 0
        self._outage: Outage | None = None

    @property
    def waiting(self) -> int:
        """Notices that the ledger does not have yet."""
        return len(self._notices)

    @property
    def full(self) -> bool:
        return len(self._notices) >= BATCH_FILES or self._bytes >= BATCH_BYTES

    @property
    def away_seconds(self) -> float:
        """For how long the ledger has been away."""
        return self._clock.monotonic() - self._outage.since if self._outage else 0.0

    def add(self, notice: Notice) -> None:
        self._notices.append(notice)
        self._bytes += len(notice.content or b"")

    def flush(self) -> None:
        """Record what there is. A batch whose fate is unknown is recorded again: that is safe.

        In the order of paths, as people list a folder: of two copies, the first is the article.
        """
        if not self._notices:
            return
        self._notices.sort(key=lambda notice: notice.path.raw)  # stable: generations stay in order
        recorded = self._ask(lambda: self._intake.record(self._inbox, self._notices))
        if recorded is not None:
            self._notices, self._bytes = [], 0
            self._bell.ring(recorded.due)

    def known(self) -> dict[bytes, Stat] | None:
        """What a scan need not read again; None while the ledger is away."""
        return self._ask(lambda: dict(self._intake.known(self._inbox)))

    def beat(self, *, settling: int, scanned: bool) -> bool:
        """Whether the ledger heard it."""

        def tell() -> bool:
            self._intake.beat(self._inbox, settling=settling, scanned=scanned)
            return True

        return self._ask(tell) is not None

    def _ask(self, question: Callable[[], Answer]) -> Answer | None:
        if self._outage and self._clock.monotonic() < self._outage.retry_at:
            return None
        try:
            answer = question()
        except Unavailable as error:
            self._failed(error)
            return None
        self._recovered()
        return answer

    def _failed(self, error: Unavailable) -> None:
        if self._outage is None:
            _log.warning("the ledger is away, noticing goes on: %s", error)
        self._outage = failed(self._outage, self._clock.monotonic())

    def _recovered(self) -> None:
        if self._outage is not None:
            _log.warning("the ledger is back after %.1f s", self.away_seconds)
            self._outage = None


class Doorbell:
    """Rings while few rings wait. Whatever goes wrong is harmless, so it is only said once."""

    def __init__(self, bell: Bell, clock: Clock) -> None:
        self._bell = bell
        self._clock = clock
        self._outage: Outage | None = None

    def ring(self, ids: Sequence[int]) -> None:
        if not ids or (self._outage and self._clock.monotonic() < self._outage.retry_at):
            return
        try:
            for hint in hints(ids, self._bell.waiting()):
                self._bell.ring(hint)
        except Unavailable as error:
            if self._outage is None:
                _log.warning("nobody can be rung for; the clerk will: %s", error)
            self._outage = failed(self._outage, self._clock.monotonic())
        else:
            self._outage = None
