"""Two watchers on one folder and one ledger: nobody leads, and none gets in the other's way."""

import errno
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from sqlalchemy import Engine, text

from tests.doubles import Gong
from worker.adapters.folder import DiskFolder
from worker.adapters.inotify import InotifyEvents
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.postgres.reading import PostgresReading
from worker.adapters.system import SystemClock
from worker.core.settling import Patience
from worker.core.sight import Sight
from worker.ports import Notice, Recorded
from worker.watcher import Outside, Plan, Watcher

PATIENCE_SECONDS = 30.0  # against hanging, not a measurement
VERSIONS = 40

_CONTENTS = text("""
    select convert_from(d.content, 'UTF8') from desk.file f join desk.document d using (sha256)
    order by f.generation
""")

_GROW_OLD = text("""
    update desk.watcher set seen_at = seen_at - interval '1 hour' where scanning is not null
""")
_WORDS = text("select count(*) from desk.watcher")


class Deaf(InotifyEvents):
    """As where the system has no watch left to give."""

    def start(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


class Late(PostgresIntake):
    """Records what was read a while ago, as a watcher does that the system has put aside."""

    def record(self, inbox: str, notices: Sequence[Notice], *, mark: int | None = None) -> Recorded:
        time.sleep(0.05)
        return super().record(inbox, notices, mark=mark)


@contextmanager
def watching(
    root: Path,
    intake: PostgresIntake,
    *,
    events: InotifyEvents | None = None,
    shortage: str = "",
) -> Iterator[None]:
    stop = Event()
    plan = Plan(inbox="inbox", max_bytes=1_000, patience=Patience(settle_seconds=0.2))
    with ThreadPoolExecutor(1) as pool:
        outside = Outside(
            DiskFolder(root),
            events or InotifyEvents(root),
            intake,
            Gong(),
            SystemClock(),
            shortage=lambda: shortage,
            submit=pool.submit,
        )
        thread = Thread(target=Watcher(plan, outside).run, args=(stop,))
        thread.start()
        yield
        stop.set()
        thread.join(PATIENCE_SECONDS)


def test_generations_follow_the_life_of_the_file(tmp_path: Path, engine: Engine) -> None:
    """One of the two is slow: what it read must not come after what the other read later."""
    inbox, spool = tmp_path / "inbox", tmp_path / "spool"
    inbox.mkdir()
    with watching(inbox, PostgresIntake(engine)), watching(inbox, Late(engine)):
        for n in range(VERSIONS):
            spool.write_text(f"{n}", encoding="ascii")
            os.utime(spool, (1, 1))  # nothing but the content tells one from the other
            spool.rename(inbox / "a.txt")
            time.sleep(0.03)
        wait_until(lambda: contents(engine)[-1:] == [VERSIONS - 1])
        found = contents(engine)

    assert found == sorted(set(found))
    assert found[-1] == VERSIONS - 1
    assert len(found) > 1


def test_each_says_what_hinders_it_until_it_is_gone(tmp_path: Path, engine: Engine) -> None:
    intake = PostgresIntake(engine)
    with watching(tmp_path, intake, shortage="1 MB is free"):
        with watching(tmp_path, intake, events=Deaf(tmp_path)):
            wait_until(lambda: sight(engine).scanning != "" and sight(engine).paused != "")
            both = sight(engine)
        with engine.begin() as connection:
            connection.execute(_GROW_OLD)  # as after ten seconds
        alone = sight(engine)
        wait_until(lambda: words(engine) == 1)

    assert (both.scanning, both.paused) == ("No space left on device", "1 MB is free")
    assert (alone.scanning, alone.paused) == ("", "1 MB is free")
    assert words(engine) == 1


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.05)


def sight(engine: Engine) -> Sight:
    return PostgresReading(engine).status("inbox").sight


def words(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(_WORDS).scalar_one())


def contents(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return [int(content) for content in connection.execute(_CONTENTS).scalars()]
