"""The index of near-duplicates as it grows: ``python -m tests.bench.dedupe 10000 1000000``.

For each number of articles, in ascending order: what a probe costs, of an article that is new and
of one that is a copy, and how many bytes an article takes. Keys are random but real in their shape:
25 an article; one article in four shares some with an earlier one, and one key in fifty is common.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from random import Random

import psycopg
from sqlalchemy import Connection, create_engine, text

from tests.bench.desk import house
from worker.adapters.postgres.neighbours import POSTINGS
from worker.adapters.postgres.turning import SKETCH_SLOTS
from worker.core.fingerprint import SKETCH_KEYS
from worker.core.shelf import INDEXED_KEYS, POSTING_CAP

_KEYS = INDEXED_KEYS + 1  # with the headline's
_PROBES = 1000
_COMMON = 5000  # keys that many articles have
_SIZE = text(
    "select sum(pg_total_relation_size(inhrelid)) from pg_inherits where inhparent = "
    "'desk.sketch'::regclass"
)


def main(sizes: Sequence[int]) -> None:
    with house() as (_, where):
        engine = create_engine(where.owner_url.replace("postgresql:", "postgresql+psycopg:", 1))
        loaded = 0
        for size in sorted(sizes):
            with psycopg.connect(where.owner_url, autocommit=True) as connection:
                _load(connection, range(loaded, size))
            loaded = size
            with engine.connect() as connection:
                _report(connection, size)
        engine.dispose()


def _keys(article: int) -> list[int]:
    """The same at each call, so that a copy can be made of any article."""
    random = Random(article)  # noqa: S311 -- not for secrets
    own = [random.getrandbits(63) for _ in range(_KEYS)]
    if article and random.random() < 0.25:
        theirs = Random(random.randrange(article))  # noqa: S311 -- likewise
        shared = random.randrange(1, _KEYS)
        own[:shared] = [theirs.getrandbits(63) for _ in range(shared)]
    return [random.randrange(_COMMON) if random.random() < 0.02 else key for key in own]


def _load(connection: psycopg.Connection, articles: range) -> None:
    row = connection.execute("select cast(extract(month from now()) as int)").fetchone()
    slot = (row[0] if row else 0) % SKETCH_SLOTS
    with connection.cursor() as cursor, cursor.copy("copy desk.sketch from stdin") as copy:
        for article in articles:
            for key in _keys(article):
                copy.write_row((slot, key, article, article))
    connection.execute("vacuum analyze desk.sketch")


def _report(connection: Connection, size: int) -> None:
    new = _times(connection, ([*_keys(size + n), *_unseen(n)] for n in range(_PROBES)))
    copies = _times(
        connection, ([*_keys(n * size // _PROBES), *_unseen(n)] for n in range(_PROBES))
    )
    size_bytes = connection.execute(_SIZE).scalar_one()
    for name, times in (("new", new), ("copy", copies)):
        p50, p99 = times[_PROBES // 2], times[_PROBES * 99 // 100]
        print(f"{size:9} articles, probe of a {name:4}: p50 {p50:6.2f} ms, p99 {p99:6.2f} ms")
    print(f"{size:9} articles: {size_bytes / size:.0f} bytes an article", flush=True)


def _unseen(n: int) -> list[int]:
    """The rest of a sketch, which nobody has indexed."""
    random = Random(-1 - n)  # noqa: S311 -- likewise
    return [random.getrandbits(63) for _ in range(SKETCH_KEYS + 1 - _KEYS)]


def _times(connection: Connection, probes: Iterator[list[int]]) -> list[float]:
    """Milliseconds, ascending."""
    times = []
    for keys in probes:
        began = time.perf_counter()
        connection.execute(POSTINGS, {"keys": keys, "cap": POSTING_CAP}).all()
        times.append((time.perf_counter() - began) * 1000)
    return sorted(times)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 1_000_000])
