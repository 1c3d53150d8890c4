"""What a server wrote, bounded, and the part of it that explains why it would not start."""

import os
import shutil
from pathlib import Path

_MOST_BYTES = 16_000_000  # then it is put aside as NAME.1
_TAIL_LINES = 12


class LogFile:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._start_bytes = 0

    def begin(self) -> None:
        """What is written from now on is what ``tail`` is asked for."""
        self.path.parent.mkdir(mode=0o700, exist_ok=True)
        self.path.touch(mode=0o600)
        self.bound()
        self._start_bytes = self.path.stat().st_size

    def bound(self) -> None:
        """Put the log aside if it has grown too large; the server goes on writing to its file."""
        if self.path.exists() and self.path.stat().st_size > _MOST_BYTES:
            shutil.copyfile(self.path, f"{self.path}.1")
            os.truncate(self.path, 0)
            self._start_bytes = 0

    def tail(self) -> str:
        """The last lines since ``begin``."""
        with self.path.open("rb") as file:
            file.seek(self._start_bytes)
            lines = file.read().decode("utf-8", "replace").splitlines()
        return "\n".join(lines[-_TAIL_LINES:]) or "(it wrote nothing)"
