"""End a step that takes too long: the soft limit, for one file or one call at a time.

The hard limit kills the child (Celery's, ``worker/tasks.py``); it is for code that never comes back
to Python. This one only raises ``Rejected``, so the file ends with a reason and its neighbours go
on. It belongs around pure steps: in a transaction, it could fall into the commit.

Only the main thread of a process may use it; a worker's child works there.
"""

import inspect
import signal
from collections.abc import Callable
from types import FrameType
from typing import ParamSpec, TypeVar

from worker.core.errors import Rejected
from worker.core.ledger import Reason

_AGAIN_SECONDS = 1.0  # libraries catch what they do not know; the next alarm may get through

_P = ParamSpec("_P")
_T = TypeVar("_T")


def limited(step: Callable[_P, _T], seconds: float) -> Callable[_P, _T]:
    """Give *step* so much time; more of it is ``Rejected`` as too_expensive."""

    def bounded(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        here = inspect.currentframe()

        def ring(_number: int, interrupted: FrameType | None) -> None:
            if _runs(here, interrupted):
                raise Rejected(Reason.TOO_EXPENSIVE, f"no end of it in {seconds:g} s")
            signal.setitimer(signal.ITIMER_REAL, 0)  # it rang while it was being turned off

        signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_SECONDS)
        try:
            return step(*args, **kwargs)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, signal.SIG_IGN)  # lets go of the frame, and its file

    return bounded


def _runs(wanted: FrameType | None, interrupted: FrameType | None) -> bool:
    """Whether *wanted* is among the frames of what was interrupted."""
    frame = interrupted
    while frame is not None and frame is not wanted:
        frame = frame.f_back
    return frame is not None
