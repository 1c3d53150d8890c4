"""Batches that are judged while they wait for the lock of all decisions."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Lock

import pytest
from sqlalchemy import Engine, text

from tests.articles import INBOX, JUDGE, TAGS, candidate, notice
from tests.articles import text as story
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.engine import connect
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.postgres.storing import DEDUPE_LOCK
from worker.adapters.system import uuid7
from worker.core.article import Decision, Relation, Verdict
from worker.core.dedupe import Candidate, Neighbour
from worker.ports import Claim, Ending

_PATIENCE_SECONDS = 30


@pytest.fixture
def desks(database_url: str) -> Iterator[list[PostgresDesk]]:
    """Two workers."""
    engines = [connect(database_url, name=f"test {n}") for n in range(2)]
    yield [PostgresDesk(engine, lease_seconds=60, new_id=uuid7) for engine in engines]
    for engine in engines:
        engine.dispose()


class Audience:
    """A judge that lets nobody past the first time until both workers have asked."""

    def __init__(self, both: Callable[[], object]) -> None:
        self._both = both
        self._lock = Lock()
        self.asked: list[int] = []  # how many neighbours there were

    def judge(self, mine: Candidate, stored: Iterable[Neighbour]) -> Verdict:
        near = list(stored)
        with self._lock:
            self.asked.append(len(near))
            first = len(self.asked) <= 2
        if first:
            self._both()
        return JUDGE(mine, near)


@contextmanager
def held(engine: Engine) -> Iterator[Callable[[], None]]:
    """Have the lock of all decisions, until it is let go."""
    with engine.connect() as connection:
        connection.execute(DEDUPE_LOCK)
        yield connection.rollback


def both(
    engine: Engine, desks: list[PostgresDesk], claims: Iterable[Claim]
) -> tuple[list[Decision], list[int]]:
    """Decide on a file each at the same time: both are judged before either may decide."""
    with held(engine) as let_go, ThreadPoolExecutor() as pool:
        together = Barrier(2, action=let_go, timeout=_PATIENCE_SECONDS)
        audience = Audience(together.wait)
        waiting = [
            pool.submit(desk.decide, [(claim, candidate(claim))], audience.judge)
            for desk, claim in zip(desks, claims, strict=True)
        ]
        made = [one.result(_PATIENCE_SECONDS) for one in waiting]
    return [decision for some in made for decision in some.values()], audience.asked


def dropped(engine: Engine, desks: list[PostgresDesk], texts: Iterable[str]) -> list[Claim]:
    notices = [notice(f"{n}.txt", content) for n, content in enumerate(texts)]
    PostgresIntake(engine).record(INBOX, notices)
    return [claim for desk in desks for claim in desk.claim((), 1)]


def test_twins_that_were_both_judged_to_be_new_are_one_article(
    engine: Engine, desks: list[PostgresDesk]
) -> None:
    claims = dropped(engine, desks, [story(), f"{story()} And more."])
    decisions, asked = both(engine, desks, claims)
    for claim, made in zip(claims, decisions, strict=True):
        desks[0].finish([Ending(claim, made, tags=TAGS if made.adds_version else None)])

    assert sorted(made.verdict.relation for made in decisions) == [Relation.NEAR, Relation.NEW]
    assert len({made.article_id for made in decisions}) == 1
    assert asked == [0, 0, 1]  # only the second was judged again
    with engine.connect() as connection:
        assert connection.execute(text("select copies from feed_v1.articles")).scalar_one() == 1


def test_what_was_judged_while_it_waited_is_not_judged_again(
    engine: Engine, desks: list[PostgresDesk]
) -> None:
    claims = dropped(engine, desks, [story(1), story(2)])
    decisions, asked = both(engine, desks, claims)

    assert [made.verdict.relation for made in decisions] == [Relation.NEW] * 2
    assert asked == [0, 0]
