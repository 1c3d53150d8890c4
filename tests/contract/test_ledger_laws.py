"""What every ledger and store must do, whatever it is made of."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.articles import INBOX, STORY, TAGS, article, candidate, notice, text
from tests.contract.conftest import JUDGE, Store
from worker.core.article import UNTOLD, Decision, Relation, Verdict
from worker.core.dedupe import Candidate, Neighbour
from worker.core.exporting import table
from worker.core.ledger import ATTEMPTS, DEATHS_ALONE, SILENCES, Lane, Path, Reason, Stat, State
from worker.core.normalise import normalise
from worker.core.readers import read
from worker.core.settling import UNSEEN
from worker.core.shelf import TEXTS
from worker.core.sight import CLEAR_SIGHT, Sight
from worker.ports import Claim, Ending, Recorded, Unheard


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

    assert (again.due, again.refused, again.known) == ((), 0, 1)
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


def test_what_another_watcher_recorded_since_the_mark_makes_a_reading_stale(store: Store) -> None:
    """Nobody can say which of the two was read first; the file itself can, once more."""
    mark = store.intake.mark(INBOX)
    drop(store, ("a.txt", text(2)))

    late = [notice("a.txt", text(1)), notice("a.txt", text(3)), notice("b.txt", text(4))]
    recorded = store.intake.record(INBOX, late, mark=mark)

    assert recorded.stale == tuple(late[:2])
    assert (len(recorded.due), recorded.known) == (1, 0)
    assert len(store.desk.claim((), 32)) == 2


def test_the_same_reading_is_never_stale(store: Store) -> None:
    mark = store.intake.mark(INBOX)
    drop(store, ("a.txt", text(1)))

    recorded = store.intake.record(INBOX, [notice("a.txt", text(1))], mark=mark)

    assert (recorded.stale, recorded.known) == ((), 1)


def test_what_was_read_after_the_mark_is_the_next_generation(store: Store) -> None:
    """Our own batch moves the mark, as asking for it does."""
    drop(store, ("a.txt", text(1)))
    asked = store.intake.mark(INBOX)
    first = store.intake.record(INBOX, [notice("a.txt", text(2))], mark=asked)
    second = store.intake.record(INBOX, [notice("a.txt", text(3))], mark=first.mark)

    assert [(len(r.due), r.stale) for r in (first, second)] == [(1, ()), (1, ())]
    assert second.mark == store.intake.mark(INBOX)


def test_two_generations_that_are_recorded_again_add_none(store: Store) -> None:
    """As after a commit whose answer was lost."""
    mark = store.intake.mark(INBOX)
    batch = [notice("a.txt", text(1)), notice("a.txt", text(2))]
    store.intake.record(INBOX, batch, mark=mark)

    again = store.intake.record(INBOX, batch, mark=mark)

    assert (again.due, again.stale, again.known) == ((), (batch[0],), 1)


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


def test_what_was_refused_unread_is_to_be_tried_again(store: Store) -> None:
    """But not what is ignored: its name or its kind will not change."""
    refused = [notice("a", reason=Reason.UNREADABLE), notice("b", reason=Reason.SPECIAL_FILE)]
    store.intake.record(INBOX, refused)

    known = dict(store.intake.known(INBOX))

    assert known == {b"a": UNSEEN, b"b": refused[1].stat}


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


@pytest.mark.parametrize(
    ("hinted", "batches"),
    [
        pytest.param("", ["ln", "xy"], id="live first, and none of the others with them"),
        pytest.param("l", ["ln", "xy"], id="a live one is hinted at"),
        pytest.param("y", ["yx", "ln"], id="one of the others is"),
        pytest.param("ly", ["lny", "x"], id="all that are hinted at, whatever their lanes"),
    ],
)
def test_a_batch_has_one_lane(store: Store, hinted: str, batches: list[str]) -> None:
    """Else a file that was just dropped would wait for the work on thirty old ones."""
    ids = {}
    for name in "xlyn":
        lane = Lane.LIVE if name in "ln" else Lane.BACKFILL
        (ids[name],) = store.intake.record(INBOX, [notice(name, text(ord(name)), lane=lane)]).due

    first = store.desk.claim([ids[name] for name in hinted], 32)
    second = store.desk.claim((), 32)

    assert [{c.path.text for c in claims} for claims in (first, second)] == list(map(set, batches))


@pytest.mark.parametrize("lanes", [(Lane.BACKFILL, Lane.LIVE), (Lane.LIVE, Lane.BACKFILL)])
def test_those_due_are_told_live_first_and_counted(store: Store, lanes: tuple[Lane, Lane]) -> None:
    """Whoever rings names these, and no other: not one that is refused, or known."""
    dropped = [
        *(notice(lane.value, text(n), lane=lane) for n, lane in enumerate(lanes)),
        notice("refused", reason=Reason.UNREADABLE),
    ]

    recorded = store.intake.record(INBOX, dropped)
    again = store.intake.record(INBOX, dropped)

    live = store.desk.claim(recorded.due[: recorded.live], 32)
    assert [c.path.text for c in live] == ["live"]
    assert (len(recorded.due), recorded.live, again.live) == (2, 1, 0)


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


def test_whoever_ends_a_file_learns_who_waited_for_it(store: Store) -> None:
    """The next generation of each, and no other file: what is due was rung for already."""
    waiting = drop(store, ("a.txt", text(1)), ("b.txt", text(2)), ("c.txt", text(3)))
    first = store.desk.claim((), 2)
    later = drop(store, ("a.txt", text(4)), ("b.txt", text(5)), ("a.txt", text(6)))

    finished = store.desk.finish([Ending(c, reason=Reason.NO_TEXT) for c in first])
    second = store.desk.claim(finished.freed, 2)
    rest = store.desk.finish([Ending(c, reason=Reason.NO_TEXT) for c in second])

    assert finished.written == waiting.due[:2]
    assert finished.freed == tuple(c.file_id for c in second) == later.due[:2]
    assert rest.freed == later.due[2:]


def test_a_generation_that_was_refused_waits_for_nobody(store: Store) -> None:
    drop(store, ("a.txt", text(1)))
    claims = store.desk.claim((), 32)
    store.intake.record(INBOX, [notice("a.txt", reason=Reason.TOO_LARGE)])

    assert store.desk.finish([Ending(c, reason=Reason.NO_TEXT) for c in claims]).freed == ()


def test_whoever_lost_a_file_frees_nobody(store: Store) -> None:
    drop(store, ("a.txt", text(1)), ("a.txt", text(2)))
    late = store.desk.claim((), 32)
    store.pass_time()
    store.sweep.free_expired()

    assert store.desk.finish([Ending(c, reason=Reason.NO_TEXT) for c in late]).freed == ()


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

    freed = store.succession.bury(store.succession.holders())
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
        freed = store.succession.bury(store.succession.holders())

    assert (freed.again, freed.poisoned) == (0, 1)
    assert store.reading.status().reasons == {(State.QUARANTINED, Reason.POISON): 1}


def test_a_decided_file_is_never_poison(store: Store) -> None:
    """Its text is in the store: all that is left is to say so."""
    drop(store, ("a.txt", text()))
    decide(store, store.desk.claim((), 32))
    for _ in range(DEATHS_ALONE + 1):
        store.succession.bury(store.succession.holders())
        (claim,) = store.desk.claim((), 32)

    assert claim.deaths == DEATHS_ALONE
    assert claim.decision is not None


def test_a_silence_blames_no_file(store: Store) -> None:
    """Machines, networks and stores fail too."""
    drop(store, ("a.txt", text()))
    for _ in range(DEATHS_ALONE + 2):
        (claim,) = store.desk.claim((), 32)
        store.pass_time()
        store.sweep.free_expired()

    assert (claim.solo, claim.deaths) == (True, 0)


def test_silence_again_and_again_is_a_reason_to_be_tried_alone(store: Store) -> None:
    drop(store, ("a.txt", text()))
    solo = []
    for _ in range(SILENCES + 1):
        (claim,) = store.desk.claim((), 32)
        solo.append(claim.solo)
        store.pass_time()
        store.sweep.free_expired()

    assert solo == [False] * SILENCES + [True]


def test_silences_without_end_are_poison(store: Store) -> None:
    """A file that takes its whole worker with it leaves nobody who saw it."""
    drop(store, ("a.txt", text()))
    freed = []
    for _ in range(ATTEMPTS):
        store.desk.claim((), 32)
        store.pass_time()
        freed.append(store.sweep.free_expired().poisoned)

    assert freed == [0] * (ATTEMPTS - 1) + [1]


def test_only_whoever_holds_a_file_is_buried_with_it(store: Store) -> None:
    drop(store, ("a.txt", text()), ("b.txt", text(1)))
    nobody = store.succession.holders()
    (first,) = store.desk.claim((), 1)
    (child,) = store.succession.holders()
    strangers = store.succession.bury([child + 1])
    freed = store.succession.bury([child])

    assert nobody == store.succession.holders() == ()
    assert (strangers.again, freed.again) == (0, 1)
    assert [c.file_id for c in store.desk.claim([first.file_id], 1)] == [first.file_id]


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

    assert at_first == Unheard()
    assert len(store.sweep.unheard(1).ids) == 1
    assert len(store.sweep.unheard(10).ids) == 1
    assert store.sweep.unheard(10) == Unheard()


def test_unheard_files_of_the_second_lane_are_rung_for_without_their_names(store: Store) -> None:
    found = [notice(path, text(n), lane=Lane.BACKFILL) for n, path in enumerate("ab", 1)]
    store.intake.record(INBOX, [*found, notice("c.txt", text(3))])
    store.pass_time()

    unheard = store.sweep.unheard(10)
    (live,) = store.desk.claim((), 1)

    assert unheard.named == 1
    assert unheard.ids[0] == live.file_id
    assert len(unheard.ids) == 3


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


TEN = [text().replace("14 days", f"{14 + n} days") for n in range(10)]


def test_a_file_that_is_corrected_again_and_again_stays_one_article(store: Store) -> None:
    """Its versions are not so many stories of one template."""
    relations = []
    for content in TEN:
        drop(store, ("a.txt", content))
        relations += process(store)

    assert relations == [Relation.NEW, *[Relation.REVISION] * 9]
    assert [version for _, version, _ in store.changes()] == list(range(1, 11))
    assert len(list(store.reading.articles())) == 1


@pytest.mark.parametrize("limit", [1, 32], ids=["one by one", "in one batch"])
def test_a_story_whose_figures_change_from_file_to_file_is_one_article(
    store: Store, limit: int
) -> None:
    drop(store, *((f"{n}.txt", content) for n, content in enumerate(TEN)))

    relations = [r for _ in range(len(TEN) // limit + 1) for r in process(store, limit=limit)]

    assert relations == [Relation.NEW, *[Relation.REVISION] * 9]
    assert [a["version"] for a in store.reading.articles()] == [10]


@pytest.mark.parametrize(
    ("edited", "again"),
    [
        pytest.param(
            text().replace("14 days", "15 days"), text().replace("\n", "\n "), id="the same text"
        ),
        pytest.param(
            text().replace("14 days", "15 days"), text().replace("KISUMU", "Kisumu"), id="in words"
        ),
        pytest.param(
            text().replace("on Tuesday morning", "yesterday"),
            text().replace("the operator said", "said its operator"),
            id="nearly the same text",
        ),
        pytest.param(
            text().replace("14 days", "15 days"),
            text().replace("the operator said", "said its operator"),
            id="nearly the same text, with a number that was corrected meanwhile",
        ),
    ],
)
def test_a_copy_that_is_saved_again_puts_no_old_text_back(
    store: Store, edited: str, again: str
) -> None:
    """Only a file that made a version of an article may revise it by being edited."""
    relations = []
    for path, content in (("x", text()), ("y", text()), ("x", edited), ("y", again)):
        drop(store, (path, content))
        relations += process(store)

    assert relations == [Relation.NEW, Relation.EXACT, Relation.REVISION, Relation.UNCHANGED]
    assert store.changes() == [("stored", 1, 1), ("regrouped", 1, 1), ("revised", 2, 1)]
    assert store.reading.status().counts[State.DUPLICATE] == 2


def test_a_copy_is_compared_with_what_it_copied_last(store: Store) -> None:
    relations = []
    nearly = TEN[1].replace("the operator said", "said its operator")
    for n, content in enumerate((TEN[0], TEN[0], TEN[1], TEN[1], TEN[2], nearly)):
        drop(store, ("xy"[n % 2], content))
        relations += process(store)

    assert relations[::2] == [Relation.NEW, Relation.REVISION, Relation.REVISION]
    assert relations[1::2] == [Relation.EXACT, Relation.UNCHANGED, Relation.UNCHANGED]


def test_a_copy_whose_number_changes_is_news(store: Store) -> None:
    """Whatever became of what it copied: a number that changes is never passed over."""
    relations = []
    for path, content in (("x", TEN[0]), ("y", TEN[0]), ("x", TEN[1]), ("y", TEN[2])):
        drop(store, (path, content))
        relations += process(store)

    assert relations == [Relation.NEW, Relation.EXACT, Relation.REVISION, Relation.REVISION]
    assert [a["version"] for a in store.reading.articles()] == [3]


def test_a_copy_that_becomes_another_story_may_edit_that_one(store: Store) -> None:
    """And when it is back at the text that it once copied, it is a copy again."""
    relations = []
    another = text(1)
    for path, content in (
        ("x", text()),
        ("y", text()),
        ("y", another),
        ("y", another.replace("31 million1", "41 million1")),
        ("y", text()),
    ):
        drop(store, (path, content))
        relations += process(store)

    assert relations == [
        Relation.NEW,
        Relation.EXACT,
        Relation.NEW,
        Relation.REVISION,
        Relation.EXACT,
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("$3 million", "€3 million", id="another currency"),
        pytest.param("the operator said", "the Operator said", id="case"),
        pytest.param("is low.", "is low!", id="punctuation"),
    ],
)
def test_a_file_whose_words_stay_and_whose_signs_change_is_revised(
    store: Store, old: str, new: str
) -> None:
    """The words alone make the hash, but readers see every sign; to the letter is unchanged."""
    before = text().replace("3 million shillings", "$3 million")
    after = before.replace(old, new)
    relations = []
    for path, content in (
        ("a.txt", before),
        ("a.txt", after),
        ("a.txt", after.replace("\n", "\n ")),
        ("a.txt", before),
        ("copy.txt", after),
    ):
        drop(store, (path, content))
        relations += process(store)

    assert relations == [
        Relation.NEW,
        Relation.REVISION,
        Relation.UNCHANGED,
        Relation.REVISION,
        Relation.EXACT,
    ]
    assert [kind for kind, _, _ in store.changes()] == ["stored", "revised", "revised", "regrouped"]


def test_other_bytes_with_the_same_text_change_nothing(store: Store) -> None:
    relations = []
    for content in (text(), text().replace("\n", "\n ")):
        drop(store, ("a.txt", content))
        relations += process(store)

    assert relations == [Relation.NEW, Relation.UNCHANGED]
    assert len(store.changes()) == 1


def test_a_page_of_which_only_the_noise_changed_changes_nothing(store: Store) -> None:
    """The time of its update, and the count of its comments, are no text of it."""
    headline, story = text().split("\n", 1)
    relations = []
    for minute, comments in ((30, 3), (45, 4)):
        page = f"{headline}\nUpdated: March 4, 2025 10:{minute} EAT\n{story}\nComments ({comments})"
        drop(store, ("a.txt", page))
        (claim,) = store.desk.claim((), 32)
        found = Candidate.of(normalise(*read(claim.content, "a.txt")))
        decision = store.desk.decide([(claim, found)], JUDGE)[claim.file_id]
        store.desk.finish([ending(claim, decision)])
        relations.append(decision.verdict.relation)

    assert relations == [Relation.NEW, Relation.UNCHANGED]
    assert store.changes() == [("stored", 1, 0)]


def test_a_text_of_more_words_than_an_index_takes_is_stored_and_seen(store: Store) -> None:
    drop(store, ("a.txt", f"Head\n{' '.join(f'word{n}' for n in range(150_000))}"))

    assert process(store) == [Relation.NEW]
    assert store.changes() == [("stored", 1, 0)]


def test_a_file_that_goes_to_and_fro_is_compared_with_few_of_its_versions(store: Store) -> None:
    """Or a page that changes every minute would hold up all decisions before long."""
    texts, compared = (text(), text().replace("14 days", "15 days")), []

    def judge(mine: Candidate, stored: Iterable[Neighbour]) -> Verdict:
        compared.append(list(stored))
        return JUDGE(mine, compared[-1])

    for n in range(20):
        drop(store, ("a.txt", texts[n % 2]))
        (claim,) = store.desk.claim((), 32)
        decisions = store.desk.decide([(claim, candidate(claim))], judge)
        store.desk.finish([ending(claim, decisions[claim.file_id])])
    drop(store, ("copy.txt", texts[0]))
    (claim,) = store.desk.claim((), 32)
    (copy,) = decide(store, [claim])

    assert max(map(len, compared)) <= 2 * TEXTS + 1
    assert [version for _, version, _ in store.changes()] == list(range(1, 21))
    assert (copy.verdict.relation, copy.version) == (Relation.EXACT, 19)


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


@pytest.mark.parametrize(
    ("path", "content", "relation", "version"),
    [
        pytest.param("a.txt", TEN[2], Relation.REVISION, 3, id="a revision"),
        pytest.param("b.txt", TEN[0], Relation.EXACT, 1, id="a copy of an old version"),
        pytest.param("b.txt", f"{TEN[1]} Today.", Relation.NEAR, 2, id="a near copy"),
        pytest.param("a.txt", TEN[1].replace("\n", "\n "), Relation.UNCHANGED, 2, id="nothing new"),
    ],
)
def test_a_decision_keeps_what_it_was_compared_with(
    store: Store, path: str, content: str, relation: Relation, version: int
) -> None:
    """The verdict names that version, the decision the one that the file's text is now."""
    for earlier in TEN[:2]:
        drop(store, ("a.txt", earlier))
        process(store)
    drop(store, (path, content))
    (decision,) = decide(store, store.desk.claim((), 32))
    store.pass_time()
    store.sweep.free_expired()

    (again,) = store.desk.claim((), 32)

    assert again.decision == decision
    assert (decision.verdict.relation, decision.version) == (relation, version)
    assert decision.verdict.version == (2 if relation is Relation.REVISION else version)


