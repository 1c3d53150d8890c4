"""What `retract`, `restore` and `erase` have in common: whom they mean, and what they say."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from worker.cli.console import machine, printable, say
from worker.cli.signals import interrupting
from worker.core.errors import UsageError

if TYPE_CHECKING:
    from worker.ports import Meant, TakenBack, Withdrawing

Named = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="An article's id, as consumers see it; or the number of a file of it."
    ),
]
Because = Annotated[
    str,
    typer.Option("--because", metavar="TEXT", help="Why, in a sentence that consumers read."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write what became of it to stdout as JSON.")]


@contextmanager
def named(name: str, command: str) -> Iterator[tuple["Withdrawing", "Meant"]]:
    """The article that *name* names, and who can withdraw it."""
    from worker.bootstrap import operating
    from worker.cli.store import found
    from worker.settings import load

    with (
        interrupting(),
        found(load(), f"copydesk {command}") as running,
        operating.withdrawing(running.settings) as desk,
    ):
        yield desk, desk.meant(_id(name))


def _id(name: str) -> int | UUID:
    if name.isdecimal():
        return int(name)
    try:
        return UUID(name)
    except ValueError:
        raise UsageError(
            f"{name} is neither an article's id nor a file's number; copydesk why {name} shows both"
        ) from None


def tell(meant: "Meant", done: "TakenBack", *, as_json: bool) -> None:
    say(f"{meant.article_id}  {printable(meant.headline)}")
    say(f"  {_shown(done)}")
    if done.withdrawn:
        say(f"  taken back: {_listed(done.withdrawn)}")
    if as_json:
        machine({"article_id": str(meant.article_id), **asdict(done)})


def _shown(done: "TakenBack") -> str:
    if done.version is not None:
        return f"consumers see version {done.version}"
    if done.heir is not None:
        return "consumers see nothing until a worker has read the copy that takes its place: " + (
            printable(done.heir)
        )
    return "consumers see nothing of it"


def _listed(paths: tuple[str, ...], most: int = 10) -> str:
    more = f" and {len(paths) - most:,} more" if len(paths) > most else ""
    return ", ".join(map(printable, paths[:most])) + more
