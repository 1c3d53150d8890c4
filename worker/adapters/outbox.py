"""Take a file out of the inbox: delete it, or move it to an archive, if it is what was read.

Anybody may put another file in its place while we look. So it is read as the watcher reads it,
through a descriptor and past no link, and its name is looked at once more before it goes. On one
file system an archived file is moved first and looked at after; should another have come in
between, it is put back. What is left is the moment between the last look and a deletion, some
microseconds, in which somebody would have to rename another file to the very same name: whoever
cannot bear that archives, on the inbox's own file system.

In the archive a file has the date on which it ended and its path: ``2026/03/11/wires/a.txt``.
Nothing is overwritten: the same content is there once, another gets a number. A name is reserved
by an empty file, which no archived file is. One watcher at a time puts files there, so an empty
one that is found was left by a round that died. The lock is the system's: watchers on two machines
need an archive each.
"""

import errno
import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import count
from pathlib import Path

from worker.adapters.folder import DiskFolder, as_stat
from worker.core.errors import Rejected
from worker.core.ledger import Stat
from worker.ports import Done, Fate

_log = logging.getLogger(__name__)

_RESERVE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class DiskOutbox:
    """Out of *folder*, to *archive*, which lies outside it; without one, for good."""

    def __init__(self, folder: DiskFolder, archive: Path | None) -> None:
        self._folder = folder
        self._archive = archive

    def take(self, file: Done) -> Fate:
        try:
            return self._take(file)
        except FileNotFoundError:
            return Fate.GONE
        except Rejected:  # it grew, or is no file any more, or is closed to us
            return Fate.OTHER

    def _take(self, file: Done) -> Fate:
        stat, content = self._folder.read(file.path, file.stat.size)
        if not _is_what_was_read(file, stat, content):
            return Fate.OTHER
        if self._archive is None:
            return self._delete(file, stat)
        with _alone(self._archive):
            return self._keep(self._archive, file, stat, content)

    def _delete(self, file: Done, stat: Stat) -> Fate:
        with self._folder.parent(file.path) as (folder, name):
            if _look(name, folder) != stat:
                return Fate.OTHER
            os.unlink(name, dir_fd=folder)
        return Fate.TAKEN

    def _keep(self, archive: Path, file: Done, stat: Stat, content: bytes) -> Fate:
        place = _reserve(_place(archive, file), file.sha256)
        if place is None:
            return self._delete(file, stat)
        try:
            with self._folder.parent(file.path) as (folder, name):
                os.rename(name, place, src_dir_fd=folder)
        except OSError as error:
            if error.errno != errno.EXDEV:
                place.unlink()  # it is empty: nothing was moved
                raise
            _copy(content, stat, place)
            return self._delete(file, stat)
        return self._checked(file, stat, place)

    def _checked(self, file: Done, stat: Stat, place: Path) -> Fate:
        """Whether it was the right one that was moved; if not, put it back."""
        moved = _look(os.fsencode(place), None)
        if (moved.inode, moved.size, moved.mtime_ns) == (stat.inode, stat.size, stat.mtime_ns):
            return Fate.TAKEN
        if not self._put_back(file, place):
            _log.warning(
                "%s was replaced just now, and what replaced it cannot be put back: it is %s",
                file.path.text,
                place,
            )
        return Fate.OTHER

    def _put_back(self, file: Done, place: Path) -> bool:
        """Whether it is in the inbox again."""
        try:
            with self._folder.parent(file.path) as (folder, name):
                _move_back(place, folder, name)
        except OSError:
            return False
        return True


def _is_what_was_read(file: Done, stat: Stat, content: bytes) -> bool:
    """Not by its ctime: a changed mode or owner leaves it what it was."""
    known = (file.stat.size, file.stat.mtime_ns, file.stat.inode)
    found = (stat.size, stat.mtime_ns, stat.inode)
    return known == found and sha256(content).digest() == file.sha256


def _look(name: bytes, folder: int | None) -> Stat:
    return as_stat(os.stat(name, dir_fd=folder, follow_symlinks=False))


def _move_back(place: Path, folder: int, name: bytes) -> None:
    """Nothing that has come there meanwhile is overwritten, as far as the file system lets us."""
    try:
        os.link(place, name, dst_dir_fd=folder, follow_symlinks=False)
    except OSError:  # something is there, or there are no hard links here: that has many names
        if _is_there(name, folder):
            raise
        os.rename(place, name, dst_dir_fd=folder)
    else:
        place.unlink()


def _is_there(name: bytes, folder: int) -> bool:
    try:
        _look(name, folder)
    except FileNotFoundError:
        return False
    return True


@contextmanager
def _alone(archive: Path) -> Iterator[None]:
    """Be the only one on this machine who puts files there.

    Raises ``OSError``, but not the one that means a file is gone, where the archive is away.
    """
    try:
        folder = os.open(archive, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError as error:  # it is not made here: it may be a mount that is away
        raise NotADirectoryError(errno.ENOTDIR, "the archive is not there", str(archive)) from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _place(archive: Path, file: Done) -> Path:
    """Where it belongs; the folders are made."""
    place = archive / f"{file.at:%Y/%m/%d}" / os.fsdecode(file.path.raw)
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def _reserve(place: Path, digest: bytes) -> Path | None:
    """The first free name like *place*; None when the content is under one of them already."""
    for n in count(1):
        name = place if n == 1 else place.with_name(f"{place.stem}.{n}{place.suffix}")
        try:
            os.close(os.open(name, _RESERVE, 0o644))
        except FileExistsError:
            kept = name.read_bytes()
            if sha256(kept).digest() == digest:
                return None
            if kept:
                continue
        return name
    return None  # never: there is no end of numbers


def _copy(content: bytes, stat: Stat, place: Path) -> None:
    """To another file system: under its name only once it is whole and on disk."""
    part = place.with_name(f".{sha256(content).hexdigest()}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.utime(part, ns=(stat.mtime_ns, stat.mtime_ns))
    part.replace(place)
