"""``copydesk reprocess``: work stored files again with the present code."""

from typing import Annotated

import typer

from worker.cli.options import JsonLines, Yes
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
from worker.core.errors import UsageError

Tags = Annotated[
    bool,
    typer.Option(
        "--tags", help="Make only tags anew, of stored articles that another tagger tagged."
    ),
]
Dedupe = Annotated[
    bool,
    typer.Option(
        "--dedupe", help="Judge only which files are copies, and of what, by the present rules."
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run", help="Show article by article what would differ, and change nothing."
    ),
]


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
    tags: Tags = False,
    dedupe: Dedupe = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: JsonLines = False,
) -> None:
    """Read files again with the present code, from the bytes that the store keeps.

    Every article whose text or metadata comes out differently is shown with what differs; then its
    file is due once more, and a worker makes a new version of the article from it, with tags, of
    which consumers are told. Meant is what they see now: not earlier versions, copies, what was
    taken back, nor what a later content of the same path followed. What the present code would
    refuse is shown, and stays. Files in quarantine are worked again, as `copydesk retry` does.

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
    from worker.cli.rereading import reread

    reread(which, dry_run=dry_run, yes=yes, as_json=as_json)
