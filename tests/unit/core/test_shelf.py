from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import NamedTuple
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.articles import article, text
from worker.core.article import UNTOLD, Decision, Moment, Precision, Relation, Scores, Verdict
from worker.core.dedupe import Candidate, Neighbour
from worker.core.fingerprint import Fingerprint
from worker.core.fingerprint import text as comparable
from worker.core.shelf import (
    CANDIDATES,
    INDEXED_KEYS,
    NOVEL_JACCARD,
    POSTING_CAP,
    SHARED_KEYS,
    SHORT_SKETCH,
    TEXTS,
    WORDS_A_KEY,
    Entry,
    PathKey,
    Posting,
    Shelf,
    novel,
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


def to(relation: Relation, article_id: UUID, version: int, *, jaccard: float = 1.0) -> Verdict:
    return Verdict(relation, "for a test", article_id, version, Scores(jaccard=jaccard))


def sketch(*keys: int, headings: tuple[int, ...] = (), words: int = 100) -> Fingerprint:
    return Fingerprint(b"mine", keys, words, headings)


def ids() -> Callable[[], UUID]:
    numbers = count(1)
    return lambda: UUID(int=next(numbers))


def put(shelf: Shelf, article: int, version: int = 1, content_hash: bytes = b"theirs") -> None:
    """A version whose article has its own number for an origin; nothing else leads to it."""
    shelf.put(
        Entry(
            origin=article,
            article_id=UUID(int=article),
            version=version,
            content_hash=content_hash,
            headline="headline",
            body_text="body",
            file_id=100 * version + article,
        )
    )


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
    shelf = Shelf()
    shelf.index(7, range(shared), 7)

    assert list(shelf.likely(sketch(*range(sketch_keys)))) == expected


def test_a_headline_alone_is_enough() -> None:
    shelf = Shelf()
    shelf.index(7, [-1], 7)

    assert list(shelf.likely(sketch(*FULL, headings=(-1,)))) == [7]
    assert list(shelf.likely(sketch(*FULL, headings=(-2,)))) == []


def test_rare_keys_first_then_the_oldest() -> None:
    """Articles are told by their origins, and those grow with time."""
    shelf = Shelf()
    for origin in range(10, 10 + CANDIDATES):
        shelf.index(origin, [0, 1, 2], origin)
    for origin in (9, 3, 5):
        shelf.index(origin, [3, 4], origin)
    shelf.index(5, [5], 5)

    assert list(shelf.likely(sketch(*FULL))) == [5, 3, 9, *range(10, 10 + CANDIDATES - 3)]


def test_the_texts_of_an_article_that_share_the_most_come_first() -> None:
    shelf = Shelf()
    for file_id, keys in ((70, [0]), (71, [1, 2]), (73, [3]), (72, [4]), (74, [5])):
        shelf.index(7, keys, file_id)

    assert shelf.likely(sketch(*FULL)) == {7: [71, 70, 72][:TEXTS]}


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
    put(shelf, 1)
    shelf.index(1, FULL[:keys], 1)

    assert found(shelf, candidate()) == seen


def test_an_article_is_found_by_its_origin_whatever_its_id() -> None:
    """And by the keys of a version that is not the latest: the latest is what comes."""
    shelf = Shelf()
    shelf.put(Entry(7, UUID(int=1), 1, b"old", "headline", "body", file_id=7))
    shelf.index(7, FULL, 70)
    shelf.put(Entry(7, UUID(int=1), 2, b"new", "headline", "body", file_id=8))

    assert found(shelf, candidate()) == [(1, 2)]


def test_found_by_hash() -> None:
    """Every version with that text, the latest of its article or not."""
    shelf = Shelf()
    put(shelf, 1, content_hash=b"mine")
    put(shelf, 1, version=2)
    put(shelf, 2, content_hash=b"mine")

    neighbours = list(shelf.neighbours(candidate(), HERE))

    assert sorted((n.article_id.int, n.version, n.latest) for n in neighbours) == [
        (1, 1, False),
        (2, 1, True),
    ]


def test_found_by_name_is_the_latest_version() -> None:
    shelf = Shelf()
    for version in (2, 1):
        put(shelf, 1, version)
        put(shelf, 2, version)
    shelf.name_path(UUID(int=1), 2, HERE, own=True)
    shelf.name_uri(UUID(int=2), "tag:b")

    neighbours = list(shelf.neighbours(candidate(uri="tag:b"), HERE))

    assert [(n.article_id.int, n.version, n.same_path, n.own, n.same_uri) for n in neighbours] == [
        (1, 2, True, True, False),
        (2, 2, False, False, True),
    ]
    assert found(shelf, candidate(uri="tag:a"), ELSEWHERE) == []


def test_found_in_several_ways_is_one_neighbour() -> None:
    shelf = Shelf()
    put(shelf, 1, content_hash=b"mine")
    shelf.index(1, FULL, 101)
    shelf.name_uri(UUID(int=1), "tag:a")
    shelf.name_path(UUID(int=1), 1, HERE, own=True)

    (neighbour,) = shelf.neighbours(candidate(uri="tag:a"), HERE)

    assert neighbour == Neighbour(
        article_id=UUID(int=1),
        version=1,
        latest=True,
        content_hash=b"mine",
        text=comparable("headline", "body"),
        same_text=False,
        same_path=True,
        own=True,
        same_uri=True,
    )


def test_a_name_of_something_that_is_not_here_finds_nothing() -> None:
    shelf = Shelf()
    shelf.name_uri(UUID(int=1), "tag:a")
    shelf.name_path(UUID(int=1), 1, HERE, own=True)
    shelf.index(7, FULL, 70)

    assert found(shelf, candidate(uri="tag:a")) == []


@pytest.mark.parametrize(
    ("headline", "body", "same"),
    [
        pytest.param("It costs $3", "A crossing.", True, id="to the letter"),
        pytest.param("It costs €3", "A crossing.", False, id="another headline"),
        pytest.param("It costs $3", "A CROSSING", False, id="another body"),
    ],
)
def test_the_same_text_is_the_same_to_the_letter(headline: str, body: str, *, same: bool) -> None:
    """The hash forgives case and punctuation; readers do not."""
    shelf = Shelf()
    mine = Candidate.of(article("It costs $3\nA crossing."))
    shelf.put(Entry(1, UUID(int=1), 1, mine.fingerprint.content_hash, headline, body))

    assert [n.same_text for n in shelf.neighbours(mine, HERE)] == [same]


# --- the articles of a file -----------------------------------------------------------------------


def paths(shelf: Shelf, path: PathKey = HERE) -> list[tuple[int, bool, bool]]:
    """Each neighbour's article, whether the path is at it, and whether the path made it."""
    mine = candidate(content_hash=b"theirs")
    return sorted((n.article_id.int, n.same_path, n.own) for n in shelf.neighbours(mine, path))


def test_a_path_is_at_the_last_article_that_it_was_given() -> None:
    shelf = Shelf()
    for n in (1, 2):
        put(shelf, n)
        shelf.name_path(UUID(int=n), 1, HERE, own=False)

    assert found(shelf, candidate()) == [(2, 1)]


def test_a_path_finds_the_version_it_is_at_and_the_latest() -> None:
    """A copy of version 2 is compared with that: next to version 3 it would look like news."""
    shelf = Shelf()
    for version in (1, 2, 3):
        put(shelf, 1, version)
    shelf.name_path(UUID(int=1), 1, HERE, own=False)
    shelf.name_path(UUID(int=1), 2, HERE, own=False)

    assert found(shelf, candidate()) == [(1, 2), (1, 3)]
    assert found(shelf, candidate(), ELSEWHERE) == []


def test_a_version_that_is_not_here_is_not_found() -> None:
    shelf = Shelf()
    put(shelf, 1, version=2)
    shelf.name_path(UUID(int=1), 1, HERE, own=False)

    assert found(shelf, candidate()) == [(1, 2)]


def test_a_path_owns_every_article_that_it_made_a_version_of() -> None:
    """Also those that it is no longer at: a ``latest.txt`` may come back to the story before."""
    shelf = Shelf()
    for n in (1, 2, 3):
        put(shelf, n)
        shelf.name_path(UUID(int=n), 1, HERE, own=n < 3)

    assert paths(shelf) == [(1, False, True), (2, False, True), (3, True, False)]
    assert paths(shelf, ELSEWHERE) == [(n, False, False) for n in (1, 2, 3)]


def test_what_a_path_owns_it_does_not_lose() -> None:
    """A file that made an article, and is saved again without a change, is no copy of it."""
    shelf = Shelf()
    put(shelf, 1)
    for own in (True, False):
        shelf.name_path(UUID(int=1), 1, HERE, own=own)

    assert paths(shelf) == [(1, True, True)]


# --- how many have a key --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("others", "seen"),
    [
        pytest.param(POSTING_CAP - 2, True, id="nearly common"),
        pytest.param(POSTING_CAP - 1, False, id="common: it finds nobody"),
    ],
)
def test_a_common_key_finds_nobody(others: int, *, seen: bool) -> None:
    """Also where the others are not on the shelf: the store counts, not the batch."""
    shelf = Shelf()
    shelf.index(1, [0, 1], 1)
    for origin in range(2, others + 2):
        shelf.index(origin, [1], origin)

    assert (1 in shelf.likely(sketch(*range(20)))) is seen


