"""Say how a run ended: the counts, each file of a small inbox, and where to read on."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from worker.cli.console import duration, glyph, people, printable, rate, say, style
from worker.cli.scene import OUTCOMES, Places, Summary, seen
from worker.cli.tally import tally
from worker.ports import Headline

_FEW_FILES = 30  # that are shown one by one
_INDENT = 15  # columns: below the path


def tell(summary: Summary | None, places: Places | None, *, once: bool, drained: bool) -> None:
    """To people, on standard error."""
    console = people()
    if summary is None or places is None:
        say("stopped; nothing is lost")
    elif once:
        _tell_end(summary, places, drained=drained)
    else:
        console.print(_counts(summary))
        say(f"stopped; nothing is lost: {summary.in_flight:,} waiting")


def _tell_end(summary: Summary, places: Places, *, drained: bool) -> None:
    console, status = people(), summary.observed.status
    if 0 < seen(status) <= _FEW_FILES:
        for line in files(summary.observed.headlines, console):
            say(line)
        say("")
    console.print(_counts(summary))
    if seen(status) == 0:
        say(f"there is no file in {printable(places.inbox)}")
    if drained:
        say(_pace(summary))
        psql = printable(places.psql)
        say(f"read them: {psql}, or {psql.removesuffix('psql')}export")
    else:
        say(
            f"not drained: {summary.in_flight:,} waiting; nothing is lost. "
            f"Logs: {printable(places.logs)}"
        )


def _pace(summary: Summary) -> str:
    if summary.articles == 0:
        return f"nothing new, after {duration(summary.seconds)}"
    pace = rate(summary.articles / summary.seconds)
    return f"{summary.articles:,} new in {duration(summary.seconds)}, {pace} articles/s"


def _counts(summary: Summary) -> Table:
    status = summary.observed.status
    some = [state for state in OUTCOMES if status.counts.get(state, 0)]
    table = tally(status, some, people())
    table.add_row(Text("  seen", style="bold"), Text(f"{seen(status):,}", style="bold"))
    return table


def files(headlines: Sequence[Headline], console: Console) -> Iterator[Text]:
    """Two lines a file, in order of path; cut to the terminal's width, and whole elsewhere."""
    for line in sorted(headlines, key=lambda line: line.path):
        yield _file(line, console)


def _file(line: Headline, console: Console) -> Text:
    mark = glyph(line.outcome, ascii_only=console.options.ascii_only)
    shown = Text.assemble((mark, style(line.outcome)), f" {line.outcome.value:11}  ")
    shown.append(printable(line.path), style="bold")
    if line.reason is not None:
        shown.append(f"  {line.reason.value}", style="dim")
    about = Text(f"{' ' * _INDENT}{printable(line.headline)}")
    if line.tags:
        about.append(f"  {printable(', '.join(line.tags))}", style="dim")
    if console.is_terminal:
        for text in (shown, about):
            text.truncate(console.width, overflow="ellipsis")
    return Text("\n").join((shown, about))
