import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import pytest
from celery import Celery

from tests.articles import INBOX, STAGES, article, notice, text
from tests.doubles import Gong, Moments
from worker.adapters.memory import MemoryStore
from worker.core import message
from worker.core.article import Article, Decision
from worker.core.dedupe import Candidate
from worker.core.errors import Unavailable
from worker.core.expanding.rules import Rules
from worker.core.ledger import BATCH_BYTES, State
from worker.core.message import INGEST
from worker.core.portioning import FIRST_FILES
from worker.core.ringing import IDS_PER_HINT
from worker.expansion import LIVE_MEMBERS, PART_MEMBERS
from worker.pipeline import Stages
from worker.ports import Claim, Ending, Finished, Freed, Judge
from worker.tasks import TIME_LIMIT_SECONDS, Parts, Portion, register, serve, succeed

BATCH = 4
NEVER_SECONDS = 3600.0
SOON_SECONDS = 0.001
PATIENCE_SECONDS = 20.0
WAIT_SECONDS = 5.0  # for a thread of our own, before a test fails


class Flaky(MemoryStore):
    """Cannot be reached for the calls named, so many times each."""

    def __init__(self, **failures: int) -> None:
        super().__init__()
        self._failures = failures
        self.calls: list[str] = []
        self.renewed = threading.Event()

    def claim(self, hinted: Sequence[int], limit: int) -> tuple[Claim, ...]:
        self._reach("claim")
        return super().claim(hinted, limit)

    def decide(
        self, articles: Sequence[tuple[Claim, Candidate]], judge: Judge
    ) -> Mapping[int, Decision]:
        self._reach("decide")
        return super().decide(articles, judge)

    def finish(self, endings: Sequence[Ending]) -> Finished:
        self._reach("finish")
        return super().finish(endings)

    def hand_back(self, claims: Sequence[Claim]) -> None:
        self._reach("hand_back")
        super().hand_back(claims)

    def renew(self, claims: Sequence[Claim]) -> None:
        self._reach("renew")
        super().renew(claims)
        self.renewed.set()

    def _reach(self, call: str) -> None:
        self.calls.append(call)
        if self._failures.get(call, 0) > 0:
            self._failures[call] -= 1
            raise Unavailable(f"{call}: the store is away")


@dataclass
class Room:
    """A worker child, with all that it works with."""

    desk: Flaky
    bell: Gong
    clock: Moments
    parts: Parts

    def serve(self, *hinted: int) -> int:
        return serve(hinted, self.parts)

    @property
    def counts(self) -> dict[State, int]:
        return {state: n for state, n in self.desk.status().counts.items() if n}

    @property
    def slept_seconds(self) -> float:
        return self.clock.now - Moments(wall_ns=0).now


def room(
    files: int = 0,
    *,
    renew_seconds: float = NEVER_SECONDS,
    stages: Stages = STAGES,
    bell_away: bool = False,
    **failures: int,
) -> Room:
    desk, bell, clock = Flaky(**failures), Gong(away=bell_away), Moments(wall_ns=0)
    desk.record(INBOX, [notice(f"{n}.txt", text(n)) for n in range(files)])
    parts = Parts(
        desk=desk,
        containers=desk,
        rules=Rules(),
        stages=stages,
        bell=bell,
        clock=clock,
        portion=Portion(BATCH),
        renew_seconds=renew_seconds,
    )
    return Room(desk, bell, clock, parts)


def renewing() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "renew"]


# --- one ring -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "served", "rings"),
    [
        pytest.param(0, 0, 0, id="nothing is due"),
        pytest.param(BATCH - 1, BATCH - 1, 0, id="all that was due"),
        pytest.param(BATCH, BATCH, 1, id="a full batch: there may be more"),
        pytest.param(BATCH + 1, BATCH, 1, id="there is more"),
    ],
)
def test_one_ring_is_one_batch(files: int, served: int, rings: int) -> None:
    here = room(files)

    assert here.serve() == served
    assert here.bell.rings == [()] * rings
    assert here.counts.get(State.STORED, 0) == served


@pytest.mark.parametrize(
    ("due", "seconds", "served"),
    [
        pytest.param(9, 0.5, [BATCH, 2, 2], id="two seconds: half as many"),
        pytest.param(9, 9.0, [BATCH, 1, 1], id="never none"),
        pytest.param(9, 0.1, [BATCH, BATCH, 1], id="quick: as many as may be"),
        pytest.param(BATCH - 1, 0.5, [BATCH - 1, 0, 0], id="one that was not full tells nothing"),
    ],
)
def test_a_batch_takes_about_a_second(due: int, seconds: float, served: list[int]) -> None:
    here = room(due)

    def read(content: bytes, name: str) -> Article:
        here.clock.sleep(seconds)
        return STAGES.read(content, name)

    here.parts = replace(here.parts, stages=replace(STAGES, read=read))

    assert [here.serve() for _ in served] == served


