"""``copydesk separate``: undo a wrong merge."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.cli.console import machine, printable, say
from worker.cli.join import Because
from worker.cli.signals import interrupting
from worker.cli.why import names
from worker.core.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from worker.core.life import File
    from worker.ports import Inspecting, Parted


def separate(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|ID",
            help="A path, as it is on disk or in the ledger, or the number of a file.",
        ),
    ],
    *,
    because: Because = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Write what became of it to stdout as JSON.")
    ] = False,
) -> None:
    """Make an article of its own of a file that was taken for a copy, or whose article was merged.

    A copy is due again, and becomes an article, with tags, as soon as a worker has it; unless it is
    a copy of yet another article. An article that was merged is there again at once. What was taken
    apart stays apart, whatever comes later, until `copydesk join` says otherwise. Done twice, it
    changes nothing.
    """
    from worker.bootstrap import operating, rereading
    from worker.cli.store import found
    from worker.settings import load

    settings = load()
    with (
        interrupting(),
        found(settings, "copydesk separate") as running,
        rereading.inspecting(running.settings) as ledger,
        operating.regrouping(running.settings) as desk,
    ):
        life = ledger.life(_only(ledger, file, settings.inbox))
        if life is None:
            raise UsageError(f"the ledger has no file {file}; copydesk files lists what it has")
        parted = desk.separate(life.file.id, because or "a person took them apart")
    say(_said(life.file, parted))
    if as_json:
        machine(as_object(life.file, parted))


def _only(ledger: "Inspecting", name: str, inbox: "Path") -> int:
    if name.isdecimal():
        return int(name)
    ids = ledger.named(names(name, inbox.resolve()))
    if len(ids) > 1:
        numbers = ", ".join(map(str, ids))
        raise UsageError(f"several files have this path: say which by its number, of {numbers}")
    return ids[0] if ids else 0


def as_object(file: "File", parted: "Parted") -> dict[str, Any]:
    """The object of ``separate --json``; keys may be added, and keep their meaning."""
    return {
        "id": parted.file_id,
        "path": file.path.text,
        "outcome": _outcome(parted),
        "article_id": str(parted.article_id) if parted.article_id else None,
        "was": str(parted.was) if parted.was else None,
    }


def _outcome(parted: "Parted") -> str:
    if parted.article_id is None:
        return "due"
    return "separated" if parted.was else "unchanged"


def _said(file: "File", parted: "Parted") -> str:
    path = printable(file.path.text)
    return {
        "due": f"{path} is due: a worker makes an article of it, apart from {parted.was}",
        "separated": f"{path} has its article back: {parted.article_id}, apart from {parted.was}",
        "unchanged": f"{path} has an article of its own: {parted.article_id}",
    }[_outcome(parted)]
