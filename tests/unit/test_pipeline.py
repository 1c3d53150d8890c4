import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.articles import EPOCH, INBOX, JUDGE, STAGES, article, candidate, notice, tag, text
from worker import pipeline
from worker.adapters.memory import MemoryStore
from worker.core.article import Article, Decision, Relation, Tags, TagsStatus, Verdict
from worker.core.dedupe import Candidate, Neighbour
from worker.core.errors import Rejected, Unavailable
from worker.core.ledger import DEATHS_ALONE, Reason, State
from worker.pipeline import Stages
from worker.ports import Claim, Ending, Finished, Judge

BATCH = 32
BAD = 7  # the number of the story that makes a step break
MARK = text(BAD).split("\n", maxsplit=1)[0]


class Fussy(MemoryStore):
    """Breaks, whole and before anything is written, on a batch that holds the bad story."""

    def __init__(self, *, decide: bool = False, finish: bool = False) -> None:
        super().__init__()
        self._breaks_on_decide, self._breaks_on_finish = decide, finish

    def decide(
        self, articles: Sequence[tuple[Claim, Candidate]], judge: Judge
    ) -> Mapping[int, Decision]:
        if self._breaks_on_decide and any(c.article.headline == MARK for _, c in articles):
            raise ValueError(MARK)
        return super().decide(articles, judge)

    def finish(self, endings: Sequence[Ending]) -> Finished:
        if self._breaks_on_finish and any(
            MARK.encode() in e.claim.content and e.tags for e in endings
        ):
            raise ValueError(MARK)
        return super().finish(endings)


class Squeamish(MemoryStore):
    """Cannot write one detail."""

    def finish(self, endings: Sequence[Ending]) -> Finished:
        if any(e.detail == "\0" for e in endings):
            raise ValueError("a NUL")
        return super().finish(endings)


