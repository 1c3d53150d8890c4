"""Cut a text into words, once, for every rule that looks for names in it.

A word is a run of letters and digits. A possessive ending, a hyphen and an elided article end it,
so that ``Kenya's``, ``Rwanda-backed`` and ``l'Union`` are found by their parts; an apostrophe
inside a name does not (``Wetang'ula``). Dotted capitals (``U.S.``) are one word, read without dots.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, compress, count

from worker.core.article import Field
from worker.core.tagging.cues import ABBREVIATIONS

APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"
_WORD = re.compile(
    r"(?=\w)("  # what is no word is passed over at once
    rf"\w++(?![{APOSTROPHES}.])"  # nearly every word; the others can only be before those marks
    r"|(?:[A-Z]\.)+[A-Z](?!\w)\.?"  # U.S., U.S
    rf"|(?:[cdjlmnstL]|qu)(?=[{APOSTROPHES}]\w)"  # French elisions
    rf"|\w++(?:[{APOSTROPHES}](?![sS]\b)\w++)*+"
    r")"
)
_SPACES = frozenset((" ", "\n", "\N{NO-BREAK SPACE}"))
# What may stand between two words of one name; and a dot, if it is that of "St.".
_GAPS = _SPACES | frozenset(
    # The last are those of "Anyang' Nyong'o", and of "Teachers' Union".
    ("-", "\N{NON-BREAKING HYPHEN}", *APOSTROPHES, *(f"{mark} " for mark in APOSTROPHES))
)
_MOST_LETTERS_OF_AN_INITIAL = 2
_REMEMBERED = 4096  # names: the same few are compared over and over
_TITLE_CASE_MIN_WORDS = 4
_TITLE_CASE_MIN_SHARE = 0.7


@dataclass(frozen=True)
class Text:
    """The headline or the body, and what the rules ask about its words, by a word's index.

    Each row is made once, by a few passes over the whole text: an object for each word costs more
    than all that the rules then ask about it.
    """

    field: Field
    content: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words as they are compared: straight apostrophes, no dots."""
        return tuple(_compared(self._parts[1::2]))

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The words with their case folded."""
        return tuple("\n".join(self.words).casefold().splitlines())

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each word begins, in code points."""
        return tuple(self._bounds[:-1:2])

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """Where each word ends, exclusive."""
        return tuple(self._bounds[1::2])

    @cached_property
    def gaps(self) -> tuple[str, ...]:
        """What stands before each word, since the one before it."""
        return tuple(self._parts[:-1:2])

    @cached_property
    def capital(self) -> tuple[bool, ...]:
        """Whether each word begins with a capital."""
        return tuple([word[0].isupper() for word in self.words])

    @cached_property
    def capitals(self) -> tuple[int, ...]:
        """Indexes of the words with a capital, in order."""
        return tuple(compress(count(), self.capital))

    @cached_property
    def positions(self) -> dict[str, list[int]]:
        """Where each folded word stands, in order: what looks for few words skips the others."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for i, word in enumerate(self.folded):
            found[word].append(i)
        return dict(found)

    @cached_property
    def shouted(self) -> bool:
        """All in capitals: then capitals say nothing, and ``WHO`` may be ``who``."""
        return self.content.isupper()

    @cached_property
    def title_case(self) -> bool:
        """Most words carry a capital, as in American headlines: capitals do not show names."""
        if self.field is not Field.HEADLINE:
            return False
        long = [self.capital[i] for i, word in enumerate(self.words) if len(word) > 3]
        return len(long) >= _TITLE_CASE_MIN_WORDS and sum(long) >= _TITLE_CASE_MIN_SHARE * len(long)

    def word_from(self, start: int) -> int:
        """Index of the first word that begins at *start* or after it."""
        return bisect_left(self.starts, start)

    def slice(self, first: int, last: int) -> str:
        """From the word at *first* to the one at *last*, inclusive, as written."""
        return self.content[self.starts[first] : self.ends[last]]

    def joined(self, i: int) -> bool:
        """Whether the word at *i* and the one before it can belong to one name."""
        gap = self.gaps[i]
        return gap in _GAPS or (gap == ". " and _is_short(self.words[i - 1]))

    def spaced(self, i: int) -> bool:
        """Whether nothing but a space is between the word at *i* and the one before it."""
        return self.gaps[i] in _SPACES

    @cached_property
    def _parts(self) -> list[str]:
        """What is no word, and words, by turns; the first and the last are no words."""
        return _WORD.split(self.content)

    @cached_property
    def _bounds(self) -> list[int]:
        """The end of each part, where the next begins."""
        return list(accumulate(map(len, self._parts)))


def _compared(written: Iterable[str]) -> list[str]:
    """Words as they are compared: all in one go, as lines, for no word has a line break in it."""
    text = "\n".join(written)
    return text.replace(APOSTROPHES[1], APOSTROPHES[0]).replace(".", "").splitlines()


def _is_short(word: str) -> bool:
    return len(word) <= _MOST_LETTERS_OF_AN_INITIAL or word.casefold() in ABBREVIATIONS


@lru_cache(maxsize=_REMEMBERED)
def words(text: str) -> tuple[str, ...]:
    """The words of a name, as they are compared, case kept."""
    return tuple(_compared(_WORD.findall(text)))


@lru_cache(maxsize=_REMEMBERED)
def key(text: str) -> tuple[str, ...]:
    """The words of a name with case folded: what two spellings of one name share."""
    return tuple([word.casefold() for word in words(text)])
