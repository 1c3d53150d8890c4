"""``copydesk export``: the published articles, as JSON lines."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated, Any

import orjson
import typer

from worker.cli.console import people, piping, say
from worker.cli.signals import interrupting
from worker.core.errors import UsageError

_REFRESH_SECONDS = 0.5


class Format(StrEnum):
    JSONL = "jsonl"


def export(
    *,
    form: Annotated[
        Format, typer.Option("--format", help="How: one article.v1.json object a line.")
    ] = Format.JSONL,
    after: Annotated[
        int,
        typer.Option(
            "--after", metavar="N", min=0, help="Only what changed after position N of the feed."
        ),
    ] = 0,
    until: Annotated[
        int | None,
        typer.Option(
            "--until", metavar="N", min=0, help="Only what last changed up to position N, included."
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write to FILE, which appears once it is whole, instead of stdout.",
        ),
    ] = None,
) -> None:
    """Write every published article to stdout, in the order of the feed, as one JSON object a line.

    The objects obey schemas/article.v1.json. Memory does not grow with the store. With --after, the
    greatest position of an earlier export, only what changed since then is written.
    """
    if until is not None and until < after:
        raise UsageError(f"--until {until} is before --after {after}: nothing lies between")
    from worker.cli.store import opened

    with (
        interrupting(),
        piping(),
        opened("copydesk export") as (_, reading),
        closing(reading.articles(after=after, until=until)) as articles,
        whole(output) if output else _stdout() as file,
    ):
        count = _write(articles, file)
    if output:
        say(f"{count:,} article(s) in {output}, as {form.value}")


def _write(articles: Iterator[dict[str, Any]], file: IO[bytes]) -> int:
    count = 0
    tell = _teller()
    for count, article in enumerate(articles, 1):
        file.write(orjson.dumps(article) + b"\n")
        tell(count)
    return count


def _teller() -> Callable[[int], None]:
    """Say on a terminal, now and then, how far it is; and nowhere else."""
    console = people()
    next_at = time.monotonic() + _REFRESH_SECONDS

    def tell(count: int) -> None:
        nonlocal next_at
        if (now := time.monotonic()) >= next_at:
            console.print(f"{count:,} articles", end="\r")
            next_at = now + _REFRESH_SECONDS

    return tell if console.is_terminal and not sys.stdout.isatty() else lambda _count: None


@contextmanager
def _stdout() -> Iterator[IO[bytes]]:
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that has its name only when all of it is on disk."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)  # what is left of it was not whole
