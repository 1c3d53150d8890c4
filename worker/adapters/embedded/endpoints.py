"""Where the servers are, for our own processes and for consumers."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

DATABASE = "copydesk"
OWNER = "copydesk_owner"
READER = "copydesk_reader"
PORT = 5432  # names the socket; nothing listens on TCP

_BROKER_SOCKET = "broker.sock"


@dataclass(frozen=True, slots=True)
class Endpoints:
    owner_url: str  # libpq URL for whoever migrates and writes
    reader_url: str  # the same for consumers; the role comes with the migrations
    broker_url: str  # as Celery writes it
    psql: Path  # PostgreSQL's shell, of the servers' own version
    pid: int  # of the owner


def endpoints(sockets: Path, *, psql: Path, pid: int) -> Endpoints:
    """What listens in *sockets*, a folder whose name needs no quoting in a URL."""
    return Endpoints(
        owner_url=_database_url(OWNER, sockets),
        reader_url=_database_url(READER, sockets),
        broker_url=f"redis+socket://{broker_socket(sockets)}",
        psql=psql,
        pid=pid,
    )


def broker_socket(sockets: Path) -> Path:
    return sockets / _BROKER_SOCKET


def database_socket(sockets: Path) -> Path:
    """The name is PostgreSQL's choice."""
    return sockets / f".s.PGSQL.{PORT}"


def _database_url(role: str, sockets: Path) -> str:
    # The port too: without it, a client with PGPORT in its environment looks for another socket.
    where = urlencode({"host": str(sockets), "port": PORT}, safe="/")
    return f"postgresql://{role}@/{DATABASE}?{where}"
