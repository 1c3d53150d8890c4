"""``copydesk retry``: work files again that ended badly."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.console import machine, printable, say
from worker.cli.options import Yes
from worker.cli.selecting import (
    Ids,
    InboxName,
    PathPattern,
    Pipeline,
    Reasons,
    Since,
    Until,
    selection,
)
from worker.cli.signals import interrupting
from worker.core.errors import UsageError
from worker.core.selection import Selection

if TYPE_CHECKING:
    from worker.ports import Inspecting, Retried

_NAMED = 10  # files that are named before a person confirms


def retry(  # noqa: PLR0913 -- an option each
    *,
    ids: Ids = None,
    reasons: Reasons = None,
    path: PathPattern = None,
    inbox: InboxName = None,
    since: Since = None,
    until: Until = None,
    pipeline: Pipeline = None,
    all_of_them: Annotated[
        bool, typer.Option("--all", help="Every file that ended badly, without a condition.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say which files it would be.")
    ] = False,
    yes: Yes = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write the numbers of the files to stdout as JSON.")
    ] = False,
) -> None:
    """Try files again: those in quarantine, and those that were stored without their tags.

    They are worked by the workers that run, or by those of the next `copydesk up`. What was poison
    comes alone. Files that could not be read are tried by every scan of the watcher, and are only
    counted here. Files that ended well are left alone, and so is what a newer content of the same
    path has replaced.
    """
    which = selection(
        ids=ids,
        reasons=reasons,
        path=path,
        inbox=inbox,
        since=since,
        until=until,
        pipeline=pipeline,
    )
    if not which.narrow and not all_of_them:
        raise UsageError("say which files (--id, --reason, --path, …), or --all of them")
    from worker.bootstrap import operating, rereading
    from worker.cli.store import found
    from worker.settings import load

    with (
        interrupting(),
        found(load(), "copydesk retry") as running,
        rereading.inspecting(running.settings) as ledger,
        operating.retrying(running.settings) as desk,
    ):
        retried = desk.would(which)
        _name(ledger, retried)
        if not dry_run and (retried.again or retried.unread) and confirmed(yes=yes):
            retried = desk.retry(which)
            say(_said(retried, "are due again"))
        else:
            say(_said(retried, "would be due again"))
    if as_json:
        machine({"again": retried.again, "unread": retried.unread, "dry_run": dry_run})


def confirmed(*, yes: bool) -> bool:
    """Ask a person, where there is one."""
    return yes or not sys.stdin.isatty() or typer.confirm("go on?", err=True)


def _name(ledger: "Inspecting", retried: "Retried") -> None:
    ids = (*retried.again, *retried.unread)
    if not ids:
        return
    which = Selection(ids=ids[:_NAMED])
    for file in reversed(ledger.files(which, _NAMED)):
        say(f"  {file.id}  {printable(file.path.text)}  {file.reason or ''}")
    if len(ids) > _NAMED:
        say(f"  and {len(ids) - _NAMED:,} more")


def _said(retried: "Retried", what: str) -> str:
    told = f"{len(retried.again):,} file(s) {what}"
    if retried.unread:
        told += f"; {len(retried.unread):,} whose bytes are not kept: every scan tries them anyway"
    return told