def test_an_article_counts_once_however_many_versions_have_a_key() -> None:
    """Else a story that is corrected again and again would look like many of one template."""
    shelf = Shelf()
    for file_id in range(POSTING_CAP + 1):
        shelf.index(1, [0, 1], file_id)

    assert shelf.likely(sketch(*FULL)) == {1: [0]}


def test_common_keys_do_not_fill_a_sketch() -> None:
    """A menu on every page of a paper: the rest of the page is indexed in its stead."""
    shelf = Shelf()
    for origin in range(1, POSTING_CAP + 1):
        shelf.index(origin, range(10), origin)
    mine = replace(candidate(), fingerprint=sketch(*range(2 * INDEXED_KEYS), headings=(-1,)))

    shelf.shelve(70, mine, shelf.place(new(), ids()), HERE)

    keys = [-1, *range(10, 10 + INDEXED_KEYS)]
    assert shelf.posted == [Posting(key, origin=70, file_id=70) for key in keys]


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        pytest.param(1, INDEXED_KEYS, id="short"),
        pytest.param(WORDS_A_KEY * (INDEXED_KEYS + 1), INDEXED_KEYS + 1, id="longer"),
        pytest.param(100_000, 2 * INDEXED_KEYS, id="endless"),
    ],
)
def test_a_long_text_has_more_keys(words: int, keys: int) -> None:
    shelf = Shelf()
    made = sketch(*range(2 * INDEXED_KEYS), words=words)

    shelf.shelve(7, replace(candidate(), fingerprint=made), shelf.place(new(), ids()), HERE)

    assert len(shelf.posted) == keys


