"""100,000 files that are there at the start: into the ledger, and looked at again.

``alone``: nobody works meanwhile; ``start`` is from the start of the watcher's process to its first
rows, and the rate from there until it says that it has recorded all. ``again``: a scan of the same
files, all of them known. ``together``: from the start of the watcher, with workers at it, and one
more file dropped while the flood is taken in.

The files lie in 100 folders, and in the system's cache: they were written just now.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.bench.desk import ask, house, peak_mb, role, share_mb, urls, wait
from tests.bench.texts import articles
from worker.adapters.embedded import Endpoints
from worker.adapters.folder import DiskFolder
from worker.bootstrap import watching
from worker.core.ledger import Path as LedgerPath
from worker.core.ledger import Stat
from worker.settings import load

FILES = 100_000
_FOLDERS = 100
_SENTENCES = (25, 70)  # a file: 3 to 8 kB
_SETTLE_SECONDS = 3.0  # longer than the window, so that nothing is still settling
_PATIENCE_SECONDS = 600
_LIVE_AFTER_SECONDS = 3.0

_ROWS = "select count(*) from desk.file"
_SCANNED = "select count(*) from desk.inbox where scanned_at is not null"
_CHANGES = "select max(position) from feed_v1.changes"
_LIVE = "select count(*) from feed_v1.files where path = 'live.txt'"


def run(files: int = FILES) -> dict[str, float]:
    return {**_alone_and_again(files), **_together(files)}


def _alone_and_again(files: int) -> dict[str, float]:
    with house() as (root, where):
        _fill(root / "inbox", files)
        began = time.monotonic()
        with role(root, where, "watch") as watcher:
            wait(lambda: bool(ask(where, _ROWS)), seconds=_PATIENCE_SECONDS)
            start_seconds, first = time.monotonic() - began, ask(where, _ROWS)
            wait(lambda: bool(ask(where, _SCANNED)), seconds=_PATIENCE_SECONDS)
            alone_seconds = time.monotonic() - began - start_seconds
            memory_mb, memory_share_mb = peak_mb(watcher), share_mb(watcher)
        _expect(files, ask(where, _ROWS))
        again_seconds, reads = _again(root, where)
    return {
        "alone_start_seconds": start_seconds,
        "alone_files_per_second": (files - first) / alone_seconds,
        "alone_peak_rss_mb": memory_mb,
        "alone_pss_mb": memory_share_mb,
        "again_seconds": again_seconds,
        "again_reads": reads,
    }


def _again(root: Path, where: Endpoints) -> tuple[float, int]:
    """In this process, since the start of one is not the scan."""
    settings = load(**urls(where), inbox=root / "inbox")
    with watching.watcher(settings) as watcher, _counted_reads() as reads:
        began = time.monotonic()
        watcher.run_once()
        return time.monotonic() - began, len(reads)


@contextmanager
def _counted_reads() -> Iterator[list[LedgerPath]]:
    reads: list[LedgerPath] = []
    read = DiskFolder.read

    def counted(folder: DiskFolder, path: LedgerPath, limit: int) -> tuple[Stat, bytes]:
        reads.append(path)
        return read(folder, path, limit)

    DiskFolder.read = counted  # type: ignore[method-assign]
    try:
        yield reads
    finally:
        DiskFolder.read = read  # type: ignore[method-assign]


def _together(files: int) -> dict[str, float]:
    with house() as (root, where):
        _fill(root / "inbox", files)
        (live := root / "spool" / "live.txt").write_text(next(articles(1, seed=5)), "utf-8")
        with role(root, where, "work", workers="2"):
            time.sleep(10 * _SETTLE_SECONDS)  # the models are loaded by then
            began = time.monotonic()
            with role(root, where, "watch"):
                wait(lambda: bool(ask(where, _CHANGES)), seconds=_PATIENCE_SECONDS)
                first_seconds = time.monotonic() - began
                time.sleep(max(0.0, _LIVE_AFTER_SECONDS - first_seconds))
                live.rename(root / "inbox" / "live.txt")
                live_seconds = wait(lambda: bool(ask(where, _LIVE)), seconds=_PATIENCE_SECONDS)
                wait(lambda: bool(ask(where, _SCANNED)), seconds=_PATIENCE_SECONDS)
                all_seconds = time.monotonic() - began
        _expect(files + 1, ask(where, _ROWS))
    return {
        "together_first_article_seconds": first_seconds,
        "together_live_drop_seconds": live_seconds,
        "together_all_recorded_seconds": all_seconds,
    }


def _fill(inbox: Path, files: int) -> None:
    """Texts of sentences in ever another mix, so that no two are copies."""
    random = Random(3)  # noqa: S311 -- not for secrets
    sentences = [line for text in articles(400, seed=4) for line in text.split("\n")]
    for n in range(_FOLDERS):
        (inbox / f"{n:02}").mkdir()
    for n in range(files):
        lines = random.sample(sentences, random.randint(*_SENTENCES) // 2)
        path = inbox / f"{n % _FOLDERS:02}" / f"{n}.txt"
        path.write_text("\n".join([f"Report {n} of the day", *lines]), encoding="utf-8")
    time.sleep(_SETTLE_SECONDS)


def _expect(files: int, rows: int) -> None:
    if rows != files:
        raise ValueError(f"{files} files, {rows} rows")
