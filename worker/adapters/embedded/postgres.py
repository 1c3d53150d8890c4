"""How PostgreSQL is set up, started and asked. Only over a unix socket, in a private folder.

Whoever can open the socket is let in as whichever role it names: the folder is the guard, and
behind it are this machine's root and the account that the servers run as (see ``account``).
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT, Signals

from worker.adapters.embedded.account import Account, private_folder
from worker.adapters.embedded.endpoints import DATABASE, OWNER, PORT
from worker.adapters.embedded.program import Run
from worker.core.errors import Unavailable

_SETTINGS = {
    "listen_addresses": "",  # no TCP
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # An article changes two dozen random pages of the index of near-duplicates, and the first
    # change after a checkpoint logs a page whole: so checkpoints are rare.
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    # fsync and synchronous_commit stay on: what is committed survives a power cut
}

# Sorting, case and patterns are PostgreSQL's own C.UTF-8, the same on every machine. Its text
# search and pg_trgm ask the C library what a letter is. In plain "C" they take “Hello for a word,
# and drop É: the first of these that the machine has is used.
_LETTERS = ("C.UTF-8", "en_US.UTF-8", "C")


@dataclass(frozen=True, slots=True)
class Postgres:
    programs: Path  # initdb, postgres, psql and the rest
    folder: Path
    sockets: Path
    account: Account | None
    name: str = "postgres"
    stop_signal: Signals = SIGINT  # "fast": disconnects clients, writes a checkpoint

    @property
    def command(self) -> tuple[str | Path, ...]:
        settings = {
            **_SETTINGS,
            "unix_socket_directories": str(self.sockets),
            "cluster_name": self._title,
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        return (self.programs / "postgres", "-D", self.folder, *options)

    def prepare(self, run: Run) -> None:
        if not self.folder.exists():
            self._create(run)
        self._forget_recycled_pid()

    def answers(self) -> bool:
        asked = subprocess.run(  # noqa: S603 -- the wheel's own program, no shell
            [
                self.programs / "pg_isready",
                "--quiet",
                f"--host={self.sockets}",
                f"--port={PORT}",
                f"--username={OWNER}",
                f"--dbname={DATABASE}",
                "--timeout=1",
            ],
            check=False,
        )
        return asked.returncode == 0

    def strays(self) -> Iterator[int]:
        """Backends: in a long query, they notice only at its end that their postmaster is gone."""
        if not self.folder.exists():
            return
        prefix = f"postgres: {self._title}: ".encode()
        for file in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):  # it ended while we looked
                if file.read_bytes().startswith(prefix):
                    yield int(file.parent.name)

    @property
    def _title(self) -> str:
        """Shown by ``ps``, and one of its kind on this machine."""
        folder = self.folder.stat()
        return f"copydesk-{folder.st_dev:x}-{folder.st_ino:x}"

    def _create(self, run: Run) -> None:
        """A cluster with its database, under another name until it is whole and on disk."""
        unfinished = self.folder.with_suffix(".new")
        self._initdb(unfinished, run)
        run(
            *(self.programs / "postgres", "--single", "-D", unfinished),
            *("-c", "exit_on_error=on", "postgres"),
            folder=unfinished,
            stdin=f"CREATE DATABASE {DATABASE}\n",
        )
        unfinished.rename(self.folder)
        _sync(self.folder.parent)

    def _initdb(self, folder: Path, run: Run) -> None:
        *others, last = _LETTERS
        for letters in others:
            with suppress(Unavailable):
                return self._initdb_with(letters, folder, run)
        return self._initdb_with(last, folder, run)

    def _initdb_with(self, letters: str, folder: Path, run: Run) -> None:
        if folder.exists():
            shutil.rmtree(folder)
        private_folder(folder, self.account)
        run(
            *(self.programs / "initdb", "-D", folder, "--no-instructions"),
            *("--username", OWNER, "--auth", "trust", "--encoding", "UTF8"),
            *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
            *("--locale", "C", "--lc-ctype", letters),
            folder=folder,
        )

    def _forget_recycled_pid(self) -> None:
        """Remove a lock file whose pid has become some other program's.

        PostgreSQL would refuse to start as long as that program runs: in a container, where pids
        are few and start anew, for ever. Where any PostgreSQL has that pid, or nobody, it is left
        to judge for itself: it looks at the shared memory too.
        """
        file = self.folder / "postmaster.pid"
        with suppress(OSError, ValueError, IndexError):  # no file, no pid in it, no such process
            pid = int(file.read_text("ascii").splitlines()[0])
            program, *_ = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            if b"postgres" not in program:
                file.unlink()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
