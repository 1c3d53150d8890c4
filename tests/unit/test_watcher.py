"""The watcher over real folders, with a clock set by hand and events told by the test."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path as DiskPath

import pytest

from tests.doubles import Action, Backlog, Collector, Gong, Moments, Story
from worker.adapters.folder import DiskFolder
from worker.core.errors import Rejected, Unavailable
from worker.core.ledger import Lane, Path, Reason, Stat, Witness
from worker.core.settling import HOLD_WINDOWS, UNSEEN, Patience, Sign, Trace
from worker.core.sight import CLEAR_SIGHT
from worker.core.sources import Source, Sources
from worker.ports import Folder, Sighting, Sightings, Unlisted
from worker.watcher import Outside, Plan, Watcher
from worker.watcher.recorder import BATCH_FILES, Recorder, Submit, at_once
from worker.watcher.table import Memory, Table, Waiting

HOUR_NS = 3_600 * 10**9
PATIENCE = Patience(settle_seconds=2.0, quiet_seconds=0.05)


@dataclass
class Disk:
    """What the ledger's disk lacks."""

    shortage: str = ""

    def __call__(self) -> str:
        return self.shortage


class Slow(DiskFolder):
    """A folder that takes some time to walk."""

    def __init__(self, root: DiskPath, clock: Moments, cost_seconds: float) -> None:
        super().__init__(root)
        self._clock = clock
        self._cost_seconds = cost_seconds

    def walk(self, unlisted: list[Unlisted] | None = None) -> Iterator[tuple[Path, Stat]]:
        self._clock.sleep(self._cost_seconds)
        return super().walk(unlisted)


@dataclass
class Stage:
    """A watcher, and what surrounds it."""

    root: DiskPath
    clock: Moments
    story: Story
    intake: Collector
    bell: Gong
    disk: Disk
    watcher: Watcher

    def write(self, name: str, content: bytes = b"text") -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def drop(self, at: float, name: str, sign: Sign, content: bytes = b"text") -> None:
        """Write a file at a moment, and tell of it."""
        self.story.at(at, told(name, sign, lambda: self.write(name, content)))

    def run(self, *, until: float) -> None:
        self.story.end(until)
        self.watcher.run(self.story.ended)

    @property
    def times(self) -> list[float]:
        """When each notice was recorded, in seconds from the beginning."""
        return [round(at - 1_000.0, 6) for at in self.intake.recorded_at]


def told(name: str, sign: Sign, action: Callable[[], object] = lambda: None) -> Action:
    def act() -> Sightings:
        action()
        return Sightings((Sighting(os.fsencode(name), sign),))

    return act


def quietly(action: Callable[[], object]) -> Action:
    """Done without anybody being told."""

    def act() -> None:
        action()

    return act


def stage(
    root: DiskPath,
    *,
    folder: Folder | None = None,
    old: bool = False,
    max_bytes: int = 1_000,
    max_bulk_bytes: int = 0,
    rescan_seconds: float = 60.0,
    max_settling: int = 1_000,
    cost_seconds: float = 0.0,
    submit: Submit = at_once,
    sources: tuple[Source, ...] = (),
) -> Stage:
    """By default files that the test writes have just been written; *old*: an hour ago."""
    clock = Moments(wall_ns=time.time_ns() + (HOUR_NS if old else 0))
    story, bell, disk = Story(clock), Gong(), Disk()
    intake = Collector(clock.monotonic)
    folder = folder or Slow(root, clock, cost_seconds)
    plan = Plan(
        inbox="inbox",
        max_bytes=max_bytes,
        max_bulk_bytes=max_bulk_bytes,
        exclude=("README*",),
        patience=PATIENCE,
        rescan_seconds=rescan_seconds,
        sources=Sources(sources),
        max_settling=max_settling,
    )
    outside = Outside(folder, story, intake, bell, clock, disk, submit)
    return Stage(root, clock, story, intake, bell, disk, Watcher(plan, outside))


# --- settling -------------------------------------------------------------------------------------


def test_a_folder_has_the_lane_that_the_operator_gives_it(tmp_path: DiskPath) -> None:
    play = stage(tmp_path, sources=(Source("old", lane=Lane.BACKFILL),))
    (tmp_path / "old").mkdir()
    play.drop(1.0, "old/a.txt", Sign.RENAMED, b"story")
    play.drop(1.0, "b.txt", Sign.RENAMED, b"another")

    play.run(until=5.0)

    lanes = {notice.path.text: notice.lane for notice in play.intake.notices}
    assert lanes == {"old/a.txt": Lane.BACKFILL, "b.txt": Lane.LIVE}


@pytest.mark.parametrize(
    ("sign", "after", "witness"),
    [
        pytest.param(Sign.RENAMED, 0.0, Witness.RENAMED, id="renamed: at once"),
        pytest.param(Sign.CLOSED, 0.05, Witness.CLOSED, id="closed: after a moment of quiet"),
        pytest.param(Sign.FOUND, 2.0, Witness.QUIET, id="created: after the window"),
    ],
)
def test_a_drop_is_recorded(tmp_path: DiskPath, sign: Sign, after: float, witness: Witness) -> None:
    play = stage(tmp_path)
    play.drop(1.0, "a.txt", sign, b"story")

    play.run(until=5.0)

    [notice] = play.intake.notices
    assert play.times == [1.0 + after]
    assert (notice.path, notice.content) == (Path(b"a.txt"), b"story")
    assert (notice.witness, notice.lane, notice.reason) == (witness, Lane.LIVE, None)
    assert notice.sha256 == sha256(b"story").digest()
    assert notice.stat == DiskFolder(tmp_path).stat(Path(b"a.txt"))
    assert play.bell.rings == [(0,)]


