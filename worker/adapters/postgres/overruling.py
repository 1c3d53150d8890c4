"""Do what a person says against the verdicts: take apart, or join; nothing undoes it but a person.

What is to stay apart is kept in ``desk.apart``, as a file and the origin of an article: then it
holds before the file has an article of its own. It bars the article from the neighbours of that
file, and of all that comes later by its path, and the two from being merged.

Locks: as in ``regrouping``.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, text

from worker.adapters.postgres.engine import transaction
from worker.adapters.postgres.parting import let_go, look, unmerge
from worker.adapters.postgres.regrouping import FAMILY, lock, merge_ready
from worker.core.article import Relation
from worker.core.errors import UsageError
from worker.core.ledger import Reason, State
from worker.ports import Joined, Parted

_KEEP_APART = text("""
    insert into desk.apart (file_id, origin, because) values (:file, :origin, :because)
    on conflict (file_id, origin) do update set because = excluded.because
""")
_PAIR = text("""
    select a.id, root.id as root from desk.article a
    left join desk.merger m on m.article_id = a.id
    join desk.article root on root.id = coalesce(m.into_id, a.id)
    where a.id in (:one, :other) order by root.origin
""")
_FREE = text(f"""
    delete from desk.apart
    where file_id in ({FAMILY.format(of=":one")}) and origin in ({FAMILY.format(of=":other")})
""")  # noqa: S608 -- of our own pieces
_ASK = text("""
    insert into desk.joining (article_id, other_id, because)
    select least(a.id, b.id), greatest(a.id, b.id), :because
    from desk.article a, desk.article b where a.id = :elder and b.id = :younger
    on conflict (article_id, other_id) do update set file_id = null, because = :because
""")
_PIN = text("""
    update desk.merger set file_id = null, because = :because
    where article_id in (:one, :other) and into_id = :root and file_id is not null
""")
_ERASED = text("""
    select article_id from desk.withdrawal
    where erases and lifted_at is null and article_id in (:one, :other, :elder, :younger) limit 1
""")
_WAITING = text("""
    select case
        when p.article_id is null then 'consumers do not see ' || a.id || ' now'
        when w.id is not null then 'something of ' || a.id || ' is taken back'
        else 'a file of ' || a.id || ' is being worked'
    end
    from desk.article a
    left join desk.published p on p.article_id = a.id
    left join desk.withdrawal w on w.article_id = a.id and w.lifted_at is null
    where a.id in (:elder, :younger)
    order by p.article_id is null desc, w.id is null, a.origin desc limit 1
""")


class PostgresRegrouping:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def separate(self, file_id: int, because: str) -> Parted:
        with transaction(self._engine) as connection:
            lock(connection)
            file = look(connection, file_id)
            if file.reason == Reason.ERASED:
                raise UsageError(f"{file.path} was erased: nothing is left of it to separate")
            if file.reason == Reason.WITHDRAWN:
                raise UsageError(f"{file.path} was taken back: copydesk restore shows it again")
            if file.into_id is not None and Relation(file.relation).adds_version:
                unmerge(connection, file, because)
                _keep_apart(connection, file.origin, file.root_origin, because)
                return Parted(file.id, file.path, file.article_id, file.root_id)
            if file.state == State.DUPLICATE and not file.edited:
                let_go(connection, file, because)
                _keep_apart(connection, file.id, file.root_origin, because)
                return Parted(file.id, file.path, None, file.root_id)
        return _as_it_is(file)

    def join(self, one: UUID, other: UUID, because: str) -> Joined:
        with transaction(self._engine) as connection:
            lock(connection)
            elder, younger = _roots(connection, one, other)
            if elder == younger:
                given = {"one": one, "other": other, "root": elder, "because": because}
                connection.execute(_PIN, given)
                return Joined(elder, one if other == elder else other)
            pair = {"elder": elder, "younger": younger}
            named = {**pair, "one": one, "other": other}
            if erased := connection.execute(_ERASED, named).scalar_one_or_none():
                raise UsageError(f"{erased} was erased: nothing is left of it to join")
            connection.execute(_FREE, {"one": elder, "other": younger})
            connection.execute(_FREE, {"one": younger, "other": elder})
            connection.execute(_ASK, {**pair, "because": because})
            merge_ready(connection)
            if len(set(_roots(connection, one, other))) == 1:
                return Joined(elder, younger)
            return Joined(elder, younger, connection.execute(_WAITING, pair).scalar_one())


def _as_it_is(file: Row[Any]) -> Parted:
    """Of what is an article of its own, or will be; all else cannot be separated."""
    if file.state in (State.NOTICED, State.PROCESSING):
        if file.kept_from is not None:
            return Parted(file.id, file.path, None, file.kept_from)
        raise UsageError(f"{file.path} is being worked: try again when it has its outcome")
    if file.relation == Relation.NEW:
        return Parted(file.id, file.path, file.article_id)
    if file.article_id is None:
        raise UsageError(f"{file.path} is {file.state}: there is no article that it was taken for")
    raise UsageError(
        f"{file.path} belongs to version {file.version} of {file.article_id}, which it edited: "
        "only a copy, or a file whose article was merged, can be separated"
    )


def _keep_apart(connection: Connection, file_id: int, origin: int, because: str) -> None:
    given = {"file": file_id, "origin": origin, "because": because}
    connection.execute(_KEEP_APART, given)


def _roots(connection: Connection, one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """The articles that these are by now, the elder first."""
    rows = connection.execute(_PAIR, {"one": one, "other": other}).all()
    missing = {one, other} - {row.id for row in rows}
    if missing:
        raise UsageError(f"there is no article {min(missing)}")
    if one == other:
        raise UsageError(f"{one} is one article already")
    elder, younger = rows
    return elder.root, younger.root
