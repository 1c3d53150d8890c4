from pathlib import Path

import pytest

from worker.adapters import machine


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("36 35 98:0 / / rw - ext4 /dev/root rw", ("/", "ext4")),
        (r"36 35 98:0 /x /mnt/a\040b rw,noatime master:1 - nfs4 h:/x rw", ("/mnt/a b", "nfs4")),
        ("36 35 0:5 / /srv/é rw shared:2 - cifs //h/x rw", ("/srv/é", "cifs")),
    ],
)
def test_a_line_of_mountinfo(line: str, expected: tuple[str, str]) -> None:
    point, kind = machine.mount_of(line)

    assert (str(point), kind) == expected


def test_the_nearest_mount_above_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(
        "1 0 8:1 / / rw - ext4 /dev/a rw\n"
        f"2 1 0:9 / {tmp_path.resolve()} rw - nfs4 h:/x rw\n"
        f"3 1 0:9 / {tmp_path.resolve()}beside rw - cifs h:/x rw\n"
    )
    monkeypatch.setattr(machine, "_MOUNTS", table)

    assert machine.examine_inbox(tmp_path, moves=False, archive="").mount == "nfs4"


def test_an_inbox(tmp_path: Path) -> None:
    (tmp_path / "one" / "two").mkdir(parents=True)

    found = machine.examine_inbox(tmp_path, moves=True, archive="no")

    assert (found.complaint, found.folders, found.writable) == ("", 3, True)
    assert (found.moves, found.archive) == (True, "no")


def test_an_inbox_that_is_not_there(tmp_path: Path) -> None:
    found = machine.examine_inbox(tmp_path / "no", moves=False, archive="")

    assert found.complaint == "No such file or directory"


def test_where_the_system_tells_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_MOUNTS", tmp_path / "no")
    monkeypatch.setattr(machine, "_WATCHES", tmp_path / "no")

    found = machine.examine_inbox(tmp_path, moves=False, archive="")

    assert (found.mount, found.watches) == (None, None)


def test_a_disk(tmp_path: Path) -> None:
    found = machine.examine_disk(tmp_path, 5)

    assert found is not None
    assert found.free_bytes > 0
    assert machine.examine_disk(tmp_path / "no", 5) is None
