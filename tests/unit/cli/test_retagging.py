from collections.abc import Sequence

import pytest

from worker.cli.retagging import Progress


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        pytest.param([], "0 are different, 0 the same", id="nothing"),
        pytest.param(
            ["different", "the same", "different"], "2 are different, 1 the same", id="both"
        ),
        pytest.param(
            ["failed"],
            "0 are different, 0 the same, 1 could not be tagged and keep their tags",
            id="failed",
        ),
    ],
)
def test_what_it_came_to(outcomes: Sequence[str], said: str) -> None:
    progress = Progress(len(outcomes))
    for outcome in outcomes:
        progress.step(outcome)

    assert progress.summary("are") == said
