"""End a batch: outcomes and tags, then the pointers that consumers see and the feed."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, text, update

from schemas import tables
from worker import PIPELINE
from worker.core import document, feed
from worker.core.article import Tags, TagsStatus
from worker.ports import Claim, Ending

FEED_LOCK = text("select pg_advisory_xact_lock(7002)")

_POINTERS = text("""
    select article_id, version, copies from desk.published where article_id = any(:ids)
""")

_COPIES = text("""
    select d.article_id, d.version, count(f.id) as copies
    from unnest(cast(:ids as uuid[]), cast(:versions as int[])) as d(article_id, version)
    left join desk.file f on f.article_id = d.article_id and f.version <= d.version
        and f.state = 'duplicate' and f.reason in ('exact', 'near')
    group by d.article_id, d.version
""")

# What is embargoed, withheld or killed is stored, and shown to nobody. A later version that is
# killed takes back those that nobody has seen, and one that moves the embargo moves theirs.
_HELD = """(
    v.status <> 'usable' or v.embargo_until > now() or exists (
        select from desk.version later
        where later.article_id = v.article_id and later.version > v.version and (
            later.status <> 'usable'
            or v.embargo_until is not null and later.embargo_until > now()
        )
    )
)"""
_SEALING = """
    update desk.version v set sealed = true
    from unnest(cast(:ids as uuid[]), cast(:versions as int[])) as d(article_id, version)
    where v.article_id = d.article_id and v.version = d.version and {held}
    returning v.article_id, v.version
"""

_LIFTING = """
    select v.article_id, v.version, v.cause from desk.version v
    left join desk.published p using (article_id)
    where v.sealed and v.embargo_until <= now() and v.tags_status <> 'pending'
        and coalesce(p.version, 0) < v.version and not {held}
    order by v.embargo_until, v.article_id limit :limit
"""
_SEALED, _DUE = text(_SEALING.format(held=_HELD)), text(_LIFTING.format(held=_HELD))

_UNSEAL = text("""
    update desk.version v set sealed = false from desk.published p
    where v.sealed and v.article_id = any(:ids)
        and p.article_id = v.article_id and p.version >= v.version
""")

_ADVANCE = text("update desk.head set position = position + :n returning position")

_PUBLISH = text("""
    insert into desk.published (article_id, version, copies, position)
    select distinct on (article_id) article_id, version, copies, position
    from unnest(
        cast(:ids as uuid[]), cast(:versions as int[]), cast(:copies as int[]),
        cast(:positions as bigint[])
    ) as p(article_id, version, copies, position)
    order by article_id, position desc
    on conflict (article_id) do update
    set version = excluded.version, copies = excluded.copies, position = excluded.position
""")

# The payload is the greatest position: a wake-up, never the data; once a batch.
_NOTIFY = text("select pg_notify('copydesk_changes', cast(:position as text))")


# SQLAlchemy keeps the columns' own names for itself in an update of many rows, hence new_….
_file = tables.file
_CLOSE = (
    update(_file)
    .where(_file.c.id == bindparam("file"))
    .values(
        state=bindparam("new_state"),
        reason=bindparam("new_reason"),
        detail=bindparam("new_detail"),
        media_type=bindparam("new_media_type"),
        pipeline=PIPELINE,
        lease_until=None,
        finished_at=text("now()"),
    )
)

_version = tables.version
_TAG = (
    update(_version)
    .where(_version.c.file_id == bindparam("file"))
    .values(
        **{column: bindparam(f"new_{column}") for column in document.tag_columns(None)},
        tags_status=bindparam("new_status"),
        tags_method=bindparam("new_method"),
    )
)


def close(connection: Connection, endings: Sequence[Ending]) -> None:
    """Write outcomes and tags; only *publish* lets anybody see them."""
    if endings:
        connection.execute(_CLOSE, [_closed(ending) for ending in endings])
    if tagged := [e for e in endings if e.decision and e.decision.adds_version]:
        connection.execute(_TAG, [_tagged(ending.claim, ending.tags) for ending in tagged])


def _closed(ending: Ending) -> dict[str, object]:
    return {
        "file": ending.claim.file_id,
        "new_state": ending.state.value,
        "new_reason": ending.shown_reason.value if ending.shown_reason else None,
        "new_detail": ending.detail or None,
        "new_media_type": ending.media_type,
    }


def _tagged(claim: Claim, tags: Tags | None) -> dict[str, object]:
    status = TagsStatus.FAILED if tags is None else TagsStatus.COMPLETE
    return {
        "file": claim.file_id,
        **{f"new_{column}": value for column, value in document.tag_columns(tags).items()},
        "new_status": status.value,
        "new_method": tags.method if tags else None,
    }


def publish(connection: Connection, endings: Sequence[Ending]) -> int | None:
    """Move the pointers and grow the feed; needs the feed's lock. Gives the greatest position."""
    decided = [e.decision for e in endings if e.decision]
    added = [d for d in decided if d.adds_version]
    given = {"ids": [d.article_id for d in added], "versions": [d.version for d in added]}
    sealed = {tuple(row) for row in connection.execute(_SEALED, given)} if added else set()
    ready = [
        feed.Ready(d.article_id, d.version, d.verdict.because)
        for d in added
        if (d.article_id, d.version) not in sealed
    ]
    copied = [(d.article_id, d.version) for d in decided if d.verdict.relation.copy]
    return _show(connection, ready, copied)


def lift(connection: Connection, limit: int) -> int:
    """Publish what nobody may have seen before its embargo ended; takes the feed's lock, if any."""
    if not connection.execute(_DUE, {"limit": 1}).first():
        return 0
    connection.execute(FEED_LOCK)
    ready = [feed.Ready(*row) for row in connection.execute(_DUE, {"limit": limit})]
    _show(connection, ready, [])
    connection.execute(_UNSEAL, {"ids": [version.article_id for version in ready]})
    return len(ready)


def _show(
    connection: Connection, ready: Sequence[feed.Ready], copied: Sequence[tuple[UUID, int]]
) -> int | None:
    named = {"ids": sorted({*(r.article_id for r in ready), *(of for of, _ in copied)})}
    if not named["ids"]:
        return None
    pointers = {
        row.article_id: feed.Pointer(row.version, row.copies)
        for row in connection.execute(_POINTERS, named)
    }
    versions = {"ids": [r.article_id for r in ready], "versions": [r.version for r in ready]}
    rows = connection.execute(_COPIES, versions) if ready else ()
    copies = {(row.article_id, row.version): row.copies for row in rows}
    changes = feed.plan(ready, copied, pointers, copies)
    return _append(connection, changes) if changes else None


def _append(connection: Connection, changes: Sequence[feed.Change]) -> int:
    greatest: int = connection.execute(_ADVANCE, {"n": len(changes)}).scalar_one()
    positions = range(greatest - len(changes) + 1, greatest + 1)
    rows = [
        {
            "position": position,
            "kind": change.kind.value,
            "article_id": change.article_id,
            "version": change.pointer.version,
            "cause": change.cause,
        }
        for position, change in zip(positions, changes, strict=True)
    ]
    connection.execute(insert(tables.change), rows)
    moved = {
        "ids": [change.article_id for change in changes],
        "versions": [change.pointer.version for change in changes],
        "copies": [change.pointer.copies for change in changes],
        "positions": list(positions),
    }
    connection.execute(_PUBLISH, moved)
    connection.execute(_NOTIFY, {"position": greatest})
    return greatest
