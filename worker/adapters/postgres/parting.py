"""Take apart what was taken for one article: a copy that is none, an article that was merged.

A person has it done (``overruling``), or a policy that judges otherwise (``rejudging``). Needs both
locks of ``regrouping``.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from worker.adapters.postgres.pointing import append, count_copies
from worker.adapters.postgres.regrouping import DISINHERIT
from worker.core.errors import UsageError
from worker.core.feed import Change, ChangeKind, Pointer

# A file, the article it was decided for (own), and the one that this is by now (root).
_FILE = text("""
    select f.id, f.path, f.state, f.reason, f.relation, f.article_id, f.version,
        own.origin, own.latest, m.into_id, root.id as root_id, root.origin as root_origin,
        p.version as root_version,
        f.relation in ('exact', 'near')
            and (m.into_id is not null or f.version <= p.version) is true as counts,
        exists (
            select from desk.file e
            where e.inbox = f.inbox and e.path_key = f.path_key and e.generation < f.generation
                and e.article_id = f.article_id and e.relation in ('new', 'revision')
        ) as edited,
        (
            select a.id from desk.apart kept join desk.article a on a.origin = kept.origin
            where kept.file_id = f.id order by kept.at desc limit 1
        ) as kept_from
    from desk.file f
    left join desk.article own on own.id = f.article_id
    left join desk.merger m on m.article_id = f.article_id
    left join desk.article root on root.id = coalesce(m.into_id, f.article_id)
    left join desk.published p on p.article_id = root.id
    where f.id = :id
""")
_UNMERGE = text(f"""
    with gone as (
        delete from desk.merger where article_id = :id returning article_id, into_id
    )
    {DISINHERIT}
""")  # noqa: S608 -- of our own pieces

# What its text showed is void with its verdict.
_FORGET = (
    text("delete from desk.variant where file_id = :id"),
    text("delete from desk.joining where file_id = :id"),
    text("""
        update desk.file
        set state = 'noticed', reason = null, detail = null, relation = null, because = null,
            scores = null, changed = null, joins = null, matched_id = null, matched_version = null,
            article_id = null, version = null, decided_at = null, finished_at = null,
            lease_until = null, attempts = 0, deaths = 0, solo = false, rung_at = null,
            next_try_at = now()
        where id = :id
    """),
)


def look(connection: Connection, file_id: int) -> Row[Any]:
    return connection.execute(_FILE, {"id": file_id}).one()


def unmerge(connection: Connection, file: Row[Any], because: str) -> None:
    """Show the article that the file was decided for again, as it was."""
    if file.root_version is None:
        raise UsageError(f"consumers do not see {file.root_id}, which it was merged into, now")
    connection.execute(_UNMERGE, {"id": file.article_id})
    shown = [(file.root_id, file.root_version), (file.article_id, file.latest)]
    append(connection, _recounted(connection, shown, because))


def let_go(connection: Connection, file: Row[Any], because: str) -> None:
    """Take a copy out of its article, and make it due as if it had just come."""
    for statement in _FORGET:
        connection.execute(statement, {"id": file.id})
    if file.counts:
        shown = [(file.root_id, file.root_version)]
        append(connection, _recounted(connection, shown, because))


def _recounted(connection: Connection, shown: list[tuple[UUID, int]], because: str) -> list[Change]:
    copies = count_copies(connection, shown)
    return [
        Change(ChangeKind.REGROUPED, of, Pointer(version, copies[of, version]), because)
        for of, version in shown
    ]
