"""Decide how an incoming article relates to those already stored.

Pure: no clock, no I/O, no logging. The store fetches the neighbours and makes the verdict good
(``Desk.decide``), so every rule below is tested without a database.

A false "copy" loses an article for good; a missed one only shows it twice. In doubt, call it new.

How much two texts must share depends on what their headlines say (``worker.core.likeness``). Where
both say the same, a third of what is particular to them is enough, less if only misprints differ.
Where each names something that the other does not, they are items of one template until nearly all
else agrees: another town's weather, another company's dividend. Numbers are the other witness:
texts whose numbers contradict each other are one story only if nearly all their words agree, and
then the difference is news, a revision and never a mere copy.

Items that come again (the daily figures, the weekly list) are told from copies by their dates, or
by numbers all of which changed while the words stayed. A changed name is news only from the same
source: what another paper's copy names otherwise is mostly the paper.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum
from functools import cached_property
from uuid import UUID

from worker.core.article import HALF, Article, Kinship, Link, Precision, Relation, Scores, Verdict
from worker.core.fingerprint import Fingerprint, Text, print_of, text
from worker.core.likeness import (
    Headlines,
    changed_names,
    changed_numbers,
    headlines,
    letters,
    measure,
)
from worker.core.policy import Bar, Policy


@dataclass(frozen=True)
class Candidate:
    """An incoming article, made ready for the decision."""

    article: Article
    fingerprint: Fingerprint

    @classmethod
    def of(cls, article: Article) -> "Candidate":
        made = text(article.headline, article.body_text)
        candidate = cls(article, print_of(made))
        candidate.__dict__["text"] = made  # as if it had been asked for
        return candidate

    @cached_property
    def text(self) -> Text:
        return text(self.article.headline, self.article.body_text)

    @property
    def publisher_version(self) -> tuple[int, ...] | None:
        return _number(self.article.publisher_version)

    @property
    def published(self) -> datetime | None:
        """To the day at least; a month is no witness."""
        moment = self.article.published
        coarse = moment is None or moment.precision in (Precision.YEAR, Precision.MONTH)
        return None if moment is None or coarse else moment.at


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A stored text that may be the same story, and how it was found."""

    article_id: UUID
    version: int  # whose text it is, or that it is a near copy of
    latest: bool  # no later version of its article is stored
    content_hash: bytes
    text: Text
    same_text: bool = False  # headline and body are the candidate's, to the letter
    same_path: bool = False  # the last generation of the candidate's file belongs to this article
    own: bool = False  # and some generation of it made a version: the file may revise the article
    same_uri: bool = False  # the publisher gives both the same identity
    same_source: bool = False  # both name their publisher, and it is one
    newest: str | None = None  # the publisher's number of its article's latest version
    published_apart: timedelta | None = None  # None: not both are dated
    arrived_apart: timedelta | None = None


def _number(written: str | None) -> tuple[int, ...] | None:
    """What can be compared; some publishers count in words."""
    parts = (written or "").split(".")
    return tuple(map(int, parts)) if all(p.isascii() and p.isdecimal() for p in parts) else None


_Changed = tuple[tuple[str, str], ...]  # numbers and names, the old and the new


class _Strength(IntEnum):
    """Strongest first; within one, the closest text wins."""

    SAME_TEXT = 1
    SAME_NAME = 2  # the same file or publisher's identifier
    NEAR = 3
    APART = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """What one neighbour is to the candidate, and the rule that says so, as a sentence."""

    neighbour: Neighbour
    scores: Scores
    strength: _Strength
    because: str
    relation: Relation | None = None  # None: they stay apart
    kinship: Kinship | None = None  # how two that stay apart are related all the same
    headlines: Headlines | None = None  # None: they were not asked
    changed: _Changed = ()

    @property
    def order(self) -> tuple[int, float, float, int, UUID, int]:
        """The least is the one to act on."""
        rank = list(Relation).index(self.relation) if self.relation else len(Relation)
        near = (
            self.strength is _Strength.NEAR
        )  # a copy of an old version, or a revision: the closer
        where = self.neighbour.article_id, -self.neighbour.version
        return (self.strength, 0.0 if near else rank, -self.scores.jaccard, rank, *where)


