from uuid import UUID

import pytest

from worker.core.article import Relation, Verdict
from worker.core.rejudging import Remedy, parted, remedy

WAS, OTHER, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)
NEW, REVISION, NEAR, EXACT = Relation.NEW, Relation.REVISION, Relation.NEAR, Relation.EXACT
UNCHANGED = Relation.UNCHANGED


def verdict(relation: Relation, of: UUID | None = None, *joins: UUID) -> Verdict:
    return Verdict(relation, "for a test", of, joins=joins)


@pytest.mark.parametrize(
    ("before", "now", "of", "expected"),
    [
        pytest.param(NEW, NEW, None, None, id="an article, as before"),
        pytest.param(NEW, NEAR, OTHER, Remedy.JOIN, id="an article that is a copy"),
        pytest.param(NEW, REVISION, OTHER, Remedy.JOIN, id="an article that is a version"),
        pytest.param(NEW, NEAR, WAS, None, id="an article that was merged where it belongs"),
        pytest.param(NEAR, NEAR, WAS, None, id="a copy, as before"),
        pytest.param(NEAR, EXACT, WAS, None, id="a copy by another name"),
        pytest.param(UNCHANGED, EXACT, WAS, None, id="nothing new, or a copy"),
        pytest.param(NEAR, NEW, None, Remedy.AGAIN, id="a copy that is none"),
        pytest.param(UNCHANGED, NEW, None, Remedy.AGAIN, id="something new after all"),
        pytest.param(EXACT, NEAR, OTHER, Remedy.AGAIN, id="a copy of another article"),
        pytest.param(NEAR, REVISION, OTHER, Remedy.AGAIN, id="a version of another article"),
        pytest.param(NEAR, REVISION, WAS, Remedy.LEAVE, id="a copy that is a version"),
        pytest.param(REVISION, REVISION, WAS, None, id="a version, as before"),
        pytest.param(REVISION, NEAR, WAS, Remedy.LEAVE, id="a version that is a copy"),
        pytest.param(REVISION, NEW, None, Remedy.LEAVE, id="a version that is an article"),
        pytest.param(REVISION, REVISION, OTHER, Remedy.LEAVE, id="a version of another article"),
    ],
)
def test_remedy(before: Relation, now: Relation, of: UUID | None, expected: Remedy | None) -> None:
    assert remedy(verdict(before, WAS), verdict(now, of), was=WAS, of=of) is expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(verdict(NEAR, WAS, OTHER), (), id="it still joins both"),
        pytest.param(verdict(NEAR, OTHER, WAS), (), id="whichever is the closer"),
        pytest.param(verdict(NEAR, WAS), (OTHER,), id="it is only one of them"),
        pytest.param(verdict(NEAR, OTHER), (OTHER,), id="it is only the one that was merged"),
        pytest.param(verdict(NEW), (OTHER,), id="it is neither"),
        pytest.param(verdict(NEAR, WAS, THIRD), (OTHER,), id="it joins another instead"),
    ],
)
def test_what_a_text_joins_no_more_is_parted(now: Verdict, expected: tuple[UUID, ...]) -> None:
    assert parted(now, frozenset({OTHER}), own=None) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(verdict(NEAR, WAS), (), id="it is still another"),
        pytest.param(verdict(NEW), (OTHER,), id="it is none"),
    ],
)
def test_an_article_may_have_shown_itself_to_be_another(
    now: Verdict, expected: tuple[UUID, ...]
) -> None:
    assert parted(now, frozenset({OTHER}), own=OTHER) == expected


def test_a_text_that_joined_nothing_parts_nothing() -> None:
    assert parted(verdict(NEW), frozenset(), own=None) == ()


def test_every_remedy_says_what_it_means() -> None:
    assert all(each.meaning for each in Remedy)
