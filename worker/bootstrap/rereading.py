"""What reads files of the ledger again, and so needs the readers that other commands do without."""

from collections.abc import Iterator
from contextlib import contextmanager

from worker.adapters.postgres.inspecting import PostgresInspecting
from worker.adapters.postgres.rejudging import PostgresRejudging
from worker.adapters.postgres.rereading import PostgresRereading
from worker.bootstrap.serving import database
from worker.bootstrap.steps import reader
from worker.core.policy import Policy
from worker.ports import Inspecting, Rejudging, Rereading
from worker.settings import Settings


@contextmanager
def inspecting(settings: Settings) -> Iterator[Inspecting]:
    with database(settings, name="inspect", patient=True) as engine:
        yield PostgresInspecting(engine, reader(settings), Policy())


@contextmanager
def rereading(settings: Settings) -> Iterator[Rereading]:
    with database(settings, name="reread", patient=True) as engine:
        yield PostgresRereading(engine)


@contextmanager
def rejudging(settings: Settings) -> Iterator[Rejudging]:
    with database(settings, name="rejudge", patient=True) as engine:
        yield PostgresRejudging(engine, reader(settings), Policy())
