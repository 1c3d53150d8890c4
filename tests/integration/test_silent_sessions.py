"""A worker that was cut off in the middle of a message must not keep the lock that all wait for."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg.pq import ExecStatus, PGconn
from sqlalchemy import Engine

from tests.invariants import wait
from worker.adapters.postgres.sweep import PostgresSweep

LOCK = 7001


def leave_the_answer(connection: PGconn) -> None:
    """Ask for more than the socket holds, and take nothing."""
    connection.send_query(b"select repeat('x', 50000000)")


def stop_in_the_question(connection: PGconn) -> None:
    """Say what to do, and never that this was all."""
    connection.enter_pipeline_mode()
    connection.send_query_params(b"select 1", None)
    connection.send_flush_request()
    connection.flush()


def fall_idle(connection: PGconn) -> None:
    assert connection.exec_(b"select 1").status == ExecStatus.TUPLES_OK


@pytest.fixture
def worker(database_url: str) -> Iterator[psycopg.Connection]:
    """A worker that has the lock."""
    with psycopg.connect(database_url, application_name="copydesk worker") as connection:
        connection.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        yield connection
        connection.close()  # without a farewell: it may be in the middle of a message


@pytest.mark.parametrize("fall_silent", [leave_the_answer, stop_in_the_question, fall_idle])
def test_a_silent_worker_loses_its_lock(
    engine: Engine,
    database_url: str,
    worker: psycopg.Connection,
    fall_silent: Callable[[PGconn], None],
) -> None:
    fall_silent(worker.pgconn)
    sweep = PostgresSweep(engine, silent_seconds=0.2)

    wait(lambda: sweep.end_silent() == 1, seconds=30, what="the session to be ended")

    with psycopg.connect(database_url) as other:
        other.execute("set lock_timeout = '10s'")
        other.execute("select pg_advisory_xact_lock(%s)", [LOCK])


def test_a_silence_that_is_no_longer_than_work_may_take_is_left(
    engine: Engine, worker: psycopg.Connection
) -> None:
    assert PostgresSweep(engine).end_silent() == 0
    assert worker.execute("select 1").fetchone() == (1,)


def test_a_reader_without_a_lock_may_take_its_time(engine: Engine, database_url: str) -> None:
    with psycopg.connect(database_url, application_name="copydesk export") as reader:
        reader.execute("select 1")

        assert PostgresSweep(engine, silent_seconds=0).end_silent() == 0
