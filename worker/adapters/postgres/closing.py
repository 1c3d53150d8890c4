"""End a batch: outcomes and tags, then the pointers that consumers see and the feed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, text, update

from schemas import tables
from worker import PIPELINE
from worker.adapters.postgres.pointing import FEED_LOCK, HELD, UNSEEN, append, count_copies
from worker.adapters.postgres.rows import rows
from worker.adapters.postgres.withdrawing import concerned, settle
from worker.core import document, feed
from worker.core.article import Tags, TagsStatus
from worker.ports import Ending

_POINTERS = text("""
    select article_id, version, copies from desk.published where article_id = any(:ids)
""")

# Released: what came before it, of the same article, waits for an embargo's end.
_STANDING = text(f"""
    select v.article_id, v.version, {HELD} as held, {UNSEEN} as unseen, exists (
        select from desk.version e
        where e.article_id = v.article_id and e.version < v.version and e.sealed
            and e.status = 'usable' and e.embargo_until > now()
    ) as released
    from unnest(cast(:ids as uuid[]), cast(:versions as int[])) as d(article_id, version)
    join desk.version v on v.article_id = d.article_id and v.version = d.version
    join desk.file f on f.id = v.file_id
""")  # noqa: S608 -- of our own pieces
_SEAL = text("""
    update desk.version v set sealed = true
    from unnest(cast(:ids as uuid[]), cast(:versions as int[])) as d(article_id, version)
    where v.article_id = d.article_id and v.version = d.version
""")

_LIFTING = """
    select v.article_id, v.version, v.cause, {unseen} as unseen from desk.version v
    join desk.file f on f.id = v.file_id and f.reason is distinct from 'withdrawn'
        and f.reason is distinct from 'erased'
    left join desk.published p on p.article_id = v.article_id
    where v.sealed and v.embargo_until <= now() and v.tags_status <> 'pending'
        and coalesce(p.version, 0) < v.version and not {held}
        and not exists (select from desk.merger m where m.article_id = v.article_id)
    order by v.embargo_until, v.article_id limit :limit
"""
_DUE = text(_LIFTING.format(held=HELD, unseen=UNSEEN))

_UNSEAL = text("""
    update desk.version v set sealed = false from desk.published p
    where v.sealed and v.article_id = any(:ids)
        and p.article_id = v.article_id and p.version >= v.version
""")


_CLOSE = text("""
    update desk.file f
    set state = e.state, reason = e.reason, detail = e.detail, media_type = e.media_type,
        pipeline = :pipeline, lease_until = null, finished_at = now()
    from json_populate_recordset(cast(null as desk.file), cast(:rows as json)) e
    where f.id = e.id
""")

# SQLAlchemy keeps the columns' own names for itself in an update of many rows, hence new_….
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
        closed = rows([_closed(ending) for ending in endings])
        connection.execute(_CLOSE, {"rows": closed, "pipeline": PIPELINE})
    if tagged := [e for e in endings if e.decision and e.decision.adds_version]:
        write_tags(connection, [(ending.claim.file_id, ending.tags) for ending in tagged])


def write_tags(connection: Connection, tagged: Sequence[tuple[int, Tags | None]]) -> None:
    """Write the tags of the versions that these files made."""
    connection.execute(_TAG, [_tagged(file_id, tags) for file_id, tags in tagged])


def _closed(ending: Ending) -> dict[str, object]:
    return {
        "id": ending.claim.file_id,
        "state": ending.state,
        "reason": ending.shown_reason,
        "detail": ending.detail or None,
        "media_type": ending.media_type,
    }


def _tagged(file_id: int, tags: Tags | None) -> dict[str, object]:
    status = TagsStatus.FAILED if tags is None else TagsStatus.COMPLETE
    return {
        "file": file_id,
        **{f"new_{column}": value for column, value in document.tag_columns(tags).items()},
        "new_status": status.value,
        "new_method": tags.method if tags else None,
    }


def publish(connection: Connection, endings: Sequence[Ending]) -> int | None:
    """Move the pointers and grow the feed; needs the feed's lock. Gives the greatest position."""
    decided = [e.decision for e in endings if e.decision]
    files = [e.claim.file_id for e in endings if e.decision]
    added = {(d.article_id, d.version): d.verdict.because for d in decided if d.adds_version}
    tagged = {(e.decision.article_id, e.decision.version) for e in endings if e.decision and e.tags}
    apart = concerned(connection, files, {d.article_id for d in decided})
    ready = [
        feed.Ready(
            row.article_id,
            row.version,
            added[row.article_id, row.version],
            released=row.released,
            tagged=(row.article_id, row.version) in tagged,
            unseen=row.unseen,
        )
        for row in _unsealed(connection, list(added))
    ]
    copied = [(d.article_id, d.version) for d in decided if d.verdict.relation.copy]
    changes = _show(
        connection,
        [r for r in ready if r.article_id not in apart],
        [(of, version) for of, version in copied if of not in apart],
    )
    if apart:
        changes += settle(connection, apart, {(r.article_id, r.version) for r in ready if r.tagged})
    return append(connection, changes) if changes else None


def _unsealed(connection: Connection, versions: Sequence[tuple[UUID, int]]) -> list[Row[Any]]:
    """Those of *versions* that may be seen, and what of the article nobody has seen yet."""
    if not versions:
        return []
    rows = connection.execute(_STANDING, _columns(versions)).all()
    if held := [(row.article_id, row.version) for row in rows if row.held]:
        connection.execute(_SEAL, _columns(held))
    return [row for row in rows if not row.held]


def _columns(versions: Sequence[tuple[UUID, int]]) -> dict[str, list[Any]]:
    return {"ids": [of for of, _ in versions], "versions": [version for _, version in versions]}


def lift(connection: Connection, limit: int) -> int:
    """Publish what nobody may have seen before its embargo ended; takes the feed's lock, if any."""
    if not connection.execute(_DUE, {"limit": 1}).first():
        return 0
    connection.execute(FEED_LOCK)
    ready = [
        feed.Ready(row.article_id, row.version, row.cause, released=True, unseen=row.unseen)
        for row in connection.execute(_DUE, {"limit": limit})
    ]
    if changes := _show(connection, ready, []):
        append(connection, changes)
    connection.execute(_UNSEAL, {"ids": [version.article_id for version in ready]})
    return len(ready)


def _show(
    connection: Connection, ready: Sequence[feed.Ready], copied: Sequence[tuple[UUID, int]]
) -> list[feed.Change]:
    named = {"ids": sorted({*(r.article_id for r in ready), *(of for of, _ in copied)})}
    if not named["ids"]:
        return []
    pointers = {
        row.article_id: feed.Pointer(row.version, row.copies)
        for row in connection.execute(_POINTERS, named)
    }
    copies = count_copies(connection, [(r.article_id, r.version) for r in ready])
    showing = [r for r in ready if (r.article_id, r.version) in copies]
    return list(feed.plan(showing, copied, pointers, copies))
