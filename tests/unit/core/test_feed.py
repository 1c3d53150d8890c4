from dataclasses import replace
from itertools import permutations
from random import Random
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from worker.core.article import UNTOLD
from worker.core.feed import Change, ChangeKind, Pointer, Ready, merge, plan

A, B = UUID(int=1), UUID(int=2)
STORED, REVISED, REGROUPED = ChangeKind.STORED, ChangeKind.REVISED, ChangeKind.REGROUPED
RETAGGED = ChangeKind.RETAGGED


def ready(*versions: int, article_id: UUID = A) -> list[Ready]:
    return [Ready(article_id, version, f"cause {version}") for version in versions]


def said(changes: tuple[Change, ...]) -> list[tuple[ChangeKind, int, int]]:
    return [(c.kind, c.pointer.version, c.pointer.copies) for c in changes]


@pytest.mark.parametrize(
    ("published", "kinds"),
    [
        pytest.param({}, [STORED], id="nobody has seen it"),
        pytest.param({A: Pointer(1, 0)}, [REVISED], id="nobody has seen this version"),
        pytest.param({A: Pointer(2, 0)}, [], id="all have seen it without tags"),
    ],
)
def test_what_could_not_be_tagged_is_told_once(
    published: dict[UUID, Pointer], kinds: list[ChangeKind]
) -> None:
    changes = plan([Ready(A, 2, "", tagged=False)], [], published, {(A, 2): 0})

    assert [change.kind for change in changes] == kinds


@pytest.mark.parametrize(
    ("versions", "copied", "published", "before", "expected"),
    [
        pytest.param([], [], None, 0, [], id="nothing happened"),
        pytest.param([1], [], None, 0, [(STORED, 1, 0)], id="an article appears"),
        pytest.param([1], [], None, 2, [(STORED, 1, 2)], id="with the copies that came before it"),
        pytest.param([1], [1], None, 0, [(STORED, 1, 1)], id="with the copy that came with it"),
        pytest.param([], [1], None, 0, [], id="a copy of what is not published yet"),
        pytest.param([], [1, 1], 1, 3, [(REGROUPED, 1, 5)], id="copies of a published article"),
        pytest.param([], [1, 2], 2, 3, [(REGROUPED, 2, 5)], id="copies of an older version too"),
        pytest.param([], [2], 1, 3, [], id="a copy of a version that nobody may see yet"),
        pytest.param([], [1, 2], 1, 3, [(REGROUPED, 1, 4)], id="one of each"),
        pytest.param([2], [], 1, 3, [(REVISED, 2, 3)], id="a revision"),
        pytest.param([2], [1], 1, 3, [(REVISED, 2, 4)], id="a revision and a copy: one change"),
        pytest.param([2], [3], 1, 3, [(REVISED, 2, 3)], id="a revision, and a copy of the next"),
        pytest.param([3], [], 1, 0, [(REVISED, 3, 0)], id="a version in between is not missed"),
        pytest.param([1], [], 2, 0, [], id="superseded before anybody saw it"),
        pytest.param([2], [], 2, 0, [(RETAGGED, 2, 0)], id="published already: tagged anew"),
        pytest.param([2], [2], 2, 1, [(RETAGGED, 2, 2)], id="tagged anew, with a copy"),
        pytest.param([1], [1], 2, 0, [(REGROUPED, 2, 1)], id="superseded, with a copy"),
        pytest.param(
            [2], [], None, 0, [(STORED, 2, 0)], id="the first to finish need not be first"
        ),
        pytest.param([3, 2], [], 1, 0, [(REVISED, 2, 0), (REVISED, 3, 0)], id="two revisions"),
        pytest.param(
            [3, 2], [1], 1, 0, [(REVISED, 2, 1), (REVISED, 3, 1)], id="a copy counts once"
        ),
        pytest.param(
            [3, 2], [3], 1, 0, [(REVISED, 2, 0), (REVISED, 3, 1)], id="a copy of the second"
        ),
        pytest.param([1, 2], [], None, 0, [(STORED, 1, 0), (REVISED, 2, 0)], id="both at once"),
    ],
)
def test_plan(
    versions: list[int],
    copied: list[int],
    published: int | None,
    before: int,
    expected: list[tuple[ChangeKind, int, int]],
) -> None:
    """*before* are copies of the first version."""
    pointers = {A: Pointer(published, before)} if published else {}
    copies = {(A, v): before + sum(c <= v for c in copied) for v in versions}

    assert said(plan(ready(*versions), [(A, c) for c in copied], pointers, copies)) == expected


