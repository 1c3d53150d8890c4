"""``copydesk reprocess``: read stored files again, and try again what ended badly."""

import time
from collections import Counter
from typing import TYPE_CHECKING

from worker.cli.console import machine, piping, say
from worker.cli.differing import as_object, lines
from worker.cli.retry import confirmed
from worker.cli.signals import interrupting
from worker.core.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from worker.core.article import Article
    from worker.core.difference import Difference
    from worker.core.selection import Selection
    from worker.ports import Original

    Read = Callable[[bytes, str], Article]

_EVERY_SECONDS = 10.0  # a word of how far it is


def reread(which: "Selection", *, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Show what reads otherwise now and then, unless this is a *dry_run*, make it due."""
    from worker.bootstrap import operating, rereading, steps
    from worker.cli.store import found
    from worker.settings import load

    with (
        interrupting(),
        piping(),
        found(load(), "copydesk reprocess") as running,
        rereading.rereading(running.settings) as desk,
        operating.retrying(running.settings) as quarantine,
    ):
        counts: Counter[str] = Counter()
        read = steps.reader(running.settings)
        differing = list(_differing(desk.originals(which), read, counts, as_json=as_json))
        bad = quarantine.would(which).again
        counts["in quarantine"] = len(bad)
        told = (f"{n:,} {what}" for what, n in sorted(counts.items()) if n)
        say(", ".join(told) or "no such file")
        if dry_run or not (differing or bad) or not confirmed(yes=yes):
            return
        due = sum(map(desk.again, differing))
        retried = quarantine.retry(which).again
    say(f"{due:,} article(s) are due as a new version, {len(retried):,} file(s) to be tried again")


def _differing(
    originals: "Iterable[Original]", read: "Read", counts: Counter[str], *, as_json: bool
) -> "Iterable[int]":
    """The files that read otherwise now; tells of each, and counts them all by their outcomes."""
    said = time.monotonic()
    for original in originals:
        outcome, detail, differing = compare(original, read)
        counts[outcome] += 1
        if as_json:
            machine(as_object(original, outcome, detail, differing))
        elif outcome != "the same":
            for line in lines(original, outcome, detail, differing):
                say(line)
        if time.monotonic() >= said + _EVERY_SECONDS:
            said = time.monotonic()
            say(f"{counts.total():,} file(s) so far")
        if differing:
            yield original.file_id


def compare(original: "Original", read: "Read") -> tuple[str, str, list["Difference"]]:
    """What reading it now comes to, why, and what would differ."""
    from worker.core.difference import differences

    try:
        now = read(original.content, original.path.text)
    except Rejected as refusal:
        return "rejected", str(refusal), []
    differing = differences(original.article, now)
    return ("different" if differing else "the same"), "", differing
