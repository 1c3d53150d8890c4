"""Who owns a data folder, and where its servers are.

The owner holds the lock on ``lock`` in the data folder. ``owner.json`` beside it says who that is,
and is believed only while the lock is held: a file outlives a kill -9, a lock does not.

The lock passes on to processes that the owner *forks* without exec: start workers as programs.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from worker.adapters.embedded import binaries, lock, record, sockets
from worker.adapters.embedded.account import for_servers
from worker.adapters.embedded.endpoints import Endpoints
from worker.adapters.embedded.postgres import Postgres
from worker.adapters.embedded.record import Record
from worker.adapters.embedded.server import Restart, Server
from worker.adapters.embedded.valkey import Valkey
from worker.core.errors import Unavailable, UsageError

_LOCK = "lock"
_LOCK_SECONDS = 0.5  # others hold it for an instant when they look whether it is held


class AlreadyRunning(UsageError):  # noqa: N818 -- a state of the world, as its siblings
    """Another process owns the data folder."""

    def __init__(self, data: Path, owner: Record | None) -> None:
        self.pid = owner.pid if owner else None  # None: it has not said yet, or says nothing
        self.command = owner.command if owner else None
        who = f"`{owner.command}`, process {owner.pid}," if owner else "another process"
        super().__init__(
            f"{who} is running on {data} already; stop it first, or choose another folder with "
            "COPYDESK_DATA"
        )


class Servers:
    """The servers of this process. For the thread that entered ``serve`` alone."""

    def __init__(self, data: Path, endpoints: Endpoints, servers: Sequence[Server]) -> None:
        self.endpoints = endpoints
        self._data = data
        self._servers = servers

    def check(self) -> tuple[Restart, ...]:
        """Start again whichever server died, on the same socket, and say so.

        Cheap when all is well. Raises ``Unavailable`` if one does not start; call again later.
        """
        with _refusals_explained(self._data):
            return tuple(restart for server in self._servers if (restart := server.revive()))


@contextmanager
def serve(data: Path, *, command: str) -> Iterator[Servers]:
    """Own *data* and run its servers; on leaving, stop them with everything on disk.

    Enter it on a thread that lives as long as the servers shall: they end with that thread, and
    with the process, even by kill -9.

    Args:
        data: Made, with a database, on first use.
        command: What a person called, for whoever comes second.

    Raises:
        AlreadyRunning: another process owns *data*.
        Unavailable: the binaries are not installed, or a server does not start.

    """
    data = data.resolve()
    with ExitStack() as stack:
        with _refusals_explained(data):
            servers = _begin(stack, data, command)
        yield servers


def attach(data: Path) -> Endpoints | None:
    """The servers that another process runs on *data*; None if there is none, or none yet."""
    data = data.resolve()
    try:
        owner = record.read(data) if lock.is_held(data / _LOCK) else None
    except PermissionError as error:
        raise Unavailable(f"{data} is somebody else's: {error}") from error
    return owner.endpoints if owner and owner.ready and owner.lives else None


def _begin(stack: ExitStack, data: Path, command: str) -> Servers:
    programs, valkey = binaries.postgres(), binaries.valkey()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    stack.enter_context(_owned(data))
    account = for_servers(data)
    sockets.discard_stale(record.read(data), account)
    folder = stack.enter_context(sockets.folder(account))
    owner = Record(os.getpid(), command, folder, programs / "psql")
    stack.callback(record.remove, data)
    record.write(data, owner)
    servers = [
        Server(Postgres(programs, data / "postgres", folder, account), data, account),
        Server(Valkey(valkey, data / "valkey", folder, account), data, account),
    ]
    stack.callback(_stop, servers)
    _start(servers)
    record.write(data, replace(owner, ready=True))
    return Servers(data, owner.endpoints, servers)


@contextmanager
def _refusals_explained(data: Path) -> Iterator[None]:
    """A full disk, a folder that is not ours: the world's state, not a defect."""
    try:
        yield
    except OSError as error:
        raise Unavailable(f"cannot keep the embedded servers' data in {data}: {error}") from error


@contextmanager
def _owned(data: Path) -> Iterator[None]:
    held = lock.opened(data / _LOCK)
    try:
        if not lock.acquire(held, within_seconds=_LOCK_SECONDS):
            raise AlreadyRunning(data, record.read(data))
        yield
    finally:
        os.close(held)


def _start(servers: Sequence[Server]) -> None:
    for server in servers:
        server.start()
    for server in servers:
        server.wait_for_answer()


def _stop(servers: Sequence[Server]) -> None:
    for server in servers:
        server.ask_to_stop()
    for server in servers:
        server.wait_for_end()
