"""Texts that nobody may see: no view has a word of one, and no function, whoever of them asks.

Nor does an error tell one: whoever may read a view may also write a condition that fails, with what
it met in its message, on rows that the view would have left out.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial

import psycopg
import pytest
from psycopg.errors import InvalidTextRepresentation
from psycopg.sql import SQL, Identifier, Literal
from sqlalchemy import Engine, text

from tests import terms
from tests.articles import INBOX
from tests.articles import text as story
from tests.terms import read, sent, soon
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.postgres.reading import PostgresReading
from worker.adapters.postgres.regrouping import regroup
from worker.adapters.postgres.retracting import PostgresWithdrawing
from worker.adapters.system import uuid7
from worker.core.article import Article, Entity, Field, Keyword, Mention, Quote, Subject, Tags
from worker.core.dedupe import Candidate
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.withdrawal import Scope
from worker.ports import Claim, Ending

SEEN = 100
TOLD = 99  # two versions, both published
Plant = Callable[[Engine, int], None]
PLANTS: list[Plant] = []


def plant(do: Plant) -> Plant:
    PLANTS.append(do)
    return do


def word(n: int) -> str:
    """Stands in each of these texts, and in no other."""
    return f"Mfangano{n}"


def tag(batch: Sequence[Article]) -> list[Tags]:
    """Tags of every kind that say the word."""
    return [_tags(*re.findall(r"Mfangano\d+", article.body_text)[:1]) for article in batch]


def _tags(said: str = "Nobody") -> Tags:
    mention = Mention(Field.BODY, 0, len(said), said)
    return Tags(
        people=(Entity(said, (mention,), 0.5, 0.9, "rules"),),
        subjects=(Subject("medtop:20000337", said, 3, 0.8, (said,)),),
        keywords=(Keyword(said, 0.5),),
        quotes=(Quote(said, 0, len(said), said, said, "said"),),
        method="test 1",
    )


STAGES = replace(terms.STAGES, tag=tag)
process = partial(terms.process, stages=STAGES)


def number(n: int) -> str:
    """So it says how many days there were: what later texts take back."""
    return f"14{n}"


def beside(n: int, instead: str = "15") -> str:
    """A text that consumers see, nearly that of *n*, without its word and its number."""
    return story(n).replace(word(n), "one").replace(number(n), f"{instead}{n}")


def a_part(n: int) -> str:
    """Too little of it to take its place."""
    lines = story(n).split("\n")
    return "\n".join([*lines[:3], lines[-1]])


def withdraw(engine: Engine, path: str, scope: Scope = Scope.ALL, *, erase: bool = False) -> None:
    desk = PostgresWithdrawing(engine)
    with engine.connect() as connection:
        file_id = connection.execute(
            text("select min(id) from desk.file where path = :path"), {"path": path}
        ).scalar_one()
    meant = desk.meant(file_id)
    if erase:
        desk.erase(meant, "a court said so")
    else:
        desk.retract(meant, scope, "it was not so")


@plant
def under_embargo(engine: Engine, n: int) -> None:
    process(engine, sent(f"{n}", story(n), embargo_until=soon()))


@plant
def a_copy_under_the_same_embargo(engine: Engine, n: int) -> None:
    process(engine, *(sent(f"{n}/{i}", story(n), embargo_until=soon()) for i in range(2)))


@plant
def a_revision_under_embargo(engine: Engine, n: int) -> None:
    process(engine, sent(f"{n}", beside(n)), sent(f"{n}", story(n), embargo_until=soon()))


@plant
def an_embargo_and_a_free_copy(engine: Engine, n: int) -> None:
    process(engine, sent(f"{n}", story(n), embargo_until=soon()))
    process(engine, sent(f"{n}/free", beside(n)))


@plant
def between_two_that_were_published(engine: Engine, n: int) -> None:
    more = "".join(f" {word}{n}" for word in "and so it will be all summer said the pilot".split())
    process(engine, sent(f"{n}", beside(n)))
    process(engine, sent(f"{n}", story(n) + more, embargo_until=soon()))
    process(engine, sent(f"{n}", beside(n, "16") + more))


@plant
def a_part_under_embargo(engine: Engine, n: int) -> None:
    process(engine, sent(f"{n}", beside(n)), sent(f"{n}/part", a_part(n), embargo_until=soon()))


@plant
def what_a_copy_was_compared_with(engine: Engine, n: int) -> None:
    part = a_part(n).replace(number(n), f"17{n}")
    process(engine, sent(f"{n}", story(n), embargo_until=soon()))
    process(engine, sent(f"{n}/part", part, embargo_until=soon()))
    process(engine, sent(f"{n}/free", beside(n)))


@plant
def withheld(engine: Engine, n: int) -> None:
    process(engine, sent(f"{n}", story(n), status="withheld"))


@plant
def a_kill_of_what_nobody_knows(engine: Engine, n: int) -> None:
    process(engine, sent(f"{n}", story(n), kills=f"urn:{n}"))


@plant
def killed(engine: Engine, n: int) -> None:
    process(engine, sent(f"{n}", story(n), guid=f"urn:{n}"))
    process(engine, sent(f"{n}/kill", story(n + 500), kills=f"urn:{n}"))


@plant
def killed_before_it_came(engine: Engine, n: int) -> None:
    process(engine, sent(f"{n}/kill", story(n + 500), kills=f"urn:{n}"))
    process(engine, sent(f"{n}", story(n), guid=f"urn:{n}"))


@plant
def retracted(engine: Engine, n: int) -> None:
    process(engine, sent(f"{n}", story(n)))
    withdraw(engine, f"{n}")


@plant
def a_copy_of_what_was_retracted(engine: Engine, n: int) -> None:
    process(engine, sent(f"{n}", beside(n)))
    withdraw(engine, f"{n}")
    process(engine, sent(f"{n}/late", story(n)))


@plant
def retracted_and_another_took_over(engine: Engine, n: int) -> None:
    process(engine, sent(f"{n}", story(n), source="A"))
    process(engine, sent(f"{n}/other", beside(n).replace(f"15{n}", f"14{n}"), source="B"))
    withdraw(engine, f"{n}", Scope.SOURCE)
    process(engine)


@plant
def retracted_before_another_came(engine: Engine, n: int) -> None:
    process(engine, sent(f"{n}", story(n), source="A"))
    withdraw(engine, f"{n}", Scope.SOURCE)
    process(engine, sent(f"{n}/b", beside(n), source="B"))


@plant
def a_superseded_version_that_was_retracted(engine: Engine, n: int) -> None:
    process(engine, sent(f"{n}", story(n), source="A"), sent(f"{n}/b", beside(n), source="B"))
    withdraw(engine, f"{n}", Scope.SOURCE)


@plant
def a_revision_that_was_retracted(engine: Engine, n: int) -> None:
    process(engine, sent(f"{n}", beside(n), source="A"), sent(f"{n}/b", story(n), source="B"))
    withdraw(engine, f"{n}/b", Scope.SOURCE)


@plant
def what_a_part_was_compared_with(engine: Engine, n: int) -> None:
    part = a_part(n).replace(number(n), f"17{n}").replace(word(n), "one")
    process(engine, sent(f"{n}", story(n), source="A"), sent(f"{n}/part", part, source="B"))
    process(engine, sent(f"{n}/b", beside(n), source="B"))
    withdraw(engine, f"{n}", Scope.SOURCE)


@plant
def erased(engine: Engine, n: int) -> None:
    process(engine, sent(f"{n}", story(n)))
    withdraw(engine, f"{n}", erase=True)


@plant
def merged_into_another(engine: Engine, n: int) -> None:
    process(engine, sent(f"{n}/kept", story(n + 500)), sent(f"{n}", story(n)))
    with engine.begin() as connection:
        connection.execute(
            text("""
                insert into desk.joining (article_id, other_id, because)
                select a.article_id, b.article_id, 'they are one' from desk.file a, desk.file b
                where a.path = :a and b.path = :b
            """),
            {"a": f"{n}/kept", "b": f"{n}"},
        )
        assert regroup(connection) == 1


@plant
def superseded_before_anybody_saw_it(engine: Engine, n: int) -> None:
    desk = claiming(engine)
    PostgresIntake(engine).record(INBOX, [sent(f"{n}", story(n)), sent(f"{n}/b", beside(n))])
    first, second = decided(engine, n)
    desk.finish([second])
    desk.finish([first])


@plant
def quarantined(engine: Engine, n: int) -> None:
    PostgresIntake(engine).record(INBOX, [sent(f"{n}", story(n))])
    (claim,) = claiming(engine).claim((), 1)
    refused = Rejected(Reason.MALFORMED)
    claiming(engine).finish([Ending(claim, reason=refused.reason, detail=refused.detail)])


@plant
def decided_and_not_finished(engine: Engine, n: int) -> None:
    PostgresIntake(engine).record(INBOX, [sent(f"{n}", story(n))])
    decided(engine, n)


@plant
def not_even_claimed(engine: Engine, n: int) -> None:
    PostgresIntake(engine).record(INBOX, [sent(f"{n}", story(n))])


def claiming(engine: Engine) -> PostgresDesk:
    return PostgresDesk(engine, lease_seconds=300, new_id=uuid7)


def decided(engine: Engine, n: int) -> list[Ending]:
    def candidate(claim: Claim) -> Candidate:
        return Candidate.of(read(claim.content, ""))

    desk = claiming(engine)
    claims = [c for c in desk.claim((), 32) if c.path.text.startswith(f"{n}")]
    made = desk.decide([(c, candidate(c)) for c in claims], STAGES.judge)
    tags = tag([candidate(c).article for c in claims])
    return [Ending(c, made[c.file_id], tags=t) for c, t in zip(claims, tags, strict=True)]


READERS = ("copydesk_reader", "copydesk_consumer")

CALLS = {  # each function that a reader may call, with what makes it tell the most
    "changes_after": "select * from feed_v1.changes_after(0, 100000)",
    "search": "select * from feed_v1.search('', 500)",
    "search_config": "select feed_v1.search_config('en')",
    "search_headlines": "select * from feed_v1.search_headlines('Ferry service', 100000)",
    "search_names": "select * from feed_v1.search_names('Mfangano', 100000)",
    "acknowledge": "select feed_v1.acknowledge('me', 0)",
}


def told(database_url: str, role: str) -> dict[str, str]:
    """All that a role can read, by view or function, in small letters."""
    with psycopg.connect(database_url, autocommit=True) as reader:
        views = reader.execute(
            "select viewname from pg_views where schemaname = 'feed_v1'"
        ).fetchall()
        functions = reader.execute(
            "select distinct proname from pg_proc where pronamespace = 'feed_v1'::regnamespace"
            " and has_function_privilege(%s, oid, 'execute')",
            [role],
        ).fetchall()
        reader.execute(SQL("set session authorization {}").format(Identifier(role)))
        asked = {
            view: SQL("select * from feed_v1.{}").format(Identifier(view)) for (view,) in views
        } | {name: SQL(CALLS[name]) for (name,) in functions}
        return {
            name: "\n".join(map(str, reader.execute(question).fetchall())).casefold()
            for name, question in asked.items()
        }


def exported(engine: Engine) -> dict[str, str]:
    """What every export is made of."""
    with closing(PostgresReading(engine).articles()) as articles:
        return {"exports": "\n".join(map(str, articles)).casefold()}


def leaks(views: Mapping[str, str], planted: Mapping[str, int]) -> set[tuple[str, str]]:
    return {
        (what, name)
        for what, n in planted.items()
        for name, said in views.items()
        if word(n).casefold() in said
    }


def plant_all(engine: Engine) -> dict[str, int]:
    """The number of each text that nobody may see, by how that came."""
    process(engine, sent("seen", story(SEEN)), sent("seen/copy", story(SEEN)))
    process(engine, sent("told", story(TOLD)), sent("told", beside(TOLD)))
    planted = {each.__name__: SEEN + n for n, each in enumerate(PLANTS, 1)}
    for each in PLANTS:
        each(engine, planted[each.__name__])
    return planted


def test_nothing_that_nobody_may_see_shows_anywhere(engine: Engine, database_url: str) -> None:
    planted = plant_all(engine)
    with engine.connect() as connection:
        kept = connection.execute(
            text("select convert_from(content, 'UTF8') from desk.document")
        ).scalars()
        there = "".join(kept)

    for role in READERS:
        views = told(database_url, role) | exported(engine)
        assert leaks(views, planted) == set(), role
        assert {("seen", name) for name in ("articles", "versions", "exports")} <= leaks(
            views, {"seen": SEEN}
        )
    assert len(planted) >= 12
    assert [what for what, n in planted.items() if word(n) not in there] == ["erased"]


def test_no_fact_of_what_nobody_may_see_is_told_by_what_took_its_place(
    engine: Engine, database_url: str
) -> None:
    planted = plant_all(engine)
    del planted["retracted_and_another_took_over"]  # which says the same number
    revised = f"{number(TOLD)} became 15{TOLD}"

    for role in READERS:
        views = told(database_url, role) | exported(engine)
        assert [
            (what, name)
            for what, n in planted.items()
            for name, said in views.items()
            if re.search(rf"\b{number(n)}\b", said)
        ] == []
        assert {name for name, said in views.items() if revised in said} == {
            "changes", "changes_after", "versions",
        }  # fmt: skip


def test_a_view_that_leaks_is_noticed(engine: Engine, database_url: str) -> None:
    """The test above can fail: it knows of a view by the catalog."""
    retracted(engine, 1)
    with engine.begin() as connection:
        connection.execute(text("create view feed_v1.more as select body_text from desk.version"))
        connection.execute(text("grant select on feed_v1.more to copydesk_reader"))

    views = told(database_url, "copydesk_reader")
    assert leaks(views, {"retracted": 1}) == {("retracted", "more")}


# --- what a reader may write ----------------------------------------------------------------------

# Fails, with the text in its message, on a row that has one of the words.
_CONDITION = """
    select count(*) from feed_v1.{view}
    where (case when {column}::text ~* {words} then {column}::text else '1' end)::int = 1
