"""The ledger, for whoever takes files out of the inbox."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Engine, text

from worker.adapters.postgres.engine import transaction
from worker.core.ledger import Path, Stat, Witness
from worker.ports import Done

_PAGE = 1_000

# In pages, each its own transaction: what is done with a file takes as long as a disk takes.
_DONE = text("""
    select f.id, coalesce(f.path_raw, convert_to(f.path, 'UTF8')) as raw, f.size, f.mtime_ns,
        f.ctime_ns, f.inode, f.sha256, f.finished_at, f.witness
    from desk.file f
    where f.inbox = :inbox and f.parent_id is null
        and f.state in ('stored', 'revised', 'duplicate', 'expanded')
        and (f.finished_at, f.id) > (:at, :id)
        and not exists (
            select from desk.file later
            where later.inbox = f.inbox and later.path_key = f.path_key
                and later.generation > f.generation
        )
    order by f.finished_at, f.id
    limit :limit
""")
_BEGINNING = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


class PostgresClosed:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def done(self, inbox: str, since: datetime | None) -> Iterator[Done]:
        at, last = since or _BEGINNING, 0
        while True:
            given = {"inbox": inbox, "at": at, "id": last, "limit": _PAGE}
            with transaction(self._engine) as connection:
                rows = connection.execute(_DONE, given).all()
            for row in rows:
                stat = Stat(row.size, row.mtime_ns, row.ctime_ns, row.inode % (1 << 64))
                quiet = row.witness == Witness.QUIET
                yield Done(Path(row.raw), stat, row.sha256, row.finished_at, quiet)
            if len(rows) < _PAGE:
                return
            at, last = rows[-1].finished_at, rows[-1].id
