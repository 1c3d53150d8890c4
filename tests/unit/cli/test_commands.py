"""What commands decide on their own, without servers."""

import io
from pathlib import Path
from typing import IO

import pytest
from typer.testing import CliRunner

from tests.articles import STORY
from tests.unit.cli.scenes import drawn, terminal
from tests.unit.test_dry_run import dry_run, write
from worker.cli.app import app
from worker.cli.explain import paths, shown
from worker.cli.export import whole
from worker.cli.line import without_password
from worker.cli.psql import session
from worker.core.errors import UsageError


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u@/d?host=/tmp/x", "postgresql://u@/d?host=/tmp/x"),
        ("postgresql://u:s%40@h:5/d", "postgresql://u:***@h:5/d"),
        ("postgresql://:secret@h/d", "postgresql://:***@h/d"),
    ],
)
def test_a_password_is_not_shown(url: str, expected: str) -> None:
    assert without_password(url) == expected


@pytest.mark.parametrize(
    ("url", "owner", "expected"),
    [
        pytest.param(
            "postgresql://u@/d?host=/tmp/x",
            False,
            "postgresql://u@/d?host=/tmp/x&options="
            "-c%20search_path%3Dfeed_v1%20-c%20default_transaction_read_only%3Don",
            id="a reader reads",
        ),
        pytest.param(
            "postgresql://u:p@h/d",
            True,
            "postgresql://u:p@h/d?options=-c%20search_path%3Dfeed_v1%2Cdesk",
            id="an owner sees the ledger too",
        ),
        pytest.param(
            "postgresql://h/d?options=-c%20work_mem%3D9MB",
            True,
            "postgresql://h/d?options=-c%20search_path%3Dfeed_v1%2Cdesk%20-c%20work_mem%3D9MB",
            id="what the URL asks for comes last, and counts",
        ),
    ],
)
def test_session(url: str, expected: str, *, owner: bool) -> None:
    assert session(url, owner=owner) == expected


# --- what no store can hold -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        ["files", "--path", "\udcff*"],
        ["reprocess", "--source", "\udcff"],
        ["reprocess", "--version", "\udcff"],
        ["reprocess", "--id", "9223372036854775808"],
        ["retract", "1", "--because", "\udcff"],
        ["separate", "1", "--because", "\udcff"],
    ],
    ids=" ".join,
)
def test_it_is_refused_before_any_store_is_asked(line: list[str]) -> None:
    refused = CliRunner().invoke(app, line)

    assert (refused.exit_code, f"Invalid value for '{line[-2]}'" in refused.stderr) == (2, True)


# --- export ---------------------------------------------------------------------------------------


def interrupted(file: IO[bytes]) -> None:
    file.write(b"half")
    raise KeyboardInterrupt


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "all.jsonl"
    with whole(target) as file:
        file.write(b"{}\n")

        assert not target.exists()
    assert target.read_bytes() == b"{}\n"
    assert list(tmp_path.iterdir()) == [target]


def test_half_a_file_is_removed_and_the_earlier_one_stays(tmp_path: Path) -> None:
    target = tmp_path / "all.jsonl"
    target.write_bytes(b"before")
    with pytest.raises(KeyboardInterrupt), whole(target) as file:
        interrupted(file)

    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_cannot_be_written_is_a_mistake_of_the_person(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"), whole(tmp_path / "no" / "all.jsonl"):
        pytest.fail("it was opened")


# --- explain --------------------------------------------------------------------------------------


@pytest.mark.parametrize("stdin", [True, False], ids=["stdin", "a file"])
def test_paths_come_from_arguments_then_from_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, stdin: bool
) -> None:
    lines = "b c.txt\n\nd.txt\n"
    (tmp_path / "names").write_text(lines)
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))

    found = paths([Path("a.txt")], "-" if stdin else str(tmp_path / "names"))

    assert list(found) == ["a.txt", "b c.txt", "d.txt"]


def test_a_list_of_paths_that_is_missing_is_a_mistake_of_the_person(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--files-from"):
        list(paths([], str(tmp_path / "names")))


def test_an_explanation_for_people(tmp_path: Path) -> None:
    console = terminal(width=200)
    files = write(tmp_path, a=STORY, b=STORY, c="")

    first, second, third = (
        "\n".join(drawn(shown(e, console), console)) for e in dry_run().explain(files)
    )

    assert "/a  stored" in first
    assert "headline   Ferry service resumes" in first
    assert "countries  KE" in first
    assert "exact      headline and body are the same" in second
    assert "because  the file holds nothing" in third


def test_a_container_says_how_much_it_holds(tmp_path: Path) -> None:
    console = terminal(width=200)
    files = write(tmp_path, **{"w.jsonl": '{"text": "one"}\n{"text": "two"}\n'})

    container, *members = (
        "\n".join(drawn(shown(e, console), console)) for e in dry_run().explain(files)
    )

    assert "/w.jsonl  expanded\n" in container
    assert "holds  2 members" in container
    assert len(members) == 2
