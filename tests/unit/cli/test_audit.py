from uuid import UUID

import pytest
from typer.testing import CliRunner

from tests.articles import article
from tests.unit.cli.scenes import drawn, terminal
from worker.auditor import Audited
from worker.cli.app import app
from worker.cli.audit import report, shown
from worker.cli.doctor import chart
from worker.cli.rereading import compare
from worker.cli.selecting import selection
from worker.core.article import Article
from worker.core.audit import Check, Finding, OnItsWay
from worker.core.doctor import Level, Line
from worker.core.errors import Rejected, UsageError
from worker.core.ledger import Path, Reason, State
from worker.ports import Original


def audited(*findings: Finding) -> Audited:
    return Audited(
        files=12,
        articles=3,
        changes=4,
        findings=findings,
        on_its_way={OnItsWay.UNSEEN: 2},
        open={State.NOTICED: 5},
    )


def words(*findings: Finding) -> str:
    console = terminal(width=160)
    return "\n".join(drawn(shown(audited(*findings), "/in", 0.25), console))


def test_a_clean_audit() -> None:
    told = words()

    assert "12 files, 3 articles, 4 changes; checked in 0.2 s" in told
    assert "on their way: 2 not in the ledger yet, 5 waiting for a worker" in told
    assert "all of it agrees" in told


def test_what_is_wrong_is_named_and_how_to_mend_it() -> None:
    lost = [Finding(Check.UNSEEN, f"{n}.txt") for n in range(12)]
    told = words(*lost, Finding(Check.TWICE, "two", "A \x1b headline"))

    assert "unseen 12  in the folder, and not in the ledger" in told
    assert "9.txt" in told
    assert "11.txt" not in told
    assert "and 2 more" in told
    assert "→ run copydesk watch or up" in told
    assert r"two  A \x1b headline" in told
    assert "agrees" not in told


def test_machines_read_all_of_it() -> None:
    lost = [Finding(Check.UNSEEN, f"{n}.txt") for n in range(12)]
    told = report(audited(*lost), "/in", 0.25)

    assert (told["clean"], told["findings"][0]["count"]) == (False, 12)
    assert told["findings"][0]["examples"][11] == {"subject": "11.txt", "detail": ""}
    assert told["on_its_way"] == {"unseen": 2, "changed": 0, "noticed": 5, "processing": 0}


def test_the_doctor_says_how_to_mend_only_what_is_ill() -> None:
    lines = [
        Line(Level.OK, "disk", "much", "make room"),
        Line(Level.FAIL, "inbox", "gone", "create it"),
    ]
    told = "\n".join(drawn(chart(lines), terminal()))

    assert "create it" in told
    assert "make room" not in told


# --- reprocess ------------------------------------------------------------------------------------


def reject(_content: bytes, _name: str) -> Article:
    raise Rejected(Reason.NO_TEXT)


ORIGINAL = Original(7, Path(b"a.txt"), b"", UUID(int=7), 1, article("A headline\nA text."))


@pytest.mark.parametrize(
    ("now", "outcome", "fields"),
    [
        pytest.param("A headline\nA text.", "the same", [], id="the same"),
        pytest.param("Another\nA text.", "different", ["headline"], id="different"),
    ],
)
def test_reading_a_file_anew(now: str, outcome: str, fields: list[str]) -> None:
    told, _, differing = compare(ORIGINAL, lambda _content, _name: article(now))

    assert (told, [one.field for one in differing]) == (outcome, fields)


def test_a_file_that_would_be_refused_now() -> None:
    outcome, why, _ = compare(ORIGINAL, reject)

    assert (outcome, why) == ("rejected", f"no_text: {Reason.NO_TEXT.meaning}")


@pytest.mark.parametrize("command", ["retry", "reprocess"])
def test_who_changes_files_has_to_say_which(command: str) -> None:
    done = CliRunner().invoke(app, [command])

    assert isinstance(done.exception, UsageError)
    assert "say which files" in str(done.exception)


def test_a_time_that_is_none_is_a_mistake_of_the_person() -> None:
    with pytest.raises(UsageError, match="--since yesterday: neither a time"):
        selection(since="yesterday")
