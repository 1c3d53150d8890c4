"""Draw a scene for people: a screen that is kept up to date, or a line now and then.

The screen is the terminal's other one, as ``less`` and ``top`` use it: it is drawn anew at every
change, so resizing leaves no traces, and what was on the terminal before comes back afterwards.
Where standard error is no terminal, there are lines of plain text and no control characters.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from worker.cli.console import duration, glyph, printable, rate, style
from worker.cli.scene import OUTCOMES, Scene, lag, progress, seen
from worker.cli.tally import tally
from worker.core.ledger import State
from worker.ports import Headline, Status

_REFRESH_SECONDS = 0.2
_LINE_SECONDS = 5.0  # between two lines of progress, at least
_MESSAGES = 4  # lines of them on the screen
_RARE = (State.EXPANDED,)  # shown only when there are some


class View(Protocol):
    def show(self, scene: Scene) -> None:
        """Cheap when called often."""

    def say(self, message: str) -> None:
        """Something that a person should know of."""


@contextmanager
def view(
    console: Console, *, once: bool, clock: Callable[[], float] = time.monotonic
) -> Iterator[View]:
    """The view that fits the terminal, or the want of one. *clock*: monotonic seconds."""
    if not console.is_terminal:
        yield Lines(console, clock)
    elif once:
        with console.status("starting", spinner_style="green") as status:
            yield Spinner(console, clock, status.update)
    else:
        with Live(console=console, screen=True, auto_refresh=False, redirect_stdout=False) as live:
            yield Screen(console, clock, live)


class Lines:
    def __init__(self, console: Console, clock: Callable[[], float]) -> None:
        self._console = console
        self._clock = clock
        self._last = ""
        self._next_at = 0.0

    def show(self, scene: Scene) -> None:
        if not scene.trouble and (scene.observed is None or seen(scene.observed.status) == 0):
            return
        now, counts = self._clock(), progress(scene).rpartition(", ")[0]
        if now >= self._next_at and counts != self._last:
            self._console.print(progress(scene), soft_wrap=True)
            self._next_at, self._last = now + _LINE_SECONDS, counts

    def say(self, message: str) -> None:
        self._console.print(_lines(message), soft_wrap=True)


class Spinner:
    def __init__(self, console: Console, clock: Callable[[], float], update: "Update") -> None:
        self._console = console
        self._clock = clock
        self._update = update
        self._next_at = 0.0

    def show(self, scene: Scene) -> None:
        now = self._clock()
        if now >= self._next_at:
            self._update(Text(progress(scene), overflow="ellipsis", no_wrap=True))
            self._next_at = now + _REFRESH_SECONDS

    def say(self, message: str) -> None:
        self._console.print(_lines(message), soft_wrap=True)


class Update(Protocol):
    def __call__(self, status: RenderableType) -> None: ...


class Screen:
    def __init__(self, console: Console, clock: Callable[[], float], live: Live) -> None:
        self._console = console
        self._clock = clock
        self._live = live
        self._next_at = 0.0

    def show(self, scene: Scene) -> None:
        now = self._clock()
        if now >= self._next_at:
            self._live.update(screen(scene, self._console), refresh=True)
            self._next_at = now + _REFRESH_SECONDS

    def say(self, message: str) -> None:
        """Nothing: the scene has it."""


# --- the screen -----------------------------------------------------------------------------------


def screen(scene: Scene, console: Console) -> RenderableType:
    """As much of *scene* as the terminal has room for; the headlines give way first."""
    above = [_title(scene), Text(), *_body(scene, console)]
    below = [*_messages(scene), *_where(scene)]
    used = sum(_height(part, console) for part in (*above, *below))
    room = console.height - used - 2  # a heading and a blank line
    headlines = scene.observed.headlines if scene.observed else ()
    latest = _latest(headlines[: max(0, room)], console) if room > 0 else []
    return Group(*above, *latest, *below)


def _height(part: RenderableType, console: Console) -> int:
    return len(console.render_lines(part, console.options, pad=False))


def _title(scene: Scene) -> RenderableType:
    title = Table.grid(expand=True)
    title.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    title.add_column(no_wrap=True, justify="right")
    title.add_row(
        Text.assemble(("Copydesk ", "bold"), "watches ", (printable(scene.places.inbox), "bold")),
        Text(duration(scene.seconds), style="dim"),
    )
    return title


def _body(scene: Scene, console: Console) -> list[RenderableType]:
    if scene.observed is None:
        return [Text(printable(scene.trouble) or "starting …", style="dim")]
    status = scene.observed.status
    parts: list[RenderableType] = [_flow(scene, status), tally(status, _shown(status), console)]
    if scene.trouble:
        parts.append(Text(printable(scene.trouble), style="red", no_wrap=True, overflow="ellipsis"))
    return parts


def _flow(scene: Scene, status: Status) -> Text:
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(f"{seen(status):,}", style="bold").append(" seen   ")
    line.append(f"{status.in_flight:,}", style="bold").append(" in flight   ")
    line.append(rate(scene.per_second), style="bold").append(" files/s")
    if (longest := lag(status)) is not None:
        line.append(f"   the oldest waits {longest}", style="dim")
    return line


def _shown(status: Status) -> list[State]:
    return [s for s in OUTCOMES if s not in _RARE or status.counts.get(s, 0)]


def _latest(headlines: tuple[Headline, ...], console: Console) -> list[RenderableType]:
    if not headlines:
        return []
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=3)
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=2, style="dim")
    for line in headlines:
        mark = glyph(line.outcome, ascii_only=console.options.ascii_only)
        table.add_row(
            f"{line.at.astimezone():%H:%M:%S}",
            Text(mark, style=style(line.outcome)),
            printable(line.headline or line.path),
            printable(", ".join(line.tags) or line.path),
        )
    return [Text(), table]


def _messages(scene: Scene) -> list[RenderableType]:
    lines = [line for message in scene.messages for line in _lines(message).split("\n")]
    return [
        Text(line, style="yellow", no_wrap=True, overflow="ellipsis") for line in lines[-_MESSAGES:]
    ]


def _where(scene: Scene) -> list[RenderableType]:
    """Folded rather than cut: these are to be copied."""
    return [
        Text(),
        Text.assemble(("read it at  ", "dim"), printable(scene.places.url), overflow="fold"),
        Text.assemble(("or type     ", "dim"), printable(scene.places.psql), overflow="fold"),
        Text("Ctrl-C stops everything, and loses nothing", style="dim", no_wrap=True),
    ]


def _lines(message: str) -> str:
    return "\n".join(printable(line) for line in message.split("\n"))
