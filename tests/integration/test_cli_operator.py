"""An operator's day: list, ask why, retry, audit, examine; each command a process of its own."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from tests.articles import STORY, text
from tests.integration.test_cli import copydesk, fill
from worker.adapters.embedded import serve
from worker.adapters.postgres.engine import connect


@dataclass(frozen=True)
class Desk:
    """A folder whose inbox was worked once."""

    folder: Path

    @property
    def inbox(self) -> Path:
        return self.folder / "in box"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Its servers run on, so that not every command has to start them."""
    folder = tmp_path_factory.mktemp("operator")
    fill(folder)
    copydesk(folder, "up", "--once")
    with serve(folder / ".copydesk", command="pytest"):
        yield Desk(folder)


def test_files(desk: Desk) -> None:
    machine = copydesk(desk.folder, "files", "--state", "duplicate", "--json")
    people = copydesk(desk.folder, "files", "--limit", "2")

    (copy,) = map(json.loads, machine.stdout.splitlines())
    assert (copy["path"], copy["reason"], copy["relation"]) == ("b.txt", "exact", "exact")
    assert machine.stderr == ""
    assert people.stdout == ""
    assert "ignored      e.txt.part  temporary_name" in people.stderr
    assert people.stderr.splitlines()[-1] == "5 file(s), 2 of them shown"


def test_why(desk: Desk) -> None:
    """By the path on disk; and, of its article, by the article's id."""
    machine = copydesk(desk.folder, "why", "in box/b.txt", "--json")
    told = json.loads(machine.stdout)
    people = copydesk(desk.folder, "why", told["article_id"])

    assert (told["path"], told["state"], told["reason"]) == ("b.txt", "duplicate", "exact")
    assert [candidate["path"] for candidate in told["candidates"]] == ["a.txt"]
    assert "a.txt  stored" in people.stderr
    assert people.stdout == ""


def test_nobody_knows_such_a_file(desk: Desk) -> None:
    done = copydesk(desk.folder, "why", "no.txt")

    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing is called no.txt" in done.stderr


def test_retry(desk: Desk) -> None:
    """First only said, then done."""
    said = copydesk(desk.folder, "retry", "--reason", "empty", "--dry-run", "--json")
    done = copydesk(desk.folder, "retry", "--reason", "empty", "--yes", "--json")
    due = copydesk(desk.folder, "files", "--state", "noticed", "--json")

    (file,) = map(json.loads, due.stdout.splitlines())
    assert json.loads(said.stdout) == {"again": [file["id"]], "unread": [], "dry_run": True}
    assert json.loads(done.stdout) == {"again": [file["id"]], "unread": [], "dry_run": False}
    assert file["path"] == "d.txt"
    assert "1 file(s) are due again" in done.stderr


def test_reprocess_tags(desk: Desk) -> None:
    """Another tagger had found no phrases; first it is only said, then done."""
    older = "update desk.version set tags_method = 'older/1', keywords = '[]'"
    assert copydesk(desk.folder, "psql", "--owner", "-c", older).returncode == 0
    said = copydesk(desk.folder, "reprocess", "--tags", "--path", "a*", "--dry-run")
    done = copydesk(desk.folder, "reprocess", "--tags", "--yes", "--json")

    told = {told["path"]: told for told in map(json.loads, done.stdout.splitlines())}
    assert (said.returncode, said.stdout) == (0, "")
    assert "1 would be different, 0 the same" in said.stderr
    assert "  keywords\n    + " in said.stderr
    assert set(told) == {"a.txt", "c.txt"}
    assert (told["a.txt"]["outcome"], told["a.txt"]["version"]) == ("different", 1)
    assert [one["field"] for one in told["a.txt"]["differences"]] == ["keywords"]
    assert done.stderr.endswith("2 are different, 0 the same\n")


def test_audit(desk: Desk) -> None:
    """Nobody watches: what is new or changed is not on its way to anybody."""
    silence = "update desk.inbox set seen_at = seen_at - interval '1 hour'"
    assert copydesk(desk.folder, "psql", "--owner", "-c", silence).returncode == 0
    clean = copydesk(desk.folder, "audit", "--json")
    (desk.inbox / "late.txt").write_text(text(9))
    (desk.inbox / "a.txt").write_text(STORY.replace("Tuesday", "Wednesday"))
    wrong = copydesk(desk.folder, "audit")
    (desk.inbox / "late.txt").unlink()
    (desk.inbox / "a.txt").write_text(STORY)

    report = json.loads(clean.stdout)
    assert (clean.returncode, report["clean"], report["findings"]) == (0, True, [])
    assert (report["files"], report["articles"]) == (5, 2)
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "changed 1" in wrong.stderr
    assert "unseen 1" in wrong.stderr
    assert "late.txt" in wrong.stderr


def test_doctor(desk: Desk) -> None:
    machine = copydesk(desk.folder, "doctor", "--json")
    elsewhere = copydesk(desk.folder, "doctor", "--inbox", "nowhere")

    report = json.loads(machine.stdout)
    parts = {check["part"]: check["level"] for check in report["checks"]}
    assert machine.returncode == 0
    assert parts["eviction"] == parts["persistence"] == parts["schema"] == parts["grants"] == "ok"
    assert (elsewhere.returncode, elsewhere.stdout) == (1, "")
    assert "create it, or name another one" in elsewhere.stderr


def test_doctor_bears_services_that_are_away(tmp_path: Path) -> None:
    fill(tmp_path)
    urls = {
        "COPYDESK_DATABASE_URL": "postgresql://nobody@/none?host=/nowhere",
        "COPYDESK_BROKER_URL": "redis+socket:///nowhere/broker",
    }

    done = copydesk(tmp_path, "doctor", "--json", **urls)

    fails = [c["part"] for c in json.loads(done.stdout)["checks"] if c["level"] == "fail"]
    assert (done.returncode, fails) == (3, ["broker", "PostgreSQL"])


def test_what_is_done_is_archived(tmp_path: Path) -> None:
    """What needs a person stays; for a minute, so does what was just found as it is."""
    inbox, archives = fill(tmp_path), {"COPYDESK_AFTER": "archive", "COPYDESK_ARCHIVE": "done with"}
    copydesk(tmp_path, "up", "--once", **archives)
    early = sorted(file.name for file in inbox.iterdir())
    with serve(tmp_path / ".copydesk", command="pytest") as servers:
        closing = connect(servers.endpoints.owner_url, name="pytest")
        with closing.begin() as connection:
            connection.execute(sql("update desk.file set witness = 'closed'"))
        closing.dispose()
    done = copydesk(tmp_path, "up", "--once", **archives)
    audited = copydesk(tmp_path, "audit")

    kept = [file for file in (tmp_path / "done with").rglob("*") if file.is_file()]
    assert early == ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt.part"]
    assert sorted(file.name for file in kept) == ["a.txt", "b.txt", "c.txt"]
    assert sorted(file.name for file in inbox.iterdir()) == ["d.txt", "e.txt.part"]
    assert (done.returncode, audited.returncode) == (0, 0), audited.stderr


def test_an_archive_in_the_inbox_is_refused(tmp_path: Path) -> None:
    fill(tmp_path)

    done = copydesk(
        tmp_path, "watch", "--once", COPYDESK_AFTER="archive", COPYDESK_ARCHIVE="in box/done"
    )

    assert done.returncode == 2
    assert "lies in the inbox" in done.stderr
