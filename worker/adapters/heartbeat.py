"""Show in a file that the work goes on, for a health check that looks from outside.

That a process exists proves nothing. The file is touched when the ledger has heard the watcher, and
while a worker's consumer is connected and its event loop turns: it grows old when either hangs, and
also while the service that it needs is away.

Absent: whether the work gets on. That is the ledger's to say (``copydesk status``).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from celery import bootsteps

from worker.core.ledger import Stat
from worker.core.sight import CLEAR_SIGHT, Sight
from worker.ports import Intake, Notice, Recorded

EVERY_SECONDS = 5.0


class BeatingIntake:
    """An intake whose beats show in a file, once they are recorded."""

    def __init__(self, intake: Intake, file: Path) -> None:
        self._intake = intake
        self._file = file

    def known(self, inbox: str) -> Iterator[tuple[bytes, Stat]]:
        return self._intake.known(inbox)

    def mark(self, inbox: str) -> int:
        return self._intake.mark(inbox)

    def record(self, inbox: str, notices: Sequence[Notice], *, mark: int | None = None) -> Recorded:
        return self._intake.record(inbox, notices, mark=mark)

    def beat(
        self,
        inbox: str,
        *,
        settling: int,
        scanned: bool,
        sight: Sight = CLEAR_SIGHT,
        watcher: str = "",
    ) -> None:
        self._intake.beat(inbox, settling=settling, scanned=scanned, sight=sight, watcher=watcher)
        self._file.touch()


def consumer_step(file: Path) -> type[bootsteps.StartStopStep]:
    """A step for Celery's consumer: it starts with each connection, and stops when that is lost."""

    class Heartbeat(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery publishes no types
        requires = ("celery.worker.consumer.tasks:Tasks",)  # then it takes work

        def start(self, consumer: Any) -> None:  # noqa: ANN401
            file.touch()
            self._beats = consumer.timer.call_repeatedly(EVERY_SECONDS, file.touch)

        def stop(self, consumer: Any) -> None:  # noqa: ANN401, ARG002
            self._beats.cancel()

    return Heartbeat
