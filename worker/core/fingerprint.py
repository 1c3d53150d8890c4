"""Reduce an article to what duplicates of it would share.

Pure and versioned: stored sketches are compared with sketches made later, so any change to a
rule or constant below needs a new ``VERSION`` and a re-made index.

Method: an inverted index over a bottom-k sketch, the *k* smallest 64-bit hashes of the word
n-grams of a text (Broder 1997, doi:10.1109/SEQUEN.1997.666900). Two texts that share a part share
small hashes of that part, also where their Jaccard similarity is far too low for LSH bands.
Our own measurement on 8,482 labelled wire stories: k = 24, n = 4, two hashes shared reaches a
recall of .987; LSH bands with as many rows .62 to .78.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b, sha256

import numpy as np
import numpy.typing as npt

VERSION = 1

SKETCH_KEYS = 24
KEY_WORDS = 4  # words in a shingle that becomes a key
PROOF_WORDS = 3  # words in a shingle that two texts are compared by
KEY_CHARACTERS, PROOF_CHARACTERS = 6, 4  # the same in scripts that write no spaces

# Han, Kana, Thai, Lao, Khmer, Burmese: each character is a token.
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_TOKEN = re.compile(rf"[{_SPACELESS}]|[^\W{_SPACELESS}]+")
_IS_SPACELESS = re.compile(rf"[{_SPACELESS}]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")

Shingle = tuple[str, ...]
_Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    content_hash: bytes  # sha256 of the headline's and the body's tokens, in order
    sketch: tuple[int, ...]  # signed 64-bit, ascending, at most SKETCH_KEYS, distinct
    words: int  # tokens of the body


@dataclass(frozen=True, slots=True)
class Text:
    """A text made ready to be compared with another: its tokens and proof shingles."""

    headline: str
    tokens: tuple[str, ...]  # of the body
    shingles: frozenset[Shingle]  # of the body
    numbers: frozenset[str]  # of headline and body, without their separators


def fingerprint(headline: str, body: str) -> Fingerprint:
    """Make the keys under which an article is found again."""
    heading, tokens = tokenise(headline), tokenise(body)
    digest = sha256("\0".join((" ".join(heading), " ".join(tokens))).encode())
    return Fingerprint(digest.digest(), _sketch(tokens or heading), len(tokens))


def text(headline: str, body: str) -> Text:
    """Make an article comparable; cheap enough to do again for each stored neighbour."""
    tokens = tokenise(body)
    n = PROOF_CHARACTERS if _spaceless(tokens) else PROOF_WORDS
    return Text(headline, tokens, frozenset(_shingles(tokens, n)), numbers(f"{headline}\n{body}"))


@lru_cache(maxsize=256)  # a text is asked for twice in a row, for its keys and for its shingles
def tokenise(value: str) -> tuple[str, ...]:
    """Words in reading order, as keys: NFKC and case folded. Never for text that is stored."""
    return tuple(_TOKEN.findall(unicodedata.normalize("NFKC", value).casefold()))


def numbers(value: str) -> frozenset[str]:
    return frozenset(re.sub(r"[.,]", "", number) for number in _NUMBER.findall(value))


def _sketch(tokens: tuple[str, ...]) -> tuple[int, ...]:
    n = min(KEY_CHARACTERS if _spaceless(tokens) else KEY_WORDS, len(tokens))
    if not n:
        return ()
    words = np.array([_hash(token) for token in tokens], dtype=np.uint64)
    shingles = np.zeros(len(words) - n + 1, dtype=np.uint64)
    for i in range(n):
        shingles = shingles * _MULTIPLIER + words[i : len(words) - n + 1 + i]
    keys = np.unique(_mixed(shingles).view(np.int64))
    return tuple(keys[:SKETCH_KEYS].tolist())


# A shingle's hash is a polynomial in the hashes of its words, mixed so that every bit of it counts:
# the constants are the golden ratio's and those of SplitMix64 (Steele, Lea & Flood 2014,
# doi:10.1145/2660193.2660195). One BLAKE2 a shingle instead took a third of all our time.
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def _mixed(values: _Hashes) -> _Hashes:
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@lru_cache(maxsize=100_000)  # words: the vocabulary of a language's news
def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big")


def _shingles(tokens: tuple[str, ...], n: int) -> set[Shingle]:
    if len(tokens) <= n:
        return {tokens} if tokens else set()
    return set(zip(*(tokens[i:] for i in range(n)), strict=False))


def _spaceless(tokens: tuple[str, ...]) -> bool:
    return 2 * sum(1 for t in tokens if _IS_SPACELESS.match(t)) > len(tokens)
