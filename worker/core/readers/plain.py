"""Read plain text: find out how the file marks its paragraphs, and undo its line wrapping.

Layouts in use: a line a paragraph (web exports), blank lines between paragraphs, wire copy wrapped
at 60 to 80 columns with indented or short-ended paragraphs. A file is *wrapped* if its lines are
narrow and most of them were broken where the next word did not fit, in the middle of a sentence.

Which mistake is worse: two paragraphs joined lose a border for good, a paragraph cut in two still
reads in order. In doubt, a line is a paragraph.
"""

import re
from itertools import pairwise
from typing import Final

from worker.core import byline
from worker.core.article import Draft

MEDIA_TYPE: Final = "text/plain"

_HEADLINE_LINES: Final = 3
_MIN_HEADLINE: Final = 25  # characters of a headline's line that was cut at a margin
_MIN_COLUMNS: Final = 50  # narrower: names, dates and headings rather than lines of a paragraph
_MAX_COLUMNS: Final = 100  # of wrapped text; wider lines were not broken to fit a page
_WIDE_SHARE: Final = 0.05  # of the lines may be wider all the same (tables, addresses)
_MIN_WRAPPED: Final = 0.5  # of the breaks between lines
_SLACK: Final = 0.2  # of the width: ragged margins leave that much unused

_SENTENCE_END = re.compile(r"[.!?:;\u0964\u3002\uff01\uff1f][\"'\u2019\u201d\u00bb)\]]*$")
_HYPHENATED = re.compile(r"[^\W_]-$")
_HANGING = re.compile(r"(?:and|or|to)\b")
_NUMBERED = re.compile(r"\d|\s[-\u2013\u2014]|[-\u2013\u2014]\s")  # a table's row, a dateline


def read(text: str) -> Draft:
    """Blocks of *text* in order; whether the first is a headline is judged later."""
    lines = [line.expandtabs().rstrip() for line in text.lstrip().split("\n")]
    head = _headline_lines(lines)
    cut = _wrapped if _is_wrapped(lines[head:]) else _line_by_line
    headline = _join([line.strip() for line in lines[:head]])
    return Draft(None, (headline, *cut(lines[head:])), MEDIA_TYPE)


def _headline_lines(lines: list[str]) -> int:
    """How many lines the headline takes: one, unless it was wrapped."""
    at = 1
    while at < min(len(lines), _HEADLINE_LINES) and _goes_on(lines[at - 1].strip(), lines[at]):
        at += 1
    return at


def _goes_on(line: str, following: str) -> bool:
    """A headline does in small letters, or in capitals after a line that was full of them."""
    if not _MIN_HEADLINE <= len(line) <= _MAX_COLUMNS or _SENTENCE_END.search(line):
        return False
    if not 0 < len(following) <= len(line) or _SENTENCE_END.search(following):
        return False
    if following[0].islower():
        return True
    in_capitals = line.isupper() and following.isupper() and len(line) >= _MIN_COLUMNS
    return in_capitals and not _is_indented(following) and not _opens_something(following)


def _opens_something(line: str) -> bool:
    return byline.parse(line) is not None or _NUMBERED.search(line) is not None


def _line_by_line(lines: list[str]) -> list[str]:
    return [line.strip() for line in lines if line]


def _is_wrapped(lines: list[str]) -> bool:
    filled = [line for line in lines if line]
    wide = sum(len(line) > _MAX_COLUMNS for line in filled)
    width = _width(filled)
    if wide > _WIDE_SHARE * len(filled) or width < _MIN_COLUMNS:
        return False
    breaks = [(a, b) for a, b in pairwise(lines) if a and b and not _is_indented(b)]
    within = sum(_is_full(a, b, width) and not _SENTENCE_END.search(a) for a, b in breaks)
    return within > 0 and within >= _MIN_WRAPPED * len(breaks)


def _wrapped(lines: list[str]) -> list[str]:
    """Paragraphs end at a blank line, before an indented one, and after one that had room left.

    Where some lines are indented and others are not, the indents mark the paragraphs, and a short
    line is only a short line.
    """
    width = _width(lines)
    by_indent = any(map(_is_indented, lines))
    blocks: list[list[str]] = []
    for before, line in pairwise(["", *lines]):
        if not line:
            continue
        slack = 0 if _SENTENCE_END.search(before) else _SLACK
        goes_on = by_indent or _is_full(before, line, width * (1 - slack))
        if not before or _is_indented(line) or not goes_on:
            blocks.append([])
        blocks[-1].append(line.strip())
    return [_join(block) for block in blocks]


def _join(lines: list[str]) -> str:
    """A hyphen that ends a line was in the word before: wire copy breaks no words itself.

    But it may hang: ``two-`` before ``and three-year`` is a word of its own.
    """
    glued = (
        line if _HYPHENATED.search(line) and not _HANGING.match(following) else f"{line} "
        for line, following in pairwise(lines)
    )
    return "".join((*glued, lines[-1]))


def _width(lines: list[str]) -> int:
    """The column that lines were broken at: the widest, wide exceptions aside."""
    return max((len(line) for line in lines if len(line) <= _MAX_COLUMNS), default=0)


def _is_full(line: str, following: str, width: float) -> bool:
    """The next word would not have fitted."""
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) > width


def _is_indented(line: str) -> bool:
    return line.startswith(" ")
