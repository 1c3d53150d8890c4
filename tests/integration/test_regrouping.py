"""What a person says of a merge, right or wrong, and what consumers are told of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

import schemas.migrate
from tests.articles import INBOX, JUDGE, STORY, TAGS, candidate, notice, read
from tests.articles import text as story
from tests.contract.test_regrouping_laws import ELDER, WHOLE, YOUNGER
from worker import auditor
from worker.adapters.postgres.auditing import one_moment
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.inspecting import PostgresInspecting
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.postgres.overruling import PostgresRegrouping
from worker.adapters.postgres.rejudging import PostgresRejudging
from worker.adapters.postgres.rereading import PostgresRereading
from worker.adapters.postgres.retracting import PostgresWithdrawing
from worker.adapters.postgres.sweep import PostgresSweep
from worker.adapters.system import uuid7
from worker.cli.app import app
from worker.core import dedupe
from worker.core.article import Relation
from worker.core.audit import Finding
from worker.core.errors import UsageError
from worker.core.ledger import Reason
from worker.core.policy import Bar, Policy
from worker.core.rejudging import Remedy
from worker.core.selection import Selection
from worker.core.withdrawal import Scope
from worker.ports import Claim, Ending

NEW, NEAR, EXACT, REVISION = Relation.NEW, Relation.NEAR, Relation.EXACT, Relation.REVISION
POLICY = Policy()
NEVER = Bar(weighted=1.0, jaccard=1.0, words=10_000)
STRICT = replace(POLICY, same=NEVER, told=NEVER, rival=NEVER, unlike=NEVER)  # the same words only
NEARLY = STORY.replace("on Tuesday morning", "yesterday")
_STATE = text("""
    select f.state, f.article_id, a.uri from desk.file f
    left join desk.article a on a.id = f.article_id
    where f.path = :path order by generation desc limit 1
""")
_FEED = text("""
    select kind, article_id, "into", cause from feed_v1.changes where position > :after
    order by position
""")


@dataclass
class Line:
    """The whole line, with a person beside it."""

    engine: Engine

    def __post_init__(self) -> None:
        self.desk = PostgresDesk(self.engine, lease_seconds=30, new_id=uuid7)
        self.person = PostgresRegrouping(self.engine)

    def drop(self, path: str, content: str) -> int:
        (file_id,) = PostgresIntake(self.engine).record(INBOX, [notice(path, content)]).due
        return file_id

    def claim(self) -> tuple[Claim, ...]:
        return self.desk.claim((), 32)

    def work(self, *, guid: str | None = None, policy: Policy = POLICY) -> list[Relation]:
        claims, judge = self.claim(), partial(dedupe.decide, policy=policy)
        made = self.desk.decide([(c, candidate(c, guid=guid)) for c in claims], judge)
        self.desk.finish([Ending(c, made[c.file_id], tags=TAGS) for c in claims])
        return [made[c.file_id].verdict.relation for c in claims]

    def store(self, path: str, content: str = STORY, *, guid: str | None = None) -> int:
        file_id = self.drop(path, content)
        self.work(guid=guid)
        return file_id

    def state(self, path: str) -> tuple[str, UUID | None, str | None]:
        with self.engine.connect() as connection:
            row = connection.execute(_STATE, {"path": path}).one()
            return row.state, row.article_id, row.uri

    def article(self, path: str) -> UUID:
        _, article_id, _ = self.state(path)
        assert article_id is not None
        return article_id

    def seen(self) -> dict[UUID, int]:
        """What consumers see, and how many copies of each."""
        with self.engine.connect() as connection:
            rows = connection.execute(text("select id, copies from feed_v1.articles"))
            return {row.id: row.copies for row in rows}

    def told(self, after: int) -> list[tuple[str, UUID, UUID | None]]:
        with self.engine.connect() as connection:
            rows = connection.execute(_FEED, {"after": after})
            return [(row.kind, row.article_id, row.into) for row in rows]

    def position(self) -> int:
        with self.engine.connect() as connection:
            head = text("select greatest from feed_v1.head")
            return int(connection.execute(head).scalar_one())

    def wrong(self) -> list[Finding]:
        """What an audit finds."""
        with one_moment(self.engine) as ledger:
            return list(auditor.audit(ledger, INBOX, None).findings)


@pytest.fixture
def line(engine: Engine) -> Line:
    return Line(engine)


def test_a_copy_that_is_separated_becomes_an_article(line: Line) -> None:
    line.store("a.txt")
    copy = line.store("b.txt")
    before, known = line.position(), line.article("a.txt")

    parted = line.person.separate(copy, "another ferry")
    between, waiting = line.seen(), line.state("b.txt")
    relations = line.work()

    own = line.article("b.txt")
    assert (parted.article_id, parted.was) == (None, known)
    assert between == {known: 0}
    assert waiting == ("noticed", None, None)
    assert relations == [NEW]
    assert line.seen() == {known: 0, own: 0}
    assert line.told(before) == [("regrouped", known, None), ("stored", own, None)]


@pytest.mark.parametrize(
    ("content", "relation"),
    [
        pytest.param(STORY.replace("14 days", "15 days"), REVISION, id="it is edited"),
        pytest.param(
            STORY.replace("\n", "\n "), Relation.UNCHANGED, id="it is saved again, all the same"
        ),
    ],
)
def test_what_comes_later_by_the_path_stays_apart(
    line: Line, content: str, relation: Relation
) -> None:
    line.store("a.txt")
    line.person.separate(line.store("b.txt"), "another ferry")
    line.work()
    own = line.article("b.txt")

    line.drop("b.txt", content)

    assert line.work() == [relation]
    assert line.article("b.txt") == own
    assert line.wrong() == []


def test_a_separated_file_whose_identifier_is_taken_has_one_of_ours(line: Line) -> None:
    line.store("a.txt", guid="tag:example,2026:1")
    line.person.separate(line.store("b.txt", guid="tag:example,2026:1"), "")

    assert line.work(guid="tag:example,2026:1") == [NEW]
    assert line.state("a.txt")[2] == "tag:example,2026:1"
    assert line.state("b.txt")[2] == line.article("b.txt").urn


def merged(line: Line) -> tuple[UUID, UUID, int]:
    """Two articles that a third text joined, a copy of the younger; and the younger's file."""
    line.store("elder.txt", ELDER)
    file_id = line.store("younger.txt", YOUNGER)
    line.store("whole.txt", WHOLE)
    elder, younger = line.article("elder.txt"), line.article("younger.txt")
    assert line.seen()[elder] == 2
    return elder, younger, file_id