"""
_COLUMNS = """
    select table_name, column_name from information_schema.columns
    where table_schema = 'feed_v1' and data_type not in ('integer', 'bigint')
"""
# Whatever the planner thinks best, of a store of any size.
_PLANS = ("enable_hashjoin", "enable_nestloop", "enable_mergejoin", "enable_seqscan")


def failing(reader: psycopg.Connection, words: str) -> list[tuple[str, str]]:
    """The columns of which a condition came to see a text that has one of the words."""
    seen = []
    for view, column in reader.execute(_COLUMNS).fetchall():
        names = {"view": Identifier(view), "column": Identifier(column), "words": Literal(words)}
        try:
            reader.execute(SQL(_CONDITION).format(**names))
        except InvalidTextRepresentation:
            seen.append((view, column))
    return seen


def words_of(*numbers: int) -> str:
    return f"Mfangano({'|'.join(map(str, numbers))})"


def hidden_paths(connection: psycopg.Connection) -> str:
    hidden = connection.execute("""
        select path from desk.file
        except select path from feed_v1.files
        except select path from feed_v1.copies
    """).fetchall()
    return "|".join(f"^{path}$" for (path,) in hidden)


@pytest.mark.parametrize("role", READERS)
def test_no_condition_fails_on_what_nobody_may_see(
    engine: Engine, database_url: str, role: str
) -> None:
    planted = plant_all(engine)
    with psycopg.connect(database_url, autocommit=True) as reader:
        reader.execute("analyze")
        hidden = f"{words_of(*planted.values())}|{hidden_paths(reader)}"
        reader.execute(SQL("set session authorization {}").format(Identifier(role)))
        seen = failing(reader, f"{words_of(SEEN)}|^seen")
        told = []
        for off in _PLANS:
            reader.execute(SQL("set {} = off").format(Identifier(off)))
            told += failing(reader, hidden)
            reader.execute(SQL("reset {}").format(Identifier(off)))

    assert told == []
    assert {view for view, _ in seen} == {
        "aliases", "articles", "copies", "entities", "files", "keyphrases", "mentions", "quotes",
        "topics", "versions",
    }  # fmt: skip


# The server counts for whoever asks how many rows each step of a plan met.
_COUNTED = """
    explain (analyze, costs off, timing off, summary off, buffers off)
    select 1 from feed_v1.{view} where body_text >= {body}
