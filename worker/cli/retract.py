"""``copydesk retract``: take a story back."""

from typing import Annotated

import typer

from worker.cli.naming import Name
from worker.cli.options import Yes
from worker.cli.withdrawing import AsJson, Because, heed_merger, meant, tell
from worker.core.errors import UsageError
from worker.core.withdrawal import Scope


def retract(
    name: Name,
    *,
    because: Because,
    scope: Annotated[
        Scope,
        typer.Option(
            "--scope",
            help="What is meant: the one file that is named, or that consumers see the text of; "
            "all that its publisher sent; or all there is of it, whoever sent it.",
        ),
    ] = Scope.ALL,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Take a story back: consumers see nothing of it from this moment on, and the feed says why.

    Its files, texts and documents stay, and `copydesk restore` brings it back. What comes later and
    is meant as well is stored as a part of it, and shows nowhere. With a scope of file or source, a
    valid copy that another sent takes its place, as soon as a worker has read it again. A file
    whose publisher nobody knows counts as the same publisher's. An article that was merged into
    another can only be taken back with that one, which is asked first.
    """
    if not because.strip():
        raise UsageError("--because: say why; consumers read it")
    with meant(name, "retract") as (desk, article):
        heed_merger(article, yes=yes)
        tell(article, desk.retract(article, scope, because.strip()), as_json=as_json)
