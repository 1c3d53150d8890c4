"""Let old months go from the index that near-duplicates are found by.

The index is partitioned by the month of arrival, modulo three: the present month fills one part,
the last month's is read beside it, and the third is emptied before its month comes. So the parts
are made once, by the migration, and nobody who may change the schema is needed afterwards. A clerk
that slept for months costs room and some time; then it empties the part all the same.
"""

from typing import Final

from sqlalchemy import Connection, text

SKETCH_SLOTS: Final = 3

# Months in UTC, as the rows were written: a session may have any zone.
_NEXT = text("select (cast(extract(month from now() at time zone 'UTC') as int) + 1) % :slots")


def turn(connection: Connection) -> bool:
    """Empty the part of next month; says whether there was anything in it. Safe to repeat.

    Needs no lock of ours: nobody writes to that part before its month comes, and a probe that is
    reading it makes the truncation wait.
    """
    slot = int(connection.execute(_NEXT, {"slots": SKETCH_SLOTS}).scalar_one())
    part = f"desk.sketch_{slot}"
    if not connection.execute(text(f"select exists (select from {part})")).scalar_one():  # noqa: S608 -- a number of ours
        return False
    connection.execute(text("set local lock_timeout = '1s'"))
    connection.execute(text(f"truncate {part}"))
    return True
