"""Ask the database for what must never be there: one moment of it, whatever others do meanwhile."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from worker.adapters.postgres.engine import transaction
from worker.core.article import READ_AGAIN
from worker.core.audit import Check, Finding, Known, Step, Watching
from worker.core.ledger import Reason, State

_ALIVE_SECONDS = 10  # since a watcher said that it is alive, which it does every second

_LATEST = text("""
    select distinct on (path_key)
        coalesce(path_raw, convert_to(path, 'UTF8')) as raw, state, reason, sha256, size
    from desk.file
    where inbox = :inbox and parent_id is null
    order by path_key, generation desc
""")

_WATCHING = text("""
    select seen_at > now() - make_interval(secs => :alive) as alive,
        extract(epoch from scanned_at) as scanned_at
    from desk.inbox where inbox = :inbox
""")

_OPEN = text("""
    select state, count(*) as files from desk.file
    where inbox = :inbox and state in ('noticed', 'processing') group by state
""")

# Each gives a subject and a detail for whatever is wrong, and nothing where all is well.
_CHECKS = {
    Check.REASONLESS: """
        select path, state || ', ' || coalesce(reason, 'without a reason') from desk.file
        where (state in ('quarantined', 'ignored', 'duplicate') and reason is null)
            or not reason = any(:reasons)
    """,
    # Only while somebody is there to take it back: without a clerk, nothing goes on at all.
    Check.STUCK: """
        select path, 'since ' || lease_until from desk.file
        where state = 'processing' and lease_until < now() - interval '2 minutes'
            and exists (
                select from desk.inbox where seen_at > now() - make_interval(secs => :alive)
            )
    """,
    Check.GENERATIONS: """
        select path, 'generation ' || generation || ' follows ' || coalesce(before, 0) from (
            select path, generation, sha256, lag(generation) over life as before,
                lag(sha256) over life as sha256_before, reason,
                starts_with(because, :again) as again
            from desk.file
            window life as (partition by inbox, path_key order by generation)
        ) lives
        where generation <> coalesce(before, 0) + 1
            or sha256 = sha256_before and again is not true and reason is distinct from 'erased'
    """,
    Check.DOCUMENT: """
        select coalesce(f.path, 'a document of no file'), encode(d.sha256, 'hex')
        from desk.document d
        left join lateral (select path from desk.file where sha256 = d.sha256 limit 1) f on true
        where case when d.erased_at is null
            then sha256(d.content) <> d.sha256 else d.content <> '' end
    """,
    Check.ORPHAN: """
        select c.path, 'what it is in is no container'
        from desk.file c join desk.file p on p.id = c.parent_id
        where not p.bulk
        union all
        select p.path, 'it has no member' from desk.file p
        where p.state = 'expanded' and p.members = 0
        union all
        select p.path, count(*) || ' members, and it recorded ' || p.members
        from desk.file p join desk.file c on c.parent_id = p.id
        where starts_with(c.because, :again) is not true
        group by p.id
        having count(*) > p.members and p.bulk
    """,
    Check.UNSTORED: """
        select f.path, f.state || ', ' || coalesce(f.article_id::text, 'no article')
        from desk.file f
        where f.state in ('stored', 'revised', 'duplicate') and not exists (
            select from desk.version v where v.article_id = f.article_id and v.version = f.version
                and (f.state = 'duplicate' or v.file_id = f.id)
        )
    """,
    # Unless they were seen, and kept apart: the same greeting, every new year; or they are one by
    # now, or wait to be; or a person says that they are two; or of what was merged something is
    # taken back, for which it came apart.
    Check.TWICE: """
        select a.article_id || ', ' || b.article_id, min(a.headline)
        from desk.version a
        join desk.version b on b.content_hash = a.content_hash and b.article_id > a.article_id
        left join desk.merger m on m.article_id = a.article_id
        left join desk.merger n on n.article_id = b.article_id
        where coalesce(m.into_id, a.article_id) <> coalesce(n.into_id, b.article_id)
            and not exists (
                select from desk.relation r where (r.article_id, r.other_id) in (
                    (a.article_id, b.article_id), (b.article_id, a.article_id)
                )
            )
            and not exists (
                select from desk.withdrawal w
                where w.lifted_at is null and w.article_id in (a.article_id, b.article_id)
            )
            and not exists (
                select from desk.joining j
                left join desk.merger mj on mj.article_id = j.article_id
                left join desk.merger oj on oj.article_id = j.other_id
                where (coalesce(mj.into_id, j.article_id), coalesce(oj.into_id, j.other_id)) in (
                    (coalesce(m.into_id, a.article_id), coalesce(n.into_id, b.article_id)),
                    (coalesce(n.into_id, b.article_id), coalesce(m.into_id, a.article_id))
                )
            )
            and not exists (
                select from desk.apart p
                join desk.file kept on kept.id = p.file_id
                join desk.file mine on mine.inbox = kept.inbox and mine.path_key = kept.path_key
                join desk.article other on other.origin = p.origin
                left join desk.merger mm on mm.article_id = mine.article_id
                left join desk.merger om on om.article_id = other.id
                where (coalesce(mm.into_id, mine.article_id), coalesce(om.into_id, other.id)) in (
                    (coalesce(m.into_id, a.article_id), coalesce(n.into_id, b.article_id)),
                    (coalesce(n.into_id, b.article_id), coalesce(m.into_id, a.article_id))
                )
            )
            and a.headline <> '' and b.headline <> ''  -- neither was erased
        group by a.article_id, b.article_id
    """,
    Check.VERSIONS: """
        select a.id::text, count(v.version) || ' versions, the latest is ' || a.latest
        from desk.article a left join desk.version v on v.article_id = a.id
        group by a.id
        having count(v.version) <> a.latest or max(v.version) is distinct from a.latest
    """,
    Check.MERGED: """
        select m.article_id::text, case
            when p.article_id is not null then 'consumers see it'
            else m.into_id || ', into which it was merged, was merged itself'
        end
        from desk.merger m
        left join desk.published p on p.article_id = m.article_id
        left join desk.merger next on next.article_id = m.into_id
        where p.article_id is not null or next.article_id is not null
    """,
    # Each article's last finished version that consumers may see and nobody took back, unless it
    # was merged into another. After the end of an embargo, the clerk has a minute.
    Check.UNPUBLISHED: """
        select done.article_id::text,
            'version ' || done.version || ' is finished, ' || coalesce(p.version::text, 'none')
                || ' is published'
        from (
            select v.article_id, max(v.version) as version
            from desk.version v join desk.file f on f.id = v.file_id
            where f.state in ('stored', 'revised') and v.status = 'usable'
                and (f.reason is null or f.reason not in ('withdrawn', 'erased'))
                and (v.embargo_until is null or v.embargo_until < now() - interval '1 minute')
                and not exists (
                    select from desk.version later
                    where later.article_id = v.article_id and later.version > v.version and (
                        later.status <> 'usable' and (
                            v.source is null or later.source is null
                            or lower(later.source) = lower(v.source)
                        )
                        or later.embargo_until > now() - interval '1 minute'
                    )
                )
            group by v.article_id
        ) done
        left join desk.published p on p.article_id = done.article_id
        where (p.version is null or p.version < done.version) and not exists (
            select from desk.merger m where m.article_id = done.article_id
        )
    """,
    Check.TAKEN_BACK: """
        select p.article_id::text, f.path || ', version ' || p.version
        from desk.published p
        join desk.version v on v.article_id = p.article_id and v.version = p.version
        join desk.file f on f.id = v.file_id
        where f.reason in ('withdrawn', 'erased')
    """,
    Check.COPIES: """
        select a.id::text, 'the view says ' || a.copies || ', there are ' || count(c.file_id)
        from feed_v1.articles a left join feed_v1.copies c on c.article_id = a.id
        group by a.id, a.copies having a.copies <> count(c.file_id)
    """,
}

_HEAD = text("select smallest, greatest from feed_v1.head")
_STEPS = text("""
    select position, kind, article_id, version, "into" from feed_v1.changes order by position
