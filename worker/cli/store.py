"""The store, for commands that only read."""

from collections.abc import Iterator
from contextlib import contextmanager

import schemas.migrate
from worker import bootstrap
from worker.adapters.postgres.engine import transaction
from worker.bootstrap import Running
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
    with bootstrap.servers(load(), command=command) as running:
        _check_schema(running.settings)
        with bootstrap.reading(running.settings) as reading:
            yield running, reading


def _check_schema(settings: Settings) -> None:
    with (
        bootstrap.database(settings, name="read") as engine,
        transaction(engine) as connection,
    ):
        found = schemas.migrate.revision(connection)
    if found != schemas.migrate.newest():
        raise UsageError(
            f"the database's schema is {found or 'missing'}, this release needs "
            f"{schemas.migrate.newest()}; run: copydesk migrate"
        )
