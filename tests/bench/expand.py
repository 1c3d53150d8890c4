"""A large container: into the ledger, and taken apart by one worker's child.

An archive of 50,000 articles in 200 MB, stored and not deflated, and 100,000 lines of JSON. The
child is a process that has no model, so its peak is the cost of taking apart, on top of what a
child has anyway. ``part``: the longest time that others had to wait for their turn.
"""

import json
import multiprocessing
import resource
import time
import zipfile
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from multiprocessing.connection import Connection
from pathlib import Path

from tests.bench.desk import ask, house, peak_mb, role, urls, wait
from tests.bench.texts import articles
from worker import expansion
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.expanding import PostgresContainers
from worker.adapters.system import SystemClock, uuid7
from worker.bootstrap import serving, steps
from worker.core.article import Article, Tags
from worker.expansion import Tools
from worker.pipeline import Stages
from worker.settings import Settings, load

MEMBERS = 100_000  # lines; half as many files
_FILE_BYTES = 4_000
_MAX_BULK_MB = "500"
_PATIENCE_SECONDS = 300
_ROWS = "select count(*) from desk.file where parent_id is null"
_CHILDREN = "select count(*) from desk.file where parent_id is not null"


def run(members: int = MEMBERS) -> dict[str, float]:
    return {
        **_measure("archive", "batch.zip", _zip, members // 2),
        **_measure("lines", "wire.jsonl", _lines, members),
    }


def _measure(
    what: str, name: str, write: Callable[[Path, int], None], members: int
) -> dict[str, float]:
    with house() as (root, where):
        write(root / "spool" / name, members)
        size_mb = (root / "spool" / name).stat().st_size / 1e6
        with role(root, where, "watch", max_bulk_mb=_MAX_BULK_MB) as watcher:
            (root / "spool" / name).rename(root / "inbox" / name)
            intake_seconds = wait(lambda: ask(where, _ROWS) == 1, seconds=_PATIENCE_SECONDS)
            watcher_mb = peak_mb(watcher)
        settings = load(**urls(where), max_bulk_mb=_MAX_BULK_MB)
        seconds, part_seconds, before_mb, after_mb = _take_apart(settings)
        if (found := ask(where, _CHILDREN)) != members:
            raise AssertionError(f"{found} members, and not {members}")
    return {
        f"{what}_mb": size_mb,
        f"{what}_intake_seconds": intake_seconds,
        f"{what}_watcher_peak_mb": watcher_mb,
        f"{what}_members_per_second": members / seconds,
        f"{what}_part_seconds": part_seconds,
        f"{what}_child_before_mb": before_mb,
        f"{what}_child_peak_mb": after_mb,
    }


def _take_apart(settings: Settings) -> tuple[float, float, float, float]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=_child, args=(settings, there))
    child.start()
    answer: tuple[float, float, float, float] = here.recv()
    child.join()
    return answer


def _child(settings: Settings, answer: Connection) -> None:
    with serving.database(settings, name="bench") as engine:
        desk = PostgresDesk(engine, lease_seconds=30, new_id=uuid7)
        tools = Tools(
            desk,
            Stages(_no_article, lambda _, __: None, _no_tags),  # type: ignore[arg-type,return-value]
            PostgresContainers(engine),
            steps.expanding_rules(settings),
            clock=SystemClock(),
            ring=lambda _, __: None,
        )
        before_mb, began, longest = _peak_mb(), time.monotonic(), 0.0
        container = 1
        while claims := desk.claim([container], 1):
            if not claims[0].bulk:
                break
            part_began = time.monotonic()
            expansion.run(claims[0], tools)
            longest = max(longest, time.monotonic() - part_began)
        answer.send((time.monotonic() - began, longest, before_mb, _peak_mb()))


def _no_article(content: bytes, name: str) -> Article:
    raise NotImplementedError


def _no_tags(articles: object) -> list[Tags]:
    raise NotImplementedError


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def _texts(count: int) -> Iterator[str]:
    """All different from their first character on; what follows is not looked at here."""
    for number, text in enumerate(islice(cycle(list(articles(200))), count)):
        yield f"{number} {text}"


def _zip(path: Path, count: int) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number, text in enumerate(_texts(count)):
            archive.writestr(f"{number // 1000}/{number}.txt", text.encode().ljust(_FILE_BYTES))


def _lines(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for text in _texts(count):
            file.write(json.dumps({"text": text}) + "\n")
