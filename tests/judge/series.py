"""Judge what time decides: items that come again, updates, copies and reprints, all invented.

No labelled set tells when its stories were published, and by whom; this one is made. Each case is
a stored text and one that comes some days later, both of ``tests.bench.texts``, cut to length. A
figure is the share of the cases in which the verdict is the one that is meant.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from tests.bench.texts import articles
from tests.judge.texts import article, share
from worker.core import dedupe
from worker.core.article import Article, Kinship, Moment, Precision, Relation, Verdict
from worker.core.dedupe import Candidate
from worker.core.policy import Policy
from worker.core.shelf import Shelf

_CASES = 200  # of each kind
_FIRST = datetime(2024, 3, 1, 6, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    words: int  # of the stored text
    days: float  # between the two
    meant: Relation
    again: Callable[[str, Random], str]  # the body that comes
    source: str = "Valley Record"  # of the second; the first is the Lakeside Gazette's
    kinship: Kinship | None = None
    figures: bool = False  # a number after every eight words, as in a market's report


def run(data: Path | None, *, verbose: bool = False) -> Iterator[tuple[str, str]]:
    for kind in _KINDS:
        verdicts = [_judge(kind, seed) for seed in range(_CASES)]
        wrong = [verdict for verdict in verdicts if not _is_meant(kind, verdict)]
        yield kind.name, share(_CASES - len(wrong), _CASES)
        if verbose:
            yield from (("  not so", verdict.because) for verdict in wrong)


def _judge(kind: _Kind, seed: int) -> Verdict:
    """The verdict on the second text of a case."""
    random = Random(seed)  # noqa: S311 -- to be repeated
    headline, *lines = next(articles(1, seed)).split("\n")
    body = " ".join(" ".join(lines).split()[: kind.words])
    later = _FIRST + timedelta(days=kind.days)
    body = _with_figures(body, random) if kind.figures else body
    first = _article(headline, body, _FIRST, "Lakeside Gazette")
    second = _article(headline, kind.again(body, random), later, kind.source)
    shelf, new_id = Shelf(), partial(_next_id, count(1))
    for n, (each, now) in enumerate([(first, _FIRST), (second, later)]):
        candidate, path = Candidate.of(each), ("judge", str(n).encode())
        near = shelf.neighbours(candidate, path, now=now)
        verdict = dedupe.decide(candidate, near, Policy())
        shelf.shelve(n, candidate, shelf.place(verdict, new_id), path, now=now)
    return verdict


def _next_id(numbers: Iterator[int]) -> UUID:
    return UUID(int=next(numbers))


def _is_meant(kind: _Kind, verdict: Verdict) -> bool:
    linked = kind.kinship is None or kind.kinship in [link.kinship for link in verdict.links]
    return verdict.relation is kind.meant and linked


def _article(headline: str, body: str, at: datetime, source: str) -> Article:
    published = Moment(at, Precision.MINUTE, "metadata")
    return replace(article(headline, [body]), published=published, source=source)


# --- what becomes of a body -----------------------------------------------------------------------


def _same(body: str, _: Random) -> str:
    return body


def _edited(body: str, random: Random) -> str:
    """A sentence less, as another desk has it."""
    sentences = body.split(". ")
    sentences.pop(random.randrange(1, len(sentences)))
    return ". ".join(sentences)


def _extended(body: str, _: Random) -> str:
    return f"{body} The desk will tell more of it when those who were there are back in town."


def _other_numbers(body: str, random: Random) -> str:
    """The next item of a series: every number is another."""
    words = body.split()
    return " ".join(_changed(word, random) if word[0].isdigit() else word for word in words)


def _with_figures(body: str, random: Random) -> str:
    words = body.split()
    eights = (" ".join(words[n : n + 8]) for n in range(0, len(words), 8))
    return " ".join(f"{eight} {random.randrange(100, 1000)}" for eight in eights)


def _one_number(body: str, random: Random) -> str:
    """The story develops: the first number is another."""
    words = body.split()
    first = next(n for n, word in enumerate(words) if word[0].isdigit())
    words[first] = _changed(words[first], random)
    return " ".join(words)


def _changed(word: str, random: Random) -> str:
    return "".join(str(random.randrange(1, 10)) if sign.isdigit() else sign for sign in word)


_RECURRING: dict[str, Any] = {"meant": Relation.NEW, "kinship": Kinship.RECURRING}
_KINDS = (
    _Kind("copy elsewhere, two days later", 150, 2, Relation.NEAR, _edited),
    _Kind("copy elsewhere, six days later", 150, 6, Relation.NEAR, _edited),
    _Kind("comes again after eight days", 150, 8, again=_edited, **_RECURRING),
    _Kind("short, comes again after four days", 80, 4, again=_edited, **_RECURRING),
    _Kind("the same words, after eight days", 150, 8, again=_same, **_RECURRING),
    _Kind("long, the same words, years later", 300, 999, Relation.EXACT, _same),
    _Kind(
        "series, every number another, next day",
        150,
        1,
        again=_other_numbers,
        figures=True,
        **_RECURRING,
    ),
    _Kind("a number changed, elsewhere", 150, 1, Relation.REVISION, _one_number),
    _Kind(
        "same source, more of it, two days",
        150,
        2,
        Relation.REVISION,
        _extended,
        "Lakeside Gazette",
    ),
    _Kind(
        "same source, more of it, four days", 150, 4, Relation.NEAR, _extended, "Lakeside Gazette"
    ),
)
