"""Make one article of two that turn out to be the same, and take apart what was taken for one.

A pair that a text, or a person, shows to be one story waits in ``desk.joining`` until consumers see
both and nobody works a file for the younger. Then the younger is merged into the elder, in one
commit of its own: identity, pointers and feed. Its files, versions and decisions stay as they are;
who asks what they belong to (``neighbours``, ``closing``, the views) follows ``desk.merger``. So a
merge can be undone, and a worker that dies on the way leaves a pair that waits.

Locks: that of decisions, then the feed's, and rows of files only under both. Nobody can decide for
an article while it goes, nor show it.
"""

from sqlalchemy import Connection, RowMapping, text

from worker.adapters.postgres.pointing import FEED_LOCK, append, count_copies
from worker.adapters.postgres.storing import DEDUPE_LOCK
from worker.core import feed

_MERGERS = 100  # in a transaction: all workers wait for it

# The origins of an article and of those that were merged into it.
FAMILY = """
    select a.origin from desk.article a left join desk.merger m on m.article_id = a.id
    where a.id = {of} or m.into_id = {of}
"""
_PINNED = f"""
    select from desk.apart p
    where p.file_id in ({FAMILY.format(of="{one}")})
        and p.origin in ({FAMILY.format(of="{other}")})
"""
_READY = text(f"""
    with asked as (
        select j.*, array[
            coalesce(m.into_id, j.article_id), coalesce(n.into_id, j.other_id)
        ] as pair
        from desk.joining j
        left join desk.merger m on m.article_id = j.article_id
        left join desk.merger n on n.article_id = j.other_id
    )
    select younger.id as article_id, younger.origin, seen.version, seen.copies, elder.id as into_id,
        kept.version as into_version, asked.file_id, asked.because
    from asked
    join desk.article younger on younger.id = any(asked.pair)
    join desk.article elder on elder.id = any(asked.pair) and elder.origin < younger.origin
    join desk.published seen on seen.article_id = younger.id and seen.version = younger.latest
    join desk.published kept on kept.article_id = elder.id
    where not exists (
            select from desk.file f
            where f.article_id = younger.id and f.state in ('noticed', 'processing')
        )
        and not exists (  -- what is taken back is judged by its own files
            select from desk.withdrawal w
            where w.lifted_at is null and w.article_id in (younger.id, elder.id)
        )
        and not exists ({_PINNED.format(one="younger.id", other="elder.id")})
        and not exists ({_PINNED.format(one="elder.id", other="younger.id")})
    order by asked.asked_at, younger.id
    limit 1
""")  # noqa: S608 -- of our own pieces

# Those that were merged into the one that goes go with it: nobody follows two steps.
_MERGE = (
    text("""
        update desk.merger set into_id = :into_id, into_version = :into_version
        where into_id = :article_id
    """),
    text("""
        insert into desk.merger (article_id, origin, into_id, into_version, file_id, because)
        values (:article_id, :origin, :into_id, :into_version, :file_id, :because)
    """),
    # What it was related to, its heir is too; its own relations show nowhere.
    text("""
        insert into desk.relation (article_id, other_id, kind, because, scores)
        select case when r.article_id = :article_id then :into_id else r.article_id end,
            case when r.other_id = :article_id then :into_id else r.other_id end,
            r.kind, r.because, r.scores
        from desk.relation r
        where :article_id in (r.article_id, r.other_id)
            and not :into_id in (r.article_id, r.other_id)
        on conflict (article_id, other_id) do nothing
    """),
    text("""
        delete from desk.joining j using (
            select j.article_id, j.other_id from desk.joining j
            left join desk.merger m on m.article_id = j.article_id
            left join desk.merger n on n.article_id = j.other_id
            where coalesce(m.into_id, j.article_id) = coalesce(n.into_id, j.other_id)
        ) one
        where (j.article_id, j.other_id) = (one.article_id, one.other_id)
    """),
)

# The other way round, of mergers that are ``gone``: what an article has of its own is told from
# what it inherited by the very words and scores.
DISINHERIT = """
    delete from desk.relation e using gone, desk.relation r
    where gone.article_id in (r.article_id, r.other_id)
        and e.article_id = coalesce(nullif(r.article_id, gone.article_id), gone.into_id)
        and e.other_id = coalesce(nullif(r.other_id, gone.article_id), gone.into_id)
        and (e.kind, e.because, e.scores) = (r.kind, r.because, r.scores)
"""


def regroup(connection: Connection) -> int:
    """Merge what waits and can be merged; takes the locks only if there is any. Gives how many."""
    if not connection.execute(_READY).first():
        return 0
    lock(connection)
    return merge_ready(connection)


def lock(connection: Connection) -> None:
    connection.execute(DEDUPE_LOCK)
    connection.execute(FEED_LOCK)


def merge_ready(connection: Connection) -> int:
    """Merge what waits and can be merged; needs both locks."""
    changes: list[feed.Change] = []
    mergers = 0
    while mergers < _MERGERS and (pair := connection.execute(_READY).mappings().first()):
        changes += _merge(connection, pair)
        mergers += 1
    if changes:
        append(connection, changes)
    return mergers


def _merge(connection: Connection, pair: RowMapping) -> tuple[feed.Change, feed.Change]:
    for statement in _MERGE:
        connection.execute(statement, dict(pair))
    heir = pair["into_id"], pair["into_version"]
    copies = count_copies(connection, [heir])[heir]
    last, now = feed.Pointer(pair["version"], pair["copies"]), feed.Pointer(heir[1], copies)
    return feed.merge(pair["article_id"], last, heir[0], now, pair["because"])
