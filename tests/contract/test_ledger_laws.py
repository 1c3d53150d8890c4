"""What every ledger and store must do, whatever it is made of."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.articles import INBOX, TAGS, candidate, notice, text
from tests.contract.conftest import JUDGE, Store
from worker.core.article import Decision, Relation
from worker.core.ledger import DEATHS_ALONE, Lane, Path, Reason, Stat, State
from worker.ports import Claim, Ending, Recorded


def drop(store: Store, *files: tuple[str, str]) -> Recorded:
    return store.intake.record(INBOX, [notice(path, content) for path, content in files])


def decide(store: Store, claims: Sequence[Claim], *, guid: str | None = None) -> list[Decision]:
    decisions = store.desk.decide([(c, candidate(c, guid=guid)) for c in claims], JUDGE)
    return [decisions[c.file_id] for c in claims if c.file_id in decisions]


def process(store: Store, *, limit: int = 32, guid: str | None = None) -> list[Relation]:
    """Claim one batch and take it to its end."""
    claims = store.desk.claim((), limit)
    decisions = decide(store, claims, guid=guid)
    store.desk.finish([ending(c, d) for c, d in zip(claims, decisions, strict=True)])
    return [decision.verdict.relation for decision in decisions]


def ending(claim: Claim, decision: Decision) -> Ending:
    return Ending(claim, decision, tags=TAGS if decision.adds_version else None)


# --- intake ---------------------------------------------------------------------------------------


def test_a_new_file_is_due(store: Store) -> None:
    recorded = drop(store, ("a.txt", text()))

    assert len(recorded.due) == 1
    assert store.reading.status().counts[State.NOTICED] == 1


def test_recording_twice_is_recording_once(store: Store) -> None:
    drop(store, ("a.txt", text()))

    again = drop(store, ("a.txt", text()))

    assert again == Recorded(due=(), refused=0, known=1)
    assert store.reading.status().counts[State.NOTICED] == 1


def test_a_path_that_returns_to_an_old_text_has_three_generations(store: Store) -> None:
    for content in (text(1), text(2), text(1)):
        drop(store, ("a.txt", content))

    generations = []
    for _ in range(3):
        (claim,) = store.desk.claim((), 32)
        generations.append((claim.generation, claim.content))
        store.desk.finish([Ending(claim, reason=Reason.NO_TEXT)])

    assert generations == [(1, text(1).encode()), (2, text(2).encode()), (3, text(1).encode())]


def test_generations_in_one_batch_of_notices_are_kept_apart(store: Store) -> None:
    recorded = drop(store, ("a.txt", text(1)), ("a.txt", text(2)), ("a.txt", text(2)))

    assert len(recorded.due) == 2
    assert recorded.known == 1


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        pytest.param(Reason.TEMPORARY_NAME, State.IGNORED, id="ignored"),
        pytest.param(Reason.TOO_LARGE, State.QUARANTINED, id="quarantined"),
    ],
)
def test_a_file_refused_at_the_door_has_a_row_and_its_reason(
    store: Store, reason: Reason, state: State
) -> None:
    for _ in range(2):
        recorded = store.intake.record(INBOX, [notice("x", reason=reason)])

    assert recorded.known == 1
    assert store.reading.status().reasons == {(state, reason): 1}
    assert store.desk.claim((), 32) == ()


def test_known_is_the_latest_stat_of_each_path(store: Store) -> None:
    """Also when only the stat changed: a touched file must not be read for ever."""
    stat = Stat(size=9, mtime_ns=2, ctime_ns=3, inode=2**64 - 1)
    drop(store, ("a.txt", text(1)), ("b.txt", text(2)))
    store.intake.record(INBOX, [notice("a.txt", text(1), stat=stat)])

    known = dict(store.intake.known(INBOX))

    assert known[b"a.txt"] == stat
    assert set(known) == {b"a.txt", b"b.txt"}
    assert dict(store.intake.known("/elsewhere")) == {}


@pytest.mark.parametrize("raw", [b"caf\xe9.txt", b"two\nlines", b"-rf", b"a" * 255, b"\\xe9.txt"])
def test_any_path_comes_back_as_it_was(store: Store, raw: bytes) -> None:
    store.intake.record(INBOX, [replace(notice(), path=Path(raw))])

    (claim,) = store.desk.claim((), 32)

    assert claim.path.raw == raw
    assert [path for path, _ in store.intake.known(INBOX)] == [raw]


def test_a_path_that_only_looks_like_another_is_another(store: Store) -> None:
    for raw in (b"\xe9", b"\\xe9"):
        store.intake.record(INBOX, [replace(notice(), path=Path(raw))])

    assert len(store.desk.claim((), 32)) == 2


# --- claiming -------------------------------------------------------------------------------------


def test_live_goes_before_backfill_and_hints_before_both(store: Store) -> None:
    lanes = {"old1": Lane.BACKFILL, "old2": Lane.BACKFILL, "new": Lane.LIVE}
    for n, (path, lane) in enumerate(lanes.items()):
        recorded = store.intake.record(INBOX, [notice(path, text(n), lane=lane)])
        hinted = recorded.due if path == "old2" else ()
        if hinted:
            old2 = hinted

    first = store.desk.claim(old2, 1)
    second = store.desk.claim((), 1)
    third = store.desk.claim((), 32)

    assert [c.path.text for c in (*first, *second, *third)] == ["old2", "new", "old1"]


def test_what_is_claimed_is_nobody_elses(store: Store) -> None:
    drop(store, ("a.txt", text()))
    store.desk.claim((), 32)

    assert store.desk.claim((), 32) == ()


def test_a_generation_waits_for_the_one_before_it(store: Store) -> None:
    drop(store, ("a.txt", text(1)), ("a.txt", text(2)))

    (first,) = store.desk.claim((), 32)
    meanwhile = store.desk.claim((), 32)
    store.desk.finish([Ending(first, reason=Reason.NO_TEXT)])
    (second,) = store.desk.claim((), 32)

    assert meanwhile == ()
    assert (first.generation, second.generation) == (1, 2)


def test_handed_back_is_due_again_without_a_mark(store: Store) -> None:
    drop(store, ("a.txt", text()))
    claims = store.desk.claim((), 32)
    store.desk.hand_back(claims)
    store.pass_time()

    (again,) = store.desk.claim((), 32)

    assert (again.solo, again.deaths) == (False, 0)
    assert again.token > claims[0].token


# --- leases ---------------------------------------------------------------------------------------


def test_a_batch_whose_worker_died_is_tried_one_by_one(store: Store) -> None:
    drop(store, ("a.txt", text(1)), ("b.txt", text(2)))
    store.desk.claim((), 32)
    store.pass_time()

    freed = store.sweep.free_expired()
    first, second = store.desk.claim((), 32), store.desk.claim((), 32)

    assert (freed.again, freed.poisoned) == (2, 0)
    assert [len(first), len(second)] == [1, 1]
    assert all(claim.solo and claim.deaths == 0 for claim in (*first, *second))


def test_a_renewed_lease_is_not_freed(store: Store) -> None:
    drop(store, ("a.txt", text()))
    claims = store.desk.claim((), 32)
    store.pass_time()
    store.desk.renew(claims)

    assert store.sweep.free_expired().again == 0


def test_three_deaths_alone_are_poison(store: Store) -> None:
    """The first death, in a batch, does not count."""
    drop(store, ("a.txt", text()))
    for _ in range(DEATHS_ALONE + 1):
        store.desk.claim((), 32)
        store.pass_time()
        freed = store.sweep.free_expired()

    assert (freed.again, freed.poisoned) == (0, 1)
    assert store.reading.status().reasons == {(State.QUARANTINED, Reason.POISON): 1}


def test_a_decided_file_is_never_poison(store: Store) -> None:
    """Its text is in the store: all that is left is to say so."""
    drop(store, ("a.txt", text()))
    decide(store, store.desk.claim((), 32))
    for _ in range(DEATHS_ALONE + 1):
        store.pass_time()
        store.sweep.free_expired()
        (claim,) = store.desk.claim((), 32)

    assert claim.deaths == DEATHS_ALONE
    assert claim.decision is not None


def test_a_sleeper_that_wakes_up_late_writes_nothing(store: Store) -> None:
    drop(store, ("a.txt", text()))
    (late,) = store.desk.claim((), 32)
    store.pass_time()
    store.sweep.free_expired()
    (now,) = store.desk.claim((), 32)

    assert decide(store, [late]) == []
    assert store.desk.finish([Ending(late, reason=Reason.NO_TEXT)]).written == ()
    assert decide(store, [now])[0].verdict.relation is Relation.NEW


def test_unheard_files_are_rung_for_once_in_a_while(store: Store) -> None:
    drop(store, ("a.txt", text(1)), ("b.txt", text(2)))
    at_first = store.sweep.unheard(10)
    store.pass_time()

    assert at_first == ()
    assert len(store.sweep.unheard(1)) == 1
    assert len(store.sweep.unheard(10)) == 1
    assert store.sweep.unheard(10) == ()


# --- deciding -------------------------------------------------------------------------------------


def test_twins_in_a_batch_are_one_article(store: Store) -> None:
    drop(store, ("a.txt", text()), ("b.txt", text()), ("c.txt", text(1)))

    assert process(store) == [Relation.NEW, Relation.EXACT, Relation.NEW]
    assert store.changes() == [("stored", 1, 1), ("stored", 1, 0)]


def test_a_copy_of_a_published_article_regroups_it(store: Store) -> None:
    for path in ("a.txt", "b.txt"):
        drop(store, (path, text()))
        process(store)

    assert store.changes() == [("stored", 1, 1), ("regrouped", 1, 1)]


def test_a_near_copy_is_found_by_its_sketch(store: Store) -> None:
    drop(store, ("a.txt", text()), ("b.txt", text().replace("on Tuesday morning", "yesterday")))

    assert process(store) == [Relation.NEW, Relation.NEAR]


def test_an_edited_file_revises_its_article(store: Store) -> None:
    relations = []
    for content in (text(), text().replace("14 days", "15 days"), text()):
        drop(store, ("a.txt", content))
        relations += process(store)

    assert relations == [Relation.NEW, Relation.REVISION, Relation.REVISION]
    assert store.changes() == [("stored", 1, 0), ("revised", 2, 0), ("revised", 3, 0)]


def test_other_bytes_with_the_same_text_change_nothing(store: Store) -> None:
    relations = []
    for content in (text(), text().replace("\n", "\n ")):
        drop(store, ("a.txt", content))
        relations += process(store)

    assert relations == [Relation.NEW, Relation.UNCHANGED]
    assert len(store.changes()) == 1


def test_another_story_at_the_same_path_is_another_article(store: Store) -> None:
    for number in (1, 2):
        drop(store, ("latest.txt", text(number)))
        process(store)

    assert store.changes() == [("stored", 1, 0), ("stored", 1, 0)]


def test_the_publishers_identifier_makes_a_revision(store: Store) -> None:
    relations = []
    for number in (1, 2):
        drop(store, (f"{number}.txt", text(number)))
        relations += process(store, guid="tag:example,2026:1")

    assert relations == [Relation.NEW, Relation.REVISION]


def test_a_decision_survives_its_worker(store: Store) -> None:
    drop(store, ("a.txt", text()))
    (decision,) = decide(store, store.desk.claim((), 32))
    store.pass_time()
    store.sweep.free_expired()

    (again,) = store.desk.claim((), 32)

    assert again.decision == decision
    assert again.article is not None
    assert again.article.headline == text().split("\n")[0]


# --- finishing ------------------------------------------------------------------------------------


def test_nothing_is_visible_before_it_is_finished(store: Store) -> None:
    drop(store, ("a.txt", text()))
    (claim,) = store.desk.claim((), 32)
    (decision,) = decide(store, [claim])
    before = list(store.reading.articles())
    finished = store.desk.finish([ending(claim, decision)])

    assert before == []
    assert finished.position == 1
    assert [a["id"] for a in store.reading.articles()] == [str(decision.article_id)]


def test_a_later_version_that_finishes_first_stays_current(store: Store) -> None:
    drop(store, ("a.txt", text()), ("b.txt", text().replace("14 days", "15 days")))
    first, second = store.desk.claim((), 32)
    old, new = decide(store, [first, second])
    store.desk.finish([ending(second, new)])
    late = store.desk.finish([ending(first, old)])

    assert late.written == (first.file_id,)
    assert late.position is None
    assert store.changes() == [("stored", 2, 0)]


def test_tagging_that_failed_says_so(store: Store) -> None:
    drop(store, ("a.txt", text()))
    (claim,) = store.desk.claim((), 32)
    (decision,) = decide(store, [claim])
    store.desk.finish([Ending(claim, decision, tags=None)])

    (article,) = store.reading.articles()

    assert (article["tags_status"], article["countries"]) == ("failed", None)
    assert store.reading.status().reasons == {(State.STORED, Reason.TAGGING_FAILED): 1}


def test_articles_are_read_by_position(store: Store) -> None:
    drop(store, *((f"{n}.txt", text(n)) for n in range(1, 5)))
    process(store)

    positions = [a["position"] for a in store.reading.articles(after=1, until=3)]

    assert positions == [2, 3]


def test_both_stores_say_the_same_of_an_article(store: Store) -> None:
    drop(store, ("a.txt", text()), ("b.txt", text()))
    process(store)

    (article,) = store.reading.articles()

    assert article["uri"] == f"urn:uuid:{article['id']}"
    assert article["countries"] == [{"code": "KE", "relevance": 1.0}]
    assert article["copies"] == 1
    assert article["people"] == []
    assert article["subjects"] is None


def test_the_latest_outcomes_are_read_newest_first(store: Store) -> None:
    drop(store, ("a.txt", text(1)))
    process(store)
    store.intake.record(INBOX, [notice("x", reason=Reason.SPECIAL_FILE)])

    latest = store.reading.latest(10)

    assert [line.outcome for line in latest] == [State.IGNORED, State.STORED]
    assert latest[0].headline == Reason.SPECIAL_FILE.meaning
    assert [line.reason for line in latest] == [Reason.SPECIAL_FILE, None]
    assert latest[1].tags == ("KE",)


def test_inboxes_are_read_apart(store: Store) -> None:
    """One is known by its files, or by its watcher alone."""
    store.intake.record("/b", [notice("x", reason=Reason.SPECIAL_FILE)])
    store.intake.record("/c", [notice("y", reason=Reason.SPECIAL_FILE)])
    store.intake.beat("/a", settling=0, scanned=False)

    assert store.reading.inboxes() == ("/a", "/b", "/c")
    assert [line.path for line in store.reading.latest(10, inbox="/b")] == ["x"]
    assert store.reading.latest(10, inbox="/a") == ()


def test_status_counts_what_is_still_being_written(store: Store) -> None:
    drop(store, ("a.txt", text()))
    store.intake.beat(INBOX, settling=2, scanned=True)
    store.intake.beat(INBOX, settling=2, scanned=False)

    status = store.reading.status(INBOX)

    assert status.in_flight == 3
    assert status.scanned_at is not None
    assert status.oldest_due_seconds is not None
    assert store.reading.status("/elsewhere").in_flight == 0
