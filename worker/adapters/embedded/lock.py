"""Locks that end with the processes that hold them, however those end.

``flock(2)``: the lock belongs to the open file, so a child that inherits the descriptor holds it
too, and it is free when the last of them is gone. No pid is compared, and nothing is ever stale.
The file stays: removing it would let two processes lock two files of one name.
"""

import fcntl
import os
import time
from pathlib import Path

_PAUSE_SECONDS = 0.01


def opened(path: Path) -> int:
    """A descriptor for *path*, not inherited unless handed over. Closing it is the caller's."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def acquire(lock: int, *, within_seconds: float) -> bool:
    deadline = time.monotonic() + within_seconds
    while not _taken(lock, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE_SECONDS)
    return True


def is_held(path: Path) -> bool:
    """Whether some process holds the lock now. Holds it, shared, for an instant itself."""
    try:
        lock = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not _taken(lock, fcntl.LOCK_SH)
    finally:
        os.close(lock)


def _taken(lock: int, mode: int) -> bool:
    try:
        fcntl.flock(lock, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
