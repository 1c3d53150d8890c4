import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from threading import Thread

import pytest

from worker.adapters.folder import DiskFolder, as_stat
from worker.adapters.outbox import DiskOutbox
from worker.core.ledger import Path as LedgerPath
from worker.core.ledger import Stat
from worker.ports import Done, Fate

AT = datetime(2026, 3, 11, 23, 59, tzinfo=UTC)
DAY = "2026/03/11"


class Place:
    """An inbox and an archive beside it."""

    def __init__(self, root: Path) -> None:
        self.inbox, self.archive = root / "in", root / "archive"
        self.inbox.mkdir()
        self.archive.mkdir()

    def put(self, name: str, content: bytes = b"a story") -> Done:
        file = self.inbox / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        path = LedgerPath(os.fsencode(name))
        return Done(path, as_stat(file.stat()), sha256(content).digest(), AT)

    def delete(self, file: Done) -> Fate:
        return DiskOutbox(DiskFolder(self.inbox), None).take(file)

    def keep(self, file: Done) -> Fate:
        return DiskOutbox(DiskFolder(self.inbox), self.archive).take(file)

    def kept(self) -> dict[str, bytes]:
        files = (file for file in self.archive.rglob("*") if file.is_file())
        return {str(file.relative_to(self.archive)): file.read_bytes() for file in files}

    def left(self) -> list[str]:
        return [str(f.relative_to(self.inbox)) for f in self.inbox.rglob("*") if not f.is_dir()]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.mark.parametrize("name", ["a.txt", "wires/one/a.txt", "-rf", "two\nlines", "caf\udce9.txt"])
def test_archived_by_date_and_path(place: Place, name: str) -> None:
    file = place.put(name)

    fates = place.keep(file), place.keep(file)

    assert fates == (Fate.TAKEN, Fate.GONE)
    assert place.kept() == {f"{DAY}/{name}": b"a story"}
    assert place.left() == []


def test_deleted(place: Place) -> None:
    file, other = place.put("a.txt"), place.put("b.txt")

    assert (place.delete(file), place.delete(file)) == (Fate.TAKEN, Fate.GONE)
    assert place.left() == [other.path.text]


def touch(file: Path) -> None:
    os.utime(file, ns=(1, 1))


def rewrite_with_the_same_times(file: Path) -> None:
    """Same size, same inode, and its old time put back: only its content tells."""
    before = file.stat()
    file.write_bytes(b"b story")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def replace(file: Path) -> None:
    other = file.with_name("other")
    other.write_bytes(file.read_bytes())
    times = file.stat()
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    other.replace(file)


def link(file: Path) -> None:
    moved = file.rename(file.parent.parent / "elsewhere")
    file.symlink_to(moved)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(touch, id="another time"),
        pytest.param(rewrite_with_the_same_times, id="another content"),
        pytest.param(replace, id="another file"),
        pytest.param(link, id="a link"),
        pytest.param(lambda file: file.write_bytes(b"a longer story"), id="it grew"),
    ],
)
@pytest.mark.parametrize("take", [Place.delete, Place.keep])
def test_what_is_not_what_was_read_stays(
    place: Place, take: Callable[[Place, Done], Fate], change: Callable[[Path], object]
) -> None:
    file = place.put("a.txt")
    change(place.inbox / "a.txt")

    assert take(place, file) is Fate.OTHER
    assert place.left() == ["a.txt"]
    assert place.kept() == {}


class Busy(DiskFolder):
    """An inbox in which something happens to a file just after it was read."""

    def __init__(self, root: Path, change: Callable[[Path], object]) -> None:
        super().__init__(root)
        self._change, self._at = change, root

    def read(self, path: LedgerPath, limit: int) -> tuple[Stat, bytes]:
        found = super().read(path, limit)
        self._change(self._at / os.fsdecode(path.raw))
        return found


def swap(file: Path) -> None:
    other = file.with_name("other")
    other.write_bytes(b"nobody has read this")
    other.replace(file)


@pytest.mark.parametrize("archives", [False, True], ids=["delete", "archive"])
@pytest.mark.parametrize(
    ("change", "fate", "left"),
    [
        pytest.param(swap, Fate.OTHER, b"nobody has read this", id="another takes its place"),
        pytest.param(Path.unlink, Fate.GONE, None, id="it goes"),
    ],
)
def test_what_happens_between_reading_and_taking(
    place: Place,
    change: Callable[[Path], object],
    fate: Fate,
    left: bytes | None,
    *,
    archives: bool,
) -> None:
    file = place.put("a.txt")
    outbox = DiskOutbox(Busy(place.inbox, change), place.archive if archives else None)

    assert outbox.take(file) is fate
    assert {f: (place.inbox / f).read_bytes() for f in place.left()} == (
        {"a.txt": left} if left else {}
    )
    assert place.kept() == {}


