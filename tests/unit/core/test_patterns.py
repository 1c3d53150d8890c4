"""No regular expression of the core can run away: its work grows with the text, not faster."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest

import worker.core
from tests.unit.core.backtracking import Counter, TooMany, hostile

_ENTERED = {"match", "fullmatch"}  # at one place; the other methods try every place
_SIZES = (8, 16, 32)  # characters
_MOST_STEPS = 40_000
_LINEAR = 2.7  # by how much the work may grow when the growth of the text doubles; 4 is its square
_NOISE = 60  # steps


# What keeps the work of the others small, though it grows faster than their text.
_SHORT = {
    "byline._ADDRESS": "a byline has 120 characters at most",
    "byline._MARK": "names in one line, whose spaces are single",
    "dateline._COMMA": "the head of a paragraph, 100 characters at most",
    "dateline._JOINED_PLACES": "likewise",
    "dates._BETWEEN": "a date has 64 characters at most",
    "marking._SITE": "a line whose spaces are single",
    "tagging.names._LINE_BREAK": "a name, whose spaces are single",
}


def _patterns() -> Iterator[Any]:
    for module in pkgutil.walk_packages(worker.core.__path__, "worker.core."):
        names = importlib.import_module(module.name)
        source = inspect.getsource(names)
        for name, value in vars(names).items():
            if isinstance(value, re.Pattern) and re.search(rf"^{name}\b.*= ", source, re.MULTILINE):
                label = f"{module.name.removeprefix('worker.core.')}.{name}"
                used = set(re.findall(rf"\b{name}\.(\w+)", source))
                text = value.pattern if isinstance(value.pattern, str) else value.pattern.decode()
                everywhere = not used or not used <= _ENTERED
                if label not in _SHORT:
                    yield pytest.param(text, everywhere, id=label)


def steps(pattern: str, text: str, *, everywhere: bool) -> int:
    counter = Counter(pattern, _MOST_STEPS)
    try:
        (counter.search if everywhere else counter.match)(text)
    except TooMany:
        return _MOST_STEPS
    return counter.steps


def runs_away(pattern: str, *, everywhere: bool) -> str | None:
    """A text that shows it, or None."""
    for prefix, pump in hostile(pattern):
        texts = [prefix + pump * (size // len(pump)) + "\x01" for size in _SIZES]
        few, some, many = (steps(pattern, text, everywhere=everywhere) for text in texts)
        if many >= _MOST_STEPS or many - some > _LINEAR * (some - few) + _NOISE:
            return texts[0]
    return None


@pytest.mark.parametrize(("pattern", "everywhere"), [*_patterns()])
def test_work_grows_with_the_text(pattern: str, everywhere: bool) -> None:  # noqa: FBT001 -- a case
    assert runs_away(pattern, everywhere=everywhere) is None


@pytest.mark.parametrize(
    ("pattern", "everywhere"),
    [
        pytest.param(r"(?:a+)+b", False, id="repeated twice"),
        pytest.param(r"(?:a|a)*b", False, id="two ways"),
        pytest.param(r"<a*a*b", False, id="side by side"),
        pytest.param(r"a+b", True, id="from every place"),
    ],
)
def test_the_counter_sees_one_that_would(pattern: str, everywhere: bool) -> None:  # noqa: FBT001
    assert runs_away(pattern, everywhere=everywhere) is not None