def test_a_version_is_put_once() -> None:
    shelf = Shelf()
    for _ in range(2):
        put(shelf, 1, content_hash=b"mine")

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
        put(shelf, 50, version=n)

    assert shelf.place(verdict, ids()) == Decision(verdict, UUID(int=article), version)


def shelve(shelf: Shelf, file_id: int, content: str, verdict: Verdict, path: PathKey) -> Candidate:
    made = Candidate.of(article(content, guid=f"tag:{file_id}"))
    shelf.shelve(file_id, made, shelf.place(verdict, ids()), path)
    return made


def test_the_next_is_judged_against_what_was_shelved() -> None:
    shelf = Shelf()
    first = shelve(shelf, 7, text(), new(), HERE)

    (neighbour,) = shelf.neighbours(first, HERE)

    assert (neighbour.same_path, neighbour.own, neighbour.same_uri) == (True, True, True)
    assert neighbour.same_text
    assert neighbour.content_hash == first.fingerprint.content_hash
    assert neighbour.text == first.text
    assert [p.key for p in shelf.posted] == list(first.fingerprint.keys[: INDEXED_KEYS + 1])


@pytest.mark.parametrize(
    ("relation", "jaccard"),
    [
        pytest.param(Relation.EXACT, 1.0, id="exact"),
        pytest.param(Relation.NEAR, NOVEL_JACCARD, id="near, and hardly another"),
        pytest.param(Relation.UNCHANGED, 0.5, id="unchanged"),
    ],
)
def test_a_copy_is_not_shelved_but_its_path_is_known(relation: Relation, jaccard: float) -> None:
    shelf = Shelf()
    shelve(shelf, 7, text(), new(), HERE)
    indexed = list(shelf.posted)
    verdict = to(relation, UUID(int=1), 1, jaccard=jaccard)
    copy = shelve(shelf, 8, text(1), verdict, ELSEWHERE)

    (neighbour,) = shelf.neighbours(copy, ELSEWHERE)

    assert (neighbour.article_id, neighbour.same_path) == (UUID(int=1), True)
    assert (neighbour.own, neighbour.same_uri) == (False, False)
    assert shelf.posted == indexed


