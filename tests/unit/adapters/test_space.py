import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from worker.adapters.space import LowWater


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A disk with blocks of 1 MB, of which so many are free."""
    disk = SimpleNamespace(f_bavail=0, f_frsize=1_000_000)
    monkeypatch.setattr(os, "statvfs", lambda _: disk)
    return disk


def test_a_shortage_lasts_until_there_is_some_room_to_spare(free: SimpleNamespace) -> None:
    low_water = LowWater(Path("/data"), 100_000_000)
    said = []
    for megabytes in (500, 100, 99, 100, 109, 111, 100):
        free.f_bavail = megabytes
        said.append(bool(low_water()))

    assert said == [False, False, True, True, True, False, False]


def test_the_sentence_names_the_setting(free: SimpleNamespace) -> None:
    free.f_bavail = 3

    assert LowWater(Path("/data"), 100_000_000)() == (
        "3 MB are free on the disk of /data, and COPYDESK_MIN_FREE_MB is 100"
    )


def test_a_real_disk(tmp_path: Path) -> None:
    assert LowWater(tmp_path, 1)() == ""
    assert LowWater(tmp_path, 1 << 80)() != ""


def test_a_folder_that_is_not_there_is_never_short(tmp_path: Path) -> None:
    assert LowWater(tmp_path / "none", 1 << 80)() == ""
