"""Stories that are taken back, by a person or by a kill: what stays, takes over, and is told."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

import schemas.migrate
from tests.articles import INBOX, STORY, TAGS
from tests.articles import text as story
from tests.terms import STAGES, process, read, sent, soon, work
from worker.adapters.postgres.auditing import one_moment
from worker.adapters.postgres.inspecting import PostgresInspecting
from worker.adapters.postgres.overruling import PostgresRegrouping
from worker.adapters.postgres.regrouping import regroup
from worker.adapters.postgres.retracting import PostgresWithdrawing
from worker.adapters.postgres.sweep import PostgresSweep
from worker.auditor import audit
from worker.core.article import Entity, Field, Mention, Scores
from worker.core.errors import UsageError
from worker.core.policy import Policy
from worker.core.selection import Selection
from worker.core.withdrawal import Scope
from worker.pipeline import Stages
from worker.ports import Meant, TakenBack

EDITED = STORY.replace("14 days", "15 days")
NEARLY = STORY.replace("on Tuesday morning", "early on Tuesday").replace("The ferry", "A ferry")


def rows(engine: Engine, question: str, **given: object) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(question), given)]


def feed(engine: Engine) -> list[tuple[str, int]]:
    return rows(engine, "select kind, version from feed_v1.changes order by position")


def seen(engine: Engine) -> list[tuple[str | None, int, int]]:
    return rows(engine, "select source, version, copies from feed_v1.articles order by position")


def ledger(engine: Engine) -> dict[str, tuple[str, str | None]]:
    found = rows(engine, "select path, state, reason from desk.file order by id")
    return {path: (state, reason) for path, state, reason in found}


def of(engine: Engine, path: str) -> Meant:
    ((file_id,),) = rows(engine, "select max(id) from desk.file where path = :path", path=path)
    return PostgresWithdrawing(engine).meant(int(file_id))


def retract(engine: Engine, path: str, scope: Scope = Scope.ALL) -> TakenBack:
    return PostgresWithdrawing(engine).retract(of(engine, path), scope, "it was not so")


@pytest.fixture(autouse=True)
def clean(engine: Engine) -> Iterator[None]:
    """Whatever a test does: the audit, apart from all code above, has nothing to say after it."""
    yield
    with one_moment(engine) as moment:
        assert audit(moment, INBOX, None).findings == ()


def test_what_is_retracted_is_gone_and_comes_back(engine: Engine) -> None:
    process(engine, sent("a", source="A"), sent("b", source="B"), sent("a", EDITED, source="A"))
    before = seen(engine)

    gone = retract(engine, "a")
    hidden = [seen(engine), rows(engine, "select * from feed_v1.versions"), ledger(engine)["a"]]
    back = PostgresWithdrawing(engine).restore(of(engine, "a"))

    assert before == seen(engine) == [("A", 2, 1)]
    assert (gone.version, gone.heir, gone.withdrawn) == (None, None, ("a", "b", "a"))
    assert hidden == [[], [], ("revised", "withdrawn")]
    assert (back.version, back.withdrawn) == (2, ())
    assert feed(engine)[-2:] == [("retracted", 2), ("restored", 2)]
    assert rows(engine, "select version from feed_v1.versions order by 1") == [(1,), (2,)]
    assert ledger(engine) == {"a": ("revised", None), "b": ("duplicate", "exact")}


def test_retracting_or_restoring_again_tells_nobody(engine: Engine) -> None:
    process(engine, sent("a"))
    retract(engine, "a")
    again = retract(engine, "a")
    PostgresWithdrawing(engine).restore(of(engine, "a"))
    restored = PostgresWithdrawing(engine).restore(of(engine, "a"))

    assert again.position is None
    assert restored.position is None
    assert feed(engine) == [("stored", 1), ("retracted", 1), ("restored", 1)]


@pytest.mark.parametrize(
    "heir",
    [
        pytest.param(STORY, id="in the same words"),
        pytest.param(NEARLY, id="in nearly the same"),
    ],
)
def test_another_agencys_copy_takes_over(engine: Engine, heir: str) -> None:
    process(engine, sent("a", source="A"), sent("b", heir, source="B"), sent("a2", source=" a "))

    gone = retract(engine, "a", Scope.SOURCE)
    between = seen(engine)
    work(engine)

    assert (gone.heir, gone.withdrawn) == ("b", ("a", "a2"))
    assert between == []
    assert seen(engine) == [("B", 2, 0)]
    assert feed(engine)[-2:] == [("retracted", 1), ("restored", 2)]
    assert rows(engine, "select version from feed_v1.versions") == [(2,)]
    assert ledger(engine)["b"] == ("revised", None)


def test_an_earlier_version_of_another_agency_is_seen_again(engine: Engine) -> None:
    process(engine, sent("a", source="A"), sent("b", EDITED, source="B"), sent("c", source="C"))

    retract(engine, "b", Scope.SOURCE)

    assert seen(engine) == [("A", 1, 1)]
    assert feed(engine)[-1] == ("revised", 1)
    assert rows(engine, "select cause from feed_v1.changes order by position")[-1] == (
        "it was not so",
    )


def test_a_superseded_version_leaves_the_history(engine: Engine) -> None:
    process(engine, sent("a", source="A"), sent("b", EDITED, source="B"))

    retract(engine, "a", Scope.SOURCE)

    assert seen(engine) == [("B", 2, 0)]
    assert rows(engine, "select version from feed_v1.versions") == [(2,)]
    assert rows(engine, "select path from feed_v1.files") == [("b",)]
    assert feed(engine)[-1] == ("regrouped", 2)


def test_one_file_is_meant_by_its_bytes(engine: Engine) -> None:
    process(engine, sent("a", source="A"), sent("b", source="A", urgency=3), sent("c", source="A"))

    retract(engine, "a", Scope.FILE)
    work(engine)

    assert ledger(engine)["c"] == ("duplicate", "withdrawn")
    assert seen(engine) == [("A", 2, 0)]


@pytest.mark.parametrize(
    ("scope", "late", "after"),
    [
        pytest.param(Scope.ALL, {"source": "B"}, [], id="all: whoever sends it"),
        pytest.param(Scope.SOURCE, {"source": "A", "urgency": 3}, [], id="source: the same one"),
        pytest.param(Scope.SOURCE, {}, [], id="source: nobody knows whose"),
        pytest.param(Scope.SOURCE, {"source": "B"}, [("B", 2, 0)], id="source: another's is valid"),
        pytest.param(Scope.FILE, {"source": "A"}, [], id="file: the same bytes elsewhere"),
        pytest.param(Scope.FILE, {"source": "B"}, [("B", 2, 0)], id="file: another one is valid"),
    ],
)
def test_a_late_file_is_judged_like_one_that_was_there(
    engine: Engine, scope: Scope, late: dict[str, Any], after: list[Any]
) -> None:
    process(engine, sent("a", source="A"))
    retract(engine, "a", scope)
    process(engine, sent("late", **late))
    work(engine)

    assert seen(engine) == after
    assert (ledger(engine)["late"][1] == "withdrawn") is not bool(after)


def test_a_late_revision_of_what_is_taken_back_shows_nowhere(engine: Engine) -> None:
    process(engine, sent("a", source="A"))
    retract(engine, "a")
    process(engine, sent("a", EDITED, source="A"))

    assert ledger(engine)["a"] == ("revised", "withdrawn")
    assert feed(engine) == [("stored", 1), ("retracted", 1)]


def test_nothing_is_known_by_a_wrong_name(engine: Engine) -> None:
    desk = PostgresWithdrawing(engine)
    with pytest.raises(UsageError, match="no article"):
        desk.meant(UUID(int=1))
    with pytest.raises(UsageError, match="file 9"):
        desk.meant(9)


def test_a_scope_of_source_needs_one(engine: Engine) -> None:
    process(engine, sent("a"))

    with pytest.raises(UsageError, match="who published it"):
        retract(engine, "a", Scope.SOURCE)


# --- kills ----------------------------------------------------------------------------------------

KILL = story(7)
URI = "urn:newsml:a:1"


@pytest.mark.parametrize(
    ("kill", "words"),
    [
        pytest.param({}, KILL, id="by a file of its own"),
        pytest.param({"guid": True}, KILL, id="by a version of the story"),
        pytest.param({"guid": True}, None, id="by the same text"),
    ],
)
def test_a_kill_takes_back_what_its_publisher_sent(
    engine: Engine, kill: dict[str, Any], words: str | None
) -> None:
    """In whatever order the story, another agency's copy and the kill come in."""
    orders = list(permutations("ABK"))
    for n, order in enumerate(orders, 10):
        uri, text_ = f"{URI}:{n}", story(n)
        named = {"guid": uri} if kill else {}
        files = {
            "A": sent(f"{n}/a", text_, source="A", guid=uri),
            "B": sent(f"{n}/b", text_, source="B"),
            "K": sent(f"{n}/k", words or text_, source="A", kills=uri, **named),
        }
        process(engine, *(files[name] for name in order))
    work(engine)

    assert [source for source, _, _ in seen(engine)] == ["B"] * len(orders)
    paths = rows(engine, "select path from feed_v1.files order by id")
    assert paths == [(f"{n}/b",) for n in range(10, 10 + len(orders))]


