"""The watcher in a real folder, with the kernel's own events and clock."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.doubles import Collector, Gong
from worker.adapters.folder import DiskFolder
from worker.adapters.inotify import InotifyEvents, Mailbox
from worker.adapters.system import SystemClock
from worker.core.ledger import Lane, Reason, Witness
from worker.core.settling import Patience, Sign
from worker.ports import Sighting, Sightings
from worker.watcher import Outside, Plan, Watcher

PATIENCE_SECONDS = 20.0  # against hanging, not a measurement
TEXT = "NAIROBI — Two sentences. Of no importance.\n".encode() * 80


class Inbox:
    """A watched folder."""

    def __init__(self, root: Path) -> None:
        self.root = root / "inbox"
        self.aside = root / "aside"  # on the same file system
        self.root.mkdir()
        self.aside.mkdir()
        self.intake = Collector(time.monotonic)
        self.events = InotifyEvents(self.root)
        self._stop = Event()
        clock = SystemClock()
        plan = Plan(
            inbox="inbox",
            max_bytes=1_000_000,
            exclude=("README*",),
            patience=Patience(settle_seconds=0.6),
            rescan_seconds=3_600,  # what is found, is found by events
        )
        self._pool = ThreadPoolExecutor(1)
        outside = Outside(
            DiskFolder(self.root), self.events, self.intake, Gong(), clock, submit=self._pool.submit
        )
        self._thread = Thread(target=Watcher(plan, outside).run, args=(self._stop,))

    def open(self) -> None:
        self._thread.start()
        wait_until(lambda: bool(self.intake.beats))

    def close(self) -> None:
        self._stop.set()
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()
        self._pool.shutdown()

    def prepare(self, name: str, content: bytes = TEXT) -> Path:
        """A file beside the inbox, whole and written a while ago."""
        path = self.aside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def wait_for(self, *names: bytes) -> None:
        wait_until(lambda: set(names) <= set(self.intake.paths))

    def contents(self) -> dict[bytes, bytes | None]:
        return {n.path.raw: n.content for n in self.intake.notices}


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    running = Inbox(tmp_path)
    running.open()
    yield running
    running.close()
    for notice in running.intake.notices:
        digest = None if notice.content is None else sha256(notice.content).digest()
        assert notice.sha256 == digest


def test_renamed_in_is_taken_at_once(inbox: Inbox) -> None:
    inbox.prepare("a.txt").rename(inbox.root / "a.txt")

    inbox.wait_for(b"a.txt")

    [notice] = inbox.intake.notices
    assert (notice.witness, notice.lane) == (Witness.RENAMED, Lane.LIVE)
    assert notice.content == TEXT


@pytest.mark.parametrize("copy", [shutil.copyfile, shutil.copy, shutil.copy2])
def test_copied_in_is_taken_when_closed(inbox: Inbox, copy: Callable[..., object]) -> None:
    source = inbox.prepare("a.txt")
    os.utime(source, (1, 1))

    copy(source, inbox.root / "a.txt")
    inbox.wait_for(b"a.txt")

    [notice] = inbox.intake.notices
    assert notice.witness is Witness.CLOSED
    assert notice.content == TEXT


def test_a_slow_copy_is_taken_whole(inbox: Inbox) -> None:
    """Pauses are shorter than the window, and add up to more."""
    with (inbox.root / "a.txt").open("wb", buffering=0) as file:
        for start in range(0, len(TEXT), 500):
            file.write(TEXT[start : start + 500])
            time.sleep(0.15)
    inbox.wait_for(b"a.txt")

    assert [n.content for n in inbox.intake.notices] == [TEXT]


def test_appends_that_follow_each_other_are_taken_together(inbox: Inbox) -> None:
    """Each opens and closes the file; the pauses are shorter than the moment of quiet."""
    for start in range(0, len(TEXT), 500):
        with (inbox.root / "a.txt").open("ab") as file:
            file.write(TEXT[start : start + 500])
        time.sleep(0.01)
    wait_until(lambda: inbox.contents().get(b"a.txt") == TEXT)

    assert len(inbox.intake.notices) <= 2, "one, unless this machine was very busy"


def test_a_corrected_file_is_noticed_again(inbox: Inbox) -> None:
    (inbox.root / "a.txt").write_bytes(b"as first published")
    inbox.wait_for(b"a.txt")
    (inbox.root / "a.txt").write_bytes(b"as corrected since")
    wait_until(lambda: len(inbox.intake.notices) == 2)

    contents = [n.content for n in inbox.intake.notices]
    assert contents == [b"as first published", b"as corrected since"]


def test_a_folder_that_is_moved_in(inbox: Inbox) -> None:
    """With what it holds, and what is put into it later."""
    names = [f"day/{i % 4}/{i}.txt" for i in range(40)]
    for name in names:
        inbox.prepare(name)

    (inbox.aside / "day").rename(inbox.root / "day")
    (inbox.root / "day" / "3" / "later.txt").write_bytes(TEXT)
    inbox.wait_for(b"day/3/later.txt", *map(os.fsencode, names))

    assert len(inbox.intake.notices) == 41


@pytest.mark.parametrize("run", range(3))
def test_a_folder_that_is_copied_in(inbox: Inbox, run: int) -> None:
    names = [f"day/{i % 4}/{i}.txt" for i in range(40)]
    for name in names:
        inbox.prepare(name)

    subprocess.run(["cp", "-r", inbox.aside / "day", inbox.root], check=True)  # noqa: S607 -- the cp people use
    inbox.wait_for(*map(os.fsencode, names))

    assert set(inbox.contents().values()) == {TEXT}


def test_a_folder_that_is_renamed_goes_on_being_watched(inbox: Inbox) -> None:
    (inbox.root / "a" / "b").mkdir(parents=True)
    (inbox.root / "a" / "b" / "1.txt").write_bytes(TEXT)
    inbox.wait_for(b"a/b/1.txt")

    (inbox.root / "a").rename(inbox.root / "z")
    (inbox.root / "z" / "b" / "2.txt").write_bytes(TEXT)
    inbox.wait_for(b"z/b/1.txt", b"z/b/2.txt")


def test_a_file_that_is_moved_out_delays_nobody(inbox: Inbox) -> None:
    """The observer of watchdog waits half a second for the other half of the event."""
    (inbox.root / "old.txt").write_bytes(TEXT)
    inbox.wait_for(b"old.txt")
    new = inbox.prepare("new.txt")

    (inbox.root / "old.txt").rename(inbox.aside / "old.txt")
    began = time.monotonic()
    new.rename(inbox.root / "new.txt")
    inbox.wait_for(b"new.txt")

    assert inbox.intake.recorded_at[-1] - began < 0.4


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(b"caf\xe9.txt", id="not UTF-8"),
        pytest.param(b"two\nlines.txt", id="newline"),
        pytest.param(b"-rf", id="leading dash"),
        pytest.param(b"x" * 255, id="255 bytes"),
        pytest.param(b"caf\xe9/a\n.txt", id="in a folder"),
    ],
)
def test_any_name(inbox: Inbox, name: bytes) -> None:
    full = inbox.root / os.fsdecode(name)
    full.parent.mkdir(exist_ok=True)
    full.write_bytes(TEXT)

    inbox.wait_for(name)

    assert inbox.contents() == {name: TEXT}


def test_what_is_not_meant_for_us_has_a_reason(inbox: Inbox) -> None:
    os.mkfifo(inbox.root / "pipe")
    (inbox.root / "passwd").symlink_to("/etc/passwd")
    for name in (".hidden", "a.txt.part", "b.tmp", "README.md"):
        (inbox.root / name).write_bytes(TEXT)
    (inbox.root / "giant.txt").write_bytes(bytes(1_000_001))

    inbox.wait_for(b"pipe", b"passwd", b".hidden", b"a.txt.part", b"b.tmp", b"README.md")
    inbox.wait_for(b"giant.txt")

    assert {n.path.raw: n.reason for n in inbox.intake.notices} == {
        b"pipe": Reason.SPECIAL_FILE,
        b"passwd": Reason.SYMLINK_OUTSIDE,
        b".hidden": Reason.TEMPORARY_NAME,
        b"a.txt.part": Reason.TEMPORARY_NAME,
        b"b.tmp": Reason.TEMPORARY_NAME,
        b"README.md": Reason.EXCLUDED_BY_PATTERN,
        b"giant.txt": Reason.TOO_LARGE,
    }
    assert set(inbox.contents().values()) == {None}


@pytest.mark.parametrize("name", [".a.txt.x7Yz", "a.txt.part", "a.txt~"])
def test_a_temporary_file_that_gets_its_name_is_new(inbox: Inbox, name: str) -> None:
    (inbox.root / name).write_bytes(TEXT)
    inbox.wait_for(os.fsencode(name))

    (inbox.root / name).rename(inbox.root / "a.txt")
    inbox.wait_for(b"a.txt")

    [notice] = inbox.intake.of(b"a.txt")
    assert (notice.witness, notice.content) == (Witness.RENAMED, TEXT)


def test_an_empty_file_is_recorded_as_it_is(inbox: Inbox) -> None:
    (inbox.root / "a.txt").touch()

    inbox.wait_for(b"a.txt")

    [notice] = inbox.intake.notices
    assert (notice.content, notice.reason) == (b"", None)


def test_a_burst(inbox: Inbox) -> None:
    """On a busy machine the writer may rest so long that a file is noticed empty before."""
    names = [f"{i}.txt" for i in range(2_000)]

    for i, name in enumerate(names):
        (inbox.root / name).write_bytes(b"story %d" % i)
    inbox.wait_for(*map(os.fsencode, names))

    noticed = [(notice.path, notice.sha256) for notice in inbox.intake.notices]
    assert len(set(noticed)) == len(noticed)  # nothing twice as it is
    assert inbox.contents() == {b"%d.txt" % i: b"story %d" % i for i in range(2_000)}


def test_files_that_were_there_before(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    (inbox.root / "a.txt").write_bytes(TEXT)

    inbox.open()
    inbox.wait_for(b"a.txt")
    inbox.close()

    [notice] = inbox.intake.notices
    assert (notice.witness, notice.lane) == (Witness.QUIET, Lane.BACKFILL)


def test_an_inbox_that_is_replaced_is_listened_to(inbox: Inbox) -> None:
    """As when a mount goes and comes back."""
    shutil.rmtree(inbox.root)
    inbox.root.mkdir()
    (inbox.root / "a.txt").write_bytes(TEXT)
    inbox.wait_for(b"a.txt")

    inbox.prepare("b.txt").rename(inbox.root / "b.txt")
    inbox.wait_for(b"b.txt")

    [notice] = inbox.intake.of(b"b.txt")
    assert notice.witness is Witness.RENAMED


# --- the kernel's events --------------------------------------------------------------------------


@pytest.fixture
def events(tmp_path: Path) -> Iterator[InotifyEvents]:
    listening = InotifyEvents(tmp_path)
    listening.start()
    yield listening
    listening.stop()


def heard(events: InotifyEvents, seconds: float = 0.3) -> list[tuple[bytes, Sign]]:
    found: list[tuple[bytes, Sign]] = []
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        found += [(sighting.path, sighting.sign) for sighting in events.take(left).seen]
    return found


def test_what_is_told(tmp_path: Path, events: InotifyEvents) -> None:
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "a").chmod(0o600)
    (tmp_path / "a").read_bytes()
    (tmp_path / "a").rename(tmp_path / "b")
    (tmp_path / "b").unlink()

    assert heard(events) == [
        (b"a", Sign.FOUND),
        (b"a", Sign.CLOSED),
        (b"b", Sign.RENAMED),
    ]


def test_a_folder_that_moved_out_is_no_longer_heard(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, events: InotifyEvents
) -> None:
    (tmp_path / "a").mkdir()
    heard(events)
    outside = tmp_path_factory.mktemp("outside") / "a"
    (tmp_path / "a").rename(outside)
    heard(events)

    (outside / "b").write_bytes(b"x")

    assert heard(events) == []


def test_links_to_folders_are_not_listened_to(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, events: InotifyEvents
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (tmp_path / "link").symlink_to(outside)
    heard(events)

    (outside / "b").write_bytes(b"x")

    assert heard(events) == []


def test_listening_ends_and_begins_anew(tmp_path: Path, events: InotifyEvents) -> None:
    alive = events.alive()
    events.stop()
    events.stop()
    stopped = events.alive()
    events.start()
    (tmp_path / "a").write_bytes(b"x")

    assert (alive, stopped) == (True, False)
    assert (b"a", Sign.CLOSED) in heard(events)


def test_another_folder_of_the_same_name_is_not_listened_to(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    events = InotifyEvents(root)
    events.start()
    root.rename(tmp_path / "aside")
    gone = events.alive()
    root.mkdir()

    assert (gone, events.alive()) == (False, False)
    events.stop()


def test_a_missing_folder_cannot_be_listened_to(tmp_path: Path) -> None:
    events = InotifyEvents(tmp_path / "none")

    with pytest.raises(FileNotFoundError):
        events.start()

    assert not events.alive()


def test_the_mailbox_is_bounded() -> None:
    mailbox = Mailbox(2)
    for name in (b"a", b"b", b"c"):
        mailbox.put(name, Sign.CLOSED)

    taken = mailbox.take(0.0)

    seen = (Sighting(b"a", Sign.CLOSED), Sighting(b"b", Sign.CLOSED))
    assert taken == Sightings(seen, lost=True)
    assert mailbox.take(0.0) == Sightings()
