"""Prove, apart from the code that does the work, that nothing is lost, doubled or left behind.

Pure: the folder and the ledger are read elsewhere; here what was found is compared with what is
known, and the feed is replayed. What an audit must never do is call a loss "on its way": a file
counts as such only while somebody is there to bring it on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Self
from uuid import UUID

from worker.core.filenames import refuse
from worker.core.ledger import Path, Reason, State


class Check(StrEnum):
    """What an audit looks for. ``meaning`` says what is wrong, ``mend`` what to do about it."""

    meaning: str
    mend: str

    def __new__(cls, value: str, meaning: str, mend: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        member.mend = mend
        return member

    # the folder against the ledger
    UNSEEN = (
        "unseen",
        "in the folder, and not in the ledger",
        "run copydesk watch or up; if one is running, its log says why it passed the file over",
    )
    CHANGED = (
        "changed",
        "the folder holds other bytes than the ledger's latest generation",
        "run copydesk watch or up; if one is running, touch the file so that it is read again",
    )
    MISJUDGED = (
        "misjudged",
        "ignored by its name, which nothing forbids now",
        "start the watcher anew: its first scan reads the file",
    )

    # the ledger itself
    REASONLESS = (
        "reasonless",
        "an outcome without a reason, or with one that this release does not know",
        "copydesk why FILE shows it; copydesk retry --id ID works it again",
    )
    STUCK = (
        "stuck",
        "a worker's lease ran out minutes ago and nobody took the file back",
        "run copydesk clerk; copydesk watch includes one",
    )
    GENERATIONS = (
        "generations",
        "the generations of a path have a gap, or two in a row hold the same bytes",
        "report it: the ledger was changed by hand, or we have a defect",
    )
    DOCUMENT = (
        "document",
        "the bytes that are kept are not those that were hashed",
        "restore the database from a backup: its disk or somebody changed them",
    )
    ORPHAN = (
        "orphan",
        "a member whose container is not expanded, or a container without any member",
        "copydesk why FILE shows both; report it",
    )

    # the store
    UNSTORED = (
        "unstored",
        "called stored, revised or a copy, and no article has its version",
        "report it: the ledger and the store disagree",
    )
    TWICE = (
        "twice",
        "two articles have the same text, word for word, and nothing says why they stay apart",
        "report it: duplicates were not seen",
    )
    VERSIONS = (
        "versions",
        "the versions of an article have a gap, or its latest is not the greatest",
        "report it: the store was changed by hand, or we have a defect",
    )
    MERGED = (
        "merged",
        "an article that was merged into another is visible, or that other is none itself",
        "report it: the store was changed by hand, or we have a defect",
    )
    UNPUBLISHED = (
        "unpublished",
        "a finished version that consumers cannot see, though no later one took its place",
        "report it: pointer and ledger disagree",
    )
    TAKEN_BACK = (
        "taken_back",
        "consumers see a version that was taken back",
        "copydesk retract ID takes it back again; and report it: pointer and ledger disagree",
    )
    COPIES = (
        "copies",
        "the number of copies that consumers see is not the number of files",
        "report it: view and ledger disagree",
    )

    # the feed
    POSITIONS = (
        "positions",
        "the feed's positions are not dense between its beginning and its end",
        "restore the database from a backup, and give it a new epoch",
    )
    REPLAY = (
        "replay",
        "replaying the feed gives another article, version or position than the view",
        "report it; consumers mend themselves by reading feed_v1.articles anew",
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, and with what."""

    check: Check
    subject: str  # a path as people read it, or the id of an article
    detail: str = ""


class OnItsWay(StrEnum):
    """Why a file that the ledger does not have as it is need not be wrong."""

    UNSEEN = auto()  # it came after the last scan
    CHANGED = auto()  # it was written to after the last scan


# --- the folder -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """The latest generation of a path."""

    state: State
    reason: Reason | None
    sha256: bytes | None
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Found:
    """A file as it is in the folder now."""

    path: Path
    changed_at: float  # its ctime, in seconds since 1970: what nobody can set back
    sha256: bytes | None  # None: it cannot be read, or need not be, its size being another


