"""Read plain text: find out how the file marks its paragraphs, and undo its line wrapping.

Layouts in use: a line a paragraph (web exports), blank lines between paragraphs, wire copy wrapped
at 60 to 80 columns with indented or short-ended paragraphs. A file is *wrapped* if its lines are
narrow and most of them were broken where the next word did not fit, in the middle of a sentence.

Which mistake is worse: two paragraphs joined lose a border for good, a paragraph cut in two still
reads in order. In doubt, a line is a paragraph.

Rows whose cells are parted by tabs or bars are marked as a table. Rows that only spaces align are
paragraphs of text each: in wire copy they are the story itself (prices, results).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, groupby, pairwise, takewhile
from typing import Final

from worker.core import byline, kicker, notice
from worker.core.article import Draft, Kind
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.readers import labels, markup
from worker.core.readers.markup import Marked

MEDIA_TYPE: Final = "text/plain"

_MAX_LINES: Final = 500_000  # some 100 bytes of memory each
_OPENING: Final = 6  # blocks in which an embargo is announced, or a note to editors stands
_TO_EDITORS: Final = frozenset({Kind.TEXT, Kind.BOILERPLATE})
_HEADLINE_LINES: Final = 3
_MIN_HEADLINE: Final = 25  # characters of a headline's line that was cut at a margin
_MIN_COLUMNS: Final = 50  # narrower: names, dates and headings rather than lines of a paragraph
_MAX_COLUMNS: Final = 100  # of wrapped text; wider lines were not broken to fit a page
_WIDE_SHARE: Final = 0.05  # of the lines may be wider all the same (tables, addresses)
_MIN_WRAPPED: Final = 0.5  # of the breaks between lines
_SLACK: Final = 0.2  # of the width: ragged margins leave that much unused
_MIN_CELLS: Final = 6  # of a table: three rows of two, two of three

_ENDS: Final = frozenset(".!?:;\u0964\u3002\uff01\uff1f")  # of sentences
_CLOSING: Final = "\"'\u2019\u201d\u00bb)]"
_CELLS = re.compile(r"[\t|][\s|]*")
_HANGING = re.compile(r"(?:and|or|to)\b")
_NUMBERED = re.compile(r"\d|\s[-\u2013\u2014]|[-\u2013\u2014]\s")  # a table's row, a dateline


def read(text: str) -> Draft:
    """Blocks of *text* in order; whether the first is a headline is judged later.

    Raises:
        Rejected: ``too_expensive`` for more lines than any article has.

    """
    lines = _lines(text)
    labelled = labels.read(lines)
    if labelled is not None:
        return _labelled(labelled)
    parts = tuple(_headed(lines))
    return completed(Draft(None, (), MEDIA_TYPE, signal=_change(parts)), parts)


def _headed(lines: list[str]) -> Iterator[tuple[Kind, str]]:
    """Blocks of *lines*: those above the headline, the headline, the rest."""
    above = kicker.lines_above(lines)
    yield from ((Kind.BOILERPLATE, line) for line in map(str.strip, lines[:above]) if line)
    head = above + _headline_lines(lines[above:])
    written = _join([line.strip() for line in lines[above:head]])
    headline = labels.subject(written)
    if headline != written:
        yield Kind.BOILERPLATE, written
    yield Kind.TEXT, headline
    yield from _parts(lines[head:])


def _change(parts: Marked) -> str | None:
    """``CORRECTED`` of its own line says what it does in a headline, if the headline is silent."""
    above = list(takewhile(lambda part: part[0] is Kind.BOILERPLATE, parts))
    if notice.signal(parts[len(above)][1]):
        return None
    said = (notice.signal(f"{text.upper()}:") for _, text in above)
    return next(filter(None, said), None)


def body(text: str) -> Marked:
    """Blocks of *text*, which has no headline of its own, with their kinds."""
    return tuple(_parts(_lines(text)))


def completed(known: Draft, parts: Marked) -> Draft:
    """*known* with *parts*, and with what the first of them say to editors."""
    for at, (kind, text) in enumerate(parts[:_OPENING]):
        end, note = notice.embargo(text), kicker.note(text)
        if kind in _TO_EDITORS and (end is not None or note is not None):
            known = replace(known, embargo=known.embargo or end, ed_note=known.ed_note or note)
            parts = (*parts[:at], (Kind.BOILERPLATE, text), *parts[at + 1 :])
    blocks, kinds = markup.split(parts)
    return replace(known, blocks=blocks, kinds=kinds)


def _labelled(found: labels.Labelled) -> Draft:
    lines = list(found.lines)
    rest = _parts(lines) if found.known.headline or not lines else _headed(lines)
    known = replace(found.known, media_type=MEDIA_TYPE)
    return completed(known, (*found.parts, *rest))


def _lines(text: str) -> list[str]:
    """Lines of *text* without space at their ends; tabs at their starts are indents."""
    if text.count("\n") > _MAX_LINES:
        raise Rejected(Reason.TOO_EXPENSIVE, f"more than {_MAX_LINES} lines")
    return [line.rstrip() for line in text.lstrip().split("\n")]


def _headline_lines(lines: list[str]) -> int:
    """How many lines the headline takes: one, unless it was wrapped."""
    at = 1
    while at < min(len(lines), _HEADLINE_LINES) and _goes_on(lines[at - 1].strip(), lines[at]):
        at += 1
    return at


def _goes_on(line: str, following: str) -> bool:
    """A headline does in small letters, or in capitals after a line that was full of them."""
    if not _MIN_HEADLINE <= len(line) <= _MAX_COLUMNS or _ends_a_sentence(line):
        return False
    if not 0 < len(following) <= len(line) or _ends_a_sentence(following):
        return False
    if following[0].islower():
        return byline.parse(following) is None
    in_capitals = line.isupper() and following.isupper() and len(line) >= _MIN_COLUMNS
    return in_capitals and not _is_indented(following) and not _opens_something(following)


def _opens_something(line: str) -> bool:
    return byline.parse(line) is not None or _NUMBERED.search(line) is not None


def _parts(lines: list[str]) -> Iterator[tuple[Kind, str]]:
    """Blocks of *lines*, and the rows of tables among them."""
    rows = _rows(lines)
    text = [line for n, line in enumerate(lines) if n not in rows] if rows else lines
    cut = _wrapped if _is_wrapped(text) else _line_by_line
    if not rows:
        yield from ((Kind.TEXT, block) for block in cut(lines))
        return
    for is_row, group in groupby(enumerate(lines), key=lambda each: each[0] in rows):
        some = [line for _, line in group]
        yield from (
            ((Kind.TABLE, _CELLS.sub("  ", line).strip()) for line in some)
            if is_row
            else ((Kind.TEXT, block) for block in cut(some))
        )


def _rows(lines: list[str]) -> frozenset[int]:
    """Which of *lines* are rows: as many cells as their neighbours, and enough of both."""
    if not any("\t" in line or "|" in line for line in lines):
        return frozenset()
    cells = [_cells(line) for line in lines]
    found: set[int] = set()
    for count, run in groupby(range(len(lines)), key=lambda n: cells[n]):
        rows = list(run)
        if count > 1 and len(rows) > 1 and count * len(rows) >= _MIN_CELLS:
            found.update(rows)
    return frozenset(found)


def _cells(line: str) -> int:
    """Cells of *line* that tabs or bars part; 0 for most lines, which have neither."""
    if "\t" not in line and "|" not in line:
        return 0
    return len(_CELLS.split(line.strip("\t| ")))


def _line_by_line(lines: list[str]) -> Iterator[str]:
    return (line.strip() for line in lines if line)


def _is_wrapped(lines: list[str]) -> bool:
    filled = [line for line in lines if line]
    wide = sum(len(line) > _MAX_COLUMNS for line in filled)
    width = _width(filled)
    if wide > _WIDE_SHARE * len(filled) or width < _MIN_COLUMNS:
        return False
    breaks = [(a, b) for a, b in pairwise(lines) if a and b and not _is_indented(b)]
    within = sum(_is_full(a, b, width) and not _ends_a_sentence(a) for a, b in breaks)
    if len(breaks) == 1:  # a single line is always as full as the widest
        (line, following) = breaks[0]
        return within == 1 and (following[0].islower() or _is_indented(line))
    return within > 0 and within >= _MIN_WRAPPED * len(breaks)


def _wrapped(lines: list[str]) -> Iterator[str]:
    """Paragraphs end at a blank line, before an indented one, and after one that had room left.

    Where some lines are indented and others are not, the indents mark the paragraphs, and a short
    line is only a short line.
    """
    width = _width(lines)
    by_indent = any(map(_is_indented, lines))
    block: list[str] = []
    for before, line in pairwise(chain([""], lines)):
        if not line:
            continue
        slack = 0 if _ends_a_sentence(before) else _SLACK
        goes_on = by_indent or _is_full(before, line, width * (1 - slack))
        if block and (not before or not goes_on or _is_indented(line)):
            yield _join(block)
            block = []
        block.append(line.strip())
    if block:
        yield _join(block)


def _join(lines: list[str]) -> str:
    """A hyphen that ends a line was in the word before: wire copy breaks no words itself.

    But it may hang: ``two-`` before ``and three-year`` is a word of its own.
    """
    glued = (
        line if _is_hyphenated(line) and not _HANGING.match(following) else f"{line} "
        for line, following in pairwise(lines)
    )
    return "".join((*glued, lines[-1]))


def _is_hyphenated(line: str) -> bool:
    return line.endswith("-") and line[-2:-1].isalnum()


def _ends_a_sentence(line: str) -> bool:
    return line.rstrip(_CLOSING)[-1:] in _ENDS


def _width(lines: list[str]) -> int:
    """The column that lines were broken at: the widest, wide exceptions aside."""
    return max((len(line) for line in lines if len(line) <= _MAX_COLUMNS), default=0)


def _is_full(line: str, following: str, width: float) -> bool:
    """The next word would not have fitted."""
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) > width


def _is_indented(line: str) -> bool:
    return line.startswith((" ", "\t"))
