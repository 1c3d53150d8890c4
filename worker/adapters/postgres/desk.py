"""The worker's side of the ledger: claim, decide, finish. Three transactions a batch.

Locks, in the order they are taken: rows of the files claimed (always by ascending id), names of
entities that are new (likewise), then one advisory lock: dedupe's in *decide*, the feed's in
*finish*. Only *regroup*, which follows a batch that showed two articles to be one, takes both, in
this order. A batch that finds dedupe's lock taken is judged while it waits, and again in its turn
where its neighbours are others by then. A lock and the read that relies on it are two statements:
under READ COMMITTED a statement sees what was committed when it began, so one that waited for the
lock inside would act on what was before.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, text

from worker.adapters.postgres.claiming import Tenure, take
from worker.adapters.postgres.closing import close, publish
from worker.adapters.postgres.engine import transaction
from worker.adapters.postgres.entities import note
from worker.adapters.postgres.neighbours import lay_out
from worker.adapters.postgres.pointing import FEED_LOCK
from worker.adapters.postgres.regrouping import regroup
from worker.adapters.postgres.storing import DEDUPE_LOCK, TRY_DEDUPE_LOCK, store
from worker.core.article import Decision, Tags
from worker.core.dedupe import Candidate
from worker.core.errors import Unavailable
from worker.core.rehearsal import Rehearsal
from worker.core.shelf import Shelf
from worker.ports import Claim, Ending, Finished, Judge

# {do}: something to do with the files whose token is still ours, locked until the transaction ends.
# Everything that locks rows of files does so by ascending id, or skips what is locked.
_IF_HELD = """
    with held as materialized (
        select f.id, case when f.relation is null then f.article_id end as heir_to, f.because,
            f.matched_version
        from desk.file f
        join unnest(cast(:ids as bigint[]), cast(:tokens as bigint[])) as claim(id, token)
            on f.id = claim.id and f.token = claim.token
        where f.state = 'processing'
        order by f.id
        for no key update of f
    )
    {do}
"""
_HELD = text(_IF_HELD.format(do="select * from held"))
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
            mine = [pair for pair in articles if pair[0].file_id in held]
            rehearsal = Rehearsal(judge, self._new_id)
            if not connection.execute(TRY_DEDUPE_LOCK).scalar_one():
                _judge_all(connection, mine, held, rehearsal)  # while others decide
                connection.execute(DEDUPE_LOCK)
            shelf, decisions = _judge_all(connection, mine, held, rehearsal)
            store(connection, mine, decisions, shelf)
        return decisions

    # --- transaction 3 ---------------------------------------------------------------------------

    def finish(self, endings: Sequence[Ending]) -> Finished:
        with transaction(self._engine) as connection:
            held = _held(connection, [ending.claim for ending in endings])
            mine = [ending for ending in endings if ending.claim.file_id in held]
            close(connection, mine)
            note(connection, _tagged(mine))
            waited = connection.execute(_NEXT, {"ids": sorted(held)}).scalars().all()
            connection.execute(FEED_LOCK)
            position = publish(connection, mine)
        if any(ending.decision and ending.decision.verdict.joins for ending in mine):
            self._regroup()
        return Finished(tuple(sorted(held)), position, tuple(waited))

    def _regroup(self) -> None:
        """The batch is done, whatever comes of this: the clerk tries again."""
        with suppress(Unavailable), transaction(self._engine) as connection:
            regroup(connection)

    # --- leases ----------------------------------------------------------------------------------

    def renew(self, claims: Sequence[Claim]) -> None:
        with transaction(self._engine) as connection:
            connection.execute(_RENEW, {**_tokens(claims), "lease": self._tenure.lease_seconds})

    def hand_back(self, claims: Sequence[Claim]) -> None:
        with transaction(self._engine) as connection:
            connection.execute(_HAND_BACK, _tokens(claims))


def _judge_all(
    connection: Connection,
    articles: Sequence[tuple[Claim, Candidate]],
    held: Mapping[int, Row[Any]],
    rehearsal: Rehearsal,
) -> tuple[Shelf, Mapping[int, Decision]]:
    """Decide on *articles*, one after the other, among what is stored now."""
    heirs = [row.heir_to for row in held.values() if row.heir_to is not None]
    shelf = lay_out(connection, articles, heirs)
    decisions = {
        pair[0].file_id: _judge(shelf, pair, rehearsal, held[pair[0].file_id]) for pair in articles
    }
    return shelf, decisions


def _judge(
    shelf: Shelf, pair: tuple[Claim, Candidate], rehearsal: Rehearsal, held: Row[Any]
) -> Decision:
    claim, candidate = pair
    path = (claim.inbox, claim.path.raw)
    if held.heir_to is None:
        near = shelf.neighbours(candidate, path, now=claim.noticed_at)
        verdict = rehearsal.judge(claim.file_id, candidate, near)
        verdict = shelf.release(verdict, candidate, claim.noticed_at)
    elif held.because is not None:
        verdict = shelf.read_again(held.heir_to, held.matched_version, held.because)
    else:
        verdict = shelf.succeed(held.heir_to)
    decision = shelf.place(verdict, partial(rehearsal.article_id, claim.file_id))
    shelf.shelve(claim.file_id, candidate, decision, path, now=claim.noticed_at)
    return decision


def _tokens(claims: Sequence[Claim]) -> dict[str, list[int]]:
    return {"ids": [c.file_id for c in claims], "tokens": [c.token for c in claims]}


def _tagged(endings: Sequence[Ending]) -> Iterator[tuple[UUID, int, Tags]]:
    for ending in endings:
        if ending.decision and ending.tags:
            yield ending.decision.article_id, ending.decision.version, ending.tags


def _held(connection: Connection, claims: Sequence[Claim]) -> Mapping[int, Row[Any]]:
    """Files that are still ours, and the article that one of them is to be the next version of.

    With a sentence where that is for its being read again (``rereading``).
    """
    return {row.id: row for row in connection.execute(_HELD, _tokens(claims))}