@dataclass(frozen=True, slots=True)
class Watching:
    """How the folder is watched."""

    alive: bool  # a watcher said so within the last seconds
    scanned_at: float | None  # the end of its last scan, in seconds since 1970
    slack_seconds: float = 60.0  # clocks differ, and a scan looks at some files before its end

    def bears(self, changed_at: float) -> bool:
        """Whether a file that changed then may still be on its way."""
        scanned = self.scanned_at is not None and changed_at < self.scanned_at - self.slack_seconds
        return self.alive and not scanned


def compare(
    found: Found, known: Known | None, watching: Watching, exclude: tuple[str, ...] = ()
) -> Finding | OnItsWay | None:
    """What is to be said of one file of the folder; None: all is well.

    A file that was refused unread (too large, no file at all) has no hash to be compared; that it
    is in the ledger with its reason is all there is to prove.
    """
    if known is None:
        return _unlike(found, watching, OnItsWay.UNSEEN, Finding(Check.UNSEEN, found.path.text))
    if known.state is State.IGNORED:
        return _misjudged(found, known, exclude)
    if known.sha256 in (None, found.sha256):
        return None
    detail = "" if found.sha256 else "it cannot be read, or has another size"
    fault = Finding(Check.CHANGED, found.path.text, detail)
    return _unlike(found, watching, OnItsWay.CHANGED, fault)


def _unlike(found: Found, watching: Watching, way: OnItsWay, fault: Finding) -> Finding | OnItsWay:
    return way if watching.bears(found.changed_at) else fault


def _misjudged(found: Found, known: Known, exclude: tuple[str, ...]) -> Finding | None:
    by_name = known.reason in (Reason.TEMPORARY_NAME, Reason.EXCLUDED_BY_PATTERN)
    if by_name and refuse(found.path, exclude) is None:
        return Finding(Check.MISJUDGED, found.path.text, str(known.reason))
    return None


# --- the feed -------------------------------------------------------------------------------------

Place = tuple[int, int]  # version, position


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the feed, as consumers see it."""

    position: int
    kind: str
    article_id: UUID
    version: int
    into: UUID | None = None


_GONE = frozenset({"retracted", "erased"})


def replay(
    steps: Iterable[Step], smallest: int, greatest: int
) -> tuple[dict[UUID, Place], list[Finding]]:
    """What a consumer has who followed the feed; and where its positions are not dense.

    A kind of change that is not known yet says as much as the others: this version, visible.
    """
    mirror: dict[UUID, Place] = {}
    findings: list[Finding] = []
    expected = smallest
    for step in steps:
        if step.position != expected:
            where = f"{expected} is followed by {step.position}"
            findings.append(Finding(Check.POSITIONS, str(step.position), where))
        expected = step.position + 1
        if step.kind in _GONE or step.into is not None:
            mirror.pop(step.article_id, None)
        else:
            mirror[step.article_id] = step.version, step.position
    if expected != greatest + 1:
        where = f"the feed ends at {expected - 1}, its head says {greatest}"
        findings.append(Finding(Check.POSITIONS, str(expected - 1), where))
    return mirror, findings


def reflect(
    mirror: Mapping[UUID, Place], view: Iterable[tuple[UUID, int, int]], smallest: int
) -> list[Finding]:
    """Compare a replayed feed with the view, whose rows are article, version and position.

    An article that has not changed since *smallest* is in the view alone, and rightly.
    """
    left = dict(mirror)
    findings = []
    for article_id, version, position in view:
        place = left.pop(article_id, None)
        if place == (version, position) or (place is None and position < smallest):
            continue
        seen = f"the view has version {version} at {position}"
        told = f"the feed {place[0]} at {place[1]}" if place else "the feed has none"
        findings.append(Finding(Check.REPLAY, str(article_id), f"{seen}, {told}"))
    findings += [
        Finding(Check.REPLAY, str(article_id), f"the feed has version {version} at {position}")
        for article_id, (version, position) in left.items()
    ]
    return findings
