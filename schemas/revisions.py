"""Which revisions this code knows, and which one a database has.

Apart from ``schemas.migrate``: every process asks, and few of them need Alembic, which is 10 MB.
"""

from functools import cache
from importlib.resources import files

from sqlalchemy import Connection, text

_PRESENT = text("select to_regclass('desk.schema_version') is not null")
_REVISION = text("select version_num from desk.schema_version")


def revision(connection: Connection) -> str | None:
    """Give the database's revision; None where no migration ever ran."""
    if not connection.execute(_PRESENT).scalar_one():
        return None
    return connection.execute(_REVISION).scalar_one_or_none()


def newest() -> str:
    """Give the one head of the migrations in this code."""
    return _ours()[-1]


def knows(revision: str) -> bool:
    """Whether *revision* is one of ours; a database of a newer release has others."""
    return revision in _ours()


@cache
def _ours() -> tuple[str, ...]:
    """By the names of their files, which begin with the revision; each follows the one before."""
    versions = (files("schemas") / "migrations" / "versions").iterdir()
    return tuple(sorted(f.name.partition("_")[0] for f in versions if f.name.endswith(".py")))
