"""What the clerk does for readers: old versions become searchable, old changes leave the feed."""

from typing import Final

from sqlalchemy import Connection, text

from worker.adapters.postgres.pointing import FEED_LOCK

_CHANGES: Final = 10_000  # that are looked at in a round
_VERSIONS: Final = 200  # in a round: a quarter of a second

# The trigger does it, whatever is written. From before revision 0004; none are left some day.
_MAKE_SEARCHABLE = text("""
    update desk.version v set search = null
    from (
        select article_id, version from desk.version
        where search is null and tags_status <> 'pending'
        order by article_id
        limit :limit
        for no key update skip locked
    ) old
    where v.article_id = old.article_id and v.version = old.version
""")

_FORGETTABLE = text("""
    select exists (
        select from desk.change c join desk.head h on h.smallest = c.position
        where c.at < now() - make_interval(secs => :seconds)
    )
""")

# The beginning of the feed moves, and what nobody else needs is deleted: that a version was
# published, and when, is told by feed_v1.versions as well.
_FORGET = text("""
    with page as (
        select position, at from desk.change
        where position >= (select smallest from desk.head)
        order by position
        limit :limit
    ), kept as (
        select coalesce(
            min(position) filter (where at >= now() - make_interval(secs => :seconds)),
            max(position) + 1
        ) as first
        from page
    ), moved as (
        update desk.head set smallest = kept.first from kept where kept.first > smallest
        returning smallest
    ), deleted as (
        delete from desk.change c using page, moved
        where c.position = page.position and c.position < moved.smallest
            and c.kind in ('retagged', 'regrouped') and c."into" is null
    )
    select count(*) from page, moved where page.position < moved.smallest
""")


def make_searchable(connection: Connection) -> int:
    """Some versions that an earlier release tagged; gives how many."""
    return connection.execute(_MAKE_SEARCHABLE, {"limit": _VERSIONS}).rowcount


def forget_changes(connection: Connection, keep_seconds: float) -> int:
    """Let go of changes that are older, some at a time; gives how many. Takes the feed's lock."""
    given = {"limit": _CHANGES, "seconds": keep_seconds}
    if not connection.execute(_FORGETTABLE, given).scalar_one():
        return 0
    connection.execute(FEED_LOCK)  # who writes changes, as ``erase`` does, holds it before the head
    return int(connection.execute(_FORGET, given).scalar_one())
