from dataclasses import replace
from math import nan
from typing import Any

import pytest

from worker.core.policy import Bar

SHARES = ["weighted", "short_weighted", "jaccard", "numbers", "sure", "letters"]


@pytest.mark.parametrize("name", SHARES)
@pytest.mark.parametrize("value", [0, 1])
def test_a_bar_accepts_its_bounds(name: str, value: float) -> None:
    given_: dict[str, Any] = {name: value}

    assert getattr(replace(Bar(weighted=0.5), **given_), name) == value


@pytest.mark.parametrize("name", SHARES)
@pytest.mark.parametrize("value", [-0.01, 1.01, nan])
def test_a_bar_refuses_impossible_shares(name: str, value: float) -> None:
    given_: dict[str, Any] = {name: value}

    with pytest.raises(ValueError, match=f"{name} is {value}"):
        replace(Bar(weighted=0.5), **given_)


def test_words_are_no_share() -> None:
    assert Bar(weighted=0.5, words=500).words == 500
