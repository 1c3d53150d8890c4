"""Cut a text into words, once, for every rule that looks for names in it.

A word is a run of letters and digits. A possessive ending, a hyphen and an elided article end it,
so that ``Kenya's``, ``Rwanda-backed`` and ``l'Union`` are found by their parts; an apostrophe
inside a name does not (``Wetang'ula``). Dotted capitals (``U.S.``) are one word, read without dots.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from worker.core.article import Field
from worker.core.tagging.cues import ABBREVIATIONS

APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"
_WORD = re.compile(
    r"(?:[A-Z]\.)+[A-Z](?!\w)\.?"  # U.S., U.S
    rf"|(?:[cdjlmnstL]|qu)(?=[{APOSTROPHES}]\w)"  # French elisions
    rf"|\w+(?:[{APOSTROPHES}](?![sS]\b)\w+)*"
)
_SPACES = frozenset((" ", "\n", "\N{NO-BREAK SPACE}"))
# What may stand between two words of one name; and a dot, if it is that of "St.".
_GAPS = _SPACES | frozenset(("-", "\N{NON-BREAKING HYPHEN}", *APOSTROPHES))
_MOST_LETTERS_OF_AN_INITIAL = 2
_REMEMBERED = 4096  # names: the same few are compared over and over
_TITLE_CASE_MIN_WORDS = 4
_TITLE_CASE_MIN_SHARE = 0.7


class Word(NamedTuple):
    start: int  # code points into the text
    end: int  # exclusive
    text: str  # as words are compared: straight apostrophes, no dots

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


@dataclass(frozen=True)
class Text:
    """The headline or the body, with its words."""

    field: Field
    content: str

    @cached_property
    def words(self) -> tuple[Word, ...]:
        content = self.content.replace(APOSTROPHES[1], APOSTROPHES[0])  # as long as before
        return tuple(_placed(_WORD.findall(content), content))

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The words with their case folded."""
        return tuple([word.text.casefold() for word in self.words])

    @cached_property
    def positions(self) -> dict[str, list[int]]:
        """Where each folded word stands, in order: what looks for few words skips the others."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for i, word in enumerate(self.folded):
            found[word].append(i)
        return dict(found)

    @cached_property
    def capitals(self) -> tuple[int, ...]:
        """Indexes of the words with a capital, in order."""
        return tuple([i for i, word in enumerate(self.words) if word.text[0].isupper()])

    def word_from(self, start: int) -> int:
        """Index of the first word that begins at *start* or after it."""
        return bisect_left(self._starts, start)

    @cached_property
    def _starts(self) -> list[int]:
        return [word.start for word in self.words]

    @cached_property
    def shouted(self) -> bool:
        """All in capitals: then capitals say nothing, and ``WHO`` may be ``who``."""
        return self.content.isupper()

    @cached_property
    def title_case(self) -> bool:
        """Most words carry a capital, as in American headlines: capitals do not show names."""
        if self.field is not Field.HEADLINE:
            return False
        long = [word for word in self.words if len(word.text) > 3]
        capitals = sum(word.capital for word in long)
        return len(long) >= _TITLE_CASE_MIN_WORDS and capitals >= _TITLE_CASE_MIN_SHARE * len(long)

    def joined(self, first: Word, second: Word) -> bool:
        """Whether two neighbouring words can belong to one name."""
        gap = self.content[first.end : second.start]
        return gap in _GAPS or (gap == ". " and _is_short(first.text))

    def spaced(self, first: Word, second: Word) -> bool:
        """Whether nothing but a space is between two words."""
        return self.content[first.end : second.start] in _SPACES


def _placed(found: Iterable[str], content: str) -> Iterator[Word]:
    """Words with their places: each is the next in *content* that begins with a letter or digit.

    The most frequent step of all tagging: so no matches are made, and no constructor is called.
    """
    end = 0
    for word in found:
        start = content.find(word, end)
        end = start + len(word)
        yield tuple.__new__(Word, (start, end, word.replace(".", "")))


def _is_short(word: str) -> bool:
    return len(word) <= _MOST_LETTERS_OF_AN_INITIAL or word.casefold() in ABBREVIATIONS


@lru_cache(maxsize=_REMEMBERED)
def words(text: str) -> tuple[str, ...]:
    """The words of a name, as they are compared, case kept."""
    return tuple(word.text for word in Text(Field.HEADLINE, text).words)


@lru_cache(maxsize=_REMEMBERED)
def key(text: str) -> tuple[str, ...]:
    """The words of a name with case folded: what two spellings of one name share."""
    return tuple(word.casefold() for word in words(text))
