from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.articles import article, text
from worker.core.article import Decision, Relation, Verdict
from worker.core.dedupe import Candidate, Neighbour
from worker.core.fingerprint import Fingerprint
from worker.core.fingerprint import text as comparable
from worker.core.shelf import (
    CANDIDATES,
    POSTING_CAP,
    SHARED_KEYS,
    SHORT_SKETCH,
    Entry,
    PathKey,
    Shelf,
    likely,
)

HERE: PathKey = ("/inbox", b"here.txt")
ELSEWHERE: PathKey = ("/inbox", b"elsewhere.txt")
FULL = tuple(range(SHORT_SKETCH))  # the fewest keys of a text that is not short


def candidate(
    *, sketch: tuple[int, ...] = FULL, content_hash: bytes = b"mine", uri: str | None = None
) -> Candidate:
    made = Candidate.of(article(guid=uri))
    return replace(made, fingerprint=Fingerprint(content_hash, sketch, words=100))


def new() -> Verdict:
    return Verdict(Relation.NEW, "for a test")


def to(relation: Relation, article_id: UUID, version: int) -> Verdict:
    return Verdict(relation, "for a test", article_id, version)


def ids() -> Callable[[], UUID]:
    numbers = count(1)
    return lambda: UUID(int=next(numbers))


def put(shelf: Shelf, file_id: int, article: int, version: int = 1) -> None:
    """A version that nothing but its article leads to."""
    shelf.put(Entry(file_id, UUID(int=article), version, b"%d" % file_id, "headline", "body"))


def found(shelf: Shelf, mine: Candidate, path: PathKey = HERE) -> list[tuple[int, int]]:
    """Article and version of each neighbour."""
    return sorted((n.article_id.int, n.version) for n in shelf.neighbours(mine, path))


# --- which versions are worth comparing -----------------------------------------------------------


@pytest.mark.parametrize(
    ("shared", "sketch_keys", "expected"),
    [
        pytest.param(SHARED_KEYS, SHORT_SKETCH, [7], id="enough keys"),
        pytest.param(SHARED_KEYS - 1, SHORT_SKETCH, [], id="a key too few"),
        pytest.param(SHARED_KEYS - 1, SHORT_SKETCH - 1, [7], id="one is enough in a short text"),
    ],
)
def test_likely(shared: int, sketch_keys: int, expected: list[int]) -> None:
    assert likely(Counter({7: shared}), sketch_keys) == expected


def test_most_shared_keys_first_then_the_oldest() -> None:
    shared = Counter({9: 2, 3: 2, 5: 4} | dict.fromkeys(range(10, 10 + CANDIDATES), 3))

    assert likely(shared, SHORT_SKETCH) == [5, *range(10, 10 + CANDIDATES - 1)]
    assert likely(Counter({9: 2, 3: 2}), SHORT_SKETCH) == [3, 9]


# --- finding --------------------------------------------------------------------------------------


def test_an_empty_shelf_has_no_neighbours() -> None:
    assert found(Shelf(), candidate(uri="tag:a")) == []


@pytest.mark.parametrize(
    ("keys", "seen"),
    [
        pytest.param(SHARED_KEYS, [(1, 1)], id="enough keys"),
        pytest.param(SHARED_KEYS - 1, [], id="a key too few"),
    ],
)
def test_found_by_keys(keys: int, seen: list[tuple[int, int]]) -> None:
    shelf = Shelf()
    put(shelf, 7, article=1)
    shelf.index(7, FULL[:keys])

    assert found(shelf, candidate()) == seen


def test_found_by_hash() -> None:
    """Every version with that text, the latest of its article or not."""
    shelf = Shelf()
    shelf.put(Entry(7, UUID(int=1), 1, b"mine", "headline", "body"))
    put(shelf, 8, article=1, version=2)
    shelf.put(Entry(9, UUID(int=2), 1, b"mine", "headline", "body"))

    neighbours = list(shelf.neighbours(candidate(), HERE))

    assert sorted((n.article_id.int, n.version, n.latest) for n in neighbours) == [
        (1, 1, False),
        (2, 1, True),
    ]


