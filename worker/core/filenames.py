"""Decide by its name alone that a file is not meant for us.

Pure, and of names only: the kind of a file (link, pipe, device) is for whoever opens it.

A file that is left out by mistake stays in the ledger with its reason, so the lists are short and
exact; whatever is not on them is read, and its content decides.
"""

from fnmatch import fnmatchcase

from worker.core.ledger import Path, Reason

# What programs append while they write: browsers, curl and wget front ends, rclone, WinSCP, vim.
_TEMPORARY = (".part", ".partial", ".filepart", ".tmp", ".crdownload", ".swp", "~")


def refuse(path: Path, exclude: tuple[str, ...]) -> Reason | None:
    """Why the file is to be ignored, or None.

    A dot hides whatever is below it, so ``.rsync-partial/a.txt`` is temporary too. The shell
    patterns of *exclude* match the last component, with respect to case.
    """
    name = path.raw.rsplit(b"/", 1)[-1].decode("utf-8", "surrogateescape")
    if path.raw.startswith(b".") or b"/." in path.raw or name.lower().endswith(_TEMPORARY):
        return Reason.TEMPORARY_NAME
    if any(fnmatchcase(name, pattern) for pattern in exclude):
        return Reason.EXCLUDED_BY_PATTERN
    return None
