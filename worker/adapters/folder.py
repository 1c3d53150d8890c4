"""An inbox on disk, read the way a stranger's folder must be.

Anybody who may write to the inbox may swap a file or a folder for a link while we look at it. So
nothing is opened or listed by its path: each step is taken relative to the descriptor of the one
before, no link is followed at any of them, and what was opened is looked at again before it is
read. Paths may be longer than the system takes in one piece. The inbox itself is opened by name
each time, since a mount may go and come back; it may be a link.

A pipe is not opened at all, not even for a moment: its writer would notice.
"""

import errno
import os
import stat as mode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from os import stat_result

from worker.core.errors import Rejected, Unavailable, UsageError
from worker.core.ledger import Path, Reason, Stat
from worker.core.settling import UNSEEN
from worker.ports import Unlisted

_ROOT = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC
_STEP = _ROOT | os.O_NOFOLLOW
_LISTED = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

_FIRST_NS, _LAST_NS = -(1 << 63), (1 << 63) - 1

_GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ESTALE, errno.ELOOP})
_EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})
_CUT_OFF = frozenset(  # the server of a network mount, or its process, is not there
    {
        errno.ENOTCONN,
        errno.ETIMEDOUT,
        errno.EHOSTDOWN,
        errno.EHOSTUNREACH,
        errno.ENETUNREACH,
        errno.ECONNRESET,
        errno.ECONNABORTED,
        errno.ECONNREFUSED,
        errno.ESHUTDOWN,
        errno.ENODEV,
    }
)


class DiskFolder:
    """Below *root*, which need not exist yet: see ``check``."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self._root = os.fsencode(root)

    def check(self) -> None:
        """Refuse to start on an inbox that is not there or cannot be listed."""
        try:
            with os.scandir(self._root):
                pass
        except OSError as error:
            raise UsageError(
                f"the inbox {os.fsdecode(self._root)!r} cannot be read: {error.strerror}; "
                "create it, or name another one (--inbox or COPYDESK_INBOX)"
            ) from error

    def walk(self, unlisted: list[Unlisted] | None = None) -> Iterator[tuple[Path, Stat]]:
        pending = [b""]
        while pending:
            folder = pending.pop()
            try:
                for raw, entry in self._list(folder):
                    if _is_folder(entry):
                        pending.append(raw)
                    elif (found := _stat_entry(entry)) is not None:
                        yield Path(raw), found
            except OSError as error:
                if not folder:
                    raise Unavailable(f"the inbox cannot be listed: {error.strerror}") from error
                if error.errno not in _GONE and unlisted is not None:
                    unlisted.append(Unlisted(Path(folder), error.strerror or str(error)))

    def stat(self, path: Path) -> Stat | None:
        try:
            with self.parent(path) as (folder, name):
                return as_stat(os.stat(name, dir_fd=folder, follow_symlinks=False))
        except OSError as error:
            return None if error.errno in _GONE else UNSEEN

    def read(self, path: Path, limit: int) -> tuple[Stat, bytes]:
        try:
            with self.parent(path) as (folder, name):
                _refuse_kind(os.stat(name, dir_fd=folder, follow_symlinks=False))
                descriptor = os.open(name, _FILE, dir_fd=folder)
            try:
                return _read(descriptor, limit)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise _ending(error) from error

    @contextmanager
    def parent(self, path: Path) -> Iterator[tuple[int, bytes]]:
        """A descriptor of the folder that *path* stands in, and its name there."""
        *steps, name = path.raw.split(b"/")
        if b".." in (*steps, name):
            raise FileNotFoundError(errno.ENOENT, "not below the inbox")
        with self._opened(steps) as folder:
            yield folder, name

    @contextmanager
    def _opened(self, steps: Iterable[bytes]) -> Iterator[int]:
        folder = os.open(self._root, _ROOT)
        try:
            for step in steps:
                inner = os.open(step, _STEP, dir_fd=folder)
                os.close(folder)
                folder = inner
            yield folder
        finally:
            os.close(folder)

    def _list(self, folder: bytes) -> Iterator[tuple[bytes, os.DirEntry[str]]]:
        """Give the entries while their folder is open: they are looked at relative to it."""
        prefix = folder + b"/" if folder else b""
        with self._opened(folder.split(b"/") if folder else ()) as opened:
            listed = os.open(b".", _LISTED, dir_fd=opened)
        try:
            with os.scandir(listed) as entries:
                for entry in entries:
                    yield prefix + os.fsencode(entry.name), entry
        finally:
            os.close(listed)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:  # where listings tell no kinds, and the entry cannot be looked at either
        return False


def _stat_entry(entry: os.DirEntry[str]) -> Stat | None:
    try:
        return as_stat(entry.stat(follow_symlinks=False))
    except OSError as error:
        return None if error.errno in _GONE else UNSEEN


def as_stat(found: stat_result) -> Stat:
    """Take a time beyond 64 bits of nanoseconds (1677 to 2262) for the last one within.

    Anybody can give a file one, and no ledger takes it.
    """
    mtime_ns, ctime_ns = (
        max(_FIRST_NS, min(ns, _LAST_NS)) for ns in (found.st_mtime_ns, found.st_ctime_ns)
    )
    return Stat(found.st_size, mtime_ns, ctime_ns, found.st_ino)


def _read(descriptor: int, limit: int) -> tuple[Stat, bytes]:
    found = os.fstat(descriptor)
    _refuse_kind(found)
    if found.st_size > limit:
        raise Rejected(Reason.TOO_LARGE, f"{found.st_size} bytes, the limit is {limit}")
    content = b"".join(_chunks(descriptor, found.st_size))
    return as_stat(os.fstat(descriptor)), content


def _chunks(descriptor: int, size: int) -> Iterator[bytes]:
    """As many bytes as the file had when it was opened; one read, unless it is cut short."""
    while size > 0 and (chunk := os.read(descriptor, size)):
        yield chunk
        size -= len(chunk)


def _refuse_kind(found: stat_result) -> None:
    if mode.S_ISREG(found.st_mode):
        return
    if mode.S_ISDIR(found.st_mode):
        raise FileNotFoundError(errno.ENOENT, "a folder stands in its place")
    if mode.S_ISLNK(found.st_mode):
        raise Rejected(Reason.SYMLINK_OUTSIDE, "a symbolic link; links are not followed")
    raise Rejected(Reason.SPECIAL_FILE, f"a {_KINDS.get(mode.S_IFMT(found.st_mode), 'device')}")


_KINDS = {mode.S_IFIFO: "pipe", mode.S_IFSOCK: "socket"}


def _ending(error: OSError) -> Exception:
    """What an error of the system means for the file."""
    if error.errno in _GONE:
        return FileNotFoundError(errno.ENOENT, error.strerror)
    if error.errno in _EXHAUSTED or error.errno in _CUT_OFF:
        return Unavailable(f"cannot read: {error.strerror}")
    return Rejected(Reason.UNREADABLE, error.strerror or str(error))
