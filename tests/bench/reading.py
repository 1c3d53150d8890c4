"""How fast consumers read a store of many articles; see ``tests.bench.store`` for what is in it."""

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import psycopg

from tests.bench import store
from tests.bench.desk import house, peak_mb, percentile
from tests.bench.machine import environment
from worker.adapters.embedded import Endpoints
from worker.adapters.postgres.engine import connect
from worker.adapters.postgres.searching import PostgresSearching
from worker.core.searching import Query

ARTICLES = 200_000
_ROUNDS = 400
_PAGE = 500  # changes
_FIRST_ROUNDS = 20  # not counted: caches are warm where anybody reads


def run(count: int) -> dict[str, float]:
    with house() as (folder, where):
        began = time.monotonic()
        store.fill(where.owner_url, count)
        filled = {"filled, articles/s": count / (time.monotonic() - began)}
        return {**filled, **measure(where, count), **_export(folder, where, count)}


def measure(where: Endpoints, count: int) -> dict[str, float]:
    random = Random(1)  # noqa: S311 -- no secret
    with psycopg.connect(where.reader_url, autocommit=True) as reader:
        ids = _ids(reader)
        changes = _times(
            lambda: reader.execute(
                "select * from feed_v1.changes_after(%s, %s)", [random.randrange(count), _PAGE]
            ).fetchall()
        )
        by_id = _times(
            lambda: reader.execute(
                "select * from feed_v1.articles where id = %s", [random.choice(ids)]
            ).fetchall()
        )
    engine = connect(where.owner_url, name="bench")
    searching, queries = PostgresSearching(engine), _queries(random, count)
    found: list[int] = []
    search = _times(lambda: found.append(len(searching.search(next(queries), 10).found)))
    engine.dispose()
    return {
        **_told(f"changes_after, {_PAGE}", changes),
        **_told("article by id", by_id),
        **_told("search, two filters", search),
        "searches that found something, %": 100 * sum(map(bool, found)) / len(found),
    }


def _ids(reader: psycopg.Connection) -> list[Any]:
    rows = reader.execute("select id from feed_v1.articles where position % 97 = 0").fetchall()
    return [row[0] for row in rows]


def _queries(random: Random, count: int) -> Iterator[Query]:
    """One or two words and any two filters, each drawn as the texts were: the common ones often."""
    newest = store.published_at(count)
    while True:
        words = " ".join(store.word(_rank(random, 20_000)) for _ in range(random.randint(1, 2)))
        since = newest - timedelta(days=random.choice([7, 30, 365]))
        filters: dict[str, Any] = {
            "source": store.source(_rank(random, 300)),
            "language": random.choice(store.LANGUAGES),
            "topic": store.topic(_rank(random, 300)),
            "entity": store.person(_rank(random, 20_000)),
            "country": store.country(_rank(random, 200)),
            "since": since,
        }
        chosen = random.sample(sorted(filters), 2)
        yield Query(words, **{name: filters[name] for name in chosen})


def _rank(random: Random, of: int) -> int:
    """By Zipf's law, nearly: as likely between 1 and 10 as between 10 and 100."""
    return int(of ** random.random()) - 1


def _times(what: Callable[[], object]) -> list[float]:
    """Milliseconds that each call took."""
    times = []
    for _ in range(_FIRST_ROUNDS + _ROUNDS):
        began = time.perf_counter()
        what()
        times.append(1_000 * (time.perf_counter() - began))
    return times[_FIRST_ROUNDS:]


def _told(name: str, times: list[float]) -> dict[str, float]:
    return {f"{name}, p{p} ms": percentile(times, p) for p in (50, 95, 99)}


def _export(folder: Path, where: Endpoints, count: int) -> dict[str, float]:
    figures: dict[str, float] = {}
    for form in ("jsonl", "ninjs", "csv"):
        target = folder / f"all.{form}"
        given = {"COPYDESK_DATABASE_URL": where.owner_url, "COPYDESK_BROKER_URL": where.broker_url}
        command = [
            sys.executable,
            "-m",
            "worker.cli",
            "export",
            "--format",
            form,
            "-o",
            str(target),
        ]
        began, peak, cpu = time.monotonic(), 0.0, _cpu_seconds()
        with subprocess.Popen(
            command, env={**environment(), "PYTHONPATH": str(Path.cwd()), **given}
        ) as process:
            while process.poll() is None:
                with suppress(ValueError):  # it has ended since, and tells no more
                    peak = max(peak, peak_mb(process.pid))
                time.sleep(0.2)
        if process.returncode:
            raise RuntimeError(f"export of {form} ended with {process.returncode}")
        figures[f"export {form}, articles/s"] = count / (time.monotonic() - began)
        figures[f"export {form}, ms of CPU an article"] = 1_000 * (_cpu_seconds() - cpu) / count
        figures[f"export {form}, MB at most"] = peak
        target.unlink()
    return figures


def _cpu_seconds() -> float:
    """Of processes that have ended: the command's, and not the server's."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
