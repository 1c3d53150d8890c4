"""Decide which files to ring for, given how many rings nobody has answered yet.

Pure. Too few rings and a file waits for the clerk's next round; too many and a flood fills Redis
with messages that say nothing new, since a worker that is awake takes whatever is due. So a few
wait at any time, whatever the flood.
"""

from collections.abc import Sequence

IDS_PER_HINT = 32  # a worker's largest batch
FEW_HINTS = 8  # waiting at the same time; each worker takes one


def room(waiting: int) -> int:
    """How many ids may be rung for now."""
    return max(0, FEW_HINTS - waiting) * IDS_PER_HINT


def hints(ids: Sequence[int], waiting: int, *, named: int | None = None) -> list[tuple[int, ...]]:
    """Cut *ids* into hints, in order, as far as there is room; the rest is left to the clerk.

    Only the first *named* of them are named; None: all. Whoever is rung takes what is named before
    all else, so files of the second lane must not be: live ones would wait behind them. A batch has
    one lane, so they are rung for apart.
    """
    allowed, named = ids[: room(waiting)], len(ids) if named is None else named
    first, others = allowed[:named], allowed[named:]
    return [*map(tuple, _batches(first)), *(() for _ in _batches(others))]


def _batches(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[i : i + IDS_PER_HINT] for i in range(0, len(ids), IDS_PER_HINT)]
