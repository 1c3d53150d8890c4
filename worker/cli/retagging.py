"""``copydesk reprocess --tags``: tag stored articles again with the present tagger."""

import time
from collections import Counter
from typing import TYPE_CHECKING

import typer

from worker.cli.console import duration, machine, piping, rate, say
from worker.cli.differing import as_object, lines
from worker.cli.retry import confirmed
from worker.cli.signals import interrupting

if TYPE_CHECKING:
    from worker.core.selection import Selection
    from worker.retagging import Anew

_EVERY_SECONDS = 10.0  # a word of how far it is


def retag(which: "Selection", *, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Tag anew, or with *dry_run* only show what would differ; see ``worker.retagging``."""
    from worker import retagging
    from worker.bootstrap.retagging import retagging as opened
    from worker.bootstrap.retagging import tagger
    from worker.cli.store import found
    from worker.settings import load

    with (
        interrupting(),
        piping(),
        found(load(), "copydesk reprocess") as running,
        opened(running.settings) as desk,
    ):
        present = tagger(running.settings)
        count = desk.count(which, present.methods)
        say(f"{count:,} article(s) are to be tagged by {', '.join(present.methods.all)}")
        if not count or not (dry_run or confirmed(yes=yes)):
            return
        progress = Progress(count)
        for anew in retagging.retag(which, desk, present, write=not dry_run):
            _tell(anew, dry_run=dry_run, as_json=as_json)
            progress.step(anew.outcome)
    say(progress.summary("would be" if dry_run else "are"))
    if progress.counts["failed"]:
        raise typer.Exit(1)


def _tell(anew: "Anew", *, dry_run: bool, as_json: bool) -> None:
    """Every article to machines; to people what broke and, before they say yes, what differs."""
    said = (anew.version, anew.outcome, str(anew.failure or ""), anew.differing)
    if as_json:
        machine(as_object(*said))
    elif anew.failure or (dry_run and anew.differing):
        for line in lines(*said):
            say(line)


class Progress:
    def __init__(self, count: int) -> None:
        self.counts = Counter[str]()
        self._count = count
        self._began = self._said = time.monotonic()

    def step(self, outcome: str) -> None:
        """Count one, and say how far it is once in a while."""
        self.counts[outcome] += 1
        now = time.monotonic()
        if now >= self._said + _EVERY_SECONDS:
            self._said = now
            done = self.counts.total()
            pace = done / (now - self._began)
            left = duration(max(0, self._count - done) / pace)
            say(f"{done:,} of {self._count:,}, {rate(pace)} a second, {left} to go")

    def summary(self, verb: str) -> str:
        told = (
            f"{self.counts['different']:,} {verb} different, {self.counts['the same']:,} the same"
        )
        if failed := self.counts["failed"]:
            told += f", {failed:,} could not be tagged and keep their tags"
        return told