def decide(candidate: Candidate, stored: Iterable[Neighbour], policy: Policy) -> Verdict:
    """Relate *candidate* to the closest of *stored*.

    The strongest relation wins, then the most shared text, the smallest id, the latest version: the
    order of *stored* does not matter, and a redelivered message gets the same verdict.

    Args:
        candidate: The incoming article.
        stored: Its neighbours, any number and order; read once.
        policy: Thresholds.

    Returns:
        The verdict. Raises nothing: its arguments are valid by construction.

    """
    findings = examine(candidate, stored, policy)
    best = findings[0] if findings else None
    if best is None or best.relation is None:
        return replace(_NEW, links=_links(findings))
    return Verdict(
        best.relation,
        best.because,
        best.neighbour.article_id,
        best.neighbour.version,
        best.scores,
        changed=best.changed,
        links=_links(findings) if best.relation.adds_version else (),
        joins=_joins(findings, policy),
    )


def examine(
    candidate: Candidate, stored: Iterable[Neighbour], policy: Policy
) -> tuple[Finding, ...]:
    """Say of each of *stored* what it is to *candidate*, and why; the one to act on first."""
    neighbours = list(stored)
    known = _shingles(neighbours)
    findings = [
        _find(candidate, other, [s for i, s in known if i != other.article_id], policy)
        for other in neighbours
    ]
    return tuple(sorted(findings, key=lambda finding: finding.order))


def _shingles(neighbours: Collection[Neighbour]) -> list[tuple[UUID, frozenset[int]]]:
    """What each article says, in any of its texts."""
    known: dict[UUID, frozenset[int]] = {}
    for n in neighbours:
        before = known.get(n.article_id)
        known[n.article_id] = before | n.text.shingles if before else n.text.shingles
    return list(known.items())


# --- one neighbour --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pair:
    """The candidate and one neighbour, measured."""

    candidate: Candidate
    other: Neighbour
    scores: Scores
    policy: Policy

    @property
    def words(self) -> int:
        return min(self.candidate.text.words, self.other.text.words)

    @property
    def brief(self) -> bool:
        return self.words < self.policy.brief_words

    @property
    def tabular(self) -> bool:
        """Whether both are tables, or little else."""
        texts = self.candidate.text, self.other.text
        return all(t.numerals > self.policy.tabular * len(t.tokens) for t in texts)

    def found(
        self, relation: Relation, strength: _Strength, because: str, changed: _Changed = ()
    ) -> Finding:
        return Finding(self.other, self.scores, strength, because, relation, changed=changed)


def _find(
    candidate: Candidate, other: Neighbour, others: Sequence[frozenset[int]], policy: Policy
) -> Finding:
    scores = measure(candidate.text, other.text, others)
    pair = _Pair(candidate, other, scores, policy)
    return _by_name(pair) or _by_text(pair)


def _by_name(pair: _Pair) -> Finding | None:
    """Relate by what needs no measure: the same words, the same name, the same file."""
    candidate, other = pair.candidate, pair.other
    if candidate.fingerprint.content_hash == other.content_hash:
        return _same_text(pair)
    if other.same_uri and (later := _outdated_by(pair)):
        because = f"the publisher's own number says that it came before {later}, which is stored"
        return pair.found(Relation.NEAR, _Strength.SAME_NAME, because, changed=_changed(pair))
    if other.same_uri:
        because = "the publisher's own identifier is the same, the text is another"
        return pair.found(Relation.REVISION, _Strength.SAME_NAME, because, changed=_changed(pair))
    if other.own and _one_begins_the_other(candidate.text, other.text, pair.policy):
        return pair.found(Relation.REVISION, _Strength.SAME_NAME, HALF)
    return None


def _outdated_by(pair: _Pair) -> str | None:
    """The publisher's version that is stored, if that is later than the candidate's."""
    mine, theirs = pair.candidate.publisher_version, _number(pair.other.newest)
    late = mine is not None and theirs is not None and mine < theirs
    return f"version {pair.other.newest}" if late else None


def _same_text(pair: _Pair) -> Finding:
    """Relate texts that are the same word for word: case and punctuation may differ."""
    other, strength = pair.other, _Strength.SAME_TEXT
    if other.own and not other.latest:
        because = f"the file is back at the text of version {other.version}"
        return pair.found(Relation.REVISION, _Strength.SAME_NAME, because)
    if other.own and not other.same_text:
        because = "the file was edited: the words are the same, their writing is not"
        return pair.found(Relation.REVISION, _Strength.SAME_NAME, because)
    if other.same_path:
        return pair.found(Relation.UNCHANGED, strength, "the file has its own article's text")
    if not other.same_uri and (apart := _again(pair, other.published_apart)):
        return _apart(pair, f"the same words, but {apart}", Kinship.RECURRING)
    return pair.found(Relation.EXACT, strength, "headline and body are the same, word for word")


