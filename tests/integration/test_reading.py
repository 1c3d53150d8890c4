"""What readers ask: search, one article in full, how far consumers are; and nothing withheld."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege, InvalidParameterValue
from psycopg.sql import SQL
from sqlalchemy import Engine, event, text

import schemas.migrate
from tests import articles
from tests.articles import INBOX, JUDGE, notice
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.following import follow
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.postgres.naming import PostgresNaming
from worker.adapters.postgres.reading import PostgresReading
from worker.adapters.postgres.searching import PostgresSearching
from worker.adapters.postgres.showing import PostgresShowing
from worker.adapters.postgres.sweep import PostgresSweep
from worker.adapters.system import uuid7
from worker.core.article import (
    Article,
    Country,
    Entity,
    Keyword,
    Moment,
    Precision,
    Quote,
    Subject,
    Tags,
)
from worker.core.errors import UsageError
from worker.core.searching import Query
from worker.pipeline import Stages, run

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)
NEVER = datetime(2999, 1, 1, tzinfo=UTC)
PORTS = Subject("medtop:20000337", "water transport", 3, 0.8, ("ferry",))


def entity(name: str) -> Entity:
    return Entity(name, (), 0.5, 0.9, "rules")


@dataclass(frozen=True, slots=True)
class Story:
    content: str
    tags: Tags = field(default_factory=Tags)
    terms: dict[str, Any] = field(default_factory=dict)


STORIES = {
    "ferry": Story(
        "Ferries sail again on the lake\nThe operator had repaired two engines in Kisumu.",
        Tags(
            people=(entity("Achieng Odera Were"),),
            countries=(Country("KE", 1.0),),
            subjects=(PORTS,),
            keywords=(Keyword("two engines", 0.5),),
            quotes=(Quote("repaired", 17, 25, "Achieng Odera Were", None, "said"),),
        ),
        {"source": "Lake Post", "published": Moment(NOON, Precision.MINUTE, "metadata")},
    ),
    "market": Story(
        "Maize prices double at the market\nTraders blame the ferry, which did not sail for weeks.",
        Tags(countries=(Country("TZ", 1.0),)),
        {
            "source": "Market Watch",
            "published": Moment(NOON - timedelta(days=2), Precision.DAY, "text"),
        },
    ),
    "kivuko": Story(
        "Kivuko kipya chaanza safari\nWasafiri walifurahi sana bandarini Mwanza.",
        Tags(places=(entity("Mwanza"),), countries=(Country("TZ", 1.0),)),
        {"language": "sw"},
    ),
    "secret": Story(
        "Ferry company to be sold on Friday\nThe buyer is the Zanzibar Steamship Trust.",
        Tags(
            organisations=(entity("Zanzibar Steamship Trust"),),
            subjects=(PORTS,),
            keywords=(Keyword("buyer", 0.5),),
            quotes=(Quote("buyer", 4, 9, None, None, None),),
        ),
        {"embargo_until": NEVER},
    ),
}


class Newsroom:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.searching = PostgresSearching(engine)
        self.showing = PostgresShowing(engine)
        self.desk = PostgresDesk(engine, lease_seconds=30, new_id=uuid7)

    def store(self, **stories: Story) -> None:
        by_headline = {story.content.split("\n")[0]: story for story in stories.values()}

        def read(content: bytes, name: str) -> Article:
            article = articles.read(content, name)
            return replace(article, **by_headline[article.headline].terms)

        def tag(batch: Sequence[Article]) -> list[Tags]:
            return [by_headline[article.headline].tags for article in batch]

        for path, story in stories.items():
            PostgresIntake(self.engine).record(INBOX, [notice(path, story.content)])
        while claims := self.desk.claim((), 32):
            run(claims, self.desk, Stages(read, JUDGE, tag))

    def found(self, words: str = "", **narrowed: Any) -> list[str]:  # noqa: ANN401 -- of a Query
        findings = self.searching.search(Query(words, **narrowed), 10)
        return [] if findings.alike else [found.headline.text for found in findings.found]

    def ask(self, question: str) -> Any:  # noqa: ANN401 -- whatever is asked for
        with self.engine.begin() as connection:
            return connection.execute(text(question)).scalar_one()


def headlines(*names: str) -> list[str]:
    return [STORIES[name].content.split("\n")[0] for name in names]


@pytest.fixture
def newsroom(engine: Engine) -> Newsroom:
    room = Newsroom(engine)
    room.store(**STORIES)
    return room


@pytest.fixture
def consumer(database_url: str, engine: Engine) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("set session authorization copydesk_consumer")
        yield connection


# --- search ---------------------------------------------------------------------------------------


def test_search(newsroom: Newsroom) -> None:
    """One store for all cases: a search changes nothing."""
    cases: dict[str, tuple[str, dict[str, Any], list[str]]] = {
        "a headline before a body": ("ferry", {}, ["ferry", "market"]),
        "all words": ("ferry operator", {}, ["ferry"]),
        "either word": ("operators or traders", {}, ["market", "ferry"]),
        "a phrase": ('"two engines"', {}, ["ferry"]),
        "no such phrase": ('"engines two"', {}, []),
        "without a word": ("ferry -market", {}, ["ferry"]),
        "a name": ("odera", {}, ["ferry"]),
        "no stems of another language": ("safaris", {}, []),
        "as it is written": ("safari", {}, ["kivuko"]),
        "in a language": ("safari", {"language": "sw-TZ"}, ["kivuko"]),
        "not in it": ("safari", {"language": "en"}, []),
        "by a publisher": ("ferry", {"source": "lake post"}, ["ferry"]),
        "by a part of its name": ("ferry", {"source": "Lake"}, []),
        "about a topic": ("", {"topic": "Water transport"}, ["ferry"]),
        "by its qcode": ("", {"topic": "medtop:20000337"}, ["ferry"]),
        "by its number": ("", {"topic": "20000337"}, ["ferry"]),
        "about a place": ("", {"entity": "mwanza"}, ["kivuko"]),
        "about a country, the newest first": ("", {"country": "tz"}, ["kivuko", "market"]),
        "of two conditions both": ("", {"country": "TZ", "language": "en"}, ["market"]),
        "since": ("", {"since": NOON}, ["ferry"]),
        "until, and not at it": ("", {"until": NOON}, ["market"]),
    }

    found = {name: newsroom.found(words, **asked) for name, (words, asked, _) in cases.items()}

    assert found == {name: headlines(*expected) for name, (_, _, expected) in cases.items()}


def test_no_query_is_an_error(newsroom: Newsroom) -> None:
    hostile = ("' \" ( ) & | ! :* <-> \\ %", "the", '"', "-", "--", "\x02ferry\x03", "é" * 1_000)

    answers = [newsroom.found(words) for words in hostile]

    assert answers[1] == []  # the commonest word of all
    assert answers[5] == headlines("ferry", "market")
    assert newsroom.found("", source="%", entity="_\\") == []


def test_what_matched_is_marked(newsroom: Newsroom) -> None:
    (found,) = newsroom.searching.search(Query("ferries operators"), 10).found
    marks = [m.text[a:b] for m in (found.headline, found.excerpt) for a, b in m.spans]

    assert marks == ["Ferries", "operator"]
    assert found.excerpt.text in STORIES["ferry"].content


def test_what_looks_like_it_where_nothing_is(newsroom: Newsroom) -> None:
    misspelt = newsroom.searching.search(Query("fery sail agan"), 10)
    unknown = newsroom.searching.search(Query("ferry", entity="Achieng Odera Wire"), 10)

    assert misspelt.alike
    assert [found.headline.text for found in misspelt.found] == headlines("ferry")
    assert unknown.names == ("Achieng Odera Were",)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("fery -sail", ["ferry"], id="what is wanted"),
        pytest.param("zzz -ferry", [], id="never what is not"),
    ],
)
def test_what_nobody_wants_is_no_suggestion(
    newsroom: Newsroom, words: str, expected: list[str]
) -> None:
    found = newsroom.searching.search(Query(words), 10).found

    assert [one.headline.text for one in found] == headlines(*expected)


@pytest.mark.parametrize(
    ("query", "common"),
    [
        pytest.param(Query("the of"), True, id="common words"),
        pytest.param(Query("the", language="sw"), False, id="not in that language"),
        pytest.param(Query("xyzzy"), False, id="others"),
        pytest.param(Query(country="XX"), False, id="none"),
    ],
)
def test_words_that_are_in_every_text(newsroom: Newsroom, query: Query, *, common: bool) -> None:
    findings = newsroom.searching.search(query, 10)

    assert (findings.common, findings.alike) == (common, False)


def test_nothing_withheld_is_found(newsroom: Newsroom) -> None:
    """Neither what nobody may see yet, nor a text that a later version took the place of."""
    for days in ("14", "15"):
        newsroom.store(mfangano=Story(articles.STORY.replace("14 days", f"{days} days")))

    assert newsroom.found("zanzibar") == newsroom.found("company") == []
    assert newsroom.found('"14 days"') == []
    assert newsroom.found('"15 days"') == [articles.STORY.split("\n")[0]]
    near = [
        newsroom.searching.search(Query(words, entity=entity), 10)
        for words, entity in (("fery compny", None), ("x", "Zanzibar Steamship Thrust"))
    ]
    shown = {found.headline.text for findings in near for found in findings.found}
    assert STORIES["secret"].content.split("\n")[0] not in shown
    assert near[1].names == ()


def test_new_tags_are_found_and_old_ones_are_not(newsroom: Newsroom) -> None:
    newsroom.ask("""
        update desk.version set people = '[{"name": "Otieno Juma"}]'
        where headline like 'Ferries%' returning 1
    """)

    assert newsroom.found("otieno") == newsroom.found("", entity="Otieno Juma") != []
    assert newsroom.found("odera") == newsroom.found("", entity="Achieng Odera Were") == []


def test_what_an_earlier_release_stored_becomes_searchable(newsroom: Newsroom) -> None:
    """The way there and back, on a store with articles in it."""
    schemas.migrate.downgrade(newsroom.engine, "0003")
    schemas.migrate.upgrade(newsroom.engine)
    before = newsroom.found("ferry")
    sweep = PostgresSweep(newsroom.engine)
    filled = (sweep.make_searchable(), sweep.make_searchable())

    assert before == []
    assert filled == (len(STORIES), 0)
    assert newsroom.found("ferry") == headlines("ferry", "market")


def test_very_long_texts_are_searchable(newsroom: Newsroom) -> None:
    """By their beginnings: what an index cannot hold must not stop an article."""
    words = " ".join(f"w{n}" for n in range(60_000))
    name = "N" * 5_000
    long = Story(f"{'H' * 3_000} {words}\n{words}", Tags(people=(entity(name),)))
    newsroom.store(long=replace(long, terms={"source": "S" * 5_000}))

    assert len(newsroom.found("w17", source="S" * 900)) == 1
    assert newsroom.found("w59999") == []


# --- one article ----------------------------------------------------------------------------------


def test_an_article_is_named_by_its_id_or_uri(newsroom: Newsroom) -> None:
    (found,) = newsroom.searching.search(Query("odera"), 10).found
    names = (str(found.article_id), found.uri, str(found.article_id).upper()[:-3])

    naming = PostgresNaming(newsroom.engine)

    assert [naming.articles(name) for name in names] == [(found.article_id,)] * 3
    assert naming.articles("ferry") == naming.articles("\udcff") == ()


def test_all_that_is_known_of_an_article(newsroom: Newsroom) -> None:
    newsroom.store(copy=STORIES["ferry"])
    (found,) = newsroom.searching.search(Query("odera"), 10).found

    shown = newsroom.showing.shown(found.article_id)

    assert shown is not None
    with closing(PostgresReading(newsroom.engine).articles()) as all_:
        assert shown.article == next(a for a in all_ if a["id"] == str(found.article_id))
    assert [version["version"] for version in shown.versions] == [1]
    assert [(copy["path"], copy["relation"]) for copy in shown.copies] == [("copy", "exact")]
    assert [file["path"] for file in shown.files] == ["ferry", "copy"]
    original = newsroom.showing.original(found.article_id, 1)
    assert original == STORIES["ferry"].content.encode()
    assert newsroom.showing.original(found.article_id, 2) is None


def test_what_nobody_may_see_is_not_shown(newsroom: Newsroom) -> None:
    secret = newsroom.ask("select article_id from desk.version where headline like 'Ferry comp%'")

    assert newsroom.showing.shown(secret) is None
    assert newsroom.showing.original(secret, 1) is None
    assert newsroom.showing.last_change(secret) is None


def test_tags_have_views_of_their_own(newsroom: Newsroom) -> None:
    with newsroom.engine.connect() as connection:
        topics = connection.execute(text("select qcode, level, evidence from feed_v1.topics")).all()
        phrases = connection.execute(text("select phrase from feed_v1.keyphrases")).scalars().all()
        quotes = connection.execute(
            text('select text, "start", "end", speaker, speaker_mention from feed_v1.quotes')
        ).all()

    assert topics == [("medtop:20000337", 3, ["ferry"])]
    assert phrases == ["two engines"]
    assert quotes == [("repaired", 17, 25, "Achieng Odera Were", None)]


# --- consumers ------------------------------------------------------------------------------------


def test_a_consumer_may_say_how_far_it_is(newsroom: Newsroom, consumer: psycopg.Connection) -> None:
    for position in (1, 2):
        consumer.execute("select feed_v1.acknowledge('mirror', %s)", [position])
    status = PostgresReading(newsroom.engine).status()

    assert [(c.name, c.position) for c in status.consumers] == [("mirror", 2)]
    assert status.position == len(STORIES) - 1
    assert PostgresReading(newsroom.engine).status(INBOX).consumers == ()


@pytest.mark.parametrize(
    ("said", "state"),
    [
        pytest.param("'mirror', 99", "CD002", id="ahead of the feed"),
        pytest.param("'mirror', -1", "CD002", id="before it"),
        pytest.param("'mirror', null", "CD002", id="nowhere"),
        pytest.param("'', 1", "22023", id="nobody"),
        pytest.param("null, 1", "22023", id="no name"),
        pytest.param("repeat('x', 101), 1", "22023", id="too long a name"),
    ],
)
def test_what_no_consumer_may_say(
    newsroom: Newsroom, consumer: psycopg.Connection, said: str, state: str
) -> None:
    with pytest.raises(psycopg.Error) as raised:
        consumer.execute(f"select feed_v1.acknowledge({said})".encode())

    assert raised.value.sqlstate == state
    assert PostgresReading(newsroom.engine).status().consumers == ()


def test_a_reader_says_nothing(newsroom: Newsroom, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as reader:
        reader.execute("set session authorization copydesk_reader")

        with pytest.raises(InsufficientPrivilege):
            reader.execute("select feed_v1.acknowledge('mirror', 1)")


def test_a_consumer_searches_by_itself(newsroom: Newsroom, consumer: psycopg.Connection) -> None:
    def found(search: str, *given: object) -> list[str]:
        question = """
            select a.headline from feed_v1.{} s join feed_v1.articles a using (id)
            order by s.score desc, s.position desc
        """
        rows = consumer.execute(SQL(question).format(SQL(search)), given)
        return [headline for (headline,) in rows]

    cases = {
        "words": found("search('ferries')"),
        "narrowed": found("search('ferries', country => 'TZ', until => %s)", NOON),
        "the best alone": found("search('ferries', 1)"),
        "the newest": found("search(null)"),
        "no such words": found("search('fery')"),
        "longer than any word": found("search(%s)", "漢" * 1_000),
        "a line of dashes": found("search(%s)", f"ferries {'-' * 50} {'-!' * 50}"),
        "empty filters": found("search('ferries', language => '', country => '')"),
        "misspelt": found("search_headlines('fery sail agan')"),
    }

    assert cases == {
        "words": headlines("ferry", "market"),
        "narrowed": headlines("market"),
        "the best alone": headlines("ferry"),
        "the newest": headlines("kivuko", "market", "ferry"),
        "no such words": [],
        "longer than any word": [],
        "a line of dashes": headlines("ferry", "market"),
        "empty filters": headlines("ferry", "market"),
        "misspelt": headlines("ferry"),
    }


def test_a_name_is_found_whatever_else_it_is_called(newsroom: Newsroom) -> None:
    """So many names are not all asked for; the one that was given always is."""
    with newsroom.engine.begin() as connection:
        connection.execute(
            text("""
                insert into desk.entity_name (id, entity, type, name, canonical)
                select -n, entity, type, 'Aba ' || n, true
                from desk.entity_name, generate_series(1, 5000) n
                where name = 'Achieng Odera Were' and canonical
            """)
        )

    assert newsroom.found(entity="achieng odera were") == headlines("ferry")


def test_a_search_needs_no_more_than_a_readers_rights(newsroom: Newsroom) -> None:
    newsroom.engine.dispose()
    event.listen(newsroom.engine, "connect", _as_a_reader)

    assert newsroom.found("ferry", country="KE") == headlines("ferry")
    assert newsroom.searching.search(Query("fery sail agan"), 10).alike
    assert newsroom.searching.search(Query(entity="Odero Were"), 10).names


def _as_a_reader(connection: psycopg.Connection, _record: object) -> None:
    connection.execute("set session authorization copydesk_reader")
    connection.commit()


@pytest.mark.parametrize(
    "search",
    [
        pytest.param("search(%s)", id="words"),
        pytest.param("search('ferry', entity => %s)", id="a name"),
        pytest.param("search_headlines(%s)", id="headlines"),
        pytest.param("search_names(%s)", id="names"),
    ],
)
def test_a_search_is_bounded(consumer: psycopg.Connection, search: str) -> None:
    with pytest.raises(InvalidParameterValue, match="1000 characters"):
        consumer.execute(SQL("select * from feed_v1.{}").format(SQL(search)), ["x" * 1_001])


# --- the feed's beginning -------------------------------------------------------------------------


def test_old_changes_go_and_nothing_else_does(newsroom: Newsroom) -> None:
    newsroom.store(copy=STORIES["ferry"])  # stored, stored, stored, regrouped
    before = newsroom.ask("select jsonb_agg(v order by id, version) from feed_v1.versions v")
    with newsroom.engine.begin() as connection:
        connection.execute(text("update desk.change set at = now() - interval '9 days'"))
        connection.execute(text("update desk.change set at = now() where position = 3"))
    sweep = PostgresSweep(newsroom.engine, keep_changes_seconds=86_400)
    gone = (sweep.forget_changes(), sweep.forget_changes())

    assert gone == (2, 0)
    assert newsroom.ask("select array_agg(position order by position) from feed_v1.changes") == [
        3,
        4,
    ]
    assert newsroom.ask("select smallest from feed_v1.head") == 3
    assert newsroom.ask("select count(*) from feed_v1.changes_after(2)") == 2
    with pytest.raises(Exception, match="changes after 1 are no longer kept; the first is 3"):
        newsroom.ask("select count(*) from feed_v1.changes_after(1)")
    assert (
        newsroom.ask("select jsonb_agg(v order by id, version) from feed_v1.versions v") == before
    )


def test_whoever_has_no_position_follows_from_what_is_kept(
    newsroom: Newsroom, database_url: str
) -> None:
    newsroom.ask("update desk.head set smallest = 3 returning 1")

    with follow(database_url) as feed:
        assert [change.position for change in feed.changes(None)] == [3]
        with pytest.raises(UsageError, match="no longer kept"):
            list(feed.changes(0))


def test_all_changes_may_go(newsroom: Newsroom) -> None:
    with newsroom.engine.begin() as connection:
        connection.execute(text("update desk.change set at = now() - interval '9 days'"))
    gone = PostgresSweep(newsroom.engine, keep_changes_seconds=86_400).forget_changes()
    left = newsroom.ask("select count(*) from feed_v1.changes_after(3)")
    newsroom.store(copy=STORIES["ferry"])

    assert (gone, left) == (3, 0)
    assert newsroom.ask("select kind from feed_v1.changes_after(3)") == "regrouped"


def test_all_changes_are_kept_unless_somebody_says_otherwise(newsroom: Newsroom) -> None:
    with newsroom.engine.begin() as connection:
        connection.execute(text("update desk.change set at = now() - interval '99 years'"))

    assert PostgresSweep(newsroom.engine).forget_changes() == 0
    assert newsroom.ask("select count(*) from feed_v1.changes_after(0)") == len(STORIES) - 1
