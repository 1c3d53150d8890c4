"""Find what people name: files by their paths, articles by their ids and uris.

Articles are found whether or not consumers see them: what was taken back can be restored.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import Engine, text

from worker.adapters.postgres.engine import transaction
from worker.adapters.postgres.neighbours import uri_key
from worker.core.naming import between

CANDIDATES: Final = 6  # articles that a beginning of an id may name, to be told apart

_INBOXES = text("select inbox from desk.inbox order by inbox")
_FILE = text("select article_id from desk.file where id = :id")
_FILES = text("""
    select distinct on (inbox, path_key) id from desk.file
    where path_key = any(:keys) order by inbox, path_key, generation desc
""")
_MADE_BY = text("""
    select file_id from desk.version where article_id = :article order by version desc limit 1
""")
_BY_ID = text("""
    select id from desk.article where id between :first and :last order by id limit :limit
""")
_BY_URI = text("""
    select id from desk.article where uri_key = :uri_key
    union
    select article_id from desk.alias where uri_key = :uri_key
    order by id limit :limit
""")


class PostgresNaming:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def inboxes(self) -> tuple[str, ...]:
        with transaction(self._engine) as connection:
            return tuple(connection.execute(_INBOXES).scalars())

    def files(self, paths: Sequence[bytes]) -> tuple[int, ...]:
        # The keys of files, and of members of containers.
        keys = [sha256(before + path).digest() for path in paths for before in (b"", b"\0")]
        with transaction(self._engine) as connection:
            return tuple(connection.execute(_FILES, {"keys": keys}).scalars())

    def articles(self, name: str) -> tuple[UUID, ...]:
        with transaction(self._engine) as connection:
            if (ids := between(name)) is not None:
                given = {"first": ids[0], "last": ids[1], "limit": CANDIDATES}
                if found := tuple(connection.execute(_BY_ID, given).scalars()):
                    return found
            called = {"uri_key": uri_key(name), "limit": CANDIDATES}
            return tuple(connection.execute(_BY_URI, called).scalars())

    def has(self, file_id: int) -> bool:
        with transaction(self._engine) as connection:
            return connection.execute(_FILE, {"id": file_id}).first() is not None

    def article_of(self, file_id: int) -> UUID | None:
        with transaction(self._engine) as connection:
            return connection.execute(_FILE, {"id": file_id}).scalar()

    def file_of(self, article_id: UUID) -> int:
        with transaction(self._engine) as connection:
            made_by: int = connection.execute(_MADE_BY, {"article": article_id}).scalar_one()
        return made_by
