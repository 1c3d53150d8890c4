"""``copydesk audit``: proof, apart from the code that works, that nothing is lost or doubled."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from worker.cli.console import duration, machine, people, printable
from worker.cli.options import JsonObject
from worker.cli.roles import Inbox
from worker.cli.signals import interrupting
from worker.core.audit import Finding, OnItsWay
from worker.core.ledger import State

if TYPE_CHECKING:
    from worker.auditor import Audited

FAULTS = 1
_EXAMPLES = 10  # of each kind, shown to people
_WAYS = {
    OnItsWay.UNSEEN: "not in the ledger yet",
    OnItsWay.CHANGED: "written to since they were read",
    State.NOTICED: "waiting for a worker",
    State.PROCESSING: "in work",
}


def audit(
    *,
    inbox: Inbox = None,
    store_only: Annotated[
        bool,
        typer.Option(
            "--store-only", help="Check ledger, store and feed; do not look into the folder."
        ),
    ] = False,
    as_json: JsonObject = False,
) -> None:
    """Prove that nothing is lost, doubled or left behind; exit 1 where something is wrong.

    Every file in the inbox is hashed again and compared with the ledger, outcomes with the store,
    and the feed, followed from its beginning, with what consumers see. Works while the service
    runs: files that are on their way then are counted apart, and are not wrong. Changes nothing.
    """
    from worker.settings import load

    settings = load(inbox=inbox)
    from worker import auditor
    from worker.bootstrap import folders, operating
    from worker.cli.store import found

    began = time.monotonic()
    with interrupting(), found(settings, "copydesk audit") as running:
        folder = None if store_only else folders.inbox(running.settings)
        name = folders.inbox_name(running.settings)
        with operating.auditing(running.settings) as ledger:
            audited = auditor.audit(ledger, name, folder, running.settings.exclude)
    if as_json:
        machine(report(audited, name, time.monotonic() - began))
    else:
        people().print(shown(audited, name, time.monotonic() - began))
    if not audited.clean:
        raise typer.Exit(FAULTS)


def report(audited: "Audited", inbox: str, seconds: float) -> dict[str, Any]:
    """The object of ``audit --json``; keys may be added, and keep their meaning."""
    return {
        "clean": audited.clean,
        "inbox": inbox,
        "files": audited.files,
        "articles": audited.articles,
        "changes": audited.changes,
        "on_its_way": {way.value: count for way, count in _ways(audited)},
        "findings": [
            {
                "check": group[0].check.value,
                "meaning": group[0].check.meaning,
                "mend": group[0].check.mend,
                "count": len(group),
                "examples": [
                    {"subject": finding.subject, "detail": finding.detail}
                    for finding in group[:1_000]
                ],
            }
            for group in grouped(audited.findings)
        ],
        "seconds": round(seconds, 3),
    }


def shown(audited: "Audited", inbox: str, seconds: float) -> RenderableType:
    checked = f"{audited.files:,} files, {audited.articles:,} articles, {audited.changes:,} changes"
    parts = [
        Text(printable(inbox), style="bold", overflow="fold"),
        Text(f"  {checked}; checked in {duration(seconds)}"),
    ]
    if ways := [f"{count:,} {_WAYS[way]}" for way, count in _ways(audited) if count]:
        parts.append(Text(f"  on their way: {', '.join(ways)}"))
    if audited.clean:
        parts.append(Text("  all of it agrees", style="green"))
    for group in grouped(audited.findings):
        parts += _fault(group)
    return Group(*parts)


def _fault(group: list[Finding]) -> Iterator[Text]:
    check = group[0].check
    yield Text()
    yield Text.assemble((f"  {check.value} {len(group):,}", "bold red"), f"  {check.meaning}")
    for finding in group[:_EXAMPLES]:
        detail = f"  {printable(finding.detail)}" if finding.detail else ""
        yield Text(f"    {printable(finding.subject)}{detail}", overflow="fold")
    if (rest := len(group) - _EXAMPLES) > 0:
        yield Text(f"    and {rest:,} more; --json names them", style="dim")
    yield Text(f"    → {check.mend}", style="yellow")


def grouped(findings: tuple[Finding, ...]) -> Iterator[list[Finding]]:
    """Findings of one kind together, in the order in which the kinds were found."""
    kinds: dict[str, list[Finding]] = {}
    for finding in findings:
        kinds.setdefault(finding.check, []).append(finding)
    yield from kinds.values()


def _ways(audited: "Audited") -> Iterator[tuple[OnItsWay | State, int]]:
    yield from ((way, audited.on_its_way.get(way, 0)) for way in OnItsWay)
    yield from ((state, audited.open.get(state, 0)) for state in State if not state.final)
