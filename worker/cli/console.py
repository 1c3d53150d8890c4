"""Where words go, and how they look: one console for people, one pipe for machines.

A name of a file or a headline comes from a stranger. Before it reaches a terminal, whatever could
move its cursor, set its colours or turn its direction is spelt out.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import orjson
import typer
from rich.console import Console
from rich.text import Text

from worker.core.ledger import State

_STYLES = {
    State.STORED: "green",
    State.REVISED: "cyan",
    State.DUPLICATE: "blue",
    State.EXPANDED: "magenta",
    State.QUARANTINED: "red",
    State.IGNORED: "bright_black",
}
_GLYPHS = {
    State.STORED: ("●", "+"),
    State.REVISED: ("↻", "~"),
    State.DUPLICATE: ("=", "="),
    State.EXPANDED: ("▤", "#"),
    State.QUARANTINED: ("✗", "x"),
    State.IGNORED: ("·", "-"),
}


@cache
def people() -> Console:
    """Standard error. Colours, links and markup in what is printed are never guessed."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def say(text: str | Text) -> None:
    """To people. Long lines stay whole: where they fold is the terminal's affair."""
    people().print(text, soft_wrap=True)


def machine(value: Mapping[str, Any]) -> None:
    """One object, one line, on standard output, at once."""
    sys.stdout.buffer.write(orjson.dumps(value) + b"\n")
    sys.stdout.buffer.flush()


@contextmanager
def piping() -> Iterator[None]:
    """End quietly, and well, when whoever reads standard output has had enough."""
    try:
        yield
    except BrokenPipeError as error:
        # What is buffered would be written once more at exit, in vain and with a complaint.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from error


def style(state: State) -> str:
    return _STYLES.get(state, "default")


def glyph(state: State, *, ascii_only: bool) -> str:
    return _GLYPHS.get(state, (" ", " "))[ascii_only]


def printable(text: str) -> str:
    """*text* on one line, with everything spelt out that a terminal would obey."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _spelt(c) for c in text)


def _spelt(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


# --- numbers --------------------------------------------------------------------------------------


def rate(per_second: float) -> str:
    """With about two digits that mean something.

    >>> rate(0.25), rate(7.31), rate(148.2)
    ('0.2', '7.3', '148')
    """
    return f"{per_second:.1f}" if per_second < 10 else f"{per_second:,.0f}"


def duration(seconds: float) -> str:
    """In the largest units that fit, two of them at most.

    >>> duration(0.42), duration(75), duration(7_260), duration(200_000)
    ('0.4 s', '1 min 15 s', '2 h 1 min', '2 d 7 h')
    """
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h"
