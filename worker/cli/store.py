"""The store, for commands that ask it, or mend it, and end."""

from collections.abc import Iterator
from contextlib import contextmanager

from schemas import revisions
from worker.adapters.postgres.engine import transaction
from worker.bootstrap import operating, serving
from worker.bootstrap.serving import Running
from worker.core.errors import UsageError
from worker.ports import Reading
from worker.settings import Settings, load


@contextmanager
def opened(command: str) -> Iterator[tuple[Running, Reading]]:
    """The store that the settings name, or that runs here, or that is started for the duration.

    Raises:
        UsageError: its schema is not this release's.
        Unavailable: it cannot be reached.

    """
    with found(load(), command) as running, operating.reading(running.settings) as reading:
        yield running, reading


@contextmanager
def found(settings: Settings, command: str) -> Iterator[Running]:
    """The same for commands that do not read through ``Reading``."""
    with serving.servers(settings, command=command) as running:
        _check_schema(running.settings)
        yield running


def _check_schema(settings: Settings) -> None:
    with (
        serving.database(settings, name="read") as engine,
        transaction(engine) as connection,
    ):
        revision = revisions.revision(connection)
    if revision != revisions.newest():
        raise UsageError(
            f"the database's schema is {revision or 'missing'}, this release needs "
            f"{revisions.newest()}; run: copydesk migrate"
        )
