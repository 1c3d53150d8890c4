"""The clerk's side of the ledger."""

from sqlalchemy import Engine, text

from worker.adapters.postgres.engine import transaction
from worker.core.ledger import DEATHS_ALONE
from worker.ports import Freed

UNHEARD_SECONDS = 10  # without a worker coming for it, before somebody is rung again
SILENT_SECONDS = 30  # of a worker that holds a lock which all others wait for

# A worker that dies takes its whole batch with it, so a batch's death counts against no file: they
# are tried alone from then on. A file whose text is stored already can only end stored.
_FREE = text("""
    with expired as (
        select id from desk.file
        where state = 'processing' and lease_until < now()
        order by id
        for no key update skip locked
    )
    update desk.file f
    set state = case
            when f.solo and f.deaths + 1 >= :deaths and f.decided_at is null then 'quarantined'
            else 'noticed'
        end,
        reason = case
            when f.solo and f.deaths + 1 >= :deaths and f.decided_at is null then 'poison'
        end,
        detail = case
            when f.solo and f.deaths + 1 >= :deaths
            then f.deaths + 1 || ' workers died while they held this file alone'
        end,
        finished_at = case
            when f.solo and f.deaths + 1 >= :deaths and f.decided_at is null then now()
        end,
        deaths = least(f.deaths + f.solo::int, 100),
        solo = true,
        lease_until = null,
        rung_at = null,
        next_try_at = now()
    from expired
    where f.id = expired.id
    returning f.state
""")

_UNHEARD = text("""
    with due as (
        select id from desk.file
        where state = 'noticed' and next_try_at <= now()
            and (rung_at is null or rung_at < now() - make_interval(secs => :unheard))
        order by (lane = 'backfill'), id
        limit :limit
        for no key update skip locked
    )
    update desk.file f set rung_at = now() from due where f.id = due.id returning f.id
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
    ) -> None:
        self._engine = engine
        self._unheard_seconds = unheard_seconds
        self._silent_seconds = silent_seconds

    def end_silent(self) -> int:
        with transaction(self._engine) as connection:
            given = {"silent": self._silent_seconds}
            return int(connection.execute(_SILENCE, given).scalar_one())

    def free_expired(self) -> Freed:
        with transaction(self._engine) as connection:
            states = list(connection.execute(_FREE, {"deaths": DEATHS_ALONE}).scalars())
        poisoned = states.count("quarantined")
        return Freed(again=len(states) - poisoned, poisoned=poisoned)

    def unheard(self, limit: int) -> tuple[int, ...]:
        given = {"limit": limit, "unheard": self._unheard_seconds}
        with transaction(self._engine) as connection:
            return tuple(sorted(connection.execute(_UNHEARD, given).scalars()))
