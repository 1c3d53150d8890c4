"""``copydesk join``: make the merge that was missed."""

from typing import Annotated

import typer

from worker.cli.console import machine, say
from worker.cli.naming import Name, article
from worker.cli.options import in_utf8
from worker.cli.signals import interrupting

Because = Annotated[
    str,
    typer.Option(
        "--because",
        metavar="TEXT",
        callback=in_utf8,
        help="Why; consumers read it in the feed.",
    ),
]


def join(
    one: Name,
    other: Name,
    *,
    because: Because = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Write what became of them to stdout as JSON.")
    ] = False,
) -> None:
    """Merge two articles that are one story: the younger into the elder, which stays as it is.

    The younger's files become copies of the elder, and nothing of them is lost. If consumers do not
    see both yet, or a file of the younger is being worked, they are merged as soon as that has
    changed. What was joined stays joined, whatever comes later, until `copydesk separate` says
    otherwise. Done twice, it changes nothing.
    """
    from worker.bootstrap import operating
    from worker.cli.store import found
    from worker.settings import load

    settings = load()
    with (
        interrupting(),
        found(settings, "copydesk join") as running,
        operating.naming(running.settings) as store,
        operating.regrouping(running.settings) as desk,
    ):
        first, second = (article(store, name, settings) for name in (one, other))
        joined = desk.join(first, second, because or "a person joined them")
    if joined.waits:
        say(f"{joined.gone} will be merged into {joined.into}; not yet, for {joined.waits}")
    else:
        say(f"{joined.gone} is {joined.into}")
    if as_json:
        machine(
            {
                "outcome": "waiting" if joined.waits else "joined",
                "into": str(joined.into),
                "gone": str(joined.gone),
                "waits": joined.waits or None,
            }
        )