def _by_text(pair: _Pair) -> Finding:
    found = headlines(pair.candidate.text, pair.other.text)
    if (refusal := _share_too_little(pair, found)) is not None:
        return replace(_apart(pair, refusal, _kinship(pair, found)), headlines=found)
    if (refusal := _say_other_numbers(pair, found)) is not None:
        alike = pair.scores.containment >= pair.policy.kindred
        kinship = Kinship.RECURRING if alike else _kinship(pair, found)
        return replace(_apart(pair, refusal, kinship), headlines=found)
    other = pair.other
    elsewhere = not other.same_path and not other.own
    if elsewhere and (apart := _again(pair, other.published_apart or other.arrived_apart)):
        return replace(_apart(pair, f"alike, but {apart}", Kinship.RECURRING), headlines=found)
    return replace(_nearly_same_text(pair), headlines=found)


def _share_too_little(pair: _Pair, found: Headlines) -> str | None:
    """Which test the words of the texts fail, as a sentence; None: they may be one story."""
    scores, bar = pair.scores, pair.policy.bar(found)
    if pair.words < bar.words:
        return f"{_SAY[found]}, and {pair.words} words are too few to tell"
    weighted = max(bar.weighted, bar.short_weighted) if pair.brief else bar.weighted
    if scores.weighted < weighted:
        if _misprinted(pair, bar):
            return None
        return _short_of("what is particular to them is shared", found, scores.weighted, weighted)
    if scores.jaccard < bar.jaccard:
        return _short_of("both texts is shared", found, scores.jaccard, bar.jaccard)
    return None


def _say_other_numbers(pair: _Pair, found: Headlines) -> str | None:
    """Which test their numbers fail; None: they are one story.

    Of a story that develops, few numbers change; of the next item of a series, all do, and the
    words stay. What a table says is its numbers.
    """
    scores, policy, bar = pair.scores, pair.policy, pair.policy.bar(found)
    if scores.jaccard >= policy.same_jaccard:
        return None
    sure = bar.sure is not None and scores.weighted >= bar.sure and not pair.brief
    if not sure and _contradict(pair, bar.numbers):
        return _short_of("their numbers agree", found, scores.numbers, bar.numbers)
    if pair.tabular and scores.weighted < policy.figures:
        return _short_of("their tables agree", found, scores.weighted, policy.figures)
    if scores.weighted < policy.series and _all_changed(pair):
        return f"{_SAY[found]}, and every number is another: an item that comes again"
    return None


def _all_changed(pair: _Pair) -> bool:
    changed = changed_numbers(pair.other.text, pair.candidate.text)
    other = pair.scores.numbers < pair.policy.series_numbers
    return other and len(changed) >= pair.policy.few_brief


def _short_of(what: str, found: Headlines, share: float, needed: float) -> str:
    return f"{_SAY[found]}, and {share:.0%} of {what}, where {needed:.0%} are needed"


def _contradict(pair: _Pair, needed: float) -> bool:
    scores, policy = pair.scores, pair.policy
    fewest = min(len(pair.candidate.text.numbers), len(pair.other.text.numbers))
    few = policy.few_brief if pair.brief else policy.few_numbers
    asked = scores.jaccard < policy.same_jaccard and fewest >= few
    return asked and scores.numbers < needed


def _misprinted(pair: _Pair, bar: Bar) -> bool:
    """Whether misread letters are what keeps the words of two texts apart."""
    policy = pair.policy
    if bar.letters is None or pair.scores.weighted < policy.min_weighted:
        return False
    if _contradict(pair, policy.misprint_numbers):
        return False
    return letters(pair.candidate.text, pair.other.text) >= bar.letters


def _again(pair: _Pair, apart: timedelta | None) -> str | None:
    """Whether a text came again after so long that it is another item of a series, and how long."""
    policy = pair.policy
    timeless = pair.words >= policy.timeless_words
    if apart is None or (timeless and pair.scores.jaccard >= policy.timeless_jaccard):
        return None
    window = policy.short_window if pair.words < policy.short_words else policy.window
    return f"they came {apart.days} days apart" if apart > window else None


