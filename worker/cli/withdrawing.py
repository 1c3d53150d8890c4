"""What `retract`, `restore` and `erase` have in common: whom they mean, and what they say."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.console import machine, printable, say
from worker.cli.naming import named
from worker.cli.options import in_utf8
from worker.cli.signals import interrupting
from worker.core.errors import UsageError

if TYPE_CHECKING:
    from worker.ports import Meant, TakenBack, Withdrawing

Because = Annotated[
    str,
    typer.Option(
        "--because",
        metavar="TEXT",
        callback=in_utf8,
        help="Why, in a sentence that consumers read.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write what became of it to stdout as JSON.")]


@contextmanager
def meant(name: str, command: str) -> Iterator[tuple["Withdrawing", "Meant"]]:
    """The article that *name* means, and who can withdraw it."""
    from worker.bootstrap import operating
    from worker.cli.store import found
    from worker.settings import load

    settings = load()
    with (
        interrupting(),
        found(settings, f"copydesk {command}") as running,
        operating.naming(running.settings) as store,
        operating.withdrawing(running.settings) as desk,
    ):
        yield desk, desk.meant(named(store, name, settings))


def heed_merger(meant: "Meant", *, yes: bool) -> None:
    """Take no article back unasked that is another one than was named."""
    if meant.merged is None:
        return
    say(f"{meant.merged} was merged into {meant.article_id}  {printable(meant.headline)}")
    if not (yes or confirms("take that back, with all its files?")):
        raise UsageError(
            f"nothing was taken back; --yes, or the id {meant.article_id}, takes that article "
            f"back, and copydesk separate {meant.merged} makes the other one of its own again"
        )


def confirms(question: str) -> bool:
    """Ask a person, where there is one; else it is a no."""
    return sys.stdin.isatty() and typer.confirm(question, err=True)


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
