"""Judge near-duplicates on ``newsdup_dev.jsonl.gz``: labelled edits, and traps that look like them.

The pure decision over the index in memory, one article after the other in the order of the file,
each read as a file is (``title``, line break, ``body``). What the judge calls one cluster, versions
and copies alike, is one article of ours; two articles that a later text joins are merged, as in the
store. Each half of the clusters is scored alone, too: thresholds that fit all of them by chance
would fit one half worse.

A *trap* is an article of a template, or wrapped in what all pages of an outlet share: it is wrongly
merged when its article has also a story of another cluster. Intervals are Wilson's, at 95 %.
"""

import gzip
import json
import time
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from math import comb, sqrt
from pathlib import Path
from random import Random
from uuid import UUID

from tests.judge.texts import share
from worker.core import dedupe
from worker.core.article import Article
from worker.core.dedupe import Candidate
from worker.core.normalise import normalise
from worker.core.policy import Policy
from worker.core.readers import read
from worker.core.shelf import Shelf

_TRAPS = ("trap_", "shortboiler", "quote", "qa", "roundup")
_Z = 1.96  # of 95 %
_ORDERS = 3  # shuffled, besides the file's

Clusters = Mapping[int, Hashable]  # row → cluster


@dataclass(frozen=True, slots=True)
class Row:
    cluster: str
    edit: str
    article: Article


def run(data: Path, *, verbose: bool) -> Iterator[tuple[str, str]]:
    rows = _rows(data)
    began = time.process_time()
    articles = [row.article for row in rows]
    found = clusters(articles, range(len(rows)))
    seconds = time.process_time() - began
    gold = {n: row.cluster for n, row in enumerate(rows)}
    yield "in the order of the file", _scores(found, gold)
    yield from _recall(rows, found, gold)
    yield from _traps(rows, found)
    yield from _halves(rows, gold)
    yield from _shuffled(rows, gold, found)
    yield "fingerprint and decision, one core", f"{len(rows) / seconds:.0f} articles/s"
    if verbose:
        yield from _mistakes(rows, found)


def _rows(data: Path) -> list[Row]:
    with gzip.open(data / "newsdup_dev.jsonl.gz", "rt", encoding="utf-8") as file:
        return [_row(json.loads(line)) for line in file]


def _row(given: Mapping[str, str]) -> Row:
    content = f"{given['title']}\n{given['body']}".encode()
    return Row(given["cluster"], given["edit"], normalise(*read(content, "judged.txt")))


def clusters(articles: Sequence[Article], order: Sequence[int]) -> Clusters:
    """Each one's article in the store, as they come in *order*."""
    store, found = _Store(), {n: UUID(int=0) for n in order}
    for n in order:
        found[n] = store.put(n, articles[n])
    return {n: store.heirs.get(article_id, article_id) for n, article_id in found.items()}


class _Store:
    """The shelf, and what becomes of two articles that a text shows to be one."""

    def __init__(self) -> None:
        self._shelf = Shelf()
        self._new_id = partial(_next_id, count(1))
        self._latest: dict[UUID, int] = {}
        self.heirs: dict[UUID, UUID] = {}  # of what was merged; none of them is merged itself

    def put(self, n: int, article: Article) -> UUID:
        candidate, path = Candidate.of(article), ("judge", str(n).encode())
        near = self._shelf.neighbours(candidate, path)
        decision = self._shelf.place(dedupe.decide(candidate, near, Policy()), self._new_id)
        self._shelf.shelve(n, candidate, decision, path)
        if decision.adds_version:
            self._latest[decision.article_id] = decision.version
        for other in decision.verdict.joins:
            self._merge(decision.article_id, other)
        return decision.article_id

    def _merge(self, *both: UUID) -> None:
        """The younger into the elder, as the stores do; here they are always at rest."""
        elder, younger = sorted(self.heirs.get(article_id, article_id) for article_id in both)
        self._shelf.merge(younger, elder, self._latest[elder])
        of_younger = [article_id for article_id, into in self.heirs.items() if into == younger]
        self.heirs |= dict.fromkeys([*of_younger, younger], elder)


def _next_id(numbers: Iterator[int]) -> UUID:
    return UUID(int=next(numbers))


# --- figures --------------------------------------------------------------------------------------


