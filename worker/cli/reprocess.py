"""``copydesk reprocess``: work stored files again with the present code."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.console import machine, piping, say
from worker.cli.differing import as_object, lines
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
    tags: Annotated[
        bool,
        typer.Option(
            "--tags", help="Make only tags anew, of stored articles that another tagger tagged."
        ),
    ] = False,
    dedupe: Annotated[
        bool,
        typer.Option(
            "--dedupe", help="Judge only which files are copies, and of what, by the present rules."
        ),
    ] = False,
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
    `copydesk retry` does. The texts of stored articles are not changed by this release.

    With --tags, articles are tagged by this release and its settings, one batch after the other,
    in this process. Consumers are told of those whose tags came out differently. All articles are
    meant where no other option says which; those that this very tagger tagged are passed over, so
    that a run which was stopped goes on where it was.

    With --dedupe, each file is compared with what was there at its time, and what differs is shown
    first. Then copies that are none, or of another article, are worked again by the workers;
    articles that are one are merged; and those that were merged wrongly come apart. A file that
    made a later version stays where it is, and so does what `copydesk separate` or `join` placed.
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
    if tags and dedupe:
        raise UsageError("--tags and --dedupe are two runs: give one of them")
    if tags:
        from worker.cli.retagging import retag

        retag(which, dry_run=dry_run, yes=yes, as_json=as_json)
        return
    if dedupe:
        from worker.cli.rejudging import rejudge

        rejudge(which, dry_run=dry_run, yes=yes, as_json=as_json)
        return
    if not which.narrow:
        raise UsageError("say which files: --id, --reason, --path, --source, --version, …")
    from worker.bootstrap import operating, rereading, steps
    from worker.cli.store import found
    from worker.settings import load

    with interrupting(), piping(), found(load(), "copydesk reprocess") as running:
        if dry_run:
            read = steps.reader(running.settings)
            with rereading.inspecting(running.settings) as ledger:
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
        machine(as_object(original, outcome, detail, differing))
    elif outcome != "the same":
        for line in lines(original, outcome, detail, differing):
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