def test_a_near_copy_that_says_much_else_is_found_and_compared_by_its_own_text() -> None:
    """It is a copy of version 1, which stays the article's latest."""
    shelf = Shelf()
    shelve(shelf, 7, text(), new(), HERE)
    verdict = to(Relation.NEAR, UUID(int=1), 1, jaccard=NOVEL_JACCARD - 0.01)
    copy = shelve(shelf, 8, text(1), verdict, ELSEWHERE)

    near = {n.text.headline: n for n in shelf.neighbours(copy, ("/inbox", b"third.txt"))}

    assert set(near) == {text().split("\n")[0], copy.text.headline}
    assert {(n.article_id.int, n.version, n.latest) for n in near.values()} == {(1, 1, True)}
    assert shelf.place(to(Relation.REVISION, UUID(int=1), 1), ids()).version == 2


def test_a_near_copy_whose_article_is_not_here_is_not_found() -> None:
    shelf = Shelf()
    shelf.put(Entry(1, UUID(int=1), 1, b"mine", "headline", "body", file_id=8, copy=True))

    assert found(shelf, candidate()) == []


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        pytest.param(to(Relation.NEAR, UUID(int=1), 1, jaccard=0.84), True, id="near"),
        pytest.param(to(Relation.NEAR, UUID(int=1), 1, jaccard=0.85), False, id="very near"),
        pytest.param(to(Relation.EXACT, UUID(int=1), 1, jaccard=0.5), False, id="exact"),
    ],
)
def test_novel(verdict: Verdict, *, expected: bool) -> None:
    assert novel(verdict) is expected


EXACTLY = (Precision.SECOND, "metadata")
MAY = datetime(2024, 5, 17, tzinfo=UTC)


def test_how_long_ago_is_told_of_each_neighbour() -> None:
    shelf = Shelf()
    put(shelf, 1, content_hash=b"mine")
    entry = Entry(2, UUID(int=2), 1, b"mine", "headline", "body", 2, published=MAY, arrived=MAY)
    shelf.put(entry)
    day = timedelta(days=1)
    mine = replace(candidate(), article=replace(article(), published=Moment(MAY - day, *EXACTLY)))

    near = {n.article_id.int: n for n in shelf.neighbours(mine, HERE, now=MAY + 2 * day)}

    assert (near[1].published_apart, near[1].arrived_apart) == (None, None)
    assert (near[2].published_apart, near[2].arrived_apart) == (day, 2 * day)


def test_what_is_shelved_keeps_its_times() -> None:
    shelf = Shelf()
    mine = Candidate.of(replace(article(), published=Moment(MAY, *EXACTLY)))
    shelf.shelve(7, mine, shelf.place(new(), ids()), HERE, now=MAY)

    (near,) = shelf.neighbours(mine, ELSEWHERE, now=MAY)

    assert (near.published_apart, near.arrived_apart) == (timedelta(0), timedelta(0))


