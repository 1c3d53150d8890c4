"""The watcher's side of the ledger: documents and rows, in one transaction a batch."""

from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256

from sqlalchemy import Connection, Engine, text

from worker.adapters.postgres.engine import transaction
from worker.core.ledger import Stat, State
from worker.ports import Notice, Recorded

# Recorders of one inbox go one after the other: each must see what the other wrote before it can
# say which generation of a path it holds. Held for a batch's insert, some milliseconds.
_LOCK = text("select pg_advisory_xact_lock(hashtextextended(:inbox, 1))")

_KNOWN = text("""
    select distinct on (path_key)
        coalesce(path_raw, convert_to(path, 'UTF8')), size, mtime_ns, ctime_ns, inode
    from desk.file
    where inbox = :inbox and parent_id is null
    order by path_key, generation desc
""")

_DOCUMENTS = text("""
    insert into desk.document (sha256, content, size)
    select d.sha256, d.content, octet_length(d.content)
    from unnest(cast(:sha256 as bytea[]), cast(:content as bytea[])) as d(sha256, content)
    on conflict do nothing
""")

# A content equal to the latest of its path only refreshes the hint that spares re-reading it.
_FILES = text("""
    with seen as (
        select s.*, latest.id as latest_id, latest.generation as latest_generation,
            latest.id is not null
                and latest.sha256 is not distinct from s.sha256
                and (s.sha256 is not null or latest.reason is not distinct from s.reason) as same
        from unnest(
            cast(:n as int[]), cast(:path as text[]), cast(:path_raw as bytea[]),
            cast(:path_key as bytea[]), cast(:size as bigint[]), cast(:mtime_ns as bigint[]),
            cast(:ctime_ns as bigint[]), cast(:inode as bigint[]), cast(:sha256 as bytea[]),
            cast(:lane as text[]), cast(:witness as text[]), cast(:state as text[]),
            cast(:reason as text[]), cast(:detail as text[])
        ) as s(n, path, path_raw, path_key, size, mtime_ns, ctime_ns, inode, sha256, lane, witness,
               state, reason, detail)
        left join lateral (
            select f.id, f.generation, f.sha256, f.reason
            from desk.file f
            where f.inbox = :inbox and f.path_key = s.path_key
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
    )
    insert into desk.file (
        inbox, path, path_raw, path_key, generation, size, mtime_ns, ctime_ns, inode, sha256, lane,
        witness, state, reason, detail, rung_at, finished_at
    )
    select :inbox, path, path_raw, path_key, coalesce(latest_generation, 0) + 1, size, mtime_ns,
        ctime_ns, inode, sha256, lane, witness, state, reason, detail, now(),
        case when state <> 'noticed' then now() end
    from seen
    where not same
    order by lane = 'backfill', n
    returning id, state
""")

_BEAT = text("""
    insert into desk.inbox (inbox, settling, seen_at, scanned_at)
    values (:inbox, :settling, now(), case when :scanned then now() end)
    on conflict (inbox) do update
    set settling = excluded.settling,
        seen_at = excluded.seen_at,
        scanned_at = coalesce(excluded.scanned_at, inbox.scanned_at)
""")


class PostgresIntake:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def known(self, inbox: str) -> Iterator[tuple[bytes, Stat]]:
        with transaction(self._engine) as connection:
            rows = connection.execution_options(yield_per=5_000).execute(_KNOWN, {"inbox": inbox})
            for path, size, mtime_ns, ctime_ns, inode in rows:
                yield path, Stat(size, mtime_ns, ctime_ns, inode % (1 << 64))

    def record(self, inbox: str, notices: Sequence[Notice]) -> Recorded:
        due: list[int] = []
        refused = 0
        with transaction(self._engine) as connection:
            connection.execute(_LOCK, {"inbox": inbox})
            _keep(connection, notices)
            for wave in _waves(notices):
                for file_id, state in _insert(connection, inbox, wave):
                    if state == State.NOTICED:
                        due.append(file_id)
                    else:
                        refused += 1
        return Recorded(tuple(due), refused, len(notices) - len(due) - refused)

    def beat(self, inbox: str, *, settling: int, scanned: bool) -> None:
        with transaction(self._engine) as connection:
            connection.execute(_BEAT, {"inbox": inbox, "settling": settling, "scanned": scanned})


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
    connection.execute(_DOCUMENTS, {"sha256": hashes, "content": [kept[h] for h in hashes]})


def _insert(connection: Connection, inbox: str, notices: Sequence[Notice]) -> list[tuple[int, str]]:
    columns = {
        "n": list(range(len(notices))),
        "path": [n.path.text for n in notices],
        "path_raw": [_unless_utf8(n.path.raw) for n in notices],
        "path_key": [sha256(n.path.raw).digest() for n in notices],
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
    }
    rows = connection.execute(_FILES, {"inbox": inbox, **columns})
    return [(row.id, row.state) for row in rows]


def _unless_utf8(raw: bytes) -> bytes | None:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return raw
    return None


def _signed(inode: int) -> int:
    """Fold an unsigned 64-bit inode into the signed range; only equality matters."""
    return inode - (1 << 64) if inode >= 1 << 63 else inode
