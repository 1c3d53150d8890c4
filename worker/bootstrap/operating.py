"""What the operator's commands read, and do."""

from collections.abc import Iterator
from contextlib import contextmanager

from worker.adapters.postgres.auditing import one_moment
from worker.adapters.postgres.following import follow
from worker.adapters.postgres.inspecting import PostgresInspecting
from worker.adapters.postgres.reading import PostgresReading
from worker.adapters.postgres.retrying import PostgresRetrying
from worker.bootstrap.serving import database, secret
from worker.bootstrap.steps import reader
from worker.core import dedupe
from worker.ports import Auditing, Feed, Inspecting, Reading, Retrying
from worker.settings import Settings


@contextmanager
def reading(settings: Settings) -> Iterator[Reading]:
    with database(settings, name="read", patient=True) as engine:
        yield PostgresReading(engine)


@contextmanager
def feed(settings: Settings) -> Iterator[Feed]:
    with follow(secret(settings.database_url)) as changes:
        yield changes


@contextmanager
def inspecting(settings: Settings) -> Iterator[Inspecting]:
    with database(settings, name="inspect", patient=True) as engine:
        yield PostgresInspecting(engine, reader(settings), dedupe.Policy())


@contextmanager
def retrying(settings: Settings) -> Iterator[Retrying]:
    with database(settings, name="retry", patient=True) as engine:
        yield PostgresRetrying(engine)


@contextmanager
def auditing(settings: Settings) -> Iterator[Auditing]:
    """One moment of the database, to be proved right or wrong."""
    with database(settings, name="audit", patient=True) as engine, one_moment(engine) as ledger:
        yield ledger