def test_a_kill_says_what_it_did(engine: Engine) -> None:
    process(engine, sent("k", KILL, source="A", kills=URI))
    alone = rows(engine, "select state, detail from desk.file where path = 'k'")
    process(engine, sent("a", source="A", guid=URI))
    article = of(engine, "a").article_id
    taken = rows(engine, "select state, detail from desk.file where path = 'k'")

    assert alone == [("stored", "nothing is known by the name that it takes back")]
    assert taken == [("stored", f"it takes back {article}")]
    assert ledger(engine)["a"] == ("stored", "withdrawn")
    assert (seen(engine), feed(engine)) == ([], [])


def test_a_kill_that_names_nothing_takes_nothing_and_says_so(engine: Engine) -> None:
    process(engine, sent("a", source="A"), sent("k", KILL, source="A", kills=None))

    assert seen(engine) == [("A", 1, 0)]
    assert rows(engine, "select detail from desk.file where path = 'k'") == [
        ("it names nothing by an identifier that it takes back",)
    ]


def test_the_feed_names_who_killed_it(engine: Engine) -> None:
    process(engine, sent("a", source="A", guid=URI), sent("k", KILL, source="A", kills=URI))

    assert rows(engine, "select kind, cause from feed_v1.changes order by position")[1:] == [
        ("retracted", "A took it back, k")
    ]