def _nearly_same_text(pair: _Pair) -> Finding:
    other, scores = pair.other, pair.scores
    shared = f"{scores.containment:.0%} of the shorter text's word sequences are shared"
    changed = _changed(pair)
    told = ", ".join(f"{old} became {new}" for old, new in changed[:5])
    if other.own:
        because = f"the file was edited: {shared}" + (f", and {told}" if told else "")
        return pair.found(Relation.REVISION, _Strength.SAME_NAME, because, changed=changed)
    if changed and _keeps(pair) >= pair.policy.revises:
        because = f"{shared}, and facts changed: {told}"
        return pair.found(Relation.REVISION, _Strength.NEAR, because, changed=changed)
    if _is_update(pair):
        because = f"the same source tells it anew: {shared}" + (f", and {told}" if told else "")
        return pair.found(Relation.REVISION, _Strength.NEAR, because, changed=changed)
    if other.same_path:
        because = f"the file was a copy of the article, and still is: {shared}"
        return pair.found(Relation.UNCHANGED, _Strength.NEAR, because)
    because = f"{shared}, " + (
        f"but too little to revise it: {told}" if told else "and no fact contradicts another"
    )
    return pair.found(Relation.NEAR, _Strength.NEAR, because, changed=changed)


def _is_update(pair: _Pair) -> bool:
    """Whether a source's text takes the place of its own, of a few days ago at most."""
    other, policy = pair.other, pair.policy
    apart = other.published_apart or other.arrived_apart
    soon = apart is not None and apart <= policy.update_window
    whole = _keeps(pair) >= policy.revises and pair.scores.containment >= policy.updates
    return other.same_source and not other.same_path and soon and whole


def _changed(pair: _Pair) -> _Changed:
    """What another paper's copy names otherwise is itself, mostly; a source corrects its own."""
    texts = pair.other.text, pair.candidate.text
    numbers = changed_numbers(*texts)
    own = pair.other.own or pair.other.same_source or pair.other.same_uri
    return numbers + changed_names(*texts) if own else numbers


def _keeps(pair: _Pair) -> float:
    """The share of the stored text that the candidate has."""
    theirs = pair.other.text.shingles
    return len(theirs & pair.candidate.text.shingles) / len(theirs) if theirs else 0.0


def _one_begins_the_other(mine: Text, other: Text, policy: Policy) -> bool:
    """Also where the shorter one is but a headline: a writer may close the file after each line."""
    n = min(len(mine.tokens), len(other.tokens))
    told = n >= policy.prefix_words or mine.heading == other.heading
    return told and mine.tokens[:n] == other.tokens[:n]


# --- what stays apart -----------------------------------------------------------------------------


def _apart(pair: _Pair, because: str, kinship: Kinship | None) -> Finding:
    return Finding(pair.other, pair.scores, _Strength.APART, because, kinship=kinship)


def _kinship(pair: _Pair, found: Headlines) -> Kinship | None:
    scores, policy = pair.scores, pair.policy
    if found is Headlines.RIVAL and scores.containment >= policy.kindred:
        return Kinship.RECURRING
    if scores.weighted >= policy.contained and not pair.brief:
        return Kinship.CONTAINED
    if found in (Headlines.SAME, Headlines.RIVAL) and scores.weighted >= policy.min_weighted:
        return Kinship.RELATED
    return None


def _links(findings: Iterable[Finding]) -> tuple[Link, ...]:
    """The closest of the articles that stay apart, each once."""
    links: dict[UUID, Link] = {}
    for f in findings:
        if f.kinship is not None and f.relation is None:
            link = Link(f.kinship, f.neighbour.article_id, f.because, f.scores)
            links.setdefault(f.neighbour.article_id, link)
    joined = {f.neighbour.article_id for f in findings if f.relation is not None}
    return tuple(link for of, link in links.items() if of not in joined)[:_LINKS]


def _joins(findings: Sequence[Finding], policy: Policy) -> tuple[UUID, ...]:
    """Other articles that the text shows to be the same one: it is strongly like both."""
    found = [f for f in findings if f.relation is not None and _is_strong(f, policy)]
    if findings[0] not in found:
        return ()
    first = findings[0].neighbour.article_id
    ids = dict.fromkeys(f.neighbour.article_id for f in found)
    return tuple(i for i in ids if i != first)


def _is_strong(finding: Finding, policy: Policy) -> bool:
    told_so = finding.headlines in (Headlines.SAME, Headlines.TOLD)
    scores = finding.scores
    agree = scores.weighted >= policy.joins and scores.numbers >= policy.joins_numbers
    return told_so and agree


_LINKS = 3
_SAY = {
    Headlines.SAME: "the headlines say the same",
    Headlines.TOLD: "one text opens with the other's headline",
    Headlines.RIVAL: "each headline names what the other does not",
    Headlines.UNLIKE: "the headlines are unlike",
}

_NEW = Verdict(Relation.NEW, "no stored text is like it")
