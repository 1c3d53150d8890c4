"""Tags made anew: consumers are told of those that differ, and nothing is done twice."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from tests import articles, invariants
from tests.articles import INBOX, notice
from tests.newsroom import METHOD, Newsroom, entity, tags
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.entities import name
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.postgres.pointing import FEED_LOCK
from worker.adapters.postgres.retagging import PostgresRetagging
from worker.adapters.postgres.retrying import PostgresRetrying
from worker.adapters.system import uuid7
from worker.core.article import Article, Tags
from worker.core.retagging import Methods
from worker.core.selection import Selection
from worker.pipeline import run
from worker.retagging import BATCH, Tagger, retag

ALL = Selection()
OLD, NEW = tags(entity("Jon Smith")), tags(entity("John Smith"))
NEVER = datetime(2999, 1, 1, tzinfo=UTC)


@pytest.fixture
def newsroom(engine: Engine) -> Newsroom:
    return Newsroom(engine)


@pytest.fixture
def desk(engine: Engine) -> PostgresRetagging:
    return PostgresRetagging(engine)


def methods(model: str = "test 2", rules: str = METHOD) -> Methods:
    """By default, another tagger than the one before."""
    return Methods({"en": model}, rules)


def present(newsroom: Newsroom, known: Methods | None = None) -> Tagger:
    """The tagger of *newsroom*, under another name."""
    known = known or methods()

    def tag(batch: Sequence[Article]) -> list[Tags]:
        return [replace(tags, method=known.models["en"]) for tags in newsroom.tag(batch)]

    return Tagger(tag, known)


def again(newsroom: Newsroom, which: Selection = ALL, *, write: bool = True) -> list[str]:
    """Tag anew; the outcomes."""
    desk = PostgresRetagging(newsroom.engine)
    return [anew.outcome for anew in retag(which, desk, present(newsroom), write=write)]


def kinds(newsroom: Newsroom) -> list[str]:
    return [change.kind for change in newsroom.rows("changes")]


def test_what_another_tagger_made_is_made_anew(newsroom: Newsroom, desk: PostgresRetagging) -> None:
    newsroom.drop(1, OLD)
    newsroom.drop(2, OLD)
    newsroom.work()
    newsroom.find(1, NEW)

    outcomes = again(newsroom)

    (first, second) = sorted(newsroom.rows("articles"), key=lambda row: row.position, reverse=True)
    assert sorted(outcomes) == ["different", "the same"]
    assert kinds(newsroom) == ["stored", "stored", "retagged"]
    assert (first.people[0]["name"], first.position) == ("John Smith", 3)
    assert (second.people[0]["name"], second.position < 3) == ("Jon Smith", True)
    assert set(newsroom.entities()) == {"person:john smith", "person:jon smith"}
    assert desk.count(ALL, methods()) == 0
    assert again(newsroom) == []
    invariants.check(newsroom.engine)


def test_a_dry_run_changes_nothing(newsroom: Newsroom) -> None:
    newsroom.drop(1, OLD)
    newsroom.work()
    newsroom.find(1, NEW)

    said = again(newsroom, write=False)

    assert said == again(newsroom) == ["different"]


def test_only_what_was_chosen(newsroom: Newsroom) -> None:
    newsroom.drop(1, OLD, path="a.txt")
    newsroom.drop(2, OLD, path="b.txt")
    newsroom.work()

    assert len(again(newsroom, Selection(path="a*"))) == 1
    assert len(again(newsroom)) == 1


@pytest.mark.parametrize(
    ("models", "count"),
    [
        pytest.param({"sw": "test 2"}, 0, id="the rules made them, and are the same"),
        pytest.param({"en": "test 2"}, 1, id="a model knows the language by now"),
        pytest.param({"en": METHOD, "fr": "test 2"}, 0, id="each language has its own model"),
    ],
)
def test_a_method_is_that_of_the_language(
    newsroom: Newsroom, desk: PostgresRetagging, models: dict[str, str], count: int
) -> None:
    newsroom.drop(1, OLD)
    newsroom.work(language="en-GB")

    assert desk.count(ALL, replace(methods(), models=models)) == count


def test_a_superseded_version_keeps_its_tags(newsroom: Newsroom) -> None:
    """It is history: no change tells of it."""
    newsroom.drop(1, OLD, path="a.txt")
    newsroom.work()
    edited = articles.text(1).replace("141 days1", "151 days1")
    newsroom.drop(1, OLD, path="a.txt", content=edited)
    newsroom.work()
    newsroom.find(1, NEW)

    again(newsroom)

    people = {row.version: row.people[0]["name"] for row in newsroom.rows("versions")}
    assert people == {1: "Jon Smith", 2: "John Smith"}


def test_what_nobody_may_see_is_tagged_in_silence(newsroom: Newsroom) -> None:
    newsroom.drop(1, OLD)
    newsroom.work(embargo_until=NEVER)
    newsroom.find(1, NEW)

    assert again(newsroom) == ["different"]
    assert [newsroom.rows(v) for v in ("changes", "articles", "mentions", "aliases")] == [[]] * 4


def test_what_the_tagger_breaks_on_keeps_its_tags(
    newsroom: Newsroom, desk: PostgresRetagging
) -> None:
    for number in (1, 2, 3):
        newsroom.drop(number, OLD)
    newsroom.work()
    newsroom.find(2, NEW)
    newsroom.find(3, NEW)

    def tag(batch: Sequence[Article]) -> list[Tags]:
        if any("1" in article.headline for article in batch):
            raise RuntimeError("the tagger breaks")
        return present(newsroom).tag(batch)

    told = list(retag(ALL, desk, Tagger(tag, methods())))

    assert [anew.outcome for anew in told] == ["failed", "different", "different"]
    assert str(told[0].failure) == "internal_error: RuntimeError: the tagger breaks"
    assert desk.count(ALL, methods()) == 1
    assert sorted(row.people[0]["name"] for row in newsroom.rows("articles")) == [
        "John Smith",
        "John Smith",
        "Jon Smith",
    ]


def test_a_run_that_is_stopped_goes_on_where_it_was(
    newsroom: Newsroom, desk: PostgresRetagging
) -> None:
    for number in range(1, BATCH + 3):
        newsroom.drop(number, OLD)
    newsroom.work()

    stopped = list(islice(retag(ALL, desk, present(newsroom)), 1))

    assert len(stopped) == 1
    assert desk.count(ALL, methods()) == 2
    assert len(again(newsroom)) == 2


def test_what_was_erased_meanwhile_stays_erased(
    newsroom: Newsroom, desk: PostgresRetagging
) -> None:
    """No tag comes back, nor a name; and the others of the batch get theirs."""
    newsroom.drop(1, OLD)
    newsroom.drop(2, OLD)
    newsroom.work()
    newsroom.find(1, tags(entity("Jane Informer")))
    erasures = iter(["update desk.file set reason = 'erased' where path = '1.txt'"])

    def tag(batch: Sequence[Article]) -> list[Tags]:
        for statement in erasures:
            with newsroom.engine.begin() as connection:
                connection.execute(text(statement))
        return present(newsroom).tag(batch)

    told = list(retag(ALL, desk, Tagger(tag, methods())))

    with newsroom.engine.connect() as connection:
        names = connection.execute(text("select name from desk.entity_name")).scalars().all()
    assert [anew.version.path.text for anew in told] == ["2.txt"]
    assert names == ["Jon Smith"]


def test_tagging_that_fails_again_is_no_change(engine: Engine) -> None:
    """It was told when it failed first."""
    failing = replace(articles.STAGES, tag=lambda _: [])
    desk = PostgresDesk(engine, lease_seconds=30, new_id=uuid7)
    PostgresIntake(engine).record(INBOX, [notice()])
    positions = []
    for _ in range(2):
        PostgresRetrying(engine).retry(ALL)
        positions.append(run(desk.claim((), 32), desk, failing).position)

    assert positions == [1, None]


def test_entities_of_articles_that_an_early_release_tagged_are_noted(newsroom: Newsroom) -> None:
    newsroom.drop(1, OLD)
    newsroom.work()
    again(newsroom)
    with newsroom.engine.begin() as connection:
        connection.execute(text("delete from desk.naming"))

    before = newsroom.rows("mentions")
    outcomes = again(newsroom)
    after = newsroom.rows("mentions")

    assert [(row.name, row.entity_id) for row in before] == [("Jon Smith", None)]
    assert [(row.name, row.entity_id) for row in after] == [("Jon Smith", "person:jon smith")]
    assert outcomes == ["the same"]
    assert kinds(newsroom) == ["stored"]


WAITING = text("select count(*) from pg_locks where not granted")


def test_retagging_waits_for_a_batch_with_the_same_new_name_and_never_in_a_ring(
    newsroom: Newsroom, desk: PostgresRetagging
) -> None:
    """Whoever notes names takes the feed's lock next, so nobody may wait for it with that lock."""
    newsroom.drop(1, OLD)
    newsroom.work()
    newsroom.find(1, NEW)

    with ThreadPoolExecutor(1) as pool:
        with newsroom.engine.begin() as batch:
            name(batch, [(uuid4(), 1, NEW)])
            retagging = pool.submit(again, newsroom)
            invariants.wait(
                lambda: bool(batch.execute(WAITING).scalar_one()), seconds=20, what="a lock"
            )
            batch.execute(FEED_LOCK)
        outcomes = retagging.result(timeout=30)

    assert outcomes == ["different"]
