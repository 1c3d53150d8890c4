"""Say how an article would differ if its file were read anew: what ``reprocess --dry-run`` shows.

Pure. Compared is what consumers read and the store keeps; how the bytes were decoded is evidence,
and its parts matter only through what they do to the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from difflib import SequenceMatcher

from worker.core.article import Article, Moment, Paragraph

# Paragraphs are compared on their own; the others are evidence, or are not kept with a version.
_ELSEWHERE = frozenset(
    "paragraphs evidence headline_source filed_from signal declared_subjects".split()
)
_EXCERPT_CHARACTERS = 160  # of a paragraph or a field, as it is shown


@dataclass(frozen=True, slots=True)
class Difference:
    field: str
    before: str  # as people read it, cut; empty: there was nothing
    after: str


def differences(before: Article, after: Article) -> list[Difference]:
    """Field by field in the article's order, then paragraph by paragraph."""
    return [*_fields(before, after), *_paragraphs(before.paragraphs, after.paragraphs)]


def _fields(before: Article, after: Article) -> Iterator[Difference]:
    for field in fields(Article):
        if field.name in _ELSEWHERE:
            continue
        old, new = (_said(getattr(article, field.name)) for article in (before, after))
        if old != new:
            yield Difference(field.name, old, new)


def _said(value: object) -> str:
    """As text; of a moment, only when it is: the store keeps no precision of every one."""
    if value is None or value == ():
        return ""
    if isinstance(value, Moment):
        return value.at.isoformat()
    return _cut(str(value))


def _paragraphs(
    before: tuple[Paragraph, ...], after: tuple[Paragraph, ...]
) -> Iterator[Difference]:
    old, new = ([(p.kind, p.text) for p in some] for some in (before, after))
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for n in range(max(j - i, m - k)):
            was = old[i + n] if i + n < j else None
            now = new[k + n] if k + n < m else None
            yield Difference("paragraphs", *_apart(was, now))


def _apart(was: tuple[str, str] | None, now: tuple[str, str] | None) -> tuple[str, str]:
    """Two paragraphs from shortly before where they differ."""
    start = 0
    if was and now and was[0] == now[0]:
        same = next((n for n, (a, b) in enumerate(zip(was[1], now[1], strict=False)) if a != b), 0)
        start = max(0, same - 20)
    return _from(was, start), _from(now, start)


def _from(paragraph: tuple[str, str] | None, start: int) -> str:
    if paragraph is None:
        return ""
    kind, text = paragraph
    return _cut(f"{kind}: {'…' if start else ''}{text[start:]}")


def _cut(text: str) -> str:
    return text if len(text) <= _EXCERPT_CHARACTERS else f"{text[: _EXCERPT_CHARACTERS - 1]}…"
