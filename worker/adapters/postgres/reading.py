"""Read the ledger and the store for people, and the articles for export."""

from collections.abc import Generator
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, text

from worker.adapters.postgres.engine import transaction
from worker.core import document
from worker.core.ledger import Lane, Reason, State
from worker.ports import Headline, Sight, Status

_PAGE = 500  # articles in memory at once

_COUNTS = text("""
    select state, reason, count(*) as files,
        count(*) filter (where finished_at > now() - interval '1 minute') as lately,
        count(*) filter (where finished_at > now() - interval '10 minutes') as of_late,
        count(*) filter (where lane = 'live') as live,
        cast(extract(epoch from now() - min(noticed_at)) as float) as oldest_seconds
    from desk.file
    where cast(:inbox as text) is null or inbox = :inbox
    group by state, reason
""")

_INBOX = text("""
    select coalesce(sum(settling), 0) as settling, min(scanned_at) as scanned_at,
        max(seen_at) as seen_at, (select position from desk.head) as position, now() as now,
        coalesce(string_agg(distinct scanning, '; '), '') as scanning,
        coalesce(string_agg(distinct paused, '; '), '') as paused,
        array(
            select folder from desk.inbox i, unnest(i.unlisted) folder
            where cast(:inbox as text) is null or i.inbox = :inbox
        ) as unlisted,
        cast(extract(epoch from now() - min(waiting_since)) as float) as waiting_seconds
    from desk.inbox
    where cast(:inbox as text) is null or inbox = :inbox
""")

# Beats and files, since a clerk or a worker may look before either is there.
_INBOXES = text("""
    select inbox from desk.inbox union select distinct inbox from desk.file order by inbox
""")

_LATEST = text("""
    select f.finished_at, f.state, f.path, f.reason, f.detail,
        v.headline, v.people, v.organisations, v.countries
    from desk.file f
    left join desk.version v on v.article_id = f.article_id and v.version = f.version
    where f.finished_at is not null
        and (cast(:inbox as text) is null or f.inbox = :inbox)
    order by f.finished_at desc, f.id desc
    limit :limit
""")

_ARTICLES = text("""
    select * from feed_v1.articles
    where position > :after and (cast(:until as bigint) is null or position <= :until)
    order by position
""")


class PostgresReading:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def inboxes(self) -> tuple[str, ...]:
        with transaction(self._engine) as connection:
            return tuple(connection.execute(_INBOXES).scalars())

    def status(self, inbox: str | None = None) -> Status:
        with transaction(self._engine) as connection:
            rows = connection.execute(_COUNTS, {"inbox": inbox}).all()
            folder = connection.execute(_INBOX, {"inbox": inbox}).one()
        counts = dict.fromkeys(State, 0)
        reasons: dict[tuple[State, Reason], int] = {}
        for row in rows:
            state = State(row.state)
            counts[state] += row.files
            if row.reason is not None:
                reasons[state, _REASON[row.reason]] = row.files
        open_ = [row for row in rows if not State(row.state).final]  # these have no reason
        live, all_open = sum(row.live for row in open_), sum(row.files for row in open_)
        return Status(
            counts=counts,
            reasons=reasons,
            oldest_due_seconds=max((row.oldest_seconds for row in open_), default=None),
            settling=folder.settling,
            scanned_at=folder.scanned_at,
            watcher_seen_at=folder.seen_at,
            finished_last_minute=sum(row.lately for row in rows),
            position=folder.position,
            now=folder.now,
            sight=Sight(
                scanning=folder.scanning,
                paused=folder.paused,
                unlisted=tuple(folder.unlisted),
                waiting_seconds=folder.waiting_seconds,
            ),
            finished_last_ten_minutes=sum(row.of_late for row in rows),
            oldest_seconds={State(row.state): row.oldest_seconds for row in open_},
            lanes={Lane.LIVE: live, Lane.BACKFILL: all_open - live},
        )

    def latest(self, limit: int, *, inbox: str | None = None) -> tuple[Headline, ...]:
        with transaction(self._engine) as connection:
            rows = connection.execute(_LATEST, {"limit": limit, "inbox": inbox}).all()
        return tuple(
            Headline(
                at=row.finished_at,
                outcome=State(row.state),
                headline=row.headline or _instead(row.reason, row.detail),
                tags=_tags(row.people, row.organisations, row.countries),
                path=row.path,
                reason=_REASON.get(row.reason),
            )
            for row in rows
        )

    def articles(
        self, *, after: int = 0, until: int | None = None
    ) -> Generator[dict[str, Any], None, None]:
        with transaction(self._engine) as connection:
            rows = connection.execution_options(yield_per=_PAGE).execute(
                _ARTICLES, {"after": after, "until": until}
            )
            for row in rows.mappings():
                yield {name: _plain(value) for name, value in row.items() if name != "search"}


_REASON = {reason.value: reason for reason in Reason}


def _instead(reason: str | None, detail: str | None) -> str:
    """What stands for a headline: why there is none, or what a container holds."""
    return _REASON[reason].meaning if reason else detail or ""


def _tags(*groups: list[dict[str, Any]] | None) -> tuple[str, ...]:
    """The first names of each group, as a taste."""
    return tuple(
        entity.get("name") or entity["code"] for group in groups for entity in (group or [])[:3]
    )


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return document.timestamp(value)
    return value if isinstance(value, (str, int, float, list, dict, type(None))) else str(value)