def _scores(found: Clusters, gold: Clusters) -> str:
    """Pairwise; the F1 of pairs is the adjusted Rand index to four digits, where most are apart."""
    both, ours, theirs = _pairs(found, gold), _pairs(found), _pairs(gold)
    precision, recall = both / ours, both / theirs
    return f"F1 {_f1(found, gold):.4f}  precision {precision:.4f}  recall {recall:.4f}"


def _f1(one: Clusters, other: Clusters) -> float:
    return 2 * _pairs(one, other) / (_pairs(one) + _pairs(other))


def _pairs(*labels: Clusters) -> int:
    """How many pairs of rows have every one of *labels* in common."""
    groups = Counter(tuple(label[n] for label in labels) for n in labels[0])
    return sum(comb(n, 2) for n in groups.values())


def _recall(rows: Sequence[Row], found: Clusters, gold: Clusters) -> Iterator[tuple[str, str]]:
    """By kind of edit: of the pairs that an edited row is part of, those that we found."""
    members = defaultdict(list)
    for n, cluster in gold.items():
        members[cluster].append(n)
    hits: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for n, row in enumerate(rows):
        others = [other for other in members[row.cluster] if other != n]
        pairs[row.edit] += len(others)
        hits[row.edit] += sum(found[n] == found[other] for other in others)
    for edit in sorted(edit for edit in pairs if pairs[edit]):
        yield f"  found: {edit}", share(hits[edit], pairs[edit])


def _traps(rows: Sequence[Row], found: Clusters) -> Iterator[tuple[str, str]]:
    stories = defaultdict(set)
    for n, row in enumerate(rows):
        stories[found[n]].add(row.cluster)
    caught: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for n, row in enumerate(rows):
        if row.edit.startswith(_TRAPS):
            seen[row.edit] += 1
            caught[row.edit] += len(stories[found[n]]) > 1
    for edit in sorted(seen):
        yield f"  wrongly merged: {edit}", _rate(caught[edit], seen[edit])
    yield "wrongly merged, all traps", _rate(caught.total(), seen.total())


def _rate(part: int, whole: int) -> str:
    low, high = _wilson(part, whole)
    return f"{share(part, whole)}, {low:.1%} to {high:.1%}"


def _wilson(part: int, whole: int) -> tuple[float, float]:
    """Wilson 1927, doi:10.1080/01621459.1927.10502953."""
    rate, weight = part / whole, _Z**2 / whole
    middle = (rate + weight / 2) / (1 + weight)
    reach = _Z * sqrt(rate * (1 - rate) / whole + weight / (4 * whole)) / (1 + weight)
    return max(0.0, middle - reach), middle + reach


def _halves(rows: Sequence[Row], gold: Clusters) -> Iterator[tuple[str, str]]:
    """Every other cluster, by itself."""
    numbers = {cluster: n for n, cluster in enumerate(dict.fromkeys(row.cluster for row in rows))}
    for half in (0, 1):
        order = [n for n, row in enumerate(rows) if numbers[row.cluster] % 2 == half]
        found = clusters([row.article for row in rows], order)
        yield f"half of the clusters, {half + 1}", _scores(found, {n: gold[n] for n in order})


def _shuffled(rows: Sequence[Row], gold: Clusters, found: Clusters) -> Iterator[tuple[str, str]]:
    results = [found]
    for seed in range(1, _ORDERS + 1):
        order = Random(seed).sample(range(len(rows)), len(rows))  # noqa: S311 -- to be repeated
        results.append(clusters([row.article for row in rows], order))
        yield f"shuffled, {seed}", _scores(results[-1], gold)
    agreements = [_f1(a, b) for n, a in enumerate(results) for b in results[:n]]
    yield "agreement of two orders, F1 of pairs", f"{min(agreements):.4f} at least"


def _mistakes(rows: Sequence[Row], found: Clusters) -> Iterator[tuple[str, str]]:
    """Articles that have two stories, and stories that are two articles, by row."""
    for what, one, other in (
        ("merged", found, {n: row.cluster for n, row in enumerate(rows)}),
        ("split", {n: row.cluster for n, row in enumerate(rows)}, found),
    ):
        groups: defaultdict[Hashable, defaultdict[Hashable, list[int]]]
        groups = defaultdict(lambda: defaultdict(list))
        for n in found:
            groups[one[n]][other[n]].append(n)
        for parts in groups.values():
            if len(parts) > 1:
                said = (" ".join(f"{n}:{rows[n].edit}" for n in part) for part in parts.values())
                yield what, " | ".join(said)
