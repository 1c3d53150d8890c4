"""``copydesk reprocess --dedupe``: judge stored files again by the present rules."""

import time
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from worker.cli.console import machine, piping, printable, say
from worker.cli.retry import confirmed
from worker.cli.signals import interrupting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from worker.core.article import Verdict
    from worker.core.selection import Selection
    from worker.ports import Rejudged

_EVERY_SECONDS = 10.0  # a word of how far it is


def rejudge(which: "Selection", *, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Show what the present rules would change and then, unless this is a *dry_run*, do it."""
    from worker.bootstrap import rereading
    from worker.cli.store import found
    from worker.settings import load

    with (
        interrupting(),
        piping(),
        found(load(), "copydesk reprocess") as running,
        rereading.rejudging(running.settings) as desk,
    ):
        counts: Counter[str] = Counter()
        differing = list(_differing(desk.judged(which), counts, as_json=as_json))
        told = ", ".join(f"{n:,} {what}" for what, n in sorted(counts.items()))
        say(told or "no file that a verdict placed")
        if differing and not dry_run and confirmed(yes=yes):
            mended = sum(desk.mend(file) for file in differing)
            say(f"{mended:,} of them mended")


def _differing(
    judged: "Iterable[Rejudged]", counts: Counter[str], *, as_json: bool
) -> "Iterable[Rejudged]":
    said = time.monotonic()
    for file in judged:
        counts["different" if file.differs else "the same"] += 1
        if as_json and file.differs:
            machine(as_object(file))
        elif file.differs:
            say(_line(file))
        if time.monotonic() >= said + _EVERY_SECONDS:
            said = time.monotonic()
            say(f"{counts.total():,} file(s) so far")
        if file.differs:
            yield file


def as_object(file: "Rejudged") -> dict[str, Any]:
    """A line of ``reprocess --dedupe --json``; keys may be added, and keep their meaning."""
    return {
        "id": file.file_id,
        "path": file.path.text,
        "article_id": str(file.article_id),
        "before": _verdict(file.before),
        "now": _verdict(file.now),
        "remedy": file.remedy.value if file.remedy else None,
        "parts": [str(of) for of in file.parts],
    }


def _verdict(verdict: "Verdict") -> dict[str, Any]:
    return {
        "relation": verdict.relation.value,
        "of": str(verdict.of) if verdict.of else None,
        "because": verdict.because,
        "scores": asdict(verdict.scores),
    }


def _line(file: "Rejudged") -> str:
    told = [f"{printable(file.path.text)}  {_named(file.before)} → {_named(file.now)}"]
    told += [f"  {file.now.because}"]
    told += [f"  {file.remedy.meaning}"] if file.remedy else []
    told += [f"  {of} is an article of its own again" for of in file.parts]
    return "\n".join(told)


def _named(verdict: "Verdict") -> str:
    return f"{verdict.relation.value} of {verdict.of}" if verdict.of else verdict.relation.value