def test_found_by_name_is_the_latest_version() -> None:
    shelf = Shelf()
    for version in (2, 1):
        put(shelf, 10 + version, article=1, version=version)
        put(shelf, 20 + version, article=2, version=version)
    shelf.name(UUID(int=1), path=HERE)
    shelf.name(UUID(int=2), uri="tag:b")

    neighbours = list(shelf.neighbours(candidate(uri="tag:b"), HERE))

    assert [(n.article_id.int, n.version, n.same_path, n.same_uri) for n in neighbours] == [
        (1, 2, True, False),
        (2, 2, False, True),
    ]
    assert found(shelf, candidate(uri="tag:a"), ELSEWHERE) == []


def test_found_in_several_ways_is_one_neighbour() -> None:
    shelf = Shelf()
    shelf.put(Entry(7, UUID(int=1), 1, b"mine", "headline", "body"))
    shelf.index(7, FULL)
    shelf.name(UUID(int=1), uri="tag:a", path=HERE)

    (neighbour,) = shelf.neighbours(candidate(uri="tag:a"), HERE)

    assert neighbour == Neighbour(
        article_id=UUID(int=1),
        version=1,
        latest=True,
        content_hash=b"mine",
        text=comparable("headline", "body"),
        same_path=True,
        same_uri=True,
        postings=(1,) * len(FULL),
    )


def test_a_name_of_something_that_is_not_here_finds_nothing() -> None:
    shelf = Shelf()
    shelf.name(UUID(int=1), uri="tag:a", path=HERE)
    shelf.index(7, FULL)

    assert found(shelf, candidate(uri="tag:a")) == []


def test_a_path_names_the_last_article_that_it_was_given() -> None:
    shelf = Shelf()
    for n in (1, 2):
        put(shelf, n, article=n)
        shelf.name(UUID(int=n), path=HERE)

    assert found(shelf, candidate()) == [(2, 1)]


def test_postings_count_all_who_have_a_key_up_to_the_cap() -> None:
    """Also those that are not on the shelf: rarity is the store's, not the batch's."""
    shelf = Shelf()
    put(shelf, 1, article=1)
    shelf.index(1, [0, 1])
    for file_id in range(2, POSTING_CAP + 2):
        shelf.index(file_id, [1])

    (neighbour,) = shelf.neighbours(candidate(), HERE)

    assert neighbour.postings == (1, POSTING_CAP)


def test_beyond_the_cap_nobody_is_found() -> None:
    shelf = Shelf()
    for n in range(1, POSTING_CAP + 2):
        put(shelf, n, article=n)
        shelf.index(n, [0] if n <= POSTING_CAP else [0, 1])

    assert (POSTING_CAP + 1, 1) not in found(shelf, candidate())


def test_a_version_is_put_once() -> None:
    shelf = Shelf()
    for _ in range(2):
        shelf.put(Entry(7, UUID(int=1), 1, b"mine", "headline", "body"))

    assert found(shelf, candidate()) == [(1, 1)]


# --- placing and shelving -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdict", "article", "version"),
    [
        pytest.param(new(), 1, 1, id="new"),
        pytest.param(to(Relation.REVISION, UUID(int=50), 1), 50, 4, id="after the latest"),
        pytest.param(to(Relation.EXACT, UUID(int=50), 2), 50, 2, id="a copy of that version"),
        pytest.param(to(Relation.NEAR, UUID(int=50), 2), 50, 2, id="nearly a copy of it"),
        pytest.param(to(Relation.UNCHANGED, UUID(int=50), 3), 50, 3, id="unchanged"),
    ],
)
def test_place(verdict: Verdict, article: int, version: int) -> None:
    shelf = Shelf()
    for n in (1, 3, 2):
        put(shelf, n, article=50, version=n)

    assert shelf.place(verdict, ids()) == Decision(verdict, UUID(int=article), version)


def shelve(shelf: Shelf, file_id: int, content: str, verdict: Verdict, path: PathKey) -> Candidate:
    made = Candidate.of(article(content, guid=f"tag:{file_id}"))
    shelf.shelve(file_id, made, shelf.place(verdict, ids()), path)
    return made


def test_the_next_is_judged_against_what_was_shelved() -> None:
    shelf = Shelf()
    first = shelve(shelf, 7, text(), new(), HERE)

    (neighbour,) = shelf.neighbours(first, HERE)

    assert (neighbour.same_path, neighbour.same_uri) == (True, True)
    assert neighbour.content_hash == first.fingerprint.content_hash
    assert neighbour.text == first.text
    assert neighbour.postings == (1,) * len(first.fingerprint.sketch)