def test_a_writer_that_closes_and_returns_is_given_more_time(tmp_path: DiskPath) -> None:
    play = stage(tmp_path)
    for at, text in [(1.0, b"one"), (1.04, b"one two"), (1.13, b"one two three")]:
        play.drop(at, "a.txt", Sign.CLOSED, text)

    play.run(until=5.0)

    assert play.times == [1.33], "50 ms, 100 ms, then 200 ms after the last close"
    assert play.intake.notices[0].content == b"one two three"


def test_a_writer_is_remembered_after_its_file_was_recorded(tmp_path: DiskPath) -> None:
    """And forgotten after a minute."""
    play = stage(tmp_path)
    for at in (1.0, 2.0, 90.0):
        play.drop(at, "a.txt", Sign.CLOSED, f"at {at}".encode())

    play.run(until=95.0)

    assert play.times == [1.05, 2.1, 90.05]


def test_a_file_that_grows_is_left_alone(tmp_path: DiskPath) -> None:
    """A slow writer that is never seen to close: each look finds more, the last no more."""
    play = stage(tmp_path)
    play.drop(1.0, "a.txt", Sign.FOUND, b"a")
    for at in (2.0, 4.0, 6.0):
        play.story.at(at, quietly(lambda: play.write("a.txt", b"a" * 50)))
        play.story.at(at + 0.9, quietly(lambda: play.write("a.txt", b"a" * 90)))

    play.run(until=20.0)

    assert play.times == [9.0], "looked at at 3, 5 and 7, and unchanged until 9"
    assert play.intake.notices[0].content == b"a" * 90


def test_a_change_of_mode_or_times_is_no_writing(tmp_path: DiskPath) -> None:
    """``shutil.copy2`` sets both once it has closed the file."""
    play = stage(tmp_path)
    play.drop(1.0, "a.txt", Sign.CLOSED)
    play.story.at(1.01, quietly(lambda: (tmp_path / "a.txt").chmod(0o600)))
    play.story.at(1.02, quietly(lambda: os.utime(tmp_path / "a.txt", (1, 1))))

    play.run(until=5.0)

    [notice] = play.intake.notices
    assert play.times == [1.05]
    assert notice.stat.mtime_ns == 10**9


class Slippery(DiskFolder):
    """A folder in which files are gone when they are to be read."""

    def read(self, path: Path, limit: int) -> tuple[Stat, bytes]:
        raise FileNotFoundError(path, limit)


def test_what_is_gone_is_dropped_without_a_word(tmp_path: DiskPath) -> None:
    play = stage(tmp_path, folder=Slippery(tmp_path))
    play.drop(1.0, "before-the-look.txt", Sign.CLOSED)
    play.story.at(1.02, quietly((tmp_path / "before-the-look.txt").unlink))
    play.story.at(2.0, told("never-there.txt", Sign.RENAMED))
    play.drop(2.5, "between-look-and-read.txt", Sign.CLOSED)
    play.drop(3.0, "seen-to-go.txt", Sign.FOUND)
    play.story.at(3.1, told("seen-to-go.txt", Sign.CLOSED, (tmp_path / "seen-to-go.txt").unlink))

    play.run(until=9.0)

    assert play.intake.notices == []
    assert play.intake.beats[-1] == (0, False)


def test_a_listing_of_a_new_folder_does_not_undo_a_close(tmp_path: DiskPath) -> None:
    play = stage(tmp_path)
    play.drop(1.0, "a/a.txt", Sign.CLOSED)
    play.story.at(1.01, told("a/a.txt", Sign.FOUND))

    play.run(until=5.0)

    assert play.times == [1.05]


def test_a_new_file_in_the_place_of_one_that_settles_starts_anew(tmp_path: DiskPath) -> None:
    def replace() -> None:
        (tmp_path / "b.txt").write_bytes(b"another")
        (tmp_path / "a.txt").unlink()
        (tmp_path / "b.txt").rename(tmp_path / "a.txt")

    play = stage(tmp_path)
    play.drop(1.0, "a.txt", Sign.CLOSED)
    play.story.at(1.01, told("a.txt", Sign.FOUND, replace))

    play.run(until=5.0)

    assert play.times == [3.01]


class Restless(DiskFolder):
    """A folder in which a file changes while it is read, the first time."""

    def __init__(self, root: DiskPath, change: Callable[[], object]) -> None:
        super().__init__(root)
        self._change: Callable[[], object] | None = change

    def read(self, path: Path, limit: int) -> tuple[Stat, bytes]:
        if self._change is None:
            return super().read(path, limit)
        _, content = super().read(path, limit)
        self._change()
        self._change = None
        stat = self.stat(path)
        assert stat is not None
        return stat, content


def test_what_changes_while_it_is_read_is_read_again(tmp_path: DiskPath) -> None:
    def append() -> None:
        (tmp_path / "a.txt").write_bytes(b"half and half")

    play = stage(tmp_path, folder=Restless(tmp_path, append))
    play.drop(1.0, "a.txt", Sign.RENAMED, b"half")

    play.run(until=9.0)

    assert play.times == [3.0]
    assert play.intake.notices[0].content == b"half and half"
    assert play.intake.notices[0].witness is Witness.QUIET


