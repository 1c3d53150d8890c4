"""Consumers that follow the feed, whatever happens to those who write it."""

import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from threading import Event
from time import monotonic, sleep
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import text

from tests import invariants
from tests.faults.line import Line
from tests.faults.registry import case
from tests.processes import children, kill_group
from worker.adapters.postgres.retracting import PostgresWithdrawing
from worker.core.withdrawal import Scope

if TYPE_CHECKING:
    import subprocess

WORKERS = 8
SECONDS = 60
BACKLOG = 4_000  # files that wait before it begins, so that no worker is ever without work
FILES_PER_SECOND = 60
DRAIN_SECONDS = 600
PAGE = 200  # changes, so that a reader under load is never at the end for long

_CHANGES = "select position, article_id from feed_v1.changes_after(%s, %s)"
_ARTICLES = "select id, to_jsonb(a) - 'search' from feed_v1.articles a"
_DUE = text("select count(*) from desk.file where state in ('noticed', 'processing')")
_SOME = text("""
    select id from feed_v1.articles where position > (select greatest from feed_v1.head) - 500
    order by random() limit 1
""")


@dataclass
class Reader:
    """Keeps what it is told of, by position, and how often a position was not the next."""

    url: str
    position: int = 0
    skipped: int = 0
    doubled: int = 0
    mirror: dict[str, str] = field(default_factory=dict)  # article by id, as JSON

    def follow(self, stop: Event) -> None:
        """Until *stop*, and then to the end."""
        with psycopg.connect(self.url, autocommit=True) as feed:
            feed.execute("set role copydesk_reader")
            feed.execute("set timezone = 'UTC'")
            while True:
                last = stop.is_set()
                if not self._page(feed) and last:
                    return

    def _page(self, feed: psycopg.Connection) -> bool:
        changes = feed.execute(_CHANGES, [self.position, PAGE]).fetchall()
        for position, _ in changes:
            self.skipped += max(0, position - self.position - 1)
            self.doubled += position <= self.position
            self.position = max(self.position, position)
        changed = {str(article_id) for _, article_id in changes}
        shown = feed.execute(f"{_ARTICLES} where id = any(%s)", [list(changed)]).fetchall()
        for article_id in changed:
            self.mirror.pop(article_id, None)
        self.mirror |= _kept(shown)
        return bool(changes)

    def differs(self) -> int:
        """Articles that it has otherwise than the view."""
        with psycopg.connect(self.url) as feed:
            feed.execute("set timezone = 'UTC'")
            view = _kept(feed.execute(_ARTICLES).fetchall())
        return len(view.items() ^ self.mirror.items())


def _kept(rows: list[tuple[object, object]]) -> dict[str, str]:
    return {str(article_id): json.dumps(a, sort_keys=True) for article_id, a in rows}


@contextmanager
def following(url: str) -> Iterator[Reader]:
    reader, stop = Reader(url), Event()
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(reader.follow, stop)
        try:
            yield reader
        finally:
            stop.set()
        done.result()


def _work(line: Line) -> "subprocess.Popen[bytes]":
    return line.work(COPYDESK_WORKERS=str(WORKERS))


@case("reader", "A reader follows for a minute; eight workers at full load, killed all the while")
def follow_under_kills(line: Line, random: Random) -> None:
    """Stories are taken back and restored meanwhile, so every kind of change is among them."""
    desk = PostgresWithdrawing(line.engine)
    line.watch()
    work = _work(line)
    line.warm()
    line.drop_articles(BACKLOG, seed=random.randrange(1 << 30), name="backlog")
    line.wait(lambda: line.count(_DUE) > BACKLOG / 2, "the backlog in the ledger")
    taken, due, end = [], [], monotonic() + SECONDS
    with following(line.servers.endpoints.owner_url) as reader:
        with line.pouring(random.randrange(1 << 30), per_second=FILES_PER_SECOND):
            while monotonic() < end:
                sleep(random.uniform(1, 5))
                due.append(line.count(_DUE))
                if random.random() < 1 / WORKERS:
                    kill_group(work)
                elif processes := children(work.pid):
                    os.kill(random.choice(processes), signal.SIGKILL)
                if work.poll() is not None:  # Celery, too, ends where children die at its start
                    work = _work(line)
                with line.engine.connect() as connection:
                    article_id = connection.execute(_SOME).scalar()
                if article_id is not None:
                    taken.append(desk.meant(article_id))
                    desk.retract(taken[-1], Scope.ALL, "for a test")
        for meant in taken:
            desk.restore(meant)
        if work.poll() is not None:
            _work(line)
        invariants.wait(line.converged, seconds=DRAIN_SECONDS, what="every file's outcome")
    line.over()  # how long they took is no matter here: files of dead batches are worked alone
    found = f"{reader.skipped} skipped, {reader.doubled} doubled, {reader.differs()} differ"
    told = f"{reader.position} changes, {len(taken)} taken back, never fewer than {min(due)} due"
    print(f"a reader of {told}: {found}", flush=True)
    assert found == "0 skipped, 0 doubled, 0 differ"