class Keeping(MemoryStore):
    """Keeps the endings that it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.endings: list[Ending] = []

    def finish(self, endings: Sequence[Ending]) -> Finished:
        self.endings += endings
        return super().finish(endings)


class Away(MemoryStore):
    """Cannot be reached for one of the transactions."""

    def __init__(self, transaction: str) -> None:
        super().__init__()
        self.transaction: str | None = transaction

    def decide(
        self, articles: Sequence[tuple[Claim, Candidate]], judge: Judge
    ) -> Mapping[int, Decision]:
        self._reach("decide")
        return super().decide(articles, judge)

    def finish(self, endings: Sequence[Ending]) -> Finished:
        self._reach("finish")
        return super().finish(endings)

    def _reach(self, transaction: str) -> None:
        if self.transaction == transaction:
            raise Unavailable("the store is away")


def claimed(store: MemoryStore, numbers: Sequence[int]) -> tuple[Claim, ...]:
    """Claims of a file for each story."""
    store.record(INBOX, [notice(f"{n}.txt", text(n)) for n in numbers])
    return store.claim((), BATCH)


def breaking(error: Exception) -> Callable[[bytes, str], Article]:
    def read(content: bytes, name: str) -> Article:
        if name == f"{BAD}.txt":
            raise error
        return STAGES.read(content, name)

    return read


def outcome(store: MemoryStore, number: int = BAD) -> tuple[State, Reason | None, str]:
    (row,) = (row for row in store.rows.values() if row.path.raw == b"%d.txt" % number)
    return row.state, row.reason, row.detail


def statuses(store: MemoryStore) -> list[str]:
    return [article["tags_status"] for article in store.articles()]


# --- a good day -----------------------------------------------------------------------------------


def test_a_batch_is_stored_tagged_and_published() -> None:
    store = MemoryStore()

    finished = pipeline.run(claimed(store, range(BATCH)), store, STAGES)

    assert finished == Finished(tuple(range(1, BATCH + 1)), BATCH)
    assert store.status().counts[State.STORED] == BATCH
    assert statuses(store) == [TagsStatus.COMPLETE] * BATCH


@pytest.mark.parametrize("breaks", [False, True], ids=["written at once", "written one by one"])
def test_those_that_waited_are_named(*, breaks: bool) -> None:
    """However the endings were written: somebody must ring for what is due now."""
    store = Fussy(finish=breaks)
    store.record(INBOX, [notice(f"{n}.txt", text(n + 10)) for n in (BAD, 1, 2)])
    later = store.record(INBOX, [notice(f"{n}.txt", text(n)) for n in (1, BAD)])
    claims = store.claim((), BATCH)
    pipeline.run(claims, store, STAGES)
    waiting = store.record(INBOX, [notice(f"{n}.txt", text(n + 20)) for n in (1, BAD)])

    finished = pipeline.run(store.claim((), BATCH), store, STAGES)

    assert [len(claims), len(later.due)] == [3, 2]
    assert finished.written == later.due
    assert finished.freed == waiting.due


def test_an_empty_batch_is_no_work() -> None:
    assert pipeline.run((), Away("decide"), STAGES) == Finished((), None)


def test_readers_are_told_the_path() -> None:
    told = []
    store = MemoryStore()

    def read(content: bytes, name: str) -> Article:
        told.append(name)
        return STAGES.read(content, name)

    pipeline.run(claimed(store, [1, 2]), store, replace(STAGES, read=read))

    assert told == ["1.txt", "2.txt"]


def test_only_what_is_new_is_tagged() -> None:
    """And all of it at once: the model is faster so."""
    batches = []
    store = MemoryStore()
    copies = [notice("copy.txt", text(1)), notice("1.txt", text(1)), notice("2.txt", text(2))]
    store.record(INBOX, copies)

    def tags(articles: Sequence[Article]) -> list[Tags]:
        batches.append([a.headline for a in articles])
        return tag(articles)

    pipeline.run(store.claim((), BATCH), store, replace(STAGES, tag=tags))

    assert batches == [[article(text(n)).headline for n in (1, 2)]]
    assert store.status().counts[State.DUPLICATE] == 1


def test_media_types_are_kept() -> None:
    store = Keeping()

    pipeline.run(claimed(store, [1]), store, STAGES)

    assert [e.media_type for e in store.endings] == ["text/plain"]


# --- one bad file of a batch ----------------------------------------------------------------------


@pytest.mark.parametrize("error", [ValueError("odd"), KeyError("odd"), RecursionError("odd")])
def test_a_reader_that_breaks_ends_that_file_alone(error: Exception) -> None:
    store = MemoryStore()

    pipeline.run(claimed(store, range(BATCH)), store, replace(STAGES, read=breaking(error)))

    assert outcome(store) == (
        State.QUARANTINED,
        Reason.INTERNAL_ERROR,
        f"{type(error).__name__}: {error}",
    )
    assert store.status().counts[State.STORED] == BATCH - 1


def test_a_refusal_keeps_its_reason() -> None:
    store = MemoryStore()
    refusal = Rejected(Reason.NO_TEXT, "only digits")

    pipeline.run(claimed(store, range(BATCH)), store, replace(STAGES, read=breaking(refusal)))

    assert outcome(store) == (State.QUARANTINED, Reason.NO_TEXT, "only digits")
    assert store.status().counts[State.STORED] == BATCH - 1


def test_a_defect_is_logged_with_its_trace_and_a_refusal_is_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for error in (Rejected(Reason.NO_TEXT), ValueError("odd")):
        store = MemoryStore()
        with caplog.at_level(logging.INFO, pipeline.__name__):
            pipeline.run(claimed(store, [BAD]), store, replace(STAGES, read=breaking(error)))

    (record,) = caplog.records

    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
    assert record.exc_info[0] is ValueError


@pytest.mark.parametrize(
    ("length", "kept"),
    [pytest.param(488, 500, id="just kept whole"), pytest.param(489, 500, id="cut")],
)
def test_a_long_message_is_cut(length: int, kept: int) -> None:
    store = MemoryStore()
    error = ValueError("x" * length)

    pipeline.run(claimed(store, [BAD]), store, replace(STAGES, read=breaking(error)))

    assert outcome(store)[2] == f"ValueError: {'x' * length}"[:kept]


def test_a_store_that_cannot_take_one_article_takes_the_others() -> None:
    store = Fussy(decide=True)

    pipeline.run(claimed(store, range(BATCH)), store, STAGES)

    assert outcome(store) == (State.QUARANTINED, Reason.INTERNAL_ERROR, f"ValueError: {MARK}")
    assert store.status().counts[State.STORED] == BATCH - 1


def test_a_judge_that_breaks_ends_that_file_alone() -> None:
    store = MemoryStore()

    def judge(mine: Candidate, stored: Iterable[Neighbour]) -> Verdict:
        if mine.article.headline == MARK:
            raise ValueError(MARK)
        return JUDGE(mine, stored)

    pipeline.run(claimed(store, range(BATCH)), store, replace(STAGES, judge=judge))

    assert outcome(store) == (State.QUARANTINED, Reason.INTERNAL_ERROR, f"ValueError: {MARK}")
    assert store.status().counts[State.STORED] == BATCH - 1
    assert [c.kind.value for c in store.changes] == ["stored"] * (BATCH - 1)


def test_a_tagger_that_breaks_leaves_one_article_without_tags() -> None:
    store = MemoryStore()

    def tags(articles: Sequence[Article]) -> list[Tags]:
        if any(a.headline == MARK for a in articles):
            raise ValueError("odd")
        return tag(articles)

    pipeline.run(claimed(store, range(BATCH)), store, replace(STAGES, tag=tags))

    assert outcome(store) == (State.STORED, Reason.TAGGING_FAILED, "ValueError: odd")
    assert sorted(statuses(store)) == [TagsStatus.COMPLETE] * (BATCH - 1) + [TagsStatus.FAILED]


def test_tags_that_belong_to_nobody_in_particular_are_given_to_nobody() -> None:
    """A tagger that answers for fewer articles than it was asked about breaks, and says so."""
    store = MemoryStore()

    pipeline.run(
        claimed(store, [1, 2]), store, replace(STAGES, tag=lambda articles: tag(articles)[1:])
    )

    assert statuses(store) == [TagsStatus.FAILED] * 2


def test_an_ending_that_cannot_be_written_is_written_without_its_tags() -> None:
    """What is decided can only end stored; and the others are written as they are."""
    store = Fussy(finish=True)

    finished = pipeline.run(claimed(store, range(BATCH)), store, STAGES)

    assert sorted(finished.written) == list(range(1, BATCH + 1))
    assert finished.position == BATCH
    assert outcome(store) == (State.STORED, Reason.TAGGING_FAILED, f"ValueError: {MARK}")
    assert statuses(store).count(TagsStatus.COMPLETE) == BATCH - 1


def test_a_refusal_that_cannot_be_written_is_an_internal_error() -> None:
    store = Squeamish()
    read = breaking(Rejected(Reason.MALFORMED, "\0"))

    pipeline.run(claimed(store, range(BATCH)), store, replace(STAGES, read=read))

    assert outcome(store) == (State.QUARANTINED, Reason.INTERNAL_ERROR, "ValueError: a NUL")
    assert store.status().counts[State.STORED] == BATCH - 1


# --- services that are away -----------------------------------------------------------------------


@pytest.mark.parametrize("transaction", ["decide", "finish"])
def test_a_store_that_is_away_leaves_everything_claimed(transaction: str) -> None:
    store = Away(transaction)
    claims = claimed(store, range(4))

    with pytest.raises(Unavailable):
        pipeline.run(claims, store, STAGES)

    assert store.status().counts[State.PROCESSING] == 4
    assert list(store.articles()) == []


def test_work_goes_on_where_the_store_went_away() -> None:
    """Decided is decided: no article is stored again, and none is tagged twice as two."""
    store = Away("finish")
    claims = claimed(store, range(4))
    with pytest.raises(Unavailable):
        pipeline.run(claims, store, STAGES)
    store.hand_back(claims)
    store.transaction = None

    again = store.claim((), BATCH)
    pipeline.run(again, store, STAGES)

    assert all(claim.decision for claim in again)
    assert [c.kind.value for c in store.changes] == ["stored"] * 4


def test_one_that_is_away_for_one_file_is_away_for_all() -> None:
    """Not a defect of a file, so nobody is tried alone and nothing is quarantined."""
    store = MemoryStore()

    with pytest.raises(Unavailable):
        pipeline.run(
            claimed(store, range(BATCH)),
            store,
            replace(STAGES, read=breaking(Unavailable("out of memory"))),
        )

    assert store.status().counts[State.PROCESSING] == BATCH


# --- after a worker died --------------------------------------------------------------------------


class Time:
    """The store's clock."""

    def __init__(self) -> None:
        self._now = EPOCH

    def __call__(self) -> datetime:
        return self._now

    def pass_(self) -> None:
        """Longer than any lease."""
        self._now += timedelta(hours=1)


