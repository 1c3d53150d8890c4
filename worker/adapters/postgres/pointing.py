"""Grow the feed, and move the pointers that every view joins: under one lock, for all who do."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from schemas import tables
from worker.adapters.postgres.rows import insert_all
from worker.core import feed

FEED_LOCK = text("select pg_advisory_xact_lock(7002)")

# As feed_v1.copies has them: an article that was merged is so many copies as it has files. Nothing
# for versions of a merged one, whose tagging is tried again: they show nowhere.
_COPIES = text("""
    select d.article_id, d.version, (
        select count(*) from desk.file f
        where f.article_id = d.article_id and f.version <= d.version
            and f.state = 'duplicate' and f.reason in ('exact', 'near')
    ) + (
        select count(*) from desk.merger m join desk.file f on f.article_id = m.article_id
        where m.into_id = d.article_id and f.relation <> 'unchanged'
    ) as copies
    from unnest(cast(:ids as uuid[]), cast(:versions as int[])) as d(article_id, version)
    where not exists (select from desk.merger m where m.article_id = d.article_id)
""")

# What is embargoed, withheld or killed is stored, and shown to nobody. A later version that is
# withheld takes back those of its publisher that nobody has seen, and one that moves the embargo
# moves theirs.
HELD = """(
    v.status <> 'usable' or coalesce(v.embargo_until > now(), false) or exists (
        select from desk.version later
        where later.article_id = v.article_id and later.version > v.version and (
            later.status <> 'usable' and (
                v.source is null or later.source is null or lower(later.source) = lower(v.source)
            )
            or v.embargo_until is not null and later.embargo_until > now()
        )
    )
)"""

# The version that the file of a version was compared with, where its sentence tells what that says
# otherwise, and consumers do not see it.
UNSEEN = """
    case when f.changed is not null and not exists (
        select from feed_v1.versions seen
        where seen.id = f.matched_id and seen.version = f.matched_version
    ) then f.matched_version end
"""

_ADVANCE = text("update desk.head set position = position + :n returning position")

_PUBLISH = text("""
    insert into desk.published (article_id, version, copies, position)
    select * from unnest(
        cast(:ids as uuid[]), cast(:versions as int[]), cast(:copies as int[]),
        cast(:positions as bigint[])
    )
    on conflict (article_id) do update
    set version = excluded.version, copies = excluded.copies, position = excluded.position
""")

_HIDE = text("delete from desk.published where article_id = any(:ids)")

# The payload is the greatest position: a wake-up, never the data; once a batch.
_NOTIFY = text("select pg_notify('copydesk_changes', cast(:position as text))")


def count_copies(
    connection: Connection, versions: Sequence[tuple[UUID, int]]
) -> dict[tuple[UUID, int], int]:
    """The files that duplicate each of these versions or an earlier one."""
    if not versions:
        return {}
    given = {"ids": [of for of, _ in versions], "versions": [version for _, version in versions]}
    rows = connection.execute(_COPIES, given)
    return {(row.article_id, row.version): row.copies for row in rows}


def append(connection: Connection, changes: Sequence[feed.Change]) -> int:
    """Grow the feed, and move the pointers with it; needs the feed's lock."""
    greatest: int = connection.execute(_ADVANCE, {"n": len(changes)}).scalar_one()
    positions = range(greatest - len(changes) + 1, greatest + 1)
    grown = [
        {
            "position": position,
            "kind": change.kind,
            "article_id": change.article_id,
            "version": change.pointer.version,
            "into": change.into,
            "cause": change.cause,
        }
        for position, change in zip(positions, changes, strict=True)
    ]
    insert_all(connection, tables.change, grown)
    last = {change.article_id: (change, at) for change, at in zip(changes, positions, strict=True)}
    shown = [(change, at) for change, at in last.values() if not change.hides]
    moved = {
        "ids": [change.article_id for change, _ in shown],
        "versions": [change.pointer.version for change, _ in shown],
        "copies": [change.pointer.copies for change, _ in shown],
        "positions": [at for _, at in shown],
    }
    connection.execute(_PUBLISH, moved)
    if hidden := [article_id for article_id, (change, _) in last.items() if change.hides]:
        connection.execute(_HIDE, {"ids": hidden})
    connection.execute(_NOTIFY, {"position": greatest})
    return greatest
