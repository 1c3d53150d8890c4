"""How much two texts must share to be one story: every threshold of dedupe, in one frozen object.

What the thresholds are for is said in ``worker.core.dedupe``, which is where they are asked.
"""

from dataclasses import dataclass, fields
from datetime import timedelta

from worker.core.likeness import Headlines


@dataclass(frozen=True, slots=True)
class Bar:
    """What two texts must share to be one story. Shares are from 0 to 1 and inclusive."""

    weighted: float  # of what is particular to the texts
    jaccard: float = 0.0
    numbers: float = 0.0  # of the smaller set, where both have a few
    sure: float | None = None  # weighted share from which numbers are not asked
    words: int = 8  # in both bodies
    short_weighted: float = 0.0  # the same as ``weighted``, where one body is short
    letters: float | None = None  # where ``weighted`` is not reached; None: no second chance

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name != "words" and value is not None and not 0 <= value <= 1:
                raise ValueError(f"{each.name} is {value}, not in 0..1")


@dataclass(frozen=True, slots=True)
class Policy:
    """Thresholds, set on labelled stories of which each half alone scores like the whole."""

    same: Bar = Bar(weighted=0.30, numbers=0.55, sure=0.50, short_weighted=0.50, letters=0.58)
    told: Bar = Bar(weighted=0.35, jaccard=0.16, numbers=0.40, letters=0.62)
    rival: Bar = Bar(weighted=0.70, numbers=0.50, words=60)
    unlike: Bar = Bar(weighted=0.80, jaccard=0.30, numbers=0.50)
    brief_words: int = 60  # a shorter text must share ``short_weighted``
    min_weighted: float = 0.08  # below: not one story, whatever the letters say
    misprint_numbers: float = 0.55  # that agree, for letters to be asked at all
    same_jaccard: float = 0.80  # texts so alike that numbers are not asked
    few_numbers: int = 3  # fewer in either text contradict nothing
    few_brief: int = 2  # the same, where one is brief: it says little besides
    figures: float = 0.70  # weighted share that two tables must have
    tabular: float = 0.40  # share of numbers among the words of a table
    series: float = 0.80  # weighted share that makes up for numbers all of which changed
    series_numbers: float = 0.10  # below: all of them; among many, some agree by chance
    prefix_words: int = 12  # a text this long that begins another of its path is its first half
    update_window: timedelta = timedelta(hours=72)  # for a source to tell its own story anew
    updates: float = 0.90  # plain share of the shorter text, for that
    revises: float = 0.60  # share of the stored text that a text from elsewhere must keep to revise
    window: timedelta = timedelta(days=7)  # between publications; beyond: an item that comes again
    short_window: timedelta = timedelta(hours=72)  # the same for short texts
    short_words: int = 100
    timeless_words: int = 200  # so long, and the same: a copy after years too
    timeless_jaccard: float = 0.95
    contained: float = 0.60  # weighted share, for a part of another text
    kindred: float = 0.50  # plain share, for items of one template
    joins: float = 0.30  # weighted share, under the same headline, that makes two articles one
    joins_numbers: float = 0.50  # that agree, for the same

    def bar(self, found: Headlines) -> Bar:
        return {
            Headlines.SAME: self.same,
            Headlines.TOLD: self.told,
            Headlines.RIVAL: self.rival,
            Headlines.UNLIKE: self.unlike,
        }[found]
