"""``copydesk up``: the command line of it; ``line`` has what it does."""

from typing import Annotated

import typer

from worker.cli.console import printable, say
from worker.cli.roles import Inbox, Workers

NOT_DRAINED = 1


def up(
    context: typer.Context,
    *,
    inbox: Inbox = None,
    workers: Workers = None,
    once: Annotated[
        bool,
        typer.Option(
            "--once",
            help="Work what is in the inbox, show what became of it, and end; exit 1 if some of "
            "it is not final.",
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="At the end, write the counts to stdout as JSON.")
    ] = False,
) -> None:
    """Run everything on this machine: servers, watcher and workers, with a live view.

    PostgreSQL and Valkey are embedded unless URLs are set; their data, and the logs, are in
    .copydesk/. Ctrl-C stops everything within seconds and loses nothing: the next `up` goes on
    where this one ended.
    """
    from worker.settings import load

    settings = load(inbox=inbox, workers=workers, log_level="DEBUG" if context.obj else None)
    if settings.embedded:
        say(f"starting PostgreSQL and Valkey in {printable(str(settings.data))}")
    from worker.cli import line

    drained = line.run(settings, once=once, as_json=as_json)
    if once and not drained:
        raise typer.Exit(NOT_DRAINED)
