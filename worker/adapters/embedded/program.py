"""What a server is to its supervisor: the differences between PostgreSQL and Valkey, no more."""

from collections.abc import Iterable
from pathlib import Path
from signal import Signals
from typing import Protocol


class Run(Protocol):
    """Run a command to its end, as the server would run."""

    def __call__(self, *command: str | Path, folder: Path, stdin: str = "") -> None:
        """Raises ``Unavailable``, with what it wrote, if it fails."""


class Program(Protocol):
    @property
    def name(self) -> str:
        """For people, and for the names of its lock and log."""

    @property
    def folder(self) -> Path:
        """Its data, and its working directory."""

    @property
    def command(self) -> tuple[str | Path, ...]:
        """Stays in the foreground, writes its log to stderr or stdout."""

    @property
    def stop_signal(self) -> Signals:
        """For a quick and clean end, with everything on disk."""

    def prepare(self, run: Run) -> None:
        """Make the folder on first use, and mend what a kill left. No server is running now."""

    def answers(self) -> bool:
        """Whether it takes commands now."""

    def strays(self) -> Iterable[int]:
        """Pids of this server's processes that can outlive the first one, and hang."""
