"""Hand a batch to one statement.

A round through a prepared statement a row costs both sides more than most of our rows do. JSON, and
not an array a column, because it costs the driver a tenth of them and names what it carries.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import orjson
from sqlalchemy import Connection, Table, TextClause, text


def rows(values: Sequence[Mapping[str, object]]) -> str:
    """Spell rows for ``json_populate_recordset``: keys are columns; what is left out is null."""
    return orjson.dumps(values, default=_bytea).decode()


def array(numbers: Iterable[int]) -> str:
    """Spell an array of numbers."""
    return f"{{{','.join(map(str, numbers))}}}"


def insert_all(
    connection: Connection, table: Table, values: Sequence[Mapping[str, object]]
) -> None:
    """Insert rows that have the same columns; the others get their defaults."""
    connection.execute(_insert(table, *values[0]), {"rows": rows(values)})


@cache
def _insert(table: Table, *columns: str) -> TextClause:
    listed = ", ".join(f'"{column}"' for column in columns)
    return text(
        f"insert into {table} ({listed}) select {listed} "  # noqa: S608 -- names of our own
        f"from json_populate_recordset(cast(null as {table}), cast(:rows as json))"
    )


def _bytea(value: object) -> str:
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    raise TypeError(f"{type(value).__name__} is in no row")