def test_a_judge_that_breaks_half_way_leaves_a_batch_that_can_be_judged(store: Store) -> None:
    """Whoever tries again finds no twin of a file in what the first try left behind."""
    drop(store, *((f"{n}.txt", text(n % 3)) for n in range(4)))
    claims = store.desk.claim((), 32)
    judged: list[Candidate] = []

    def judge(mine: Candidate, stored: Iterable[Neighbour]) -> Verdict:
        judged.append(mine)
        if len(judged) == 3:
            raise LookupError("a defect")
        return JUDGE(mine, stored)

    with pytest.raises(LookupError):
        store.desk.decide([(c, candidate(c)) for c in claims], judge)
    decisions = [decision for claim in claims for decision in decide(store, [claim])]
    store.desk.finish([ending(c, d) for c, d in zip(claims, decisions, strict=True)])

    assert [d.verdict.relation for d in decisions] == [*[Relation.NEW] * 3, Relation.EXACT]
    assert [(kind, version) for kind, version, _ in store.changes()] == [("stored", 1)] * 3
    assert sorted(a["copies"] for a in store.reading.articles()) == [0, 0, 1]


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


def sealed(store: Store, content: str = STORY, path: str = "a.txt", **terms: object) -> Decision:
    """A finished article with these *terms*; ``minutes`` after it came, its embargo ends."""
    drop(store, (path, content))
    (claim,) = store.desk.claim((), 32)
    if isinstance(minutes := terms.pop("minutes", None), int):
        terms["embargo_until"] = claim.noticed_at + timedelta(minutes=minutes)
    said = replace(article(claim.content.decode()), **terms)  # type: ignore[arg-type]  # as named
    decision = store.desk.decide([(claim, Candidate.of(said))], JUDGE)[claim.file_id]
    store.desk.finish([ending(claim, decision)])
    return decision


