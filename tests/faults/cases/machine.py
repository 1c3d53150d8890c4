"""The disk is full, the clock jumps."""

import os
import time
from pathlib import Path
from random import Random

from tests.faults.line import Line
from tests.faults.registry import Skip, case

FULL_SECONDS = 20
_LIBRARIES = ("/usr/lib", "/usr/local/lib", "/lib")
_JUMPS = ("+2d", "-3d", "+0")


@case("disk-full", f"The database's disk is full for {FULL_SECONDS} s", small_disk=True)
def disk_full(line: Line, random: Random) -> None:
    ballast = line.data / "ballast"
    line.watch()
    line.work()
    line.warm()
    with line.pouring(random.randrange(1 << 30), per_second=20):
        time.sleep(1)
        _fill(ballast)
        until = time.monotonic() + FULL_SECONDS
        while time.monotonic() < until:
            line.try_to_revive()
            time.sleep(1)
        ballast.unlink()
        line.revive()
    line.over()


@case("clock", "The clocks of watcher and workers jump by days, there and back")
def clock_jump(line: Line, random: Random) -> None:
    now = line.root / "now"
    now.write_text("+0", encoding="ascii")
    faked = {
        "LD_PRELOAD": str(_faketime()),
        "FAKETIME_TIMESTAMP_FILE": str(now),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # a clock that is set does not move that one
    }
    line.watch(**faked)
    line.work(**faked)
    line.warm()
    with line.pouring(random.randrange(1 << 30), per_second=20):
        for jump in _JUMPS:
            time.sleep(random.uniform(3, 6))
            now.write_text(jump, encoding="ascii")
        time.sleep(2)
    line.over()


def _faketime() -> Path:
    for folder in _LIBRARIES:
        for library in Path(folder).glob("**/faketime/libfaketimeMT.so.1"):
            return library
    raise Skip("libfaketime is not installed (Debian: apt-get install libfaketime)")


def _fill(ballast: Path) -> None:
    with ballast.open("wb") as file:
        try:
            while True:
                os.write(file.fileno(), bytes(1 << 16))
        except OSError:
            pass
