"""Connect to PostgreSQL, and call its absence by our own name."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError, OperationalError

from worker.core.errors import Unavailable

_CONNECT_SECONDS = 5
_POOL = 2  # connections a process: one for its work, one for renewing leases meanwhile

# SQLSTATE classes that mean "not now": connection, transaction rolled back by the server,
# resources (disk full, too many connections), operator intervention (shutdown), system.
_LATER = ("08", "40", "53", "57", "58")


def connect(url: str, *, name: str) -> Engine:
    """Make an engine for a libpq *url*; connects on first use. *name* shows in pg_stat_activity."""
    _, _, rest = url.partition("://")
    return create_engine(
        f"postgresql+psycopg://{rest}",
        pool_size=_POOL,
        max_overflow=0,
        pool_pre_ping=True,
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        connect_args={"connect_timeout": _CONNECT_SECONDS, "application_name": f"copydesk {name}"},
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
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        if is_temporary(error):
            raise Unavailable(f"PostgreSQL: {str(error.orig).strip()}") from error
        raise


def is_temporary(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # the driver's own: it never got an answer
        return isinstance(error, OperationalError) or error.connection_invalidated
    return str(state).startswith(_LATER)
