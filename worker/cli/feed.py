"""``copydesk feed``: the changes that consumers see, in order."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from worker.cli.console import machine, piping, printable, say
from worker.cli.signals import interrupting
from worker.core.document import timestamp

if TYPE_CHECKING:
    from worker.ports import Change

_LOOK_AGAIN_SECONDS = 30.0  # a notice may be missed
_STYLES = {"stored": "green", "revised": "cyan", "retracted": "red", "erased": "red"}


def feed(
    *,
    after: Annotated[
        int | None,
        typer.Option(
            "--after", metavar="N", min=0, help="Only changes after position N [default: all kept]."
        ),
    ] = None,
    follow: Annotated[
        bool,
        typer.Option("--follow", "-f", help="Go on with what comes, until interrupted."),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write one JSON object a change to stdout instead.")
    ] = False,
) -> None:
    """Show the feed: every change that consumers can see, at its position, in the order of commits.

    Whoever has read up to a position has missed nothing before it.
    """
    from worker.bootstrap import operating
    from worker.cli.store import found
    from worker.settings import load

    with (
        interrupting(),
        piping(),
        found(load(), "copydesk feed") as running,
        operating.feed(running.settings) as changes,
    ):
        while True:
            for change in changes.changes(after):
                after = change.position
                machine(as_object(change)) if as_json else say(line(change))
            if not follow:
                return
            changes.wait(_LOOK_AGAIN_SECONDS)


def as_object(change: "Change") -> dict[str, Any]:
    """The object of ``feed --json``: the columns of feed_v1.changes, and the headline."""
    into = str(change.into) if change.into else None
    ids = {"article_id": str(change.article_id), "into": into}
    return {**asdict(change), **ids, "at": timestamp(change.at)}


def line(change: "Change") -> Text:
    words = change.headline or f"article {change.article_id}"
    return Text.assemble(
        (f"{change.position:>8,}  ", "dim"),
        f"{change.at.astimezone():%Y-%m-%d %H:%M:%S}  ",
        (f"{change.kind:<10}", _STYLES.get(change.kind, "blue")),
        f" {printable(words)}",
        (f"  {printable(change.cause)}", "dim"),
    )
