"""PostgreSQL restarts, dies, is away, or freezes."""

import os
import signal
import time
from random import Random

from sqlalchemy import text

from tests.faults.line import Line
from tests.faults.registry import case

_BLAMED = text("select count(*) from desk.file where deaths > 0")


@case("store-restart", "PostgreSQL is restarted under load, 3 times")
def restart(line: Line, random: Random) -> None:
    line.under_load(random, lambda: _end(line, signal.SIGINT), times=3)


@case("store-kill", "SIGKILL of PostgreSQL under load, 3 times")
def kill(line: Line, random: Random) -> None:
    line.under_load(random, lambda: _end(line, signal.SIGKILL), times=3)


@case("store-away", "PostgreSQL is away for 2 minutes under load")
def away(line: Line, random: Random) -> None:
    line.under_load(
        random, lambda: _end(line, signal.SIGINT, away_seconds=120), times=1, per_second=5
    )
    assert line.count(_BLAMED) == 0, "the store was away, and a file is blamed for it"


@case("store-frozen", "PostgreSQL is stopped (SIGSTOP) for 45 s under load")
def freeze(line: Line, random: Random) -> None:
    def harm() -> None:
        stopped = line.backends()
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        time.sleep(45)
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)

    line.under_load(random, harm, times=1, per_second=10)


def _end(line: Line, how: signal.Signals, away_seconds: float = 0) -> None:
    pid = line.server("postgres")
    os.kill(pid, how)
    time.sleep(away_seconds)
    line.wait(lambda: not line.lives("postgres"), "the end of PostgreSQL")
    line.revive()