def test_an_article_that_was_merged_is_there_again(line: Line) -> None:
    elder, younger, file_id = merged(line)
    before = line.position()

    parted = line.person.separate(file_id, "two ferries")

    assert (parted.article_id, parted.was) == (younger, elder)
    assert line.seen() == {elder: 0, younger: 1}
    assert line.told(before) == [("regrouped", elder, None), ("regrouped", younger, None)]
    assert line.wrong() == []


_RELATIONS = text("select article_id, other_id from desk.relation")
_TOLD_OTHERWISE = text("""
    update desk.relation set because = 'of its own' where article_id = :elder and other_id = :own
""")


@pytest.mark.parametrize("deed", ["separated", "taken back"])
def test_relations_of_a_merged_article_go_and_come_with_it(line: Line, deed: str) -> None:
    """What the elder is related to by its own text stays so."""
    for path, rival in (("bus.txt", "Bus"), ("tram.txt", "Tram")):
        line.store(path, YOUNGER.replace("Ferry", rival))
    elder, younger, file_id = merged(line)
    bus, tram = line.article("bus.txt"), line.article("tram.txt")

    def relations() -> set[tuple[UUID, UUID]]:
        with line.engine.connect() as connection:
            found = {(row.article_id, row.other_id) for row in connection.execute(_RELATIONS)}
        return found - {(tram, bus)}

    with_it = relations()
    with line.engine.begin() as connection:
        connection.execute(_TOLD_OTHERWISE, {"elder": elder, "own": tram})
    if deed == "separated":
        line.person.separate(file_id, "two ferries")
    else:
        desk = PostgresWithdrawing(line.engine)
        desk.retract(desk.meant(elder), Scope.ALL, "it was not so")

    assert with_it == {(younger, bus), (younger, tram), (elder, bus), (elder, tram)}
    assert relations() == {(younger, bus), (younger, tram), (elder, tram)}


def test_what_a_person_took_apart_no_text_joins(line: Line) -> None:
    elder, younger, file_id = merged(line)
    line.person.separate(file_id, "two ferries")

    line.store("again.txt", WHOLE.replace("sailed again", "sailed once more"))

    assert PostgresSweep(line.engine).regroup() == 0
    assert set(line.seen()) == {elder, younger}
    assert line.wrong() == []


