"""Find what stands between quotation marks: curly, straight, French, and single where no other is.

A quotation that runs over paragraphs opens each of them with a mark and closes once; it is one
stretch. A mark that nothing closes ends with its paragraph: a lost mark must not turn the rest of
an article into speech, so of two readings the shorter is taken.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from worker.core.tagging.words import APOSTROPHES

_PARAGRAPH = re.compile(r"[^\n]+")
_CURLY_OPEN, _CURLY_CLOSE = "\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"
_LOW_OPEN = "\N{DOUBLE LOW-9 QUOTATION MARK}"
_CLOSED_BY = {
    '"': '"',
    _CURLY_OPEN: f'{_CURLY_CLOSE}"',
    _LOW_OPEN: _CURLY_OPEN + _CURLY_CLOSE,
    "«": "»",
}
_MARKS = "".join({*_CLOSED_BY, *"".join(_CLOSED_BY.values())})
_DOUBLE = re.compile(f"[{_MARKS}]")
_BEFORE_SINGLE = r"(?:^|(?<=[\s(\[:\N{EM DASH}\N{EN DASH}-]))"
_SINGLE = re.compile(
    # Closed inside or before punctuation: "the workers' union" closes nothing.
    rf"{_BEFORE_SINGLE}[{APOSTROPHES[0]}\N{{LEFT SINGLE QUOTATION MARK}}](?=[\w\[])"
    rf"(.+?)(?:(?<=[,.!?])[{APOSTROPHES}](?!\w)|[{APOSTROPHES}](?=[,.;:!?)]|$))"
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Inside the marks, which are just outside of it."""

    start: int  # code points
    end: int  # exclusive


def stretches(content: str) -> list[Stretch]:
    """What is quoted in *content*, in order; a quotation within another is a part of it."""
    if _DOUBLE.search(content):
        return [s for s in _in_double(content) if s.start < s.end]
    found = (m for p in _PARAGRAPH.finditer(content) for m in _singles(content, p))
    return [Stretch(match.start(1), match.end(1)) for match in found]


def _singles(content: str, paragraph: re.Match[str]) -> Iterator[re.Match[str]]:
    return _SINGLE.finditer(content, paragraph.start(), paragraph.end())


@dataclass(slots=True)
class _Open:
    """A stretch whose end is still looked for."""

    start: int
    mark: str
    depth: int = 0  # of quotations within it

    def ends(self, content: str, at: int) -> bool:
        """Take the mark at *at* into account; whether it is the one that closes."""
        found = content[at]
        if found in _CLOSED_BY[self.mark] and _closes(content, at):
            self.depth -= 1
        elif found == self.mark != '"':
            self.depth += 1
        elif found == self.mark:
            self.start = at + 1  # it opens: the one before was lost
        return self.depth < 0


def _in_double(content: str) -> Iterator[Stretch]:
    current: _Open | None = None
    last_end = 0
    for paragraph in _PARAGRAPH.finditer(content):
        if current is not None and paragraph.group()[0] not in _CLOSED_BY:
            yield Stretch(current.start, last_end)
            current = None
        skip_to = paragraph.start() + (current is not None)  # a mark that only says: it goes on
        for at in (m.start() for m in _DOUBLE.finditer(content, skip_to, paragraph.end())):
            if current is None:
                current = _Open(at + 1, content[at]) if _opens(content, at) else None
            elif current.ends(content, at):
                yield Stretch(current.start, at)
                current = None
        last_end = paragraph.end()
    if current is not None:
        yield Stretch(current.start, last_end)


def _opens(content: str, at: int) -> bool:
    if content[at] != '"':
        return content[at] in _CLOSED_BY
    after = content[at + 1 : at + 2]
    return not content[at - 1 : at].isalnum() and bool(after) and not after.isspace()


def _closes(content: str, at: int) -> bool:
    """A straight mark after a space and before a letter opens, and does not close."""
    if content[at] != '"':
        return True
    return not (content[at - 1].isspace() and content[at + 1 : at + 2].isalnum())
