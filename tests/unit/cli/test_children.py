import os
import sys
from pathlib import Path

import pytest

import worker
from worker.cli.children import HOPELESS_EXITS, STEADY_SECONDS, Deaths, Role, command, findable
from worker.core.backoff import CAP_SECONDS, FIRST_SECONDS

EARLY, LATE = 1.0, STEADY_SECONDS
ROOT = str(Path(worker.__file__).parents[1])


def deaths(*statuses: int, lived_seconds: float = EARLY) -> Deaths:
    found = Deaths()
    for status in statuses:
        found = found.after(status, lived_seconds)
    return found


def test_the_pause_grows_with_each_death_in_a_row_up_to_a_cap() -> None:
    pauses = [deaths(*[1] * n).pause_seconds for n in range(1, 12)]

    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[1], pauses[-1]) == (FIRST_SECONDS, 2 * FIRST_SECONDS, CAP_SECONDS)


def test_a_steady_life_makes_up_for_earlier_deaths() -> None:
    assert deaths(1, 1, 1).after(1, LATE) == deaths(1)


@pytest.mark.parametrize(
    ("statuses", "hopeless"),
    [
        pytest.param([1] * (HOPELESS_EXITS - 1), False, id="not yet"),
        pytest.param([1] * HOPELESS_EXITS, True, id="it never stays up"),
        pytest.param([-9] * 50, False, id="somebody kills it: it is not its own fault"),
        pytest.param([*[1] * 4, -9, 1], False, id="a kill in between"),
        pytest.param([2], True, id="wrong settings do not mend themselves"),
    ],
)
def test_hopeless(statuses: list[int], *, hopeless: bool) -> None:
    assert deaths(*statuses).hopeless is hopeless


def test_a_child_is_this_command_in_a_role_that_ends_with_us() -> None:
    words = command(Role("watch", ("--once",)), parent=42)

    assert words == (
        *(sys.executable, "-P", "-m", "worker.cli", "--ends-with=42"),
        *("watch", "--once"),
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, ROOT, id="a source tree is put on the path"),
        pytest.param({"PYTHONPATH": "/a"}, f"/a{os.pathsep}{ROOT}", id="behind what was there"),
    ],
)
def test_a_source_tree_is_found(given: dict[str, str], expected: str) -> None:
    assert findable(given, installed=()) == {"PYTHONPATH": expected}


def test_an_installed_package_needs_no_path() -> None:
    assert findable({}, installed=(ROOT,)) == {}