def test_an_embargoed_article_is_seen_when_its_embargo_ends(store: Store) -> None:
    sealed(store, minutes=30)
    early = (store.sweep.lift_embargoes(), list(store.reading.articles()), store.changes())

    store.pass_time()
    lifted = [store.sweep.lift_embargoes(), store.sweep.lift_embargoes()]

    assert early == (0, [], [])
    assert lifted == [1, 0]
    assert store.changes() == [("released", 1, 0)]


def test_a_copy_without_an_embargo_releases_the_article(store: Store) -> None:
    """By its own text, which is all that nobody forbids; so the embargo's end changes nothing."""
    sealed(store, minutes=30)
    sealed(store, text(), "b.txt", minutes=60)
    early = store.changes()
    drop(store, ("c.txt", text()), ("d.txt", text()))
    process(store)

    store.pass_time()

    assert early == []
    assert store.sweep.lift_embargoes() == 0
    assert store.changes() == [("released", 2, 2)]


@pytest.mark.parametrize("embargoed", [True, False])
def test_a_change_tells_facts_of_what_was_seen_alone(store: Store, *, embargoed: bool) -> None:
    if embargoed:
        sealed(store, minutes=30)
    else:
        drop(store, ("a.txt", text()))
    process(store)
    drop(store, ("b.txt", text().replace("14 days", "15 days")))
    process(store)

    assert (store.causes()[-1] == UNTOLD) is embargoed
    assert any("14 became 15" in cause for cause in store.causes()) is not embargoed


