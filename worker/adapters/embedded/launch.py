"""Become what a server must be, then become the server.

::

    python -I -S launch.py PARENT SIGNAL LOCK ACCOUNT PROGRAM [ARGUMENT ...]

A program of its own, and of the standard library alone: in a process with threads, nothing but
``exec`` is safe between fork and exec, and what is done here is more.

Four things, in an order that matters:

1. As root, become ACCOUNT (``UID:GID``; empty: stay). The binaries and the data may lie where that
   account cannot go, as below ``/root``. We neither loosen a folder nor copy a file: the process
   keeps one capability over the change of user, as an *ambient* one, so that it lives through exec
   too. Reading and searching anywhere is enough; Docker's default set has only the stronger one
   that also writes. Where the account reaches everything by itself, it keeps none.
2. Ask the kernel for SIGNAL at the death of PARENT. After 1, which would cancel it.
3. Make sure that PARENT did not die before 2.
4. Write our pid, which exec leaves as it is, into LOCK, an inherited descriptor: whoever finds
   that file locked knows by whom.

The server gets an environment of two variables: what PGPORT, LANG or a secret say to our own
processes is not meant for it.

Source: capabilities(7), prctl(2) of Linux. Elsewhere 1 works if no capability is needed, and 2 and
3 are left out: the next start ends what an owner left behind (``server.py``).
"""

import ctypes
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, NoReturn

_ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC"}
_ADVICE = (
    "run copydesk as an ordinary user, or use servers of your own: "
    "set COPYDESK_DATABASE_URL and COPYDESK_BROKER_URL"
)

# <linux/prctl.h>
_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_SET_SECUREBITS = 28
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2

# <linux/securebits.h>
_SECBIT_NO_SETUID_FIXUP = 1 << 2

# <linux/capability.h>
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2
_CAPABILITY_VERSION_3 = 0x20080522


class _Header(ctypes.Structure):
    _fields_: ClassVar = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Sets(ctypes.Structure):
    """The sets of 32 capabilities; the kernel takes two of these, low bits first."""

    _fields_: ClassVar = [
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    ]


def main(parent: str, death: str, lock: str, account: str, *command: str) -> NoReturn:
    signal.pthread_sigmask(signal.SIG_SETMASK, ())  # a mask that blocks SIGNAL is inherited too
    try:
        if account:
            uid, gid = map(int, account.split(":"))
            _become(uid, gid, reaching=(command[0], Path.cwd()))
        die_with(int(parent), int(death))
        os.pwrite(int(lock), b"%d" % os.getpid(), 0)
        os.execve(command[0], command, _ENVIRONMENT)  # noqa: S606 -- a list of arguments, no shell
    except OSError as error:
        sys.exit(f"cannot start {command[0]} as user {account or 'ourselves'}: {error}; {_ADVICE}")


def _become(uid: int, gid: int, *, reaching: Iterable[str | Path]) -> None:
    """Change user for good, keeping what it takes to search the folders above *reaching*."""
    if sys.platform == "linux":
        _prctl(_PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    reached = all(os.access(path, os.X_OK) for path in reaching)  # asks as *uid*, without powers
    if sys.platform == "linux":
        _keep(None if reached else _search_capability())
    elif not reached:
        raise PermissionError("it cannot reach the servers' binaries or data")


def _search_capability() -> int:
    permitted = _capabilities("capget", (_Sets * 2)())[0].permitted
    for capability in (_CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE):
        if permitted >> capability & 1:
            return capability
    raise PermissionError("it cannot reach the servers' binaries or data, and root may not help")


def _keep(capability: int | None) -> None:
    """Give up every capability but this one, and let exec keep it.

    PostgreSQL asks access(2) whether it may run its own parts. For whoever is not root, that call
    leaves capabilities out of account, unless a bit says that users and capabilities have parted.
    """
    if capability is not None:
        permitted = _capabilities("capget", (_Sets * 2)())
        for half in permitted:
            half.effective = half.permitted  # the change of user has put them to sleep
        _capabilities("capset", permitted)
        _prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP)
    bits = 0 if capability is None else 1 << capability
    _capabilities("capset", (_Sets * 2)(_Sets(bits, bits, bits)))
    if capability is not None:
        _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability)


def die_with(parent: int, death: int) -> None:
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, death)
        if os.getppid() != parent:
            raise ProcessLookupError("its owner is gone")


def _capabilities(call: str, sets: "ctypes.Array[_Sets]") -> "ctypes.Array[_Sets]":
    header = _Header(_CAPABILITY_VERSION_3, 0)  # 0: this thread
    _call(call, ctypes.byref(header), sets)
    return sets


def _prctl(option: int, *values: int) -> None:
    padded = (*values, 0, 0, 0, 0)[:4]
    _call("prctl", option, *map(ctypes.c_ulong, padded))


def _call(function: str, *arguments: object) -> None:
    if getattr(ctypes.CDLL(None, use_errno=True), function)(*arguments) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{function}: {os.strerror(error)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
