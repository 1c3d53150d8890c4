"""The options that name files of the ledger, for every command that takes them."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from worker.cli.options import in_utf8
from worker.core.errors import UsageError
from worker.core.ledger import Path as LedgerPath
from worker.core.ledger import Reason, State
from worker.core.selection import Selection, moment


def _numbers(ids: list[int] | None) -> list[int] | None:
    """Refuse what the ledger's column has no room for."""
    if any(abs(id_) >> 63 for id_ in ids or ()):
        raise typer.BadParameter("no file has so great a number")
    return ids


Reasons = Annotated[
    list[Reason] | None,
    typer.Option("--reason", metavar="REASON", help="Only files that ended so; may be repeated."),
]
Ids = Annotated[
    list[int] | None,
    typer.Option(
        "--id",
        metavar="N",
        callback=_numbers,
        help="Only the file with this number; may be repeated.",
    ),
]
PathPattern = Annotated[
    str | None,
    typer.Option(
        "--path",
        metavar="PATTERN",
        callback=in_utf8,
        help="Only files whose path below the inbox matches, * and ? as in a shell.",
    ),
]
InboxName = Annotated[
    Path | None,
    typer.Option("--inbox", metavar="DIR", help="Only files of this inbox [default: all of them]."),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="TIME", help="Only files noticed since: 2026-03-11T09:00, 90m, 2d."
    ),
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="TIME", help="Only files noticed before, as for --since."),
]
Source = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="NAME",
        callback=in_utf8,
        help="Only files of articles by this publisher.",
    ),
]
Pipeline = Annotated[
    str | None,
    typer.Option(
        "--version",
        metavar="VERSION",
        callback=in_utf8,
        help="Only files that this version of the code handled.",
    ),
]


def selection(  # noqa: PLR0913 -- an option each
    *,
    states: list[State] | None = None,
    reasons: list[Reason] | None = None,
    ids: list[int] | None = None,
    path: str | None = None,
    inbox: Path | None = None,
    since: str | None = None,
    until: str | None = None,
    source: str | None = None,
    pipeline: str | None = None,
) -> Selection:
    """What was asked for; raises ``UsageError`` for a time that is none."""
    return Selection(
        states=tuple(states or ()),
        reasons=tuple(reasons or ()),
        ids=tuple(ids or ()),
        inbox=None if inbox is None else _inbox_name(inbox),
        path=path,
        since=moment_of("--since", since),
        until=moment_of("--until", until),
        source=source,
        pipeline=pipeline,
    )


def _inbox_name(inbox: Path) -> str:
    """As the ledger calls it."""
    return LedgerPath(os.fsencode(inbox.resolve())).text


def moment_of(option: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return moment(text, datetime.now(UTC))
    except ValueError as error:
        raise UsageError(
            f"{option} {text}: neither a time, such as 2026-03-11T09:00, nor an age, such as 2h"
        ) from error
