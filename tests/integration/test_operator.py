"""What an operator asks of the ledger, and does to it, over a real database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests import articles
from tests.articles import INBOX, JUDGE, TAGS, notice
from tests.conftest import redis_client
from worker import auditor
from worker.adapters import broker
from worker.adapters.postgres import examining
from worker.adapters.postgres.auditing import PostgresAuditing, one_moment
from worker.adapters.postgres.closed import PostgresClosed
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.engine import connect
from worker.adapters.postgres.inspecting import PostgresInspecting
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.postgres.naming import PostgresNaming
from worker.adapters.postgres.retrying import PostgresRetrying
from worker.adapters.postgres.sweep import PostgresSweep
from worker.adapters.system import uuid7
from worker.core.article import Article, Relation, Tags
from worker.core.audit import Check
from worker.core.doctor import Away, Broker, Database, Level, database, work
from worker.core.errors import Rejected
from worker.core.ledger import Lane, Reason, State, Witness
from worker.core.policy import Policy
from worker.core.selection import Selection
from worker.pipeline import Stages, run
from worker.ports import Notice, Retried

STORY, EDITED = articles.text(), articles.text().replace("14 days", "15 days")


def read(content: bytes, name: str) -> Article:
    if content == b"broken":
        raise Rejected(Reason.MALFORMED, "it is broken")
    return articles.read(content, name)


def process(engine: Engine, *notices: Notice, tagged: bool = True) -> None:
    """Take files to their ends, one batch after the other."""

    def tag(batch: Sequence[Article]) -> list[Tags]:
        if not tagged:
            raise RuntimeError("the tagger breaks")
        return [TAGS for _ in batch]

    desk = PostgresDesk(engine, lease_seconds=30, new_id=uuid7)
    PostgresIntake(engine).record(INBOX, notices)
    while claims := desk.claim((), 32):
        run(claims, desk, Stages(read=read, judge=JUDGE, tag=tag))


def inspecting(engine: Engine) -> PostgresInspecting:
    return PostgresInspecting(engine, read, Policy())


def ids(engine: Engine, **which: object) -> list[int]:
    selection = Selection(**which)  # type: ignore[arg-type]  # as each test names it
    return [file.id for file in inspecting(engine).files(selection, 100)]


# --- files ----------------------------------------------------------------------------------------


CHOICES: dict[str, tuple[dict[str, object], list[int]]] = {
    "all, the newest first": ({}, [4, 3, 2, 1]),
    "states": ({"states": (State.STORED, State.DUPLICATE)}, [2, 1]),
    "a reason": ({"reasons": (Reason.MALFORMED,)}, [3]),
    "numbers": ({"ids": (1, 4)}, [4, 1]),
    "another inbox": ({"inbox": "/elsewhere"}, []),
    "a pattern": ({"path": "wires/*"}, [3, 2]),
    "no pattern of SQL's": ({"path": "a_txt"}, []),
    "noticed since": ({"since": articles.EPOCH}, [4, 3, 2, 1]),
    "noticed before": ({"until": articles.EPOCH}, []),
    "a source": ({"source": "nobody"}, []),
    "a version of the code": ({"pipeline": "none"}, []),
    "both": ({"path": "wires/*", "states": (State.DUPLICATE,)}, [2]),
}


def test_files_are_chosen(engine: Engine) -> None:
    process(engine, notice("a.txt", STORY), notice("wires/b.txt", STORY))
    process(engine, notice("wires/c.txt", "broken"), notice("x.part", reason=Reason.TEMPORARY_NAME))

    chosen = {name: ids(engine, **which) for name, (which, _) in CHOICES.items()}

    assert chosen == {name: expected for name, (_, expected) in CHOICES.items()}


def test_a_list_ends_at_its_limit_and_says_how_many_there_are(engine: Engine) -> None:
    process(engine, *(notice(f"{n}.txt", articles.text(n)) for n in range(1, 4)))

    ledger = inspecting(engine)

    assert len(ledger.files(Selection(), 2)) == 2
    assert ledger.count(Selection()) == 3


# --- why ------------------------------------------------------------------------------------------


def test_the_life_of_a_copy(engine: Engine) -> None:
    process(engine, notice("a.txt", STORY), notice("other.txt", articles.text(7)))
    process(engine, notice("b.txt", STORY))

    life = inspecting(engine).life(3)

    assert life is not None
    assert (life.file.state, life.file.reason) == (State.DUPLICATE, Reason.EXACT)
    assert life.headline == STORY.split("\n")[0]
    assert [(c.path, c.version, c.verdict.relation) for c in life.considered] == [
        ("a.txt", 1, Relation.EXACT)
    ]


def test_candidates_are_those_of_that_time(engine: Engine) -> None:
    """What came later, and the file itself, are left out: as new as it was, it had no candidate."""
    process(engine, notice("a.txt", STORY))
    process(engine, notice("b.txt", STORY))
    process(engine, notice("a.txt", EDITED))

    first, copy, edit = (inspecting(engine).life(n) for n in (1, 2, 3))

    assert first is not None
    assert copy is not None
    assert edit is not None
    assert first.considered == ()
    assert [(c.version, c.verdict.relation) for c in copy.considered] == [(1, Relation.EXACT)]
    assert [(c.version, c.verdict.relation) for c in edit.considered] == [(1, Relation.REVISION)]
    assert [file.generation for file in edit.generations] == [1, 2]


def test_twins_of_one_batch_know_which_came_first(engine: Engine) -> None:
    process(engine, notice("a.txt", STORY), notice("b.txt", STORY))

    first, second = (inspecting(engine).life(n) for n in (1, 2))

    assert first is not None
    assert second is not None
    assert first.considered == ()
    assert [c.path for c in second.considered] == ["a.txt"]


def test_a_file_is_found_by_its_path_and_by_its_article(engine: Engine) -> None:
    process(engine, notice("a.txt", STORY))
    process(engine, notice("a.txt", EDITED))
    naming = PostgresNaming(engine)
    article_id = naming.article_of(1)

    assert article_id is not None
    assert naming.files([b"a.txt", b"no.txt"]) == (2,)
    assert naming.file_of(article_id) == 2
    assert (naming.has(2), naming.has(99)) == (True, False)
    assert naming.article_of(99) is None
    assert inspecting(engine).life(99) is None


def test_a_member_of_a_container_is_found_by_its_name(engine: Engine) -> None:
    """Its key is another than that of a file of the same name."""
    process(engine, notice("all.zip", "broken"), notice("all.zip!b.txt", STORY))
    with engine.begin() as connection:
        connection.execute(
            text("""
                update desk.file set parent_id = 1,
                    path_key = sha256(decode('00', 'hex') || convert_to(path, 'UTF8'))
                where id = 2
            """)
        )
    ledger = inspecting(engine)

    member, container = ledger.life(2), ledger.life(1)

    assert PostgresNaming(engine).files([b"all.zip!b.txt"]) == (2,)
    assert member is not None
    assert member.parent is not None
    assert member.parent.id == 1
    assert [file.id for file in member.generations] == [2]
    assert container is not None
    assert container.members == {State.STORED: 1}


def test_what_the_present_code_rejects_has_no_candidates(engine: Engine) -> None:
    process(engine, notice("a.txt", STORY))

    def refuse(_content: bytes, _name: str) -> Article:
        raise Rejected(Reason.MALFORMED)

    life = PostgresInspecting(engine, refuse, Policy()).life(1)

    assert life is not None
    assert life.considered == ()


# --- retry ----------------------------------------------------------------------------------------


def test_what_ended_badly_is_due_again_and_nothing_else(engine: Engine) -> None:
    process(engine, notice("a.txt", STORY), notice("b.txt", "broken"))
    process(engine, notice("c.txt", reason=Reason.UNREADABLE))
    retrying = PostgresRetrying(engine)
    every = Selection(path="*")

    would, did, again = retrying.would(every), retrying.retry(every), retrying.retry(every)

    assert would == did == Retried((2,), (3,))
    assert again == Retried((), (3,))
    (file,) = inspecting(engine).files(Selection(ids=(2,)), 1)
    assert (file.state, file.reason, file.detail, file.finished_at) == (
        State.NOTICED,
        None,
        "",
        None,
    )


def test_poison_comes_alone_and_without_its_past(engine: Engine) -> None:
    process(engine, notice("a.txt", "broken"))
    with engine.begin() as connection:
        connection.execute(text("update desk.file set reason = 'poison', deaths = 3, attempts = 9"))

    PostgresRetrying(engine).retry(Selection(reasons=(Reason.POISON,)))

    (claim,) = PostgresDesk(engine, lease_seconds=30, new_id=uuid7).claim((), 32)
    assert (claim.solo, claim.deaths, claim.generation) == (True, 0, 1)


def test_a_generation_that_was_followed_is_left_alone(engine: Engine) -> None:
    process(engine, notice("a.txt", "broken"))
    process(engine, notice("a.txt", STORY))

    assert PostgresRetrying(engine).retry(Selection(ids=(1,))) == Retried(())


def test_tags_that_failed_are_made_anew_and_the_feed_says_so(engine: Engine) -> None:
    process(engine, notice("a.txt", STORY), tagged=False)

    PostgresRetrying(engine).retry(Selection(reasons=(Reason.TAGGING_FAILED,)))
    process(engine)

    with engine.connect() as connection:
        kinds = connection.execute(text("select kind from feed_v1.changes order by position"))
        assert list(kinds.scalars()) == ["stored", "retagged"]
        status = connection.execute(text("select tags_status, position from feed_v1.articles"))
        assert [tuple(row) for row in status] == [("complete", 2)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param("reason = 'internal_error', pipeline = 'old'", 1, id="broke an older version"),
        pytest.param("reason = 'internal_error'", 0, id="broke this version"),
        pytest.param("pipeline = 'old'", 0, id="its own fault"),
        pytest.param(
            "reason = 'internal_error', pipeline = 'old', finished_at = now()", 0, id="just now"
        ),
    ],
)
def test_the_clerk_retries_what_an_update_may_have_mended(
    engine: Engine, change: str, expected: int
) -> None:
    process(engine, notice("a.txt", "broken"))
    with engine.begin() as connection:
        connection.execute(text("update desk.file set finished_at = now() - interval '1 hour'"))
        connection.execute(text(f"update desk.file set {change}"))  # noqa: S608 -- ours, above

    sweep = PostgresSweep(engine)

    assert (sweep.retry_outdated(), sweep.retry_outdated()) == (expected, 0)


# --- after ----------------------------------------------------------------------------------------


def test_what_is_done_may_go(engine: Engine) -> None:
    """Not what is quarantined, ignored, in work, or followed by another content."""
    paused = replace(notice("b.txt", STORY), witness=Witness.QUIET)
    process(engine, notice("a.txt", STORY), paused, notice("c.txt", "broken"))
    process(engine, notice("d.part", reason=Reason.TEMPORARY_NAME))
    process(engine, notice("e.txt", articles.text(2)))
    PostgresIntake(engine).record(INBOX, [notice("e.txt", articles.text(3))])

    done = list(PostgresClosed(engine).done(INBOX, None))

    assert [file.quiet for file in done] == [False, True]
    assert [file.path.text for file in done] == ["a.txt", "b.txt"]
    assert done[0].stat == notice("a.txt", STORY).stat
    assert done[0].sha256 == notice("a.txt", STORY).sha256
    later = done[-1].at + timedelta(microseconds=1)
    assert list(PostgresClosed(engine).done(INBOX, later)) == []
    assert list(PostgresClosed(engine).done("/elsewhere", None)) == []


# --- audit ----------------------------------------------------------------------------------------


def found(engine: Engine) -> set[Check]:
    with one_moment(engine) as ledger:
        return {finding.check for finding in auditor.audit(ledger, INBOX, None).findings}


def fill(engine: Engine) -> None:
    process(engine, notice("a.txt", STORY), notice("b.txt", STORY), notice("c.txt", "broken"))
    process(engine, notice("a.txt", EDITED), notice("d.txt", articles.text(4)))


def test_a_store_that_nobody_touched_is_clean(engine: Engine) -> None:
    fill(engine)

    assert found(engine) == set()


DAMAGES: dict[str, tuple[str, set[Check]]] = {
    "an unknown reason": (
        "update desk.file set reason = 'whatever' where path = 'c.txt'",
        {Check.REASONLESS},
    ),
    "a copy without a reason": (
        "update desk.file set reason = null where path = 'b.txt'",
        {Check.REASONLESS, Check.COPIES},
    ),
    "a generation is missing": (
        "update desk.file set generation = 3 where path = 'a.txt' and generation = 2",
        {Check.GENERATIONS},
    ),
    "the same bytes twice": (
        (
            "update desk.file a set sha256 = b.sha256 from desk.file b "
            "where a.path = 'a.txt' and b.path = 'a.txt' and a.generation > b.generation"
        ),
        {Check.GENERATIONS},
    ),
    "other bytes than were hashed": (
        "update desk.document set content = 'other' where content = 'broken'",
        {Check.DOCUMENT},
    ),
    "a container without members": (
        "update desk.file set state = 'expanded' where path = 'c.txt'",
        {Check.ORPHAN},
    ),
    "a member of no container": (
        (
            "update desk.file c set parent_id = p.id from desk.file p "
            "where c.path = 'd.txt' and p.path = 'c.txt'"
        ),
        {Check.ORPHAN},
    ),
    "a copy of nothing": (
        "update desk.file set version = 9 where path = 'b.txt'",
        {Check.UNSTORED, Check.COPIES},
    ),
    "stored without a version": (
        "update desk.file set state = 'stored', reason = null where path = 'b.txt'",
        {Check.UNSTORED, Check.COPIES},
    ),
    "one text in two articles": (
        "update desk.version set content_hash = (select content_hash from desk.version limit 1)",
        {Check.TWICE},
    ),
    "versions missing": (
        "update desk.article set latest = 5",
        {Check.VERSIONS},
    ),
    "visible though it was merged": (
        """
            insert into desk.merger (article_id, origin, into_id, into_version, because)
            select d.article_id, d.id, a.article_id, 1, 'test' from desk.file a, desk.file d
            where a.path = 'a.txt' and a.generation = 1 and d.path = 'd.txt'
        """,
        {Check.MERGED, Check.COPIES},
    ),
    "finished and not visible": (
        "delete from desk.published",
        {Check.UNPUBLISHED, Check.REPLAY},
    ),
    "copies miscounted": (
        "update desk.published set copies = copies + 1",
        {Check.COPIES},
    ),
    "a change of the past is missing": (
        "delete from desk.change where position = 1",
        {Check.POSITIONS},
    ),
    "the head is ahead": (
        "update desk.head set position = position + 1",
        {Check.POSITIONS},
    ),
    "stale": (
        "update desk.published set version = 1",
        {Check.UNPUBLISHED, Check.REPLAY},
    ),
}


def test_damage_is_found(engine: Engine) -> None:
    """Each of its kind alone: it is done, audited and undone in one transaction."""
    fill(engine)
    findings = {}
    for name, (damage, _) in DAMAGES.items():
        with engine.connect() as connection:
            connection.execute(text(damage))
            audited = auditor.audit(PostgresAuditing(connection), INBOX, None)
            findings[name] = {finding.check for finding in audited.findings}

    assert findings == {name: expected for name, (_, expected) in DAMAGES.items()}


def test_a_lost_lease_is_found_while_somebody_should_free_it(engine: Engine) -> None:
    PostgresIntake(engine).record(INBOX, [notice()])
    PostgresDesk(engine, lease_seconds=-200, new_id=uuid7).claim((), 1)
    unwatched = found(engine)
    PostgresIntake(engine).beat(INBOX, settling=0, scanned=True)

    assert (unwatched, found(engine)) == (set(), {Check.STUCK})


def test_the_ledger_tells_an_audit_of_its_files(engine: Engine) -> None:
    fill(engine)
    process(engine, notice("x.part", reason=Reason.TEMPORARY_NAME))
    intake = PostgresIntake(engine)
    intake.record(INBOX, [notice("new.txt", articles.text(8), lane=Lane.BACKFILL)])
    intake.beat(INBOX, settling=0, scanned=True)

    with one_moment(engine) as ledger:
        latest, watching = dict(ledger.latest(INBOX)), ledger.watching(INBOX)
        waiting, elsewhere = ledger.open(INBOX), ledger.watching("/elsewhere")

    assert latest[b"a.txt"].sha256 == notice("a.txt", EDITED).sha256
    assert latest[b"c.txt"].reason is Reason.MALFORMED
    assert latest[b"x.part"].state is State.IGNORED
    assert waiting == {State.NOTICED: 1}
    assert watching.alive
    assert watching.scanned_at is not None
    assert not elsewhere.alive


# --- doctor ---------------------------------------------------------------------------------------


def test_a_healthy_database_is_well(engine: Engine) -> None:
    facts = examining.examine(engine)

    assert isinstance(facts, Database)
    assert facts.revision == facts.newest
    ill = {line.part for line in database(facts) if line.level is Level.FAIL}
    assert ill == set()


def test_a_right_that_was_taken_or_given_is_seen(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("revoke select on feed_v1.articles from copydesk_reader"))
        connection.execute(text("grant select on desk.file to copydesk_reader"))

    facts = examining.examine(engine)

    assert isinstance(facts, Database)
    assert set(facts.missing) == {
        "copydesk_reader may not select feed_v1.articles",
        "copydesk_reader may select desk.file",
    }


def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    engine = connect(f"postgresql://nobody@/none?host={tmp_path}", name="test")

    assert isinstance(examining.examine(engine), Away)


def test_the_state_of_the_work(engine: Engine) -> None:
    process(engine, notice("a.txt", STORY), tagged=False)
    process(engine, notice("b.txt", "broken"))
    intake = PostgresIntake(engine)
    intake.record(INBOX, [notice("c.txt", articles.text(3))])
    PostgresDesk(engine, lease_seconds=-100, new_id=uuid7).claim((), 1)
    with engine.begin() as connection:
        connection.execute(text("update desk.file set reason = 'poison' where path = 'b.txt'"))
    intake.beat(INBOX, settling=0, scanned=True)

    facts = examining.examine_work(engine)

    assert (facts.expired, facts.broken, facts.untagged) == (1, 1, 1)
    assert facts.oldest_seconds is not None
    assert [w.inbox for w in facts.watched] == [INBOX]
    assert [line.part for line in work(facts) if line.level is not Level.OK] == [
        "leases",
        "defects",
        "tags",
    ]


def test_a_broker_tells_what_it_is(broker_url: str) -> None:
    with redis_client(broker_url) as client:
        client.rpush("copydesk:desk.ingest", "a", "b")

    facts = broker.examine(broker_url, "desk.ingest")

    assert isinstance(facts, Broker)
    assert (facts.policy, facts.append_only, facts.rings) == ("noeviction", True, 2)
    assert facts.version is not None


def test_a_broker_that_is_away_is_told(tmp_path: Path) -> None:
    assert isinstance(broker.examine(f"redis+socket://{tmp_path}/no", "desk.ingest"), Away)
