"""What ``why`` and ``files`` say of a file, without a ledger."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from tests.articles import EPOCH
from tests.unit.cli.scenes import drawn, terminal
from tests.unit.core.test_life import file
from worker.cli.files import as_object, line
from worker.cli.why import report, steps, told
from worker.core.article import Relation, Scores, Verdict
from worker.core.ledger import Path as LedgerPath
from worker.core.ledger import Reason, State
from worker.core.life import Considered, Life, Merged, Separated

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


def lines(life: Life) -> list[tuple[str, str]]:
    return [(step, text) for _, step, text in steps(life) if step]


def test_a_life_is_told_in_order() -> None:
    assert [step for step, _ in lines(LIFE)] == [
        "noticed",
        "claimed",
        "decided",
        "article",
        "ended",
    ]


def test_a_verdict_for_which_nothing_was_compared_has_no_scores() -> None:
    given = Verdict(Relation.REVISION, "its file was read again", ARTICLE, 1)

    shown = words(replace(LIFE, file=replace(LIFE.file, verdict=given), considered=()))

    assert "read again" in shown
    assert "containment" not in shown


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
    """Later than it ended, and told so."""
    merged = replace(LIFE, merged=Merged(UUID(int=5), "one story", EPOCH + timedelta(hours=1)))

    assert [step for step, _ in lines(merged)][-2:] == ["ended", "merged"]
    assert f"its article into {UUID(int=5)}: one story" in words(merged)
    assert report(merged, EPOCH)["merged_into"] == str(UUID(int=5))


def test_a_copy_that_a_person_took_apart() -> None:
    """After it was noticed, and before a worker made an article of it."""
    at = EPOCH + timedelta(milliseconds=500)
    parted = replace(LIFE, separated=(Separated(UUID(int=5), "another ferry", at),))

    assert [step for step, _ in lines(parted)][:3] == ["noticed", "separated", "claimed"]
    assert f"from {UUID(int=5)}, by a person: another ferry" in words(parted)
    assert report(parted, EPOCH)["separated_from"] == [
        {
            "article_id": str(UUID(int=5)),
            "because": "another ferry",
            "at": "2026-01-01T00:00:00.5+00:00",
        }
    ]


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
