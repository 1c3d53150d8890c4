"""Files that are not complete yet, by when each is to be looked at again."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

from worker.core.ledger import Lane
from worker.core.settling import Trace

MEMORY_FILES = 10_000


@dataclass(frozen=True, slots=True)
class Waiting:
    trace: Trace
    lane: Lane
    due: float  # monotonic seconds


class Table:
    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._files: dict[bytes, Waiting] = {}
        self._agenda: list[tuple[float, bytes]] = []  # a heap; entries outlive their files
        self._live = 0

    def __len__(self) -> int:
        return len(self._files)

    @property
    def live(self) -> int:
        """How many of the files came by the live lane."""
        return self._live

    def get(self, path: bytes) -> Waiting | None:
        return self._files.get(path)

    def has_room(self, path: bytes) -> bool:
        return len(self._files) < self._capacity or path in self._files

    def put(self, path: bytes, waiting: Waiting) -> None:
        self.drop(path)
        self._files[path] = waiting
        self._live += waiting.lane is Lane.LIVE
        heappush(self._agenda, (waiting.due, path))

    def drop(self, path: bytes) -> None:
        waiting = self._files.pop(path, None)
        self._live -= waiting is not None and waiting.lane is Lane.LIVE

    @property
    def oldest(self) -> float | None:
        """Since when the file that waits longest has not been written to, in monotonic seconds."""
        return min((waiting.trace.since for waiting in self._files.values()), default=None)

    def next_due(self) -> float | None:
        """When the first is due, in monotonic seconds."""
        while self._agenda and not self._current(*self._agenda[0]):
            heappop(self._agenda)
        return self._agenda[0][0] if self._agenda else None

    def take(self, now: float) -> Iterator[tuple[bytes, Waiting]]:
        """Take out those that are due, in that order. Safe to stop, and to put some back."""
        while (due := self.next_due()) is not None and due <= now:
            _, path = heappop(self._agenda)
            waiting = self._files[path]
            self.drop(path)
            yield path, waiting

    def _current(self, due: float, path: bytes) -> bool:
        waiting = self._files.get(path)
        return waiting is not None and waiting.due == due


class Memory:
    """The files that were read last: who writes to one again is a slow writer."""

    def __init__(self, size: int = MEMORY_FILES) -> None:
        self._size = size
        self._traces: OrderedDict[bytes, Trace] = OrderedDict()

    def get(self, path: bytes) -> Trace | None:
        return self._traces.get(path)

    def put(self, path: bytes, trace: Trace) -> None:
        self._traces[path] = trace
        self._traces.move_to_end(path)
        if len(self._traces) > self._size:
            self._traces.popitem(last=False)

    def drop(self, path: bytes) -> None:
        self._traces.pop(path, None)
