"""What becomes of two articles that a later text shows to be one."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.articles import STORY, TAGS, article
from tests.contract.conftest import JUDGE, Store
from tests.contract.test_ledger_laws import decide, drop, ending, process
from worker.core.article import Relation
from worker.core.dedupe import Candidate
from worker.ports import Claim, Ending

HEADLINE, *LINES = STORY.split("\n")
ELDER = "\n".join([HEADLINE, *LINES[:2]])  # each half of a story is an article of its own
YOUNGER = "\n".join([HEADLINE, *LINES[2:]])
WHOLE = STORY
NEW, NEAR, EXACT, REVISION = Relation.NEW, Relation.NEAR, Relation.EXACT, Relation.REVISION


def stored(store: Store, *files: tuple[str, str], guid: str | None = None) -> list[Relation]:
    """Each file alone, from its drop to its end."""
    relations = []
    for file in files:
        drop(store, file)
        relations += process(store, guid=guid)
    return relations


def both(store: Store) -> list[str]:
    """The ids of the two halves, the elder first."""
    assert stored(store, ("elder.txt", ELDER), ("younger.txt", YOUNGER)) == [NEW, NEW]
    return [article["id"] for article in store.reading.articles()]


def visible(store: Store) -> list[tuple[str, int, int]]:
    return [(a["id"], a["version"], a["copies"]) for a in store.reading.articles()]


@pytest.mark.parametrize("limit", [1, 32], ids=["one by one", "in one batch"])
def test_two_articles_that_a_text_shows_to_be_one_are_one(store: Store, limit: int) -> None:
    """The younger goes, and is told to be the elder, which has its file as a copy."""
    drop(store, ("elder.txt", ELDER), ("younger.txt", YOUNGER), ("whole.txt", WHOLE))

    relations = [r for _ in range(4) for r in process(store, limit=limit)]

    ((younger, elder),) = store.mergers()
    assert relations == [NEW, NEW, NEAR]
    assert visible(store) == [(str(elder), 1, 2)]
    assert store.changes()[-2:] == [("regrouped", 1, 0), ("regrouped", 1, 2)]
    assert younger != elder


@pytest.mark.parametrize(
    ("path", "content", "relation"),
    [
        pytest.param("other.txt", YOUNGER, EXACT, id="its text elsewhere is a copy"),
        pytest.param(
            "other.txt", YOUNGER.replace("long rains", "rains"), NEAR, id="nearly its text too"
        ),
        pytest.param(
            "younger.txt",
            YOUNGER.replace("200 shillings", "300 shillings"),
            REVISION,
            id="its own file edited is a version",
        ),
        pytest.param(
            "younger.txt",
            YOUNGER.replace("\n", "\n "),
            Relation.UNCHANGED,
            id="its own file saved again is nothing new",
        ),
    ],
)
def test_whatever_belonged_to_the_younger_belongs_to_the_elder(
    store: Store, path: str, content: str, relation: Relation
) -> None:
    elder, _ = both(store)
    stored(store, ("whole.txt", WHOLE))

    found = stored(store, (path, content))

    ((id_, version, copies),) = visible(store)
    assert found == [relation]
    assert id_ == elder
    assert version == (2 if relation is REVISION else 1)
    assert copies == (3 if relation.copy else 2)


def test_the_youngers_identifier_names_the_elder(store: Store) -> None:
    stored(store, ("elder.txt", ELDER))
    stored(store, ("younger.txt", YOUNGER), guid="tag:example,2026:1")
    stored(store, ("whole.txt", WHOLE))

    assert stored(store, ("new.txt", "Something else\nentirely"), guid="tag:example,2026:1") == [
        REVISION
    ]
    assert [version for _, version, _ in visible(store)] == [2]


def claimed(store: Store, *files: tuple[str, str]) -> Sequence[Claim]:
    drop(store, *files)
    return store.desk.claim((), 32)


def test_an_article_whose_files_are_being_worked_is_not_merged_yet(store: Store) -> None:
    """A version that is decided and not finished would be nowhere."""
    stored(store, ("elder.txt", ELDER))
    working = claimed(store, ("younger.txt", YOUNGER))
    (decision,) = decide(store, working)
    stored(store, ("whole.txt", WHOLE))
    early = (store.sweep.regroup(), store.mergers(), len(visible(store)))

    store.desk.finish([ending(working[0], decision)])
    seen = len(visible(store))
    merged = [store.sweep.regroup(), store.sweep.regroup()]

    assert early == (0, [], 1)
    assert (seen, merged) == (2, [1, 0])
    assert [copies for _, _, copies in visible(store)] == [2]


def test_a_pair_that_a_dead_worker_left_is_merged(store: Store) -> None:
    """It died between its decision and its end: the pair waits, with the file."""
    both(store)
    decide(store, claimed(store, ("whole.txt", WHOLE)))
    merged = (store.sweep.regroup(), [copies for _, _, copies in visible(store)])
    store.pass_time()
    store.sweep.free_expired()

    (again,) = store.desk.claim((), 32)
    assert again.decision is not None
    store.desk.finish([ending(again, again.decision)])

    assert merged == (0, [0, 0])
    assert [copies for _, _, copies in visible(store)] == [2]


def withheld(store: Store, path: str, content: str) -> None:
    (claim,) = claimed(store, (path, content))
    said = replace(article(content), status="withheld")
    decision = store.desk.decide([(claim, Candidate.of(said))], JUDGE)[claim.file_id]
    store.desk.finish([ending(claim, decision)])


@pytest.mark.parametrize("seen", [False, True], ids=["nothing of it", "not its last version"])
def test_what_nobody_may_see_is_not_merged(store: Store, *, seen: bool) -> None:
    """It would be gone for good, or show that it is there."""
    stored(store, ("elder.txt", ELDER))
    if seen:
        stored(store, ("younger.txt", YOUNGER))
    withheld(store, "younger.txt", YOUNGER.replace("200 shillings", "300 shillings"))

    stored(store, ("whole.txt", WHOLE))

    assert (store.sweep.regroup(), store.mergers()) == (0, [])


def test_what_was_merged_is_not_shown_again_when_its_tags_are_made_anew(store: Store) -> None:
    stored(store, ("elder.txt", ELDER))
    (claim,) = claimed(store, ("younger.txt", YOUNGER))
    (decision,) = decide(store, [claim])
    store.desk.finish([Ending(claim, decision, tags=None)])
    stored(store, ("whole.txt", WHOLE))
    before = (store.changes(), visible(store))

    store.retry(claim.file_id)
    (again,) = store.desk.claim((), 32)
    assert again.decision is not None
    store.desk.finish([Ending(again, again.decision, tags=TAGS)])

    assert (store.changes(), visible(store)) == before


def test_mergers_follow_each_other(store: Store) -> None:
    """Three parts of a story, joined from the end: what went into the second is the first's."""
    parts = ["\n".join([HEADLINE, *LINES[i : i + 2]]) for i in (0, 2)]
    parts.append(f"{HEADLINE}\n{' '.join(f'{word}x' for word in ' '.join(LINES).split())}")
    second = parts[1] + "\n" + parts[2].split("\n", 1)[1]
    first = parts[0] + "\n" + parts[1].split("\n", 1)[1]
    files = [(f"{n}.txt", part) for n, part in enumerate(parts)]
    assert stored(store, *files) == [NEW] * 3

    stored(store, ("second.txt", second), ("first.txt", first))

    (a, b), (c, d) = store.mergers()
    assert (b, len({a, b, d})) == (c, 3)
    assert visible(store) == [(str(d), 1, 4)]
