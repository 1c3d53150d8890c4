from itertools import permutations
from random import Random
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from worker.core.feed import Change, ChangeKind, Pointer, Ready, plan

A, B = UUID(int=1), UUID(int=2)
STORED, REVISED, REGROUPED = ChangeKind.STORED, ChangeKind.REVISED, ChangeKind.REGROUPED
RETAGGED = ChangeKind.RETAGGED


def ready(*versions: int, article_id: UUID = A) -> list[Ready]:
    return [Ready(article_id, version, f"cause {version}") for version in versions]


def said(changes: tuple[Change, ...]) -> list[tuple[ChangeKind, int, int]]:
    return [(c.kind, c.pointer.version, c.pointer.copies) for c in changes]


@pytest.mark.parametrize(
    ("versions", "copies", "published", "unseen", "expected"),
    [
        pytest.param([], 0, None, 0, [], id="nothing happened"),
        pytest.param([1], 0, None, 0, [(STORED, 1, 0)], id="an article appears"),
        pytest.param([1], 0, None, 2, [(STORED, 1, 2)], id="with the copies that came before it"),
        pytest.param([1], 1, None, 1, [(STORED, 1, 1)], id="with the copy that came with it"),
        pytest.param([], 1, None, 1, [], id="a copy of what is not published yet"),
        pytest.param([], 2, (1, 3), 0, [(REGROUPED, 1, 5)], id="copies of a published article"),
        pytest.param([2], 0, (1, 3), 0, [(REVISED, 2, 3)], id="a revision"),
        pytest.param([2], 1, (1, 3), 0, [(REVISED, 2, 4)], id="a revision and a copy: one change"),
        pytest.param([3], 0, (1, 0), 0, [(REVISED, 3, 0)], id="a version in between is not missed"),
        pytest.param([1], 0, (2, 0), 0, [], id="superseded before anybody saw it"),
        pytest.param([2], 0, (2, 0), 0, [(RETAGGED, 2, 0)], id="published already: tagged anew"),
        pytest.param([2], 1, (2, 1), 0, [(RETAGGED, 2, 2)], id="tagged anew, with a copy"),
        pytest.param([1], 1, (2, 0), 0, [(REGROUPED, 2, 1)], id="superseded, with a copy"),
        pytest.param([2], 0, None, 0, [(STORED, 2, 0)], id="the first to finish need not be first"),
        pytest.param([3, 2], 0, (1, 0), 0, [(REVISED, 2, 0), (REVISED, 3, 0)], id="two revisions"),
        pytest.param(
            [3, 2], 1, (1, 0), 0, [(REVISED, 2, 1), (REVISED, 3, 1)], id="a copy counts once"
        ),
        pytest.param([1, 2], 0, None, 0, [(STORED, 1, 0), (REVISED, 2, 0)], id="both at once"),
        pytest.param(
            [1, 2],
            1,
            None,
            1,
            [(STORED, 1, 1), (REVISED, 2, 1)],
            id="both at once, and a copy",
        ),
    ],
)
def test_plan(
    versions: list[int],
    copies: int,
    published: tuple[int, int] | None,
    unseen: int,
    expected: list[tuple[ChangeKind, int, int]],
) -> None:
    pointers = {A: Pointer(*published)} if published else {}
    unseen_copies = {A: unseen} if unseen else {}

    assert said(plan(ready(*versions), [A] * copies, pointers, unseen_copies)) == expected


def test_a_change_says_why() -> None:
    changes = plan(ready(2), [A, B], {A: Pointer(1, 0), B: Pointer(4, 1)}, {})

    assert [(c.article_id, c.cause) for c in changes] == [
        (A, "cause 2"),
        (B, "another copy of it came in"),
    ]


def test_texts_before_copies_and_each_by_article() -> None:
    first, second, third = (UUID(int=n) for n in (1, 2, 3))
    published = {first: Pointer(1, 0), third: Pointer(1, 0)}
    versions = [*ready(1, article_id=second), *ready(2, article_id=third)]

    orders = {plan(order, [first], published, {}) for order in permutations(versions)}

    assert [[(c.kind, c.article_id) for c in order] for order in orders] == [
        [(STORED, second), (REVISED, third), (REGROUPED, first)]
    ]


ARTICLES = st.integers(1, 4).map(lambda n: UUID(int=n))
VERSIONS = st.builds(Ready, ARTICLES, st.integers(1, 4), st.just("for a test"))
POINTERS = st.dictionaries(ARTICLES, st.builds(Pointer, st.integers(1, 3), st.integers(0, 3)))


@given(
    versions=st.lists(VERSIONS, unique=True, max_size=8),
    copied=st.lists(ARTICLES, max_size=6),
    published=POINTERS,
    earlier=st.dictionaries(ARTICLES, st.integers(0, 3)),
    random=st.randoms(use_true_random=False),
)
def test_whatever_a_batch_holds(
    versions: list[Ready],
    copied: list[UUID],
    published: dict[UUID, Pointer],
    earlier: dict[UUID, int],
    random: Random,
) -> None:
    unseen = {a: earlier.get(a, 0) + copied.count(a) for a in {*earlier, *copied}}

    changes = plan(versions, copied, published, unseen)

    _pointers_move_forward(changes, published)
    assert len(changes) == len({(c.article_id, c.pointer.version) for c in changes})
    assert changes == plan(
        random.sample(versions, len(versions)),
        random.sample(copied, len(copied)),
        published,
        unseen,
    )
    assert {c.article_id for c in changes} <= {*copied, *(v.article_id for v in versions)}


@given(
    st.lists(VERSIONS, unique=True, max_size=8),
    st.lists(ARTICLES, max_size=6),
    POINTERS,
    st.dictionaries(ARTICLES, st.integers(0, 3)),
)
@example(ready(1, 2), [A], {}, {})
def test_every_copy_is_counted_once(
    versions: list[Ready],
    copied: list[UUID],
    published: dict[UUID, Pointer],
    earlier: dict[UUID, int],
) -> None:
    unseen = {a: earlier.get(a, 0) + copied.count(a) for a in {*earlier, *copied}}

    changes = plan(versions, copied, published, unseen)

    for article_id, pointer in {c.article_id: c.pointer for c in changes}.items():
        known = published.get(article_id)
        came = copied.count(article_id)
        assert pointer.copies == (known.copies + came if known else unseen.get(article_id, 0))


def _pointers_move_forward(changes: tuple[Change, ...], published: dict[UUID, Pointer]) -> None:
    now = dict(published)
    for change in changes:
        before = now.get(change.article_id)
        if before is None:
            assert change.kind is STORED
        elif change.kind is REVISED:
            assert change.pointer.version > before.version
        else:
            assert change.kind in (REGROUPED, RETAGGED)
            assert change.pointer.version == before.version
            assert change.kind is RETAGGED or change.pointer.copies > before.copies
        assert before is None or change.pointer.copies >= before.copies
        now[change.article_id] = change.pointer
