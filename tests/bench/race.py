"""Eight workers are handed eight forms of one story at the same moment: is it one article?

Each round records 300 stories in 8 forms, and 8 processes of the real pipeline (read, decide, tag
by rules, finish) claim them from a real store until none is due. The files are recorded so that
forms of a story are claimed at once: side by side where each process takes one file at a time;
where it takes 32, each of eight batches in a row has one form of the same 32 stories.

A story is *split* if its forms end in two articles, mergers counted; a file is *lost* if it ends
without an article, a form of another story's if it ends in a foreign one. PostgreSQL itself counts
the deadlocks. Forms are invented: a text cut short, reordered, framed, extended, with a new label.
"""

import multiprocessing
import sys
import time
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import count
from multiprocessing.synchronize import Barrier

from sqlalchemy import Engine, text

from tests.bench.desk import house, urls
from tests.bench.texts import articles
from worker import pipeline
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.engine import connect
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.system import uuid7
from worker.bootstrap.serving import secret
from worker.bootstrap.steps import stages
from worker.core.ledger import Lane, Path, Stat, Witness
from worker.ports import Notice
from worker.settings import Settings, Tagger, load

WORKERS, STORIES, ROUNDS = 8, 300, 5
BATCH = 32
_LEASE_SECONDS = 120.0
_LOAD_SECONDS = 300.0  # for eight processes to load their word lists
_RECORDED = 500  # files a transaction
_FRAME = "Readers of the Lakeside Gazette may write to the desk on the second floor, any day."
_MORE = "The story will be told on when the desk hears more of it from those who were there."

# Which articles a story's files ended in, and how many files in none.
_ENDS = text("""
    select split_part(f.path, '-', 1) as story,
        count(distinct coalesce(m.into_id, f.article_id)) as articles,
        count(*) filter (where f.article_id is null or f.finished_at is null) as lost
    from desk.file f left join desk.merger m on m.article_id = f.article_id
    where f.inbox = :inbox
    group by story
""")
_FOREIGN = text("""
    select count(*) from (
        select coalesce(m.into_id, f.article_id)
        from desk.file f left join desk.merger m on m.article_id = f.article_id
        where f.inbox = :inbox
        group by 1 having count(distinct split_part(f.path, '-', 1)) > 1
    ) shared
""")
_DEADLOCKS = text("select deadlocks from pg_stat_database where datname = current_database()")


def run(rounds: int = ROUNDS) -> dict[str, float]:
    """Totals over all rounds of both kinds; all but the last should be 0."""
    totals = dict.fromkeys(("split", "lost", "foreign", "failed workers", "deadlocks"), 0.0)
    files, seconds = 0, 0.0
    with house() as (_, where):
        settings = load(**urls(where)).model_copy(update={"tagger": Tagger.RULES})
        engine = connect(where.owner_url, name="race")
        for seed, limit in zip(count(1), [1, BATCH] * rounds, strict=False):
            inbox = f"round-{seed}"
            files += _record(engine, inbox, seed, side_by_side=limit == 1)
            failed, lasted = _work_all(settings, limit)
            totals["failed workers"] += failed
            seconds += lasted
            ends = _ends(engine, inbox)
            totals |= {name: totals[name] + value for name, value in ends.items()}
            print(
                f"{inbox}, {limit} at a time: {ends}, {lasted:.0f} s", file=sys.stderr, flush=True
            )
        with engine.connect() as connection:
            totals["deadlocks"] = float(connection.execute(_DEADLOCKS).scalar_one())
        engine.dispose()
    return {**totals, "files": float(files), "files/s": files / seconds}


def _record(engine: Engine, inbox: str, seed: int, *, side_by_side: bool) -> int:
    intake = PostgresIntake(engine)
    stories = [forms(story) for story in articles(STORIES, seed)]
    notices = [
        _notice(f"{first + n}-{form}.txt", stories[first + n][form])
        for first, size in _blocks(1 if side_by_side else BATCH)
        for form in range(WORKERS)
        for n in range(size)
    ]
    for first in range(0, len(notices), _RECORDED):
        intake.record(inbox, notices[first : first + _RECORDED])
    return len(notices)


def _blocks(size: int) -> Iterator[tuple[int, int]]:
    for first in range(0, STORIES, size):
        yield first, min(size, STORIES - first)


def forms(story: str) -> Sequence[str]:
    """Eight forms of one story: a headline, then a paragraph a line."""
    headline, *body = story.split("\n")
    labelled = f"UPDATE 1-{headline}"
    return [
        "\n".join(lines)
        for lines in (
            [headline, *body],
            [headline, *body[: len(body) * 2 // 3]],
            [headline, *body, _MORE],
            [headline, _FRAME, *body, _FRAME],
            [headline, *body[:2], *reversed(body[2:])],
            [headline, *body[:4], *body[5:]],
            [labelled, *body],
            [labelled, *body[1:], _MORE],
        )
    ]


def _notice(name: str, content: str) -> Notice:
    raw = content.encode()
    stat = Stat(size=len(raw), mtime_ns=0, ctime_ns=0, inode=0)
    digest = sha256(raw).digest()
    return Notice(Path(name.encode()), stat, Witness.QUIET, Lane.LIVE, content=raw, sha256=digest)


def _work_all(settings: Settings, limit: int) -> tuple[int, float]:
    """Until no file is due; how many workers ended otherwise than they should, and the seconds."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(WORKERS + 1)
    workers = [context.Process(target=_work, args=(settings, limit, start)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    start.wait(_LOAD_SECONDS)
    began = time.monotonic()
    for worker in workers:
        worker.join()
    return sum(worker.exitcode != 0 for worker in workers), time.monotonic() - began


def _work(settings: Settings, limit: int, start: Barrier) -> None:
    engine = connect(secret(settings.database_url), name="racer")
    desk = PostgresDesk(engine, lease_seconds=_LEASE_SECONDS, new_id=uuid7)
    made = stages(settings)
    start.wait()
    while claims := desk.claim((), limit):
        pipeline.run(claims, desk, made)
    engine.dispose()


def _ends(engine: Engine, inbox: str) -> dict[str, int]:
    with engine.connect() as connection:
        rows = connection.execute(_ENDS, {"inbox": inbox}).all()
        foreign = connection.execute(_FOREIGN, {"inbox": inbox}).scalar_one()
    return {
        "split": sum(row.articles > 1 for row in rows) + STORIES - len(rows),
        "lost": sum(row.lost for row in rows),
        "foreign": foreign,
    }
