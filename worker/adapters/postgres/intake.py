"""The watcher's side of the ledger: documents and rows, in one transaction a batch."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, text

from worker.adapters.postgres.engine import transaction
from worker.core.ledger import Lane, Stat, State
from worker.core.settling import UNSEEN
from worker.core.sight import CLEAR_SIGHT, SILENT_SECONDS, Sight
from worker.ports import Notice, Recorded

# Recorders of one inbox go one after the other: each must see what the other wrote before it can
# say which generation of a path it holds. Held for a batch's insert, some milliseconds.
_LOCK = text("select pg_advisory_xact_lock(hashtextextended(:inbox, 1))")

# Under the lock, and in a statement of its own: whatever is recorded later has a greater id.
_MARK = text("select coalesce(max(id), 0) from desk.file")
_UNMARKED = (1 << 63) - 1

# What was refused unread may be readable by now, whatever its stat says.
_KNOWN = text("""
    select distinct on (path_key)
        coalesce(path_raw, convert_to(path, 'UTF8')), size, mtime_ns, ctime_ns, inode,
        state = 'quarantined' and sha256 is null
    from desk.file
    where inbox = :inbox and parent_id is null
    order by path_key, generation desc
""")

# The next two are in the driver's own notation, for its ``b``: columns go in binary. As text each
# byte of a document would be two, and be escaped; that was half of the watcher's work.
_DOCUMENTS = """
    insert into desk.document (sha256, content, size)
    select d.sha256, d.content, octet_length(d.content)
    from unnest(cast(%(sha256)b as bytea[]), cast(%(content)b as bytea[])) as d(sha256, content)
    on conflict do nothing
"""

# A content equal to the latest of its path only refreshes the hint that spares re-reading it. One
# that differs from what another watcher recorded after :mark is stale; ids after :top are our own.
_FILES = """
    with seen as (
        select s.*, latest.id as latest_id, latest.generation as latest_generation,
            latest.id is not null
                and latest.sha256 is not distinct from s.sha256
                and (s.sha256 is not null or latest.reason is not distinct from s.reason) as same,
            latest.id > %(mark)s and latest.id <= %(top)s as crossed
        from unnest(
            cast(%(n)b as int[]), cast(%(path)b as text[]), cast(%(path_raw)b as bytea[]),
            cast(%(path_key)b as bytea[]), cast(%(size)b as bigint[]),
            cast(%(mtime_ns)b as bigint[]), cast(%(ctime_ns)b as bigint[]),
            cast(%(inode)b as bigint[]), cast(%(sha256)b as bytea[]), cast(%(lane)b as text[]),
            cast(%(witness)b as text[]), cast(%(state)b as text[]), cast(%(reason)b as text[]),
            cast(%(detail)b as text[]), cast(%(bulk)b as boolean[])
        ) as s(n, path, path_raw, path_key, size, mtime_ns, ctime_ns, inode, sha256, lane, witness,
               state, reason, detail, bulk)
        left join lateral (
            select f.id, f.generation, f.sha256, f.reason
            from desk.file f
            where f.inbox = %(inbox)s and f.path_key = s.path_key
            order by f.generation desc
            limit 1
        ) latest on true
    ), free as (
        select f.id from desk.file f join seen s on f.id = s.latest_id
        where s.same
        for no key update of f skip locked
    ), refreshed as (
        update desk.file f
        set size = s.size, mtime_ns = s.mtime_ns, ctime_ns = s.ctime_ns, inode = s.inode
        from seen s
        where s.same and f.id = s.latest_id and f.id in (select id from free)
    ), added as (
        insert into desk.file (
            inbox, path, path_raw, path_key, generation, size, mtime_ns, ctime_ns, inode, sha256,
            lane, witness, state, reason, detail, bulk, parent_id, rung_at, finished_at
        )
        select %(inbox)s, path, path_raw, path_key, coalesce(latest_generation, 0) + 1, size,
            mtime_ns, ctime_ns, inode, sha256, lane, witness, state, reason, detail, bulk,
            cast(%(parent)s as bigint), now(), case when state <> 'noticed' then now() end
        from seen
        where not same and crossed is not true
        order by lane = 'backfill', n
        returning id, state, lane
    )
    select id, state, lane, null as n from added
    union all
    select null, null, null, n from seen where not same and crossed
    order by id
"""

# The first of three: its row keeps watchers of one inbox one after the other.
_BEAT = text("""
    insert into desk.inbox (inbox, seen_at, scanned_at)
    values (:inbox, now(), case when :scanned then now() end)
    on conflict (inbox) do update
    set seen_at = excluded.seen_at, scanned_at = coalesce(excluded.scanned_at, inbox.scanned_at)
""")
_FORGET = text("""
    delete from desk.watcher
    where inbox = :inbox and seen_at < now() - make_interval(secs => :silent_seconds)
""")
_SAY = text("""
    insert into desk.watcher (
        inbox, watcher, seen_at, settling, waiting_since, scanning, paused, unlisted
    )
    values (
        :inbox, :watcher, now(), :settling, now() - make_interval(secs => :waiting_seconds),
        nullif(:scanning, ''), nullif(:paused, ''), cast(:unlisted as text[])
    )
    on conflict (inbox, watcher) do update
    set seen_at = excluded.seen_at,
        settling = excluded.settling,
        waiting_since = excluded.waiting_since,
        scanning = excluded.scanning,
        paused = excluded.paused,
        unlisted = excluded.unlisted
