"""The worker's side of the ledger: claim, decide, finish. Three transactions a batch.

Locks, in the order they are taken: rows of the files claimed (always by ascending id), then one
advisory lock: dedupe's in *decide*, the feed's in *finish*. No transaction takes both, and a lock
and the read that relies on it are two statements: under READ COMMITTED a statement sees what was
committed when it began, so one that waited for the lock inside would act on what was before.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from worker.adapters.postgres.claiming import Tenure, take
from worker.adapters.postgres.closing import FEED_LOCK, close, publish
from worker.adapters.postgres.engine import transaction
from worker.adapters.postgres.neighbours import lay_out
from worker.adapters.postgres.storing import store
from worker.core.article import Decision
from worker.core.dedupe import Candidate
from worker.core.shelf import Shelf
from worker.ports import Claim, Ending, Finished, Judge

_DEDUPE_LOCK = text("select pg_advisory_xact_lock(7001)")

# {do}: something to do with the files whose token is still ours, locked until the transaction ends.
# Everything that locks rows of files does so by ascending id, or skips what is locked.
_IF_HELD = """
    with held as materialized (
        select f.id
        from desk.file f
        join unnest(cast(:ids as bigint[]), cast(:tokens as bigint[])) as claim(id, token)
            on f.id = claim.id and f.token = claim.token
        where f.state = 'processing'
        order by f.id
        for no key update of f
    )
    {do}
"""
_HELD = text(_IF_HELD.format(do="select id from held"))
_RENEW = text(
    _IF_HELD.format(
        do="""
    update desk.file f set lease_until = now() + make_interval(secs => :lease)
    from held where f.id = held.id
"""
    )
)
_HAND_BACK = text(
    _IF_HELD.format(
        do="""
    update desk.file f
    set state = 'noticed', lease_until = null, attempts = attempts - 1, rung_at = null,
        next_try_at = now() + interval '1 second'
    from held where f.id = held.id
"""
    )
)

# Generations that waited for one that has just ended.
_NEXT = text("""
    select later.id
    from desk.file f
    join desk.file later on later.inbox = f.inbox and later.path_key = f.path_key
        and later.generation = f.generation + 1 and later.state = 'noticed'
    where f.id = any(:ids)
    order by later.id
""")


class PostgresDesk:
    def __init__(
        self,
        engine: Engine,
        *,
        lease_seconds: float,
        new_id: Callable[[], UUID],
        worker: UUID | None = None,
    ) -> None:
        self._engine = engine
        self._tenure = Tenure(worker, os.getpid(), lease_seconds)
        self._new_id = new_id

    # --- transaction 1 ---------------------------------------------------------------------------

    def claim(self, hinted: Sequence[int], limit: int) -> tuple[Claim, ...]:
        with transaction(self._engine) as connection:
            return take(connection, hinted, limit, self._tenure)

    # --- transaction 2 ---------------------------------------------------------------------------

    def decide(
        self, articles: Sequence[tuple[Claim, Candidate]], judge: Judge
    ) -> Mapping[int, Decision]:
        if not articles:
            return {}
        with transaction(self._engine) as connection:
            held = _held(connection, [claim for claim, _ in articles])
            connection.execute(_DEDUPE_LOCK)
            mine = [pair for pair in articles if pair[0].file_id in held]
            shelf = lay_out(connection, mine)
            decisions = {
                claim.file_id: self._judge(shelf, claim, candidate, judge)
                for claim, candidate in mine
            }
            store(connection, mine, decisions, shelf)
        return decisions

    def _judge(self, shelf: Shelf, claim: Claim, candidate: Candidate, judge: Judge) -> Decision:
        path = (claim.inbox, claim.path.raw)
        verdict = judge(candidate, shelf.neighbours(candidate, path, now=claim.noticed_at))
        decision = shelf.place(verdict, self._new_id)
        shelf.shelve(claim.file_id, candidate, decision, path, now=claim.noticed_at)
        return decision

    # --- transaction 3 ---------------------------------------------------------------------------

    def finish(self, endings: Sequence[Ending]) -> Finished:
        with transaction(self._engine) as connection:
            held = _held(connection, [ending.claim for ending in endings])
            mine = [ending for ending in endings if ending.claim.file_id in held]
            close(connection, mine)
            waited = connection.execute(_NEXT, {"ids": sorted(held)}).scalars().all()
            connection.execute(FEED_LOCK)
            position = publish(connection, mine)
        return Finished(tuple(sorted(held)), position, tuple(waited))

    # --- leases ----------------------------------------------------------------------------------

    def renew(self, claims: Sequence[Claim]) -> None:
        with transaction(self._engine) as connection:
            connection.execute(_RENEW, {**_tokens(claims), "lease": self._tenure.lease_seconds})

    def hand_back(self, claims: Sequence[Claim]) -> None:
        with transaction(self._engine) as connection:
            connection.execute(_HAND_BACK, _tokens(claims))


def _tokens(claims: Sequence[Claim]) -> dict[str, list[int]]:
    return {"ids": [c.file_id for c in claims], "tokens": [c.token for c in claims]}


def _held(connection: Connection, claims: Sequence[Claim]) -> set[int]:
    """Files that are still ours."""
    return set(connection.execute(_HELD, _tokens(claims)).scalars())
