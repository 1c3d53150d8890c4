"""One suite of laws, over memory and over Postgres."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from tests.articles import EPOCH
from worker.adapters.memory import MemoryStore
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.postgres.reading import PostgresReading
from worker.adapters.postgres.retrying import PostgresRetrying
from worker.adapters.postgres.sweep import PostgresSuccession, PostgresSweep
from worker.adapters.system import uuid7
from worker.core import dedupe
from worker.core.ledger import State
from worker.core.policy import Policy
from worker.core.selection import Selection
from worker.ports import Desk, Intake, Judge, Reading, Succession, Sweep

JUDGE: Judge = partial(dedupe.decide, policy=Policy())


@dataclass(frozen=True)
class Store:
    """A ledger and a store behind their ports, and the power over time that tests need."""

    intake: Intake
    desk: Desk
    sweep: Sweep
    succession: Succession  # of the desk's own worker
    reading: Reading
    pass_time: Callable[[], None]  # an hour, for leases and rings
    changes: Callable[[], list[tuple[str, int, int]]]  # kind, version, copies now (0: not visible)
    retry: Callable[[int], None]  # the tagging of a file, as `copydesk retry` does
    mergers: Callable[[], list[tuple[UUID, UUID]]]  # that consumers were told of: what, into what
    causes: Callable[[], list[str]]  # of all changes


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "memory":
        return _memory()
    return _postgres(request.getfixturevalue("engine"))


def _memory() -> Store:
    now = [EPOCH]

    def later() -> None:
        now[0] += timedelta(hours=1)

    def clock() -> datetime:
        return now[0]

    def changes() -> list[tuple[str, int, int]]:
        copies = {article["id"]: article["copies"] for article in store.articles()}
        return [
            (c.kind.value, c.pointer.version, copies.get(str(c.article_id), 0))
            for c in store.changes
        ]

    def mergers() -> list[tuple[UUID, UUID]]:
        return [(c.article_id, c.into) for c in store.changes if c.into]

    def retry(file_id: int) -> None:
        store.rows[file_id].state = State.NOTICED

    store = MemoryStore(clock)

    def causes() -> list[str]:
        return [c.cause for c in store.changes]

    return Store(store, store, store, store, store, later, changes, retry, mergers, causes)


def _postgres(engine: Engine) -> Store:
    def later() -> None:
        with engine.begin() as connection:
            connection.execute(
                text("""
                    update desk.file set lease_until = lease_until - interval '1 hour',
                        rung_at = rung_at - interval '1 hour',
                        next_try_at = next_try_at - interval '1 hour'
                """)
            )
            connection.execute(
                text("update desk.watcher set seen_at = seen_at - interval '1 hour'")
            )
            connection.execute(
                text("update desk.version set embargo_until = embargo_until - interval '1 hour'")
            )

    def changes() -> list[tuple[str, int, int]]:
        with engine.begin() as connection:
            rows: list[Any] = list(
                connection.execute(
                    text("""
                        select c.kind, c.version, coalesce(p.copies, 0)
                        from feed_v1.changes c left join desk.published p using (article_id)
                        order by c.position
                    """)
                )
            )
        return [tuple(row) for row in rows]

    def mergers() -> list[tuple[UUID, UUID]]:
        merged = text("""
            select article_id, "into" from feed_v1.changes where "into" is not null
            order by position
        """)
        with engine.begin() as connection:
            return [tuple(row) for row in connection.execute(merged)]

    def retry(file_id: int) -> None:
        PostgresRetrying(engine).retry(Selection(ids=(file_id,)))

    def causes() -> list[str]:
        with engine.begin() as connection:
            told = text("select cause from feed_v1.changes order by position")
            return list(connection.execute(told).scalars())

    worker = uuid7()
    return Store(
        PostgresIntake(engine),
        PostgresDesk(engine, lease_seconds=30, new_id=uuid7, worker=worker),
        PostgresSweep(engine),
        PostgresSuccession(engine, worker=worker, limit_seconds=3_600),
        PostgresReading(engine),
        later,
        changes,
        retry,
        mergers,
        causes,
    )
