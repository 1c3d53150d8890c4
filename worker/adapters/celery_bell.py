"""Ring through Celery's broker, without ever waiting long for it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from celery import Celery
from kombu import Connection
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from worker.core import message
from worker.core.errors import Unavailable
from worker.ports import Clock

REST_SECONDS = 5.0  # after a failure, before the broker is tried again
_GONE = (OperationalError, RedisError, OSError)

_HASTY = {"max_retries": 1, "interval_start": 0, "interval_step": 0}  # of connecting

_T = TypeVar("_T")


class CeleryBell:
    """Rings one task's queue, over a connection of its own. Not for several threads.

    A broken connection is replaced and tried once more: the broker may have been started anew
    since. A broker that is away, or frozen, costs its caller two time-outs every few seconds, not
    two for every ring; whether or not a failed ring arrived, the clerk rings for what is due.
    """

    def __init__(self, app: Celery, task: str, clock: Clock) -> None:
        self._app = app
        self._task = task
        self._clock = clock
        self._connection: Connection | None = None
        self._rest_until = float("-inf")  # monotonic seconds

    def ring(self, ids: Sequence[int]) -> None:
        arguments = [message.encode(ids)]
        self._ask(
            lambda connection: self._app.send_task(
                self._task, args=arguments, connection=connection, retry=False
            )
        )

    def waiting(self) -> int:
        """Declares the queue, which makes nothing on Redis.

        A passive declare would say 0 for ever: kombu looks for the list without its key prefix.
        """
        return self._ask(
            lambda connection: int(
                connection.default_channel.queue_declare(self._task).message_count
            )
        )

    def close(self) -> None:
        if self._connection is not None:
            self._connection.release()
            self._connection = None

    def _ask(self, question: Callable[[Connection], _T]) -> _T:
        if self._clock.monotonic() < self._rest_until:
            raise Unavailable("the broker did not answer a moment ago")
        try:
            return question(self._connected())
        except _GONE:
            self._hang_up()
        try:
            return question(self._connected())
        except _GONE as error:
            self._hang_up()
            self._rest_until = self._clock.monotonic() + REST_SECONDS
            raise Unavailable(f"the broker does not answer: {error}") from error

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._app.connection_for_write()
            self._connection.transport_options.update(_HASTY)
        return self._connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.collect()  # closes what can be closed, and waits for nobody
            self._connection = None
