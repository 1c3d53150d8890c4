"""The clerk's side of the ledger, and that of a child that follows a dead one."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Engine, TextClause, text

from worker import PIPELINE
from worker.adapters.postgres.closing import lift
from worker.adapters.postgres.engine import transaction
from worker.adapters.postgres.regrouping import regroup
from worker.adapters.postgres.retrying import retry_outdated
from worker.adapters.postgres.tidying import forget_changes, make_searchable
from worker.adapters.postgres.turning import turn
from worker.core.ledger import ATTEMPTS, DEATHS_ALONE, SILENCES
from worker.ports import Freed, Unheard

_LIFTED = 1_000  # articles in a round whose embargo ended
_RETRIED = 100  # files in a round that an update may have mended: others wait too
UNHEARD_SECONDS = 3  # without a worker coming for it, before somebody is rung again
SILENT_SECONDS = 30  # of a worker that holds a lock which all others wait for

# A child that dies takes its whole batch with it, so a batch's death counts against no file: they
# are tried alone from then on. So is what fell silent with its worker again and again. Once may be
# a kill of all workers, and hundreds of files alone are slow. A file whose text is stored already
# can only end stored.
# {whose}: which of the files that are held.
_FREE = """
    with gone as materialized (
        select f.id, f.decided_at, fate.deaths, fate.overdue
        from desk.file f, lateral (
            select
                :seen and f.solo and f.claimed_at < now() - make_interval(secs => :limit)
                    as overdue,
                case
                    when f.solo and f.attempts >= :attempts then :deadly
                    else least(f.deaths + (:seen and f.solo)::int, 100)
                end as deaths
        ) fate
        where f.state = 'processing' and {whose}
        order by f.id
        for no key update of f skip locked
    ), judged as (
        select id, overdue, decided_at is null and (overdue or deaths >= :deadly) as ended,
            case when overdue then :deadly else deaths end as deaths
        from gone
    )
    update desk.file f
    set state = case when ended then 'quarantined' else 'noticed' end,
        reason = case when ended then case when overdue then 'too_expensive' else 'poison' end end,
        detail = case
            when overdue then 'no end of it in ' || :limit || ' s of work on it alone'
            when judged.deaths >= :deadly then
                f.attempts || ' attempts, at the last of them held alone by a worker that died'
        end,
        finished_at = case when ended then now() end,
        deaths = judged.deaths,
        solo = f.solo or :seen or f.attempts >= :silences,
        lease_until = null,
        rung_at = null,
        next_try_at = now()
    from judged
    where f.id = judged.id
    returning f.state
"""
_FREE_EXPIRED = text(_FREE.format(whose="f.lease_until < now()"))
_BURY = text(_FREE.format(whose="f.worker = :worker and f.child = any(:dead)"))

_HOLDERS = text("""
    select distinct child from desk.file where state = 'processing' and worker = :worker
""")

_UNHEARD = text("""
    with batched as (
        select id from desk.file
        where state = 'noticed' and not (solo or bulk) and next_try_at <= now()
            and (rung_at is null or rung_at < now() - make_interval(secs => :unheard))
        order by (lane = 'backfill'), id
        limit :limit
        for no key update skip locked
    ), alone as (
        select id from desk.file
        where state = 'noticed' and (solo or bulk) and next_try_at <= now()
            and (rung_at is null or rung_at < now() - make_interval(secs => :unheard))
        order by (lane = 'backfill'), id
        limit :limit
        for no key update skip locked
    ), due as (
        select id from batched union all select id from alone limit :limit
    )
    update desk.file f set rung_at = now() from due where f.id = due.id
    returning f.id, f.lane = 'live' or f.solo or f.bulk as named
""")

# A worker whose network went away in the middle of a message: the server waits for the rest of a
# question, or for its answer to be taken, and counts neither as idle. The kernel would give such a
# connection up after a quarter of an hour; until then it would hold its lock.
_SILENCE = text("""
    select count(*) filter (where pg_terminate_backend(a.pid))
    from pg_stat_activity a
    where a.usename = current_user and a.application_name like 'copydesk %'
        and a.wait_event_type = 'Client' and a.state in ('active', 'idle in transaction')
        and a.state_change < clock_timestamp() - make_interval(secs => :silent)
        and exists (select from pg_locks l where l.pid = a.pid and l.locktype = 'advisory')
""")


class PostgresSweep:
    def __init__(
        self,
        engine: Engine,
        *,
        unheard_seconds: float = UNHEARD_SECONDS,
        silent_seconds: float = SILENT_SECONDS,
        keep_changes_seconds: float | None = None,
    ) -> None:
        self._engine = engine
        self._unheard_seconds = unheard_seconds
        self._silent_seconds = silent_seconds
        self._keep_changes_seconds = keep_changes_seconds

    def end_silent(self) -> int:
        with transaction(self._engine) as connection:
            given = {"silent": self._silent_seconds}
            return int(connection.execute(_SILENCE, given).scalar_one())

    def free_expired(self) -> Freed:
        return _free(self._engine, _FREE_EXPIRED, seen=False)

    def retry_outdated(self) -> int:
        with transaction(self._engine) as connection:
            return retry_outdated(connection, PIPELINE, _RETRIED)

    def forget_months(self) -> bool:
        with transaction(self._engine) as connection:
            return turn(connection)

    def lift_embargoes(self) -> int:
        with transaction(self._engine) as connection:
            return lift(connection, _LIFTED)

    def regroup(self) -> int:
        with transaction(self._engine) as connection:
            return regroup(connection)

    def make_searchable(self) -> int:
        with transaction(self._engine) as connection:
            return make_searchable(connection)

    def forget_changes(self) -> int:
        if self._keep_changes_seconds is None:
            return 0
        with transaction(self._engine) as connection:
            return forget_changes(connection, self._keep_changes_seconds)

    def unheard(self, limit: int) -> Unheard:
        given = {"limit": limit, "unheard": self._unheard_seconds}
        with transaction(self._engine) as connection:
            rows = connection.execute(_UNHEARD, given).all()
        ordered = sorted(rows, key=lambda row: (not row.named, row.id))
        return Unheard(tuple(row.id for row in ordered), sum(row.named for row in rows))


class PostgresSuccession:
    """Of the children of one *worker*, that is: of one start of it.

    Files that a child held for *limit_seconds* did not kill it: it was killed for their sake.
    """

    def __init__(self, engine: Engine, *, worker: UUID, limit_seconds: float) -> None:
        self._engine = engine
        self._worker = worker
        self._limit_seconds = limit_seconds

    def holders(self) -> tuple[int, ...]:
        with transaction(self._engine) as connection:
            rows = connection.execute(_HOLDERS, {"worker": self._worker})
            return tuple(sorted(rows.scalars()))

    def bury(self, dead: Sequence[int]) -> Freed:
        return _free(
            self._engine,
            _BURY,
            seen=True,
            limit=self._limit_seconds,
            worker=self._worker,
            dead=list(dead),
        )


def _free(
    engine: Engine, statement: TextClause, *, seen: bool, limit: float = 0, **whose: object
) -> Freed:
    given = {
        "seen": seen,
        "limit": limit,
        "deadly": DEATHS_ALONE,
        "attempts": ATTEMPTS,
        "silences": SILENCES,
    }
    with transaction(engine) as connection:
        states = list(connection.execute(statement, {**given, **whose}).scalars())
    ended = states.count("quarantined")
    return Freed(again=len(states) - ended, poisoned=ended)