@pytest.mark.parametrize("alone", ["solo", "bulk"])
def test_what_is_worked_alone_says_nothing_of_a_batch(alone: str) -> None:
    here = room(BATCH + 1)
    here.parts.portion.learn(1, 1.0)
    setattr(here.desk.rows[1], alone, True)

    here.serve(1)

    assert here.desk.rows[1].state is State.STORED
    assert here.parts.portion.files == 1


def test_a_child_begins_with_a_small_batch() -> None:
    assert Portion(BATCH).files == BATCH
    assert Portion(10 * FIRST_FILES).files == FIRST_FILES


def test_those_hinted_at_go_first() -> None:
    here = room(2 * BATCH)

    here.serve(2 * BATCH)

    assert here.desk.rows[2 * BATCH].state is State.STORED


def test_rings_are_answered_until_nothing_is_due() -> None:
    here = room(3 * BATCH - 1)
    served = [here.serve()]
    while here.bell.rings:
        here.bell.rings.pop()
        served.append(here.serve())

    assert served == [BATCH, BATCH, BATCH - 1]
    assert here.counts == {State.STORED: 3 * BATCH - 1}


def test_a_file_worked_alone_is_no_sign_that_all_is_done() -> None:
    """Its batch is full with one, so somebody is rung for the next."""
    here = room(1)
    here.desk.rows[1].solo = True

    assert here.serve() == 1
    assert here.bell.rings == [()]


@pytest.mark.parametrize(
    ("hinted", "rings"),
    [
        pytest.param((1, 2), [], id="all of them were served"),
        pytest.param((9, 2, 7), [(7, 9)], id="some were not"),
        pytest.param((9,), [(9,)], id="none was"),
    ],
)
def test_those_hinted_at_and_not_served_are_rung_for(
    hinted: tuple[int, ...], rings: list[tuple[int, ...]]
) -> None:
    """They may have had to wait for what was served, or for somebody who died meanwhile."""
    here = room(2)

    assert here.serve(*hinted) == 2
    assert here.bell.rings == rings


def test_hints_at_nothing_that_is_due_ring_for_nobody() -> None:
    """Else a ring for a file that is done would be answered by a ring, for ever."""
    here = room(2)
    here.serve()

    assert here.serve(1, 2) == 0
    assert here.bell.attempts == 0


def test_those_that_waited_for_what_was_served_are_rung_for() -> None:
    here = room(1)
    here.desk.record(INBOX, [notice("0.txt", text(n)) for n in (1, 2)])

    served = [here.serve(), here.serve(*here.bell.rings[-1]), here.serve(*here.bell.rings[-1])]

    assert served == [1, 1, 1]
    assert here.bell.rings == [(2,), (3,)]
    assert here.counts == {State.STORED: 3}


def test_a_container_is_taken_apart_and_its_members_are_rung_for() -> None:
    """Alone, so somebody is rung for whatever else is due."""
    here = room()
    here.desk.record(INBOX, [notice("w.jsonl", '{"a": 1}\n{"b": 2}\n')])

    assert here.serve() == 1
    assert here.counts == {State.EXPANDED: 1, State.NOTICED: 2}
    assert here.bell.rings == [(2, 3), ()]


def test_members_of_the_second_lane_are_rung_for_and_not_named() -> None:
    """Whoever is rung takes what is named before all else, live files included."""
    here = room()
    count = LIVE_MEMBERS + IDS_PER_HINT
    here.desk.record(INBOX, [notice("w.jsonl", "".join(f'{{"a": {n}}}\n' for n in range(count)))])

    here.serve()

    named = [file_id for ring in here.bell.rings for file_id in ring]
    assert named == list(range(2, 2 + LIVE_MEMBERS))
    assert here.bell.rings[-2:] == [(), ()], "one for the second lane, one for whatever else is due"


def test_a_large_container_is_rung_for_until_it_is_done() -> None:
    here = room()
    lines = '{"a": 1}\n' * (PART_MEMBERS + 1)
    here.desk.record(INBOX, [notice("w.jsonl", lines)])

    here.serve()
    rings = [ring for ring in here.bell.rings if 1 in ring]
    here.serve(1)

    assert rings == [(1,)]
    assert here.counts == {State.EXPANDED: 1, State.NOTICED: PART_MEMBERS + 1}


