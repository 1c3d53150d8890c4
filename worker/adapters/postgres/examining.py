"""Ask the database about itself and about the work, for ``copydesk doctor``."""

import time

from sqlalchemy import Connection, Engine, text

from schemas import revisions
from worker.adapters.postgres.engine import transaction
from worker.core.doctor import Away, Database, Watched, Work
from worker.core.errors import Unavailable

_SERVER = text("""
    select current_setting('server_version') as version,
        cast(current_setting('server_version_num') as int) as number,
        pg_is_in_recovery() or current_setting('default_transaction_read_only')::bool as read_only,
        cast(extract(epoch from clock_timestamp()) as float) as clock,
        (
            select count(*) from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'
                and now() - query_start > interval '5 seconds'
        ) as waiting
""")

# What each role must be able to do, or must not: a view that all readers have, a table of the
# ledger, and the function that gives the feed.
_GRANTS = text("""
    select role, right_, object, wanted from (values
        ('copydesk_worker', 'select', 'desk.file', true),
        ('copydesk_worker', 'insert', 'desk.file', true),
        ('copydesk_worker', 'select', 'feed_v1.articles', true),
        ('copydesk_reader', 'select', 'feed_v1.articles', true),
        ('copydesk_reader', 'select', 'desk.file', false),
        ('copydesk_consumer', 'select', 'feed_v1.articles', true),
        ('copydesk_consumer', 'select', 'desk.file', false)
    ) as grants(role, right_, object, wanted)
    where exists (select from pg_roles where rolname = role)
        and to_regclass(object) is not null
        and has_table_privilege(role, object, right_) <> wanted
""")
_ROLES = text("""
    select name from unnest(array['copydesk_worker', 'copydesk_reader', 'copydesk_consumer']) name
    where not exists (select from pg_roles where rolname = name)
""")

_WATCHED = text("""
    select inbox, cast(extract(epoch from now() - seen_at) as float) as silent,
        cast(extract(epoch from now() - scanned_at) as float) as scanned
    from desk.inbox order by inbox
""")
_WORK = text("""
    select
        count(*) filter (
            where state = 'processing' and lease_until < now() - interval '1 minute'
        ) as expired,
        cast(extract(epoch from now() - min(noticed_at) filter (
            where state in ('noticed', 'processing')
        )) as float) as oldest,
        count(*) filter (where reason in ('internal_error', 'poison')) as broken,
        count(*) filter (where reason = 'tagging_failed') as untagged
    from desk.file
""")


def examine(engine: Engine) -> Database | Away:
    try:
        with transaction(engine) as connection:
            return _database(connection)
    except Unavailable as error:
        return Away(str(error))


def _database(connection: Connection) -> Database:
    before = time.time()
    server = connection.execute(_SERVER).one()
    ours = (before + time.time()) / 2
    revision = revisions.revision(connection)
    return Database(
        version=server.version,
        version_number=server.number,
        revision=revision,
        newest=revisions.newest(),
        known=revision is not None and revisions.knows(revision),
        ahead_seconds=server.clock - ours,
        read_only=server.read_only,
        missing=_missing(connection),
        waiting_for_locks=server.waiting,
    )


def _missing(connection: Connection) -> tuple[str, ...]:
    roles = (f"role {name} is missing" for name in connection.execute(_ROLES).scalars())
    rights = (
        f"{row.role} may {'not ' if row.wanted else ''}{row.right_} {row.object}"
        for row in connection.execute(_GRANTS)
    )
    return (*roles, *rights)


def examine_work(engine: Engine) -> Work:
    """Needs our schema; raises ``Unavailable``."""
    with transaction(engine) as connection:
        watched = connection.execute(_WATCHED).all()
        row = connection.execute(_WORK).one()
    return Work(
        watched=tuple(Watched(w.inbox, w.silent, w.scanned) for w in watched),
        expired=row.expired,
        oldest_seconds=row.oldest,
        broken=row.broken,
        untagged=row.untagged,
    )
