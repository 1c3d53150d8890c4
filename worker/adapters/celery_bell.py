"""Ring through Celery's broker, without ever waiting long for it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from celery import Celery
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from worker.core import message
from worker.core.errors import Unavailable
from worker.ports import Clock

REST_SECONDS = 5.0  # after a failure, before the broker is tried again


class CeleryBell:
    """Rings one task's queue.

    A frozen broker costs its caller one time-out every few seconds, not one for every ring. A
    failed ring is not tried again: whether or not it arrived, the clerk rings for what is due.
    """

    def __init__(self, app: Celery, task: str, clock: Clock) -> None:
        self._app = app
        self._task = task
        self._clock = clock
        self._rest_until = float("-inf")  # monotonic seconds

    def ring(self, ids: Sequence[int]) -> None:
        with self._reachable():
            self._app.send_task(self._task, args=[message.encode(ids)], retry=False)

    def waiting(self) -> int:
        """Declares the queue, which makes nothing on Redis.

        A passive declare would say 0 for ever: kombu looks for the list without its key prefix.
        """
        with self._reachable(), self._app.pool.acquire(block=True, timeout=1) as connection:
            return int(connection.default_channel.queue_declare(self._task).message_count)

    @contextmanager
    def _reachable(self) -> Iterator[None]:
        if self._clock.monotonic() < self._rest_until:
            raise Unavailable("the broker did not answer a moment ago")
        try:
            yield
        except (OperationalError, RedisError, OSError) as error:
            self._rest_until = self._clock.monotonic() + REST_SECONDS
            raise Unavailable(f"the broker does not answer: {error}") from error
