"""What Linux tells of an inbox while it happens: watchdog's inotify reader, our own callback.

Not watchdog's observer, for two reasons that were measured on 7.1.0. It holds everything back for
half a second behind each file that is moved *out* of the folder, in the hope of a second half of
that event (500 ms in 8 of 8 trials). And it does not tell its caller that the kernel's queue
overflowed. The reader underneath does neither harm.

Asked for are closes after writing, renames into place, creations, and the comings and goings of
folders. Not single writes: see ``worker/core/settling.py``. A new folder is watched first and
listed after, so that nothing falls between; a file may then be seen twice, which is harmless.
"""

import errno
import logging
import os
import threading
from collections import deque
from pathlib import Path
from typing import NamedTuple

from watchdog.observers.inotify_c import (
    CallbackId,
    InotifyConstants,
    InotifyEvent,
    InotifyFD,
    Mask,
    WatchDescriptor,
)

from worker.core.settling import Sign
from worker.ports import Sighting, Sightings

_log = logging.getLogger(__name__)

CAPACITY = 65_536  # sightings kept for a watcher that is busy; beyond, it has to scan

_MASK = Mask(
    InotifyConstants.IN_CREATE
    | InotifyConstants.IN_CLOSE_WRITE
    | InotifyConstants.IN_MOVED_TO
    | InotifyConstants.IN_MOVED_FROM
    | InotifyConstants.IN_ONLYDIR
)
_BELOW = Mask(_MASK | InotifyConstants.IN_DONT_FOLLOW)  # the inbox itself may be a link


_EXHAUSTED = frozenset({errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.ENOMEM})


class Mailbox:
    """Sightings on their way from the reader's thread to the watcher's, bounded."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._arrived = threading.Condition()
        self._seen: deque[Sighting] = deque()
        self._lost = False

    def put(self, path: bytes, sign: Sign) -> None:
        with self._arrived:
            if len(self._seen) < self._capacity:
                self._seen.append(Sighting(path, sign))
            else:
                self._lost = True
            self._arrived.notify()

    def put_loss(self) -> None:
        with self._arrived:
            self._lost = True
            self._arrived.notify()

    def take(self, timeout_seconds: float) -> Sightings:
        with self._arrived:
            self._arrived.wait_for(lambda: self._seen or self._lost, timeout_seconds)
            taken = Sightings(tuple(self._seen), self._lost)
            self._seen.clear()
            self._lost = False
        return taken


class Tree:
    """The folders that are watched. Its callbacks come from the reader's thread."""

    def __init__(self, reader: InotifyFD, root: bytes, mailbox: Mailbox) -> None:
        self._reader = reader
        self._root = root
        self._mailbox = mailbox
        self._lock = threading.Lock()  # the reader holds none of its own while it calls us
        self._folders: dict[WatchDescriptor, bytes] = {}  # below the root, which is b""
        self._watches: dict[bytes, WatchDescriptor] = {}

    @property
    def rooted(self) -> bool:
        """Whether the inbox itself is watched: a watch ends with its folder, or its mount."""
        return b"" in self._watches

    def watch_all(self) -> None:
        with self._lock:
            self._add(b"", _MASK)
            for folder in _list(self._root, b"").folders:
                self._watch(folder)

    def on_event(self, event: InotifyEvent) -> None:
        with self._lock:
            folder = self._folders.get(event.wd)
            if folder is None:
                return  # it has moved away meanwhile
            path = _join(folder, event.name)
            if event.is_directory:
                self._on_folder(path, event)
            elif (sign := _sign(event)) is not None:
                self._mailbox.put(path, sign)

    def on_watch_deleted(self, wd: WatchDescriptor) -> None:
        with self._lock:
            folder = self._folders.pop(wd, None)
            if folder is not None and self._watches.get(folder) == wd:
                del self._watches[folder]

    def on_queue_overflow(self) -> None:
        self._mailbox.put_loss()

    def _on_folder(self, path: bytes, event: InotifyEvent) -> None:
        if event.is_moved_from:
            self._forget(path)
        elif event.is_create or event.is_moved_to:
            try:
                for file in self._watch(path):
                    self._mailbox.put(file, Sign.FOUND)
            except OSError as error:  # out of watches
                _log.warning("folder %r cannot be watched: %s", path, error.strerror)
                self._mailbox.put_loss()

    def _watch(self, folder: bytes) -> list[bytes]:
        """Watch *folder* and all below it, and name the files that are there already."""
        files: list[bytes] = []
        pending = [folder]
        while pending:
            folder = pending.pop()
            try:
                self._add(folder, _BELOW)
            except OSError as error:
                if error.errno in _EXHAUSTED:
                    raise
                continue  # gone, closed to us, of too long a path: a scan says so
            listing = _list(self._root, folder)
            files += listing.files
            pending += listing.folders
        return files

    def _add(self, folder: bytes, mask: Mask) -> None:
        if folder in self._watches:
            return
        wd = self._reader.add_callback(self._root + b"/" + folder, mask, self, self._id)
        if wd == -1:  # how this reader says EACCES; it must not keep the entry for the next one
            self._reader.remove_callbacks([(wd, self._id)])
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        self._folders[wd], self._watches[folder] = folder, wd

    def _forget(self, folder: bytes) -> None:
        below = [p for p in self._watches if p == folder or p.startswith(folder + b"/")]
        watches = [self._watches.pop(path) for path in below]
        for wd in watches:
            self._folders.pop(wd, None)
        self._reader.remove_callbacks([(wd, self._id) for wd in watches])

    @property
    def _id(self) -> CallbackId:
        return CallbackId(id(self))


def _sign(event: InotifyEvent) -> Sign | None:
    if event.is_moved_to:
        return Sign.RENAMED
    if event.is_close_write:
        return Sign.CLOSED
    return Sign.FOUND if event.is_create else None


class InotifyEvents:
    """Listens below *root*, and notices when another folder stands there."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self._root = Path(root)
        self._mailbox = Mailbox()
        self._reader: InotifyFD | None = None
        self._tree: Tree | None = None
        self._identity: tuple[int, int] | None = None

    def start(self) -> None:
        self.stop()
        self._identity = self._look()
        reader = InotifyFD()
        reader.start()
        self._reader = reader
        self._tree = Tree(reader, os.fsencode(self._root), self._mailbox)
        try:
            self._tree.watch_all()
        except OSError:
            self.stop()
            raise

    def take(self, timeout_seconds: float) -> Sightings:
        return self._mailbox.take(timeout_seconds)

    def alive(self) -> bool:
        if self._reader is None or self._tree is None:
            return False
        listening = self._reader.is_alive() and self._tree.rooted
        return listening and self._look() == self._identity

    def stop(self) -> None:
        if self._reader is not None:
            self._reader.stop()
            self._reader.join()
            self._reader = self._tree = None

    def _look(self) -> tuple[int, int] | None:
        try:
            found = self._root.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


class _Listing(NamedTuple):
    folders: list[bytes]
    files: list[bytes]


def _list(root: bytes, folder: bytes) -> _Listing:
    """What is in *folder*; nothing when it is gone or closed to us, which a scan will report."""
    listing = _Listing([], [])
    try:
        with os.scandir(root + b"/" + folder) as entries:
            for entry in entries:
                kind = listing.folders if entry.is_dir(follow_symlinks=False) else listing.files
                kind.append(_join(folder, entry.name))
    except OSError as error:
        _log.debug("folder %r cannot be listed: %s", folder, error.strerror)
    return listing


def _join(folder: bytes, name: bytes) -> bytes:
    return folder + b"/" + name if folder else name
