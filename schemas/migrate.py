"""Bring a database to the schema that this code knows, or say how far apart they are."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

from alembic import command
from alembic.config import Config
from psycopg.sql import SQL, Identifier, Literal
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine.interfaces import DBAPICursor

from schemas import revisions

_LOCK = 0x636F_7079_6D69_6772  # any number that nobody else uses
_PAUSE_SECONDS = 0.2


def upgrade(engine: Engine) -> str:
    """Apply what is missing, then the views and grants of this release; gives the revision."""
    with engine.connect() as connection, _alone(connection):
        with connection.begin():
            connection.execute(text("create schema if not exists desk"))
        # Each revision commits by itself, since one may make indexes while others write.
        command.upgrade(_config(connection), "head")
        connection.commit()
        with connection.begin():
            # The driver's own cursor: SQLAlchemy would take a % in the text for a parameter.
            cursor = connection.connection.cursor()
            cursor.execute(_read("feed_v1.sql"))
            _describe(cursor)
            cursor.execute(_read("feed_v1_comments.sql"))
            cursor.execute(_read("roles.sql"))
    return revisions.newest()


def _describe(cursor: DBAPICursor) -> None:
    """Say of a column what article.v1.json says of the key of that name."""
    keys = json.loads(_read("article.v1.json"))["properties"]
    cursor.execute("""
        select table_name, column_name from information_schema.columns
        where table_schema = 'feed_v1' and table_name in ('articles', 'versions')
    """)
    for view, column in cursor.fetchall():
        if key := keys.get(column):
            names = Identifier(view), Identifier(column), Literal(key["description"])
            cursor.execute(SQL("comment on column feed_v1.{}.{} is {}").format(*names))


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Hold a lock of the session: two migrations started at once go one after the other.

    Whoever waits asks again and again: one that waited inside the server would hold up the making
    of an index by the other, which waits for all that began before it.
    """
    while not connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": _LOCK}):
        connection.commit()
        time.sleep(_PAUSE_SECONDS)
    connection.commit()
    try:
        yield
    finally:
        connection.execute(text("select pg_advisory_unlock(:key)"), {"key": _LOCK})
        connection.commit()


def downgrade(engine: Engine, to: str) -> None:
    """Go back to a revision, without the views: the release that knows it makes its own."""
    with engine.connect() as connection:
        connection.execute(text("drop schema if exists feed_v1 cascade"))
        connection.execute(text("drop view if exists desk.looked_up"))
        connection.commit()
        command.downgrade(_config(connection), to)
        connection.commit()


def _read(script: str) -> str:
    return (files("schemas") / script).read_text(encoding="utf-8")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("schemas") / "migrations"))
    config.attributes["connection"] = connection
    return config