def test_a_change_says_why() -> None:
    pointers = {A: Pointer(1, 0), B: Pointer(4, 1)}
    changes = plan(ready(2), [(A, 1), (B, 1)], pointers, {(A, 2): 1})

    assert [(c.article_id, c.cause) for c in changes] == [
        (A, "cause 2"),
        (B, "another copy of it came in"),
    ]


@pytest.mark.parametrize(
    ("versions", "unseen", "cause"),
    [
        pytest.param([2], None, "cause 2", id="what it tells of is known"),
        pytest.param([2], 1, UNTOLD, id="it is not"),
        pytest.param([1, 2], 1, "cause 2", id="it is told of before"),
        pytest.param([1, 3], 2, UNTOLD, id="another one is"),
    ],
)
def test_no_cause_tells_facts_that_nobody_has_seen(
    versions: list[int], unseen: int | None, cause: str
) -> None:
    *before, last = ready(*versions)
    copies = {(A, version): 0 for version in versions}

    changes = plan([replace(last, unseen=unseen), *before], [], {}, copies)

    assert changes[-1].cause == cause


def test_texts_before_copies_and_each_by_article() -> None:
    first, second, third = (UUID(int=n) for n in (1, 2, 3))
    published = {first: Pointer(1, 0), third: Pointer(1, 0)}
    versions = [*ready(1, article_id=second), *ready(2, article_id=third)]
    copies = {(second, 1): 0, (third, 2): 0}

    orders = {plan(order, [(first, 1)], published, copies) for order in permutations(versions)}

    assert [[(c.kind, c.article_id) for c in order] for order in orders] == [
        [(STORED, second), (REVISED, third), (REGROUPED, first)]
    ]


ARTICLES = st.integers(1, 4).map(lambda n: UUID(int=n))
NUMBERS = st.integers(1, 4)
VERSIONS = st.builds(Ready, ARTICLES, NUMBERS, st.just("for a test"))
COPIES = st.lists(st.tuples(ARTICLES, NUMBERS), max_size=6)


def published_at(numbers: dict[UUID, int], earlier: list[tuple[UUID, int]]) -> dict[UUID, Pointer]:
    """Pointers that count what was to be counted until then."""
    return {a: Pointer(v, visible(earlier, a, v)) for a, v in numbers.items()}


def visible(copies: list[tuple[UUID, int]], article_id: UUID, version: int) -> int:
    return sum(a == article_id and v <= version for a, v in copies)


@given(
    versions=st.lists(VERSIONS, unique=True, max_size=8),
    copied=COPIES,
    numbers=st.dictionaries(ARTICLES, NUMBERS),
    earlier=COPIES,
    random=st.randoms(use_true_random=False),
)
@example(ready(1, 2), [(A, 1)], {}, [], Random(0))  # noqa: S311 -- no secret
def test_whatever_a_batch_holds(
    versions: list[Ready],
    copied: list[tuple[UUID, int]],
    numbers: dict[UUID, int],
    earlier: list[tuple[UUID, int]],
    random: Random,
) -> None:
    published = published_at(numbers, earlier)
    copies = {
        (v.article_id, v.version): visible([*earlier, *copied], v.article_id, v.version)
        for v in versions
    }

    changes = plan(versions, copied, published, copies)

    _pointers_move_forward(changes, published)
    assert len(changes) == len({(c.article_id, c.pointer.version) for c in changes})
    assert changes == plan(
        random.sample(versions, len(versions)),
        random.sample(copied, len(copied)),
        published,
        copies,
    )
    now = {**published, **{c.article_id: c.pointer for c in changes}}
    for article_id, pointer in now.items():
        assert pointer.copies == visible([*earlier, *copied], article_id, pointer.version)


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


def test_a_merged_article_goes_before_the_other_has_its_copies() -> None:
    """A reader who stops in between counts no file twice."""
    gone, kept = merge(B, Pointer(2, 1), A, Pointer(4, 3), "one story")

    assert (gone.article_id, gone.into, gone.hides) == (B, A, True)
    assert (kept.article_id, kept.into, kept.hides) == (A, None, False)
    assert said((gone, kept)) == [(REGROUPED, 2, 1), (REGROUPED, 4, 3)]
    assert {gone.cause, kept.cause} == {"one story"}
