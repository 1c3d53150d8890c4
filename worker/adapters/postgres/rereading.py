"""Read stored files again: their bytes, as a new generation of their path, make a new version.

A version that readers have had is never written over. So what is read again comes to the ledger as
if the same bytes had been dropped once more, and goes the way of all files; but its verdict is
given: it is the next version of its article (``Shelf.read_again``). Until a worker decides on it,
``matched_version`` says which version it is a new reading of.

Only what consumers see now is read again, and only where no later content came by its path: all
else would put an old text in the place of a newer one.

Locks: those of ``regrouping``, then that of whoever records files.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from sqlalchemy import Engine, text

from worker import PIPELINE
from worker.adapters.postgres.engine import transaction
from worker.adapters.postgres.intake import lock_inbox
from worker.adapters.postgres.regrouping import lock
from worker.adapters.postgres.selecting import CHOSEN, LATEST, chosen
from worker.core import document
from worker.core.article import READ_AGAIN
from worker.core.ledger import Path
from worker.core.selection import Selection
from worker.ports import Original

_SEEN = f"""
    from desk.file f
    join desk.version v on v.file_id = f.id
    join desk.article a on a.id = v.article_id and a.latest = v.version
    join desk.published p on p.article_id = v.article_id and p.version = v.version
    join desk.document d on d.sha256 = f.sha256 and d.erased_at is null
    where f.state in ('stored', 'revised') and {LATEST}
"""
_ORIGINALS = text(f"""
    select f.id as file_id, coalesce(f.path_raw, convert_to(f.path, 'UTF8')) as raw, d.content,
        v.*, v.article_id as of_article, v.version as of_version
    {_SEEN} and f.id > :after and {CHOSEN}
    order by f.id
    limit 100
""")
_AGAIN = text(f"""
    insert into desk.file (
        inbox, path, path_raw, path_key, generation, parent_id, bulk, size, mtime_ns, ctime_ns,
        inode, sha256, lane, witness, state, because, matched_id, matched_version, article_id
    )
    select f.inbox, f.path, f.path_raw, f.path_key, f.generation + 1, f.parent_id, f.bulk, f.size,
        f.mtime_ns, f.ctime_ns, f.inode, f.sha256, 'backfill', f.witness, 'noticed', :because,
        f.article_id, f.version, f.article_id
    {_SEEN} and f.id = :id
    returning id
""")
_INBOX = text("select inbox from desk.file where id = :id")


class PostgresRereading:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def originals(self, which: Selection) -> Iterator[Original]:
        """In pages, each its own transaction: whoever reads them may take hours."""
        after = 0
        while True:
            with transaction(self._engine) as connection:
                rows = connection.execute(_ORIGINALS, {**chosen(which), "after": after})
                page = [_original(cast("Mapping[str, Any]", row)) for row in rows.mappings()]
            yield from page
            if not page:
                return
            after = page[-1].file_id

    def again(self, file_id: int) -> bool:
        because = f"{READ_AGAIN}, by version {PIPELINE} of the code"
        with transaction(self._engine) as connection:
            inbox = connection.execute(_INBOX, {"id": file_id}).scalar_one()
            lock(connection)
            lock_inbox(connection, inbox)
            added = connection.execute(_AGAIN, {"id": file_id, "because": because})
            return added.first() is not None


def _original(row: Mapping[str, Any]) -> Original:
    return Original(
        file_id=row["file_id"],
        path=Path(row["raw"]),
        content=row["content"],
        article_id=row["of_article"],
        version=row["of_version"],
        article=document.article_from(row),
    )
