"""What ``why`` and ``files`` say of a file, without a ledger."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from tests.articles import EPOCH
from tests.unit.cli.scenes import drawn, terminal
from tests.unit.core.test_life import file
from worker.cli.files import as_object, line
from worker.cli.why import names, report, steps, told
from worker.core.article import Relation, Scores, Verdict
from worker.core.ledger import Path as LedgerPath
from worker.core.ledger import Reason, State
from worker.core.life import Considered, Life, Merged

ARTICLE = UUID(int=7)
SCORES = Scores(containment=0.96, jaccard=0.84, weighted=0.9, title=0.98)
VERDICT = Verdict(Relation.NEAR, "96% are shared", ARTICLE, 1, SCORES)
COPY = replace(
    file(State.DUPLICATE, Reason.NEAR),
    claimed_at=EPOCH + timedelta(seconds=1),
    decided_at=EPOCH + timedelta(seconds=2),
    finished_at=EPOCH + timedelta(seconds=3),
    verdict=VERDICT,
    article_id=ARTICLE,
    version=1,
    pipeline="4",
)
CONSIDERED = (
    Considered(ARTICLE, 1, "first.txt", "A ferry sails", VERDICT),
    Considered(UUID(int=8), 2, "other.txt", "A train runs", Verdict(Relation.NEW, "no match: 3%")),
)
LIFE = Life(COPY, "A ferry sails", (COPY,), None, {}, CONSIDERED)


def words(life: Life) -> str:
    console = terminal(width=200)
    return "\n".join(drawn(told(life, EPOCH), console))


def test_a_life_is_told_in_order() -> None:
    assert [step for _, step, _ in steps(LIFE) if step] == [
        "noticed",
        "claimed",
        "decided",
        "article",
        "ended",
    ]


def test_people_read_the_verdict_and_every_candidate() -> None:
    shown = words(LIFE)

    assert "a.txt  duplicate (near)" in shown
    assert "near: 96% are shared" in shown
    assert "containment 0.96, jaccard 0.84" in shown
    assert "first.txt, version 1: A ferry sails" in shown
    assert "no match: 3%" in shown
    assert "by version 4 of the code" in shown
    assert "→ nothing: it is done" in shown


def test_a_life_whose_article_was_merged() -> None:
    merged = replace(LIFE, merged=Merged(UUID(int=5), "one story", EPOCH))

    assert f"its article into {UUID(int=5)}: one story" in words(merged)
    assert report(merged, EPOCH)["merged_into"] == str(UUID(int=5))


def test_a_life_with_deaths_and_generations() -> None:
    poison = replace(
        file(State.QUARANTINED, Reason.POISON),
        claimed_at=EPOCH,
        solo=True,
        deaths=3,
        detail="3 workers died",
    )
    shown = words(Life(poison, None, (poison, replace(COPY, id=9, generation=2)), None, {}))

    assert "alone, since a worker died in a batch with it; 3 died while they held it" in shown
    assert "all that was seen at this path" in shown
    assert "quarantined (poison), file 7 — this one" in shown
    assert "generation 2 took its place" in shown


def test_a_container_and_its_member() -> None:
    parent = replace(file(State.EXPANDED), id=3, path=LedgerPath(b"all.zip"))
    member = Life(replace(COPY, parent_id=3), None, (COPY,), parent, {})
    container = Life(parent, None, (parent,), None, {State.STORED: 2, State.QUARANTINED: 1})

    assert "of all.zip, file 3, which is expanded" in words(member)
    assert "2 stored, 1 quarantined" in words(container)


def test_what_was_ignored_was_not_read() -> None:
    ignored = file(State.IGNORED, Reason.TEMPORARY_NAME, kept=False)

    assert "by its name or kind alone" in words(Life(ignored, None, (ignored,), None, {}))


def test_a_stranger_s_name_cannot_move_the_cursor() -> None:
    evil = replace(COPY, path=LedgerPath(b"a\x1b[2J.txt"))

    assert "\x1b" not in words(replace(LIFE, file=evil, generations=(evil,)))
    assert "\x1b[2J" not in line(evil, terminal()).plain


def test_machines_read_the_same() -> None:
    told_ = report(LIFE, EPOCH)

    assert told_["scores"]["jaccard"] == 0.84
    assert [c["relation"] for c in told_["candidates"]] == ["near", None]
    assert told_["finished_at"] == "2026-01-01T00:00:03+00:00"
    assert told_["next"] == "nothing: it is done"


def test_a_file_that_was_only_noticed() -> None:
    waiting = as_object(file(State.NOTICED))

    assert (waiting["state"], waiting["reason"], waiting["finished_at"]) == ("noticed", None, None)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("a.txt", [b"a.txt"], id="as the ledger has it"),
        pytest.param("in/wires/a.txt", [b"in/wires/a.txt", b"wires/a.txt"], id="as it is on disk"),
        pytest.param("./in/../in/a.txt", [b"./in/../in/a.txt", b"a.txt"], id="with detours"),
        pytest.param("all.zip!a/b.txt", [b"all.zip!a/b.txt"], id="a member"),
        pytest.param("in/caf\udce9.txt", [b"in/caf\xe9.txt", b"caf\xe9.txt"], id="any bytes"),
    ],
)
def test_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, expected: list[bytes]
) -> None:
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path)

    assert names(name, (tmp_path / "in").resolve()) == expected


def test_names_through_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "in")
    monkeypatch.chdir(tmp_path)

    assert b"a.txt" in names("link/a.txt", (tmp_path / "in").resolve())
