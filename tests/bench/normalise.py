"""Bytes → article on one core, without tagging: articles a second, of each layout of plain text."""

import time
from textwrap import wrap

from tests.bench.texts import articles
from worker.core import language
from worker.core.normalise import normalise
from worker.core.readers import read

ARTICLES = 1_500
_ROUNDS = 3  # the best counts: others have the machine as well
_COLUMNS = 64


def run(count: int) -> dict[str, float]:
    """Articles a second of processor time."""
    language.warm()
    texts = list(articles(count))
    layouts = {
        "a line a paragraph": texts,
        "blank lines between": [text.replace("\n", "\n\n") for text in texts],
        "hard-wrapped": [_wrapped(text) for text in texts],
    }
    return {f"{name}, per s": _per_second(each) for name, each in layouts.items()}


def _per_second(texts: list[str]) -> float:
    contents = [text.encode() for text in texts]
    return max(len(contents) / _seconds(contents) for _ in range(_ROUNDS))


def _seconds(contents: list[bytes]) -> float:
    began = time.process_time()
    for content in contents:
        normalise(*read(content, "bench.txt"))
    return time.process_time() - began


def _wrapped(text: str) -> str:
    """As agencies send it: paragraphs indented, lines broken at a column."""
    headline, *paragraphs = text.split("\n")
    lines = (
        wrap(each, _COLUMNS, initial_indent="    ", break_on_hyphens=False) for each in paragraphs
    )
    return "\n".join([headline, *(line for each in lines for line in each)])
