"""How things stand, for machines and for people: what ``copydesk status`` says."""

from typing import Any

from rich.console import Console, Group, RenderableType
from rich.text import Text

from worker.cli.console import duration, printable
from worker.cli.scene import lag, seen, waiting
from worker.cli.tally import tally
from worker.core.document import timestamp
from worker.core.ledger import State
from worker.ports import Reading, Status

_ALIVE_SECONDS = 10.0  # a watcher that says so every second

Report = dict[str, Any]  # as json.loads makes it

# --- for machines ---------------------------------------------------------------------------------


def report(reading: Reading) -> Report:
    """The object of ``status --json``; keys may be added, and keep their meaning."""
    whole = reading.status()
    return {
        "now": timestamp(whole.now),
        "position": whole.position,
        "inboxes": [_inbox(name, reading.status(name)) for name in reading.inboxes()],
    }


def _inbox(name: str, status: Status) -> Report:
    return {
        "inbox": name,
        "seen": seen(status),
        "counts": {state.value: status.counts.get(state, 0) for state in State},
        "reasons": _reasons(status),
        "settling": status.settling,
        "in_flight": status.in_flight,
        "oldest_waiting_seconds": status.oldest_due_seconds,
        "finished_last_minute": status.finished_last_minute,
        "eta_seconds": eta_seconds(status),
        "watcher_silent_seconds": silent_seconds(status),
        "watcher_seen_at": status.watcher_seen_at and timestamp(status.watcher_seen_at),
        "scanned_at": status.scanned_at and timestamp(status.scanned_at),
    }


def _reasons(status: Status) -> Report:
    found: Report = {}
    for (state, reason), count in sorted(status.reasons.items()):
        found.setdefault(state.value, {})[reason.value] = count
    return found


# --- for people -----------------------------------------------------------------------------------


def screen(reading: Reading, console: Console) -> RenderableType:
    inboxes = reading.inboxes()
    if not inboxes:
        return Text("no inbox has been watched yet; see copydesk up --help")
    parts = [_shown(name, reading.status(name), console) for name in inboxes]
    return Group(*parts, Text(f"the feed is at position {reading.status().position:,}"))


def _shown(name: str, status: Status, console: Console) -> RenderableType:
    return Group(
        Text(printable(name), style="bold", overflow="fold"),
        Text(f"  {_watcher(status)}"),
        Text(f"  {_flow(status)}"),
        tally(status, [state for state in State if status.counts.get(state, 0)], console),
        Text(),
    )


def _watcher(status: Status) -> str:
    silent = silent_seconds(status)
    if silent is None:
        return "no watcher was ever seen"
    if silent > _ALIVE_SECONDS:
        return f"no watcher is running; one was last seen {duration(silent)} ago"
    return "watched" if status.scanned_at else "watched; the first scan is not finished"


def _flow(status: Status) -> str:
    parts = [f"{seen(status):,} seen", f"{status.in_flight:,} in flight"]
    parts.append(f"{status.finished_last_minute:,} ended in the last minute")
    if (longest := lag(status)) is not None:
        parts.append(f"the oldest waits {longest}")
    if waiting(status) and (eta := eta_seconds(status)) is not None:
        parts.append(f"done in {duration(eta)} at this rate")
    return ", ".join(parts)


# --- facts ----------------------------------------------------------------------------------------


def silent_seconds(status: Status) -> float | None:
    """For how long no watcher has been heard of."""
    if status.watcher_seen_at is None:
        return None
    return (status.now - status.watcher_seen_at).total_seconds()


def eta_seconds(status: Status) -> float | None:
    """When what waits now is done, at the last minute's rate; None if nothing ended in it."""
    if status.finished_last_minute == 0:
        return None
    return 60 * waiting(status) / status.finished_last_minute
