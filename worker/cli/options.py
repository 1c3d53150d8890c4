"""Options that several commands have, in the same words."""

from typing import Annotated

import typer

JsonObject = Annotated[
    bool, typer.Option("--json", help="Write one JSON object to stdout instead.")
]
JsonLines = Annotated[
    bool, typer.Option("--json", help="Write one JSON object a file to stdout instead.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask a person at a terminal first.")]


def in_utf8(value: str | None) -> str | None:
    """Of an option that is a text: its bytes may be any, and no store of texts holds them all."""
    try:
        (value or "").encode()
    except UnicodeEncodeError:
        raise typer.BadParameter("it has bytes that are no UTF-8") from None
    return value
