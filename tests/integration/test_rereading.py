"""Stored files that are read again: what comes out differently is a new version, once."""

import json
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from tests import articles
from tests.articles import INBOX, STAGES, STORY, notice
from tests.terms import process, sent, soon, work
from worker import PIPELINE
from worker.adapters.postgres.auditing import one_moment
from worker.adapters.postgres.inspecting import PostgresInspecting
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.postgres.rejudging import PostgresRejudging
from worker.adapters.postgres.rereading import PostgresRereading
from worker.adapters.postgres.retracting import PostgresWithdrawing
from worker.auditor import audit
from worker.cli.app import app
from worker.cli.rereading import compare
from worker.core.article import Article, Relation
from worker.core.errors import Rejected
from worker.core.ledger import Reason, State
from worker.core.normalise import normalise
from worker.core.policy import Policy
from worker.core.readers import read
from worker.core.selection import Selection
from worker.core.withdrawal import Scope
from worker.pipeline import Stages
from worker.ports import Notice

EDITED, FERRY = STORY.replace("14 days", "15 days"), STORY.split("\n")[0]
AS_BEFORE, ALL = STAGES, Selection(path="*")


def read_better(content: bytes, name: str) -> Article:
    """A release later: what is missing at the end of a headline is found."""
    article = articles.read(content, name)
    return replace(article, headline=f"{article.headline}, at last")


BETTER = Stages(read=read_better, judge=STAGES.judge, tag=STAGES.tag)


def rows(engine: Engine, question: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(question))]


def drop(engine: Engine, *notices: Notice) -> None:
    process(engine, *notices, stages=AS_BEFORE)


def again(engine: Engine, which: Selection = ALL) -> list[bool]:
    desk = PostgresRereading(engine)
    return [desk.again(original.file_id) for original in desk.originals(which)]


def seen(engine: Engine) -> list[tuple[Any, ...]]:
    return rows(engine, "select headline, version, copies from feed_v1.articles order by position")


@pytest.fixture(autouse=True)
def clean(engine: Engine) -> Iterator[None]:
    """Whatever a test does: the audit, apart from all code above, has nothing to say after it."""
    yield
    with one_moment(engine) as moment:
        assert audit(moment, INBOX, None).findings == ()


def test_what_is_read_again_is_the_next_version_of_its_article(engine: Engine) -> None:
    """With its tags, and with its copies; the version before it stays as it was."""
    drop(engine, notice("a.txt"), notice("b.txt"))

    made = again(engine)
    waiting = seen(engine)
    work(engine, BETTER)

    assert (made, waiting) == ([True], [(FERRY, 1, 1)])
    assert seen(engine) == [(f"{FERRY}, at last", 2, 1)]
    assert rows(engine, "select headline, cause from feed_v1.versions order by version") == [
        (FERRY, "no stored text is like it"),
        (f"{FERRY}, at last", f"its file was read again, by version {PIPELINE} of the code"),
    ]
    assert rows(engine, "select kind, version from feed_v1.changes order by position") == [
        ("stored", 1),
        ("regrouped", 1),
        ("revised", 2),
    ]
    assert rows(engine, "select path, generation, state from desk.file order by id") == [
        ("a.txt", 1, "stored"),
        ("b.txt", 1, "duplicate"),
        ("a.txt", 2, "revised"),
    ]


def test_it_is_made_due_once(engine: Engine) -> None:
    drop(engine, notice("a.txt"))
    desk = PostgresRereading(engine)
    (original,) = desk.originals(ALL)

    made = [desk.again(original.file_id), desk.again(original.file_id)]

    assert made == [True, False]
    assert list(desk.originals(ALL)) == []


def test_only_what_is_seen_now_is_read_again(engine: Engine) -> None:
    """In the words that it was read in then."""
    drop(engine, notice("a.txt"), notice("b.txt"), notice("a.txt", EDITED))
    drop(engine, notice("c.txt", articles.text(1)), notice("c.txt", articles.text(2)))
    drop(engine, notice("gone.txt", articles.text(3)))
    withdrawing = PostgresWithdrawing(engine)
    withdrawing.retract(withdrawing.meant(6), Scope.ALL, "it was not so")

    originals = list(PostgresRereading(engine).originals(ALL))

    assert [(o.path.text, o.version, o.content) for o in originals] == [
        ("a.txt", 2, EDITED.encode()),
        ("c.txt", 1, articles.text(2).encode()),
    ]
    assert [o.article for o in originals] == [articles.read(o.content, "") for o in originals]
    assert list(PostgresRereading(engine).originals(Selection(path="b*"))) == []


def test_what_a_later_version_that_is_not_seen_yet_follows_is_left(engine: Engine) -> None:
    process(engine, sent("a.txt", guid="1"), sent("b.txt", EDITED, guid="1", embargo_until=soon()))

    assert list(PostgresRereading(engine).originals(ALL)) == []


def test_a_version_that_came_meanwhile_stays_the_latest(engine: Engine) -> None:
    """It would else be an old text in the place of a newer one."""
    drop(engine, notice("a.txt"))
    again(engine)
    PostgresIntake(engine).record(INBOX, [notice("b.txt", EDITED)])  # live: it is worked first
    work(engine, AS_BEFORE)

    life = PostgresInspecting(engine, articles.read, Policy()).life(2)

    assert life is not None
    assert life.file.verdict is not None
    assert (life.file.state, life.file.verdict.relation) == (State.DUPLICATE, Relation.UNCHANGED)
    assert life.file.verdict.because.endswith("but version 2 came meanwhile")