def test_long_texts_are_made_ready_too() -> None:
    """They are not kept."""
    shelf = Shelf()
    long = f"Ferry\n{'and again ' * 2_001}"
    first = shelve(shelf, 7, long, new(), HERE)

    assert [n.text == first.text for n in shelf.neighbours(first, HERE)] == [True]


def test_a_revision_is_shelved_under_the_identifier_that_its_article_has() -> None:
    shelf = Shelf()
    first = shelve(shelf, 7, text(), new(), HERE)
    second = shelve(shelf, 8, text(1), to(Relation.REVISION, UUID(int=1), 1), ELSEWHERE)

    third: PathKey = ("/inbox", b"third.txt")

    assert found(shelf, second, third) == [(1, 2)]
    assert [n.same_uri for n in shelf.neighbours(second, third)] == [False]
    assert [n.same_uri for n in shelf.neighbours(first, third)] == [True, True]


def test_a_revision_is_indexed_as_its_article() -> None:
    """A key that both versions have counts once, and a key of either leads to the latest."""
    shelf = Shelf()
    edited = text().replace("14 days", "15 days")
    first = shelve(shelf, 7, text(), new(), HERE)
    second = shelve(shelf, 8, edited, to(Relation.REVISION, UUID(int=1), 1), ELSEWHERE)

    neighbours = [n for mine in (first, second) for n in shelf.neighbours(mine, ELSEWHERE)]

    assert len({p.key for p in shelf.posted}) == len(shelf.posted)
    assert {p.origin for p in shelf.posted} == {7}
    assert sorted(n.version for n in neighbours) == [1, 1, 2, 2]
    assert all(n.own for n in neighbours)


def test_an_article_keeps_the_origin_of_its_first_version() -> None:
    shelf = Shelf()
    shelve(shelf, 7, text(), new(), HERE)
    revised = to(Relation.REVISION, UUID(int=1), 1)
    shelve(shelf, 8, text(1), revised, HERE)

    assert shelf.origin(Decision(revised, UUID(int=1), 3), 9) == 7
    assert shelf.origin(Decision(new(), UUID(int=2), 1), 9) == 9


# --- against brute force --------------------------------------------------------------------------


@dataclass(frozen=True)
class Stored:
    """A version that a property test shelves."""

    article: int
    hash_: int
    keys: frozenset[int]
    path: int
    own: bool
    uri: int | None


# More articles than a posting list may hold, so that the cap is met.
ARTICLES = POSTING_CAP + 5
KEYS = st.frozensets(st.integers(0, 30), max_size=24)
STORED = st.builds(
    Stored,
    article=st.integers(1, 6) | st.integers(1, ARTICLES),
    hash_=st.integers(0, 9),
    keys=KEYS,
    path=st.integers(0, 5),
    own=st.booleans(),
    uri=st.none() | st.integers(0, 3),
)


@given(st.lists(STORED, max_size=60), STORED)
def test_it_finds_what_looking_at_all_finds(stored: list[Stored], sought: Stored) -> None:
    shelf = _shelved(stored)
    mine = candidate(
        sketch=tuple(sorted(sought.keys)),
        content_hash=bytes([sought.hash_]),
        uri=None if sought.uri is None else f"tag:{sought.uri}",
    )

    neighbours = list(shelf.neighbours(mine, ("/inbox", bytes([sought.path]))))

    assert {
        (n.article_id.int, n.version): Seen(n.same_path, n.own, n.same_uri, n.latest)
        for n in neighbours
    } == _look_at_all(stored, sought)
    assert len(neighbours) == len({(n.article_id, n.version) for n in neighbours})


def test_the_cap_is_met_where_many_articles_share_a_key() -> None:
    """What chance seldom makes: see the test above."""
    stored = [Stored(n, n % 7, frozenset({0, n % 3}), 0, own=True, uri=None) for n in range(1, 31)]
    sought = Stored(0, 3, frozenset(range(5)), 0, own=False, uri=None)
    mine = candidate(sketch=tuple(range(5)), content_hash=bytes([3]))

    neighbours = list(_shelved(stored).neighbours(mine, ("/inbox", bytes([0]))))

    assert {(n.article_id.int, n.version) for n in neighbours} == set(_look_at_all(stored, sought))


