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
from hashlib import blake2b, sha256
from heapq import nsmallest

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


def tokenise(value: str) -> tuple[str, ...]:
    """Words in reading order, as keys: NFKC and case folded. Never for text that is stored."""
    return tuple(_TOKEN.findall(unicodedata.normalize("NFKC", value).casefold()))


def numbers(value: str) -> frozenset[str]:
    return frozenset(re.sub(r"[.,]", "", number) for number in _NUMBER.findall(value))


def _sketch(tokens: tuple[str, ...]) -> tuple[int, ...]:
    n = KEY_CHARACTERS if _spaceless(tokens) else KEY_WORDS
    hashes = {_hash(" ".join(shingle)) for shingle in _shingles(tokens, n)}
    return tuple(nsmallest(SKETCH_KEYS, hashes))


def _hash(value: str) -> int:
    return int.from_bytes(blake2b(value.encode(), digest_size=8).digest(), "big", signed=True)


def _shingles(tokens: tuple[str, ...], n: int) -> set[Shingle]:
    if len(tokens) <= n:
        return {tokens} if tokens else set()
    return set(zip(*(tokens[i:] for i in range(n)), strict=False))


def _spaceless(tokens: tuple[str, ...]) -> bool:
    return 2 * sum(1 for t in tokens if _IS_SPACELESS.match(t)) > len(tokens)