"""


@pytest.mark.parametrize("view", ["articles", "versions"])
def test_no_plan_counts_what_nobody_may_see(engine: Engine, database_url: str, view: str) -> None:
    """By comparing, again and again, one could read a text that is counted and not shown."""
    process(engine, sent("seen", story(SEEN)))
    under_embargo(engine, 1)
    hidden = text("select body_text from desk.version order by file_id desc limit 1")
    with engine.connect() as connection:
        body = connection.execute(hidden).scalar_one()

    def counted(least: str) -> str:
        names = {"view": Identifier(view), "body": Literal(least)}
        plan = reader.execute(SQL(_COUNTED).format(**names)).fetchall()
        return "\n".join(step for (step,) in plan).replace(least, "…")

    with psycopg.connect(database_url, autocommit=True) as reader:
        reader.execute("set session authorization copydesk_reader")
        at, after = counted(body), counted(f"{body}!")

    assert "actual rows" in at
    assert at == after


# What is below all values of its type, so that a histogram would tell that none is less.
_LOWEST = {
    "text": "''",
    "jsonb": "'[]'",
    "timestamp with time zone": "'-infinity'",
    "tsvector": "''",
}
_COLUMNS_OF = """
    select table_name, column_name, data_type from information_schema.columns
    where table_schema = 'feed_v1' and data_type = any(%s)