class Seen(NamedTuple):
    same_path: bool
    own: bool
    same_uri: bool
    latest: bool


def _shelved(stored: list[Stored]) -> Shelf:
    shelf = Shelf()
    for n, one in enumerate(stored):
        article_id = UUID(int=one.article)
        origin = _numbers(stored, one.article)[0]
        version = 1 + sum(earlier.article == one.article for earlier in stored[:n])
        shelf.put(Entry(origin, article_id, version, bytes([one.hash_]), "head", "body", n))
        shelf.index(origin, sorted(one.keys), n)
        shelf.name_path(article_id, version, ("/inbox", bytes([one.path])), own=one.own)
        if one.uri is not None:
            shelf.name_uri(article_id, f"tag:{one.uri}")
    return shelf


def _look_at_all(stored: list[Stored], sought: Stored) -> dict[tuple[int, int], Seen]:
    """Article and version of each neighbour, and how it was seen: by definition, not by index."""
    having: dict[int, dict[int, int]] = {}  # key → article → the first text that has it
    for key in sorted(sought.keys):
        everyone: dict[int, int] = {}
        for n, one in enumerate(stored):
            if key in one.keys:
                everyone.setdefault(one.article, n)
        if len(everyone) < POSTING_CAP:
            having[key] = everyone
    shared = {one.article: [k for k in having if one.article in having[k]] for one in stored}
    least = SHARED_KEYS if len(having) >= SHORT_SKETCH else 1
    enough = [a for a in shared if len(shared[a]) >= least]
    rarity = {a: sum(1 / len(having[key]) for key in shared[a]) for a in enough}
    likeliest = sorted(enough, key=lambda a: (-rarity[a], _numbers(stored, a)[0]))[:CANDIDATES]
    texts = [
        n
        for a in likeliest
        for n, _ in sorted(
            Counter(having[key][a] for key in shared[a]).items(), key=lambda item: (-item[1], item)
        )[:TEXTS]
    ]
    here = [n for n, one in enumerate(stored) if one.path == sought.path][-1:]
    at = [stored[n].article for n in here]
    called = [one.article for one in stored if one.uri == sought.uri is not None][-1:]
    own = {one.article for one in stored if one.path == sought.path and one.own}
    chosen = {_numbers(stored, a)[-1] for a in (*likeliest, *at, *called)}
    equal = [
        [n for n in _numbers(stored, a) if stored[n].hash_ == sought.hash_][-TEXTS:]
        for a in {one.article for one in stored}
    ]
    chosen |= {*texts, *here, *(n for some in equal for n in some)}
    return {
        (a, _numbers(stored, a).index(n) + 1): Seen(
            same_path=[a] == at,
            own=a in own,
            same_uri=[a] == called,
            latest=n == _numbers(stored, a)[-1],
        )
        for n in chosen
        for a in [stored[n].article]
    }


def _numbers(stored: list[Stored], article: int) -> list[int]:
    """Where the versions of an article stand, oldest first."""
    return [n for n, one in enumerate(stored) if one.article == article]


# --- what was merged, and what a person keeps apart -----------------------------------------------


def shelf_of_two() -> tuple[Shelf, Callable[[str, Candidate], list[tuple[int, int]]]]:
    """Articles 1 and 2, which share no key, and each with a file, an identifier and its words."""
    shelf, new_id = Shelf(), ids()
    for n in (1, 2):
        mine = candidate(sketch=tuple(range(100 * n, 100 * n + 12)), content_hash=bytes([n]))
        mine = replace(mine, article=replace(mine.article, guid=f"uri:{n}"))
        decision = shelf.place(new(), new_id)
        shelf.shelve(n, mine, decision, ("/inbox", b"%d" % n))
    return shelf, lambda path, of: found(shelf, of, ("/inbox", path.encode()))


