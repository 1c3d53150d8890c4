"""One article as consumers see it, with all that the views say of it.

Asked are the views: what is shown here is what everybody may see. Only the bytes of a file are
taken from behind them, and only of versions that were published.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from worker.adapters.postgres.engine import transaction
from worker.adapters.postgres.reading import as_json
from worker.ports import Shown

_ARTICLE = text("select * from feed_v1.articles where id = :id")
_VERSIONS = text("select * from feed_v1.versions where id = :id order by version")
_COPIES = text("""
    select * from feed_v1.copies where article_id = :id order by file_id limit :limit
""")
_RELATIONS = text("""
    select r.*, a.headline
    from feed_v1.relations r
    join feed_v1.articles a on a.id = case when r.article_id = :id then other_id else article_id end
    where r.article_id = :id or r.other_id = :id
    order by r.article_id, r.other_id
    limit :limit
""")
_FILES = text("""
    select * from feed_v1.files where article_id = :id order by id limit :limit
""")
_LAST_CHANGE = text("""
    select kind, cause, "into", at from feed_v1.changes
    where article_id = :id order by position desc limit 1
""")
_ORIGINAL = text("""
    select d.content from feed_v1.versions shown
    join desk.version v on v.article_id = shown.id and v.version = shown.version
    join desk.file f on f.id = v.file_id
    join desk.document d on d.sha256 = f.sha256
    where shown.id = :id and shown.version = :version
""")

_ROWS = 1_000  # of copies, of relations, of files: as much as anybody reads


class PostgresShowing:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def shown(self, article_id: UUID) -> Shown | None:
        with transaction(self._engine) as connection:
            connection.execute(text("set transaction isolation level repeatable read, read only"))
            given = {"id": article_id, "limit": _ROWS}
            found = _objects(connection, _ARTICLE, given)
            if not found:
                return None
            return Shown(
                article=found[0],
                versions=_objects(connection, _VERSIONS, given),
                copies=_objects(connection, _COPIES, given),
                relations=_objects(connection, _RELATIONS, given),
                files=_objects(connection, _FILES, given),
            )

    def last_change(self, article_id: UUID) -> dict[str, Any] | None:
        with transaction(self._engine) as connection:
            changes = _objects(connection, _LAST_CHANGE, {"id": article_id})
        return changes[0] if changes else None

    def original(self, article_id: UUID, version: int) -> bytes | None:
        with transaction(self._engine) as connection:
            content: bytes | None = connection.execute(
                _ORIGINAL, {"id": article_id, "version": version}
            ).scalar()
        return content


def _objects(connection: Connection, statement: Any, given: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: ANN401
    return [as_json(row) for row in connection.execute(statement, given).mappings()]