""")
_VIEW = text("select id, version, position from feed_v1.articles")

_STREAMED = {"yield_per": 5_000}  # rows in memory at once


class PostgresAuditing:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def latest(self, inbox: str) -> Iterator[tuple[bytes, Known]]:
        rows = self._connection.execute(_LATEST, {"inbox": inbox}, execution_options=_STREAMED)
        for raw, state, reason, digest, size in rows:
            yield raw, Known(State(state), _REASON.get(reason), digest, size)

    def watching(self, inbox: str) -> Watching:
        given = {"inbox": inbox, "alive": _ALIVE_SECONDS}
        row = self._connection.execute(_WATCHING, given).one_or_none()
        if row is None:
            return Watching(alive=False, scanned_at=None)
        scanned_at = None if row.scanned_at is None else float(row.scanned_at)
        return Watching(alive=row.alive, scanned_at=scanned_at)

    def open(self, inbox: str) -> Mapping[State, int]:
        rows = self._connection.execute(_OPEN, {"inbox": inbox})
        return {State(row.state): row.files for row in rows}

    def findings(self) -> Iterator[Finding]:
        given = {
            "reasons": [reason.value for reason in Reason],
            "alive": _ALIVE_SECONDS,
            "again": READ_AGAIN,
        }
        for check, question in _CHECKS.items():
            for subject, detail in self._connection.execute(text(question), given):
                yield Finding(check, subject, detail or "")

    def head(self) -> tuple[int, int]:
        row = self._connection.execute(_HEAD).one()
        return row.smallest, row.greatest

    def steps(self) -> Iterator[Step]:
        rows = self._connection.execute(_STEPS, execution_options=_STREAMED)
        for position, kind, article_id, version, into in rows:
            yield Step(position, kind, article_id, version, into)

    def view(self) -> Iterator[tuple[UUID, int, int]]:
        rows = self._connection.execute(_VIEW, execution_options=_STREAMED)
        yield from (tuple(row) for row in rows)


@contextmanager
def one_moment(engine: Engine) -> Iterator[PostgresAuditing]:
    """One moment of the database: that of the first question."""
    with transaction(engine.execution_options(isolation_level="REPEATABLE READ")) as connection:
        yield PostgresAuditing(connection)


_REASON = {reason.value: reason for reason in Reason}
