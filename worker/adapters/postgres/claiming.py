"""Lease due files to a worker: the first transaction of a batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Row, text

from worker.core import document
from worker.core.article import Article, Decision, Relation, Scores, Verdict
from worker.core.ledger import BATCH_BYTES, Lane, Path
from worker.ports import Claim

# {which}: which due files. A later generation waits until all before it are final. Containers come
# without their content, which may be too much to hold.
_CLAIM = """
    with locked as materialized (
        select f.id, f.size, f.lane = 'backfill' as later
        from desk.file f
        where f.state = 'noticed' and f.next_try_at <= now() and {which}
            and (f.generation = 1 or not exists (
                select from desk.file earlier
                where earlier.inbox = f.inbox and earlier.path_key = f.path_key
                    and earlier.generation < f.generation
                    and earlier.state in ('noticed', 'processing')
            ))
        order by (f.lane = 'backfill'), f.id
        limit :limit
        for no key update skip locked
    ), due as (
        select id from (
            select id, sum(size) over (order by later, id) - size as bytes_before from locked
        ) measured
        where bytes_before < :bytes
    )
    update desk.file f
    set state = 'processing', attempts = attempts + 1, token = token + 1, claimed_at = now(),
        lease_until = now() + make_interval(secs => :lease), worker = :worker, child = :child
    from due, desk.document d
    where f.id = due.id and d.sha256 = f.sha256
    returning f.id, f.token, f.inbox, coalesce(f.path_raw, convert_to(f.path, 'UTF8')) as path,
        f.generation, f.lane, f.bulk, case when f.bulk then '' else d.content end as content,
        d.erased_at is not null as erased, f.noticed_at, f.solo, f.deaths, f.relation, f.because,
        f.scores, f.changed, f.joins, f.matched_id, f.matched_version, f.article_id, f.version
"""
_HINTED_SOLO = text(_CLAIM.format(which="f.id = any(:hinted) and (f.solo or f.bulk)"))
_HINTED = text(_CLAIM.format(which="f.id = any(:hinted) and not (f.solo or f.bulk)"))
_ANY_SOLO = text(_CLAIM.format(which="(f.solo or f.bulk)"))
_ANY_OF = {  # as the index has the lanes
    Lane.LIVE: text(_CLAIM.format(which="not (f.solo or f.bulk) and not (f.lane = 'backfill')")),
    Lane.BACKFILL: text(_CLAIM.format(which="not (f.solo or f.bulk) and (f.lane = 'backfill')")),
}

_VERSIONS = text("""
    select * from desk.version where file_id = any(:files)
""")


@dataclass(frozen=True, slots=True)
class Tenure:
    """By whom files are held, and for how long."""

    worker: UUID | None  # one start of it; None: its children have no heirs
    child: int  # its process id
    lease_seconds: float


def take(
    connection: Connection, hinted: Sequence[int], limit: int, tenure: Tenure
) -> tuple[Claim, ...]:
    """Lease up to *limit* due files; see ``Desk.claim``."""
    rows = _rows(connection, list(hinted), limit, tenure)
    articles = _decided_articles(connection, rows)
    ordered = sorted(rows, key=lambda row: (row.lane == "backfill", row.id))
    return tuple(_claim(row, articles.get(row.id)) for row in ordered)


def _rows(connection: Connection, hinted: list[int], limit: int, tenure: Tenure) -> list[Row[Any]]:
    given = {
        "bytes": BATCH_BYTES,
        "lease": tenure.lease_seconds,
        "worker": tenure.worker,
        "child": tenure.child,
    }
    rows: list[Row[Any]] = []
    if hinted:
        named = {**given, "hinted": hinted}
        if rows := list(connection.execute(_HINTED_SOLO, {**named, "limit": 1})):
            return rows
        rows = list(connection.execute(_HINTED, {**named, "limit": limit}))
    for lane in _lanes(rows):
        room = BATCH_BYTES - sum(len(row.content) for row in rows)
        if len(rows) < limit and room > 0:
            more = {**given, "bytes": room, "limit": limit - len(rows)}
            rows += connection.execute(_ANY_OF[lane], more)
        if rows:
            return rows
    return list(connection.execute(_ANY_SOLO, {**given, "limit": 1}))


def _lanes(hinted: Sequence[Row[Any]]) -> tuple[Lane, ...]:
    """Which lanes to look for others in, until some are found."""
    if not hinted:
        return (Lane.LIVE, Lane.BACKFILL)
    return (Lane.LIVE if any(row.lane == Lane.LIVE for row in hinted) else Lane.BACKFILL,)


def _decided_articles(connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, Article]:
    files = [row.id for row in rows if row.relation and Relation(row.relation).adds_version]
    if not files:
        return {}
    versions = connection.execute(_VERSIONS, {"files": files}).mappings()
    return {v["file_id"]: document.article_from(cast("Mapping[str, Any]", v)) for v in versions}


def _claim(row: Row[Any], article: Article | None) -> Claim:
    return Claim(
        file_id=row.id,
        token=row.token,
        inbox=row.inbox,
        path=Path(row.path),
        generation=row.generation,
        content=row.content,
        noticed_at=row.noticed_at,
        solo=row.solo,
        deaths=row.deaths,
        decision=_decision(row),
        article=article,
        lane=Lane(row.lane),
        bulk=row.bulk,
        erased=row.erased,
    )


def _decision(row: Row[Any]) -> Decision | None:
    verdict = verdict_of(row)
    return None if verdict is None else Decision(verdict, row.article_id, row.version)


def verdict_of(row: Row[Any]) -> Verdict | None:
    """What a row of the ledger says of its file's text; None before the decision."""
    if row.relation is None:
        return None
    return Verdict(
        Relation(row.relation),
        row.because,
        row.matched_id,
        row.matched_version,
        Scores(**(row.scores or {})),  # none of what was erased
        changed=tuple((old, new) for old, new in row.changed or ()),
        joins=tuple(UUID(joined) for joined in row.joins or ()),
    )
