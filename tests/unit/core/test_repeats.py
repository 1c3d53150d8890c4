import pytest

from worker.core.repeats import repeated

A = "The county opened a market for three hundred traders, nine years after the old one burnt."
B = "Officials said that the roads come next, and that the first of the works starts in May."
C = "Neither the mayor nor the builder would say who pays for the pipes that are still missing."
SHORT = "Yes, she said."


@pytest.mark.parametrize(
    ("texts", "again"),
    [
        pytest.param([], set(), id="nothing"),
        pytest.param([A, B], set(), id="once"),
        pytest.param([A, B, A, B], {2, 3}, id="one after the other"),
        pytest.param([A, A, B, B], {1, 3}, id="each at once"),
        pytest.param([A, SHORT, A, SHORT], {2, 3}, id="short ones in a long run"),
        pytest.param([SHORT, A, SHORT, B], set(), id="a short one alone"),
        pytest.param([SHORT] * 4, set(), id="a refrain"),
        pytest.param([A, B, C, A], set(), id="too little of the whole"),
        pytest.param([A, B, A], {2}, id="enough of it"),
        pytest.param([A, None, A, None], {2}, id="what does not count ends a run"),
        pytest.param([A, B, A, SHORT], {2}, id="a run ends where the texts part"),
    ],
)
def test_repeated(texts: list[str | None], again: set[int]) -> None:
    assert repeated(texts) == again


def test_a_paragraph_is_long_from_80_characters_on() -> None:
    assert repeated(["x" * 79] * 2) == set()
    assert repeated(["x" * 80] * 2) == {1}