@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS])
def test_what_was_not_read_is_put_back_where_there_are_no_hard_links(
    place: Place, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def link(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "link", link)
    file = place.put("a.txt")

    fate = DiskOutbox(Busy(place.inbox, swap), place.archive).take(file)

    assert fate is Fate.OTHER
    assert (place.inbox / "a.txt").read_bytes() == b"nobody has read this"
    assert place.kept() == {}


@pytest.mark.parametrize("code", [errno.EEXIST, errno.EPERM])
def test_of_two_that_took_its_place_none_is_lost(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    def link(*_: object, **__: object) -> None:
        place.put("a.txt", b"nor this")
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "link", link)
    file = place.put("a.txt")

    DiskOutbox(Busy(place.inbox, swap), place.archive).take(file)

    assert (place.inbox / "a.txt").read_bytes() == b"nor this"
    assert place.kept() == {f"{DAY}/a.txt": b"nobody has read this"}
    assert [str(place.archive / DAY / "a.txt") in r.message for r in caplog.records] == [True]


class Met(DiskFolder):
    """An inbox where another watcher comes by just before a file is moved out."""

    def __init__(self, root: Path, other: Thread) -> None:
        super().__init__(root)
        self._other, self._looks = other, 0

    @contextmanager
    def parent(self, path: LedgerPath) -> Iterator[tuple[int, bytes]]:
        with super().parent(path) as found:
            self._looks += 1
            if self._looks == 2:  # the first is to read it
                self._other.start()
                self._other.join(0.2)
            yield found


def test_two_watchers_lose_nothing_between_them(place: Place) -> None:
    file, fates = place.put("a.txt"), []
    other = Thread(target=lambda: fates.append(place.keep(file)))

    fates.append(DiskOutbox(Met(place.inbox, other), place.archive).take(file))
    other.join()

    assert sorted(fates) == [Fate.GONE, Fate.TAKEN]
    assert place.kept() == {f"{DAY}/a.txt": b"a story"}


def test_a_changed_mode_is_no_other_file(place: Place) -> None:
    file = place.put("a.txt")
    (place.inbox / "a.txt").chmod(0o600)

    assert place.keep(file) is Fate.TAKEN


def test_the_same_content_is_archived_once(place: Place) -> None:
    for _ in range(2):
        assert place.keep(place.put("a.txt")) is Fate.TAKEN

    assert place.kept() == {f"{DAY}/a.txt": b"a story"}
    assert place.left() == []


def test_nothing_is_overwritten(place: Place) -> None:
    for content in (b"first", b"second", b"third", b"second"):
        place.keep(place.put("a.txt", content))

    assert place.kept() == {
        f"{DAY}/a.txt": b"first",
        f"{DAY}/a.2.txt": b"second",
        f"{DAY}/a.3.txt": b"third",
    }


def test_a_name_that_a_dead_round_reserved_is_used(place: Place) -> None:
    reserved = place.archive / DAY / "a.txt"
    reserved.parent.mkdir(parents=True)
    reserved.touch()

    place.keep(place.put("a.txt"))

    assert place.kept() == {f"{DAY}/a.txt": b"a story"}


def test_an_archive_that_is_away_is_not_made(place: Place) -> None:
    file = place.put("a.txt")
    place.archive.rmdir()

    with pytest.raises(NotADirectoryError):
        place.keep(file)

    assert place.left() == ["a.txt"]
    assert not place.archive.exists()


def test_a_folder_in_the_way_is_said(place: Place) -> None:
    """In the archive a file has the name of one of the folders."""
    place.keep(place.put("a"))

    (place.inbox / "a").unlink(missing_ok=True)
    with pytest.raises(OSError, match=r"File exists|Not a directory"):
        place.keep(place.put("a/b.txt"))

    assert place.left() == ["a/b.txt"]


def test_another_file_system(place: Place, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where there is one to try it on: memory, mostly."""
    memory = Path("/dev/shm")  # noqa: S108 -- another file system is the point
    if not memory.is_dir() or memory.stat().st_dev == place.inbox.stat().st_dev:
        pytest.skip("no second file system here")
    place.archive = memory / f"{tmp_path_factory.getbasetemp().name}-{os.getpid()}"
    place.archive.mkdir()
    try:
        file = place.put("a.txt")

        assert place.keep(file) is Fate.TAKEN
        assert place.kept() == {f"{DAY}/a.txt": b"a story"}
        assert (place.archive / DAY / "a.txt").stat().st_mtime_ns == file.stat.mtime_ns
        assert place.left() == []
    finally:
        for found in sorted(place.archive.rglob("*"), reverse=True):
            found.rmdir() if found.is_dir() else found.unlink()
        place.archive.rmdir()
