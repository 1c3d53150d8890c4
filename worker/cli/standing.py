"""How things stand, for machines and for people: what ``copydesk status`` says."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.text import Text

from worker.cli.console import duration, printable
from worker.cli.scene import seen, waiting
from worker.cli.tally import tally
from worker.core.document import timestamp
from worker.core.ledger import Lane, State
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
        "consumers": [
            {
                "name": consumer.name,
                "position": consumer.position,
                "behind": whole.position - consumer.position,
                "seen_at": timestamp(consumer.seen_at),
            }
            for consumer in whole.consumers
        ],
    }


def _inbox(name: str, status: Status) -> Report:
    return {
        "inbox": name,
        "seen": seen(status),
        "counts": {state.value: status.counts.get(state, 0) for state in State},
        "reasons": _reasons(status),
        "settling": status.settling,
        "in_flight": status.in_flight,
        "lanes": {lane.value: status.lanes.get(lane, 0) for lane in Lane},
        "oldest_waiting_seconds": status.oldest_due_seconds,
        "oldest_seconds": {state.value: age for state, age in status.oldest_seconds.items()},
        "oldest_unseen_seconds": status.sight.waiting_seconds,
        "halves_superseded": status.halves,
        "finished_last_minute": status.finished_last_minute,
        "finished_last_ten_minutes": status.finished_last_ten_minutes,
        "eta_seconds": eta_seconds(status),
        "watcher_silent_seconds": silent_seconds(status),
        "watcher_seen_at": status.watcher_seen_at and timestamp(status.watcher_seen_at),
        "scanned_at": status.scanned_at and timestamp(status.scanned_at),
        "scanning_because": status.sight.scanning or None,
        "paused_because": status.sight.paused or None,
        "unlisted_folders": list(status.sight.unlisted),
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
    return Group(*parts, *_feed(reading.status()))


def _feed(status: Status) -> Iterator[Text]:
    yield Text(f"the feed is at position {status.position:,}")
    for consumer in status.consumers:
        behind = status.position - consumer.position
        heard = duration((status.now - consumer.seen_at).total_seconds())
        yield Text(f"  {printable(consumer.name)} is {behind:,} behind, as it said {heard} ago")


def _shown(name: str, status: Status, console: Console) -> RenderableType:
    return Group(
        Text(printable(name), style="bold", overflow="fold"),
        Text(f"  {_watcher(status)}"),
        *(Text(f"  {printable(line)}", style="yellow") for line in _sight(status)),
        *(Text(f"  {line}") for line in _flow(status)),
        tally(status, [state for state in State if status.counts.get(state, 0)], console),
        Text(),
    )


def _watcher(status: Status) -> str:
    silent = silent_seconds(status)
    if silent is None:
        return "no watcher was ever seen"
    if silent > _ALIVE_SECONDS:
        return f"no watcher is running; one was last seen {duration(silent)} ago"
    if status.scanned_at is None:
        return "watched; the first scan is not finished"
    how = "by scanning alone" if status.sight.scanning else "by events"
    scanned = duration((status.now - status.scanned_at).total_seconds())
    return f"watched {how}, last scanned {scanned} ago"


def _sight(status: Status) -> Iterator[str]:
    """What a person should know when files seem not to come."""
    sight = status.sight
    if sight.scanning:
        yield f"it is scanned often, since {sight.scanning}"
    if sight.paused:
        yield f"no file is taken in: {sight.paused}"
    if sight.unlisted:
        yield f"folders that cannot be listed: {', '.join(sight.unlisted)}"


def _flow(status: Status) -> Iterator[str]:
    lately = f"{status.finished_last_minute:,} ended in the last minute"
    before = f"{status.finished_last_ten_minutes:,} in ten"
    yield f"{seen(status):,} seen, {status.in_flight:,} in flight, {lately}, {before}"
    if waits := [*_waits(status)]:
        yield ", ".join(waits)
    if status.halves:
        yield f"{status.halves:,} of the revisions supersede a file that was read half written"


def _waits(status: Status) -> Iterator[str]:
    """What is behind, by how much, and for how long."""
    if status.settling:
        age = status.sight.waiting_seconds
        oldest = "" if age is None else f", the oldest for {duration(age)}"
        yield f"{status.settling:,} not in the ledger yet{oldest}"
    if not waiting(status):
        return
    yield " and ".join(f"{n:,} {lane.value}" for lane, n in status.lanes.items() if n)
    for state, age in status.oldest_seconds.items():
        yield f"the oldest {state.value} for {duration(age)}"
    if (eta := eta_seconds(status)) is not None:
        yield f"done in {duration(eta)} at this rate"


# --- facts ----------------------------------------------------------------------------------------


def silent_seconds(status: Status) -> float | None:
    """For how long no watcher has been heard of."""
    if status.watcher_seen_at is None:
        return None
    return (status.now - status.watcher_seen_at).total_seconds()


def eta_seconds(status: Status) -> float | None:
    """When what waits now is done, at the last minutes' rate; None if nothing ended in them."""
    if status.finished_last_minute:
        return 60 * waiting(status) / status.finished_last_minute
    if status.finished_last_ten_minutes:
        return 600 * waiting(status) / status.finished_last_ten_minutes
    return None
