"""The real processes around an inbox of their own, for benches."""

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.bench.machine import environment
from worker.adapters.embedded import Endpoints, serve
from worker.bootstrap import serving
from worker.settings import load

_STOP_SECONDS = 60


@contextmanager
def house() -> Iterator[tuple[Path, Endpoints]]:
    """A folder with an inbox and a spool beside it, and servers with our schema."""
    folder = Path(tempfile.mkdtemp(prefix="copydesk-bench-"))
    try:
        for name in ("inbox", "spool"):
            (folder / name).mkdir()
        with serve(folder / "data", command="bench") as servers:
            serving.migrate(load(**urls(servers.endpoints)))
            yield folder, servers.endpoints
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def role(folder: Path, where: Endpoints, *command: str, **settings: str) -> Iterator[int]:
    """``copydesk COMMAND`` as a process of its own; gives its id."""
    values = {**urls(where), "inbox": str(folder / "inbox"), **settings}
    given = {f"COPYDESK_{name.upper()}": value for name, value in values.items()}
    with (folder / f"{command[0]}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "worker.cli", *command],
            cwd=folder,
            env={**environment(), "PYTHONPATH": str(Path.cwd()), **given},
            stdout=log,
            stderr=log,
        )
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=_STOP_SECONDS)


def urls(where: Endpoints) -> dict[str, str]:
    return {"database_url": where.owner_url, "broker_url": where.broker_url}


def ask(where: Endpoints, question: str) -> int:
    with psycopg.connect(where.owner_url, autocommit=True) as connection:
        row = connection.execute(question.encode()).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def wait(true: Callable[[], bool], *, seconds: float, every_seconds: float = 0.02) -> float:
    """Until it is *true*; how many seconds that took."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"nothing came of it in {seconds:.0f} s")
        time.sleep(every_seconds)
    return time.monotonic() - began


def peak_mb(pid: int) -> float:
    """The most memory that the process had resident so far, in MB of 1e6 bytes."""
    return _told_mb(pid, "status", "VmHWM:")


def share_mb(pid: int) -> float:
    """Its memory now, each page that others share counted by its share (PSS)."""
    return _told_mb(pid, "smaps_rollup", "Pss:")


def _told_mb(pid: int, file: str, key: str) -> float:
    for line in Path(f"/proc/{pid}/{file}").read_text(encoding="ascii").splitlines():
        if line.startswith(key):
            return int(line.split()[1]) * 1024 / 1e6
    raise ValueError(f"process {pid} does not tell {key}")


def percentile(values: Sequence[float], percent: int) -> float:
    """The nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
