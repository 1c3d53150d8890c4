"""Ask the ledger how things stand, on a thread of its own: a view must not freeze with a server."""

import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Self

from worker.cli.scene import Observed
from worker.core.errors import Unavailable
from worker.ports import Reading

_EVERY_SECONDS = 0.25
_MOST_SECONDS = 10.0
_SHARE = 0.1  # of the time at most, that the ledger shall spend on our questions


class Observer:
    """``latest`` is what was last heard, ``trouble`` why nothing newer was."""

    def __init__(self, reading: Reading, inbox: str, headlines: int) -> None:
        self._reading = reading
        self._inbox = inbox
        self._headlines = headlines
        self._stop = Event()
        self._thread = Thread(target=self._run, name="observer", daemon=True)
        self.latest: Observed | None = None
        self.trouble = ""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(1.0)  # a daemon: one that hangs on a dead server ends with us

    def ask(self) -> Observed:
        """How things stand now; raises ``Unavailable``."""
        asked_at = time.monotonic()
        status = self._reading.status(self._inbox)
        headlines = self._reading.latest(self._headlines, inbox=self._inbox)
        return Observed(status, headlines, asked_at)

    def _run(self) -> None:
        pause_seconds = 0.0
        while not self._stop.wait(pause_seconds):
            pause_seconds = min(max(_EVERY_SECONDS, _timed(self._look) / _SHARE), _MOST_SECONDS)

    def _look(self) -> None:
        try:
            self.latest, self.trouble = self.ask(), ""
        except Unavailable as error:
            self.trouble = str(error)


def _timed(action: Callable[[], None]) -> float:
    began = time.monotonic()
    action()
    return time.monotonic() - began