def test_versions_that_end_together_tell_of_each_other(store: Store) -> None:
    drop(store, ("a.txt", text()), ("b.txt", text().replace("14 days", "15 days")))
    process(store)

    assert "14 became 15" in store.causes()[-1]


def test_a_copy_of_an_older_text_releases_nothing(store: Store) -> None:
    edited = text().replace("14 days", "15 days")
    drop(store, ("a.txt", text()))
    process(store)
    sealed(store, edited, minutes=30)
    drop(store, ("b.txt", text()))
    process(store)
    early = store.changes()

    store.pass_time()
    store.sweep.lift_embargoes()

    assert early == [("stored", 1, 1), ("regrouped", 1, 1)]
    assert store.changes() == [("stored", 1, 1), ("regrouped", 1, 1), ("released", 2, 1)]


def test_a_copy_of_an_embargoed_revision_releases_it(store: Store) -> None:
    edited = text().replace("14 days", "15 days")
    drop(store, ("a.txt", text()))
    process(store)
    sealed(store, edited, minutes=30)
    drop(store, ("b.txt", edited))
    relations = process(store)

    assert relations == [Relation.REVISION]
    assert store.changes() == [("stored", 1, 0), ("released", 3, 0)]


@pytest.mark.parametrize(
    ("terms", "lifted"),
    [
        pytest.param({"minutes": 600}, 0, id="it moves the embargo"),
        pytest.param({"status": "canceled"}, 0, id="it kills the story"),
        pytest.param({}, 0, id="it has no embargo, and is seen at once"),
    ],
)
def test_a_later_version_says_what_becomes_of_an_embargoed_one(
    store: Store, terms: dict[str, object], lifted: int
) -> None:
    sealed(store, minutes=30)
    sealed(store, text().replace("14 days", "15 days"), **terms)
    early = store.changes()

    store.pass_time()

    assert store.sweep.lift_embargoes() == lifted
    assert store.changes() == early == ([] if terms else [("released", 2, 0)])


