"""The watcher's way to the ledger: in batches, first the ledger and then the bell.

One batch is underway at a time, on a thread of its own where there is one: the next is read
meanwhile. While the ledger is away no more than these two are kept, and tried again; the bell is
told what it can take, and is never waited for: the clerk rings for the rest.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from typing import NamedTuple, TypeVar
from uuid import uuid4

from worker.core.backoff import Outage, failed
from worker.core.errors import Unavailable
from worker.core.ringing import hints
from worker.core.sight import Sight
from worker.ports import Bell, Clock, Intake, Notice, Recorded
from worker.watcher.known import Known

_log = logging.getLogger(__name__)

BATCH_FILES = 250  # more are hardly quicker, and a live file waits for the batch underway
BATCH_BYTES = 16_000_000
ANSWER_SECONDS = (
    0.25  # that a full recorder waits for the ledger at once, so that a stop is noticed
)

Answer = TypeVar("Answer")
Submit = Callable[[Callable[[], Recorded]], Future[Recorded]]
"""Do it, on whatever thread; what it raises, the future raises."""


def at_once(job: Callable[[], Recorded]) -> Future[Recorded]:
    """Do it on the caller's thread."""
    answer: Future[Recorded] = Future()
    try:
        answer.set_result(job())
    except Unavailable as error:
        answer.set_exception(error)
    return answer


class Batch(NamedTuple):
    notices: list[Notice]
    mark: int  # of the ledger before the first of them was read
    answer: Future[Recorded]


class Settled(NamedTuple):
    """What the ledger took of the last batch: up to *mark*, the latest of these paths is ours."""

    paths: frozenset[bytes]
    mark: int


class Recorder:
    def __init__(
        self, inbox: str, intake: Intake, bell: Bell, clock: Clock, *, submit: Submit = at_once
    ) -> None:
        self._inbox = inbox
        self._name = uuid4().hex  # no other watcher has it, wherever it runs
        self._intake = intake
        self._bell = Doorbell(bell, clock)  # rung by whoever records
        self._clock = clock
        self._submit = submit
        self._underway: Batch | None = None
        self._settled = Settled(frozenset(), 0)
        self._notices: list[Notice] = []
        self._bytes = 0
        self._mark = 0  # of the ledger, as it last said
        self._read_after = 0  # the mark before the first of the notices was read
        self._stale: list[Notice] = []
        self._outage: Outage | None = None

    @property
    def underway(self) -> bool:
        """Whether the ledger has still to answer."""
        return self._underway is not None

    @property
    def waiting(self) -> int:
        """Notices that the ledger does not have yet."""
        return len(self._notices) + (len(self._underway.notices) if self._underway else 0)

    @property
    def full(self) -> bool:
        return len(self._notices) >= BATCH_FILES or self._bytes >= BATCH_BYTES

    @property
    def away_seconds(self) -> float:
        """For how long the ledger has been away."""
        return self._clock.monotonic() - self._outage.since if self._outage else 0.0

    def add(self, notice: Notice) -> None:
        if not self._notices:
            self._read_after = self._mark
        self._notices.append(notice)
        self._bytes += _weight([notice])

    def flush(self) -> None:
        """Record what there is, once the batch before it is recorded; waits for that if full."""
        self.catch_up(ANSWER_SECONDS if self.full else 0.0)
        if self._notices and self._underway is None and not self._resting:
            self._send()
            self.catch_up(0.0)

    def catch_up(self, timeout_seconds: float) -> None:
        """Take in what became of the batch that is underway.

        One whose fate is unknown is recorded again: that is safe.
        """
        if self._underway is None or not wait([self._underway.answer], timeout_seconds).done:
            return
        batch, self._underway = self._underway, None
        try:
            recorded = batch.answer.result()
        except Unavailable as error:
            self._failed(error)
            self._notices[:0], self._read_after = batch.notices, batch.mark
            self._bytes += _weight(batch.notices)
        else:
            self._recovered()
            self._mark = max(self._mark, recorded.mark)
            self._stale += recorded.stale
            paths = {notice.path.raw for notice in batch.notices}
            paths -= {notice.path.raw for notice in recorded.stale}
            self._settled = Settled(frozenset(paths), recorded.mark)

    def _send(self) -> None:
        """In the order of paths, as people list a folder: of two copies, the first is the article.

        The sort is stable, so the generations of a path stay in order.
        """
        found, mark = self._part()
        notices = sorted(found, key=lambda notice: notice.path.raw)

        def record() -> Recorded:
            recorded = self._intake.record(self._inbox, notices, mark=mark)
            self._bell.ring(recorded.due, named=recorded.live)
            return recorded

        self._underway = Batch(notices, mark, self._submit(record))

    def _part(self) -> tuple[list[Notice], int]:
        """Take what goes now, and its mark.

        What was read anew while the batch before it was underway has an older mark than the rows of
        that batch, which are ours: by it we would have overtaken ourselves. Such paths go
        next, on their own, by the mark of that batch.
        """
        notices, mark, (paths, settled) = self._notices, self._read_after, self._settled
        again = [n for n in notices if mark < settled and n.path.raw in paths]
        others = [n for n in notices if mark >= settled or n.path.raw not in paths]
        part, rest = ((others, mark), again) if others else ((again, settled), [])
        self._notices, self._read_after, self._bytes = rest, settled, _weight(rest)
        return part

    def take_stale(self) -> list[Notice]:
        """Those that another watcher overtook, since the last call: to be looked at again."""
        taken, self._stale = self._stale, []
        return taken

    def known(self) -> Known | None:
        """What a scan need not read again; None while the ledger is away."""

        def ask() -> Known:
            self._mark = self._intake.mark(self._inbox)
            return Known(self._intake.known(self._inbox))

        return self._ask(ask)

    def beat(self, *, settling: int, scanned: bool, sight: Sight) -> bool:
        """Whether the ledger heard it."""

        def tell() -> bool:
            self._intake.beat(
                self._inbox, settling=settling, scanned=scanned, sight=sight, watcher=self._name
            )
            return True

        return self._ask(tell) is not None

    @property
    def _resting(self) -> bool:
        """Whether the ledger was away a moment ago."""
        return self._outage is not None and self._clock.monotonic() < self._outage.retry_at

    def _ask(self, question: Callable[[], Answer]) -> Answer | None:
        if self._resting:
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


def _weight(notices: Sequence[Notice]) -> int:
    """Bytes of their contents."""
    return sum(len(notice.content or b"") for notice in notices)


class Doorbell:
    """Rings while few rings wait. Whatever goes wrong is harmless, so it is only said once."""

    def __init__(self, bell: Bell, clock: Clock) -> None:
        self._bell = bell
        self._clock = clock
        self._outage: Outage | None = None

    def ring(self, ids: Sequence[int], *, named: int) -> None:
        """Ring for *ids*; the first *named* are live."""
        if not ids or (self._outage and self._clock.monotonic() < self._outage.retry_at):
            return
        try:
            for hint in hints(ids, self._bell.waiting(), named=named):
                self._bell.ring(hint)
        except Unavailable as error:
            if self._outage is None:
                _log.warning("nobody can be rung for; the clerk will: %s", error)
            self._outage = failed(self._outage, self._clock.monotonic())
        else:
            self._outage = None
