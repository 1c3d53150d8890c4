"""Count the steps that a backtracking matcher takes, so that growth can be tested without a clock.

A matcher of our own walks the parse tree of Python's ``re`` the way its engine does: greedy first,
back on failure. A step is one character, place or group looked at. Only counts matter here, so
flags are left aside, a reference to a group costs nothing, and a bound on a repetition counts as a
small number: what is bounded grows no further, however far that is.
"""

import importlib
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

_parser: Final[Any] = importlib.import_module("re._parser")
_constants: Final[Any] = importlib.import_module("re._constants")
Node = tuple[Any, Any]

_SMALL: Final = 4
_LETTERS: Final = 4
_CHARACTERS: Final = "a5Z .,-\n\t_*'\"\u00e9<>&/:[](){}|"


class TooMany(Exception):  # noqa: N818 -- an outcome
    """More steps than were allowed."""


class Counter:
    def __init__(self, pattern: str, limit: int) -> None:
        self.tree: Final[list[Node]] = list(_parser.parse(pattern))
        self.steps = 0
        self._limit = limit
        self._known: dict[tuple[int, str], bool] = {}

    def match(self, text: str) -> None:
        """At the start only."""
        next(self._all(self.tree, 0, text, 0), None)

    def search(self, text: str) -> None:
        """Every match, as ``finditer`` looks for them."""
        at = 0
        while at <= len(text):
            end = next(self._all(self.tree, 0, text, at), None)
            at = at + 1 if end is None else max(end, at + 1)

    def _all(self, nodes: list[Node], n: int, text: str, at: int) -> Iterator[int]:
        if n == len(nodes):
            yield at
            return
        for after in self._one(nodes[n], text, at):
            yield from self._all(nodes, n + 1, text, after)

    def _one(self, node: Node, text: str, at: int) -> Iterator[int]:
        self.steps += 1
        if self.steps > self._limit:
            raise TooMany
        name, value = str(node[0]), node[1]
        if name in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            if at < len(text) and self._fits(node, text[at]):
                yield at + 1
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            low, high, inner = value
            endless = high == _constants.MAXREPEAT
            bounds = (min(low, _SMALL), high if endless else min(high, _SMALL))
            yield from self._repeat(list(inner), bounds, text, at)
        elif name == "SUBPATTERN":
            yield from self._all(list(value[-1]), 0, text, at)
        elif name in ("POSSESSIVE_REPEAT", "ATOMIC_GROUP"):  # no way back into it
            yield from self._first(name, value, text, at)
        elif name == "BRANCH":
            for branch in value[1]:
                yield from self._all(list(branch), 0, text, at)
        elif self._holds(name, value, text, at):
            yield at

    def _first(self, name: str, value: Any, text: str, at: int) -> Iterator[int]:  # noqa: ANN401
        greedy = _constants.MAX_REPEAT, value
        ends = (
            self._all(list(value), 0, text, at) if "GROUP" in name else self._one(greedy, text, at)
        )
        yield from islice(ends, 1)

    def _holds(self, name: str, value: Any, text: str, at: int) -> bool:  # noqa: ANN401 -- re's own
        """Whether a condition does that takes no character; what is behind costs one step."""
        if name == "AT":
            return str(value) not in ("AT_END", "AT_END_STRING") or at == len(text)
        if name in ("ASSERT", "ASSERT_NOT") and value[0] > 0:
            found = next(self._all(list(value[1]), 0, text, at), None) is not None
            return found == (name == "ASSERT")
        return True

    def _fits(self, node: Node, character: str) -> bool:
        key = (id(node), character)
        if key not in self._known:
            self._known[key] = _fits(node, character)
        return self._known[key]

    def _repeat(
        self, inner: list[Node], bounds: tuple[int, Any], text: str, at: int
    ) -> Iterator[int]:
        low, high = bounds
        if int(high) > 0:
            left = (max(0, low - 1), int(high) - 1)
            for after in self._all(inner, 0, text, at):
                if after > at:
                    yield from self._repeat(inner, left, text, after)
        if low == 0:
            yield at


def hostile(pattern: str) -> Iterator[tuple[str, str]]:
    """What to repeat, and what to put before it so that the pattern comes to its repetitions."""
    tree = list(_parser.parse(pattern))
    found = sorted(alphabet(tree))[:_LETTERS]
    pumps = [*found, *(a + b for a in found for b in found if a != b)]
    prefixes = {_sample(tree[:n]) for n in range(len(tree)) if "REPEAT" in str(tree[n][0])}
    for prefix in sorted({"", *prefixes}):
        for pump in pumps:
            yield prefix, pump


def _sample(nodes: Any) -> str:  # noqa: ANN401 -- re's own
    """The shortest text that they match, more or less."""
    return "".join(map(_shortest, nodes))


def _shortest(node: Node) -> str:
    name, value = str(node[0]), node[1]
    if name == "LITERAL":
        return chr(value)
    if name in ("IN", "NOT_LITERAL", "ANY"):
        return next((c for c in _CHARACTERS if _fits(node, c)), "")
    if "REPEAT" in name:
        return _sample(value[2]) * min(value[0], _SMALL)
    if name == "SUBPATTERN":
        return _sample(value[-1])
    return _sample(value[1][0]) if name == "BRANCH" else ""


def _fits(node: Node, character: str) -> bool:
    """By asking ``re`` about one character."""
    tree = _parser.SubPattern(_parser.State(), [node])
    found: Any = importlib.import_module("re._compiler").compile(tree)
    return found.match(character) is not None


def alphabet(nodes: Any) -> set[str]:  # noqa: ANN401 -- re's own
    """A character for each literal and class in a pattern."""
    found: set[str] = set()
    for name, value in nodes:
        if str(name) in ("LITERAL", "NOT_LITERAL"):
            found.add(chr(value))
        elif str(name) == "IN":
            found |= {c for c in _CHARACTERS if _fits((name, value), c)}
        elif isinstance(value, tuple | list):
            for part in value:
                found |= _inside(part)
    return found


def _inside(part: object) -> set[str]:
    if isinstance(part, _parser.SubPattern):
        return alphabet(part)
    if isinstance(part, list):
        return set().union(*map(_inside, part)) if part else set()
    return set()
