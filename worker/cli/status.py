"""``copydesk status``: the command line of it; ``standing`` has what it says."""

from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.console import machine, people, piping
from worker.cli.options import JsonObject
from worker.cli.signals import stopping

if TYPE_CHECKING:
    from threading import Event

    from worker.ports import Reading

_EVERY_SECONDS = 2.0


def status(
    *,
    as_json: JsonObject = False,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Again every two seconds, until Ctrl-C; with --json, a line."),
    ] = False,
) -> None:
    """Show for each inbox how many files are in which state and why, how fast, and how far behind.

    The watcher of an inbox says that it is alive every second: one that was last seen long ago is
    not running.
    """
    from worker.cli.standing import report, screen
    from worker.cli.store import opened

    with stopping() as stop, piping(), opened("copydesk status") as (_, reading):
        if as_json:
            machine(report(reading))
            while watch and not stop.wait(_EVERY_SECONDS):
                machine(report(reading))
        elif watch:
            _keep_showing(reading, stop)
        else:
            people().print(screen(reading, people()))


def _keep_showing(reading: "Reading", stop: "Event") -> None:
    from rich.live import Live

    from worker.cli.standing import screen

    console = people()
    on_screen = Live(console=console, screen=True, auto_refresh=False)
    with on_screen if console.is_terminal else nullcontext() as live:
        while True:
            shown = screen(reading, console)
            if live is None:
                console.print(shown)
            else:
                live.update(shown, refresh=True)
            if stop.wait(_EVERY_SECONDS):
                return
