"""Say what an article is about, in the terms of IPTC's Media Topics, and by which of its words.

Lists of words, each with a weight, vote for the top-level topics; a word counts more in the
headline and in the first paragraph, and each time less. Nothing is learned, so a reader can be
shown why: the evidence are the words themselves. A top level is nearly always given, since a story
without one is found by nobody; a finer topic only below such a top level, and only where the
headline or the lead names it, or the body does so twice: a wrong detail is believed.

Where Media Topics come from, and the words: ``worker/data/README.md``.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import exp, log2

from worker.core.article import PARAGRAPH_BREAK, Subject
from worker.core.tagging.words import Text, key

# und: mostly short, and mostly English. Kirundi has the words of Kinyarwanda here, Zulu Xhosa's.
_READ_AS = {"und": "en", "rn": "rw", "zu": "xh"}
_SCHEME = "medtop:"
_HEADLINE, _LEAD, _BODY = 3.0, 1.5, 1.0  # what one word counts
_MIN_SCORE = 4.0  # a strong word, or several weak ones
_MIN_SHARE = 0.35  # of the best topic's score
_MOST_TOPICS, _MOST_FINER, _MOST_EVIDENCE = 4, 2, 5
_ENOUGH = 12.0  # a score of this makes for a confidence of 0.63
_MIN_FINER = 2.0  # once in the headline, or twice in the body
_BEGINNING = 4  # letters: a word with any ending is looked up by so many, and has no fewer


Weights = tuple[tuple[str, float], ...]  # by code


@dataclass(frozen=True, slots=True)
class Topic:
    code: str
    name: str
    level: int  # 1: top
    top: str  # code of the top-level topic above it, or its own


@dataclass(frozen=True, slots=True)
class Sign:
    """A word or phrase, case folded, and the topics that it speaks for."""

    written: str  # "elect*" has any ending
    words: tuple[str, ...]
    any_ending: bool  # of the last word
    weights: Weights

    def may_stand_among(self, words: Container[str]) -> bool:
        """Whether its second word is among those of a text: nearly always that is the answer."""
        return (self.any_ending and len(self.words) == 2) or self.words[1] in words

    def stands_at(self, folded: tuple[str, ...], i: int) -> bool:
        found = folded[i : i + len(self.words)]
        if not self.any_ending:
            return found == self.words
        return found[:-1] == self.words[:-1] and found[-1].startswith(self.words[-1])


@dataclass(frozen=True, slots=True)
class Signs:
    """What one language's lists say, looked up by the first word of each sign, or its beginning."""

    by_word: Mapping[str, tuple[Sign, ...]]
    by_beginning: Mapping[str, tuple[Sign, ...]]  # single words with any ending, by their start

    @classmethod
    def of(cls, weighted: Iterable[tuple[str, str, float]]) -> "Signs":
        """Index signs as they are written (``elect*``), each with a code and a weight."""
        collected: defaultdict[str, dict[str, float]] = defaultdict(dict)
        for written, code, weight in weighted:
            collected[written][code] = weight
        kept: dict[Weights, Weights] = {}  # each once: most signs weigh alike
        by_word: defaultdict[str, list[Sign]] = defaultdict(list)
        by_beginning: defaultdict[str, list[Sign]] = defaultdict(list)
        for written, weights in sorted(collected.items()):
            text = written.removesuffix("*")
            alike = tuple(sorted(weights.items()))
            sign = Sign(written, key(text), written != text, kept.setdefault(alike, alike))
            if sign.any_ending and len(sign.words) == 1:
                by_beginning[text[:_BEGINNING]].append(sign)
            else:
                by_word[sign.words[0]].append(sign)
        return cls(_frozen(by_word), _frozen(by_beginning))

    def that_may_begin(self, words: Mapping[str, object]) -> Iterator[tuple[str, Sign]]:
        """The signs that may stand where each of *words* does, in the order of the words."""
        for word in words:
            for sign in self.by_word.get(word, ()):
                if len(sign.words) == 1 or sign.may_stand_among(words):
                    yield word, sign
            for sign in self.by_beginning.get(word[:_BEGINNING], ()):
                if word.startswith(sign.words[0]):
                    yield word, sign


