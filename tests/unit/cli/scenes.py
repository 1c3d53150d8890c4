"""Makers for the tests of views."""

from collections.abc import Mapping
from datetime import timedelta
from io import StringIO

from rich.console import Console, RenderableType

from tests.articles import EPOCH
from worker.cli.scene import Observed, Places, Scene
from worker.core.ledger import Reason, State
from worker.ports import Headline, Status

PLACES = Places(
    inbox="seeds",
    url="postgresql://copydesk_reader@/copydesk?host=/tmp/copydesk-abcdefgh&port=5432",
    psql="copydesk psql",
    logs="/data/log",
)


def status(
    *,
    counts: Mapping[State, int] | None = None,
    reasons: Mapping[tuple[State, Reason], int] | None = None,
    settling: int = 0,
    oldest_due_seconds: float | None = None,
    finished_last_minute: int = 0,
    finished_last_ten_minutes: int = 0,
    watcher_silent_seconds: float | None = 0.5,
) -> Status:
    silent = watcher_silent_seconds
    return Status(
        counts=counts or {},
        reasons=reasons or {},
        oldest_due_seconds=oldest_due_seconds,
        settling=settling,
        scanned_at=EPOCH,
        watcher_seen_at=None if silent is None else EPOCH - timedelta(seconds=silent),
        finished_last_minute=finished_last_minute,
        position=7,
        now=EPOCH,
        finished_last_ten_minutes=finished_last_ten_minutes,
    )


def headline(
    path: str = "a.txt",
    *,
    text: str = "Ferry service resumes on the lake",
    outcome: State = State.STORED,
    reason: Reason | None = None,
    tags: tuple[str, ...] = ("Kisumu", "KE"),
) -> Headline:
    return Headline(EPOCH, outcome, text, tags, path, reason)


def observed(
    shown: Status | None = None, *, headlines: tuple[Headline, ...] = (), asked_at: float = 0
) -> Observed:
    return Observed(shown or status(), headlines, asked_at)


def scene(
    seen: Observed | None = None, *, trouble: str = "", messages: tuple[str, ...] = ()
) -> Scene:
    return Scene(PLACES, 12.0, seen, 3.5, trouble, messages)


def terminal(width: int = 100, height: int = 30) -> Console:
    return Console(file=StringIO(), width=width, height=height, force_terminal=True, no_color=True)


def drawn(what: RenderableType, console: Console) -> list[str]:
    """The lines that appear, without trailing blanks and without styles."""
    lines = console.render_lines(what, console.options, pad=False)
    return ["".join(segment.text for segment in line).rstrip() for line in lines]
