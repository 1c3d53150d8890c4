"""The broker dies, forgets everything, or freezes."""

import os
import signal
import time
from random import Random

from tests.conftest import redis_client
from tests.faults.line import Line
from tests.faults.registry import case


@case("broker-kill", "SIGKILL of the broker under load, 3 times")
def kill(line: Line, random: Random) -> None:
    def harm() -> None:
        _kill(line)
        line.revive()

    line.under_load(random, harm, times=3)


@case("broker-empty", "SIGKILL of the broker, which comes back empty, 3 times")
def lose(line: Line, random: Random) -> None:
    def harm() -> None:
        _kill(line)
        line.empty_broker()
        line.revive()

    line.under_load(random, harm, times=3)


@case("broker-flush", "FLUSHALL under load, 10 times")
def flush(line: Line, random: Random) -> None:
    def harm() -> None:
        with redis_client(line.servers.endpoints.broker_url) as client:
            client.flushall()

    line.under_load(random, harm, times=10)


@case("broker-frozen", "The broker is stopped (SIGSTOP) for 60 s")
def freeze(line: Line, random: Random) -> None:
    def harm() -> None:
        pid = line.server("valkey")
        os.kill(pid, signal.SIGSTOP)
        time.sleep(60)
        os.kill(pid, signal.SIGCONT)

    line.under_load(random, harm, times=1, per_second=5)


@case("trial-6", "The broker is away for 20 s, then for 60 s")
def trial_6(line: Line, random: Random) -> None:
    line.watch()
    line.work()
    line.warm()
    for seconds in (20, 60):
        _kill(line)
        line.drop_articles(20, random.randrange(1 << 30), name=f"{seconds}-")
        time.sleep(seconds)
        line.revive()
    line.over()


def _kill(line: Line) -> None:
    os.kill(line.server("valkey"), signal.SIGKILL)
    line.wait(lambda: not line.lives("valkey"), "the end of the broker")
