"""What the operator's commands read, and do."""

from collections.abc import Iterator
from contextlib import contextmanager

from worker.adapters.postgres.auditing import one_moment
from worker.adapters.postgres.following import follow
from worker.adapters.postgres.naming import PostgresNaming
from worker.adapters.postgres.overruling import PostgresRegrouping
from worker.adapters.postgres.reading import PostgresReading
from worker.adapters.postgres.retracting import PostgresWithdrawing
from worker.adapters.postgres.retrying import PostgresRetrying
from worker.adapters.postgres.searching import PostgresSearching
from worker.adapters.postgres.showing import PostgresShowing
from worker.bootstrap.serving import database, secret
from worker.ports import (
    Auditing,
    Feed,
    Naming,
    Reading,
    Regrouping,
    Retrying,
    Searching,
    Showing,
    Withdrawing,
)
from worker.settings import Settings


@contextmanager
def reading(settings: Settings) -> Iterator[Reading]:
    with database(settings, name="read", patient=True) as engine:
        yield PostgresReading(engine)


@contextmanager
def naming(settings: Settings) -> Iterator[Naming]:
    with database(settings, name="name") as engine:
        yield PostgresNaming(engine)


@contextmanager
def searching(settings: Settings) -> Iterator[Searching]:
    with database(settings, name="search") as engine:
        yield PostgresSearching(engine)


@contextmanager
def showing(settings: Settings) -> Iterator[Showing]:
    with database(settings, name="show") as engine:
        yield PostgresShowing(engine)


@contextmanager
def feed(settings: Settings) -> Iterator[Feed]:
    with follow(secret(settings.database_url)) as changes:
        yield changes


@contextmanager
def retrying(settings: Settings) -> Iterator[Retrying]:
    with database(settings, name="retry", patient=True) as engine:
        yield PostgresRetrying(engine)


@contextmanager
def withdrawing(settings: Settings) -> Iterator[Withdrawing]:
    with database(settings, name="withdraw", patient=True) as engine:
        yield PostgresWithdrawing(engine)


@contextmanager
def regrouping(settings: Settings) -> Iterator[Regrouping]:
    with database(settings, name="regroup") as engine:
        yield PostgresRegrouping(engine)


@contextmanager
def auditing(settings: Settings) -> Iterator[Auditing]:
    """One moment of the database, to be proved right or wrong."""
    with database(settings, name="audit", patient=True) as engine, one_moment(engine) as ledger:
        yield ledger
