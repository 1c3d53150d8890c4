"""The life of one file, as an operator asks for it, and what is to be done next.

Pure; the ledger brings the facts. Light too: command lines are parsed with these words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from worker.core.article import Verdict
from worker.core.ledger import Lane, Path, Reason, State, Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A row of the ledger. Times are the store's."""

    id: int
    inbox: str
    path: Path
    generation: int
    state: State
    reason: Reason | None
    detail: str
    lane: Lane
    witness: Witness
    size: int  # bytes
    sha256: bytes | None  # None: its bytes are not kept
    media_type: str | None
    attempts: int  # claims so far
    deaths: int  # of workers that held it alone
    solo: bool
    noticed_at: datetime
    claimed_at: datetime | None  # last
    decided_at: datetime | None
    finished_at: datetime | None
    lease_until: datetime | None
    next_try_at: datetime
    verdict: Verdict | None
    article_id: UUID | None
    version: int | None
    pipeline: str | None
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class Considered:
    """An article that a file's text was compared with."""

    article_id: UUID
    version: int
    path: str  # of the file that made the version
    headline: str
    verdict: Verdict  # of this one alone; NEW: no match


@dataclass(frozen=True, slots=True)
class Merged:
    """The article that another turned out to be."""

    into: UUID
    because: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Separated:
    """The article that a person keeps a file, or the article that it began, apart from."""

    of: UUID
    because: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Life:
    file: File
    headline: str | None  # of the version that it became or duplicates
    generations: tuple[File, ...]  # of its path, in order, itself included
    parent: File | None
    members: Mapping[State, int]  # of a container
    considered: tuple[Considered, ...] = ()  # strongest first
    merged: Merged | None = None  # its article was
    separated: tuple[Separated, ...] = ()  # in order


# --- what to do next ------------------------------------------------------------------------------


def advice(life: Life, now: datetime) -> str:
    """What a person may do about the file, in a sentence."""
    file, last = life.file, life.generations[-1]
    if file.generation < last.generation:
        return f"nothing: generation {last.generation} took its place"
    if not file.state.final:
        return _open(file, now)
    return _quarantined(file) if file.state is State.QUARANTINED else _ended(file)


def _ended(file: File) -> str:
    if file.reason is Reason.WITHDRAWN:
        return f"copydesk restore {file.article_id} lets consumers see it again"
    if file.reason is Reason.TAGGING_FAILED:
        return f"copydesk retry --id {file.id} tags it again; an update does so by itself"
    return _ENDED.get(file.reason, "nothing: it is done")


_ENDED: Mapping[Reason | None, str] = {
    Reason.TEMPORARY_NAME: "nothing: renamed to its final name, it is a new file",
    Reason.EXCLUDED_BY_PATTERN: "if it should be read, change COPYDESK_EXCLUDE and start the "
    "watcher anew",
    Reason.SYMLINK_OUTSIDE: "if it should be read, put the file itself into the inbox",
    Reason.SPECIAL_FILE: "nothing: it is not a file that can be read",
    Reason.ERASED: "nothing: its text is gone for good; delete the file where it still lies",
}


def _open(file: File, now: datetime) -> str:
    if file.lease_until is None:
        if file.next_try_at > now:
            return "nothing: it is tried again in a moment"
        return "it waits for a worker: copydesk status shows whether any is at work"
    if file.lease_until < now:
        return "its worker fell silent: the clerk takes it back within seconds, if one runs"
    return "nothing: a worker holds it"


def _quarantined(file: File) -> str:
    if file.reason is Reason.ERASED:
        return _ENDED[file.reason]
    retry = f"copydesk retry --id {file.id}"
    if file.sha256 is None:
        return _UNREAD.get(file.reason, "nothing: each scan of the watcher tries it again")
    if file.reason is Reason.INTERNAL_ERROR:
        return f"report it; an update tries it again by itself, and so does {retry}"
    if file.reason is Reason.POISON:
        return f"report it; after an update: {retry}, which works it alone"
    return (
        f"correct the file, and it is read again as its next generation; after an update: {retry}"
    )


_UNREAD: Mapping[Reason | None, str] = {
    Reason.TOO_LARGE: "raise COPYDESK_MAX_FILE_MB and start the watcher anew: its scan reads it",
    Reason.UNREADABLE: "let the watcher read the file: its next scan does",
}
