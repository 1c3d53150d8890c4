"""The bell over a real broker, with the settings that a worker has."""

import time
from collections.abc import Callable, Iterator

import pytest
from celery import Celery

from tests.conftest import redis_client
from tests.doubles import Moments
from worker.adapters.celery_bell import REST_SECONDS, CeleryBell
from worker.bootstrap.working import celery_settings
from worker.core import message
from worker.core.errors import Unavailable
from worker.core.message import INGEST
from worker.settings import load

NOBODY = "redis://127.0.0.1:1/0"  # no server listens on this port
AT_ONCE_SECONDS = 0.5
QUICKLY_SECONDS = 3.0  # left to itself, kombu tries for six


def app(broker_url: str) -> Celery:
    made = Celery("test", set_as_current=False)
    made.conf.update(celery_settings(load(database_url="postgresql://db", broker_url=broker_url)))
    return made


_made: list[CeleryBell] = []


def bell(broker_url: str, clock: Moments | None = None) -> CeleryBell:
    made = CeleryBell(app(broker_url), INGEST, clock or Moments(wall_ns=0))
    _made.append(made)
    return made


@pytest.fixture(autouse=True)
def _hung_up() -> Iterator[None]:
    yield
    while _made:
        _made.pop().close()


def test_rings_wait_until_somebody_takes_them(broker_url: str) -> None:
    ours, watchers = bell(broker_url), bell(broker_url)
    before = ours.waiting()
    for ids in ((1, 2), (), (3,)):
        watchers.ring(ids)

    assert before == 0
    assert ours.waiting() == 3


def test_asking_makes_nothing_and_takes_nothing(broker_url: str) -> None:
    ours = bell(broker_url)
    ours.waiting()
    with redis_client(broker_url) as client:
        queues = [key for key in client.scan_iter() if client.type(key) == b"list"]
    ours.ring((1,))

    assert queues == []
    assert [ours.waiting() for _ in range(2)] == [1, 1]


def test_a_ring_is_a_message_that_a_worker_reads(broker_url: str) -> None:
    heard = []
    bell(broker_url).ring((7, 5))
    made = app(broker_url)
    with (
        made.connection_for_read() as connection,
        connection.SimpleQueue(made.amqp.queues[INGEST]) as queue,
    ):
        ring = queue.get(timeout=5)
        heard.append((ring.headers["task"], ring.payload[0]))
        ring.ack()

    assert heard == [(INGEST, [message.encode((7, 5))])]
    assert bell(broker_url).waiting() == 0


def test_an_unreachable_broker_is_unavailable_and_left_in_peace() -> None:
    """Whoever asks next is told at once, and the broker is not asked."""
    clock = Moments(wall_ns=0)
    ours = bell(NOBODY, clock)
    began = time.monotonic()
    with pytest.raises(Unavailable, match="does not answer"):
        ours.waiting()
    asked = time.monotonic()
    clock.now += REST_SECONDS - 0.001
    for ask in (ours.waiting, lambda: ours.ring((1,))):
        with pytest.raises(Unavailable, match="a moment ago"):
            ask()
    told = time.monotonic()

    assert asked - began < QUICKLY_SECONDS
    assert told - asked < AT_ONCE_SECONDS


@pytest.mark.parametrize("ask", [CeleryBell.waiting, lambda bell: bell.ring((1,))])
def test_a_broker_is_asked_again_when_it_had_its_rest(ask: Callable[[CeleryBell], object]) -> None:
    clock = Moments(wall_ns=0)
    ours = bell(NOBODY, clock)
    for _ in range(2):
        with pytest.raises(Unavailable, match="does not answer"):
            ask(ours)
        with pytest.raises(Unavailable, match="a moment ago"):
            ask(ours)
        clock.now += REST_SECONDS


def test_a_connection_that_broke_is_made_anew(broker_url: str) -> None:
    """The broker was started again since the last ring: nobody should wait for the clerk."""
    ours = bell(broker_url)
    ours.ring((1,))
    _break_connections(broker_url)
    ours.ring((2,))
    _break_connections(broker_url)

    assert ours.waiting() == 2


def _break_connections(broker_url: str) -> None:
    with redis_client(broker_url) as client:
        assert client.client_kill_filter(_type="normal", skipme=True) > 0


def test_rings_are_not_acknowledged(broker_url: str) -> None:
    """One whose acknowledgement failed would keep its worker from taking another, for good."""
    (queue,) = app(broker_url).amqp.queues.consume_from.values()

    assert (queue.name, queue.no_ack) == (INGEST, True)
