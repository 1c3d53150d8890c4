"""Ask the machine about a folder: what file system it is on, who may write, how much room is left.

Linux alone tells the type of a mount and the limits of inotify; elsewhere they are unknown.
"""

import os
import shutil
from pathlib import Path

from worker.core.doctor import Disk, Inbox

_MOUNTS = Path("/proc/self/mountinfo")
_WATCHES = Path("/proc/sys/fs/inotify/max_user_watches")
_FOLDERS = 200_000  # counted at most


def examine_inbox(root: Path, *, moves: bool, archive: str) -> Inbox:
    """*moves*: files are taken out of it once they are done. *archive*: what is wrong with it."""
    folder = root.resolve()
    return Inbox(
        path=str(root),
        complaint=_complaint(folder),
        mount=_mount(folder),
        folders=_count(folder),
        watches=_number(_WATCHES),
        writable=os.access(folder, os.W_OK | os.X_OK),
        moves=moves,
        archive=archive,
    )


def examine_disk(place: Path, low_water_bytes: int) -> Disk | None:
    """None where it cannot be told."""
    try:
        return Disk(str(place), shutil.disk_usage(place).free, low_water_bytes)
    except OSError:
        return None


def _complaint(folder: Path) -> str:
    try:
        with os.scandir(folder):
            return ""
    except OSError as error:
        return error.strerror or str(error)


def _count(folder: Path) -> int:
    """Folders in it, itself included, up to a number that says enough."""
    count = 0
    for count, _ in enumerate(os.walk(folder), 1):
        if count >= _FOLDERS:
            break
    return count


def _mount(folder: Path) -> str | None:
    """The type of the file system that is mounted nearest above *folder*."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    mounts = [mount_of(line) for line in lines]
    above = [(len(point.parts), kind) for point, kind in mounts if folder.is_relative_to(point)]
    return max(above, default=(0, None))[1]


def mount_of(line: str) -> tuple[Path, str]:
    r"""Take a line of mountinfo apart: where, and of which type.

    >>> mount_of(r"36 35 98:0 /mnt1 /mnt/a\040b rw,noatime master:1 - ext3 /dev/root rw")
    (PosixPath('/mnt/a b'), 'ext3')
    """
    before, _, after = line.partition(" - ")
    point = before.split(" ")[4].encode("latin-1", "backslashreplace").decode("unicode_escape")
    return Path(point), after.split(" ")[0]


def _number(file: Path) -> int | None:
    try:
        return int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