def test_a_kill_of_another_publisher_takes_nothing(engine: Engine) -> None:
    process(engine, sent("a", source="A", guid=URI), sent("k", KILL, source="B", kills=URI))

    assert seen(engine) == [("A", 1, 0)]


def test_a_kill_that_does_not_say_whose_it_is_is_of_its_story(engine: Engine) -> None:
    process(engine, sent("a", source="A", guid=URI), sent("b", source="B"))
    process(engine, sent("k", KILL, kills=URI))
    work(engine)

    assert seen(engine) == [("B", 2, 0)]


def test_a_later_edition_than_the_killed_one_is_valid(engine: Engine) -> None:
    """By the publisher's own numbers, whatever comes in first."""
    first = {"source": "A", "guid": URI, "publisher_version": "1"}
    process(engine, sent("1", source="A", guid=URI, publisher_version="1"))
    process(engine, sent("2", EDITED, kills=URI, **first | {"publisher_version": "2"}))
    killed = seen(engine)
    process(engine, sent("1b", NEARLY, **first))
    old = seen(engine)
    third = EDITED.replace("3 million", "4 million")
    process(engine, sent("3", third, **first | {"publisher_version": "3"}))

    assert killed == old == []
    assert [source for source, _, _ in seen(engine)] == ["A"]


def test_a_killed_story_can_be_restored(engine: Engine) -> None:
    process(engine, sent("a", source="A", guid=URI), sent("k", KILL, source="A", kills=URI))
    PostgresWithdrawing(engine).restore(of(engine, "a"))

    assert seen(engine) == [("A", 1, 0)]


# --- corrections ----------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["ACB", "CBA"])
def test_a_correction_names_what_it_corrects(engine: Engine, order: str) -> None:
    """Also by what a copy of it is called; and not once that is taken back."""
    files = {
        "A": sent("a", source="A", guid=URI),
        "B": sent("b", source="B", guid="urn:b"),
        "C": sent("c", OTHER, source="B", corrects="urn:b"),
    }
    process(engine, *(files[name] for name in order))
    pair = [(of(engine, "c").article_id, of(engine, "b").article_id, "corrects")]
    question = "select article_id, other_id, relation from feed_v1.relations"
    linked = rows(engine, question)
    retract(engine, "b")

    assert (linked, rows(engine, question)) == (pair, [])


# --- embargoes ------------------------------------------------------------------------------------


