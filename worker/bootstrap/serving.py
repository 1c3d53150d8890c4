"""The servers: given ones, running ones, or ones of our own; and a connection to them."""

import logging
import pathlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pydantic import SecretStr
from sqlalchemy import Engine

from schemas import revisions
from worker.adapters.embedded import Endpoints, Servers, attach, serve
from worker.adapters.postgres.engine import answering, connect, transaction
from worker.core.errors import Unavailable, UsageError
from worker.settings import Settings

logger = logging.getLogger(__name__)

_SCHEMA_PAUSE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Running:
    """Servers that can be used: where they are, and what a person would type to reach them."""

    settings: Settings  # with both URLs
    reader_url: str  # for consumers
    psql: pathlib.Path | None  # the shell that came with the embedded server
    embedded: Servers | None  # ours to watch over; None: somebody else's


@contextmanager
def servers(settings: Settings, *, command: str) -> Iterator[Running]:
    """Servers for as long as the context lasts: given ones, running ones, or ones of our own.

    Embedded servers that nobody owns are started, brought to our schema, and ended with the
    context. Enter it on a thread that lives as long: the servers end with that thread.

    Raises:
        AlreadyRunning: another process is starting or stopping them just now.
        Unavailable: they do not start; the message says why.
    """
    if not settings.embedded:
        url = secret(settings.database_url)
        yield Running(settings, url, None, None)
    elif (found := attach(settings.data)) is not None:
        yield _running(settings, found, None)
    else:
        with serve(settings.data, command=command) as own:
            running = _running(settings, own.endpoints, own)
            migrate(running.settings)
            yield running


def _running(settings: Settings, where: Endpoints, own: Servers | None) -> Running:
    urls = {
        "database_url": SecretStr(where.owner_url),
        "broker_url": SecretStr(where.broker_url),
    }
    return Running(settings.model_copy(update=urls), where.reader_url, where.psql, own)


def migrate(settings: Settings) -> str:
    """Bring the database to our schema; gives the revision."""
    from schemas.migrate import upgrade  # noqa: PLC0415  # Alembic is 10 MB, only for this

    with database(settings, name="migrate", patient=True) as engine, answering():
        return upgrade(engine)


@contextmanager
def database(settings: Settings, *, name: str, patient: bool = False) -> Iterator[Engine]:
    engine = connect(secret(settings.database_url), name=name, patient=patient)
    try:
        yield engine
    finally:
        engine.dispose()


def wait_for_schema(settings: Settings, stop: threading.Event | None = None) -> None:
    """Return when the database has the schema that this code knows; say so while it has not."""
    stop = stop or threading.Event()
    engine = connect(secret(settings.database_url), name="schema")
    try:
        while (complaint := _schema_complaint(engine)) and not stop.is_set():
            logger.warning("waiting: %s", complaint)
            stop.wait(_SCHEMA_PAUSE_SECONDS)
    finally:
        engine.dispose()


def _schema_complaint(engine: Engine) -> str | None:
    try:
        with transaction(engine) as connection:
            found = revisions.revision(connection)
    except Unavailable as reason:
        return str(reason)
    if found == revisions.newest():
        return None
    if found is None or revisions.knows(found):
        return f"the database's schema is {found or 'missing'}; run: copydesk migrate"
    return f"the database's schema {found} is of a newer release than this code"


def secret(value: SecretStr | None) -> str:
    if value is None:
        raise UsageError("this needs COPYDESK_DATABASE_URL and COPYDESK_BROKER_URL")
    return value.get_secret_value()
