"""What consumers see: views that agree with the feed, errors with a name, and no way in."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import uuid4

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege, ObjectNotInPrerequisiteState
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine, text

import schemas.migrate
from schemas import manual
from tests import articles, invariants
from tests.articles import INBOX, TAGS, notice
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.system import uuid7
from worker.core import dedupe
from worker.core.ledger import Lane
from worker.core.policy import Policy
from worker.pipeline import Stages, run
from worker.ports import Claim, Desk, Notice

STAGES = Stages(
    read=articles.read,
    judge=partial(dedupe.decide, policy=Policy()),
    tag=lambda batch: [TAGS for _ in batch],
)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return PostgresDesk(engine, lease_seconds=30, new_id=uuid7)


@pytest.fixture
def reader(database_url: str, engine: Engine) -> Iterator[psycopg.Connection]:
    """A consumer with the reader's rights."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("set role copydesk_reader")
        yield connection


def process(engine: Engine, desk: Desk, *notices: Notice) -> None:
    PostgresIntake(engine).record(INBOX, notices)
    while claims := desk.claim((), 32):
        run(claims, desk, STAGES)


def story(number: int, path: str | None = None) -> Notice:
    return notice(path or f"{number}.txt", articles.text(number))


def test_view_and_feed_agree(engine: Engine, desk: Desk) -> None:
    process(engine, desk, *(story(n) for n in range(1, 40)))
    process(engine, desk, story(1, "copy.txt"), story(2, "copy2.txt"))
    edited = articles.text(3).replace("143 days3", "153 days3")
    process(engine, desk, notice("3.txt", edited))

    invariants.check(engine)


def test_view_and_feed_agree_on_copies_that_are_saved_again(engine: Engine, desk: Desk) -> None:
    """They were counted when they came, and are neither more copies nor a revision now."""
    story_, edited = articles.text(), articles.text().replace("14 days", "15 days")
    for path, content in (("x", story_), ("y", story_), ("x", edited), ("y", f" {story_} ")):
        process(engine, desk, notice(path, content))

    invariants.check(engine)
    with engine.connect() as connection:
        copies = connection.execute(text("select path, version from feed_v1.copies")).all()
        assert [tuple(copy) for copy in copies] == [("y", 1)]


def test_a_reader_follows_by_position(
    engine: Engine, desk: Desk, reader: psycopg.Connection
) -> None:
    process(engine, desk, story(1), story(2))
    first = reader.execute("select position, kind from feed_v1.changes_after(0, 1)").fetchall()
    rest = reader.execute("select position, kind from feed_v1.changes_after(1)").fetchall()

    assert first == [(1, "stored")]
    assert rest == [(2, "stored")]


def test_a_reader_that_has_seen_nothing_begins_at_the_beginning(
    engine: Engine, desk: Desk, reader: psycopg.Connection
) -> None:
    """A consumer that never stored a position has a null: it must not silently read nothing."""
    empty = reader.execute("select position from feed_v1.changes_after(null)").fetchall()
    process(engine, desk, story(1), story(2))
    page = reader.execute("select position from feed_v1.changes_after(null, 1)").fetchall()
    whole = reader.execute("select position from feed_v1.changes_after(null)").fetchall()

    assert (empty, page, whole) == ([], [(1,)], [(1,), (2,)])


@pytest.mark.parametrize(
    ("call", "state"),
    [
        pytest.param("changes_after(-1)", "CD001", id="too old"),
        pytest.param("changes_after(99)", "CD002", id="ahead of the feed"),
        pytest.param(f"changes_after(0, 10, '{uuid4()}')", "CD003", id="another epoch"),
    ],
)
def test_a_wrong_position_is_told_apart(reader: psycopg.Connection, call: str, state: str) -> None:
    with pytest.raises(psycopg.Error) as raised:
        reader.execute(SQL("select * from feed_v1.{}").format(SQL(call)))

    assert raised.value.sqlstate == state


def test_a_batch_notifies_once(engine: Engine, desk: Desk, reader: psycopg.Connection) -> None:
    reader.execute("listen copydesk_changes")
    process(engine, desk, story(1), story(2), story(3))

    heard = [note.payload for note in reader.notifies(timeout=5, stop_after=1)]
    more = list(reader.notifies(timeout=0.2))

    assert heard == ["3"]
    assert more == []


def test_a_reader_learns_nothing_of_unfinished_work(
    engine: Engine, desk: Desk, reader: psycopg.Connection
) -> None:
    PostgresIntake(engine).record(INBOX, [story(1)])
    claims = desk.claim((), 32)
    desk.decide([(c, articles.candidate(c)) for c in claims], STAGES.judge)

    for view in ("articles", "versions", "copies", "changes", "files"):
        assert reader.execute(SQL("select * from feed_v1.{}").format(SQL(view))).fetchall() == []


