"""The processes that ``up`` runs: started, watched, started again when they die, stopped in order.

Each is ``copydesk`` itself in one of its roles. It leads a process group of its own, so that Ctrl-C
in the terminal reaches ``up`` alone, and so that what a killed leader leaves behind can be ended
with its group. The kernel ends it when ``up`` ends (``--ends-with``), however that happens.

Start and tend them on a thread that lives as long as they shall: the kernel counts the death of
the starting *thread*.
"""

import os
import signal
import site
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import worker
from worker.adapters.embedded.logfile import LogFile
from worker.core.backoff import delay_seconds

STEADY_SECONDS = 10.0  # a process that lived this long was well: its next death is its first
HOPELESS_EXITS = 5  # of its own accord, in a row, before somebody who waits for an end gives up
USAGE_STATUS = 2  # what it was asked for cannot be done: trying again mends nothing
_PAUSE_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Role:
    """What a child does: a command of ours."""

    name: str  # of the command, and of its log
    options: tuple[str, ...] = ()
    ends: bool = False  # its work has an end, and then its exit status is 0
    patience_seconds: float = 5.0  # between asking it to stop and making it


@dataclass(frozen=True, slots=True)
class Deaths:
    """How a process has fared, and so when it is started again, and whether that has a point."""

    in_a_row: int = 0
    exits_in_a_row: int = 0  # those among them that nobody made by a signal

    def after(self, status: int, lived_seconds: float) -> "Deaths":
        """With one more; *status* is negative after a signal, as ``subprocess`` has it."""
        before = Deaths() if lived_seconds >= STEADY_SECONDS else self
        exits = HOPELESS_EXITS if status == USAGE_STATUS else before.exits_in_a_row + 1
        return Deaths(before.in_a_row + 1, exits if status >= 0 else 0)

    @property
    def pause_seconds(self) -> float:
        return delay_seconds(self.in_a_row)

    @property
    def hopeless(self) -> bool:
        return self.exits_in_a_row >= HOPELESS_EXITS


class Child:
    def __init__(self, role: Role, logs: Path, environment: Mapping[str, str]) -> None:
        self.role = role
        self.log = LogFile(logs / f"{role.name}.log")
        self.deaths = Deaths()
        self.done = False  # it has come to its end, or will not be started again
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0  # monotonic seconds, as the next
        self._start_again_at = 0.0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        self.log.path.parent.mkdir(parents=True, exist_ok=True)
        self.log.begin()
        self._started_at = time.monotonic()
        with self.log.path.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 -- our own program, no shell
                command(self.role, os.getpid()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=findable(self._environment),
                start_new_session=True,
            )

    def tend(self) -> str | None:
        """See to it that it runs, and say so if something had to be done."""
        if self.done:
            return None
        if self._process is None:
            if time.monotonic() >= self._start_again_at:
                self.start()
            return None
        self.log.bound()
        status = self._reap()
        if status is None:
            return None
        if status == 0 and self.role.ends:
            self.done = True
            return None
        return self._mourn(status)

    def ask_to_stop(self) -> None:
        self.done = True
        if self._process is not None:
            # Not through Popen, which would reap it on the way, and its group would go unseen.
            os.kill(self._process.pid, signal.SIGTERM)

    def wait_for_end(self) -> None:
        """Make it end if it takes too long: whatever it holds, the ledger has."""
        until = time.monotonic() + self.role.patience_seconds
        while self._process is not None and self._reap() is None:
            if time.monotonic() > until:
                self.kill()
                return
            time.sleep(_PAUSE_SECONDS)

    def kill(self) -> None:
        self.done = True
        if self._process is not None:
            _kill_group(self._process.pid)
            self._process.wait()
            self._process = None

    def _reap(self) -> int | None:
        """Its exit status, once it has ended, and with it what it may have left running."""
        if self._process is None:
            return None
        leader = self._process.pid
        if os.waitid(os.P_PID, leader, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return None
        _kill_group(leader)  # before it is reaped: until then, its pid is nobody else's
        status = self._process.wait()
        self._process = None
        return status

    def _mourn(self, status: int) -> str:
        self.deaths = self.deaths.after(status, time.monotonic() - self._started_at)
        self._start_again_at = time.monotonic() + self.deaths.pause_seconds
        told = (
            f"{self.role.name} ended ({_cause(status)}), "
            f"and is started again in {self.deaths.pause_seconds:g} s; its log: {self.log.path}"
        )
        return told if status < 0 else f"{told}\n{self.log.tail()}"


class Children:
    """All of them, stopped in the order in which they were started."""

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        self._logs = logs
        self._environment = environment
        self._children: list[Child] = []

    def add(self, role: Role) -> Child:
        child = Child(role, self._logs, self._environment)
        child.start()
        self._children.append(child)
        return child

    def tend(self) -> list[str]:
        """What had to be done, a message each."""
        return [told for child in self._children if (told := child.tend()) is not None]

    @property
    def hopeless(self) -> Child | None:
        return next((child for child in self._children if child.deaths.hopeless), None)

    def stop(self) -> None:
        """One after the other: who makes work before who does it."""
        for child in self._children:
            child.ask_to_stop()
            child.wait_for_end()

    def kill(self) -> None:
        for child in self._children:
            child.kill()


def command(role: Role, parent: int) -> Sequence[str]:
    """``-P``: a folder called ``worker`` where the person stands must not be taken for ours."""
    ours = (sys.executable, "-P", "-m", "worker.cli", f"--ends-with={parent}")
    return (*ours, role.name, *role.options)


def findable(
    environment: Mapping[str, str], installed: Sequence[str] = tuple(site.getsitepackages())
) -> Mapping[str, str]:
    """*environment*, with our source tree on the path where we are not installed."""
    root = str(Path(worker.__file__).parents[1])
    if root in installed:
        return environment
    paths = filter(None, (environment.get("PYTHONPATH"), root))
    return {**environment, "PYTHONPATH": os.pathsep.join(paths)}


def _kill_group(leader: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _cause(status: int) -> str:
    return f"killed by signal {-status}" if status < 0 else f"exit status {status}"
