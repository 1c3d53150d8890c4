"""What the clerk makes good: leases that ended, files that nobody heard of, what is due by now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Freed:
    """Leases that ended without a word from their worker."""

    again: int  # tried again, alone from now on
    poisoned: int  # given up: too many died of it while it was alone, or it took too long


@dataclass(frozen=True, slots=True)
class Unheard:
    """Files to ring for, by their ids."""

    ids: tuple[int, ...] = ()
    named: int = 0  # of the first: live ones, and those that must come alone; see ``hints``


class Sweep(Protocol):
    def end_silent(self) -> int:
        """End sessions that hold a lock while nothing is heard of their worker. Gives how many."""

    def free_expired(self) -> Freed:
        """Free what nobody renewed any more; blames no file, unless it was claimed too often.

        A worker whose network, store or machine went away falls silent as well as one that died.
        """

    def retry_outdated(self) -> int:
        """Make due what another version of the code broke on, some at a time; gives how many."""

    def forget_months(self) -> bool:
        """Let the oldest month go from the index of near-duplicates; False: nothing to do."""

    def make_searchable(self) -> int:
        """Let what an earlier release stored be found by search, some at a time; gives how many."""

    def forget_changes(self) -> int:
        """Let go of changes that need not be kept any longer, some at a time; gives how many."""

    def lift_embargoes(self) -> int:
        """Let consumers see the articles whose embargo ended; gives how many, some at a time."""

    def regroup(self) -> int:
        """Merge articles that a text showed to be one, where a worker left it; gives how many."""

    def unheard(self, limit: int) -> Unheard:
        """Files that are due, and that nobody was rung for lately; marks them as rung."""


class Succession(Protocol):
    """A worker's children, by their process ids, for the one that takes a dead one's place.

    That a child died under a living parent is what tells a deadly file from a failed machine.
    """

    def holders(self) -> tuple[int, ...]:
        """Children of this worker that hold files."""

    def bury(self, dead: Sequence[int]) -> Freed:
        """Free at once what these held, and count their deaths against a file held alone."""


class Bell(Protocol):
    """A doorbell: losing, doubling or reordering its rings costs nothing."""

    def ring(self, ids: Sequence[int]) -> None:
        """Tell some worker of *ids*; raises ``Unavailable``, which callers may ignore."""

    def waiting(self) -> int:
        """Rings that no worker has taken yet."""