def test_what_was_taken_apart_a_person_joins(line: Line) -> None:
    elder, younger, file_id = merged(line)
    line.person.separate(file_id, "two ferries")

    joined = line.person.join(younger, elder, "one ferry after all")

    assert (joined.into, joined.gone, joined.waits) == (elder, younger, "")
    assert line.seen() == {elder: 2}
    assert line.wrong() == []


@pytest.mark.parametrize("kind", ["separate a copy", "separate an article", "join"])
def test_to_say_it_twice_changes_nothing(line: Line, kind: str) -> None:
    elder, younger, file_id = merged(line)
    copy = line.store("copy.txt", ELDER)
    acts = {
        "separate a copy": lambda: line.person.separate(copy, ""),
        "separate an article": lambda: line.person.separate(file_id, ""),
        "join": lambda: line.person.join(elder, younger, ""),
    }
    acts[kind]()
    before = line.position()

    acts[kind]()
    line.work()

    after = [("stored", line.article("copy.txt"), None)] if kind == "separate a copy" else []
    assert line.told(before) == after
    assert line.wrong() == []


def test_what_waits_to_be_joined_with_what_a_copy_of_it_was_merged_into(line: Line) -> None:
    """One text in two articles meanwhile, as the person said."""
    line.store("a.txt")
    other = line.store("other.txt", story(1))
    copy = line.store("copy.txt")
    line.person.separate(copy, "")
    line.work()
    line.person.join(line.article("other.txt"), line.article("copy.txt"), "")
    PostgresRereading(line.engine).again(other)

    joined = line.person.join(line.article("a.txt"), line.article("other.txt"), "")

    assert joined.waits.endswith("is being worked")
    assert line.wrong() == []


def test_two_articles_are_joined_when_both_are_there(line: Line) -> None:
    line.store("a.txt", ELDER)
    line.drop("b.txt", YOUNGER)
    (claim,) = line.claim()
    decision = line.desk.decide([(claim, candidate(claim))], JUDGE)[claim.file_id]
    joined = line.person.join(decision.article_id, line.article("a.txt"), "one ferry")
    line.desk.finish([Ending(claim, decision, tags=TAGS)])

    merged_later = PostgresSweep(line.engine).regroup()

    assert joined.waits == f"consumers do not see {decision.article_id} now"
    assert merged_later == 1
    assert line.seen() == {line.article("a.txt"): 1}
    assert line.wrong() == []


@pytest.mark.parametrize(
    ("path", "why"),
    [
        pytest.param("a.txt", "which it edited", id="a version"),
        pytest.param("new.txt", "is being worked", id="without an outcome"),
        pytest.param("empty.txt", "there is no article", id="in quarantine"),
        pytest.param("gone.txt", "copydesk restore", id="taken back"),
        pytest.param("erased.txt", "nothing is left of it", id="erased"),
    ],
)
def test_what_cannot_be_separated_is_told(line: Line, path: str, why: str) -> None:
    line.store("a.txt")
    line.store("a.txt", STORY.replace("14 days", "15 days"))
    line.store("gone.txt")
    line.store("erased.txt")
    line.drop("empty.txt", "nothing")
    line.desk.finish([Ending(claim, reason=Reason.NO_TEXT) for claim in line.claim()])
    line.drop("new.txt", "News\nof today")
    with line.engine.begin() as connection:
        for reason, taken in (("withdrawn", "gone.txt"), ("erased", "erased.txt")):
            mark = text("update desk.file set reason = :reason where path = :path")
            connection.execute(mark, {"reason": reason, "path": taken})
    named = text("select max(id) from desk.file where path = :path")
    with line.engine.connect() as connection:
        file_id = connection.execute(named, {"path": path}).scalar_one()

    with pytest.raises(UsageError, match=why):
        line.person.separate(file_id, "")


@pytest.mark.parametrize(
    ("other", "why"),
    [
        pytest.param(UUID(int=1), "there is no article", id="it is not there"),
        pytest.param(None, "is one article already", id="it is the same"),
    ],
)
def test_what_is_no_other_article_cannot_be_joined(
    line: Line, other: UUID | None, why: str
) -> None:
    line.store("a.txt")
    article = line.article("a.txt")

    with pytest.raises(UsageError, match=why):
        line.person.join(article, other or article, "")


# --- the commands ---------------------------------------------------------------------------------