def test_a_mode_that_changes_while_the_file_is_read_does_not_matter(tmp_path: DiskPath) -> None:
    folder = Restless(tmp_path, lambda: (tmp_path / "a.txt").chmod(0o600))
    play = stage(tmp_path, folder=folder)
    play.drop(1.0, "a.txt", Sign.RENAMED)

    play.run(until=9.0)

    assert play.times == [1.0]
    assert play.intake.notices[0].stat == folder.stat(Path(b"a.txt"))


class Poor(DiskFolder):
    """A folder that cannot be read at first, for want of descriptors."""

    failures = 2

    def read(self, path: Path, limit: int) -> tuple[Stat, bytes]:
        if self.failures:
            self.failures -= 1
            raise Unavailable("too many open files")
        return super().read(path, limit)


def test_what_we_lack_the_means_to_read_is_tried_again(tmp_path: DiskPath) -> None:
    play = stage(tmp_path, folder=Poor(tmp_path))
    play.drop(1.0, "a.txt", Sign.RENAMED)

    play.run(until=9.0)

    assert play.times == [3.0]


# --- structure ------------------------------------------------------------------------------------

HALF, WHOLE = b'{"headline": "A story"', b'{"headline": "A story", "body": "Text."}'


def test_a_text_without_its_end_is_waited_for(tmp_path: DiskPath) -> None:
    """Though its writer pauses for longer than the window, and closes the file meanwhile."""
    play = stage(tmp_path)
    play.drop(1.0, "a.json", Sign.CLOSED, HALF)
    play.drop(8.0, "a.json", Sign.CLOSED, WHOLE)

    play.run(until=20.0)

    [notice] = play.intake.notices
    assert (notice.content, notice.witness) == (WHOLE, Witness.CLOSED)
    assert play.times == [8.1]


def test_patience_with_a_text_without_its_end_is_bounded(tmp_path: DiskPath) -> None:
    play = stage(tmp_path)
    play.drop(1.0, "a.json", Sign.CLOSED, HALF)

    play.run(until=20.0)

    [notice] = play.intake.notices
    assert (notice.content, notice.witness) == (HALF, Witness.QUIET)
    assert play.times == [1.0 + HOLD_WINDOWS * PATIENCE.settle_seconds]


@pytest.mark.parametrize(
    ("sign", "old"),
    [
        pytest.param(Sign.RENAMED, False, id="moved into place"),
        pytest.param(Sign.FOUND, True, id="unchanged for long when it is found"),
    ],
)
def test_some_texts_without_their_end_are_not_waited_for(
    tmp_path: DiskPath, sign: Sign, *, old: bool
) -> None:
    play = stage(tmp_path, old=old)
    play.drop(1.0, "a.json", sign, HALF)

    play.run(until=3.0)

    assert play.times == [1.0]


# --- what is refused ------------------------------------------------------------------------------


class Locked(DiskFolder):
    """A folder whose files cannot be read, until they can; their stat never changes."""

    locked = True

    def read(self, path: Path, limit: int) -> tuple[Stat, bytes]:
        if self.locked:
            raise Rejected(Reason.UNREADABLE, "Input/output error")
        return super().read(path, limit)


def test_what_could_not_be_read_is_tried_with_each_scan(tmp_path: DiskPath) -> None:
    folder = Locked(tmp_path)
    play = stage(tmp_path, folder=folder, old=True)
    play.drop(1.0, "a.txt", Sign.CLOSED)
    play.story.at(12.0, quietly(lambda: setattr(folder, "locked", False)))

    play.run(until=30.0)

    assert [n.reason for n in play.intake.notices] == [Reason.UNREADABLE] * 3 + [None]
    assert play.intake.notices[-1].content == b"text"


def test_a_temporary_name_is_told_once_and_its_last_name_is_new(tmp_path: DiskPath) -> None:
    play = stage(tmp_path)
    for at in (1.0, 1.1, 1.2):
        play.drop(at, "a.txt.part", Sign.CLOSED)
    play.story.at(
        2.0,
        told("a.txt", Sign.RENAMED, lambda: (tmp_path / "a.txt.part").rename(tmp_path / "a.txt")),
    )

    play.run(until=5.0)

    temporary, complete = play.intake.notices
    assert temporary.reason is Reason.TEMPORARY_NAME
    assert (temporary.stat, temporary.content, temporary.sha256) == (UNSEEN, None, None)
    assert complete.path == Path(b"a.txt")
    assert complete.reason is None


def test_a_scan_does_not_repeat_what_is_ignored(tmp_path: DiskPath) -> None:
    play = stage(tmp_path, old=True)
    for name in ("README.md", ".hidden", "a.txt"):
        play.write(name)

    play.watcher.run_once()
    play.watcher.run_once()

    assert play.intake.scans == 2
    reasons = {n.path.raw: n.reason for n in play.intake.notices}
    assert reasons == {
        b"README.md": Reason.EXCLUDED_BY_PATTERN,
        b".hidden": Reason.TEMPORARY_NAME,
        b"a.txt": None,
    }
    assert len(play.intake.notices) == 3


