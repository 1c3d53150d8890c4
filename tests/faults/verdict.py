"""What a case came to, and when that is good."""

from dataclasses import dataclass

CONVERGE_SECONDS = 60.0  # after the harm's end; the promise


@dataclass(frozen=True, slots=True)
class Verdict:
    files: int  # dropped
    lost: int  # files that the ledger has not, and articles that readers have not
    doubled: int  # texts that two articles have
    split: int  # articles more than there were stories
    stuck: int  # files without an outcome
    seconds: float  # from the harm's end until all was well
    complaint: str = ""  # the first other promise that does not hold

    @property
    def good(self) -> bool:
        harm = self.lost or self.doubled or self.split or self.stuck or self.complaint
        return not harm and self.seconds <= CONVERGE_SECONDS


@dataclass(frozen=True, slots=True)
class Skipped:
    why: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The case itself did not come to its end."""

    error: str


Outcome = Verdict | Skipped | Broken
