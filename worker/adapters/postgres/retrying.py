"""Make files due again whose end was not a good one."""

from sqlalchemy import Connection, Engine, text

from worker.adapters.postgres.engine import transaction
from worker.adapters.postgres.selecting import CHOSEN, LATEST, chosen
from worker.core.selection import Selection
from worker.ports import Retried

# Whatever else is chosen is left as it is.
_BADLY = """
    select f.id, f.sha256 is not null as kept from desk.file f
    where (
            f.state = 'quarantined'
            or f.state in ('stored', 'revised') and f.reason = 'tagging_failed'
        ) and {latest} and {chosen}
    order by f.id
    for no key update of f
"""
_ENDED_BADLY = text(_BADLY.format(chosen=CHOSEN, latest=LATEST))

# Neither the token nor the generation: who held the file before must not write to it again.
_AGAIN = text("""
    update desk.file f
    set state = 'noticed', reason = null, detail = null, finished_at = null, lease_until = null,
        attempts = 0, deaths = 0, solo = f.reason = 'poison', rung_at = null, next_try_at = now()
    where f.id = any(:ids)
""")

# An update may have mended what broke. Those that broke again rest for a while: while processes of
# two releases are at work, each would send the other's back for ever.
_OUTDATED = """
    select f.id from desk.file f
    where f.reason in ('internal_error', 'tagging_failed')
        and f.state in ('quarantined', 'stored', 'revised')
        and (f.pipeline < :pipeline or f.pipeline > :pipeline)
        and f.finished_at < now() - interval '10 minutes'
        and (f.decided_at is not null or {latest})
    order by f.id
    limit :limit
    for no key update of f skip locked
"""
_BROKEN = text(_OUTDATED.format(latest=LATEST))


class PostgresRetrying:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def would(self, which: Selection) -> Retried:
        with transaction(self._engine) as connection:
            return _ended_badly(connection, which)

    def retry(self, which: Selection) -> Retried:
        with transaction(self._engine) as connection:
            retried = _ended_badly(connection, which)
            connection.execute(_AGAIN, {"ids": list(retried.again)})
        return retried


def retry_outdated(connection: Connection, pipeline: str, limit: int) -> int:
    """Make due what another version of the code broke on; gives how many."""
    ids = list(connection.execute(_BROKEN, {"pipeline": pipeline, "limit": limit}).scalars())
    connection.execute(_AGAIN, {"ids": ids})
    return len(ids)


def _ended_badly(connection: Connection, which: Selection) -> Retried:
    rows = connection.execute(_ENDED_BADLY, chosen(which)).all()
    kept = tuple(row.id for row in rows if row.kept)
    return Retried(kept, tuple(row.id for row in rows if not row.kept))
