"""Find known phrases in a text: the longest at each place, from left to right, none overlapping.

"South Sudan" is found as itself, never as Sudan; "Papua New Guinea" never as Guinea.

A phrase is looked up by its first word, so the cost is one intersection of two sets of words, and
what is found in it, whatever the number of phrases (a regular expression of all of them is a
hundred times slower).

Case is part of a name: ``US`` is a country and ``us`` is not, ``Turkey`` is one and ``turkey`` is
a bird. A phrase matches as it is listed; a word of it that is listed in lower case ("of",
"kényan") matches any case; and a capitalised word matches the same word in capitals, as in a
dateline. Abbreviations match exactly, and short ones not at all in a text that is all capitals.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from worker.core.tagging.words import Text, Word, key, words

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


@dataclass(frozen=True, slots=True)
class Phrases(Generic[T]):
    _by_first_word: dict[str, list[_Listed[T]]]

    @classmethod
    def of(cls, phrases: Iterable[tuple[str, T]]) -> "Phrases[T]":
        """Index *phrases*; of two that read the same, the first counts."""
        listed: dict[tuple[str, ...], _Listed[T]] = {}
        for phrase, value in phrases:
            listed.setdefault(words(phrase), _Listed(words(phrase), key(phrase), value))
        by_first: dict[str, list[_Listed[T]]] = {}
        for entry in sorted(listed.values(), key=lambda entry: (-len(entry.words), entry.words)):
            by_first.setdefault(entry.folded[0], []).append(entry)
        return cls(by_first)

    def find(self, text: Text) -> Iterator[Match[T]]:
        free_from = 0  # the first word that no phrase holds yet
        beginnings = self._by_first_word.keys() & text.positions.keys()
        for position in sorted(p for word in beginnings for p in text.positions[word]):
            match = self.at(text, position) if position >= free_from else None
            if match is not None:
                yield match
                free_from = match.last + 1

    def at(self, text: Text, position: int) -> Match[T] | None:
        """The longest phrase that starts with the word at *position*."""
        for entry in self._by_first_word.get(text.folded[position], ()):
            end = position + len(entry.words)
            if text.folded[position:end] == entry.folded and _reads_so(text, position, entry.words):
                start = text.words[position].start
                return Match(position, end - 1, start, text.words[end - 1].end, entry.value)
        return None


def _reads_so(text: Text, position: int, tokens: tuple[str, ...]) -> bool:
    """Whether words that are the same but for their case are a phrase of *tokens* here."""
    if text.shouted and len(tokens) == 1 and len(tokens[0]) <= _SHORT:
        return False
    found = text.words[position : position + len(tokens)]
    return all(map(_reads, found, tokens)) and all(map(text.joined, found, found[1:]))


def _reads(word: Word, token: str) -> bool:
    return word.text == token or token.islower() or word.text.isupper()
