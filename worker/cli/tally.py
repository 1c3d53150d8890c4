"""The counts of a ledger as a table: each outcome, how often, and mainly why."""

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from worker.cli.console import glyph, style
from worker.core.ledger import Reason, State
from worker.ports import Status

_MAIN_REASONS = 3


def tally(status: Status, states: Iterable[State], console: Console) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True, overflow="ellipsis", style="dim")
    for state in states:
        mark = glyph(state, ascii_only=console.options.ascii_only)
        outcome = Text.assemble((mark, style(state)), f" {state.value}")
        table.add_row(outcome, f"{status.counts.get(state, 0):,}", reasons(state, status.reasons))
    return table


def reasons(state: State, counts: Mapping[tuple[State, Reason], int]) -> str:
    """The main reasons of an outcome, most frequent first."""
    mine = [(-n, reason.value) for (of, reason), n in counts.items() if of is state]
    shown = [f"{reason} {-n:,}" for n, reason in sorted(mine)]
    rest = len(shown) - _MAIN_REASONS
    return ", ".join(shown[:_MAIN_REASONS]) + (f", {rest} more" if rest > 0 else "")
