import errno
import os
import stat as mode
from collections.abc import Iterator
from pathlib import Path as DiskPath

import pytest

from worker.adapters.folder import DiskFolder, _ending, as_stat
from worker.core.errors import Rejected, Unavailable, UsageError
from worker.core.ledger import Path, Reason
from worker.ports import Unlisted

LIMIT = 1_000

ODD_NAMES = [
    pytest.param(b"caf\xe9.txt", id="not UTF-8"),
    pytest.param(b"line\nbreak.txt", id="newline"),
    pytest.param(b"-rf", id="leading dash"),
    pytest.param(b"x" * 255, id="255 bytes"),
    pytest.param(b" ", id="a space"),
    pytest.param("資料.txt".encode(), id="UTF-8"),
]


def write(root: DiskPath, raw: bytes, content: bytes = b"text") -> DiskPath:
    """Make a file, and its folders."""
    path = root / os.fsdecode(raw)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def open_descriptors() -> int:
    return sum(1 for _ in DiskPath("/proc/self/fd").iterdir())


def refusal(folder: DiskFolder, raw: bytes) -> Reason:
    with pytest.raises(Rejected) as caught:
        folder.read(Path(raw), LIMIT)
    return caught.value.reason


@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_name_can_be_walked_and_read(tmp_path: DiskPath, name: bytes) -> None:
    write(tmp_path, b"a/" + name, b"text")
    folder = DiskFolder(tmp_path)

    [(path, found)] = folder.walk()

    assert path == Path(b"a/" + name)
    assert folder.stat(path) == found
    assert folder.read(path, LIMIT) == (found, b"text")


def test_walk_finds_all_that_is_no_folder(tmp_path: DiskPath) -> None:
    write(tmp_path, b"one")
    write(tmp_path, b"a/two")
    write(tmp_path, b"a/b/c/three")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    (tmp_path / "empty").mkdir()

    found = {path.raw for path, _ in DiskFolder(tmp_path).walk()}

    assert found == {b"one", b"a/two", b"a/b/c/three", b"pipe", b"link"}


def test_the_inbox_itself_may_be_a_link(tmp_path: DiskPath) -> None:
    write(tmp_path, b"real/one")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    folder = DiskFolder(tmp_path / "link")

    assert [path.raw for path, _ in folder.walk()] == [b"one"]
    assert folder.read(Path(b"one"), LIMIT)[1] == b"text"


def test_stat_says_what_the_system_says(tmp_path: DiskPath) -> None:
    expected = write(tmp_path, b"one", b"12345").stat()

    found = DiskFolder(tmp_path).stat(Path(b"one"))

    assert found is not None
    assert (found.size, found.mtime_ns) == (5, expected.st_mtime_ns)
    assert (found.ctime_ns, found.inode) == (expected.st_ctime_ns, expected.st_ino)


@pytest.mark.parametrize(
    ("year_seconds", "expected_ns"),
    [
        pytest.param(10_413_792_000, (1 << 63) - 1, id="2300"),
        pytest.param(-11_676_096_000, -(1 << 63), id="1600"),
        pytest.param(9_000_000_000, 9_000_000_000 * 10**9, id="2255"),
    ],
)
def test_a_time_that_no_ledger_takes_is_the_last_one_that_it_does(
    year_seconds: int, expected_ns: int
) -> None:
    """Not through a file: some file systems do not keep such a time."""
    ns = {"st_mtime_ns": year_seconds * 10**9, "st_ctime_ns": year_seconds * 10**9}
    found = as_stat(os.stat_result((0,) * 10, ns))

    assert (found.mtime_ns, found.ctime_ns) == (expected_ns, expected_ns)


@pytest.mark.parametrize("raw", [b"none", b"none/none", b"one/none", b"../one", b"/etc/passwd"])
def test_what_is_not_there_is_gone(tmp_path: DiskPath, raw: bytes) -> None:
    inbox = tmp_path / "inbox"
    write(inbox, b"one")
    write(tmp_path, b"one")
    folder = DiskFolder(inbox)

    assert folder.stat(Path(raw)) is None
    with pytest.raises(FileNotFoundError):
        folder.read(Path(raw), LIMIT)


