"""The whole line: files dropped into a folder → stored with their tags, by the real processes."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.bench.machine import environment
from tests.bench.texts import articles
from worker.adapters.embedded import attach

_PATIENCE_SECONDS = 300
_POLL_SECONDS = 0.2
_FINISHED = "select count(*) from desk.file where finished_at is not null"


def run(count: int, *, workers: int, tagger: str) -> float:
    """Articles a second from the first file's drop to the last one's outcome, all warm."""
    with tempfile.TemporaryDirectory(prefix="copydesk-bench-") as folder:
        root = Path(folder)
        with _desk(root, workers=workers, tagger=tagger):
            _drop(root, "warm", list(articles(32 * workers, seed=7)))
            done = _wait(root, 32 * workers)
            began = time.monotonic()
            _drop(root, "file", list(articles(count)))
            _wait(root, done + count)
            return count / (time.monotonic() - began)


@contextmanager
def _desk(root: Path, *, workers: int, tagger: str) -> Iterator[None]:
    (root / "inbox").mkdir()
    (root / "spool").mkdir()
    given = {"COPYDESK_TAGGER": tagger, "PYTHONPATH": os.getcwd()}  # noqa: PTH109 -- a string
    command = [sys.executable, "-m", "worker.cli", "up", "--inbox", "inbox"]
    with (root / "up.log").open("wb") as log:
        up = subprocess.Popen(
            [*command, "--workers", str(workers)],
            cwd=root,
            env={**environment(), **given},
            stdout=log,
            stderr=log,
        )
    try:
        yield
    finally:
        up.send_signal(signal.SIGINT)
        up.wait(timeout=60)


def _drop(root: Path, name: str, texts: list[str]) -> None:
    """Rename files into the inbox, the way careful producers do."""
    for n, text in enumerate(texts):
        (root / "spool" / f"{name}{n}.txt").write_text(text, encoding="utf-8")
    for n in range(len(texts)):
        (root / "spool" / f"{name}{n}.txt").rename(root / "inbox" / f"{name}{n}.txt")


def _wait(root: Path, final: int) -> int:
    """Until *final* files have an outcome."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        if _finished(root) >= final:
            return final
        time.sleep(_POLL_SECONDS)
    raise TimeoutError((root / "up.log").read_text(encoding="utf-8")[-2000:])


def _finished(root: Path) -> int:
    """Files with an outcome; none while the servers or the schema are not there yet."""
    servers = attach(root / ".copydesk")
    if servers is None:
        return 0
    try:
        with psycopg.connect(servers.owner_url) as connection:
            row = connection.execute(_FINISHED).fetchone()
    except (psycopg.OperationalError, psycopg.errors.UndefinedTable):
        return 0
    return int(row[0]) if row else 0
