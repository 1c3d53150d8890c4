"""A Celery app whose first worker dies at a chosen point: ``celery -A tests.faults.mortal``.

It is the real app, with its desk wrapped. The point (one of ``points.POINTS``) comes from the
environment, and a file marks that the death has happened, so that the next worker lives.
"""

import os
import signal
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, Engine, event

from worker.bootstrap import build_celery
from worker.core.article import Decision
from worker.core.dedupe import Candidate
from worker.ports import Claim, Desk, Ending, Finished, Judge
from worker.settings import load
from worker.tasks import Parts

_point = os.environ["TEST_DEATH_POINT"]
_mark = Path(os.environ["TEST_DEATH_MARK"])


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
        with self._at("claim"):
            return self._desk.claim(hinted, limit)

    def decide(
        self, articles: Sequence[tuple[Claim, Candidate]], judge: Judge
    ) -> Mapping[int, Decision]:
        with self._at("decide"):
            return self._desk.decide(articles, judge)

    def finish(self, endings: Sequence[Ending]) -> Finished:
        with self._at("finish"):
            return self._desk.finish(endings)

    def renew(self, claims: Sequence[Claim]) -> None:
        self._desk.renew(claims)

    def hand_back(self, claims: Sequence[Claim]) -> None:
        self._desk.hand_back(claims)

    def _at(self, step: str) -> "_Step":
        self._step = step
        return _Step(step)


class _Step:
    def __init__(self, step: str) -> None:
        self._step = step

    def __enter__(self) -> None:
        _die(f"before {self._step}")

    def __exit__(self, *_: object) -> None:
        _die(f"after {self._step}")


def _amend(parts: Parts) -> Parts:
    return replace(parts, desk=MortalDesk(parts.desk))


app = build_celery(load(), amend=_amend)