def test_what_followed_at_its_path_meanwhile_comes_after_it(engine: Engine) -> None:
    drop(engine, notice("a.txt"))
    again(engine)
    PostgresIntake(engine).record(INBOX, [notice("a.txt", EDITED)])
    work(engine, AS_BEFORE)

    assert rows(engine, "select generation, state, version from desk.file order by id") == [
        (1, "stored", 1),
        (2, "revised", 2),
        (3, "revised", 3),
    ]


def test_what_is_taken_back_meanwhile_stays_so_and_comes_back(engine: Engine) -> None:
    drop(engine, notice("a.txt"))
    again(engine)
    desk = PostgresWithdrawing(engine)
    desk.retract(desk.meant(1), Scope.ALL, "it was not so")
    work(engine, BETTER)
    hidden = seen(engine)

    desk.restore(desk.meant(1))

    assert hidden == []
    assert seen(engine) == [(f"{FERRY}, at last", 2, 0)]


def test_what_was_read_again_can_be_erased(engine: Engine) -> None:
    drop(engine, notice("a.txt"))
    again(engine)
    work(engine, BETTER)
    desk = PostgresWithdrawing(engine)

    desk.erase(desk.meant(1), "a court says so")

    assert rows(engine, "select distinct reason from desk.file") == [("erased",)]


def test_a_member_of_a_container_is_read_again(engine: Engine) -> None:
    drop(engine, notice("all.zip"), notice("all.zip!b.txt", articles.text(1)))
    with engine.begin() as connection:
        for change in (
            "bulk = true, members = 1 where id = 1",
            "parent_id = 1, path_key = sha256('\\x00'::bytea || path::bytea) where id = 2",
        ):
            connection.execute(text(f"update desk.file set {change}"))  # noqa: S608 -- ours, above

    again(engine, Selection(path="*!b.txt"))
    work(engine, BETTER)

    assert rows(engine, "select parent_id, generation from desk.file order by id")[1:] == [
        (1, 1),
        (1, 2),
    ]


def test_what_the_code_refuses_after_all_is_in_quarantine_and_its_article_stays(
    engine: Engine,
) -> None:
    def refuse(_content: bytes, _name: str) -> Article:
        raise Rejected(Reason.NO_TEXT)

    drop(engine, notice("a.txt"))
    again(engine)
    work(engine, replace(BETTER, read=refuse))

    assert seen(engine) == [(FERRY, 1, 0)]
    assert rows(engine, "select state, reason from desk.file where generation = 2") == [
        ("quarantined", "no_text")
    ]


def test_rules_leave_it_where_it_is(engine: Engine) -> None:
    drop(engine, notice("a.txt"))
    again(engine)
    work(engine, BETTER)

    judged = list(PostgresRejudging(engine, articles.read, Policy()).judged(ALL))

    assert [file.file_id for file in judged] == [1]


# --- the command ----------------------------------------------------------------------------------


def test_what_differs_is_shown_first_and_done_then(engine: Engine, database_url: str) -> None:
    urls = {"COPYDESK_DATABASE_URL": database_url, "COPYDESK_BROKER_URL": "redis://nobody.invalid"}

    def reprocess(*options: str) -> Result:
        return CliRunner().invoke(app, ["reprocess", "--path", "*", *options], env=urls)

    work_seeds(engine)
    with engine.begin() as connection:
        older = "update desk.version set headline = 'A headline' where file_id = 3"
        connection.execute(text(older))

    shown = reprocess("--dry-run", "--json")
    waiting = rows(engine, "select count(*) from desk.file where state = 'noticed'")
    done = reprocess("--yes")
    due = rows(engine, "select path, generation from desk.file where state = 'noticed' order by 2")
    work(engine, replace(AS_BEFORE, read=read_all))
    again = reprocess("--dry-run")

    told = {one["path"]: one for one in map(json.loads, shown.stdout.splitlines())}
    (differs,) = (one for one in told.values() if one["outcome"] == "different")
    assert [d["before"] for d in differs["differences"]] == ["A headline"]
    assert shown.stderr.startswith("1 different, 1 in quarantine")
    assert (waiting, due) == ([(0,)], [("fax_0417.txt", 1), (differs["path"], 2)])
    assert done.stderr.endswith(
        "1 article(s) are due as a new version, 1 file(s) to be tried again\n"
    )
    assert "different" not in again.stderr


# --- the seeds ------------------------------------------------------------------------------------

SEEDS = Path(__file__).parents[2] / "seeds"


def read_all(content: bytes, name: str) -> Article:
    return normalise(*read(content, name), path=name)


def work_seeds(engine: Engine) -> None:
    for seed in sorted(SEEDS.iterdir()):
        content = seed.read_bytes()
        dropped = replace(notice(seed.name), content=content, sha256=sha256(content).digest())
        PostgresIntake(engine).record(INBOX, [dropped])
    work(engine, replace(AS_BEFORE, read=read_all))


def test_what_the_same_code_reads_again_is_the_same(engine: Engine) -> None:
    """Of any format: else each run would make new versions."""
    work_seeds(engine)

    originals = list(PostgresRereading(engine).originals(ALL))

    assert {o.path.raw.rpartition(b".")[2] for o in originals} >= {b"txt", b"json", b"html"}
    for original in originals:
        assert compare(original, read_all) == ("the same", "", [])