ALONE = tuple(range(900, 912))  # keys that no other text has


@pytest.mark.parametrize(
    ("path", "mine"),
    [
        pytest.param("new", candidate(sketch=tuple(range(200, 212))), id="keys"),
        pytest.param("new", candidate(sketch=ALONE, content_hash=b"\2"), id="words"),
        pytest.param("new", candidate(sketch=ALONE, uri="uri:2"), id="identifier"),
        pytest.param("2", candidate(sketch=ALONE), id="path"),
    ],
)
def test_a_merged_article_is_found_as_the_one_that_it_is_now(path: str, mine: Candidate) -> None:
    shelf, find = shelf_of_two()
    before = {of for of, _ in find(path, mine)}

    shelf.merge(UUID(int=2), UUID(int=1), 1)

    assert before == {2}
    assert {of for of, _ in find(path, mine)} == {1}


def test_the_file_of_a_merged_article_may_revise_the_other() -> None:
    shelf, _ = shelf_of_two()
    shelf.merge(UUID(int=2), UUID(int=1), 1)

    own = {n.own for n in shelf.neighbours(candidate(sketch=ALONE), ("/inbox", b"2"))}
    strange = {n.own for n in shelf.neighbours(candidate(sketch=ALONE), ("/inbox", b"1"))}

    assert own == strange == {True}
    assert shelf.place(to(Relation.REVISION, UUID(int=1), 1), ids()).version == 2


def test_a_key_of_both_counts_once_when_they_are_one() -> None:
    """Or a story of many parts would look like a template."""
    shelf = Shelf()
    for n in range(1, POSTING_CAP + 1):
        put(shelf, n, content_hash=bytes([n]))
        shelf.index(n, FULL, 100 + n)

    hidden = shelf.likely(sketch(*FULL))
    shelf.merge(UUID(int=2), UUID(int=1), 1)

    assert hidden == {}
    assert 1 in shelf.likely(sketch(*FULL))
    assert 2 not in shelf.likely(sketch(*FULL))


def test_what_is_kept_apart_from_a_file_is_no_neighbour_of_it() -> None:
    shelf, find = shelf_of_two()
    mine = candidate(sketch=tuple(range(200, 212)))
    shelf.keep_apart(("/inbox", b"new"), UUID(int=2))

    assert find("new", mine) == []
    assert find("other", mine) == [(2, 1)]


def test_an_identifier_stays_with_the_first_that_has_it() -> None:
    shelf, _ = shelf_of_two()
    twin = candidate(sketch=ALONE, uri="uri:2")

    shelf.shelve(3, twin, Decision(new(), UUID(int=3), 1), HERE)

    assert [shelf.bears(UUID(int=n), "uri:2") for n in (1, 2, 3)] == [False, True, False]


# --- what takes the place of another --------------------------------------------------------------

HOUR = timedelta(hours=1)
NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)


def test_an_heir_is_the_next_version_of_its_article() -> None:
    shelf, new_id = Shelf(), ids()
    first = shelf.place(new(), new_id)
    shelf.shelve(1, candidate(), first, HERE)
    heir = shelf.place(shelf.succeed(first.article_id), new_id)

    assert (heir.article_id, heir.version, heir.adds_version) == (first.article_id, 2, True)


@pytest.mark.parametrize(
    ("read", "relation", "version"),
    [
        pytest.param(2, Relation.REVISION, 3, id="the latest"),
        pytest.param(1, Relation.UNCHANGED, 2, id="one that another followed"),
    ],
)
def test_a_version_that_is_read_again_is_the_next_one(
    read: int, relation: Relation, version: int
) -> None:
    shelf, new_id = Shelf(), ids()
    first = shelf.place(new(), new_id)
    shelf.shelve(1, candidate(), first, HERE)
    shelf.shelve(2, candidate(), shelf.place(shelf.succeed(first.article_id), new_id), HERE)

    made = shelf.place(shelf.read_again(first.article_id, read, "again"), new_id)

    assert (made.verdict.relation, made.version) == (relation, version)
    assert made.article_id == first.article_id