def test_a_copy_is_not_shelved_but_its_path_is_known() -> None:
    shelf = Shelf()
    shelve(shelf, 7, text(), new(), HERE)
    copy = shelve(shelf, 8, text(1), to(Relation.EXACT, UUID(int=1), 1), ELSEWHERE)

    (neighbour,) = shelf.neighbours(copy, ELSEWHERE)

    assert (neighbour.article_id, neighbour.same_path) == (UUID(int=1), True)
    assert (neighbour.same_uri, neighbour.postings) == (False, ())


def test_a_revision_is_shelved_under_the_identifier_that_its_article_has() -> None:
    shelf = Shelf()
    first = shelve(shelf, 7, text(), new(), HERE)
    second = shelve(shelf, 8, text(1), to(Relation.REVISION, UUID(int=1), 1), ELSEWHERE)

    assert found(shelf, second, ("/inbox", b"third.txt")) == [(1, 2)]
    assert [n.same_uri for n in shelf.neighbours(second, HERE)] == [False]
    assert [n.same_uri for n in shelf.neighbours(first, HERE)] == [True, True]


# --- against brute force --------------------------------------------------------------------------


@dataclass(frozen=True)
class Stored:
    """A version that a property test shelves."""

    article: int
    hash_: int
    keys: frozenset[int]
    path: int
    uri: int | None


KEYS = st.frozensets(st.integers(0, 30), max_size=24)
STORED = st.builds(
    Stored,
    article=st.integers(1, 6),
    hash_=st.integers(0, 9),
    keys=KEYS,
    path=st.integers(0, 5),
    uri=st.none() | st.integers(0, 3),
)


@given(st.lists(STORED, max_size=60), STORED)
def test_it_finds_what_looking_at_all_finds(stored: list[Stored], sought: Stored) -> None:
    shelf = Shelf()
    for file_id, one in enumerate(stored, 1):
        version = 1 + sum(earlier.article == one.article for earlier in stored[: file_id - 1])
        shelf.put(
            Entry(file_id, UUID(int=one.article), version, bytes([one.hash_]), "head", "body")
        )
        shelf.index(file_id, sorted(one.keys))
        shelf.name(
            UUID(int=one.article),
            uri=None if one.uri is None else f"tag:{one.uri}",
            path=("/inbox", bytes([one.path])),
        )
    mine = candidate(
        sketch=tuple(sorted(sought.keys)),
        content_hash=bytes([sought.hash_]),
        uri=None if sought.uri is None else f"tag:{sought.uri}",
    )

    neighbours = list(shelf.neighbours(mine, ("/inbox", bytes([sought.path]))))

    assert {(n.article_id.int, n.version): n.postings for n in neighbours} == _look_at_all(
        stored, sought
    )
    assert len(neighbours) == len({(n.article_id, n.version) for n in neighbours})


def _look_at_all(stored: list[Stored], sought: Stored) -> dict[tuple[int, int], tuple[int, ...]]:
    """Article and version of each neighbour, with its postings: by definition, not by index."""
    having = {
        key: [n for n, one in enumerate(stored) if key in one.keys][:POSTING_CAP]
        for key in sought.keys
    }
    shared = {n: sorted(key for key in sought.keys if n in having[key]) for n in range(len(stored))}
    least = SHARED_KEYS if len(sought.keys) >= SHORT_SKETCH else 1
    enough = [n for n in shared if len(shared[n]) >= least]
    chosen = set(sorted(enough, key=lambda n: (-len(shared[n]), n))[:CANDIDATES])
    chosen |= {n for n, one in enumerate(stored) if one.hash_ == sought.hash_}
    named = [one.article for one in stored if one.path == sought.path][-1:]
    named += [one.article for one in stored if one.uri == sought.uri is not None][-1:]
    chosen |= {max(n for n, one in enumerate(stored) if one.article == a) for a in named}
    return {
        (
            stored[n].article,
            sum(one.article == stored[n].article for one in stored[: n + 1]),
        ): tuple(len(having[key]) for key in shared[n])
        for n in chosen
    }
