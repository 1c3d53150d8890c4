"""As whom the servers run: PostgreSQL refuses root, and no server of ours needs it."""

import os
import pwd
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Account:
    uid: int
    gid: int


def for_servers(data: Path) -> Account | None:
    """None: as ourselves, who are not root.

    For root, the owner of *data*, so that somebody's folder remains theirs after a ``sudo``; where
    that is root too, or an account without a name, which initdb refuses: ``nobody``. The price of
    ``nobody`` is that another program that runs as it can open the socket, and so the store.
    """
    if os.geteuid() != 0:
        return None
    owner = data.stat().st_uid
    entry = pwd.getpwnam("nobody")
    if owner != 0:
        with suppress(KeyError):
            entry = pwd.getpwuid(owner)
    return Account(entry.pw_uid, entry.pw_gid)


def private_folder(path: Path, account: Account | None) -> None:
    """Make *path*, for the servers alone, unless it is there. No folder above it changes."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        return
    give(path, account)


def give(path: Path, account: Account | None) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