@pytest.mark.parametrize(
    ("source", "lifted"),
    [
        pytest.param("lake news", 0, id="its own publisher"),
        pytest.param("Hill News", 1, id="another"),
    ],
)
def test_who_withholds_a_story_takes_back_what_it_sent(
    store: Store, source: str, lifted: int
) -> None:
    sealed(store, minutes=30, source="Lake News")
    edited = text().replace("14 days", "15 days")
    sealed(store, edited, source=source, status="withheld")

    store.pass_time()

    assert store.sweep.lift_embargoes() == lifted


def test_an_embargo_that_is_over_holds_nothing_back(store: Store) -> None:
    sealed(store, minutes=-1)

    assert store.changes() == [("stored", 1, 0)]
    assert store.sweep.lift_embargoes() == 0


@pytest.mark.parametrize("status", ["withheld", "canceled"])
def test_what_is_withheld_or_killed_is_never_seen(store: Store, status: str) -> None:
    sealed(store, status=status, minutes=30)

    store.pass_time()

    assert store.sweep.lift_embargoes() == 0
    assert store.changes() == []


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


def test_of_articles_only_what_is_asked_for_is_read(store: Store) -> None:
    drop(store, ("a.txt", text()))
    process(store)

    (article,) = store.reading.articles(only=table.KEYS)

    assert article.keys() == table.KEYS


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


