"""Read the ledger and the store for people, and the articles for export."""

from collections.abc import Collection, Generator
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, RowMapping, text

from worker.adapters.postgres.engine import transaction
from worker.core import document
from worker.core.article import HALF
from worker.core.ledger import Lane, Reason, State
from worker.core.sight import Sight, Word, merged
from worker.ports import Consumer, Headline, Status

_PAGE = 500  # articles in memory at once

_COUNTS = text("""
    select state, reason, count(*) as files,
        count(*) filter (where finished_at > now() - interval '1 minute') as lately,
        count(*) filter (where finished_at > now() - interval '10 minutes') as of_late,
        count(*) filter (where lane = 'live') as live,
        count(*) filter (where state = 'revised' and because = :half) as halves,
        cast(extract(epoch from now() - min(noticed_at)) as float) as oldest_seconds
    from desk.file
    where cast(:inbox as text) is null or inbox = :inbox
    group by state, reason
""")

_INBOX = text("""
    select min(scanned_at) as scanned_at, max(seen_at) as seen_at,
        (select position from desk.head) as position, now() as now
    from desk.inbox
    where cast(:inbox as text) is null or inbox = :inbox
""")

_WORDS = text("""
    select inbox, cast(extract(epoch from now() - seen_at) as float) as silent_seconds, settling,
        coalesce(scanning, '') as scanning, coalesce(paused, '') as paused, unlisted,
        cast(extract(epoch from now() - waiting_since) as float) as waiting_seconds
    from desk.watcher
    where cast(:inbox as text) is null or inbox = :inbox
""")

# Beats and files, since a clerk or a worker may look before either is there.
_INBOXES = text("""
    select inbox from desk.inbox union select distinct inbox from desk.file order by inbox
""")

_CONSUMERS = text("select name, position, seen_at from desk.consumer order by name")

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

# Whatever the view has, and what only the server can use of it apart: it is the largest column.
_COLUMNS = text("select * from feed_v1.articles limit 0")
_ARTICLES = """
    select {columns} from feed_v1.articles
    where position > :after and (cast(:until as bigint) is null or position <= :until)
    order by position
"""


class PostgresReading:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def inboxes(self) -> tuple[str, ...]:
        with transaction(self._engine) as connection:
            return tuple(connection.execute(_INBOXES).scalars())

    def status(self, inbox: str | None = None) -> Status:
        with transaction(self._engine) as connection:
            rows = connection.execute(_COUNTS, {"inbox": inbox, "half": HALF}).all()
            folder = connection.execute(_INBOX, {"inbox": inbox}).one()
            words = connection.execute(_WORDS, {"inbox": inbox}).all()
            consumers = connection.execute(_CONSUMERS).all() if inbox is None else ()
        counts = dict.fromkeys(State, 0)
        reasons: dict[tuple[State, Reason], int] = {}
        for row in rows:
            state = State(row.state)
            counts[state] += row.files
            if row.reason is not None:
                reasons[state, _REASON[row.reason]] = row.files
        open_ = [row for row in rows if not State(row.state).final]  # these have no reason
        live, all_open = sum(row.live for row in open_), sum(row.files for row in open_)
        settling, sight = merged(_word(row) for row in words)
        return Status(
            counts=counts,
            reasons=reasons,
            oldest_due_seconds=max((row.oldest_seconds for row in open_), default=None),
            settling=settling,
            scanned_at=folder.scanned_at,
            watcher_seen_at=folder.seen_at,
            finished_last_minute=sum(row.lately for row in rows),
            position=folder.position,
            now=folder.now,
            sight=sight,
            finished_last_ten_minutes=sum(row.of_late for row in rows),
            oldest_seconds={State(row.state): row.oldest_seconds for row in open_},
            lanes={Lane.LIVE: live, Lane.BACKFILL: all_open - live},
            consumers=tuple(Consumer(*row) for row in consumers),
            halves=sum(row.halves for row in rows),
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
        self, *, after: int = 0, until: int | None = None, only: Collection[str] | None = None
    ) -> Generator[dict[str, Any], None, None]:
        given = {"after": after, "until": until}
        with transaction(self._engine) as connection:
            names = tuple(connection.execute(_COLUMNS).keys())
            wanted = {*names} - {_INDEX} if only is None else only
            columns = ", ".join(name for name in names if name in wanted)
            statement = text(_ARTICLES.format(columns=columns))
            paged = connection.execution_options(yield_per=_PAGE)
            with paged.execute(statement, given) as rows:
                for row in rows.mappings():
                    yield as_json(row)


_INDEX = "search"  # a column
_AS_THEY_ARE = frozenset({str, int, float, bool, list, dict, type(None)})

_REASON = {reason.value: reason for reason in Reason}


def _word(row: Row[Any]) -> Word:
    sight = Sight(row.scanning, row.paused, tuple(row.unlisted), row.waiting_seconds)
    return Word(row.inbox, row.silent_seconds, row.settling, sight)


def _instead(reason: str | None, detail: str | None) -> str:
    """What stands for a headline: why there is none, or what a container holds."""
    return _REASON[reason].meaning if reason else detail or ""


def _tags(*groups: list[dict[str, Any]] | None) -> tuple[str, ...]:
    """The first names of each group, as a taste."""
    return tuple(
        entity.get("name") or entity["code"] for group in groups for entity in (group or [])[:3]
    )


def as_json(row: RowMapping) -> dict[str, Any]:
    """A row of a view as a JSON object; what only the server can use of it stays out."""
    return {name: _plain(value) for name, value in row.items() if name != _INDEX}


def _plain(value: object) -> object:
    if type(value) in _AS_THEY_ARE:
        return value
    return document.timestamp(value) if isinstance(value, datetime) else str(value)