@pytest.mark.parametrize("target", ["/etc/passwd", "one", "none"])
def test_no_link_is_followed(tmp_path: DiskPath, target: str) -> None:
    write(tmp_path, b"one")
    (tmp_path / "link").symlink_to(target)

    assert refusal(DiskFolder(tmp_path), b"link") is Reason.SYMLINK_OUTSIDE


def test_no_link_is_followed_on_the_way(tmp_path: DiskPath) -> None:
    """A folder that was swapped for a link since it was walked."""
    write(tmp_path, b"outside/secret")
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "a").symlink_to(tmp_path / "outside")
    folder = DiskFolder(tmp_path / "inbox")

    assert folder.stat(Path(b"a/secret")) is None
    with pytest.raises(FileNotFoundError):
        folder.read(Path(b"a/secret"), LIMIT)


def test_a_pipe_is_refused_and_its_writer_not_woken(tmp_path: DiskPath) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert refusal(DiskFolder(tmp_path), b"pipe") is Reason.SPECIAL_FILE
    with pytest.raises(OSError, match="No such device") as caught:  # as long as nobody reads it
        os.open(tmp_path / "pipe", os.O_WRONLY | os.O_NONBLOCK)
    assert caught.value.errno == errno.ENXIO


def test_a_device_is_refused(tmp_path: DiskPath) -> None:
    """Read through the folder of the system's own devices, which need no rights to be made."""
    assert mode.S_ISCHR(DiskPath("/dev/null").stat().st_mode)
    assert refusal(DiskFolder("/dev"), b"null") is Reason.SPECIAL_FILE


def test_a_socket_is_refused(tmp_path: DiskPath) -> None:
    os.mknod(tmp_path / "socket", mode.S_IFSOCK | 0o600)

    assert refusal(DiskFolder(tmp_path), b"socket") is Reason.SPECIAL_FILE


def test_a_folder_in_the_file_s_place_is_no_file(tmp_path: DiskPath) -> None:
    (tmp_path / "one").mkdir()

    with pytest.raises(FileNotFoundError):
        DiskFolder(tmp_path).read(Path(b"one"), LIMIT)


@pytest.mark.parametrize(("size", "fits"), [(0, True), (LIMIT, True), (LIMIT + 1, False)])
def test_the_limit_is_checked_before_reading(tmp_path: DiskPath, size: int, *, fits: bool) -> None:
    write(tmp_path, b"one", b"x" * size)
    folder = DiskFolder(tmp_path)

    if fits:
        assert len(folder.read(Path(b"one"), LIMIT)[1]) == size
    else:
        assert refusal(folder, b"one") is Reason.TOO_LARGE


