"""How Valkey is started and asked. Only over a unix socket, in a private folder."""

import socket
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM, Signals

from worker.adapters.embedded.account import Account, private_folder
from worker.adapters.embedded.endpoints import broker_socket
from worker.adapters.embedded.program import Run

_SETTINGS = {
    "--port": "0",  # no TCP
    "--unixsocketperm": "700",
    "--daemonize": "no",
    # A kill costs up to a second of doorbells: the ledger has them all, and the clerk rings again.
    "--appendonly": "yes",
    "--appendfsync": "everysec",
    "--save": "",
    # Full, it refuses to take more. To evict would drop a whole queue without a word.
    "--maxmemory": "256mb",
    "--maxmemory-policy": "noeviction",
}


@dataclass(frozen=True, slots=True)
class Valkey:
    program: Path
    folder: Path
    sockets: Path
    account: Account | None
    name: str = "valkey"
    stop_signal: Signals = SIGTERM

    @property
    def command(self) -> tuple[str | Path, ...]:
        options = [word for option in _SETTINGS.items() for word in option]
        return (self.program, "--unixsocket", broker_socket(self.sockets), *options)

    def prepare(self, run: Run) -> None:  # noqa: ARG002 -- nothing to run: the folder is all
        private_folder(self.folder, self.account)

    def answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(broker_socket(self.sockets)))
                client.sendall(b"PING\r\n")
                return client.recv(16) == b"+PONG\r\n"  # another answer while it loads its data
            except OSError:
                return False

    def strays(self) -> tuple[()]:
        """None: a child that rewrites the log ends when it cannot report to its parent."""
        return ()
