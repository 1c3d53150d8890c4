#!/opt/copydesk/bin/python
"""Make the passwords of a Compose project, once: ``copydesk-secrets FOLDER``.

Each file is for one group, and each container is in the groups of the files it needs and no other:
the worker cannot read the owner's password, though both mount the same volume. Runs as a user who
owns the files and is in all those groups, so it needs no capability to give them away.

Safe to run at every start, and to be killed: a password that is there stays, a file appears whole
or not at all, and what is made from passwords (URLs, the broker's ACL) is made again.

The standard library alone; the same groups stand in ``docker-compose.yml``.
"""

import hashlib
import os
import secrets
import sys
from pathlib import Path

SERVICE = 10001
MIGRATE = 10002
DATABASE = 10003
BROKER = 10004

# All that Celery's transport needs, and nothing that lists keys, clears, configures or stops. Not
# fenced in by key: the broker has no other user, and kombu asks for some keys without its prefix.
_BROKER_MAY = (
    "~* &* -@all +@read +@write +@transaction +@scripting +@pubsub +@connection -@dangerous"
)

_PASSWORD_BYTES = 24


def main(folder: Path) -> None:
    roles = ("postgres", "owner", "worker", "reader", "consumer")
    database = {role: _password(folder / f"{role}_password", DATABASE) for role in roles}
    broker = _password(folder / "broker_password", BROKER)
    _keep(folder / "owner_database_url", MIGRATE, _database_url("owner", database["owner"]))
    _keep(folder / "worker_database_url", SERVICE, _database_url("worker", database["worker"]))
    _keep(folder / "broker_url", SERVICE, f"redis://copydesk:{broker}@redis:6379/0")
    _keep(folder / "broker_acl", BROKER, _acl(broker))


def _password(path: Path, group: int) -> str:
    """The password in *path*, new if there is none; it needs no quoting in a URL."""
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        made = secrets.token_urlsafe(_PASSWORD_BYTES)
        _keep(path, group, made)
        return made


def _database_url(role: str, password: str) -> str:
    return f"postgresql://copydesk_{role}:{password}@db:5432/copydesk"


def _acl(password: str) -> str:
    digest = hashlib.sha256(password.encode()).hexdigest()
    # The default user may do all and cannot log in: as it, the server replays its own file.
    default = "user default off resetpass ~* &* +@all"
    return f"{default}\nuser copydesk on #{digest} {_BROKER_MAY}"


def _keep(path: Path, group: int, content: str) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)  # of a run that was killed
    fresh.touch(mode=0o600, exist_ok=False)
    with fresh.open("w", encoding="ascii") as file:
        file.write(f"{content}\n")
        file.flush()
        os.fchown(file.fileno(), -1, group)
        os.fchmod(file.fileno(), 0o440)
        os.fsync(file.fileno())
    fresh.replace(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