def test_members_that_nobody_was_rung_for_are_the_clerks() -> None:
    here = room(bell_away=True)
    here.desk.record(INBOX, [notice("w.jsonl", '{"a": 1}\n')])

    assert here.serve() == 1
    assert here.counts == {State.EXPANDED: 1, State.NOTICED: 1}


def test_freed_before_unserved() -> None:
    """A message takes a hundred ids: those that are known to be due go first."""
    here = room(1)
    here.desk.record(INBOX, [notice("0.txt", text(5))])

    here.serve(9, 1, 8)

    assert here.bell.rings == [(2, 8, 9)]


@pytest.mark.parametrize(
    ("size", "rings"),
    [
        pytest.param(BATCH_BYTES, [()], id="full"),
        pytest.param(BATCH_BYTES - 1, [], id="a byte was left"),
    ],
)
def test_a_batch_that_is_cut_by_its_bytes_is_a_full_one(
    size: int, rings: list[tuple[int, ...]]
) -> None:
    """Together, whatever each of them has."""
    here = room(stages=replace(STAGES, read=lambda _, name: article(text(int(name[0])))))
    here.desk.record(INBOX, [notice("1.txt", "a" * (size - 1_000)), notice("2.txt", "b" * 1_000)])

    assert here.serve() == 2
    assert here.bell.rings == rings


def test_a_full_batch_that_failed_is_still_a_full_one() -> None:
    """What it left undone waits a moment in the ledger; what was due behind it does not."""
    here = room(BATCH + 1, finish=1)

    here.serve()

    assert here.bell.rings == [()]


def test_a_broken_bell_costs_nothing() -> None:
    """What is done is done; the clerk rings for the rest."""
    here = room(BATCH, bell_away=True)

    assert here.serve() == BATCH
    assert here.bell.attempts == 1
    assert here.counts == {State.STORED: BATCH}


# --- the store is away ----------------------------------------------------------------------------


def test_nothing_claimed_is_nothing_to_hand_back() -> None:
    """A pause, so that rings that come meanwhile are not burnt up."""
    here = room(1, claim=1)

    assert here.serve() == 0
    assert here.desk.calls == ["claim"]
    assert here.slept_seconds == 1
    assert here.bell.attempts == 0


@pytest.mark.parametrize("call", ["decide", "finish"])
def test_claims_are_handed_back(call: str) -> None:
    here = room(2, **{call: 1})

    here.serve()

    assert here.counts == {State.NOTICED: 2}
    assert not any(row.solo for row in here.desk.rows.values())
    assert here.slept_seconds == 0


@pytest.mark.parametrize(
    ("failures", "state"),
    [
        pytest.param(19, State.NOTICED, id="handed back with the last try"),
        pytest.param(20, State.PROCESSING, id="left to the end of its lease"),
    ],
)
def test_handing_back_is_tried_for_a_while(failures: int, state: State) -> None:
    here = room(1, decide=1, hand_back=failures)

    here.serve()

    assert here.counts == {state: 1}
    assert here.slept_seconds == failures
    assert here.desk.calls.count("hand_back") == PATIENCE_SECONDS


def test_patience_ends_before_the_child_is_killed() -> None:
    assert PATIENCE_SECONDS < TIME_LIMIT_SECONDS


def test_what_was_handed_back_is_done_with_the_next_ring() -> None:
    here = room(2, finish=1)

    assert [here.serve(), here.serve()] == [2, 2]
    assert here.counts == {State.STORED: 2}
    assert [change.kind.value for change in here.desk.changes] == ["stored", "stored"]


def test_a_defect_of_the_edge_is_not_hidden() -> None:
    """Only the pipeline catches broadly, file by file; here it would lose a batch in silence."""
    here = room(1)

    def fail(hinted: Sequence[int], limit: int) -> tuple[Claim, ...]:
        raise LookupError("a defect")

    here.desk.claim = fail  # type: ignore[method-assign]

    with pytest.raises(LookupError):
        here.serve()


# --- leases ---------------------------------------------------------------------------------------


def waiting_for(desk: Callable[[], Flaky]) -> Stages:
    """Reads a file only when the leases were renewed meanwhile."""

    def read(content: bytes, name: str) -> Article:
        assert desk().renewed.wait(WAIT_SECONDS)
        return STAGES.read(content, name)

    return replace(STAGES, read=read)