FORBIDDEN = [
    "select * from desk.file",
    "select content from desk.document",
    "select * from desk.version",
    "select * from desk.change",
    "table desk.head",
    "copy desk.document to stdout",
    "copy (select 1) to program 'true'",
    "update feed_v1.articles set headline = ''",
    "update desk.published set version = 1",
    "delete from feed_v1.changes",
    "delete from desk.file",
    "truncate desk.change",
    "insert into desk.head default values",
    "create table feed_v1.mine ()",
    "create table public.mine ()",
    "create temporary table mine ()",
    "create schema mine",
    "create function feed_v1.mine() returns int language sql return 1",
    "create or replace view feed_v1.articles as select 1 as id",
    "drop view feed_v1.articles",
    "alter table desk.file disable trigger all",
    "comment on view feed_v1.articles is ''",
    "alter view feed_v1.articles owner to copydesk_reader",
    "begin; lock table desk.file",
    "set role copydesk_worker",
    "create role mine",
    "select pg_read_file('/etc/hostname')",
]


@pytest.mark.parametrize("role", ["copydesk_reader", "copydesk_consumer"])
@pytest.mark.parametrize("statement", FORBIDDEN)
def test_a_reader_is_refused(database_url: str, role: str, statement: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as reader:
        reader.execute(SQL("set session authorization {}").format(Identifier(role)))

        with pytest.raises((InsufficientPrivilege, ObjectNotInPrerequisiteState)):
            reader.execute(statement.encode())  # the second: a view of joins nobody can write to


def test_a_view_of_an_earlier_release_becomes_a_barrier(engine: Engine) -> None:
    """What it was made as stays, unless it is said anew."""
    barriers = text("""
        select relname from pg_class
        where relnamespace = 'feed_v1'::regnamespace and 'security_barrier=true' = any(reloptions)
        order by 1
    """)
    with engine.begin() as connection:
        before = connection.execute(barriers).scalars().all()
        for view in before:
            connection.execute(text(f"alter view feed_v1.{view} reset (security_barrier)"))
    schemas.migrate.upgrade(engine)
    with engine.connect() as connection:
        after = connection.execute(barriers).scalars().all()

    assert after == before == ["aliases", "entities", "mentions", "relations"]


def test_no_statistics_tell_a_reader_what_texts_say(
    engine: Engine, desk: Desk, reader: psycopg.Connection
) -> None:
    """Neither the planner's, which have samples of every column, nor what others are asking."""
    process(engine, desk, story(1))
    samples = "select count(*) from pg_stats where schemaname = 'desk'"
    with engine.begin() as connection:
        connection.execute(text("analyze desk.version"))
        there = connection.execute(text(samples)).scalar_one()
    seen = reader.execute(samples).fetchone()
    others = reader.execute("""
        select query from pg_stat_activity
        where usename <> 'copydesk_reader' and query <> '<insufficient privilege>'
    """).fetchall()

    assert there > 0
    assert seen == (0,)
    assert [query for (query,) in others if query] == []


def test_the_page_about_the_views_is_what_the_database_says(engine: Engine) -> None:
    page = manual.README.read_text(encoding="utf-8")
    with engine.connect() as connection:
        columns = manual.manual(connection)

    assert "| None |" not in columns
    assert "None\n" not in columns
    assert page == manual.written(page, columns), "run python -m schemas.manual"


ROUNDS = 40
FILES = 24
HANG_SECONDS = 60.0  # longer than any lock is waited for


def test_renewing_while_deciding_and_finishing_does_not_deadlock(engine: Engine) -> None:
    """Lanes make a batch's order another one than that of its rows, which all must lock alike.

    PostgreSQL breaks a deadlock by failing one of the two, after a second: that would be an
    ``Unavailable`` here, on either side.
    """
    desk = PostgresDesk(engine, lease_seconds=30, new_id=uuid7)
    held: list[Sequence[Claim]] = [()]
    stop = threading.Event()

    def renew() -> int:
        renewals = 0
        while not stop.is_set():
            desk.renew(held[0])
            renewals += 1
        return renewals

    with ThreadPoolExecutor(1) as pool:
        renewing = pool.submit(renew)
        try:
            finished = [_mixed_round(engine, desk, held, n) for n in range(ROUNDS)]
        finally:
            stop.set()
        renewals = renewing.result(timeout=HANG_SECONDS)

    assert finished == [FILES] * ROUNDS
    assert renewals > ROUNDS


def _mixed_round(engine: Engine, desk: Desk, held: list[Sequence[Claim]], n: int) -> int:
    """Found by a scan first, dropped after: claimed the other way round."""
    numbers = range(n * FILES + 1, (n + 1) * FILES + 1)
    found = [notice(f"{i}", articles.text(i), lane=Lane.BACKFILL) for i in numbers[: FILES // 2]]
    dropped = [notice(f"{i}", articles.text(i), lane=Lane.LIVE) for i in numbers[FILES // 2 :]]
    due = [PostgresIntake(engine).record(INBOX, notices).due for notices in (found, dropped)]
    held[0] = claims = desk.claim([*due[0], *due[1]], FILES)  # named: else lanes come apart
    assert claims[0].file_id > claims[-1].file_id
    return len(run(claims, desk, STAGES).written)
