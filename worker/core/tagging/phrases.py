"""Find known phrases in a text: the longest at each place, from left to right, none overlapping.

"South Sudan" is found as itself, never as Sudan; "Papua New Guinea" never as Guinea.

A phrase is looked up by its first word and then by its second, so the cost is one intersection of
two sets of words, and what is found in it, whatever the number of phrases (a regular expression of
all of them is a hundred times slower).

Case is part of a name: ``US`` is a country and ``us`` is not, ``Turkey`` is one and ``turkey`` is
a bird. A phrase matches as it is listed; a word of it that is listed in lower case ("of",
"kényan") matches any case; and a capitalised word matches the same word in capitals, as in a
dateline. Abbreviations match exactly, and short ones not at all in a text that is all capitals.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from worker.core.tagging.words import Text, key, words

T = TypeVar("T")

_SHORT = 3  # letters of an abbreviation that may be a word in capitals: US, WHO, CAR


class Match(NamedTuple, Generic[T]):
    first: int  # index into the text's words
    last: int  # inclusive
    start: int  # code points
    end: int  # exclusive
    value: T


class _Listed(NamedTuple, Generic[T]):
    words: tuple[str, ...]
    folded: tuple[str, ...]
    value: T


_ALONE = ""  # in place of a second word


@dataclass(frozen=True, slots=True)
class Phrases(Generic[T]):
    _by_two_words: dict[str, dict[str, list[_Listed[T]]]]  # the first, then the second or _ALONE

    @classmethod
    def of(cls, phrases: Iterable[tuple[str, T]]) -> "Phrases[T]":
        """Index *phrases*; of two that read the same, the first counts."""
        listed: dict[tuple[str, ...], _Listed[T]] = {}
        for phrase, value in phrases:
            tokens = words(phrase)
            if tokens not in listed:
                listed[tokens] = _Listed(tokens, key(phrase), value)
        by_two: dict[str, dict[str, list[_Listed[T]]]] = {}
        for entry in listed.values():
            first, second = (*entry.folded, _ALONE)[:2]
            by_two.setdefault(first, {}).setdefault(second, []).append(entry)
        for following in by_two.values():
            for entries in following.values():
                if len(entries) > 1:
                    entries.sort(key=lambda entry: (-len(entry.words), entry.words))
        return cls(by_two)

    def find(self, text: Text) -> Iterator[Match[T]]:
        free_from = 0  # the first word that no phrase holds yet
        for position in self._beginnings(text.positions):
            match = self.at(text, position) if position >= free_from else None
            if match is not None:
                yield match
                free_from = match.last + 1

    def _beginnings(self, positions: Mapping[str, Sequence[int]]) -> list[int]:
        """Where a phrase may begin: "the" is everywhere, and "Hague" is not."""
        by_two = self._by_two_words
        return sorted(
            [
                position
                for word in by_two.keys() & positions.keys()
                if _ALONE in by_two[word] or not positions.keys().isdisjoint(by_two[word])
                for position in positions[word]
            ]
        )

    def at(self, text: Text, position: int) -> Match[T] | None:
        """The longest phrase that starts with the word at *position*."""
        following = self._by_two_words.get(text.folded[position])
        if following is None:
            return None
        for second in (*text.folded[position + 1 : position + 2], _ALONE):
            for tokens, folded, value in following.get(second, ()):
                last = position + len(tokens) - 1
                if text.folded[position : last + 1] == folded and _reads_so(text, position, tokens):
                    return Match(position, last, text.starts[position], text.ends[last], value)
        return None


def _reads_so(text: Text, position: int, tokens: tuple[str, ...]) -> bool:
    """Whether words that are the same but for their case are a phrase of *tokens* here."""
    if text.shouted and len(tokens) == 1 and len(tokens[0]) <= _SHORT:
        return False
    beyond = position + len(tokens)
    found = text.words[position:beyond]
    if found != tokens and not all(map(_reads, found, tokens)):
        return False
    return all(map(text.joined, range(position + 1, beyond)))


def _reads(word: str, token: str) -> bool:
    return word == token or token.islower() or word.isupper()
