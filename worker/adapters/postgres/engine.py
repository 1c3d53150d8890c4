"""Connect to PostgreSQL, and call its absence by our own name."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from worker.core.errors import Unavailable

_POOL = 2  # connections a process: one for its work, one for renewing leases meanwhile

# A server or a network that is gone must be noticed, and a process that is frozen must not hold
# the locks that all others wait for.
_CONNECTION = {
    "connect_timeout": 5,  # seconds
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
}
_HASTE = "-c lock_timeout=20s -c idle_in_transaction_session_timeout=30s"

# SQLSTATEs that mean "not now": connection, transaction state (read-only, timed out), rolled back
# by the server, resources (disk full, too many connections), lock not available, operator
# intervention (shutdown), system; and a schema that is not there, or not ours, just now.
_LATER = ("08", "25", "40", "53", "55", "57", "58", "3F", "42P01", "42501")


def connect(url: str, *, name: str, patient: bool = False) -> Engine:
    """Make an engine for a libpq *url*; connects on first use.

    Args:
        url: As libpq has it.
        name: Shows in ``pg_stat_activity``.
        patient: May wait for locks, and for whoever reads its output, as long as it takes.
    """
    _, _, rest = url.partition("://")
    return create_engine(
        f"postgresql+psycopg://{rest}",
        pool_size=_POOL,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,  # an error's message must not carry an article into a log
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        connect_args={
            **_CONNECTION,
            "application_name": f"copydesk {name}",
            "options": "" if patient else _HASTE,
        },
    )


def _dumps(value: Any) -> str:  # noqa: ANN401 -- whatever JSON can say
    return orjson.dumps(value).decode()


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """One transaction.

    Raises:
        Unavailable: the server cannot be reached, or asks for another try; nothing was written,
            unless the connection broke while it committed: callers must be safe to repeat.
    """
    with answering(), engine.begin() as connection:
        yield connection


@contextmanager
def answering() -> Iterator[None]:
    """Call a server that does not answer, or not now, ``Unavailable``."""
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable("PostgreSQL: every connection of this process is in use") from error
    except DBAPIError as error:
        if is_temporary(error):
            raise Unavailable(f"PostgreSQL: {str(error.orig).strip()}") from error
        raise


def is_temporary(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # the driver's own: it never got an answer
        return isinstance(error, OperationalError) or error.connection_invalidated
    return str(state).startswith(_LATER)
