"""Take back, restore and erase by the command, over servers that it finds."""

import json
from pathlib import Path
from uuid import uuid4

from tests.integration.test_cli import copydesk, fill
from worker.adapters.embedded import serve


def exported(folder: Path) -> list[str]:
    lines = copydesk(folder, "export").stdout.splitlines()
    return [json.loads(line)["id"] for line in lines]


def test_a_story_is_taken_back_restored_and_erased(tmp_path: Path) -> None:
    fill(tmp_path)
    copydesk(tmp_path, "up", "--once")
    with serve(tmp_path / ".copydesk", command="pytest"):
        story, other = exported(tmp_path)
        told = json.loads(copydesk(tmp_path, "why", "b.txt", "--json").stdout)
        said = ("--because", "it was not so")

        taken = copydesk(tmp_path, "retract", story, *said, "--json")
        hidden = exported(tmp_path)
        why = copydesk(tmp_path, "why", "b.txt").stderr
        back = copydesk(tmp_path, "restore", str(told["id"]))
        again = exported(tmp_path)
        asked = copydesk(tmp_path, "erase", story)
        gone = copydesk(tmp_path, "erase", story, "--yes")
        audit = copydesk(tmp_path, "audit")
        feed = copydesk(tmp_path, "feed", "--json").stdout

    report = json.loads(taken.stdout)
    assert report.pop("position") is not None
    assert report == {
        "article_id": story,
        "withdrawn": ["a.txt", "b.txt"],
        "version": None,
        "heir": None,
    }
    assert "consumers see nothing of it" in taken.stderr
    assert hidden == [other]
    assert f"copydesk restore {story}" in why
    assert "consumers see version 1" in back.stderr
    assert sorted(again) == sorted([story, other])
    assert (asked.returncode, "--yes" in asked.stderr) == (2, True)
    assert (gone.returncode, "where they still lie" in gone.stderr) == (0, True)
    assert audit.returncode == 0, audit.stderr
    kinds = [json.loads(line)["kind"] for line in feed.splitlines()]
    assert kinds[-3:] == ["retracted", "restored", "erased"]


def test_what_cannot_be_is_refused(tmp_path: Path) -> None:
    with serve(tmp_path / ".copydesk", command="pytest"):
        copydesk(tmp_path, "migrate")
        unknown = copydesk(tmp_path, "restore", str(uuid4()))
        odd = copydesk(tmp_path, "retract", "a.txt", "--because", "x")
        silent = copydesk(tmp_path, "retract", "1", "--because", " ")

    assert (unknown.returncode, "nothing is called" in unknown.stderr) == (2, True)
    assert (odd.returncode, "nothing is called a.txt" in odd.stderr) == (2, True)
    assert (silent.returncode, "say why" in silent.stderr) == (2, True)
