"""Workers that are killed, stopped, put to sleep, or handed what they cannot survive."""

import os
import signal
import time
from random import Random

from sqlalchemy import text

from tests.bench.texts import articles
from tests.faults.line import Line
from tests.faults.points import POINTS
from tests.faults.registry import case
from tests.processes import children, kill_group

GRACE_SECONDS = 60
SEGFAULT, TAG_SEGFAULT, ENDLESS = "qsegfaultq", "qtagsegfaultq", "qendlessq"

_SPARED = text("select count(*) from desk.file where attempts > 1 or solo")
_REASON = text("select count(*) from desk.file where state = :state and reason = :reason")


@case("group-x25", "SIGKILL of the whole worker group, 25 times under load")
def kill_group_often(line: Line, random: Random) -> None:
    line.watch()
    work = line.work()
    line.warm()
    with line.pouring(random.randrange(1 << 30), per_second=3):
        for n in range(25):
            _be_at_work(line, random, f"{n}-")
            kill_group(work)
            work = line.work()
    line.over()


@case("child", "SIGKILL of one child, 9 times under load")
def kill_children(line: Line, random: Random) -> None:
    line.watch()
    work = line.work()
    line.warm()
    with line.pouring(random.randrange(1 << 30), per_second=3):
        for n in range(9):
            _be_at_work(line, random, f"{n}-")
            os.kill(random.choice(children(work.pid)), signal.SIGKILL)
    line.over()


@case("trial-1", "SIGKILL of worker and children with 27 of 100 stored")
def trial_1(line: Line, random: Random) -> None:
    line.watch()
    work = line.work(COPYDESK_BATCH_FILES="9")
    line.warm()
    line.drop_articles(100, random.randrange(1 << 30))
    line.wait_for_final(28)
    kill_group(work)
    line.work()
    line.over()


@case("boundaries", "A worker dies before, inside and after each of the three transactions")
def die_at_every_boundary(line: Line, random: Random) -> None:
    line.watch()
    for n, point in enumerate(POINTS):
        mark = line.root / f"died{n}"
        mortal = line.work_mortally(TEST_DEATH_POINT=point, TEST_DEATH_MARK=str(mark))
        line.drop_articles(20, random.randrange(1 << 30), name=f"{n}-")
        line.wait(mark.exists, f"a death {point}")
        kill_group(mortal)
    line.work()
    line.over()


@case("sigterm", "SIGTERM in the middle of batches; ends by itself within the grace period")
def stop_gracefully(line: Line, random: Random) -> None:
    line.watch()
    work = line.work()
    line.warm()
    with line.pouring(random.randrange(1 << 30), per_second=3):
        for n in range(5):
            _be_at_work(line, random, f"{n}-")
            work.send_signal(signal.SIGTERM)
            work.wait(GRACE_SECONDS)
            assert line.count(_SPARED) == 0, "a file was dropped by a worker that was asked to stop"
            work = line.work()
    line.over()


@case("sigterm-away", "SIGTERM of workers and watcher while broker and PostgreSQL are away")
def stop_without_services(line: Line, random: Random) -> None:
    watch = line.watch()
    work = line.work()
    line.warm()
    with line.pouring(random.randrange(1 << 30), per_second=10):
        line.wait_until_processing()
        os.kill(line.server("postgres"), signal.SIGKILL)
        os.kill(line.server("valkey"), signal.SIGKILL)
        time.sleep(random.uniform(0.0, 10.0))
        for process in (watch, work):
            process.send_signal(signal.SIGTERM)
        for process in (watch, work):
            process.wait(GRACE_SECONDS)
    line.revive()
    line.watch()
    line.work()
    line.over()


@case("sleeper", "A worker group is stopped past its leases, and wakes up late")
def sleep_past_the_lease(line: Line, random: Random) -> None:
    line.watch()
    sleeper = line.work()
    line.warm()
    with line.pouring(random.randrange(1 << 30), per_second=20):
        time.sleep(random.uniform(0.5, 1.5))
        line.wait_until_processing()
        os.killpg(sleeper.pid, signal.SIGSTOP)
        line.work()
        time.sleep(45)
        os.killpg(sleeper.pid, signal.SIGCONT)
    line.over()


@case("segfault", "A file that segfaults its reader among 32, the group killed 8 times meanwhile")
def poison(line: Line, random: Random) -> None:
    seed = random.randrange(1 << 30)
    line.drop_articles(31, seed)
    line.drop("poison.txt", f"{SEGFAULT}\n{next(articles(1, seed + 1))}")
    line.watch()
    for _ in range(8):
        work = line.work_mortally(TEST_SEGFAULT=SEGFAULT)
        line.wait_until_processing(files=32)  # all may be done before the last kill
        time.sleep(random.uniform(0.0, 2.0))
        kill_group(work)
    line.over()
    line.work_mortally(TEST_SEGFAULT=SEGFAULT)
    _wait_for(line, "quarantined", "poison")


@case("tag-segfault", "A file that segfaults the tagger: stored all the same, its tags failed")
def poison_for_the_tagger(line: Line, random: Random) -> None:
    seed = random.randrange(1 << 30)
    line.watch()
    line.work_mortally(TEST_TAG_SEGFAULT=TAG_SEGFAULT)
    line.drop_articles(31, seed)
    line.drop("poison.txt", f"{TAG_SEGFAULT}\n{next(articles(1, seed + 1))}")
    line.expect_articles(1)
    line.over()
    _wait_for(line, "stored", "tagging_failed")


@case("endless", "A file whose reading never ends, among 32")
def endless(line: Line, random: Random) -> None:
    seed = random.randrange(1 << 30)
    line.watch()
    line.work_mortally(TEST_ENDLESS=ENDLESS)
    line.drop_articles(31, seed)
    line.drop("endless.txt", f"{ENDLESS}\n{next(articles(1, seed + 1))}")
    line.over()
    _wait_for(line, "quarantined", "too_expensive")


def _be_at_work(line: Line, random: Random, name: str) -> None:
    """At some moment while a worker holds files."""
    time.sleep(random.uniform(0.0, 1.0))
    line.drop_articles(30, random.randrange(1 << 30), name)
    line.wait_until_processing()
    time.sleep(random.uniform(0.0, 0.2))


def _wait_for(line: Line, state: str, reason: str) -> None:
    question = _REASON.bindparams(state=state, reason=reason)
    line.wait(lambda: line.count(question) == 1, f"one file that is {state}: {reason}")
