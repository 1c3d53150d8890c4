"""Run a case: a line of its own in a folder of its own, bounded in time, gone in the end."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from random import Random
from types import FrameType
from typing import NoReturn

from sqlalchemy.exc import SQLAlchemyError

from tests.faults.cases import CASES
from tests.faults.disk import small_disk
from tests.faults.line import line
from tests.faults.registry import Case, Skip
from tests.faults.verdict import Broken, Outcome, Skipped, Verdict

CASE_SECONDS = 900


def run(name: str, seed: int, keep: Path | None = None) -> Outcome:
    """Run one case on this process's main thread.

    Args:
        name: Of the case.
        seed: Of everything that is random in it.
        keep: Where to put the logs of a case that went wrong.
    """
    chosen = CASES[name]
    with tempfile.TemporaryDirectory(prefix="copydesk-fault-") as folder:
        outcome = _outcome(chosen, Random(f"{seed} {name}"), Path(folder))
        if keep is not None and not (isinstance(outcome, Verdict) and outcome.good):
            _keep_logs(Path(folder), keep / f"{name}-{seed}")
    return outcome


def _outcome(chosen: Case, random: Random, root: Path) -> Outcome:
    disk = small_disk(root / "data") if chosen.small_disk else nullcontext()
    try:
        with _bounded(), disk, line(root) as made:
            chosen.harm(made, random)
            return made.verdict()
    except Skip as reason:
        return Skipped(str(reason))
    except (AssertionError, TimeoutError, SQLAlchemyError, subprocess.SubprocessError) as error:
        return Broken(f"{type(error).__name__}: {error}".partition("\n")[0])


@contextmanager
def _bounded() -> Iterator[None]:
    def expire(_number: int, _frame: FrameType | None) -> NoReturn:
        raise TimeoutError(f"not over after {CASE_SECONDS} s")

    signal.signal(signal.SIGALRM, expire)
    signal.alarm(CASE_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)


def _keep_logs(root: Path, where: Path) -> None:
    where.mkdir(parents=True, exist_ok=True)
    for log in (*root.glob("*.log"), *root.glob("data/log/*.log")):
        shutil.copy(log, where)
