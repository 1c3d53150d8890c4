import platform
import subprocess
import sys
import time
from collections.abc import Callable
from uuid import RFC_4122, UUID

import pytest

from worker.adapters.system import (
    SystemClock,
    Uuid7Source,
    keep_memory,
    lives,
    share_memory,
    uuid7,
)

NOW_NS = 1_700_000_000_123_456_789


def test_uuid7_has_the_layout_of_rfc_9562() -> None:
    made = Uuid7Source().make(NOW_NS)

    assert made.version == 7
    assert made.variant == RFC_4122
    assert made.int >> 80 == NOW_NS // 1_000_000


def test_uuid7_ascends_within_a_millisecond() -> None:
    source = Uuid7Source()

    made = [source.make(NOW_NS) for _ in range(5_000)]

    assert made == sorted(set(made))


def test_uuid7_ascends_though_the_clock_is_set_back() -> None:
    source = Uuid7Source()

    made = [source.make(NOW_NS), source.make(NOW_NS - 10**12), source.make(NOW_NS + 10**6)]

    assert made == sorted(set(made))


def test_uuid7_goes_to_the_next_millisecond_when_its_counter_is_spent() -> None:
    source = Uuid7Source()
    first = source.make(NOW_NS)
    source._counter = (1 << 42) - 1  # noqa: SLF001 -- to reach it would take four trillion ids

    second = source.make(NOW_NS)

    assert second > first
    assert second.int >> 80 == NOW_NS // 1_000_000 + 1


def test_uuid7_differs_between_series() -> None:
    """Forked children do not go on with the counter of their parent."""
    assert Uuid7Source().make(NOW_NS) != Uuid7Source().make(NOW_NS)


FORK = """
import os
from worker.adapters import system
system.time.time_ns = lambda: 1_700_000_000_123_456_789  # one millisecond for all of them
system.uuid7()
reading, writing = os.pipe()
if os.fork() == 0:
    os.write(writing, system.uuid7().bytes)
    os._exit(0)
print(os.read(reading, 16).hex(), system.uuid7().hex)
"""


def test_a_forked_child_starts_a_new_series() -> None:
    """Not its parent's counter plus one, which all its sisters would take as well."""
    done = subprocess.run([sys.executable, "-c", FORK], capture_output=True, text=True, check=True)
    theirs, ours = (UUID(word).int >> 32 for word in done.stdout.split())

    assert theirs != ours


def test_uuid7_is_of_now() -> None:
    assert abs((uuid7().int >> 80) - time.time_ns() // 1_000_000) < 1_000


def test_the_clocks_run() -> None:
    clock = SystemClock()
    began, began_ns = clock.monotonic(), clock.wall_ns()

    clock.sleep(0.01)

    assert clock.monotonic() - began >= 0.01
    assert abs(clock.wall_ns() - time.time_ns()) < 10**9
    assert clock.wall_ns() > began_ns


@pytest.mark.parametrize("tune", [keep_memory, share_memory])
def test_glibc_can_be_told(tune: Callable[[], bool]) -> None:
    """Where the tests run, the C library listens; elsewhere it may not."""
    assert tune() is (platform.libc_ver()[0] == "glibc")


def test_a_process_lives_until_it_is_gone() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        during = lives(child.pid)
        child.kill()

    assert during
    assert not lives(child.pid)
