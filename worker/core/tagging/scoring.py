"""How much an article is about an entity, and how sure we are of it.

Both are rankings, not probabilities: made by hand, not fitted to anything, the same everywhere, so
that a consumer can order and cut by them.
"""

from collections.abc import Sequence
from functools import cache

from worker.core.article import Field
from worker.core.tagging.names import CAPITALS, ECHO, MODEL, RULES, SEAT, Name

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
    in_body = [start for field, start in positions if field is Field.BODY]
    in_headline = len(in_body) < len(positions)
    early = 1.0 if in_headline else 1 - min(in_body) / max(body_length, 1)
    score = _IN_HEADLINE * in_headline + _EARLY * early + _OFTEN * len(positions) / most
    return round(score, 4)


def of_names(names: Sequence[Name], body_length: int, most: int) -> float:
    """Relevance of what has these mentions; a name within another's counts where all are such."""
    own = [(name.field, name.start) for name in names if SEAT not in name.found_by]
    if own:
        return relevance(own, body_length, most)
    positions = [(name.field, name.start) for name in names]
    return round(relevance(positions, body_length, most) * _WITHIN, 4)


def confidence(found_by: frozenset[str], times: int) -> float:
    """From 0 to 1: rules and model together say more than either, a guess repeated than one."""
    if found_by >= {MODEL, RULES}:
        return _BY_BOTH
    if RULES in found_by:
        return _BY_RULES
    return _BY_MODEL_OFTEN if times > 1 else _BY_MODEL_ONCE


@cache
def method(found_by: frozenset[str]) -> str:
    """A guess by capitals is one of the rules, too, and so are a part of a name and a repeat."""
    return "+".join(sorted({RULES if by in (CAPITALS, SEAT, ECHO) else by for by in found_by}))


def found_by(names: Sequence[Name]) -> frozenset[str]:
    return frozenset().union(*[name.found_by for name in names])
