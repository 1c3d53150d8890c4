"""What the owner of a data folder writes down for others. True only while its lock is held."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from worker.adapters.embedded.endpoints import Endpoints, endpoints

_NAME = "owner.json"


@dataclass(frozen=True, slots=True)
class Record:
    pid: int
    command: str  # as a person called it
    sockets: Path
    psql: Path
    ready: bool = False  # the servers answer

    @property
    def endpoints(self) -> Endpoints:
        return endpoints(self.sockets, psql=self.psql, pid=self.pid)

    @property
    def lives(self) -> bool:
        """False for an instant after a new owner took the lock, before it has written."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:  # alive, and not ours
            return True
        return True


def write(data: Path, record: Record) -> None:
    """Whole or not at all."""
    unfinished = data / f"{_NAME}.new"
    fields = {
        "pid": record.pid,
        "command": record.command,
        "sockets": str(record.sockets),
        "psql": str(record.psql),
        "ready": record.ready,
    }
    unfinished.write_text(json.dumps(fields, indent=2), encoding="utf-8")
    unfinished.replace(data / _NAME)


def read(data: Path) -> Record | None:
    """None where there is none, or one that another version wrote."""
    try:
        fields = json.loads((data / _NAME).read_text(encoding="utf-8"))
        return Record(
            pid=int(fields["pid"]),
            command=str(fields["command"]),
            sockets=Path(fields["sockets"]),
            psql=Path(fields["psql"]),
            ready=bool(fields["ready"]),
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def remove(data: Path) -> None:
    (data / _NAME).unlink(missing_ok=True)
