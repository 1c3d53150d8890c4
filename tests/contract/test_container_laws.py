"""What every ledger must do with containers, whatever it is made of."""

from dataclasses import replace
from hashlib import sha256

import pytest

from tests.articles import INBOX, notice, text
from tests.contract.conftest import Store
from worker.adapters.memory import MemoryStore
from worker.adapters.postgres.expanding import PostgresContainers
from worker.core.ledger import DEATHS_ALONE, Lane, Path, Reason, State
from worker.ports import Claim, Containers, Ending, Notice

LINES = b'{"title": "One"}\n{"title": "Two"}\n'
MORE = LINES + b'{"title": "Three"}\n'


@pytest.fixture
def containers(store: Store, request: pytest.FixtureRequest) -> Containers:
    if isinstance(store.desk, MemoryStore):
        return store.desk
    return PostgresContainers(request.getfixturevalue("engine"))


def lines(path: str = "wire.jsonl", content: bytes = LINES, lane: Lane = Lane.LIVE) -> Notice:
    made = notice(path, content.decode(), lane=lane)
    assert made.bulk
    return made


def member(path: str = "wire.jsonl#1", content: str = "{}", reason: Reason | None = None) -> Notice:
    return notice(path, content, reason=reason)


def claim_container(store: Store, content: bytes = LINES, path: str = "wire.jsonl") -> Claim:
    store.intake.record(INBOX, [lines(path, content)])
    (claim,) = store.desk.claim((), 32)
    return claim


def finish_expanded(store: Store, claim: Claim) -> None:
    store.desk.finish([Ending(claim, expanded=True, detail="2 members")])


# --- claiming -------------------------------------------------------------------------------------


def test_a_container_comes_alone_and_after_files_unless_it_is_hinted_at(store: Store) -> None:
    recorded = store.intake.record(INBOX, [lines(), notice("a.txt", text(1))])
    (hinted,) = store.desk.claim(recorded.due[:1], 32)
    store.desk.hand_back([hinted])
    store.pass_time()

    (file,) = store.desk.claim((), 32)
    (container,) = store.desk.claim((), 32)

    assert hinted.bulk
    assert not file.bulk
    assert (container.bulk, container.solo, container.file_id) == (True, False, hinted.file_id)


def test_a_claim_of_a_container_holds_none_of_its_bytes(
    store: Store, containers: Containers
) -> None:
    claim = claim_container(store)

    source = containers.open(claim).source

    assert claim.content == b""
    assert (source.read(9), source.seek(0, 2), source.read()) == (LINES[:9], len(LINES), b"")
    assert source.seek(-6, 1) == len(LINES) - 6
    assert (source.tell(), source.read(100)) == (len(LINES) - 6, LINES[-6:])


@pytest.mark.parametrize("lane", list(Lane))
def test_a_claim_has_its_lane(store: Store, lane: Lane) -> None:
    store.intake.record(INBOX, [lines(lane=lane), notice("a.txt", lane=lane)])

    claims = [store.desk.claim((), 32)[0].lane for _ in range(2)]

    assert claims == [lane, lane]


# --- members --------------------------------------------------------------------------------------


def test_members_are_files_that_are_due(store: Store, containers: Containers) -> None:
    claim = claim_container(store)

    added = containers.open(claim).add(
        [
            member("wire.jsonl#1", "{1}"),
            member("wire.jsonl#2", reason=Reason.MALFORMED),
            member("wire.jsonl#3", reason=Reason.SYMLINK_OUTSIDE),
        ],
        upto=3,
        weight=10,
    )
    (found,) = store.desk.claim((), 32)

    assert added is not None
    assert added.due == (found.file_id,)
    assert (found.path.raw, found.content, found.generation) == (b"wire.jsonl#1", b"{1}", 1)
    assert store.reading.status().reasons == {
        (State.QUARANTINED, Reason.MALFORMED): 1,
        (State.IGNORED, Reason.SYMLINK_OUTSIDE): 1,
    }


def test_whoever_goes_on_after_a_death_knows_how_far_it_came(
    store: Store, containers: Containers
) -> None:
    containers.open(claim_container(store)).add([member()], upto=1, weight=10)
    store.pass_time()
    store.sweep.free_expired()
    store.desk.claim((), 1)

    (again,) = store.desk.claim((), 32)

    assert again.bulk
    assert containers.open(again).members == 1


def test_a_container_that_kills_whoever_opens_it_is_poison(
    store: Store, containers: Containers
) -> None:
    """Like any file; what was recorded of it stands. The first death does not count."""
    containers.open(claim_container(store)).add(
        [member(reason=Reason.MALFORMED)], upto=1, weight=10
    )
    for _ in range(DEATHS_ALONE):
        store.succession.bury(store.succession.holders())
        store.desk.claim((), 32)

    freed = store.succession.bury(store.succession.holders())

    assert (freed.again, freed.poisoned) == (0, 1)
    assert store.reading.status().reasons == {
        (State.QUARANTINED, Reason.POISON): 1,
        (State.QUARANTINED, Reason.MALFORMED): 1,
    }