Command = Callable[..., dict[str, Any]]


@pytest.fixture
def command(database_url: str) -> Command:
    """Run a command against the test's database; gives its one JSON object."""
    urls = {"COPYDESK_DATABASE_URL": database_url, "COPYDESK_BROKER_URL": "redis://nobody.invalid"}

    def run(*arguments: str) -> dict[str, Any]:
        done = CliRunner().invoke(app, [*arguments, "--json"], env=urls)
        assert done.exit_code == 0, done.output
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    return run


def test_separate_and_join(line: Line, command: Command) -> None:
    elder, younger, file_id = merged(line)

    parted = command("separate", str(file_id), "--because", "two ferries")
    again = command("separate", "younger.txt")
    joined = command("join", str(elder), str(younger))

    assert parted == {
        "id": file_id,
        "path": "younger.txt",
        "outcome": "separated",
        "article_id": str(younger),
        "was": str(elder),
    }
    assert again == {**parted, "outcome": "unchanged", "was": None}
    assert joined == {"outcome": "joined", "into": str(elder), "gone": str(younger), "waits": None}
    assert line.seen() == {elder: 2}


def test_articles_are_named_by_their_files_too(line: Line, command: Command) -> None:
    elder, younger, _ = merged(line)

    parted = command("separate", str(younger))
    joined = command("join", "younger.txt", str(elder)[:-2])

    assert (parted["path"], parted["article_id"]) == ("younger.txt", str(younger))
    assert (joined["into"], joined["gone"]) == (str(elder), str(younger))


@pytest.mark.parametrize("deed", [("retract", "--because", "x"), ("erase",)], ids=lambda d: d[0])
def test_a_merged_article_takes_no_other_with_it_unasked(
    line: Line, command: Command, database_url: str, deed: tuple[str, ...]
) -> None:
    """Nobody is there to be asked, so it is refused, with the id of the one that it would be."""
    elder, younger, _ = merged(line)
    urls = {"COPYDESK_DATABASE_URL": database_url, "COPYDESK_BROKER_URL": "redis://nobody.invalid"}

    refused = CliRunner().invoke(app, [*deed, str(younger)], env=urls)
    still_there = line.seen()
    taken = command(*deed, str(younger), "--yes")

    assert isinstance(refused.exception, UsageError)
    assert f"the id {elder}, takes that article back" in str(refused.exception)
    assert f"{younger} was merged into {elder}" in refused.stderr
    assert set(still_there) == {elder}
    assert (taken["article_id"], line.seen()) == (str(elder), {})


def test_why_tells_what_an_article_was_merged_into(line: Line, command: Command) -> None:
    elder, younger, _ = merged(line)

    told = command("why", "younger.txt")

    assert (told["article_id"], told["merged_into"]) == (str(younger), str(elder))
    assert command("why", "elder.txt")["merged_into"] is None


def test_why_tells_who_took_a_file_apart(line: Line, command: Command) -> None:
    """Of the file, of what comes later by its path, and of the article that was merged."""
    elder, younger, file_id = merged(line)
    line.person.separate(file_id, "two ferries")
    line.store("a.txt", story(1))
    line.person.separate(line.store("b.txt", story(1)), "another ferry")
    line.work()
    line.store("b.txt", story(1).replace("shillings1", "francs1"))

    told = {n: command("why", n)["separated_from"] for n in ("a.txt", "b.txt", str(younger))}

    parted = {n: [(one["article_id"], one["because"]) for one in told[n]] for n in told}
    assert parted == {
        "a.txt": [],
        "b.txt": [(str(line.article("a.txt")), "another ferry")],
        str(younger): [(str(elder), "two ferries")],
    }


def test_a_copy_that_is_separated_is_due(line: Line, command: Command) -> None:
    line.store("a.txt")
    copy = line.store("b.txt")

    parted = command("separate", "b.txt")

    assert (parted["id"], parted["outcome"], parted["article_id"]) == (copy, "due", None)
    assert parted["was"] == str(line.article("a.txt"))


def test_reprocess_shows_what_the_rules_would_change(line: Line, command: Command) -> None:
    """Read as the product reads them, so that the texts are as they were."""
    line.store("a.txt")
    line.drop("b.txt", NEARLY)
    line.work(policy=STRICT)

    shown = command("reprocess", "--dedupe", "--dry-run")

    assert (shown["path"], shown["remedy"]) == ("b.txt", "join")
    assert (shown["before"]["relation"], shown["now"]["relation"]) == ("new", "near")
    assert shown["now"]["of"] == str(line.article("a.txt"))
    assert set(line.seen().values()) == {0}


