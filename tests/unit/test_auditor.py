"""The auditor over a real folder and a ledger that says what a test wants."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from worker.adapters.folder import DiskFolder
from worker.auditor import audit
from worker.core.audit import Check, Finding, Known, OnItsWay, Step, Watching
from worker.core.ledger import State

A = UUID(int=1)
INBOX = "/in"


@dataclass
class Ledger:
    rows: dict[bytes, Known] = field(default_factory=dict)
    alive: bool = False
    wrong: list[Finding] = field(default_factory=list)
    changes: list[Step] = field(default_factory=list)
    seen: list[tuple[UUID, int, int]] = field(default_factory=list)

    def latest(self, inbox: str) -> Iterator[tuple[bytes, Known]]:
        yield from self.rows.items() if inbox == INBOX else ()

    def watching(self, inbox: str) -> Watching:
        return Watching(alive=self.alive and inbox == INBOX, scanned_at=None)

    def open(self, inbox: str) -> Mapping[State, int]:
        return {State.NOTICED: 2} if inbox == INBOX else {}

    def findings(self) -> Iterator[Finding]:
        yield from self.wrong

    def head(self) -> tuple[int, int]:
        return 1, len(self.changes)

    def steps(self) -> Iterator[Step]:
        yield from self.changes

    def view(self) -> Iterator[tuple[UUID, int, int]]:
        yield from self.seen


def known(content: bytes) -> Known:
    return Known(State.STORED, None, sha256(content).digest(), len(content))


def write(folder: Path, **files: bytes) -> DiskFolder:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return DiskFolder(folder)


def checks(findings: tuple[Finding, ...]) -> list[tuple[Check, str]]:
    return [(finding.check, finding.subject) for finding in findings]


def test_folder_and_ledger_agree(tmp_path: Path) -> None:
    folder = write(tmp_path, a=b"one", b=b"two")
    ledger = Ledger({b"a": known(b"one"), b"b": known(b"two"), b"gone": known(b"three")})

    audited = audit(ledger, INBOX, folder)

    assert audited.clean
    assert audited.files == 2
    assert audited.open == {State.NOTICED: 2}


def test_content_is_compared_and_not_times(tmp_path: Path) -> None:
    """The second has the size that the ledger knows."""
    folder = write(tmp_path, longer=b"one and more", same=b"ONE", new=b"new")
    ledger = Ledger({b"longer": known(b"one"), b"same": known(b"one")})

    audited = audit(ledger, INBOX, folder)

    assert sorted(checks(audited.findings)) == [
        (Check.CHANGED, "longer"),
        (Check.CHANGED, "same"),
        (Check.UNSEEN, "new"),
    ]


def test_what_is_on_its_way_is_counted_apart(tmp_path: Path) -> None:
    folder = write(tmp_path, a=b"ONE", b=b"two", c=b"three")
    ledger = Ledger({b"a": known(b"one")}, alive=True)

    audited = audit(ledger, INBOX, folder)

    assert audited.clean
    assert audited.on_its_way == {OnItsWay.CHANGED: 1, OnItsWay.UNSEEN: 2}


def test_a_file_that_cannot_be_read_any_more_is_named(tmp_path: Path) -> None:
    """A folder stands in its place: nothing of that name; a link: not what was read."""
    folder = write(tmp_path, real=b"one")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    size = (tmp_path / "link").lstat().st_size
    ledger = Ledger({b"real": known(b"one"), b"link": known(b"x" * size)})

    audited = audit(ledger, INBOX, folder)

    assert checks(audited.findings) == [(Check.CHANGED, "link")]


def test_the_store_is_audited_without_a_folder() -> None:
    wrong = Finding(Check.TWICE, "both")
    steps = [Step(2, "stored", A, 1)]
    ledger = Ledger(wrong=[wrong], changes=steps, seen=[(A, 2, 2)])

    audited = audit(ledger, INBOX, None)

    assert audited.findings[0] == wrong
    assert {check for check, _ in checks(audited.findings)} == {
        Check.TWICE,
        Check.POSITIONS,
        Check.REPLAY,
    }
    assert (audited.files, audited.articles, audited.changes) == (0, 1, 1)
