"""Bare loops: what the machine can do without a ledger, a broker or a store.

``floor`` runs the model alone, ``read`` makes articles of bytes, ``stages`` is every pure stage;
all one process a core, in batches of 32, on the texts that ``line`` drops. Run as a process of its
own, so that the environment it needs is there before NumPy is loaded:
``python -m tests.bench.loop floor 500``.
"""

import multiprocessing
import sys
import time
from collections.abc import Callable
from itertools import islice
from multiprocessing.synchronize import Barrier

from tests.bench.texts import articles
from worker.adapters.system import keep_memory
from worker.settings import Settings

BATCH = 32
_Step = Callable[[list[str]], object]


def run(name: str, count: int) -> float:
    """Articles a second over all cores, models loaded beforehand."""
    cores = multiprocessing.cpu_count()
    context = multiprocessing.get_context("spawn")
    start, share = context.Barrier(cores + 1), count // cores
    workers = [
        context.Process(target=_work, args=(name, share, core, start)) for core in range(cores)
    ]
    for worker in workers:
        worker.start()
    start.wait()
    began = time.monotonic()
    for worker in workers:
        worker.join()
    return share * cores / (time.monotonic() - began)


def _work(name: str, count: int, core: int, start: Barrier) -> None:
    keep_memory()  # as the workers do
    step = {"floor": _floor, "read": _read, "stages": _stages}[name]()
    texts = iter(list(articles(count, seed=100 + core)))
    step(list(articles(BATCH, seed=99)))  # warm
    start.wait()
    while batch := list(islice(texts, BATCH)):
        step(batch)


def _floor() -> _Step:
    from worker.adapters.spacy_recogniser import SpacyRecogniser  # noqa: PLC0415

    recogniser = SpacyRecogniser()
    return lambda batch: recogniser.recognise([p for t in batch for p in t.split("\n", 1)])


def _read() -> _Step:
    from worker.bootstrap import steps  # noqa: PLC0415
    from worker.core import language  # noqa: PLC0415

    language.warm()
    read = steps.reader(Settings())
    return lambda batch: [read(text.encode(), "bench.txt") for text in batch]


def _stages() -> _Step:
    from worker.bootstrap import steps  # noqa: PLC0415
    from worker.core.dedupe import Candidate  # noqa: PLC0415

    stages = steps.stages(Settings())

    def step(batch: list[str]) -> object:
        read = [stages.read(text.encode(), "bench.txt") for text in batch]
        return [Candidate.of(article) for article in read], stages.tag(read)

    return step


if __name__ == "__main__":
    print(run(sys.argv[1], int(sys.argv[2])))