def test_a_file_is_told_what_it_was_compared_with_after_a_merger(line: Line) -> None:
    elder, younger, first = merged(line)
    later = line.store("later.txt", YOUNGER.replace("long rains", "rains"))
    ledger = PostgresInspecting(line.engine, read, POLICY)

    lives = [ledger.life(file_id) for file_id in (later, first)]

    assert all(lives)
    after, before = ([c.article_id for c in life.considered] for life in lives if life)
    assert younger not in after
    assert after[0] == elder
    assert before == [elder]


# --- another policy -------------------------------------------------------------------------------


def rejudging(line: Line, policy: Policy) -> PostgresRejudging:
    return PostgresRejudging(line.engine, read, policy)


def rejudge(line: Line, policy: Policy) -> list[tuple[str, Remedy | None, tuple[UUID, ...]]]:
    """What differs under *policy*; and it is mended."""
    desk = rejudging(line, policy)
    differing = [file for file in desk.judged(Selection()) if file.differs]
    for file in differing:
        assert desk.mend(file) is (file.remedy is not Remedy.LEAVE)
    return [(file.path.text, file.remedy, file.parts) for file in differing]


def test_the_policy_that_judged_changes_nothing(line: Line) -> None:
    merged(line)
    for path, content in (("a.txt", STORY), ("b.txt", NEARLY), ("b.txt", ELDER)):
        line.store(path, content)

    assert rejudge(line, POLICY) == []


def test_a_copy_that_another_policy_takes_for_none_is_worked_again(line: Line) -> None:
    line.store("a.txt")
    line.store("b.txt", NEARLY)
    before, known = line.position(), line.article("a.txt")

    differing = rejudge(line, STRICT)
    again = rejudge(line, STRICT)

    assert differing == [("b.txt", Remedy.AGAIN, ())]
    assert again == []
    assert line.told(before) == [("regrouped", known, None)]
    assert line.state("b.txt")[0] == "noticed"


def test_articles_that_another_policy_takes_for_one_are_merged(line: Line) -> None:
    line.store("a.txt")
    line.drop("b.txt", NEARLY)
    line.work(policy=STRICT)
    a, b = line.article("a.txt"), line.article("b.txt")

    differing = rejudge(line, POLICY)

    assert differing == [("b.txt", Remedy.JOIN, ())]
    assert (a != b, line.seen()) == (True, {a: 1})
    assert rejudge(line, POLICY) == []
    assert line.wrong() == []


def test_a_merge_that_another_policy_would_not_make_is_undone(line: Line) -> None:
    elder, younger, _ = merged(line)

    differing = rejudge(line, replace(POLICY, joins=1.0, told=Bar(weighted=1.0)))
    apart = rejudge(line, STRICT)

    assert differing == []
    assert apart == [("whole.txt", Remedy.AGAIN, (younger,))]
    assert line.seen() == {elder: 0, younger: 0}
    assert line.wrong() == []


def test_what_a_person_placed_no_policy_moves(line: Line) -> None:
    line.store("a.txt")
    copy = line.store("b.txt", NEARLY)
    line.person.separate(copy, "another ferry")
    line.work()
    line.store("c.txt", ELDER.replace("lake", "river"))
    line.person.join(line.article("c.txt"), line.article("a.txt"), "one ferry")
    seen = line.seen()

    assert rejudge(line, POLICY) == []
    assert line.seen() == seen


def test_a_version_is_left_where_it_is(line: Line) -> None:
    line.store("a.txt")
    line.store("b.txt", STORY.replace("14 days", "15 days"))

    assert rejudge(line, STRICT) == [("b.txt", Remedy.LEAVE, ())]


# --- an older release -----------------------------------------------------------------------------


def test_the_way_back_takes_merged_articles_apart(line: Line) -> None:
    """The older release knows of no merger, and consumers must not miss an article for it."""
    elder, younger, _ = merged(line)
    before = line.position()

    schemas.migrate.downgrade(line.engine, "0001")
    schemas.migrate.upgrade(line.engine)

    told = [("regrouped", of, None) for of in sorted((elder, younger))]
    assert line.seen() == {elder: 0, younger: 1}
    assert line.told(before) == told
    assert line.wrong() == []
