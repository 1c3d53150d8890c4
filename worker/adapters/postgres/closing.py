"""End a batch: outcomes and tags, then the pointers that consumers see and the feed."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, insert, text, update

from schemas import tables
from worker import PIPELINE
from worker.core import document, feed
from worker.core.article import Tags, TagsStatus
from worker.ports import Claim, Ending

_POINTERS = text("""
    select article_id, version, copies from desk.published where article_id = any(:ids)
""")

_UNSEEN_COPIES = text("""
    select article_id, count(*) as copies from desk.file
    where article_id = any(:ids) and state = 'duplicate' and reason in ('exact', 'near')
    group by article_id
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
        people=bindparam("new_people"),
        organisations=bindparam("new_organisations"),
        places=bindparam("new_places"),
        countries=bindparam("new_countries"),
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
        "new_people": document.entities(tags.people) if tags else None,
        "new_organisations": document.entities(tags.organisations) if tags else None,
        "new_places": document.entities(tags.places) if tags else None,
        "new_countries": document.countries(tags.countries) if tags else None,
        "new_status": status.value,
        "new_method": tags.method if tags else None,
    }


def publish(connection: Connection, endings: Sequence[Ending]) -> int | None:
    """Move the pointers and grow the feed; needs the feed's lock. Gives the greatest position."""
    decided = [e.decision for e in endings if e.decision]
    named = {"ids": sorted({d.article_id for d in decided})}
    if not decided:
        return None
    pointers = {
        row.article_id: feed.Pointer(row.version, row.copies)
        for row in connection.execute(_POINTERS, named)
    }
    unseen = {row.article_id: row.copies for row in connection.execute(_UNSEEN_COPIES, named)}
    changes = feed.plan(
        [feed.Ready(d.article_id, d.version, d.verdict.because) for d in decided if d.adds_version],
        [d.article_id for d in decided if d.verdict.relation.copy],
        pointers,
        unseen,
    )
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
