"""Tagging alone: what one core tags in a second, by the model with all rules, and by rules alone.

``floor`` runs the model on the same texts and does nothing with what it finds. All three take turns
with each batch of 32, in one process of one thread, and processor time is counted instead of the
clock's: so they can be compared with each other on a busy machine, and nearly with another run.

Run as a process of its own, for the environment that it needs, with the number of articles.
"""

import gc
import json
import multiprocessing
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection

from tests.bench.texts import articles
from tests.judge.texts import article
from worker.adapters.reference import load_reference
from worker.adapters.spacy_recogniser import SpacyRecogniser
from worker.adapters.system import keep_memory
from worker.core.article import Article
from worker.tagging import tag_batch

_BATCH = 32
_Step = Callable[[Sequence[Article]], object]


def _measure(count: int) -> dict[str, float]:
    keep_memory()  # as the workers do
    reference, model = load_reference(), SpacyRecogniser()
    steps: dict[str, _Step] = {
        "floor": lambda some: model.recognise([t for a in some for t in (a.headline, a.body_text)]),
        "model": lambda some: tag_batch(some, recognisers=(model,), reference=reference),
        "rules": lambda some: tag_batch(some, recognisers=(), reference=reference),
    }
    child_mb = _child_mb(steps["model"])
    spent = dict.fromkeys(steps, 0.0)
    for batch in _batches(count):
        for name, step in steps.items():
            spent[name] += _seconds(step, batch)
    return {
        **{f"{name}, articles/s a core": count / seconds for name, seconds in spent.items()},
        "model / floor": spent["floor"] / spent["model"],
        "a child's memory (PSS), MB": child_mb,
    }


def _batches(count: int) -> list[list[Article]]:
    lines = [text.split("\n") for text in articles(count)]
    made = [article(head, rest) for head, *rest in lines]
    return [made[n : n + _BATCH] for n in range(0, count, _BATCH)]


def _seconds(step: _Step, batch: Sequence[Article]) -> float:
    began = time.process_time()
    step(batch)
    return time.process_time() - began


def _child_mb(step: _Step) -> float:
    """What a process of two that were forked from this one takes, after ten batches."""
    gc.freeze()  # as the workers do: else the collector would copy every page of the model
    context = multiprocessing.get_context("fork")
    wires = [context.Pipe() for _ in range(2)]  # one each: two who read from one take turns badly
    children = [context.Process(target=_tag_some, args=(step, there)) for _, there in wires]
    for child in children:
        child.start()
    taken = [here.recv() for here, _ in wires]
    for here, _ in wires:
        here.send(None)
    for child in children:
        child.join()
    return max(taken)


def _tag_some(step: _Step, wire: Connection) -> None:
    from tests.bench.desk import share_mb  # noqa: PLC0415 -- it needs more than is measured

    for batch in _batches(10 * _BATCH):
        step(batch)
    wire.send(share_mb(multiprocessing.current_process().pid or 0))
    wire.recv()


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]))))
