"""Texts that nobody may see: no view has a word of one, and no function, whoever of them asks."""

from collections.abc import Callable, Mapping

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine, text

from tests.articles import INBOX, TAGS
from tests.articles import text as story
from tests.terms import STAGES, process, read, sent, soon
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.postgres.regrouping import regroup
from worker.adapters.postgres.retracting import PostgresWithdrawing
from worker.adapters.system import uuid7
from worker.core.dedupe import Candidate
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.withdrawal import Scope
from worker.ports import Claim, Ending

SEEN = 100
Plant = Callable[[Engine, int], None]
PLANTS: list[Plant] = []


def plant(do: Plant) -> Plant:
    PLANTS.append(do)
    return do


def word(n: int) -> str:
    """Stands in each of these texts, and in no other."""
    return f"Mfangano{n}"


def beside(n: int) -> str:
    """A text that consumers see, nearly that of *n*, without its word."""
    return story(n).replace(word(n), "one").replace(f"14{n} days", f"15{n} days")


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
def a_superseded_version_that_was_retracted(engine: Engine, n: int) -> None:
    process(engine, sent(f"{n}", story(n), source="A"), sent(f"{n}/b", beside(n), source="B"))
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
    return [Ending(c, made[c.file_id], tags=TAGS) for c in claims]


CALLS = {  # each function that a reader may call, with what makes it tell the most
    "changes_after": "select * from feed_v1.changes_after(0, 100000)",
    "search_config": "select feed_v1.search_config('en')",
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


def leaks(views: Mapping[str, str], planted: Mapping[str, int]) -> set[tuple[str, str]]:
    return {
        (what, name)
        for what, n in planted.items()
        for name, said in views.items()
        if word(n).casefold() in said
    }


def test_nothing_that_nobody_may_see_shows_anywhere(engine: Engine, database_url: str) -> None:
    process(engine, sent("seen", story(SEEN)))
    planted = {each.__name__: SEEN + n for n, each in enumerate(PLANTS, 1)}
    for each in PLANTS:
        each(engine, planted[each.__name__])
    with engine.connect() as connection:
        kept = connection.execute(
            text("select convert_from(content, 'UTF8') from desk.document")
        ).scalars()
        there = "".join(kept)

    for role in ("copydesk_reader", "copydesk_consumer"):
        views = told(database_url, role)
        assert leaks(views, planted) == set(), role
        assert {("seen", "articles"), ("seen", "versions")} <= leaks(views, {"seen": SEEN})
    assert len(planted) >= 12
    assert [what for what, n in planted.items() if word(n) not in there] == ["erased"]


def test_a_view_that_leaks_is_noticed(engine: Engine, database_url: str) -> None:
    """The test above can fail: it knows of a view by the catalog."""
    retracted(engine, 1)
    with engine.begin() as connection:
        connection.execute(text("create view feed_v1.more as select body_text from desk.version"))
        connection.execute(text("grant select on feed_v1.more to copydesk_reader"))

    views = told(database_url, "copydesk_reader")
    assert leaks(views, {"retracted": 1}) == {("retracted", "more")}
