"""How much an article is about an entity, and how sure we are of it.

Both are rankings, not probabilities: made by hand, not fitted to anything, the same everywhere, so
that a consumer can order and cut by them.
"""

from collections.abc import Iterable, Sequence

from worker.core.article import Field
from worker.core.tagging.names import CAPITALS, MODEL, RULES, SEAT, Name

_IN_HEADLINE, _EARLY, _OFTEN = 0.4, 0.3, 0.3  # shares of relevance, together 1
_WITHIN = 0.5  # share of relevance for a place that is named within the names of bodies alone
_BY_BOTH, _BY_RULES, _BY_MODEL_OFTEN, _BY_MODEL_ONCE = 0.95, 0.9, 0.8, 0.6


def relevance(positions: Sequence[tuple[Field, int]], body_length: int, most: int) -> float:
    """From 0 to 1: named in the headline, early in the body, and often.

    Args:
        positions: Of every mention: the field, and the start in it.
        body_length: Code points.
        most: Mentions of whatever is mentioned most in this article.

    """
    fields = {field for field, _ in positions}
    first = min((start for field, start in positions if field is Field.BODY), default=body_length)
    early = 1.0 if Field.HEADLINE in fields else 1 - first / max(body_length, 1)
    score = (
        _IN_HEADLINE * (Field.HEADLINE in fields) + _EARLY * early + _OFTEN * len(positions) / most
    )
    return round(score, 4)


def of_names(names: Sequence[Name], body_length: int, most: int) -> float:
    """Relevance of what has these mentions; a name within another's counts where all are such."""
    own = [name for name in names if SEAT not in name.found_by]
    positions = [(name.field, name.start) for name in own or names]
    return round(relevance(positions, body_length, most) * (1.0 if own else _WITHIN), 4)


def confidence(names: Sequence[Name]) -> float:
    """From 0 to 1: rules and model together say more than either, a guess repeated than one."""
    found_by = _found_by(names)
    if found_by == {MODEL, RULES}:
        return _BY_BOTH
    if RULES in found_by:
        return _BY_RULES
    return _BY_MODEL_OFTEN if len(names) > 1 else _BY_MODEL_ONCE


def method(names: Iterable[Name]) -> str:
    """A guess by capitals is one of the rules, too, and so is a part of a name."""
    return "+".join(sorted({RULES if by in (CAPITALS, SEAT) else by for by in _found_by(names)}))


def _found_by(names: Iterable[Name]) -> frozenset[str]:
    return frozenset([by for name in names for by in name.found_by])