"""
# On many rows: a condition on one, as in a look-up, is always estimated to leave one.
_ESTIMATED = """
    explain select 1
    from (select shown.* from feed_v1.{view} shown, generate_series(1, 1000) offset 0) many
    where {column} {operator} {lowest}
"""


def test_no_estimate_is_made_of_what_nobody_may_see(engine: Engine, database_url: str) -> None:
    """The planner tries a condition on samples of a table, and tells how many it would leave."""
    for n in range(1, 5):
        process(engine, sent(f"seen{n}", story(SEEN + n)))
        under_embargo(engine, n)

    def left(view: str, column: str, kind: str) -> set[str]:
        """How many rows it is estimated to leave, either way: the same number, if a guess."""
        names = {"view": Identifier(view), "column": Identifier(column)}
        plans = [
            reader.execute(
                SQL(_ESTIMATED).format(operator=SQL(than), lowest=SQL(_LOWEST[kind]), **names)
            ).fetchall()[0][0]
            for than in ("<", ">")
        ]
        return set(re.findall(r"rows=\d+", " ".join(plans)))

    with psycopg.connect(database_url, autocommit=True) as reader:
        reader.execute("analyze")
        reader.execute("set session authorization copydesk_reader")
        columns = reader.execute(_COLUMNS_OF, [list(_LOWEST)]).fetchall()
        told = {
            (view, column) for view, column, kind in columns if len(left(view, column, kind)) > 1
        }

    assert ("changes", "cause") in told  # which hides nothing
    assert {view for view, _ in told} == {"changes"}


@pytest.mark.parametrize("role", READERS)
def test_no_search_finds_what_nobody_may_see(engine: Engine, database_url: str, role: str) -> None:
    planted = plant_all(engine)
    searches = {
        "words": "select id from feed_v1.search(%s)",
        "a name": "select id from feed_v1.search('', entity => %s)",
    }
    with psycopg.connect(database_url, autocommit=True) as reader:
        reader.execute(SQL("set session authorization {}").format(Identifier(role)))

        def found(n: int) -> dict[str, int]:
            return {
                name: len(reader.execute(search, [word(n)]).fetchall())
                for name, search in searches.items()
            }

        hits = {what: found(n) for what, n in planted.items()}
        seen = found(SEEN)
        alike = reader.execute(
            "select id from feed_v1.search_headlines(%s) except select id from feed_v1.articles",
            [story(planted["under_embargo"]).split("\n")[0]],
        ).fetchall()

    assert hits == {what: {"words": 0, "a name": 0} for what in planted}
    assert seen == {"words": 1, "a name": 1}
    assert alike == []
