"""What the memory adapter cannot show: several workers on one ledger, and the time limit."""

import os

import pytest
from sqlalchemy import Engine, text

from tests.articles import INBOX, notice
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.postgres.sweep import PostgresSuccession
from worker.adapters.system import uuid7

LIMIT_SECONDS = 120
OURS = os.getpid()
STATE = text("select state, reason, deaths from desk.file")


def hold(engine: Engine, *, alone: bool = True, decided: bool = False) -> PostgresSuccession:
    """A file that a child of a worker holds; gives that worker's succession."""
    worker = uuid7()
    PostgresIntake(engine).record(INBOX, [notice()])
    with engine.begin() as connection:
        connection.execute(text("update desk.file set solo = :alone"), {"alone": alone})
    PostgresDesk(engine, lease_seconds=30, new_id=uuid7, worker=worker).claim((), 1)
    with engine.begin() as connection:
        connection.execute(
            text("update desk.file set decided_at = case when :decided then now() end"),
            {"decided": decided},
        )
    return PostgresSuccession(engine, worker=worker, limit_seconds=LIMIT_SECONDS)


def pass_time(engine: Engine, seconds: float) -> None:
    statement = text("update desk.file set claimed_at = now() - make_interval(secs => :seconds)")
    with engine.begin() as connection:
        connection.execute(statement, {"seconds": seconds})


def test_children_of_another_worker_are_left_alone(engine: Engine) -> None:
    """Process ids are the same in every container."""
    hold(engine)
    other = PostgresSuccession(engine, worker=uuid7(), limit_seconds=LIMIT_SECONDS)

    assert other.holders() == ()
    assert other.bury([OURS]).again == 0


@pytest.mark.parametrize(
    ("held_seconds", "alone", "decided", "expected"),
    [
        pytest.param(121, True, False, ("quarantined", "too_expensive", 3), id="killed for it"),
        pytest.param(60, True, False, ("noticed", None, 1), id="died of it, perhaps"),
        pytest.param(121, False, False, ("noticed", None, 0), id="one of a batch"),
        pytest.param(121, True, True, ("noticed", None, 3), id="stored already: goes untagged"),
    ],
)
def test_a_child_that_was_killed_for_its_time(
    engine: Engine,
    held_seconds: float,
    alone: bool,  # noqa: FBT001 -- a case
    decided: bool,  # noqa: FBT001
    expected: tuple[str, str | None, int],
) -> None:
    succession = hold(engine, alone=alone, decided=decided)
    pass_time(engine, held_seconds)

    succession.bury([OURS])

    with engine.connect() as connection:
        assert tuple(connection.execute(STATE).one()) == expected
