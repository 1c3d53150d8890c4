"""Take articles back at a person's word, restore and erase them: each in one transaction.

Locks: what erasing needs alone, then the feed's, then rows of files that have their outcome.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, Engine, insert, text

from schemas import tables
from worker.adapters.postgres.engine import transaction
from worker.adapters.postgres.entities import forget
from worker.adapters.postgres.pointing import FEED_LOCK, append
from worker.adapters.postgres.withdrawing import settle
from worker.core.errors import UsageError
from worker.core.withdrawal import Scope
from worker.ports import Meant, TakenBack

# A merged article is what it was merged into.
_MEANT = text("""
    with named as (
        select coalesce(m.into_id, found.article_id) as article_id, found.file_id,
            case when m.into_id is not null and found.file_id is null then found.article_id end
                as merged
        from (
            select f.article_id, f.id as file_id from desk.file f
            where f.id = cast(:file as bigint) and f.article_id is not null
            union all
            select id, null from desk.article where id = cast(:article as uuid)
        ) found
        left join desk.merger m on m.article_id = found.article_id
    )
    select named.article_id, coalesce(named.file_id, v.file_id) as file_id, v.headline,
        coalesce(f.source, own.source) as source,
        array(select path from desk.file o where o.article_id = named.article_id order by o.id)
            as paths,
        exists (
            select from desk.withdrawal w where w.article_id = named.article_id and w.erases
        ) as erased,
        named.merged
    from named
    join desk.article a on a.id = named.article_id
    left join desk.published p on p.article_id = a.id
    join desk.version v on v.article_id = a.id and v.version = coalesce(p.version, a.latest)
    join desk.file f on f.id = coalesce(named.file_id, v.file_id)
    left join desk.version own on own.file_id = f.id
""")

_BYTES = text("select sha256 from desk.file where id = :file")
# With it, what had been merged into it and was taken back for its sake.
_LIFT = text("""
    update desk.withdrawal set lifted_at = now()
    where lifted_at is null and article_id is not null and (at, because) in (
        select at, because from desk.withdrawal where article_id = :article and lifted_at is null
    )
    returning article_id
""")
_FAMILY = text("""
    select cast(:article as uuid) union select article_id from desk.merger where into_id = :article
""")
_IN_WORK = text("""
    with recursive around(id, parent_id, state) as (
        select id, parent_id, state from desk.file where article_id = any(:articles)
        union
        select f.id, f.parent_id, f.state from desk.file f join around on f.id = around.parent_id
    )
    select count(*) from around where state in ('noticed', 'processing')
""")
_LEFT = text("""
    select path, state, reason from desk.file where article_id = :article order by id
""")
_SEEN = text("select version from desk.published where article_id = :article")


class PostgresWithdrawing:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def meant(self, name: int | UUID) -> Meant:
        by_file = isinstance(name, int)
        given = {"file": name if by_file else None, "article": None if by_file else name}
        with transaction(self._engine) as connection:
            row = connection.execute(_MEANT, given).one_or_none()
        if row is None:
            raise UsageError(
                f"file {name} came to no article; copydesk why {name} says what became of it"
                if by_file
                else f"no article has the id {name}"
            )
        return Meant(
            article_id=row.article_id,
            file_id=row.file_id,
            headline=row.headline,
            source=row.source,
            paths=tuple(row.paths),
            erased=row.erased,
            merged=row.merged,
        )

    def retract(self, meant: Meant, scope: Scope, because: str) -> TakenBack:
        if scope is Scope.SOURCE and meant.source is None:
            raise UsageError("nobody knows who published it; use --scope file, or all")
        with transaction(self._engine) as connection:
            connection.execute(FEED_LOCK)
            _rule(connection, meant, scope, because)
            return _settle(connection, meant.article_id)

    def restore(self, meant: Meant) -> TakenBack:
        if meant.erased:
            raise UsageError("its text was erased: nobody can restore it")
        with transaction(self._engine) as connection:
            connection.execute(FEED_LOCK)
            lifted = connection.execute(_LIFT, {"article": meant.article_id}).scalars().all()
            return _settle(connection, meant.article_id, lifted)

    def erase(self, meant: Meant, because: str) -> TakenBack:
        with transaction(self._engine) as connection:
            given = {"article": meant.article_id}
            family = connection.execute(_FAMILY, given).scalars().all()
            if connection.execute(_IN_WORK, {"articles": list(family)}).scalar_one():
                raise UsageError("a file of it is being worked; try again in a moment")
            forget(connection, family)
            connection.execute(FEED_LOCK)
            _rule(connection, meant, Scope.ALL, because, erases=True)
            return _settle(connection, meant.article_id)


def _rule(
    connection: Connection, meant: Meant, scope: Scope, because: str, *, erases: bool = False
) -> None:
    said: dict[str, object] = {
        "article_id": meant.article_id,
        "scope": scope.value,
        "sha256": None,
        "source": meant.source if scope is Scope.SOURCE else None,
        "because": because,
        "erases": erases,
    }
    if scope is Scope.FILE:
        digest = connection.execute(_BYTES, {"file": meant.file_id}).scalar_one()
        said["sha256"] = digest
    connection.execute(insert(tables.withdrawal), said)


def _settle(connection: Connection, article_id: UUID, others: Collection[UUID] = ()) -> TakenBack:
    changes = settle(connection, {article_id, *others})
    position = append(connection, changes) if changes else None
    files = connection.execute(_LEFT, {"article": article_id}).all()
    coming = [f.path for f in files if f.state == "noticed"]
    return TakenBack(
        position=position,
        withdrawn=tuple(f.path for f in files if f.reason in ("withdrawn", "erased")),
        version=connection.execute(_SEEN, {"article": article_id}).scalar(),
        heir=coming[0] if coming else None,
    )