@pytest.mark.parametrize(
    ("stored", "copy", "relation"),
    [
        pytest.param(HOUR, {}, Relation.REVISION, id="it has none"),
        pytest.param(HOUR, {"embargo_until": NOON - HOUR}, Relation.REVISION, id="its own is over"),
        pytest.param(HOUR, {"embargo_until": NOON + HOUR}, Relation.EXACT, id="its own holds"),
        pytest.param(HOUR, {"status": "withheld"}, Relation.EXACT, id="it is withheld itself"),
        pytest.param(-HOUR, {}, Relation.EXACT, id="the article's is over"),
        pytest.param(None, {}, Relation.EXACT, id="the article has none"),
    ],
)
def test_a_copy_without_an_embargo_is_a_version(
    stored: timedelta | None, copy: dict[str, object], relation: Relation
) -> None:
    shelf = Shelf()
    until = None if stored is None else NOON + stored
    first = shelf.place(new(), ids())
    shelf.shelve(1, sent(embargo_until=until), first, HERE, now=NOON)
    verdict = to(Relation.EXACT, first.article_id, 1)

    assert shelf.release(verdict, sent(**copy), NOON).relation is relation


def test_a_copy_of_an_old_text_releases_no_newer_one() -> None:
    shelf, new_id = Shelf(), ids()
    first = shelf.place(new(), new_id)
    shelf.shelve(1, sent(embargo_until=NOON + HOUR), first, HERE, now=NOON)
    seen = shelf.place(to(Relation.REVISION, first.article_id, 1), new_id)
    shelf.shelve(2, sent(), seen, HERE, now=NOON)
    verdict = to(Relation.EXACT, first.article_id, 1)

    assert shelf.release(verdict, sent(), NOON) is verdict


def test_a_copy_of_a_version_that_is_not_at_hand_releases_nothing() -> None:
    verdict = to(Relation.EXACT, UUID(int=7), 3)

    assert Shelf().release(verdict, sent(), NOON) is verdict
    assert Shelf().release(new(), sent(), NOON) == new()


@pytest.mark.parametrize(
    ("changed", "terms", "told"),
    [
        pytest.param((("14", "15"),), {"embargo_until": NOON + HOUR}, UNTOLD, id="held back"),
        pytest.param((("14", "15"),), {"status": "withheld"}, UNTOLD, id="withheld"),
        pytest.param((("14", "15"),), {}, "because", id="free"),
        pytest.param((), {"embargo_until": NOON + HOUR}, "because", id="it has no other facts"),
    ],
)
def test_no_evidence_tells_facts_of_a_copy_that_nobody_may_see(
    changed: tuple[tuple[str, str], ...], terms: dict[str, object], told: str
) -> None:
    verdict = replace(to(Relation.NEAR, UUID(int=7), 3), because="because", changed=changed)

    released = Shelf().release(verdict, sent(**terms), NOON)

    assert (released.relation, released.because) == (Relation.NEAR, told)
    assert released.changed == (() if told == UNTOLD else changed)


def sent(**terms: object) -> Candidate:
    return replace(candidate(), article=replace(article(), **terms))  # type: ignore[arg-type]


def test_a_neighbour_tells_the_publishers_number_and_source() -> None:
    """The number is that of the latest version, whichever text is the neighbour."""
    shelf, new_id = Shelf(), ids()
    first = shelf.place(new(), new_id)
    shelf.shelve(1, sent(publisher_version="1", source="Gazette"), first, HERE)
    second = shelf.place(to(Relation.REVISION, first.article_id, 1), new_id)
    shelf.shelve(2, sent(publisher_version="2"), second, HERE)

    told = {
        (n.version, n.newest, n.same_source) for n in shelf.neighbours(sent(source="Gazette"), HERE)
    }

    assert told == {(1, "2", True), (2, "2", False)}
    assert not any(n.same_source for n in shelf.neighbours(sent(), HERE))
