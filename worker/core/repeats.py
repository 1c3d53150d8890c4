"""Find what a file says twice: a body that was pasted, or exported, two times over.

Only a repeated run with a long paragraph in it counts, and only where a good part of the file comes
twice. Short lines repeat for good reason (a refrain, the rows of a table, an answer), and marking
them would take them out of the text; a repeat that is missed is only read twice.

One pass with a table of what was said before: linear in the number of paragraphs.
"""

from collections.abc import Sequence
from typing import Final

_LONG: Final = 80  # characters of a paragraph that nobody writes twice
_DOUBLED: Final = 0.3  # of the characters come again, where a body is doubled; half, if it is whole


def repeated(texts: Sequence[str | None]) -> set[int]:
    """Places in *texts* that say again what stood before, in runs as long as they go.

    Args:
        texts: Paragraphs in order; None: one that does not count.

    """
    said: dict[str, int] = {}
    again: set[int] = set()
    at = 0
    while at < len(texts):
        text = texts[at]
        before = said.get(text) if text is not None else None
        if before is None:
            if text is not None:
                said[text] = at
            at += 1
            continue
        run = _run(texts, before, at)
        if any(len(each or "") >= _LONG for each in texts[at : at + run]):
            again.update(range(at, at + run))
        at += run
    doubled = sum(len(texts[at] or "") for at in again)
    return again if doubled >= _DOUBLED * sum(len(text or "") for text in texts) else set()


def _run(texts: Sequence[str | None], before: int, at: int) -> int:
    """How many paragraphs from *at* on are those from *before* on; one at least."""
    run = 1
    while at + run < len(texts) and before + run < at and _same(texts, before + run, at + run):
        run += 1
    return run


def _same(texts: Sequence[str | None], one: int, other: int) -> bool:
    return texts[one] is not None and texts[one] == texts[other]
