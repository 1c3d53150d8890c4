"""Measure how much two texts share, and whether their headlines name the same thing.

Pure. What two items of one template (weather, market reports, police notices) share is shared by
their siblings too, and says nothing about the two. So a word sequence weighs half as much for
every *other* article among the neighbours that has it: what is left is the part of a text that is
particular to it. On 8,482 labelled stories, half of the pairs of copies share 97 % of that part
and 95 of 100 at least 38 %; of the candidates that are no copies, 95 of 100 share less than 28 %.
The weights come from the texts at hand: the same in memory and in a database, with no counter to
keep. An inverse document frequency over the whole store could not tell a much-copied story from a
template.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from itertools import pairwise
from typing import Final

from worker.core.article import Scores
from worker.core.fingerprint import Text

_OPENING: Final = 80  # tokens of a body among which the words of a headline are looked for


class Headlines(StrEnum):
    """How two headlines relate. What is new in only one of them decides nothing."""

    SAME = "same"  # all of one is in the other
    TOLD = "told"  # unlike, but one text opens with the words of the other's headline
    RIVAL = "rival"  # much in common, yet each names something that the other does not
    UNLIKE = "unlike"


def headlines(mine: Text, theirs: Text) -> Headlines:
    a, b = mine.named, theirs.named
    if a <= b or b <= a:
        return Headlines.SAME
    if 2 * len(a & b) >= min(len(a), len(b)):
        return Headlines.RIVAL
    if _opens_with(mine, theirs.heading) or _opens_with(theirs, mine.heading):
        return Headlines.TOLD
    return Headlines.UNLIKE


def _opens_with(text: Text, heading: tuple[str, ...]) -> bool:
    """Whether half of the word pairs of *heading*, of three at least, stand early in *text*."""
    pairs = set(pairwise(heading))
    opening = set(pairwise(text.tokens[:_OPENING]))
    return len(pairs) >= 3 and 2 * len(pairs & opening) >= len(pairs)


def measure(mine: Text, theirs: Text, others: Iterable[AbstractSet[int]]) -> Scores:
    """Compare two texts; see ``Scores`` for what each number is.

    Args:
        mine: One text.
        theirs: The other.
        others: The shingles of each article that may be confused with either.

    """
    shorter, longer = sorted((mine.shingles, theirs.shingles), key=len)
    shared = shorter & longer
    union = len(shorter) + len(longer) - len(shared)
    a, b = mine.named, theirs.named
    return Scores(
        containment=_share(len(shared), len(shorter)),
        jaccard=_share(len(shared), union),
        weighted=_particular(shorter, shared, others),
        title=_share(len(a & b), min(len(a), len(b))),
        numbers=overlap(mine.numbers, theirs.numbers),
    )


def letters(mine: Text, theirs: Text) -> float:
    """The share of the shorter text's letter sequences that the other has: misprints cost few."""
    return overlap(mine.grams, theirs.grams)


def overlap(a: AbstractSet[str], b: AbstractSet[str]) -> float:
    """The share of the smaller set that the other has; all of nothing is 1."""
    smaller = min(len(a), len(b))
    return _share(len(a & b), smaller) if smaller else 1.0


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0


def _particular(
    shorter: AbstractSet[int], shared: AbstractSet[int], others: Iterable[AbstractSet[int]]
) -> float:
    """Containment, each shingle weighed by 2 to the minus number of *others* that have it."""
    known: Counter[int] = Counter()
    for other in others:
        known.update(other & shorter)
    lost = {shingle: 1 - 0.5**n for shingle, n in known.items()}
    whole = len(shorter) - sum(lost.values())
    part = len(shared) - sum(weight for shingle, weight in lost.items() if shingle in shared)
    return _share(part, whole)


# --- facts ----------------------------------------------------------------------------------------

_Place = tuple[str, str]


def changed_numbers(old: Text, new: Text) -> tuple[tuple[str, str], ...]:
    """Numbers that stand between the same two words in both texts, and differ: (old, new)."""
    before, after = _numbers_in_place(old), _numbers_in_place(new)
    return tuple(
        (before[place], number)
        for place, number in after.items()
        if place in before and before[place] != number
    )


def _numbers_in_place(text: Text) -> Mapping[_Place, str]:
    """Each number by the words around it; a place that is not unique names none."""
    found: dict[_Place, set[str]] = {}
    for tokens in (text.heading, text.tokens):
        for place, number in _numbers_between(tokens):
            found.setdefault(place, set()).add(number)
    return {place: next(iter(ns)) for place, ns in found.items() if len(ns) == 1}


def _numbers_between(tokens: Sequence[str]) -> Iterator[tuple[_Place, str]]:
    """Digits that follow each other are one number: 3.5 is two tokens."""
    at = 1
    while at < len(tokens) - 1:
        end = at
        while end < len(tokens) and tokens[end].isdecimal():
            end += 1
        if at < end < len(tokens):
            yield (tokens[at - 1], tokens[end]), ".".join(tokens[at:end])
        at = end + 1
