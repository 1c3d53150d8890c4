"""The folder of the sockets: private, and short wherever the data lie.

A socket's path has room for 104 bytes (macOS; 108 on Linux), so it cannot lie with the data.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from worker.adapters.embedded.account import Account, give
from worker.adapters.embedded.endpoints import database_socket
from worker.adapters.embedded.record import Record

_PREFIX = "copydesk-"
_MOST_BYTES = 103  # and a zero


@contextmanager
def folder(account: Account | None) -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_parent()))  # mode 0700, a name of its own
    try:
        give(made, account)
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def discard_stale(record: Record | None, account: Account | None) -> None:
    """Remove the folder of an owner that was killed, if it is one that we would have made."""
    if record is None or record.sockets.parent not in _parents():
        return
    try:
        found = record.sockets.lstat()
    except FileNotFoundError:
        return
    ours = found.st_uid == (account.uid if account else os.geteuid())
    if ours and stat.S_ISDIR(found.st_mode) and record.sockets.name.startswith(_PREFIX):
        shutil.rmtree(record.sockets, ignore_errors=True)


def _parent() -> Path:
    return next(parent for parent in _parents() if _suits(parent))


def _parents() -> tuple[Path, ...]:
    return (Path(tempfile.gettempdir()), Path("/tmp"))  # noqa: S108 -- only the parent of mkdtemp's


def _suits(parent: Path) -> bool:
    """Short, and the same inside a URL and a list of PostgreSQL's."""
    longest = os.fsencode(database_socket(parent / f"{_PREFIX}12345678"))
    return len(longest) <= _MOST_BYTES and quote(str(parent)) == str(parent)
