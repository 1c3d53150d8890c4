"""A Celery app whose workers die as they are told to: ``celery -A tests.faults.mortal worker``.

It is the real app, with its desk and stages wrapped. The environment says when to die: once, at
one of ``points.POINTS``, with a file that marks that it has happened so that the next worker
lives; or at every text that holds a certain word.
"""

import ctypes
import os
import signal
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, Engine, event

from worker.adapters.embedded.launch import die_with
from worker.bootstrap.working import build_celery
from worker.core.article import Article, Decision, Tags
from worker.core.dedupe import Candidate
from worker.pipeline import Stages
from worker.ports import (
    Added,
    Claim,
    Container,
    Containers,
    Desk,
    Ending,
    Finished,
    Judge,
    Notice,
)
from worker.settings import load
from worker.tasks import Parts

if _parent := os.environ.get("TEST_PARENT"):
    die_with(int(_parent), signal.SIGKILL)
_point = os.environ.get("TEST_DEATH_POINT")
_mark = Path(os.environ.get("TEST_DEATH_MARK", "died"))
_segfault = os.environ.get("TEST_SEGFAULT")  # words that kill, or hang
_tag_segfault = os.environ.get("TEST_TAG_SEGFAULT")
_endless = os.environ.get("TEST_ENDLESS")


def _die(point: str) -> None:
    if point != _point:
        return
    try:
        _mark.touch(exist_ok=False)
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


class MortalDesk:
    """Dies before, inside (just before the commit) or after a step."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._step = ""
        event.listen(Engine, "commit", self._at_commit)

    def _at_commit(self, _: Connection) -> None:
        if threading.current_thread() is threading.main_thread():  # the other one renews leases
            _die(f"inside {self._step}")

    def claim(self, hinted: Sequence[int], limit: int) -> tuple[Claim, ...]:
        with self.at("claim"):
            return self._desk.claim(hinted, limit)

    def decide(
        self, articles: Sequence[tuple[Claim, Candidate]], judge: Judge
    ) -> Mapping[int, Decision]:
        with self.at("decide"):
            return self._desk.decide(articles, judge)

    def finish(self, endings: Sequence[Ending]) -> Finished:
        with self.at("finish"):
            return self._desk.finish(endings)

    def renew(self, claims: Sequence[Claim]) -> None:
        self._desk.renew(claims)

    def hand_back(self, claims: Sequence[Claim]) -> None:
        self._desk.hand_back(claims)

    def at(self, step: str) -> "_Step":
        self._step = step
        return _Step(step)


class MortalContainers:
    """Likewise, while a container is taken apart: at the first part that it records."""

    def __init__(self, containers: Containers, desk: MortalDesk) -> None:
        self._containers = containers
        self._desk = desk

    def open(self, claim: Claim) -> Container:
        container = self._containers.open(claim)
        add = container.add

        def add_mortally(members: Sequence[Notice], *, upto: int, weight: int) -> Added | None:
            with self._desk.at("add"):
                return add(members, upto=upto, weight=weight)

        container.add = add_mortally  # type: ignore[method-assign]
        return container


class _Step:
    def __init__(self, step: str) -> None:
        self._step = step

    def __enter__(self) -> None:
        _die(f"before {self._step}")

    def __exit__(self, *_: object) -> None:
        _die(f"after {self._step}")


def _deadly(stages: Stages) -> Stages:
    def read(content: bytes, name: str) -> Article:
        if _holds(_segfault, content.decode(errors="replace")):
            ctypes.string_at(0)
        while _holds(_endless, content.decode(errors="replace")):
            pass
        return stages.read(content, name)

    def tag(articles: Sequence[Article]) -> list[Tags]:
        if any(_holds(_tag_segfault, article.headline or "") for article in articles):
            ctypes.string_at(0)
        return stages.tag(articles)

    return replace(stages, read=read, tag=tag)


def _holds(word: str | None, text: str) -> bool:
    return word is not None and word in text


def _amend(parts: Parts) -> Parts:
    desk = MortalDesk(parts.desk)
    containers = MortalContainers(parts.containers, desk)
    return replace(parts, desk=desk, containers=containers, stages=_deadly(parts.stages))


app = build_celery(load(), amend=_amend)