def test_the_stat_is_of_after_the_read(tmp_path: DiskPath, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a file which changes meanwhile gives itself away."""
    path, read = write(tmp_path, b"one", b"half"), os.read

    def read_and_write(descriptor: int, size: int) -> bytes:
        content = read(descriptor, size)
        path.write_bytes(b"half and half")
        return content

    monkeypatch.setattr(os, "read", read_and_write)
    found, content = DiskFolder(tmp_path).read(Path(b"one"), LIMIT)

    assert content == b"half"
    assert found.size == len(b"half and half")


def test_a_read_that_is_cut_short_goes_on(
    tmp_path: DiskPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, b"one", b"a whole story")
    read = os.read
    monkeypatch.setattr(os, "read", lambda descriptor, size: read(descriptor, min(size, 5)))

    assert DiskFolder(tmp_path).read(Path(b"one"), LIMIT)[1] == b"a whole story"


def test_a_sparse_giant_is_refused_unread(tmp_path: DiskPath) -> None:
    os.truncate(write(tmp_path, b"giant"), 1 << 40)

    assert refusal(DiskFolder(tmp_path), b"giant") is Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param(errno.ENOENT, FileNotFoundError, id="gone"),
        pytest.param(errno.ESTALE, FileNotFoundError, id="gone from the server"),
        pytest.param(errno.ELOOP, FileNotFoundError, id="swapped for a link"),
        pytest.param(errno.EMFILE, Unavailable, id="too many files open"),
        pytest.param(errno.ENOMEM, Unavailable, id="no memory"),
        pytest.param(errno.ENOTCONN, Unavailable, id="a mount whose server is away"),
        pytest.param(errno.EACCES, Rejected, id="not ours to read"),
        pytest.param(errno.EIO, Rejected, id="a broken disk"),
    ],
)
def test_what_an_error_of_the_system_means(code: int, expected: type[Exception]) -> None:
    ending = _ending(OSError(code, os.strerror(code)))

    assert type(ending) is expected
    if isinstance(ending, Rejected):
        assert ending.reason is Reason.UNREADABLE
        assert ending.detail == os.strerror(code)


def test_an_inbox_that_vanished_is_a_state_of_the_world(tmp_path: DiskPath) -> None:
    with pytest.raises(Unavailable):
        next(DiskFolder(tmp_path / "none").walk())


def test_a_folder_that_vanishes_during_the_walk_is_passed_over(tmp_path: DiskPath) -> None:
    for name in (b"a/one", b"b/one"):
        write(tmp_path, name)
    walk = DiskFolder(tmp_path).walk()

    first, _ = next(walk)
    other = {b"a/one": "b", b"b/one": "a"}[first.raw]
    (tmp_path / other / "one").unlink()
    (tmp_path / other).rmdir()

    assert list(walk) == []


@pytest.mark.parametrize("told", [True, False])
def test_a_folder_that_cannot_be_listed_is_told_and_passed_over(
    tmp_path: DiskPath, monkeypatch: pytest.MonkeyPatch, *, told: bool
) -> None:
    """Rights do not bind root, so the system is made to refuse."""
    write(tmp_path, b"one")
    write(tmp_path, b"a/closed/two")
    scandir = os.scandir

    def refuse(listed: int) -> Iterator[os.DirEntry[str]]:
        if DiskPath(f"/proc/self/fd/{listed}").readlink().name == "closed":
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(listed)

    monkeypatch.setattr(os, "scandir", refuse)
    unlisted: list[Unlisted] = []
    found = [path.raw for path, _ in DiskFolder(tmp_path).walk(unlisted if told else None)]

    assert found == [b"one"]
    assert unlisted == [Unlisted(Path(b"a/closed"), "Permission denied")] * told


def test_a_path_may_be_longer_than_the_system_takes(
    tmp_path: DiskPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(20):
        DiskPath("x" * 250).mkdir()
        os.chdir("x" * 250)
    DiskPath("one").write_bytes(b"text")
    folder = DiskFolder(tmp_path)

    [(path, stat)] = folder.walk()

    assert len(path.raw) == 20 * 251 + 3
    assert folder.read(path, LIMIT) == (stat, b"text")


def test_a_folder_that_was_swapped_for_a_link_is_not_listed(tmp_path: DiskPath) -> None:
    """Nor is one below it."""
    write(tmp_path, b"outside/a/secret")
    write(tmp_path, b"inbox/one")
    (tmp_path / "inbox" / "a" / "a").mkdir(parents=True)
    walk = DiskFolder(tmp_path / "inbox").walk()

    first, _ = next(walk)
    (tmp_path / "inbox" / "a").rename(tmp_path / "inbox" / "b")
    (tmp_path / "inbox" / "a").symlink_to(tmp_path / "outside")

    assert first == Path(b"one")
    assert list(walk) == []


def test_a_walk_that_is_broken_off_leaves_nothing_open(tmp_path: DiskPath) -> None:
    write(tmp_path, b"a/one")
    before = open_descriptors()

    walk = DiskFolder(tmp_path).walk()
    next(walk)
    during = open_descriptors()
    walk.close()  # type: ignore[attr-defined]  # a generator

    assert during == before + 2, "ours and the listing's own"
    assert open_descriptors() == before


@pytest.mark.parametrize("name", ["none", "file"])
def test_check_names_the_folder_it_refuses(tmp_path: DiskPath, name: str) -> None:
    write(tmp_path, b"file")

    with pytest.raises(UsageError, match=rf"{tmp_path / name}.*COPYDESK_INBOX"):
        DiskFolder(tmp_path / name).check()


def test_check_accepts_a_folder(tmp_path: DiskPath) -> None:
    DiskFolder(tmp_path).check()
