"""Kill workers for real, everywhere, and ask whether the promises still hold."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, TextClause, text

from tests import articles, invariants
from tests.bench.texts import articles as stories
from tests.faults.points import POINTS
from tests.processes import children, kill_group, running
from worker.adapters.celery_bell import CeleryBell
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.postgres.sweep import PostgresSweep
from worker.adapters.system import SystemClock
from worker.bootstrap import working
from worker.clerk import Clerk
from worker.core.message import INGEST
from worker.settings import Settings, environment

FILES = 12
CROWD = 500


# Of one story, the whole of which comes last: until then, they are two articles.
HEADLINE, *LINES = articles.STORY.split("\n")
PARTS = (*("\n".join([HEADLINE, *part]) for part in (LINES[:2], LINES[2:])), articles.STORY)
JOINING = text("select count(*) from desk.joining")
ARTICLES = text("select count(*) from feed_v1.articles")


def settings(database_url: str, broker_url: str, inbox: Path) -> Settings:
    return Settings.model_validate(
        {
            "database_url": database_url,
            "broker_url": broker_url,
            "inbox": inbox,
            "lease_seconds": 2,
            "workers": 2,
        }
    )


@contextmanager
def clerk(engine: Engine, given: Settings) -> Iterator[None]:
    """The real clerk, in a hurry."""
    stop = threading.Event()
    with closing(CeleryBell(working.build_celery(given), INGEST, SystemClock())) as bell:
        hasty = Clerk(PostgresSweep(engine, unheard_seconds=1), bell, every_seconds=0.5)
        thread = threading.Thread(target=hasty.run, args=(stop,))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_may_die_at_any_boundary(
    point: str, engine: Engine, database_url: str, broker_url: str, tmp_path: Path
) -> None:
    given = settings(database_url, broker_url, tmp_path)
    mark = tmp_path / "died"
    death = {"TEST_DEATH_POINT": point, "TEST_DEATH_MARK": str(mark), "COPYDESK_TAGGER": "rules"}
    texts = [*stories(FILES - 5), *stories(2), *PARTS]  # two exact copies among them

    with (
        clerk(engine, given),
        running(
            *("celery", "-A", "tests.faults.mortal", "worker", "-c", "2", "-l", "WARNING"),
            log=tmp_path / "work.log",
            environment={**environment(given), **death},
        ),
    ):
        PostgresIntake(engine).record(
            articles.INBOX, [articles.notice(f"{n}.txt", text) for n, text in enumerate(texts)]
        )
        invariants.wait_until_final(engine, FILES)
        invariants.wait(lambda: _count(engine, JOINING) == 0, seconds=60, what="a merger")

    assert mark.exists(), "nobody died: the test would prove nothing"
    invariants.check(engine)
    assert _count(engine, ARTICLES) == FILES - 4, "the parts of a story are one article"


def test_killing_a_child_and_then_the_whole_group_loses_nothing(
    engine: Engine, database_url: str, broker_url: str, tmp_path: Path
) -> None:
    """500 files at once, the real watcher and the real workers, the real model."""
    inbox, spool = tmp_path / "inbox", tmp_path / "spool"
    inbox.mkdir()
    spool.mkdir()
    given = settings(database_url, broker_url, inbox)
    log, env = tmp_path / "work.log", environment(given)
    for n, story in enumerate(stories(CROWD)):
        (spool / f"{n}.txt").write_text(story, encoding="utf-8")

    with running("worker.cli", "watch", log=tmp_path / "watch.log", environment=env):
        with running("worker.cli", "work", log=log, environment=env) as work:
            for file in spool.iterdir():
                file.rename(inbox / file.name)
            _wait_for(engine, stored=CROWD // 10)
            os.kill(children(work.pid)[0], signal.SIGKILL)
            _wait_for(engine, stored=CROWD // 3)
            kill_group(work)
        with running("worker.cli", "work", log=log, environment=env):
            invariants.wait_until_final(engine, CROWD)

    invariants.check(engine, inbox)
    assert _count(engine, ARTICLES) == CROWD


def _count(engine: Engine, what: TextClause) -> int:
    with engine.connect() as connection:
        return int(connection.execute(what).scalar_one())


def _wait_for(engine: Engine, *, stored: int) -> None:
    count = text("select count(*) from desk.file where state = 'stored'")

    def enough() -> bool:
        with engine.connect() as connection:
            return bool(connection.execute(count).scalar_one() >= stored)

    invariants.wait(enough, seconds=120, what=f"{stored} stored files")
