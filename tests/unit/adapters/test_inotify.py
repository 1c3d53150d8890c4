"""What the kernel seldom does, told by hand; what it often does is in ``tests/integration``."""
# ruff: noqa: ARG002 -- a stand-in takes what the real reader takes

import errno
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from watchdog.observers.inotify_c import (
    CallbackId,
    InotifyConstants,
    InotifyEvent,
    Mask,
    WatchCallback,
    WatchDescriptor,
)

from worker.adapters.inotify import Mailbox, Tree
from worker.core.settling import Sign
from worker.ports import Sighting, Sightings

NEW_FOLDER = Mask(InotifyConstants.IN_CREATE | InotifyConstants.IN_ISDIR)


class Reader:
    """Hands out watches, up to a limit; a folder may be closed to us."""

    def __init__(self, *, limit: int = 99, closed: Sequence[bytes] = ()) -> None:
        self.watched: dict[int, bytes] = {}
        self.masks: list[Mask] = []
        self._limit = limit
        self._closed = closed

    def add_callback(
        self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId
    ) -> WatchDescriptor:
        if len(self.watched) >= self._limit:
            raise OSError(errno.ENOSPC, "inotify watch limit reached")
        wd = -1 if path.rpartition(b"/")[2] in self._closed else len(self.watched) + 1
        assert wd not in self.watched, "watchdog warns of a second entry"
        self.watched[wd] = path
        self.masks.append(mask)
        return WatchDescriptor(wd)

    def remove_callbacks(self, callbacks: list[tuple[WatchDescriptor, CallbackId]]) -> None:
        for wd, _ in callbacks:
            del self.watched[wd]


def tree(root: Path, reader: Reader) -> tuple[Tree, Mailbox]:
    mailbox = Mailbox()
    return Tree(reader, os.fsencode(root), mailbox), mailbox  # type: ignore[arg-type]


def event(wd: int, mask: Mask, name: bytes) -> InotifyEvent:
    return InotifyEvent(WatchDescriptor(wd), mask, 0, name)


def test_an_overflow_is_told(tmp_path: Path) -> None:
    watched, mailbox = tree(tmp_path, Reader())

    watched.on_queue_overflow()

    assert mailbox.take(0.0) == Sightings(lost=True)


def test_a_new_folder_beyond_the_limit_of_watches_asks_for_a_scan(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    watched, mailbox = tree(tmp_path, Reader(limit=1))
    watched.watch_all()
    (tmp_path / "new").mkdir()

    watched.on_event(event(1, NEW_FOLDER, b"new"))

    assert mailbox.take(0.0).lost
    assert "inotify watch limit reached" in caplog.text


def test_the_limit_of_watches_is_raised_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    watched, _ = tree(tmp_path, Reader(limit=1))

    with pytest.raises(OSError, match="limit"):
        watched.watch_all()


def test_folders_that_are_closed_to_us_are_left_out(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    reader = Reader(closed=(b"a", b"c"))
    watched, _ = tree(tmp_path, reader)

    watched.watch_all()

    root = os.fsencode(tmp_path) + b"/"
    assert sorted(reader.watched.values()) == [root, root + b"b"]
    assert watched.rooted


def test_only_the_inbox_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    reader = Reader()
    watched, _ = tree(tmp_path, reader)

    watched.watch_all()

    followed = [not mask & InotifyConstants.IN_DONT_FOLLOW for mask in reader.masks]
    assert followed == [True, False]


def test_an_inbox_that_is_closed_to_us_is_an_error(tmp_path: Path) -> None:
    watched, _ = tree(tmp_path, Reader(closed=(b"",)))

    with pytest.raises(PermissionError):
        watched.watch_all()


def test_a_new_folder_is_watched_to_its_depth_and_listed(tmp_path: Path) -> None:
    reader = Reader()
    watched, mailbox = tree(tmp_path, reader)
    watched.watch_all()
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c.txt").touch()

    watched.on_event(event(1, NEW_FOLDER, b"a"))
    watched.on_event(event(2, NEW_FOLDER, b"b"))  # the kernel tells of it as well

    assert len(reader.watched) == 3
    assert set(mailbox.take(0.0).seen) == {Sighting(b"a/b/c.txt", Sign.FOUND)}


@pytest.mark.parametrize("code", [errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG])
def test_a_new_folder_that_cannot_be_watched_is_no_news(tmp_path: Path, code: int) -> None:
    """It is gone already, or swapped, or too deep: the others must be watched all the same."""

    class Refusing(Reader):
        def add_callback(self, path: bytes, *rest: object) -> WatchDescriptor:
            if path.endswith(b"gone"):
                raise OSError(code, os.strerror(code))
            return super().add_callback(path, *rest)  # type: ignore[arg-type]

    watched, mailbox = tree(tmp_path, Refusing())
    watched.watch_all()

    watched.on_event(event(1, NEW_FOLDER, b"gone"))

    assert mailbox.take(0.0) == Sightings()


def test_events_of_a_folder_that_moved_away_are_ignored(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    reader = Reader()
    watched, mailbox = tree(tmp_path, reader)
    watched.watch_all()
    moved = Mask(InotifyConstants.IN_MOVED_FROM | InotifyConstants.IN_ISDIR)

    watched.on_event(event(1, moved, b"a"))
    watched.on_event(event(2, InotifyConstants.IN_CLOSE_WRITE, b"b.txt"))

    assert mailbox.take(0.0) == Sightings()
    assert list(reader.watched) == [1]


def test_a_folder_is_moved_away_without_its_namesakes(tmp_path: Path) -> None:
    for name in ("a", "a/b", "ab"):
        (tmp_path / name).mkdir()
    reader = Reader()
    watched, _ = tree(tmp_path, reader)
    watched.watch_all()
    moved = Mask(InotifyConstants.IN_MOVED_FROM | InotifyConstants.IN_ISDIR)

    watched.on_event(event(1, moved, b"a"))

    root = os.fsencode(tmp_path) + b"/"
    assert sorted(reader.watched.values()) == [root, root + b"ab"]


def test_a_watch_that_the_kernel_ended_is_forgotten(tmp_path: Path) -> None:
    watched, _ = tree(tmp_path, Reader())
    watched.watch_all()
    before = watched.rooted

    watched.on_watch_deleted(WatchDescriptor(1))
    watched.on_watch_deleted(WatchDescriptor(9))

    assert (before, watched.rooted) == (True, False)
