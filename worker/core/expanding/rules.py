"""How much a container may unpack to, as a frozen value.

A container that was refused can be cut into smaller ones and dropped again; one that fills the
disk takes the ledger with it. So each container has its own limits, what is recorded of a file is
counted over all containers in it, and a member weighs at least ``MEMBER_BYTES``: a million empty
ones are a bomb too.
"""

from dataclasses import dataclass

from worker.core.errors import Rejected
from worker.core.ledger import Reason

MEMBER_BYTES = 1_000  # what a member costs besides its content: a row, and its place in indexes


@dataclass(frozen=True, slots=True)
class Rules:
    member_bytes: int = 20_000_000  # largest member that is kept
    total_bytes: int = 4_000_000_000  # unpacked: by one container, and recorded of one file
    members: int = 500_000  # of one container
    ratio: int = 200  # unpacked to packed bytes, of one container
    free_bytes: int = 50_000_000  # unpacked before the ratio counts
    depth: int = 3  # containers that a container may stand in
    exclude: tuple[str, ...] = ()  # shell patterns of member names to ignore

    def __post_init__(self) -> None:
        limits = (self.member_bytes, self.total_bytes, self.members, self.ratio, self.free_bytes)
        if min(*limits, self.depth) < 1:
            raise ValueError("a limit of less than one lets nothing pass")


class Meter:
    """Counts what one container unpacks to, and says when it is too much."""

    def __init__(self, rules: Rules, packed_bytes: int) -> None:
        of_ratio = max(rules.free_bytes, rules.ratio * packed_bytes)
        self._at_most = min(of_ratio, rules.total_bytes)
        self._unpacked = 0
        self._allowed: int | None = None  # up to where; None: up to the limit

    def spend(self, size: int) -> None:
        """Count *size* bytes more. Raises ``Rejected`` (archive_bomb)."""
        self._unpacked += size
        self.foresee(self._unpacked)
        if self._allowed is not None and self._unpacked > self._allowed:
            raise Rejected(Reason.ARCHIVE_BOMB, "it has a header larger than any that we know")

    def foresee(self, total: int) -> None:
        """Refuse what says beforehand that it unpacks to *total* bytes."""
        if total > self._at_most:
            raise Rejected(Reason.ARCHIVE_BOMB, f"it unpacks to more than {self._at_most} bytes")

    def allow(self, size: int) -> None:
        """Until the next call no more than *size* bytes may be spent."""
        self._allowed = self._unpacked + size
