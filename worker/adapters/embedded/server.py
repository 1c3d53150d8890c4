"""One server process: started, watched, restarted, stopped.

Its lock is inherited by the server and by every process that the server forks, and held by nobody
else. So a free lock proves that nothing of an earlier start is left: no backend that still writes
after its postmaster was killed, no Valkey on its way out. Two servers on one folder destroy it; a
start that waits too long only annoys.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from worker.adapters.embedded import launch, lock
from worker.adapters.embedded.account import Account
from worker.adapters.embedded.logfile import LogFile
from worker.adapters.embedded.program import Program
from worker.core.errors import Unavailable

_START_SECONDS = 120.0  # PostgreSQL may have 1 GB of log to replay after a crash
_STOP_SECONDS = 15.0  # it may have 128 MB to write when it stops
_PAUSE_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Restart:
    """A server was found dead, and answers again."""

    server: str
    status: int  # how it had ended: its exit status, or minus the signal that killed it
    seconds: float  # from finding out to its answer

    def __str__(self) -> str:
        how = f"killed by signal {-self.status}" if self.status < 0 else f"status {self.status}"
        return f"{self.server} had ended ({how}), and answers again after {self.seconds:.2f} s"


class Server:
    """Not for several threads, nor for a short-lived one.

    The kernel ends a server when the *thread* that started it ends, not only the process.
    """

    def __init__(self, program: Program, data: Path, account: Account | None) -> None:
        self._program = program
        self._account = account
        self._lock = data / f"{program.name}.lock"
        self._log = LogFile(data / "log" / f"{program.name}.log")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Launch it, once everything of an earlier start is gone.

        Its answer is waited for apart, so that several servers start at the same time.
        """
        with self._claimed() as claim:

            def run(*command: str | Path, folder: Path, stdin: str = "") -> None:
                self._run(command, claim=claim, folder=folder, stdin=stdin)

            self._program.prepare(run)
            self._process = self._launch(
                self._program.command,
                claim=claim,
                folder=self._program.folder,
                death=self._program.stop_signal,
            )

    def wait_for_answer(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not self._program.answers():
            if not self._lives():
                raise self._unavailable("does not start")
            if time.monotonic() > deadline:
                raise self._unavailable(f"does not answer within {_START_SECONDS:.0f} s")
            time.sleep(_PAUSE_SECONDS)

    def revive(self) -> Restart | None:
        """Start it again if it died; None if it lives. ``Unavailable``: call again, later."""
        self._log.bound()
        if self._process is None or self._lives():
            return None
        began = time.monotonic()
        status = self._process.returncode
        self.start()
        self.wait_for_answer()
        return Restart(self._program.name, status, time.monotonic() - began)

    def ask_to_stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(self._program.stop_signal)

    def wait_for_end(self) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()  # what it had promised is in its log, for the next start
            self._process.wait()

    def _lives(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @contextmanager
    def _claimed(self) -> Iterator[int]:
        """The lock: held by us meanwhile, and for its life by whatever is launched with it."""
        claim = lock.opened(self._lock)
        try:
            self._await_leftovers(claim)
            yield claim
        finally:
            os.close(claim)

    def _await_leftovers(self, claim: int) -> None:
        """Wait for what an earlier start left; ask, then make it end, if it takes too long."""
        patience = ((None, 1.0), (self._program.stop_signal, _STOP_SECONDS), (signal.SIGKILL, 5.0))
        for insistence, seconds in patience:
            if insistence is not None:
                self._signal_leftovers(claim, insistence)
            if lock.acquire(claim, within_seconds=seconds):
                return
        raise Unavailable(f"an earlier {self._program.name} does not end; it holds {self._lock}")

    def _signal_leftovers(self, claim: int, insistence: signal.Signals) -> None:
        written = os.pread(claim, 20, 0)  # true: somebody holds the lock
        for pid in (*([int(written)] if written else ()), *self._program.strays()):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, insistence)

    def _run(self, command: Iterable[str | Path], *, claim: int, folder: Path, stdin: str) -> None:
        launched = self._launch(
            command, claim=claim, folder=folder, death=signal.SIGTERM, stdin=subprocess.PIPE
        )
        with launched as process:
            try:
                process.communicate(stdin.encode())
            finally:
                process.kill()  # after an interruption only: one that has ended is left alone
        if process.returncode != 0:
            raise self._unavailable("cannot be set up")

    def _launch(
        self,
        command: Iterable[str | Path],
        *,
        claim: int,
        folder: Path,
        death: signal.Signals,
        stdin: int = subprocess.DEVNULL,
    ) -> subprocess.Popen[bytes]:
        """Through ``launch.py``, which ends by becoming *command*: the pid is the server's."""
        self._log.begin()
        os.truncate(claim, 0)  # of whom we launch, nobody knows the pid until it has written it
        account = f"{self._account.uid}:{self._account.gid}" if self._account else ""
        terms = (str(os.getpid()), str(int(death)), str(claim), account)
        with self._log.path.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 -- our own program, no shell
                [sys.executable, "-I", "-S", launch.__file__, *terms, *command],
                cwd=folder,
                stdin=stdin,
                stdout=log,
                stderr=log,
                pass_fds=[claim],
                start_new_session=True,  # Ctrl-C is for the owner, who stops them in order
                umask=0o077,
            )

    def _unavailable(self, what: str) -> Unavailable:
        name, log = self._program.name, self._log
        return Unavailable(f"{name} {what}; the end of {log.path}:\n{log.tail()}")
