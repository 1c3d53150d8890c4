"""One file dropped on an idle system, until a consumer that was notified reads its change.

The clock runs from just before the rename, or the copy, to the row of ``feed_v1.changes`` in the
consumer's hands. A copy is written and closed in the inbox, as ``cp`` does.
"""

import random
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from tests.bench.desk import ask, house, percentile, role, wait
from tests.bench.texts import articles
from worker.adapters.embedded import Endpoints

DROPS = 200  # each way
_WARM = 40
_SETTLE_SECONDS = 3.0
_PAUSE_SECONDS = (0.1, 0.35)  # between drops, so that none follows a beat of ours

Drop = Callable[[Path, Path], object]
WAYS: dict[str, Drop] = {"renamed": Path.rename, "copied": shutil.copyfile}


def run(drops: int = DROPS) -> dict[str, float]:
    """Milliseconds: ``renamed_p50`` and so on."""
    texts = iter(list(articles(_WARM + drops * len(WAYS), seed=11)))
    with (
        house() as (root, where),
        role(root, where, "watch"),
        role(root, where, "work", workers="2"),
        psycopg.connect(where.owner_url, autocommit=True) as consumer,
    ):
        consumer.execute("listen copydesk_changes")
        _warm(root, where, texts)
        return {
            f"{name}_{key}": value
            for name, way in WAYS.items()
            for key, value in _figures(
                [_once(root, consumer, next(texts), n, way) for n in range(drops)]
            ).items()
        }


def _warm(root: Path, where: Endpoints, texts: Iterator[str]) -> None:
    for n in range(_WARM):
        (root / "spool" / "warm").write_text(next(texts), encoding="utf-8")
        (root / "spool" / "warm").rename(root / "inbox" / f"warm{n}.txt")
    wait(lambda: ask(where, "select count(*) from feed_v1.changes") >= _WARM, seconds=120)
    time.sleep(_SETTLE_SECONDS)


def _once(
    root: Path, consumer: psycopg.Connection[tuple[object, ...]], text: str, n: int, way: Drop
) -> float:
    for _ in consumer.notifies(timeout=0):
        pass
    before = _head(consumer)
    spooled = root / "spool" / f"{n}.txt"
    spooled.write_text(text, encoding="utf-8")
    time.sleep(random.uniform(*_PAUSE_SECONDS))  # noqa: S311 -- not for secrets
    began = time.monotonic()
    way(spooled, root / "inbox" / f"{way.__name__}{n}.txt")
    while _head(consumer) == before:
        for _ in consumer.notifies(timeout=10, stop_after=1):
            pass
    return (time.monotonic() - began) * 1_000


def _head(consumer: psycopg.Connection[tuple[object, ...]]) -> object:
    row = consumer.execute("select max(position) from feed_v1.changes").fetchone()
    return row and row[0]


def _figures(milliseconds: list[float]) -> dict[str, float]:
    return {
        "p50": percentile(milliseconds, 50),
        "p99": percentile(milliseconds, 99),
        "max": max(milliseconds),
    }