def test_a_pause_leaves_no_mark_and_no_delay(store: Store, containers: Containers) -> None:
    claim = claim_container(store)
    container = containers.open(claim)
    container.add([member()], upto=1, weight=10)
    container.pause()

    (again,) = store.desk.claim([claim.file_id], 32)

    assert (again.file_id, again.solo, again.deaths) == (claim.file_id, False, 0)
    assert again.token > claim.token


def test_a_sleeper_that_wakes_up_late_adds_nothing(store: Store, containers: Containers) -> None:
    late = containers.open(claim_container(store))
    store.pass_time()
    store.sweep.free_expired()
    (now,) = store.desk.claim((), 32)

    added = late.add([member()], upto=1, weight=10)
    late.pause()

    assert added is None
    assert store.desk.claim((), 32) == ()
    assert containers.open(now).members == 0


def test_an_expanded_container_is_final(store: Store) -> None:
    claim = claim_container(store)
    finish_expanded(store, claim)

    status, (line,) = store.reading.status(), store.reading.latest(1)

    assert status.counts[State.EXPANDED] == 1
    assert (status.reasons, status.in_flight) == ({}, 0)
    assert (line.outcome, line.headline, line.reason) == (State.EXPANDED, "2 members", None)


# --- generations ----------------------------------------------------------------------------------


def test_a_member_that_is_as_it_was_is_known(store: Store, containers: Containers) -> None:
    first = containers.open(claim_container(store))
    first.add([member("wire.jsonl#1", "{1}"), member("wire.jsonl#2", "{2}")], upto=2, weight=10)

    again = first.add(
        [member("wire.jsonl#1", "{1}"), member("wire.jsonl#2", "{3}")], upto=2, weight=10
    )
    claims = store.desk.claim((), 32)

    assert again is not None
    assert len(again.due) == 1
    assert [(c.path.text, c.generation) for c in claims] == [
        ("wire.jsonl#1", 1),
        ("wire.jsonl#2", 1),
    ]


def test_a_member_and_a_file_of_one_name_are_two(store: Store, containers: Containers) -> None:
    store.intake.record(INBOX, [notice("wire.jsonl#1", text(1))])
    store.desk.claim((), 32)
    containers.open(claim_container(store)).add([member()], upto=1, weight=10)

    (claim,) = store.desk.claim((), 32)

    assert (claim.path.raw, claim.generation, claim.content) == (b"wire.jsonl#1", 1, b"{}")
    assert {path for path, _ in store.intake.known(INBOX)} == {b"wire.jsonl#1", b"wire.jsonl"}
    assert dict(store.intake.known(INBOX))[b"wire.jsonl#1"].size == len(text(1))


@pytest.mark.parametrize(
    ("expanded", "expected"), [(True, LINES), (False, None)], ids=["expanded", "quarantined"]
)
def test_the_generation_before_is_there_if_it_was_expanded(
    store: Store, containers: Containers, *, expanded: bool, expected: bytes | None
) -> None:
    first = claim_container(store)
    at_first = containers.open(first).previous()
    if expanded:
        finish_expanded(store, first)
    else:
        store.desk.finish([Ending(first, reason=Reason.MALFORMED)])

    before = containers.open(claim_container(store, MORE)).previous()

    assert at_first is None
    assert (before.read() if before else None) == expected


# --- containers in containers ---------------------------------------------------------------------


def test_what_containers_in_a_file_unpack_to_is_counted_together(
    store: Store, containers: Containers
) -> None:
    outer = containers.open(claim_container(store, path="outer.jsonl"))
    outer.add([lines("outer.jsonl!inner.jsonl")], upto=1, weight=1_000)
    (claim,) = store.desk.claim((), 32)
    inner = containers.open(claim)
    added = inner.add([lines("outer.jsonl!inner.jsonl!innermost.jsonl")], upto=1, weight=200)
    (claim,) = store.desk.claim((), 32)
    innermost = containers.open(claim)

    again = innermost.add([member("outer.jsonl!inner.jsonl!innermost.jsonl#1")], upto=1, weight=30)

    assert (outer.depth, inner.depth, innermost.depth) == (0, 1, 2)
    assert added is not None
    assert again is not None
    assert (added.unpacked, again.unpacked) == (1_200, 1_230)


@pytest.mark.parametrize("raw", [b"batch.jsonl!caf\xe9.txt", b"batch.jsonl!a\0b.txt"])
def test_a_member_may_have_any_name(store: Store, containers: Containers, raw: bytes) -> None:
    container = containers.open(claim_container(store, path="batch.jsonl"))
    container.add([replace(member(), path=Path(raw))], upto=1, weight=10)

    (claim,) = store.desk.claim((), 32)
    again = container.add([replace(member(), path=Path(raw))], upto=1, weight=10)

    assert claim.path.text == Path(raw).text
    assert again is not None
    assert again.due == ()


def test_a_document_may_be_larger_than_a_block(store: Store, containers: Containers) -> None:
    """Read in pieces, it is what it was."""
    content = b'{"n": 1}\n' * 1_000_000
    claim = claim_container(store, content)
    source = containers.open(claim).source

    digest = sha256()
    while piece := source.read(3_000_001):
        digest.update(piece)

    assert digest.digest() == sha256(content).digest()
