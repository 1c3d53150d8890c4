"""``copydesk doctor``: check everything that commonly goes wrong, and say how to mend it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer
from rich.table import Table
from rich.text import Text

from worker.cli.console import machine, people, printable
from worker.cli.options import JsonObject
from worker.cli.roles import Inbox
from worker.cli.signals import interrupting
from worker.core.doctor import Level, Line, worst
from worker.core.errors import CopydeskError, Unavailable

if TYPE_CHECKING:
    from worker.settings import Settings

ILL = 1
UNAVAILABLE = 3
_STYLES = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "bold red"}


def doctor(
    *,
    inbox: Inbox = None,
    as_json: JsonObject = False,
) -> None:
    """Check services, folders, limits and the state of the work; say how to mend what is wrong.

    Changes nothing. Exits 3 if PostgreSQL or the broker cannot be reached, 1 if something else
    fails, 0 otherwise; warnings are worth a look, and no failure.
    """
    from worker.settings import load

    with interrupting():
        lines = list(examined(load(inbox=inbox)))
    if as_json:
        machine(
            {
                "level": worst(lines).value,
                "checks": [
                    {
                        "level": line.level.value,
                        "part": line.part,
                        "found": line.found,
                        "mend": None if line.level is Level.OK else line.mend,
                    }
                    for line in lines
                ],
            }
        )
    else:
        people().print(chart(lines))
    if worst(lines) is Level.FAIL:
        raise typer.Exit(UNAVAILABLE if any(line.away for line in lines) else ILL)


def examined(settings: "Settings") -> Iterator[Line]:
    """Every check, also while services are away."""
    from worker.bootstrap import examining, serving

    yield from examining.machine_lines(settings)
    try:
        with serving.servers(settings, command="copydesk doctor") as running:
            yield from examining.service_lines(running.settings)
    except Unavailable as error:
        yield Line(Level.FAIL, "servers", str(error), "see .copydesk/log", away=True)
    except CopydeskError as error:
        yield Line(Level.FAIL, "servers", str(error))


def chart(lines: list[Line]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for line in lines:
        found = Text(printable(line.found))
        if line.level is not Level.OK and line.mend:
            found.append(f"\n→ {line.mend}", style="yellow")
        table.add_row(Text(line.level.value, style=_STYLES[line.level]), line.part, found)
    return table
