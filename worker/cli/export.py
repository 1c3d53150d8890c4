"""``copydesk export``: the published articles, in one of several forms."""

import csv
import io
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated, Any, Final

import orjson
import typer

from worker.cli.console import people, piping, say
from worker.cli.signals import interrupting
from worker.core.errors import UsageError
from worker.core.exporting import ninjs, table

_REFRESH_SECONDS = 0.5


class Format(StrEnum):
    JSONL = "jsonl"
    NINJS = "ninjs"
    CSV = "csv"
    PARQUET = "parquet"


@dataclass(slots=True)
class Progress:
    """How far an export is: told on a terminal, now and then, and at the end."""

    position: int  # of the last article taken; all up to it are in
    count: int = 0

    def over(self, articles: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        tell = _teller()
        for article in articles:
            yield article
            self.count += 1
            self.position = article["position"]
            tell(self.count)


def export(
    *,
    form: Annotated[
        Format,
        typer.Option(
            "--format",
            help="jsonl: one article.v1.json object a line. ninjs: one ninjs 3.1 object a line."
            " csv: a table with names for lists. parquet: all columns, typed; needs the extra"
            " of that name.",
        ),
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
    """Write every published article to stdout, in the order of the feed.

    Memory does not grow with the store. At the end, or when it is interrupted, it says up to which
    position all is written: with that as --after, a later export goes on where this one ended, and
    writes what changed since then.
    """
    if until is not None and until < after:
        raise UsageError(f"--until {until} is before --after {after}: nothing lies between")
    from worker.cli.store import opened

    progress, only = Progress(after), table.KEYS if form is Format.CSV else None
    try:
        with interrupting(), piping(), opened("copydesk export") as (_, reading):
            _refuse_ahead(after, reading.status().position)
            with (
                closing(reading.articles(after=after, until=until, only=only)) as articles,
                whole(output) if output else _stdout() as file,
            ):
                write(progress.over(articles), file, form)
    except KeyboardInterrupt:
        _say_stopped(progress, output)
        raise
    if output:
        say(f"{progress.count:,} article(s) in {output}, as {form.value}")
    say(f"all up to position {progress.position:,} of the feed; --after {progress.position}")


def _refuse_ahead(after: int, greatest: int) -> None:
    """As the feed does: who goes on from before a restore would never hear of anything again."""
    if after > greatest:
        raise UsageError(
            f"position {after} is ahead of the feed, which ends at {greatest}; "
            "is this the database that the position came from?"
        )


def _say_stopped(progress: Progress, output: Path | None) -> None:
    if output:
        say(f"stopped; {output} was not whole, and is not there")
    else:
        say(f"stopped; --after {progress.position} goes on with what comes next")


def write(articles: Iterable[dict[str, Any]], file: IO[bytes], form: Format) -> None:
    """Write ``article.v1.json`` objects as *form*, one after the other."""
    if form is Format.PARQUET:
        from worker.adapters import parquet

        parquet.write(articles, file)
        return
    line = _LINES[form]
    if form is Format.CSV:
        file.write(_csv(list(table.COLUMNS)))
    for article in articles:
        file.write(line(article))


def _json(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)


def _csv(cells: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)  # RFC 4180: CRLF, quotes where they are needed
    return line.getvalue().encode()


_LINES: Final[Mapping[Format, Callable[[dict[str, Any]], bytes]]] = {
    Format.JSONL: _json,
    Format.NINJS: lambda article: _json(ninjs.ninjs(article)),
    Format.CSV: lambda article: _csv(table.row(article)),
}


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
