"""The operating system: its clocks, identifiers made from them, and how it gives memory.

UUID version 7 as RFC 9562 has it in 5.7, with the counter of 6.2: 48 bits of Unix milliseconds,
a 42-bit counter that starts at random in its lower half each millisecond, 32 random bits. Ids of
one process sort in the order in which they were made, also when the clock is set back.
"""

import ctypes
import os
import sys
import time
from threading import Lock
from uuid import UUID

_COUNTER_BITS = 42
_VERSION = 7 << 76
_VARIANT = 0b10 << 62


def keep_memory() -> bool:
    """Tell the C library to keep the memory of a batch for the next one; whether it listened.

    The model's arrays are some megabytes each. glibc gives such blocks back at once and asks for
    them again, page by page: a third of a worker's time went to the kernel for it. Measured on one
    core, Python 3.13: 69 articles a second before, 89 after, for at most 30 MB more a process.

    Set at run time, since a process reads the variables that say the same (``MALLOC_…``) too early
    for us. Other C libraries do without.
    """
    return _tune((_M_MMAP_THRESHOLD, _MMAP_BYTES), (_M_TRIM_THRESHOLD, _TRIM_BYTES))


def share_memory() -> bool:
    """Tell the C library to serve all threads from one heap; whether it listened.

    For processes of few threads that seldom want memory at the same time. Each thread with a heap
    of its own keeps what its largest batch took: a tenth of a watcher's memory.
    """
    return _tune((_M_ARENA_MAX, 1))


def _tune(*options: tuple[int, int]) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and all(mallopt(*option) for option in options)


# malloc.h's names and numbers; the first threshold may not be larger.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_MMAP_BYTES = 32 * 1024 * 1024
_TRIM_BYTES = 512 * 1024 * 1024


def lives(pid: int) -> bool:
    """Whether there is a process of that number, ours or not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class SystemClock:
    def monotonic(self) -> float:
        return time.monotonic()

    def wall_ns(self) -> int:
        return time.time_ns()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class Uuid7Source:
    """A series of ascending identifiers. Safe to share among threads, and to fork."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Begin a new series: a forked child must not go on with its parent's counter."""
        self._lock = Lock()
        self._millisecond = 0
        self._counter = 0

    def make(self, now_ns: int) -> UUID:
        millisecond, counter = self._next(now_ns // 1_000_000)
        value = millisecond << 80 | _VERSION | _VARIANT | int.from_bytes(os.urandom(4), "big")
        return UUID(int=value | counter >> 30 << 64 | (counter & (1 << 30) - 1) << 32)

    def _next(self, millisecond: int) -> tuple[int, int]:
        with self._lock:
            if millisecond > self._millisecond:
                self._millisecond, self._counter = millisecond, _random_start()
            elif self._counter + 1 < 1 << _COUNTER_BITS:
                self._counter += 1
            else:
                self._millisecond, self._counter = self._millisecond + 1, _random_start()
            return self._millisecond, self._counter


def _random_start() -> int:
    return int.from_bytes(os.urandom(6), "big") >> (48 - _COUNTER_BITS + 1)


_series = Uuid7Source()
os.register_at_fork(after_in_child=_series.restart)


def uuid7() -> UUID:
    return _series.make(time.time_ns())