def test_what_is_under_embargo_and_taken_back_is_not_released(engine: Engine) -> None:
    process(engine, sent("a", embargo_until=soon()))
    retract(engine, "a")
    with engine.begin() as connection:
        connection.execute(text("update desk.version set embargo_until = now()"))

    assert PostgresSweep(engine).lift_embargoes() == 0
    assert (seen(engine), feed(engine)) == ([], [])


def test_an_embargo_outlives_a_restoration(engine: Engine) -> None:
    process(engine, sent("a", embargo_until=soon()))
    retract(engine, "a")
    PostgresWithdrawing(engine).restore(of(engine, "a"))

    assert (seen(engine), feed(engine)) == ([], [])


# --- erasing --------------------------------------------------------------------------------------

SECRET = ("Kisumu", "second engine", "Mfangano", "resumes on the lake", "engine-resumes")
TAGGED = replace(
    TAGS,
    people=(Entity("Kisumu Second Engine", (Mention(Field.HEADLINE, 0, 5, "Ferry"),), 1, 1, "x"),),
)
MORE = """
Schools on the islands open again on Monday, and pupils who had stayed with relatives will return by
boat. A nurse said the clinic had been short of vaccines, gloves and clean water for nine days."""
OTHER = """Council votes for a new library after a long night
Members of the council agreed at dawn to build it beside the old school, at a cost of 2 million.
The opposition had asked for a swimming pool, and left the hall before the vote was taken."""
NAMED = Stages(read=read, judge=STAGES.judge, tag=lambda batch: [TAGGED for _ in batch])


def erase(engine: Engine, path: str) -> TakenBack:
    return PostgresWithdrawing(engine).erase(of(engine, path), "a court said so")


def whole(engine: Engine, *schemas: str) -> dict[str, str]:
    """Every table and view, as one text each; bytes are read as text, too."""
    found = rows(
        engine,
        "select table_schema || '.' || table_name from information_schema.tables"
        " where table_schema = any(:schemas)",
        schemas=list(schemas),
    )
    texts = {name: rows(engine, f"select to_jsonb(t)::text from {name} t") for (name,) in found}  # noqa: S608 -- of the catalog
    texts["documents"] = rows(engine, "select encode(content, 'escape') from desk.document")
    return {name: "\n".join(line for (line,) in lines) for name, lines in texts.items()}


def leaks(engine: Engine, words: Sequence[str] = SECRET) -> set[tuple[str, str]]:
    tables = whole(engine, "desk", "feed_v1")
    return {
        (name, word)
        for name, said in tables.items()
        for word in words
        if word.casefold() in said.casefold()
    }


def test_what_is_erased_is_nowhere(engine: Engine) -> None:
    """No table, and no view, has a word of it left; and it stays so when it comes again."""
    uri = "https://paper.example/second-engine-resumes"
    files = [
        sent("a", source="A", guid=uri),
        sent("b", NEARLY, source="B"),
        sent("a", EDITED, source="A", guid=uri),
        sent("c", STORY.replace("on Tuesday morning", "at last") + MORE, source="C"),
    ]
    process(engine, *files, stages=NAMED)
    process(engine, sent("other", OTHER))
    there = leaks(engine)
    done = erase(engine, "a")
    once = leaks(engine)
    process(engine, files[0], sent("d", source="D"), sent("e", EDITED[9:], guid=uri), stages=NAMED)

    assert {word for _, word in there} == set(SECRET)
    assert (done.version, done.withdrawn) == (None, ("a", "b", "a", "c"))
    assert once == set()
    assert leaks(engine) == set()
    assert seen(engine) == [(None, 1, 0)]
    assert feed(engine)[-1] == ("erased", 2)
    assert ledger(engine)["d"] == ("duplicate", "erased")
    assert ledger(engine)["e"] == ("revised", "erased")


def test_the_same_bytes_are_not_read_again(engine: Engine) -> None:
    process(engine, sent("a"))
    erase(engine, "a")
    process(engine, sent("b"), sent("a"))

    assert ledger(engine) == {"a": ("stored", "erased"), "b": ("quarantined", "erased")}


def test_people_may_still_look_at_what_is_erased(engine: Engine) -> None:
    """The ledger has the file, but nothing of what its verdict rested on."""
    process(engine, sent("a"), sent("b", NEARLY))
    erase(engine, "a")
    ledger = PostgresInspecting(engine, read, Policy())
    verdicts = [file.verdict for file in ledger.files(Selection(), 10)]

    assert [v and (v.because, v.scores) for v in verdicts] == [
        ("its text was erased", Scores())
    ] * 2


