"""``copydesk separate``: undo a wrong merge."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.cli.console import machine, printable, say
from worker.cli.join import Because
from worker.cli.naming import Name, file
from worker.cli.signals import interrupting

if TYPE_CHECKING:
    from worker.ports import Parted


def separate(
    name: Name,
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
    from worker.bootstrap import operating
    from worker.cli.store import found
    from worker.settings import load

    settings = load()
    with (
        interrupting(),
        found(settings, "copydesk separate") as running,
        operating.naming(running.settings) as store,
        operating.regrouping(running.settings) as desk,
    ):
        parted = desk.separate(file(store, name, settings), because or "a person took them apart")
    say(_said(parted))
    if as_json:
        machine(as_object(parted))


def as_object(parted: "Parted") -> dict[str, Any]:
    """The object of ``separate --json``; keys may be added, and keep their meaning."""
    return {
        "id": parted.file_id,
        "path": parted.path,
        "outcome": _outcome(parted),
        "article_id": str(parted.article_id) if parted.article_id else None,
        "was": str(parted.was) if parted.was else None,
    }


def _outcome(parted: "Parted") -> str:
    if parted.article_id is None:
        return "due"
    return "separated" if parted.was else "unchanged"


def _said(parted: "Parted") -> str:
    path = printable(parted.path)
    return {
        "due": f"{path} is due: a worker makes an article of it, apart from {parted.was}",
        "separated": f"{path} has its article back: {parted.article_id}, apart from {parted.was}",
        "unchanged": f"{path} has an article of its own: {parted.article_id}",
    }[_outcome(parted)]
