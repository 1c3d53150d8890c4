"""``copydesk files``: list files of the ledger."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from worker.cli.console import glyph, machine, people, piping, printable, say, style
from worker.cli.options import JsonLines
from worker.cli.selecting import (
    Ids,
    InboxName,
    PathPattern,
    Pipeline,
    Reasons,
    Since,
    Source,
    Until,
    selection,
)
from worker.cli.signals import interrupting
from worker.core.document import timestamp
from worker.core.ledger import State
from worker.core.life import File


def files(  # noqa: PLR0913 -- an option each
    *,
    states: Annotated[
        list[State] | None,
        typer.Option("--state", metavar="STATE", help="Only files in this state; may be repeated."),
    ] = None,
    reasons: Reasons = None,
    path: PathPattern = None,
    inbox: InboxName = None,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    pipeline: Pipeline = None,
    ids: Ids = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, help="How many to list, the newest.")
    ] = 100,
    as_json: JsonLines = False,
) -> None:
    """List files of the ledger, the newest first: what became of each, and why.

    Every condition narrows the list. `copydesk why` tells the whole life of one file.
    """
    which = selection(
        states=states,
        reasons=reasons,
        ids=ids,
        path=path,
        inbox=inbox,
        since=since,
        until=until,
        source=source,
        pipeline=pipeline,
    )
    from worker.bootstrap import rereading
    from worker.cli.store import found
    from worker.settings import load

    with (
        interrupting(),
        piping(),
        found(load(), "copydesk files") as running,
        rereading.inspecting(running.settings) as ledger,
    ):
        chosen = ledger.files(which, limit)
        if as_json:
            for file in chosen:
                machine(as_object(file))
            return
        for file in chosen:
            say(line(file, people()))
        count = ledger.count(which) if len(chosen) == limit else len(chosen)
        say(f"{count:,} file(s)" + (f", {limit:,} of them shown" if count > limit else ""))


def as_object(file: File) -> dict[str, Any]:
    """The object of ``files --json``; keys may be added, and keep their meaning."""
    verdict = file.verdict
    return {
        "id": file.id,
        "inbox": file.inbox,
        "path": file.path.text,
        "generation": file.generation,
        "state": file.state.value,
        "reason": file.reason.value if file.reason else None,
        "detail": file.detail or None,
        "lane": file.lane.value,
        "witness": file.witness.value,
        "size": file.size,
        "sha256": file.sha256.hex() if file.sha256 else None,
        "media_type": file.media_type,
        "attempts": file.attempts,
        "deaths": file.deaths,
        "relation": verdict.relation.value if verdict else None,
        "because": verdict.because if verdict else None,
        "article_id": str(file.article_id) if file.article_id else None,
        "version": file.version,
        "parent_id": file.parent_id,
        "pipeline": file.pipeline,
        "noticed_at": timestamp(file.noticed_at),
        "claimed_at": _time(file.claimed_at),
        "decided_at": _time(file.decided_at),
        "finished_at": _time(file.finished_at),
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else timestamp(at)


def line(file: File, console: Console) -> Text:
    """One file; cut to the terminal's width, and whole elsewhere."""
    mark = glyph(file.state, ascii_only=console.options.ascii_only)
    shown = Text(f"{file.id:>7}  {file.noticed_at.astimezone():%m-%d %H:%M:%S}  ", style="dim")
    shown.append(mark, style=style(file.state)).append(f" {file.state.value:11}  ", style="default")
    shown.append(printable(file.path.text), style="bold default")
    if file.generation > 1:
        shown.append(f" (generation {file.generation})", style="default")
    if file.reason is not None:
        shown.append(f"  {file.reason.value}")
    if file.detail:
        shown.append(f"  {printable(file.detail)}")
    if console.is_terminal:
        shown.truncate(console.width, overflow="ellipsis")
    return shown