def test_what_is_erased_cannot_be_joined(engine: Engine) -> None:
    process(engine, sent("a"), sent("b", story(7)))
    one, other = of(engine, "a").article_id, of(engine, "b").article_id
    erase(engine, "a")

    with pytest.raises(UsageError, match="was erased"):
        PostgresRegrouping(engine).join(one, other, "they are one")
    with engine.connect() as connection:
        assert connection.execute(text("select count(*) from desk.joining")).scalar_one() == 0


def test_what_was_retracted_before_is_told_to_be_erased(engine: Engine) -> None:
    process(engine, sent("a"))
    retract(engine, "a")
    erase(engine, "a")
    again = erase(engine, "a")

    assert again.position is None
    assert feed(engine) == [("stored", 1), ("retracted", 1), ("erased", 1)]
    with pytest.raises(UsageError, match="erased"):
        PostgresWithdrawing(engine).restore(of(engine, "a"))


def test_a_document_that_another_story_needs_stays(engine: Engine) -> None:
    """The same bytes at two paths, which a person said are two stories."""
    process(engine, sent("a"), sent("b"), sent("c", story(2)))
    with engine.begin() as connection:
        connection.execute(
            text("""
                update desk.file f set article_id = c.article_id, version = c.version
                from desk.file c where f.path = 'b' and c.path = 'c'
            """)
        )
        connection.execute(text("update desk.published set copies = 1 - copies"))
    erase(engine, "a")

    assert leaks(engine, ["second engine"]) == {("documents", "second engine")}


def test_the_container_goes_with_its_member(engine: Engine) -> None:
    process(engine, sent("a"), sent("pack"))
    with engine.begin() as connection:
        connection.execute(
            text("""
                update desk.file f set parent_id = p.id from desk.file p
                where f.path = 'a' and p.path = 'pack'
            """)
        )
        connection.execute(
            text("""
                update desk.file set state = 'expanded', bulk = true, members = 1, reason = null,
                    article_id = null where path = 'pack'
            """)
        )
        connection.execute(text("update desk.published set copies = 0"))
    erase(engine, "a")

    assert leaks(engine) == set()


def test_a_file_in_work_is_waited_for(engine: Engine) -> None:
    process(engine, sent("a", source="A"), sent("b", source="B"))
    retract(engine, "a", Scope.SOURCE)

    with pytest.raises(UsageError, match="try again"):
        erase(engine, "a")
    work(engine)
    erase(engine, "a")
    assert leaks(engine) == set()


# --- the schema -----------------------------------------------------------------------------------


def test_what_is_taken_back_stays_hidden_in_an_older_schema(engine: Engine) -> None:
    process(engine, sent("a", source="A"), sent("b", source="B"), sent("c", OTHER, source="C"))
    retract(engine, "a")
    schemas.migrate.downgrade(engine, "0002")
    schemas.migrate.upgrade(engine)
    process(engine, sent("d", story(4), source="D"))

    assert seen(engine) == [("C", 1, 0), ("D", 1, 0)]
    assert ledger(engine)["b"] == ("duplicate", "withdrawn")


# --- what was merged ------------------------------------------------------------------------------


def test_what_was_merged_comes_apart(engine: Engine) -> None:
    """It stands for itself again, under the same rule; once both are restored, they are one."""
    process(engine, sent("a", source="A"), sent("b", story(3), source="B"))
    with engine.begin() as connection:
        ids = [of(engine, path).article_id for path in "ab"]
        connection.execute(
            text("""
                insert into desk.joining (article_id, other_id, because)
                values (:a, :b, 'they are one')
            """),
            {"a": ids[0], "b": ids[1]},
        )
    with engine.begin() as connection:
        assert regroup(connection) == 1
    merged = seen(engine)
    retract(engine, "a", Scope.SOURCE)
    apart = seen(engine)
    waiting = PostgresSweep(engine).regroup()
    PostgresWithdrawing(engine).restore(of(engine, "a"))
    restored = sorted(seen(engine))
    PostgresSweep(engine).regroup()

    assert merged == seen(engine) == [("A", 1, 1)]
    assert (apart, waiting) == ([("B", 1, 0)], 0)
    assert restored == [("A", 1, 0), ("B", 1, 0)]