def test_the_memory_of_what_is_ignored_is_bounded(
    tmp_path: DiskPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was forgotten is told again, which is harmless."""
    monkeypatch.setattr("worker.watcher.noticing.IGNORED_KEPT", 2)
    play = stage(tmp_path)
    for at, name in enumerate(("a~", "b~", "a~", "c~", "a~")):
        play.drop(1.0 + at, name, Sign.CLOSED)

    play.run(until=9.0)

    assert play.intake.paths == [b"a~", b"b~", b"c~", b"a~"]


def test_another_watcher_does_not_repeat_what_the_ledger_ignores(tmp_path: DiskPath) -> None:
    play = stage(tmp_path, old=True)
    play.write("README.md")
    play.intake.latest[b"README.md"] = UNSEEN

    play.watcher.run_once()

    assert play.intake.notices == []


def test_links_and_pipes_are_refused_with_a_reason(tmp_path: DiskPath) -> None:
    play = stage(tmp_path, old=True)
    (tmp_path / "passwd").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe")

    play.watcher.run_once()

    reasons = {n.path.raw: (n.reason, n.content) for n in play.intake.notices}
    assert reasons == {
        b"passwd": (Reason.SYMLINK_OUTSIDE, None),
        b"pipe": (Reason.SPECIAL_FILE, None),
    }
    assert play.bell.rings == []


@pytest.mark.parametrize(("size", "reason"), [(0, None), (1_000, None), (1_001, Reason.TOO_LARGE)])
def test_sizes(tmp_path: DiskPath, size: int, reason: Reason | None) -> None:
    play = stage(tmp_path, max_bytes=1_000)
    play.drop(1.0, "a.txt", Sign.RENAMED, b"x" * size)

    play.run(until=2.0)

    [notice] = play.intake.notices
    assert notice.reason is reason
    assert notice.content == (None if reason else b"x" * size)
    assert notice.stat.size == size


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("a.jsonl", None, id="a container"),
        pytest.param("a.json", Reason.TOO_LARGE, id="it might have been one"),
        pytest.param("a.txt", Reason.TOO_LARGE, id="an article"),
    ],
)
def test_what_may_hold_many_may_be_larger(
    tmp_path: DiskPath, name: str, reason: Reason | None
) -> None:
    play = stage(tmp_path, max_bytes=1_000, max_bulk_bytes=2_000)
    play.drop(1.0, name, Sign.RENAMED, b"x" * 2_000)
    play.drop(2.0, f"2{name}", Sign.RENAMED, b"x" * 2_001)

    play.run(until=3.0)

    assert [n.reason for n in play.intake.notices] == [reason, Reason.TOO_LARGE]


# --- scans ----------------------------------------------------------------------------------------


def test_the_first_scan_takes_old_files_at_once_and_young_ones_after_a_window(
    tmp_path: DiskPath,
) -> None:
    old, young = stage(tmp_path, old=True), stage(tmp_path)
    old.write("a.txt")

    old.run(until=9.0)
    young.run(until=9.0)

    assert (old.times, young.times) == ([0.0], [2.0])
    assert [n.lane for n in old.intake.notices + young.intake.notices] == [Lane.BACKFILL] * 2
    assert old.intake.notices[0].witness is Witness.QUIET


def test_a_scan_reads_only_what_the_ledger_does_not_know(tmp_path: DiskPath) -> None:
    play = stage(tmp_path, old=True)
    for name in ("same.txt", "changed.txt", "new.txt"):
        play.write(name)
    folder = DiskFolder(tmp_path)
    for path, found in folder.walk():
        play.intake.latest[path.raw] = found
    del play.intake.latest[b"new.txt"]
    play.write("changed.txt", b"other")

    play.watcher.run_once()

    assert sorted(play.intake.paths) == [b"changed.txt", b"new.txt"]


def test_a_rescan_finds_what_no_event_told_of(tmp_path: DiskPath) -> None:
    play = stage(tmp_path, rescan_seconds=10.0, old=True)
    play.story.at(1.0, quietly(lambda: play.write("a.txt")))

    play.run(until=24.0)

    assert play.times == [5.0]
    assert play.intake.notices[0].lane is Lane.LIVE
    assert play.intake.scans == 5


def test_a_scan_follows_when_events_were_lost(tmp_path: DiskPath) -> None:
    """And listening begins anew, since what was lost may have been a folder."""
    play = stage(tmp_path, old=True)
    play.story.at(21.0, lambda: Sightings(lost=play.write("a.txt") is None))

    play.run(until=24.0)

    assert play.times == [21.0]
    assert play.story.starts == 2


def test_lost_events_do_not_make_scan_follow_scan(tmp_path: DiskPath) -> None:
    play = stage(tmp_path)
    for tenth in range(100):
        play.story.at(10 + tenth / 10, lambda: Sightings(lost=True))

    play.run(until=21.0)

    assert play.intake.scans <= 1 + 12


def test_without_events_the_folder_is_scanned_often(
    tmp_path: DiskPath, caplog: pytest.LogCaptureFixture
) -> None:
    play = stage(tmp_path, old=True)
    play.story.refusals = 99
    play.story.at(7.0, quietly(lambda: play.write("a.txt")))

    play.run(until=29.0)

    assert play.times == [10.0]
    assert play.intake.scans == 6
    assert [r.message for r in caplog.records] == [
        "no events come from the inbox, it is only scanned: No space left on device"
    ]


def test_events_that_stop_are_started_again(tmp_path: DiskPath) -> None:
    play = stage(tmp_path)
    play.story.at(5.0, quietly(play.story.stop))

    play.run(until=10.0)

    assert play.story.starts == 2


def test_an_inbox_that_vanishes_is_waited_for(
    tmp_path: DiskPath, caplog: pytest.LogCaptureFixture
) -> None:
    inbox, aside = tmp_path / "inbox", tmp_path / "aside"
    play = stage(inbox, rescan_seconds=2.0, old=True)
    play.write("a.txt")
    play.story.at(3.0, quietly(lambda: inbox.rename(aside)))
    play.story.at(9.0, quietly(lambda: aside.rename(inbox)))
    play.story.at(9.0, quietly(lambda: play.write("b.txt")))

    play.run(until=15.0)

    assert play.intake.paths == [b"a.txt", b"b.txt"]
    assert [r.message for r in caplog.records] == [
        "the inbox is away; waiting for it",
        "the inbox is back",
    ]


def test_a_file_that_settles_or_was_just_read_is_not_met_again(tmp_path: DiskPath) -> None:
    """Though the ledger, asked when the scan began, did not have it."""
    play = stage(tmp_path, rescan_seconds=1.0)
    play.drop(0.5, "a.txt", Sign.RENAMED)
    play.drop(0.5, "b.txt", Sign.FOUND)
    play.story.at(0.6, quietly(play.intake.latest.clear))

    play.run(until=9.0)

    assert (play.intake.paths, play.times) == ([b"a.txt", b"b.txt"], [0.5, 2.5])


def test_what_does_not_fit_is_left_to_the_next_scan(tmp_path: DiskPath) -> None:
    play = stage(tmp_path, max_settling=3)
    play.story.at(5.0, lambda: Sightings(tuple(Sighting(name, Sign.FOUND) for name in names)))
    names = [f"{i}.txt".encode() for i in range(8)]
    play.story.at(4.0, quietly(lambda: [play.write(os.fsdecode(name)) for name in names]))

    play.run(until=30.0)

    assert sorted(play.intake.paths) == names
    assert max(settling for settling, _ in play.intake.beats) == 3


# --- lanes ----------------------------------------------------------------------------------------


def test_a_flood_goes_to_the_second_lane(tmp_path: DiskPath) -> None:
    play = stage(tmp_path)
    names = [f"{i}.txt" for i in range(300)]

    def flood() -> Sightings:
        for name in names:
            play.write(name)
        return Sightings(tuple(Sighting(os.fsencode(name), Sign.CLOSED) for name in names))

    play.story.at(1.0, flood)
    play.drop(2.0, "later.txt", Sign.CLOSED)

    play.run(until=4.0)

    *flooded, later = [n.lane for n in play.intake.notices]
    assert Counter(flooded) == {Lane.LIVE: 200, Lane.BACKFILL: 100}
    assert later is Lane.LIVE


# --- the ledger and the bell ----------------------------------------------------------------------


def test_notices_wait_for_a_ledger_that_is_away(
    tmp_path: DiskPath, caplog: pytest.LogCaptureFixture
) -> None:
    play = stage(tmp_path)
    play.story.at(0.9, quietly(lambda: setattr(play.intake, "away", True)))
    play.drop(1.0, "a.txt", Sign.RENAMED, b"first")
    play.drop(9.0, "a.txt", Sign.RENAMED, b"second")
    play.story.at(60.0, quietly(lambda: setattr(play.intake, "away", False)))

    play.run(until=90.0)

    assert [n.content for n in play.intake.notices] == [b"first", b"second"]
    assert 60.0 <= play.times[0] <= 75.0, "the longest pause between two tries is 15 s"
    assert play.intake.attempts < 90
    assert [r.message.split(":")[0] for r in caplog.records] == [
        "the ledger is away, noticing goes on",
        f"the ledger is back after {play.times[0] - 1.0:.1f} s",
    ]


def test_memory_is_bounded_while_the_ledger_is_away(tmp_path: DiskPath) -> None:
    """One batch of contents is kept; the rest waits on disk."""
    count = BATCH_FILES + 300
    play = stage(tmp_path)
    play.story.at(0.5, quietly(lambda: setattr(play.intake, "away", True)))
    for i in range(count):
        play.drop(1.0 + i / 1_000, f"{i}.txt", Sign.RENAMED)
    held: list[int] = []
    play.story.at(30.0, quietly(lambda: held.append(play.watcher._recorder.waiting)))  # noqa: SLF001 -- contents are not seen from outside
    play.story.at(31.0, quietly(lambda: setattr(play.intake, "away", False)))

    play.run(until=60.0)

    assert held == [BATCH_FILES]
    assert len(set(play.intake.paths)) == len(play.intake.paths) == count


def test_ignored_names_are_bounded_too_while_the_ledger_is_away(tmp_path: DiskPath) -> None:
    """Those that do not fit are found by the scan that follows."""
    count = BATCH_FILES + 20
    play = stage(tmp_path)
    play.story.at(0.5, quietly(lambda: setattr(play.intake, "away", True)))
    for i in range(count):
        play.drop(1.0 + i / 1_000, f"{i}.tmp", Sign.CLOSED)
    held: list[int] = []
    play.story.at(8.0, quietly(lambda: held.append(play.watcher._recorder.waiting)))  # noqa: SLF001 -- as above
    play.story.at(9.0, quietly(lambda: setattr(play.intake, "away", False)))

    play.run(until=30.0)

    assert held == [BATCH_FILES]
    assert len(set(play.intake.paths)) == len(play.intake.paths) == count


def test_reading_goes_on_while_a_batch_is_underway(tmp_path: DiskPath) -> None:
    """And what is read meanwhile follows it, in order, also when the ledger went away."""
    backlog = Backlog()
    play = stage(tmp_path, submit=backlog.submit)
    play.drop(1.0, "b.txt", Sign.RENAMED, b"first")
    play.drop(2.0, "b.txt", Sign.RENAMED, b"second")
    play.drop(3.0, "a.txt", Sign.RENAMED, b"third")
    waiting: list[int] = []
    play.story.at(4.0, quietly(lambda: waiting.append(play.intake.beats[-1][0])))
    play.story.at(4.0, quietly(lambda: setattr(play.intake, "away", True)))
    play.story.at(4.1, quietly(backlog.work))
    play.story.at(5.0, quietly(lambda: setattr(play.intake, "away", False)))
    for tenth in range(60, 80):
        play.story.at(tenth / 10, quietly(backlog.work))

    play.run(until=9.0)

    assert waiting == [3]
    assert [n.content for n in play.intake.notices] == [b"third", b"first", b"second"]
    assert play.intake.beats[-1][0] == 0


def test_a_scan_is_not_told_of_while_a_batch_is_underway(tmp_path: DiskPath) -> None:
    backlog = Backlog()
    play = stage(tmp_path, submit=backlog.submit, old=True)
    play.write("a.txt")
    play.story.at(3.0, quietly(backlog.work))
    told: list[bool] = []
    play.story.at(2.9, quietly(lambda: told.extend(scanned for _, scanned in play.intake.beats)))

    play.run(until=4.0)

    assert not any(told)
    assert (0, True) in play.intake.beats


def test_a_full_recorder_waits_for_the_batch_that_is_underway(tmp_path: DiskPath) -> None:
    with ThreadPoolExecutor(1) as pool:
        play = stage(tmp_path, old=True, submit=pool.submit)
        for i in range(3 * BATCH_FILES):
            play.write(f"{i}.txt")
        play.watcher.run_once()

    assert len(set(play.intake.paths)) == len(play.intake.paths) == 3 * BATCH_FILES


def test_a_batch_is_bounded_by_bytes(tmp_path: DiskPath) -> None:
    clock = Moments(wall_ns=0)
    recorder = Recorder("inbox", Collector(), Gong(), clock)
    play = stage(tmp_path, max_bytes=20_000_000)
    for name in ("a", "b"):
        play.drop(1.0, name, Sign.RENAMED, bytes(8_000_000))
    play.run(until=2.0)
    first, second = play.intake.notices

    recorder.add(first)
    half = recorder.full
    recorder.add(second)
    whole = recorder.full
    recorder.flush()

    assert (half, whole, recorder.full) == (False, True, False)


def test_a_bell_that_fails_is_harmless(
    tmp_path: DiskPath, caplog: pytest.LogCaptureFixture
) -> None:
    """It is not tried with every file: a broker that hangs would slow each of them."""
    play = stage(tmp_path)
    play.bell.away = True
    for i in range(100):
        play.drop(1.0 + i / 100, f"{i}.txt", Sign.RENAMED)
    play.story.at(20.0, quietly(lambda: setattr(play.bell, "away", False)))
    play.drop(40.0, "last.txt", Sign.RENAMED)

    play.run(until=41.0)

    assert play.times[:2] == [1.0, 1.01]
    assert len(play.intake.notices) == 101
    assert play.bell.attempts <= 3 + 2
    assert play.bell.rings == [(100,)]
    assert len(caplog.records) == 1


def test_a_flood_rings_a_few_times_only(tmp_path: DiskPath) -> None:
    play = stage(tmp_path, old=True)
    for i in range(450):
        play.write(f"{i}.txt")

    play.watcher.run_once()

    assert play.bell.rings == [()] * 8, "none is named: live files would wait behind them"


def test_live_files_are_named_in_a_flood(tmp_path: DiskPath) -> None:
    play = stage(tmp_path)
    names = [os.fsencode(f"{i:03}.txt") for i in range(300)]

    def flood() -> Sightings:
        for name in names:
            play.write(os.fsdecode(name))
        return Sightings(tuple(Sighting(name, Sign.CLOSED) for name in names))

    play.story.at(1.0, flood)

    play.run(until=4.0)

    assert [len(ids) for ids in play.bell.rings] == [32] * 6 + [8, 0, 0]


def test_beats(tmp_path: DiskPath) -> None:
    play = stage(tmp_path)
    play.drop(1.5, "a.txt", Sign.FOUND)

    play.run(until=5.0)

    assert play.intake.beats[0] == (0, True), "the first scan has ended"
    assert {scanned for _, scanned in play.intake.beats[1:]} == {False}
    assert [settling for settling, _ in play.intake.beats] == [0, 0, 1, 1, 0, 0, 0]


def test_a_file_that_settled_at_the_very_end_is_not_said_to_be_open(tmp_path: DiskPath) -> None:
    """The last beat is what status shows for ever."""
    play = stage(tmp_path)
    play.write("a.txt")

    play.watcher.run_once()

    assert play.intake.beats[-1][0] == 0


def test_a_scan_is_told_of_when_all_it_found_is_recorded(tmp_path: DiskPath) -> None:
    play = stage(tmp_path, old=True)
    for i in range(BATCH_FILES + 20):
        play.write(f"{i}.txt")
    recorded: list[int] = []
    play.intake.on_scanned = lambda: recorded.append(len(play.intake.notices))

    play.run(until=3.0)

    assert recorded == [BATCH_FILES + 20]


# --- how the watcher sees -------------------------------------------------------------------------


def test_a_folder_whose_files_no_event_tells_of_is_scanned_often(
    tmp_path: DiskPath, caplog: pytest.LogCaptureFixture
) -> None:
    """And listened to anew, once: another mount may stand in its place."""
    play = stage(tmp_path, cost_seconds=2.0, old=True)
    for at in (200.0, 300.0, 400.0):
        play.story.at(at, quietly(lambda n=at: play.write(f"share/{n}.txt")))
    play.drop(205.0, "a.txt", Sign.CLOSED)

    play.run(until=500.0)

    first, second, third = (
        at for at, n in zip(play.times, play.intake.paths, strict=True) if b"/" in n
    )
    assert first > 205.0
    assert (second - 300.0, third - 400.0) < (14.0, 14.0), "five times the cost, and the scan"
    assert play.story.starts == 2
    assert [r.message for r in caplog.records] == ["no events come from 'share'; scanning often"]
    assert play.intake.sights[-1].scanning == "no events come from 'share'"


def test_a_folder_is_no_longer_silent_once_an_event_comes_from_it(tmp_path: DiskPath) -> None:
    play = stage(tmp_path, old=True)
    play.story.at(6.0, quietly(lambda: play.write("a.txt")))
    play.drop(30.0, "b.txt", Sign.CLOSED)

    play.run(until=40.0)

    said = [sight.scanning for sight in play.intake.sights]
    assert "no events come from the inbox itself" in said
    assert said[-1] == ""


def test_files_that_were_there_before_it_listened_prove_nothing(tmp_path: DiskPath) -> None:
    play = stage(tmp_path, old=True)
    play.write("a.txt")
    play.story.at(6.0, lambda: Sightings(lost=play.write("b.txt") is None))

    play.run(until=30.0)

    assert play.intake.paths == [b"a.txt", b"b.txt"]
    assert {sight.scanning for sight in play.intake.sights} == {""}


def test_an_event_that_is_late_proves_nothing(tmp_path: DiskPath) -> None:
    play = stage(tmp_path, old=True)
    play.story.at(4.0, quietly(lambda: play.write("a.txt")))
    play.story.at(6.0, told("a.txt", Sign.CLOSED))

    play.run(until=30.0)

    assert play.times == [5.0, 6.05]
    assert {sight.scanning for sight in play.intake.sights} == {""}


def test_no_events_at_all_are_said(tmp_path: DiskPath) -> None:
    play = stage(tmp_path)
    play.story.refusals = 3

    play.run(until=30.0)

    said = [sight.scanning for sight in play.intake.sights]
    assert (said[0], said[-1]) == ("No space left on device", "")


def test_intake_pauses_while_the_disk_is_full(
    tmp_path: DiskPath, caplog: pytest.LogCaptureFixture
) -> None:
    play = stage(tmp_path, old=True)
    play.story.at(2.0, quietly(lambda: setattr(play.disk, "shortage", "1 MB is free")))
    play.drop(4.0, "a.txt", Sign.RENAMED)
    play.story.at(5.5, quietly(lambda: play.write("b.txt")))
    play.story.at(19.5, quietly(lambda: setattr(play.disk, "shortage", "")))

    play.run(until=30.0)

    assert play.times == [20.0, 20.0]
    assert "1 MB is free" in {sight.paused for sight in play.intake.sights}
    assert max(sight.waiting_seconds or 0 for sight in play.intake.sights) == pytest.approx(
        15.0, abs=1.0
    )
    assert play.intake.sights[-1] == CLEAR_SIGHT
    assert [r.message for r in caplog.records] == ["intake pauses: 1 MB is free", "intake goes on"]


def test_a_single_run_gives_up_on_a_full_disk(tmp_path: DiskPath) -> None:
    play = stage(tmp_path, old=True)
    play.disk.shortage = "1 MB is free"

    with pytest.raises(Unavailable, match="1 MB is free"):
        play.watcher.run_once()


class Private(DiskFolder):
    """A folder with others in it that are closed to us."""

    def walk(self, unlisted: list[Unlisted] | None = None) -> Iterator[tuple[Path, Stat]]:
        assert unlisted is not None
        unlisted += [Unlisted(Path(b"%d" % n), "Permission denied") for n in range(12)]
        return super().walk(unlisted)


def test_folders_that_cannot_be_listed_are_said(
    tmp_path: DiskPath, caplog: pytest.LogCaptureFixture
) -> None:
    """Each once in the log, and the first ones in status."""
    play = stage(tmp_path, folder=Private(tmp_path))

    play.run(until=20.0)

    assert play.intake.sights[-1].unlisted == tuple(map(str, range(10)))
    assert sorted({r.message for r in caplog.records}) == sorted(r.message for r in caplog.records)
    assert len(caplog.records) == 12


def test_an_inbox_that_is_away_is_said(tmp_path: DiskPath) -> None:
    play = stage(tmp_path / "none")

    play.run(until=3.0)

    assert play.intake.sights[-1].paused == "the inbox is away"


# --- two watchers ---------------------------------------------------------------------------------


def test_what_another_watcher_overtook_is_looked_at_again(tmp_path: DiskPath) -> None:
    """It has recorded a content since; which one is newer, the file itself says."""
    play = stage(tmp_path)
    play.drop(1.0, "a.txt", Sign.RENAMED, b"first")
    play.story.at(0.9, quietly(lambda: play.intake.overtaken.add(b"a.txt")))
    play.story.at(1.5, quietly(lambda: play.write("a.txt", b"second")))

    play.run(until=9.0)

    [notice] = play.intake.notices
    assert (notice.content, notice.witness) == (b"second", Witness.QUIET)


def test_what_was_overtaken_and_is_gone_by_now_is_dropped(tmp_path: DiskPath) -> None:
    play = stage(tmp_path)
    play.drop(1.0, "a.txt", Sign.RENAMED)
    play.story.at(0.9, quietly(lambda: play.intake.overtaken.add(b"a.txt")))
    play.intake.on_overtaken = (tmp_path / "a.txt").unlink

    play.run(until=9.0)

    assert play.intake.notices == []
    assert play.intake.beats[-1][0] == 0


def test_the_mark_of_a_batch_is_older_than_what_was_read_for_it(tmp_path: DiskPath) -> None:
    """Asked for when a scan begins, and told with each batch; not moved while notices wait."""
    play = stage(tmp_path)
    play.intake.recorded = 7
    play.drop(1.0, "a.txt", Sign.RENAMED)
    play.drop(2.0, "b.txt", Sign.RENAMED)
    play.story.at(3.0, quietly(lambda: setattr(play.intake, "away", True)))
    play.drop(3.1, "c.txt", Sign.RENAMED)
    play.story.at(3.5, quietly(lambda: setattr(play.intake, "away", False)))
    play.story.at(3.5, quietly(lambda: setattr(play.intake, "recorded", 20)))

    play.run(until=9.0)

    assert play.intake.marks == [7, 8, 9]


# --- a single run ---------------------------------------------------------------------------------


def test_a_single_run_waits_for_what_is_being_written(tmp_path: DiskPath) -> None:
    play = stage(tmp_path)
    play.write("a.txt", b"half")
    play.story.at(1.0, quietly(lambda: play.write("a.txt", b"half and half")))

    left = play.watcher.run_once()

    assert left == 0
    assert play.times == [4.0]
    assert play.intake.notices[0].content == b"half and half"
    assert (0, True) in play.intake.beats or (1, True) in play.intake.beats
    assert play.story.starts == 0


def test_a_single_run_does_not_wait_for_ever(tmp_path: DiskPath) -> None:
    play = stage(tmp_path)
    play.write("a.txt", b"")
    for second in range(40):
        play.story.at(second, quietly(lambda n=second: play.write("a.txt", b"x" * (n + 1))))

    left = play.watcher.run_once()

    assert left == 1
    assert play.intake.notices == []
    assert play.clock.now - 1_000.0 == pytest.approx(20.0, abs=0.5)


def test_a_single_run_scans_again_for_what_did_not_fit(tmp_path: DiskPath) -> None:
    """And says that it walked the whole folder only when nothing was left."""
    play = stage(tmp_path, max_settling=3)
    for i in range(8):
        play.write(f"{i}.txt")
    recorded: list[int] = []
    play.intake.on_scanned = lambda: recorded.append(len(play.intake.notices))

    left = play.watcher.run_once()

    assert left == 0
    assert len(play.intake.notices) == 8
    assert recorded == [6], "two still settle, and are counted as such"


def test_a_single_run_can_be_stopped(tmp_path: DiskPath) -> None:
    play = stage(tmp_path)
    play.write("a.txt")
    play.story.end(1.0)

    assert play.watcher.run_once(play.story.ended) == 1


def test_a_single_run_gives_up_without_a_ledger(tmp_path: DiskPath) -> None:
    play = stage(tmp_path)
    play.intake.away = True

    with pytest.raises(Unavailable, match="ledger"):
        play.watcher.run_once()

    assert play.clock.now - 1_000.0 > 60.0


def test_a_single_run_waits_a_while_for_the_ledger(tmp_path: DiskPath) -> None:
    play = stage(tmp_path, old=True)
    play.write("a.txt")
    play.intake.away = True
    play.story.at(20.0, quietly(lambda: setattr(play.intake, "away", False)))

    play.watcher.run_once()

    assert play.intake.paths == [b"a.txt"]


def test_a_single_run_gives_up_without_an_inbox(tmp_path: DiskPath) -> None:
    with pytest.raises(Unavailable, match="inbox"):
        stage(tmp_path / "none").watcher.run_once()


# --- the table ------------------------------------------------------------------------------------


def waiting(due: float, lane: Lane = Lane.LIVE) -> Waiting:
    return Waiting(Trace(Sign.CLOSED, UNSEEN, 0.0), lane, due)


def test_the_table_gives_files_in_the_order_in_which_they_are_due() -> None:
    table = Table(9)
    for path, due in [(b"c", 3.0), (b"a", 1.0), (b"b", 2.0), (b"d", 4.0)]:
        table.put(path, waiting(due))

    taken = [path for path, _ in table.take(3.0)]

    assert taken == [b"a", b"b", b"c"]
    assert (len(table), table.next_due()) == (1, 4.0)


def test_the_table_keeps_the_last_word_on_a_file() -> None:
    table = Table(9)
    table.put(b"a", waiting(5.0))
    table.put(b"a", waiting(1.0, Lane.BACKFILL))
    table.put(b"b", waiting(2.0))
    table.put(b"b", waiting(9.0))
    table.put(b"c", waiting(3.0))
    table.drop(b"c")

    taken = [path for path, _ in table.take(8.0)]

    assert taken == [b"a"]
    assert (len(table), table.live) == (1, 1)


def test_the_table_has_room_for_what_it_holds_already() -> None:
    table = Table(1)
    table.put(b"a", waiting(1.0))

    assert (table.has_room(b"a"), table.has_room(b"b")) == (True, False)


def test_memory_forgets_the_oldest() -> None:
    memory = Memory(2)
    trace = Trace(Sign.CLOSED, UNSEEN, 0.0)
    for path in (b"a", b"b", b"a", b"c"):
        memory.put(path, trace)

    assert [memory.get(path) for path in (b"a", b"b", b"c")] == [trace, None, trace]
