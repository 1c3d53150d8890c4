import pytest

from tests.unit.core.tagging.makers import body, name
from worker.core.article import Field
from worker.core.tagging.names import ECHO, MODEL, RULES, SEAT
from worker.core.tagging.scoring import confidence, found_by, method, of_names, relevance

HEADLINE, BODY = Field.HEADLINE, Field.BODY


@pytest.mark.parametrize(
    ("positions", "most", "expected"),
    [
        pytest.param([(HEADLINE, 0), (BODY, 0)], 2, 1.0, id="all there is"),
        pytest.param([(HEADLINE, 30)], 2, 0.85, id="in the headline, half as often as another"),
        pytest.param([(BODY, 0)], 1, 0.6, id="first in the body, and as often as any"),
        pytest.param([(BODY, 50)], 1, 0.45, id="half-way"),
        pytest.param([(BODY, 90), (BODY, 50)], 2, 0.45, id="the first of two counts"),
    ],
)
def test_relevance(positions: list[tuple[Field, int]], most: int, expected: float) -> None:
    assert relevance(positions, 100, most) == pytest.approx(expected)


def test_relevance_without_a_body() -> None:
    assert relevance([(HEADLINE, 0)], 0, 1) == 1.0


@pytest.mark.parametrize(
    ("by", "expected", "how"),
    [
        pytest.param([MODEL], 0.6, "model", id="guessed once"),
        pytest.param([MODEL, MODEL], 0.8, "model", id="guessed twice"),
        pytest.param([MODEL, ECHO], 0.8, "model+rules", id="guessed, and repeated"),
        pytest.param([RULES, MODEL, ECHO], 0.95, "model+rules", id="by both, and repeated"),
        pytest.param([RULES], 0.9, "rules", id="by a rule"),
        pytest.param([RULES, MODEL], 0.95, "model+rules", id="by both"),
        pytest.param([SEAT], 0.6, "rules", id="within another name"),
    ],
)
def test_confidence_and_method(by: list[str], expected: float, how: str) -> None:
    who = found_by([name(body("Ruto"), "Ruto", by=each) for each in by])

    assert (confidence(who, len(by)), method(who)) == (expected, how)


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        pytest.param([RULES, SEAT], 0.6, id="its own place counts"),
        pytest.param([SEAT, RULES], 0.54, id="which may come later"),
        pytest.param([SEAT], 0.3, id="half, where it has none"),
    ],
)
def test_a_name_within_another_says_less(by: list[str], expected: float) -> None:
    text = body("Kiambu and Kiambu are.")
    names = [name(text, "Kiambu", by=who, nth=n) for n, who in enumerate(by)]

    assert of_names(names, 55, 1) == pytest.approx(expected)
