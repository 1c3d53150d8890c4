"""The example consumer, killed at random while articles are written, ends equal to the views."""

import ast
import json
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text

import schemas
from tests import articles, invariants
from tests.articles import INBOX, STAGES, notice
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.system import uuid7
from worker.pipeline import run

EXAMPLES = Path(schemas.__file__).parent / "examples"
FOLLOW = EXAMPLES / "follow.py"
KILLS = 10
HANG_SECONDS = 60


def follow(url: str, mirror: Path, *options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, str(FOLLOW), url, str(mirror), *options])


def mirrored(mirror: Path) -> dict[str, object]:
    with closing(sqlite3.connect(mirror)) as database:
        return {id_: json.loads(a) for id_, a in database.execute("select * from article")}


def shown(url: str) -> dict[str, object]:
    with psycopg.connect(url) as connection:
        connection.execute("set timezone = 'UTC'")
        rows = connection.execute("select id, to_jsonb(a) - 'search' from feed_v1.articles a")
        return {str(id_): a for id_, a in rows}


@contextmanager
def writing(engine: Engine) -> Iterator[None]:
    """New articles, revisions and copies, for as long as the context lasts."""
    desk, intake = PostgresDesk(engine, lease_seconds=30, new_id=uuid7), PostgresIntake(engine)
    stop = threading.Event()

    def write() -> None:
        for n in count(1):
            story = articles.text(n)
            edited = story.replace(f"14{n} days{n}", f"15{n} days{n}")
            intake.record(INBOX, [notice(f"{n}", story), notice(f"{n}-copy", story)])
            run(desk.claim((), 32), desk, STAGES)
            intake.record(INBOX, [notice(f"{n}", edited)])
            run(desk.claim((), 32), desk, STAGES)
            if stop.wait(0.01):
                return

    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(write)
        try:
            yield
        finally:
            stop.set()
        written.result(HANG_SECONDS)


def test_the_example_consumer_misses_nothing(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    mirror, chance = tmp_path / "mirror.sqlite", random.Random(20261124)  # noqa: S311 -- no secret
    with writing(engine):
        for _ in range(KILLS):
            process = follow(database_url, mirror)
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0.1, 0.8))
            process.send_signal(signal.SIGKILL)
            process.wait(HANG_SECONDS)
    assert follow(database_url, mirror, "--once").wait(HANG_SECONDS) == 0

    assert mirrored(mirror) == shown(database_url)
    assert len(mirrored(mirror)) > KILLS
    invariants.check(engine)


def test_the_example_consumer_begins_anew_after_a_restore(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    mirror = tmp_path / "mirror.sqlite"
    with writing(engine):
        assert follow(database_url, mirror, "--once").wait(HANG_SECONDS) == 0
    with engine.begin() as connection:
        connection.execute(text("update desk.head set epoch = gen_random_uuid()"))
        connection.execute(text("truncate desk.published"))

    assert mirrored(mirror) != {}
    assert follow(database_url, mirror, "--once").wait(HANG_SECONDS) == 0
    assert mirrored(mirror) == {}


def test_the_questions_for_data_frames_have_answers(engine: Engine) -> None:
    """Their answers become frames in pandas, which is not ours to test, nor needed here."""
    with writing(engine):
        pass
    source = ast.parse((EXAMPLES / "frames.py").read_text(encoding="utf-8"))
    questions = [n.args[0].value for n in ast.walk(source) if is_question(n)]  # type: ignore[attr-defined]
    with engine.connect() as connection:
        answers = [connection.execute(text(q), {"days": 7}).all() for q in questions]

    assert [len(answer) for answer in answers] == [1, 0]


def is_question(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "text"