def resumed(*, deaths: int) -> tuple[MemoryStore, tuple[Claim, ...]]:
    """A file that was decided, and whose workers died while they held it alone."""
    time = Time()
    store = MemoryStore(time)
    (claim,) = claimed(store, [BAD])
    store.decide([(claim, candidate(claim))], JUDGE)
    for _ in range(deaths + 1):  # the first died with a batch
        store.bury(store.holders())
        claims = store.claim((), BATCH)
    return store, claims


class Watched:
    """Stages that keep the order in which they were asked. A failure would be caught, and lost."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.stages = Stages(read=self._read, judge=self._judge, tag=self._tag)

    def _read(self, content: bytes, name: str) -> Article:
        self.asked.append("read")
        return STAGES.read(content, name)

    def _judge(self, mine: Candidate, stored: Iterable[Neighbour]) -> Verdict:
        self.asked.append("judge")
        return STAGES.judge(mine, stored)

    def _tag(self, articles: Sequence[Article]) -> list[Tags]:
        self.asked.append("tag")
        return STAGES.tag(articles)


def test_a_decided_file_goes_on_from_tagging() -> None:
    store, claims = resumed(deaths=DEATHS_ALONE - 1)
    watched = Watched()

    finished = pipeline.run(claims, store, watched.stages)

    assert watched.asked == ["tag"]
    assert finished == Finished((1,), 1)
    assert outcome(store) == (State.STORED, None, "")
    assert statuses(store) == [TagsStatus.COMPLETE]


def test_a_decided_file_that_keeps_killing_is_stored_without_tags() -> None:
    store, claims = resumed(deaths=DEATHS_ALONE)
    watched = Watched()

    pipeline.run(claims, store, watched.stages)

    assert watched.asked == []
    assert outcome(store) == (
        State.STORED,
        Reason.TAGGING_FAILED,
        "workers died while they tagged it alone",
    )


def test_a_decided_copy_only_has_to_be_written_down() -> None:
    store = MemoryStore()
    store.record(INBOX, [notice("1.txt", text(1)), notice("copy.txt", text(1))])
    claims = store.claim((), BATCH)
    made = store.decide([(c, candidate(c)) for c in claims], JUDGE)
    store.hand_back(claims)

    again = store.claim((), BATCH)
    watched = Watched()
    pipeline.run(again, store, watched.stages)

    assert watched.asked == ["tag"]
    assert [claim.article is None for claim in again] == [False, True]
    assert made[claims[1].file_id].verdict.relation is Relation.EXACT
    assert store.status().counts[State.DUPLICATE] == 1
    assert [a["copies"] for a in store.articles()] == [1]


def test_a_file_that_somebody_else_holds_now_is_left_to_them() -> None:
    time = Time()
    store = MemoryStore(time)
    late = claimed(store, [1, 2])
    time.pass_()
    store.free_expired()
    (now,) = store.claim((), 1)

    finished = pipeline.run(late, store, STAGES)

    assert finished == Finished((), None)
    assert pipeline.run([now], store, STAGES) == Finished((now.file_id,), 1)


def test_only_those_still_held_are_written() -> None:
    """The lease of one file of the batch ran out between the claim and the decision."""
    store = MemoryStore()
    claims = claimed(store, [1, 2])
    store.hand_back(claims[:1])
    tagged: list[str] = []

    def tags(articles: Sequence[Article]) -> list[Tags]:
        tagged.extend(a.headline for a in articles)
        return tag(articles)

    finished = pipeline.run(claims, store, replace(STAGES, tag=tags))

    assert finished == Finished((claims[1].file_id,), 1)
    assert tagged == [article(text(2)).headline]


@pytest.mark.parametrize("alone", [False, True], ids=["in a batch", "alone"])
def test_what_was_erased_is_not_read(*, alone: bool) -> None:
    store = MemoryStore()
    (claim,) = claimed(store, [BAD])
    erased = replace(claim, erased=True)
    if alone:
        pipeline.run_alone(erased, lambda claim: pipeline.run([claim], store, STAGES), store)
    else:
        pipeline.run([erased], store, STAGES)

    assert outcome(store) == (State.QUARANTINED, Reason.ERASED, "")