""")


class PostgresIntake:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def known(self, inbox: str) -> Iterator[tuple[bytes, Stat]]:
        with transaction(self._engine) as connection:
            rows = connection.execution_options(yield_per=5_000).execute(_KNOWN, {"inbox": inbox})
            for path, size, mtime_ns, ctime_ns, inode, unread in rows:
                stat = Stat(size, mtime_ns, ctime_ns, inode % (1 << 64))
                yield path, UNSEEN if unread else stat

    def mark(self, inbox: str) -> int:
        with transaction(self._engine) as connection:
            return lock_inbox(connection, inbox)

    def record(self, inbox: str, notices: Sequence[Notice], *, mark: int | None = None) -> Recorded:
        with transaction(self._engine) as connection:
            return put(connection, inbox, notices, mark=mark)

    def beat(
        self,
        inbox: str,
        *,
        settling: int,
        scanned: bool,
        sight: Sight = CLEAR_SIGHT,
        watcher: str = "",
    ) -> None:
        said = {**asdict(sight), "unlisted": list(sight.unlisted), "settling": settling}
        with transaction(self._engine) as connection:
            connection.execute(_BEAT, {"inbox": inbox, "scanned": scanned})
            connection.execute(_FORGET, {"inbox": inbox, "silent_seconds": SILENT_SECONDS})
            connection.execute(_SAY, {"inbox": inbox, "watcher": watcher, **said})


def put(
    connection: Connection,
    inbox: str,
    notices: Sequence[Notice],
    *,
    mark: int | None = None,
    parent: int | None = None,
) -> Recorded:
    """Record *notices* of files, or of members of the container *parent*."""
    added: list[tuple[int, str, str]] = []
    stale: list[Notice] = []
    top = lock_inbox(connection, inbox)
    _keep(connection, notices)
    mark = _UNMARKED if mark is None else mark
    given = {"inbox": inbox, "mark": mark, "top": top, "parent": parent}
    for wave in _waves(notices):
        columns = _columns(wave, b"" if parent is None else b"\0")
        for file_id, state, lane, n in connection.exec_driver_sql(_FILES, {**given, **columns}):
            if n is None:
                added.append((file_id, state, lane))
            else:
                stale.append(wave[n])
    due = sorted((lane == Lane.BACKFILL, n) for n, state, lane in added if state == State.NOTICED)
    return Recorded(
        due=tuple(file_id for _, file_id in due),
        refused=len(added) - len(due),
        known=len(notices) - len(added) - len(stale),
        stale=tuple(stale),
        mark=max((file_id for file_id, *_ in added), default=top),
        live=sum(not later for later, _ in due),
    )


def lock_inbox(connection: Connection, inbox: str) -> int:
    """Be the only one to record files of *inbox*; gives the mark."""
    connection.execute(_LOCK, {"inbox": inbox})
    return int(connection.execute(_MARK).scalar_one())


def _waves(notices: Sequence[Notice]) -> Iterator[list[Notice]]:
    """Split a batch so that no path is twice in one statement: each sees the one before."""
    nth: Counter[bytes] = Counter()
    waves: list[list[Notice]] = []
    for notice in notices:
        n = nth[notice.path.raw]
        nth[notice.path.raw] += 1
        if n == len(waves):
            waves.append([])
        waves[n].append(notice)
    yield from waves


def _keep(connection: Connection, notices: Sequence[Notice]) -> None:
    """Keep the documents. Sorted: watchers of two inboxes may keep the same ones just now."""
    kept = {n.sha256: n.content for n in notices if n.sha256 is not None}
    hashes = sorted(kept)
    columns = {"sha256": hashes, "content": [kept[h] for h in hashes]}
    connection.exec_driver_sql(_DOCUMENTS, columns)


def _columns(notices: Sequence[Notice], before_key: bytes) -> dict[str, list[Any]]:
    return {
        "n": list(range(len(notices))),
        "path": [n.path.text for n in notices],
        "path_raw": [_unless_utf8(n.path.raw) for n in notices],
        "path_key": [sha256(before_key + n.path.raw).digest() for n in notices],
        "size": [n.stat.size for n in notices],
        "mtime_ns": [n.stat.mtime_ns for n in notices],
        "ctime_ns": [n.stat.ctime_ns for n in notices],
        "inode": [_signed(n.stat.inode) for n in notices],
        "sha256": [n.sha256 for n in notices],
        "lane": [n.lane.value for n in notices],
        "witness": [n.witness.value for n in notices],
        "state": [n.state.value for n in notices],
        "reason": [n.reason.value if n.reason else None for n in notices],
        "detail": [n.detail or None for n in notices],
        "bulk": [n.bulk for n in notices],
    }


def _unless_utf8(raw: bytes) -> bytes | None:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return raw
    return None


def _signed(inode: int) -> int:
    """Fold an unsigned 64-bit inode into the signed range; only equality matters."""
    return inode - (1 << 64) if inode >= 1 << 63 else inode
