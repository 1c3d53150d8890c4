"""Texts of strangers, with parts of them in colour."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from rich.text import Text

from worker.cli.console import printable

Paint = tuple[int, int, str]  # from code point, to code point (excluded), in which style


def painted(text: str, paints: Iterable[Paint], *, start: int = 0, style: str = "") -> Text:
    """*text* with each of *paints* where it belongs; where several overlap, all count.

    *text* begins at code point *start* of what the paints count in. A terminal obeys none of it:
    pieces are spelt out one by one, so that nothing shifts.
    """
    here = [(max(a - start, 0), min(b - start, len(text)), paint) for a, b, paint in paints]
    here = [(a, b, paint) for a, b, paint in here if a < b]
    edges = sorted({0, len(text), *(a for a, _, _ in here), *(b for _, b, _ in here)})
    line = Text(style=style)
    for a, b in pairwise(edges):
        line.append(printable(text[a:b]), style=_style(here, a))
    return line


def _style(paints: Sequence[Paint], at: int) -> str:
    return " ".join(dict.fromkeys(paint for a, b, paint in paints if a <= at < b))