def test_status_tells_how_far_behind_the_line_is(store: Store) -> None:
    """By lane and by state; what is final is neither."""
    drop(store, ("a.txt", text(1)), ("b.txt", text(2)))
    store.intake.record(INBOX, [notice("c.txt", text(3), lane=Lane.BACKFILL)])
    store.intake.record(INBOX, [notice("d", reason=Reason.SPECIAL_FILE)])
    store.desk.claim((), 1)

    status = store.reading.status(INBOX)

    assert status.lanes == {Lane.LIVE: 2, Lane.BACKFILL: 1}
    assert set(status.oldest_seconds) == {State.NOTICED, State.PROCESSING}
    assert (status.finished_last_minute, status.finished_last_ten_minutes) == (1, 1)


def test_status_counts_the_halves_that_were_superseded(store: Store) -> None:
    """By the file's next generation; an edit of it is none."""
    whole = text(1)
    for content in (whole.rpartition("\n")[0], whole, whole.replace("August", "July")):
        drop(store, ("a.txt", content))
        process(store)

    status = store.reading.status(INBOX)

    assert (status.halves, status.counts[State.REVISED]) == (1, 2)
    assert store.reading.status("/elsewhere").halves == 0


def test_each_watcher_has_a_word_of_its_own(store: Store) -> None:
    """Nobody speaks over another; when the inbox was scanned, all know of each."""
    deaf, full = Sight("no events", unlisted=("a",)), Sight(paused="the disk is full")
    store.intake.beat(INBOX, settling=2, scanned=True, sight=deaf, watcher="one")
    store.intake.beat(INBOX, settling=1, scanned=False, sight=full, watcher="two")

    status = store.reading.status(INBOX)

    assert status.settling == 2
    assert status.sight == Sight("no events", "the disk is full", ("a",))
    assert status.scanned_at is not None


