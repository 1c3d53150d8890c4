import pytest

from worker.core.ringing import FEW_HINTS, IDS_PER_HINT, hints, room


@pytest.mark.parametrize(
    ("waiting", "expected"),
    [(0, FEW_HINTS * IDS_PER_HINT), (FEW_HINTS - 1, IDS_PER_HINT), (FEW_HINTS, 0), (999, 0)],
)
def test_room(waiting: int, expected: int) -> None:
    assert room(waiting) == expected


@pytest.mark.parametrize(
    ("count", "waiting", "sizes"),
    [
        pytest.param(0, 0, [], id="nothing to ring for"),
        pytest.param(1, 0, [1], id="one file"),
        pytest.param(70, 0, [32, 32, 6], id="cut into batches"),
        pytest.param(70, FEW_HINTS - 1, [32], id="room for one"),
        pytest.param(70, FEW_HINTS, [], id="no room"),
        pytest.param(1_000, 0, [32] * FEW_HINTS, id="a flood"),
    ],
)
def test_hints(count: int, waiting: int, sizes: list[int]) -> None:
    cut = hints(range(count), waiting)

    assert [len(hint) for hint in cut] == sizes
    assert [i for hint in cut for i in hint] == list(range(sum(sizes)))


@pytest.mark.parametrize(
    ("named", "sizes"),
    [
        pytest.param(0, [0, 0, 0], id="none"),
        pytest.param(1, [1, 0, 0, 0], id="one, and the others apart"),
        pytest.param(40, [32, 8, 0], id="some"),
        pytest.param(99, [32, 32, 6], id="all"),
    ],
)
def test_whoever_is_not_named_is_rung_for_all_the_same(named: int, sizes: list[int]) -> None:
    cut = hints(range(70), 0, named=named)

    assert [len(hint) for hint in cut] == sizes
    assert [i for hint in cut for i in hint] == list(range(sum(sizes)))
