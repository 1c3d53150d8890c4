"""What the ledger has of every file of an inbox, in little memory: a scan holds all of it.

Numbers as objects would take three times as much: of 100,000 files some 30 MB instead of 18.
"""

from collections.abc import Iterable
from struct import Struct

from worker.core.ledger import Stat

_STAT = Struct("=QqqQ")  # size, mtime_ns, ctime_ns, inode


class Known:
    def __init__(self, files: Iterable[tuple[bytes, Stat]]) -> None:
        self._stats = {path: _pack(stat) for path, stat in files}

    def has(self, path: bytes, stat: Stat) -> bool:
        """Whether the ledger has *path* just so."""
        return self._stats.get(path) == _pack(stat)

    def get(self, path: bytes) -> Stat | None:
        packed = self._stats.get(path)
        return None if packed is None else Stat(*_STAT.unpack(packed))


def _pack(stat: Stat) -> bytes:
    return _STAT.pack(stat.size, stat.mtime_ns, stat.ctime_ns, stat.inode)