@pytest.mark.parametrize(
    "failures", [pytest.param(0, id="at once"), pytest.param(2, id="after the store was away")]
)
def test_leases_are_renewed_while_the_work_takes_long(failures: int) -> None:
    rooms: list[Room] = []
    stages = waiting_for(lambda: rooms[0].desk)
    rooms.append(room(2, renew_seconds=SOON_SECONDS, stages=stages, renew=failures))

    rooms[0].serve()

    assert rooms[0].counts == {State.STORED: 2}
    assert rooms[0].desk.calls.count("renew") >= failures + 1


def test_leases_are_let_go_when_the_work_is_done() -> None:
    rooms: list[Room] = []
    stages = waiting_for(lambda: rooms[0].desk)
    rooms.append(room(1, renew_seconds=SOON_SECONDS, stages=stages))
    rooms[0].serve()
    renewals = rooms[0].desk.calls.count("renew")

    assert renewing() == []
    assert rooms[0].desk.calls.count("renew") == renewals


def test_leases_are_let_go_when_the_work_breaks() -> None:
    here = room(1, renew_seconds=SOON_SECONDS)

    def fail(endings: Sequence[Ending]) -> Finished:
        raise LookupError("a defect")

    here.desk.finish = fail  # type: ignore[method-assign]

    with pytest.raises(LookupError):
        here.serve()
    assert renewing() == []


def test_a_short_batch_renews_nothing() -> None:
    here = room(1)

    here.serve()

    assert here.desk.calls == ["claim", "decide", "finish"]


# --- Celery ---------------------------------------------------------------------------------------


@pytest.fixture
def app() -> Celery:
    return Celery("test", set_as_current=False, broker_url="memory://")


def test_the_task_answers_a_ring(app: Celery) -> None:
    here = room(2 * BATCH)
    register(app, lambda: here.parts)

    app.tasks[INGEST].apply(args=[message.encode([2 * BATCH])], throw=True)

    assert here.desk.rows[2 * BATCH].state is State.STORED
    assert here.counts[State.STORED] == BATCH


@pytest.mark.parametrize("args", [(), (None,), ({"v": 99},), ("gibberish",)])
def test_any_message_is_a_ring(app: Celery, args: tuple[object, ...]) -> None:
    here = room(1)
    register(app, lambda: here.parts)

    app.tasks[INGEST].apply(args=args, throw=True)

    assert here.counts == {State.STORED: 1}


def test_parts_are_made_where_the_task_runs(app: Celery) -> None:
    """After the fork: a connection must not be shared."""
    made: list[None] = []

    def parts() -> Parts:
        made.append(None)
        return room().parts

    register(app, parts)
    before = len(made)
    app.tasks[INGEST].apply(throw=True)

    assert (before, len(made)) == (0, 1)


def test_how_celery_delivers(app: Celery) -> None:
    """Never delivered again, for a dead child or otherwise: the ledger knows better."""
    register(app, lambda: room().parts)
    task = app.tasks[INGEST]

    assert (task.acks_late, task.reject_on_worker_lost) == (False, False)
    assert (task.ignore_result, task.time_limit) == (True, TIME_LIMIT_SECONDS)


# --- a child that follows a dead one --------------------------------------------------------------

LIVING, DEAD = 7, 8


@dataclass
class Graveyard:
    """Children of a worker that hold a file each."""

    holding: tuple[int, ...] = (LIVING, DEAD)
    away: bool = False
    buried: tuple[int, ...] = ()

    def holders(self) -> tuple[int, ...]:
        if self.away:
            raise Unavailable("the store is away")
        return self.holding

    def bury(self, dead: Sequence[int]) -> Freed:
        self.buried = tuple(dead)
        return Freed(again=len(dead), poisoned=0)


def test_a_new_child_buries_the_dead_alone() -> None:
    graveyard, bell = Graveyard(), Gong()

    succeed(graveyard, bell, lambda pid: pid == LIVING)

    assert graveyard.buried == (DEAD,)
    assert bell.rings == [()], "what they held is due now"


def test_a_new_child_among_the_living_rings_for_nothing() -> None:
    graveyard, bell = Graveyard(holding=(LIVING,)), Gong()

    succeed(graveyard, bell, lambda pid: pid == LIVING)

    assert graveyard.buried == ()
    assert bell.rings == []


@pytest.mark.parametrize(
    ("graveyard", "bell"),
    [
        pytest.param(Graveyard(away=True), Gong(), id="store"),
        pytest.param(Graveyard(), Gong(away=True), id="broker"),
    ],
)
def test_a_new_child_lives_though_services_are_away(graveyard: Graveyard, bell: Gong) -> None:
    succeed(graveyard, bell, lambda pid: pid == LIVING)

    assert bell.rings == []
