import pytest

from worker.core.pacing import pause_seconds


@pytest.mark.parametrize(
    ("cost_seconds", "blind", "expected"),
    [
        pytest.param(0.01, False, 5.0, id="a small tree: often"),
        pytest.param(0.4, False, 20.0, id="a larger one: a fiftieth of the time"),
        pytest.param(2.0, False, 60.0, id="never more seldom than was asked for"),
        pytest.param(30.0, False, 300.0, id="unless a tenth of the time went to scans"),
        pytest.param(0.01, True, 5.0, id="blind: often"),
        pytest.param(1.0, True, 5.0, id="blind: still often"),
        pytest.param(30.0, True, 150.0, id="blind: up to a fifth of the time"),
    ],
)
def test_pause(cost_seconds: float, expected: float, *, blind: bool) -> None:
    assert pause_seconds(cost_seconds, blind=blind, longest_seconds=60.0) == expected


@pytest.mark.parametrize("blind", [True, False])
def test_whoever_asks_for_more_gets_more(*, blind: bool) -> None:
    assert pause_seconds(0.01, blind=blind, longest_seconds=1.0) == 1.0