@dataclass(slots=True)
class _Found:
    """A sign in an article: how often, by what the place counts, and as what."""

    sign: Sign
    words: str
    count: float = 0.0


@dataclass(slots=True)
class _Vote:
    """What speaks for one topic."""

    count: float = 0.0
    score: float = 0.0
    evidence: list[tuple[float, str]] = field(default_factory=list)

    def add(self, given: float, found: _Found) -> None:
        self.count += found.count
        self.score += given
        self.evidence.append((-given, found.words))


@dataclass(frozen=True, slots=True)
class TopicIndex:
    topics: Mapping[str, Topic]  # by code
    signs: Mapping[str, Signs]  # by language, BCP 47 primary subtag

    def subjects(self, headline: Text, body: Text, language: str) -> tuple[Subject, ...] | None:
        """What the article is about, the likeliest first; None: no list is in its language."""
        signs = self.signs.get(_READ_AS.get(language, language))
        if signs is None:
            return None
        votes = _votes(_found(headline, body, signs))
        chosen = _chosen({c: vote.score for c, vote in votes.items() if self.topics[c].top == c})
        return tuple(
            self._subject(code, votes[code], votes[code].score / votes[chosen[0]].score)
            if code == top
            else self._subject(code, votes[code])
            for top in chosen
            for code in (top, *self._finer(top, votes))
        )

    def _finer(self, top: str, votes: Mapping[str, _Vote]) -> list[str]:
        supported = [
            code
            for code, vote in votes.items()
            if code != top and self.topics[code].top == top and vote.count >= _MIN_FINER
        ]
        return sorted(supported, key=lambda code: (-votes[code].score, code))[:_MOST_FINER]

    def _subject(self, code: str, vote: _Vote, share: float = 1.0) -> Subject:
        topic = self.topics[code]
        words = dict.fromkeys(word for _, word in sorted(vote.evidence))
        return Subject(
            qcode=f"{_SCHEME}{code}",
            name=topic.name,
            level=topic.level,
            score=round(share * (1 - exp(-vote.score / _ENOUGH)), 4),
            evidence=tuple(words)[:_MOST_EVIDENCE],
        )


def _frozen(signs: Mapping[str, list[Sign]]) -> dict[str, tuple[Sign, ...]]:
    return {word: tuple(found) for word, found in signs.items()}


def _found(headline: Text, body: Text, signs: Signs) -> dict[str, _Found]:
    """By how the sign is written."""
    found: dict[str, _Found] = {}
    lead = body.word_from(len(body.content.partition(PARAGRAPH_BREAK)[0]))
    for text in (headline, body):
        first, later = (_HEADLINE, _HEADLINE) if text is headline else (_LEAD, _BODY)
        for word, sign in signs.that_may_begin(text.positions):
            here = text.positions[word]
            if len(sign.words) > 1:
                here = [i for i in here if sign.stands_at(text.folded, i)]
            if not here:
                continue
            if sign.written not in found:
                words = " ".join(text.folded[here[0] : here[0] + len(sign.words)])
                found[sign.written] = _Found(sign, words)
            in_lead = bisect_left(here, lead)
            found[sign.written].count += in_lead * first + (len(here) - in_lead) * later
    return found


def _votes(found: Mapping[str, _Found]) -> dict[str, _Vote]:
    votes: defaultdict[str, _Vote] = defaultdict(_Vote)
    for seen in found.values():
        often = log2(1 + seen.count)
        for code, weight in seen.sign.weights:
            votes[code].add(weight * often, seen)
    return votes


def _chosen(tops: Mapping[str, float]) -> list[str]:
    """The top levels that the article is about; the first outweighs the others."""
    ranked = sorted(tops, key=lambda code: (-tops[code], code))
    least = max(_MIN_SCORE, _MIN_SHARE * max(tops.values(), default=0.0))
    return [code for code in ranked if tops[code] >= least][:_MOST_TOPICS]
