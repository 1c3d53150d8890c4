"""Watch the free space of a disk, so that intake pauses before the database's disk is full.

A full disk stops PostgreSQL in the middle of whatever it does, also of what is in flight. Below the
mark only the taking in of further files stops: workers finish what they have.
"""

import os
from pathlib import Path

_AGAIN = 1.1  # times the mark have to be free before it goes on, so that it does not flutter


class LowWater:
    """Says why nothing more should be kept on the disk that *folder* is on, or ''."""

    def __init__(self, folder: Path, free_bytes: int) -> None:
        self._folder = folder
        self._mark_bytes = free_bytes
        self._low = False

    def __call__(self) -> str:
        free_bytes = _free_bytes(self._folder)
        needed_bytes = self._mark_bytes * (_AGAIN if self._low else 1)
        self._low = free_bytes is not None and free_bytes < needed_bytes
        if free_bytes is None or not self._low:
            return ""
        return (
            f"{free_bytes / 1e6:.0f} MB are free on the disk of {self._folder}, "
            f"and COPYDESK_MIN_FREE_MB is {self._mark_bytes / 1e6:.0f}"
        )


def _free_bytes(folder: Path) -> int | None:
    """None where it cannot be told, or there is no such folder."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return None
    return found.f_bavail * found.f_frsize
