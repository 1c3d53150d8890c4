"""Say how two readings of an article differ.

``differences`` says it briefly: how an article would differ if its file were read anew
(``reprocess --dry-run``). ``edits`` says it in full: how the paragraphs of one version became those
of the next (``show --diff``).

Pure. Compared is what consumers read and the store keeps; how the bytes were decoded is evidence,
and its parts matter only through what they do to the text.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

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
            yield Difference(field.name, _cut(old), _cut(new))


def _said(value: object) -> str:
    """As text; of a moment, only when it is: the store keeps no precision of every one."""
    if value is None or value == ():
        return ""
    if isinstance(value, Moment):
        return value.at.isoformat()
    return str(value)


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


# --- between two versions, in full ----------------------------------------------------------------

Text = tuple[str, str]  # of a paragraph: its kind, and what it says
_ALIKE = 0.4  # share of words that two paragraphs have in common, for one to be the other edited
_WORD = re.compile(r"\S+\s*")
_MOST_WORDS = 4_000  # of a paragraph that is compared word by word


class Op(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Edit:
    """What became of a paragraph from one version to the next."""

    op: Op
    kind: str  # of paragraph, as it is now; as it was where it was removed
    before: str  # empty where it was added
    after: str  # empty where it was removed
    removed: tuple[tuple[int, int], ...] = ()  # of one that was changed: spans of before
    added: tuple[tuple[int, int], ...] = ()  # spans of after


def edits(before: Sequence[Text], after: Sequence[Text]) -> list[Edit]:
    """Turn *before* into *after*, paragraph by paragraph, in reading order.

    A paragraph is called changed only where enough of its words are still there: two that have
    nothing in common, shown as one edited, would be a riddle of small pieces.
    """
    found: list[Edit] = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Edit(Op.SAME, kind, text, text) for kind, text in before[i:j]]
        else:
            found += _replaced(before[i:j], after[k:m])
    return found


def _replaced(before: Sequence[Text], after: Sequence[Text]) -> Iterator[Edit]:
    """What was removed stands before what was added in its place."""
    for _, run in groupby(_paired(before, after), key=lambda edit: edit.op is Op.CHANGED):
        yield from sorted(run, key=lambda edit: edit.op is Op.ADDED)


def _paired(before: Sequence[Text], after: Sequence[Text]) -> Iterator[Edit]:
    """Pair what is alike, in order; the rest was removed or added."""
    left = list(before)
    for kind, text in after:
        was = next((n for n, (_, old) in enumerate(left) if _alike(old, text)), None)
        if was is None:
            yield Edit(Op.ADDED, kind, "", text)
            continue
        yield from (Edit(Op.REMOVED, k, t, "") for k, t in left[:was])
        yield _changed(kind, left[was][1], text)
        del left[: was + 1]
    yield from (Edit(Op.REMOVED, kind, text, "") for kind, text in left)


def _alike(before: str, after: str) -> bool:
    one, two = Counter(before.split()), Counter(after.split())
    return (one & two).total() >= _ALIKE * max(one.total(), two.total())


def _changed(kind: str, before: str, after: str) -> Edit:
    old, new = ([m.span() for m in _WORD.finditer(text)] for text in (before, after))
    if max(len(old), len(new)) > _MOST_WORDS:
        return Edit(Op.CHANGED, kind, before, after, ((0, len(before)),), ((0, len(after)),))
    was = [before[a:b].rstrip() for a, b in old]
    now = [after[a:b].rstrip() for a, b in new]
    codes = SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
    moved = [code for code in codes if code[0] != "equal"]
    removed = tuple((old[i][0], old[j - 1][1]) for _, i, j, _, _ in moved if i < j)
    added = tuple((new[k][0], new[m - 1][1]) for _, _, _, k, m in moved if k < m)
    return Edit(Op.CHANGED, kind, before, after, removed, added)
