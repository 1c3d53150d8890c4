"""``copydesk reprocess``: work stored files again with the present code."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from worker.cli.console import machine, people, piping, printable, say
from worker.cli.retry import confirmed
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
from worker.core.errors import Rejected, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from worker.core.article import Article
    from worker.core.difference import Difference
    from worker.ports import Original

    Read = Callable[[bytes, str], Article]


def reprocess(  # noqa: PLR0913 -- an option each
    *,
    ids: Ids = None,
    reasons: Reasons = None,
    path: PathPattern = None,
    inbox: InboxName = None,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    pipeline: Pipeline = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Show article by article what would differ, and change nothing."
        ),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask a person at a terminal first.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write one JSON object a file to stdout instead.")
    ] = False,
) -> None:
    """Read files again with the present code, from the bytes that the store keeps.

    With --dry-run, every article whose text or metadata would come out differently is shown with
    what would change; tags are not made for it. Without, files in quarantine are worked again, as
    `copydesk retry` does. Stored articles are not changed by this release.
    """
    which = selection(
        ids=ids,
        reasons=reasons,
        path=path,
        inbox=inbox,
        since=since,
        until=until,
        source=source,
        pipeline=pipeline,
    )
    if not which.narrow:
        raise UsageError("say which files: --id, --reason, --path, --source, --version, …")
    from worker.bootstrap import operating, steps
    from worker.cli.store import found
    from worker.settings import load

    with interrupting(), piping(), found(load(), "copydesk reprocess") as running:
        if dry_run:
            read = steps.reader(running.settings)
            with operating.inspecting(running.settings) as ledger:
                counts = Counter(
                    _told(original, read, as_json=as_json) for original in ledger.originals(which)
                )
            say(", ".join(f"{n:,} {what}" for what, n in sorted(counts.items())) or "no such file")
            return
        with operating.retrying(running.settings) as desk:
            due = desk.would(which).again
            if due and confirmed(yes=yes):
                due = desk.retry(which).again
            say(f"{len(due):,} file(s) of the quarantine are due again")


def _told(original: "Original", read: "Read", *, as_json: bool) -> str:
    """Say what would become of it; gives the word for it."""
    outcome, detail, differing = compare(original, read)
    if as_json:
        machine(_object(original, outcome, detail, differing))
    elif outcome != "the same":
        for line in _lines(original, outcome, detail, differing):
            say(line)
    return outcome


def compare(original: "Original", read: "Read") -> tuple[str, str, list["Difference"]]:
    """What reading it now comes to, why, and what would differ."""
    from worker.core.difference import differences

    try:
        now = read(original.content, original.path.text)
    except Rejected as refusal:
        return "rejected", str(refusal), []
    differing = differences(original.article, now)
    return ("different" if differing else "the same"), "", differing


def _object(
    original: "Original", outcome: str, detail: str, differing: list["Difference"]
) -> dict[str, Any]:
    return {
        "id": original.file_id,
        "path": original.path.text,
        "article_id": str(original.article_id),
        "version": original.version,
        "outcome": outcome,
        "detail": detail or None,
        "differences": [
            {"field": one.field, "before": one.before or None, "after": one.after or None}
            for one in differing
        ],
    }


def _lines(
    original: "Original", outcome: str, detail: str, differing: list["Difference"]
) -> list[Text]:
    name = Text.assemble((printable(original.path.text), "bold"), f"  {outcome}")
    name.append(f"  {original.article_id}, version {original.version}", style="dim")
    lines = [name, *([Text(f"  {printable(detail)}")] if detail else [])]
    for one in differing:
        lines.append(Text(f"  {one.field}", style="dim"))
        lines += [Text(f"    - {printable(one.before)}", style="red")] if one.before else []
        lines += [Text(f"    + {printable(one.after)}", style="green")] if one.after else []
    if people().is_terminal:
        for line in lines:
            line.truncate(people().width, overflow="ellipsis")
    return lines
