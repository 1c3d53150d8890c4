"""What the laws do not ask of every store (``tests/contract``), and dry runs and tests rely on."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122

import pytest

from tests.articles import EPOCH, INBOX, JUDGE, STAGES, candidate, notice, text
from worker import pipeline
from worker.adapters.memory import MemoryStore
from worker.core.article import Relation, Verdict
from worker.core.dedupe import Candidate, Neighbour
from worker.core.ledger import Lane, Reason, State
from worker.ports import Claim

FILES = [("a.txt", text(1)), ("b.txt", text(2)), ("copy.txt", text(1)), ("a.txt", text(3))]


def ran() -> MemoryStore:
    """A store that took all the files to their ends."""
    store = MemoryStore()
    store.record(INBOX, [notice(path, content) for path, content in FILES])
    while claims := store.claim((), 32):
        pipeline.run(claims, store, STAGES)
    return store


def claimed(store: MemoryStore, *contents: str) -> tuple[Claim, ...]:
    store.record(INBOX, [notice(f"{n}.txt", content) for n, content in enumerate(contents)])
    return store.claim((), 32)


# --- a dry run says the same thing twice ----------------------------------------------------------


def test_two_runs_are_equal() -> None:
    first, second = ran(), ran()

    assert list(first.articles()) == list(second.articles())
    assert first.changes == second.changes
    assert first.rows == second.rows


def test_identifiers_are_counted_in_the_form_of_others() -> None:
    """UUIDs of version 7, whose order is that of their making."""
    ids = [change.article_id for change in ran().changes]

    assert [(i.version, i.variant) for i in ids] == [(7, RFC_4122)] * 3
    assert ids == sorted(set(ids))


def test_its_time_stands_still_unless_it_is_given_a_clock() -> None:
    status = ran().status()

    assert status.now == datetime(1970, 1, 1, tzinfo=UTC)
    assert {a["stored_at"] for a in ran().articles()} == {"1970-01-01T00:00:00+00:00"}


# --- claims that were lost ------------------------------------------------------------------------


def lost() -> tuple[MemoryStore, tuple[Claim, ...], Claim]:
    """Claims whose leases ended, and the claim of whoever came next for the first file."""
    now = [EPOCH]
    store = MemoryStore(lambda: now[0])
    late = claimed(store, text(1), text(2))
    now[0] += timedelta(hours=1)
    store.free_expired()
    (current,) = store.claim((), 1)
    now[0] += timedelta(seconds=29)
    return store, late, current


def test_a_lost_claim_is_not_renewed() -> None:
    store, late, current = lost()
    before = store.rows[current.file_id].lease_until

    store.renew(late)

    assert store.rows[current.file_id].lease_until == before
    assert store.rows[late[1].file_id].lease_until is None


def test_a_lost_claim_is_not_handed_back() -> None:
    store, late, current = lost()

    store.hand_back(late)

    assert store.rows[current.file_id].state is State.PROCESSING
    assert store.rows[late[1].file_id].state is State.NOTICED


# --- the order of claims --------------------------------------------------------------------------


def test_a_batch_is_in_the_order_of_lanes_whatever_was_hinted_at() -> None:
    """Files are decided in one order, so that a dry run and a worker say the same of twins."""
    store = MemoryStore()
    lanes = [Lane.BACKFILL, Lane.LIVE, Lane.BACKFILL, Lane.LIVE]
    for n, lane in enumerate(lanes):
        store.record(INBOX, [notice(f"{n}.txt", text(n), lane=lane)])

    assert [claim.file_id for claim in store.claim((3, 4), 3)] == [2, 4, 3]


def test_one_that_works_alone_is_taken_for_want_of_others() -> None:
    store = MemoryStore()
    store.record(INBOX, [notice(f"{n}.txt", text(n)) for n in range(3)])
    store.rows[1].solo = store.rows[2].solo = True

    batches = [[c.file_id for c in store.claim((), 32)] for _ in range(4)]

    assert batches == [[3], [1], [2], []]


def test_one_that_works_alone_comes_alone_when_it_is_asked_for() -> None:
    store = MemoryStore()
    store.record(INBOX, [notice(f"{n}.txt", text(n)) for n in range(3)])
    store.rows[2].solo = True

    assert [c.file_id for c in store.claim((1, 2), 32)] == [2]


@pytest.mark.parametrize("hinted", [(9,), (1,), (-1,)], ids=["unknown", "final", "impossible"])
def test_a_hint_at_what_is_not_due_is_no_hint(hinted: tuple[int, ...]) -> None:
    store = MemoryStore()
    store.record(INBOX, [notice("x", reason=Reason.TOO_LARGE), notice("a.txt", text(1))])

    assert [c.file_id for c in store.claim(hinted, 32)] == [2]


def test_a_generation_waits_for_all_before_it() -> None:
    store = MemoryStore()
    content = [notice("a.txt", text(1)), notice("a.txt", reason=Reason.TOO_LARGE)]
    store.record(INBOX, [*content, notice("a.txt", text(2))])

    assert [c.generation for c in store.claim((), 32)] == [1]


# --- transactions ---------------------------------------------------------------------------------


def test_what_was_decided_before_the_judge_broke_is_decided() -> None:
    """It has no transaction to undo, so it remembers instead: nobody is judged a second time."""
    store = MemoryStore()
    claims = claimed(store, text(1), text(2), text(3))
    judged: list[str] = []

    def judge(mine: Candidate, stored: Iterable[Neighbour]) -> Verdict:
        judged.append(mine.article.headline)
        if len(judged) == 2:
            raise LookupError("a defect")
        return JUDGE(mine, stored)

    pairs = [(claim, candidate(claim)) for claim in claims]
    with pytest.raises(LookupError):
        store.decide(pairs, judge)
    first = store.rows[1].decision
    made = store.decide(pairs, judge)

    assert judged == [pairs[n][1].article.headline for n in (0, 1, 1, 2)]
    assert made[1] is first
    assert [d.verdict.relation for d in made.values()] == [Relation.NEW] * 3
