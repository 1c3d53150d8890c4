"""Take containers apart: members become rows of their own, some hundred a transaction.

Locks, in the order they are taken: the container's row, the row of the file it came in, then the
recorders' lock of the inbox. Whoever takes the last one asks for no locked row, so none waits for
another in a circle.

A container is read where it is kept, a block at a time: it may be larger than what a worker has of
memory or of disk. The price is one query a block.
"""

import io
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING

from sqlalchemy import Engine, text

from worker.adapters.postgres.engine import transaction
from worker.adapters.postgres.intake import put
from worker.ports import Added, Claim, Notice

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BLOCK = 1 << 23  # bytes that a query brings

_OPEN = text("""
    with recursive around(id, parent_id, depth) as (
        select id, parent_id, 0 from desk.file where id = :id
        union all
        select f.id, f.parent_id, around.depth + 1
        from desk.file f join around on f.id = around.parent_id
    )
    select f.members, f.sha256, d.size, outermost.id as root, outermost.depth
    from desk.file f
    join desk.document d on d.sha256 = f.sha256,
        lateral (select id, depth from around order by depth desc limit 1) outermost
    where f.id = :id
""")

_PREVIOUS = text("""
    select d.sha256, d.size
    from desk.file f
    join desk.file before on before.inbox = f.inbox and before.path_key = f.path_key
        and before.generation = f.generation - 1 and before.state = 'expanded'
    join desk.document d on d.sha256 = before.sha256 and d.erased_at is null
    where f.id = :id
""")

_READ = text("""
    select substring(content from :start for :length) from desk.document where sha256 = :sha256
""")

_ADVANCE = text("""
    update desk.file set members = :upto
    where id = :id and token = :token and state = 'processing'
    returning id
""")

_WEIGH = text("""
    update desk.file set unpacked = unpacked + :weight where id = :root returning unpacked
""")

# Not an attempt that came to no end: it came to the end of its part.
_PAUSE = text("""
    update desk.file
    set state = 'noticed', lease_until = null, attempts = attempts - 1, rung_at = now(),
        next_try_at = now()
    where id = :id and token = :token and state = 'processing'
""")


class PostgresContainers:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, claim: Claim) -> "PostgresContainer":
        with transaction(self._engine) as connection:
            row = connection.execute(_OPEN, {"id": claim.file_id}).one()
        source = _stored(self._engine, row.sha256, row.size)
        return PostgresContainer(self._engine, claim, source, row.root, row.depth, row.members)


class PostgresContainer:
    def __init__(  # noqa: PLR0913, PLR0917 -- built in one place, from one row
        self,
        engine: Engine,
        claim: Claim,
        source: IO[bytes],
        root: int,
        depth: int,
        members: int,
    ) -> None:
        self._engine = engine
        self._claim = claim
        self._root = root
        self.source = source
        self.depth = depth
        self.members = members

    def previous(self) -> IO[bytes] | None:
        with transaction(self._engine) as connection:
            row = connection.execute(_PREVIOUS, {"id": self._claim.file_id}).one_or_none()
        return _stored(self._engine, row.sha256, row.size) if row else None

    def add(self, members: Sequence[Notice], *, upto: int, weight: int) -> Added | None:
        claim = self._claim
        mine = {"id": claim.file_id, "token": claim.token, "upto": upto}
        with transaction(self._engine) as connection:
            if connection.execute(_ADVANCE, mine).one_or_none() is None:
                return None
            given = {"root": self._root, "weight": weight}
            unpacked = connection.execute(_WEIGH, given).scalar_one()
            recorded = put(connection, claim.inbox, members, parent=claim.file_id)
        self.members = upto
        return Added(recorded.due, unpacked)

    def pause(self) -> None:
        with transaction(self._engine) as connection:
            mine = {"id": self._claim.file_id, "token": self._claim.token}
            connection.execute(_PAUSE, mine)


def _stored(engine: Engine, sha256: bytes, size: int) -> IO[bytes]:
    return io.BufferedReader(_Stored(engine, sha256, size), max(1, min(_BLOCK, size)))


class _Stored(io.RawIOBase):
    """A document, read where it is kept."""

    def __init__(self, engine: Engine, sha256: bytes, size: int) -> None:
        self._engine = engine
        self._sha256 = sha256
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if origin + offset < 0:
            raise ValueError("before the first byte")
        self._at = origin + offset
        return self._at

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        if self._at >= self._size:
            return 0
        given = {"sha256": self._sha256, "start": self._at + 1, "length": len(view)}
        with transaction(self._engine) as connection:
            block = connection.execute(_READ, given).scalar_one()
        view[: len(block)] = block
        self._at += len(block)
        return len(block)
