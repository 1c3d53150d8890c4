"""``copydesk explain``: what would become of files, and why; a dry run."""

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from worker.cli.console import glyph, machine, people, piping, printable, style
from worker.cli.options import JsonLines
from worker.cli.signals import interrupting
from worker.core.errors import UsageError
from worker.core.ledger import State

if TYPE_CHECKING:
    from worker.dry_run import Explained

_REFRESH_SECONDS = 0.5
_TAGS = ("people", "organisations", "places")
_NAMES = 8  # of a kind of tag, shown to people

Rows = list[tuple[str, str | None]]  # a label, and what there is to say


def explain(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="Files, in the order in which they would come."),
    ] = None,
    *,
    files_from: Annotated[
        str | None,
        typer.Option(
            "--files-from",
            metavar="FILE",
            help="Read more paths from FILE, one a line; - is stdin. They come after those named.",
        ),
    ] = None,
    as_json: JsonLines = False,
) -> None:
    """Say what would become of files: the outcome, why, and the article with its tags.

    A dry run in memory: no servers, nothing is written, and only the files named here are compared
    with each other. Every file is normalised and tagged, copies too. The same files give the same
    answer.
    """
    if not files and files_from is None:
        raise UsageError("name a file, or --files-from; see copydesk explain --help")
    from worker.settings import load, pin_blas

    pin_blas()
    from worker.bootstrap import steps

    settings = load(log_level="DEBUG" if context.obj else None)
    with interrupting(), piping():
        answers = steps.dry_run(settings).explain(paths(files or (), files_from))
        for explained in _counted(answers, quiet=not as_json):
            if as_json:
                machine(explained.as_json())
            else:
                people().print(shown(explained, people()))


def paths(files: Sequence[Path], files_from: str | None) -> Iterator[str]:
    yield from map(str, files)
    if files_from == "-":
        yield from _named_in(sys.stdin)
    elif files_from is not None:
        try:
            with Path(files_from).open(encoding="utf-8", errors="surrogateescape") as file:
                yield from _named_in(file)
        except OSError as error:
            raise UsageError(f"--files-from {files_from}: {error.strerror}") from error


def _named_in(lines: Iterator[str]) -> Iterator[str]:
    return (path for line in lines if (path := line.rstrip("\n")))


def _counted(answers: Iterator["Explained"], *, quiet: bool) -> Iterator["Explained"]:
    """Say on a terminal how far it is, when the answers go elsewhere."""
    console = people()
    quiet = quiet or not console.is_terminal or sys.stdout.isatty()
    next_at = time.monotonic() + _REFRESH_SECONDS
    for count, answer in enumerate(answers, 1):
        yield answer
        if not quiet and time.monotonic() >= next_at:
            console.print(f"{count:,} files", end="\r")
            next_at = time.monotonic() + _REFRESH_SECONDS


# --- for people -----------------------------------------------------------------------------------


def shown(explained: "Explained", console: Console) -> RenderableType:
    """A file's outcome, and its article as a reader would take it in."""
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column(overflow="fold")
    for label, value in (*_why(explained), *_article(explained.article)):
        if value:
            rows.add_row(label, printable(value))
    return Group(_heading(explained, console), rows, Text())


def _heading(explained: "Explained", console: Console) -> Text:
    mark = glyph(explained.outcome, ascii_only=console.options.ascii_only)
    line = Text.assemble(
        (f"{mark} ", style(explained.outcome)), (printable(explained.path), "bold")
    )
    line.append(f"  {explained.outcome.value}")
    if explained.reason:
        line.append(f" ({explained.reason.value})")
    return line


def _why(explained: "Explained") -> Rows:
    if explained.outcome is State.EXPANDED:
        return [("holds", explained.detail)]
    if explained.decision is None:
        meaning = explained.reason.meaning if explained.reason else None
        return [("because", explained.detail or meaning)]
    verdict = explained.decision.verdict
    return [(verdict.relation.value, verdict.because), ("of", explained.of_path)]


def _article(article: dict[str, Any] | None) -> Rows:
    if article is None:
        return []
    published, precision = article["published_at"], article["published_precision"]
    size = f"{article['word_count']:,} words in {len(article['paragraphs'])} paragraphs"
    return [
        ("headline", article["headline"]),
        ("byline", article["byline"]),
        ("dateline", article["dateline"] and article["dateline"]["text"]),
        ("published", published and f"{published} (to the {precision})"),
        ("language", f"{article['language']}, {size}"),
        *((kind, _names(article[kind])) for kind in _TAGS),
        ("countries", ", ".join(country["code"] for country in article["countries"] or ())),
    ]


def _names(entities: list[dict[str, Any]] | None) -> str:
    names = [entity["name"] for entity in entities or ()]
    rest = len(names) - _NAMES
    return ", ".join(names[:_NAMES]) + (f", {rest} more" if rest > 0 else "")
