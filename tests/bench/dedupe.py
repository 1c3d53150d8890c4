"""The index of near-duplicates as it grows, and what a decision costs with its commits.

A million articles' keys are invented and loaded. They have the shape of real ones: 24 an article,
the smallest of as many hashes as it has words, and its headline's; one article in four shares some
with an earlier one, and one key in fifty is common: more articles have it than a probe reads.

At 10,000 articles and at the full number: a probe for an article that is new and for one that is a
copy, the insert of a batch's keys, bytes on disk an article. Then one worker fingerprints, decides
and finishes articles, ready as they come from reading, over that index: how many a second, how many
the lock of all decisions would let through, and by how much an article costs more than among few.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from itertools import islice

import numpy as np
import numpy.typing as npt
import psycopg
from sqlalchemy import Connection, Engine, text

from tests.bench.desk import house, percentile
from tests.bench.texts import articles
from worker import pipeline
from worker.adapters.postgres import storing
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.engine import connect
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.postgres.neighbours import POSTINGS
from worker.adapters.postgres.rows import array
from worker.adapters.postgres.turning import SKETCH_SLOTS
from worker.adapters.system import uuid7
from worker.core import dedupe
from worker.core.article import Article, Decision, Tags
from worker.core.dedupe import Candidate
from worker.core.fingerprint import SKETCH_KEYS
from worker.core.ledger import Lane, Path, Stat, Witness
from worker.core.normalise import normalise
from worker.core.policy import Policy
from worker.core.readers import read
from worker.core.shelf import INDEXED_KEYS, POSTING_CAP, Posting
from worker.pipeline import Stages
from worker.ports import Claim, Judge, Notice

ARTICLES = 1_000_000
_FEW = 10_000
_CHUNK = 10_000  # articles made and loaded at once
_COMMON = 5_000  # keys that many articles have
_PROBES = 1_000
_BATCH = 32
_INSERTS = 50  # batches
_COMMITTED = 3_200  # articles
_WARMING = 10  # batches before them
_SETTLING = 50  # one article inserted for so many: a page of the index holds keys of some twenty
_SIZE = text(
    "select sum(pg_total_relation_size(inhrelid)) from pg_inherits where inhparent = "
    "'desk.sketch'::regclass"
)

_Keys = npt.NDArray[np.int64]  # a row an article


def run(most: int = ARTICLES) -> dict[str, float]:
    figures: dict[str, float] = {}
    with house() as (_, where):
        engine = connect(where.owner_url, name="bench")
        loaded, index, whole = 0, [], []
        for size in (_FEW, most):
            _load(where.owner_url, range(loaded // _CHUNK, size // _CHUNK))
            loaded = size
            with engine.connect() as connection:
                measured = _measure(connection, size)
            index.append(measured["probe mean, ms"] + measured["insert, ms an article"])
            _settle(engine, size)
            measured |= _committed(engine, seed=size)
            whole.append(1 / measured[_RATE])
            figures |= {f"{size:,}: {name}": value for name, value in measured.items()}
        figures["probe and insert alone, grown by"] = index[1] / index[0]
        figures["cost an article, grown by"] = whole[1] / whole[0]
        engine.dispose()
    return figures


_RATE = "one worker, committed, articles/s"


# --- keys -----------------------------------------------------------------------------------------


def _own(chunk: int) -> _Keys:
    """Keys of articles that share nothing: the smallest hashes of 100 to 1,000 words, and one."""
    random = np.random.default_rng(chunk)
    words = random.integers(100, 1000, size=(_CHUNK, 1))
    gaps = random.exponential(size=(_CHUNK, INDEXED_KEYS)) * (2.0**63 / words) * 2
    smallest = np.minimum(gaps.cumsum(axis=1), 2.0**63 - 1024).astype(np.int64) + _LEAST
    headings = random.integers(_LEAST, 2**63 - 1, size=(_CHUNK, 1))
    keys = np.hstack([smallest, headings])
    common = random.random(keys.shape) < 0.02
    keys[common] = random.integers(_COMMON, size=int(common.sum()))
    return keys


def _keys(chunk: int) -> _Keys:
    """The same; one in four has the first few of an article of an earlier chunk."""
    random = np.random.default_rng([chunk, 1])
    keys, theirs = _own(chunk), _own(random.integers(chunk) if chunk else 0)
    shared = random.integers(1, INDEXED_KEYS, size=(_CHUNK, 1))
    copies = (random.random((_CHUNK, 1)) < 0.25) & bool(chunk)
    return np.where(copies & (np.arange(INDEXED_KEYS + 1) < shared), theirs, keys)


_LEAST = -(2**63)


def _load(url: str, chunks: range) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute("select cast(extract(month from now()) as int)").fetchone()
        slot = (row[0] if row else 0) % SKETCH_SLOTS
        for chunk in chunks:
            with connection.cursor() as cursor, cursor.copy("copy desk.sketch from stdin") as copy:
                for n, keys in enumerate(_keys(chunk).tolist(), chunk * _CHUNK):
                    copy.write("".join(f"{slot}\t{key}\t{n}\t{n}\n" for key in set(keys)))
        connection.execute("vacuum analyze desk.sketch")


# --- probe and insert -----------------------------------------------------------------------------


def _measure(connection: Connection, size: int) -> dict[str, float]:
    chunks = size // _CHUNK
    unseen = _own(chunks + 1)[: SKETCH_KEYS - INDEXED_KEYS]  # the rest of a sketch
    stored = [_keys(n)[n::chunks][: -(-_PROBES // chunks)] for n in range(chunks)]
    copies = np.vstack(stored)[:_PROBES]
    new = _timed(connection, _own(chunks + 2)[:_PROBES], unseen)
    known = _timed(connection, copies, unseen)
    return {
        "probe of a new one, p50 ms": percentile(new, 50),
        "probe of a new one, p99 ms": percentile(new, 99),
        "probe of a copy, p50 ms": percentile(known, 50),
        "probe of a copy, p99 ms": percentile(known, 99),
        "probe mean, ms": sum(new + known) / len(new + known),
        "insert, ms an article": _inserted(connection, chunks + 3),
        "bytes an article": connection.execute(_SIZE).scalar_one() / size,
    }


def _timed(connection: Connection, probes: _Keys, unseen: _Keys) -> list[float]:
    """Milliseconds."""
    times = []
    for n, keys in enumerate(probes.tolist()):
        sketch = [*keys, *unseen[:, n % unseen.shape[1]].tolist()]
        began = time.perf_counter()
        connection.execute(POSTINGS, {"keys": array(sketch), "cap": POSTING_CAP}).all()
        times.append((time.perf_counter() - began) * 1000)
    connection.rollback()
    return times


def _inserted(connection: Connection, chunk: int) -> float:
    """Milliseconds an article, in batches, each with its commit."""
    keys = _own(chunk)[: _INSERTS * _BATCH].tolist()
    began = time.perf_counter()
    for first in range(0, len(keys), _BATCH):
        files = range(first, first + _BATCH)
        posted = [Posting(key, -n, -n) for n in files for key in set(keys[n])]
        storing._index(connection, posted)  # noqa: SLF001 -- this statement alone is measured
        connection.commit()
    return (time.perf_counter() - began) * 1000 / len(keys)


def _settle(engine: Engine, size: int) -> None:
    """Touch each page of the index: its first change after a checkpoint logs it whole.

    Whoever has worked for minutes has paid for that; who begins on a million loaded at once pays at
    each insert. What is inserted here is rolled back.
    """
    keys = np.vstack([_own(10**6 + n) for n in range(2)])[: size // _SETTLING]
    with engine.connect() as connection:
        posted = [Posting(key, -n, -n) for n, row in enumerate(keys.tolist()) for key in set(row)]
        storing._index(connection, posted)  # noqa: SLF001 -- this statement alone is meant
        connection.rollback()


# --- with the commits -----------------------------------------------------------------------------


class _Desk(PostgresDesk):
    """Counts the seconds in which nobody else could decide, and the few before they begin."""

    deciding = 0.0

    def decide(
        self, articles: Sequence[tuple[Claim, Candidate]], judge: Judge
    ) -> Mapping[int, Decision]:
        began = time.perf_counter()
        decisions = super().decide(articles, judge)
        self.deciding += time.perf_counter() - began
        return decisions


def _committed(engine: Engine, seed: int) -> dict[str, float]:
    """What one worker fingerprints, decides and finishes, in full batches."""
    desk = _Desk(engine, lease_seconds=300, new_id=uuid7)
    made = {
        story.encode(): _article(story) for story in articles(_COMMITTED + _WARMING * _BATCH, seed)
    }
    PostgresIntake(engine).record("bench", [_notice(content) for content in made])
    stages = Stages(
        read=lambda content, _: made[content],
        judge=partial(dedupe.decide, policy=Policy()),
        tag=lambda given: [Tags() for _ in given],
    )
    batches = _batches(desk)
    for claims in islice(batches, _WARMING):
        pipeline.run(claims, desk, stages)
    desk.deciding, done = 0.0, 0
    began = time.perf_counter()
    for claims in batches:
        done += len(pipeline.run(claims, desk, stages).written)
    lasted = time.perf_counter() - began
    return {_RATE: done / lasted, "decided one batch at a time, articles/s": done / desk.deciding}


def _batches(desk: PostgresDesk) -> Iterator[Sequence[Claim]]:
    while claims := desk.claim((), _BATCH):
        yield claims


def _article(story: str) -> Article:
    return normalise(*read(story.encode(), "story.txt"))


def _notice(raw: bytes) -> Notice:
    digest = sha256(raw).digest()
    path, stat = Path(digest.hex().encode() + b".txt"), Stat(len(raw), 0, 0, 0)
    return Notice(path, stat, Witness.QUIET, Lane.LIVE, content=raw, sha256=digest)
