"""Make names of members safe to show, and different from each other.

A label is never a path on a disk: nothing is ever written under it. It is read by people, and it
identifies the member from one generation of its container to the next, so it depends on the
container alone. What could mislead is taken out: roots, drives, ``..``.
"""

import re

_DRIVE = re.compile(rb"[A-Za-z]:(?=[/\\])")
_NOWHERE = (b"", b".", b"..")


def member_label(name: bytes) -> bytes:
    """``!a/b.txt`` for a member called *name*, whichever system named it."""
    parts = _DRIVE.sub(b"", name, count=1).replace(b"\\", b"/").split(b"/")
    return b"!" + (b"/".join(part for part in parts if part not in _NOWHERE) or b"unnamed")


def from_zip(name: str, *, is_utf8: bool) -> bytes:
    """The bytes of a ZIP member's name.

    Without the flag for UTF-8 a name counts as code page 437. Most packers that leave the flag out
    wrote UTF-8 all the same; a name in 437 that is valid UTF-8 by accident is very rare.
    """
    if is_utf8:
        return name.encode("utf-8", "surrogatepass")
    try:
        raw = name.encode("cp437")  # fails for a name from the extra field for Unicode paths
        raw.decode()
    except UnicodeError:
        return name.encode()
    return raw


class Labels:
    """Tells members apart that have one name: the second becomes ``name (2)``."""

    def __init__(self) -> None:
        self._given: dict[bytes, int] = {}  # and the number of the last one with that name

    def distinct(self, label: bytes) -> bytes:
        unique, number = label, self._given.get(label, 1)
        while unique in self._given:
            number += 1
            unique = b"%s (%d)" % (label, number)
        self._given[unique] = 1
        self._given[label] = number
        return unique