def test_the_word_of_a_watcher_that_fell_silent_goes_once_another_speaks(store: Store) -> None:
    deaf = Sight("no events")
    store.intake.beat(INBOX, settling=2, scanned=True, sight=deaf, watcher="one")
    store.pass_time()
    alone = store.reading.status(INBOX)
    store.intake.beat(INBOX, settling=1, scanned=False, watcher="two")

    status = store.reading.status(INBOX)

    assert (alone.settling, alone.sight) == (2, deaf)
    assert (status.settling, status.sight) == (1, CLEAR_SIGHT)
    assert status.scanned_at is not None


def test_status_says_how_the_watchers_see(store: Store) -> None:
    """As they last said."""
    sight = Sight("no events", "the disk is full", ("a", "b/c"), waiting_seconds=5.0)
    store.intake.beat(
        INBOX, settling=1, scanned=False, sight=replace(sight, paused="", unlisted=())
    )
    store.intake.beat(INBOX, settling=1, scanned=False, sight=sight)
    store.intake.beat("/b", settling=0, scanned=False, sight=Sight(unlisted=("d",)))

    seen, other, both = (store.reading.status(i).sight for i in (INBOX, "/b", None))

    assert replace(seen, waiting_seconds=5.0) == sight
    assert seen.waiting_seconds == pytest.approx(5.0, abs=1.0)
    assert other == Sight(unlisted=("d",))
    assert sorted(both.unlisted) == ["a", "b/c", "d"]
    assert (both.scanning, both.paused) == (sight.scanning, sight.paused)
    assert store.reading.status("/elsewhere").sight == CLEAR_SIGHT
