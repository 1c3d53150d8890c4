"""Tell from facts what commonly goes wrong, and how to mend it.

Pure: services, disks and clocks are examined elsewhere. Calling a healthy part ill sends a person
after nothing; so what cannot be asked (a broker that lets us see little, say) is said to be unknown
and never held to be wrong.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

_CLOCK_SECONDS = 2.0  # between two machines
_QUEUE = 1_000  # rings; the ledger rings for a few at a time, so more came from elsewhere
_SLOW_SECONDS = 300.0  # that a file may wait before somebody should look
_ALIVE_SECONDS = 10.0  # a watcher says every second that it is there
_INOTIFY_SHARE = 0.8  # of the watches that this user may have
_REMOTE = frozenset("nfs nfs4 cifs smb3 smbfs 9p fuse fuse.sshfs virtiofs vboxsf drvfs".split())


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Line:
    """What was found of one part, in a sentence, and what to do where it is not well."""

    level: Level
    part: str
    found: str
    mend: str = ""  # told only where it is not well
    away: bool = False  # a service that cannot be reached


@dataclass(frozen=True, slots=True)
class Away:
    """A service did not answer."""

    complaint: str


# --- PostgreSQL -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Database:
    version: str
    version_number: int  # 180001 is 18.1
    revision: str | None  # of the schema
    newest: str  # that this code knows
    known: bool  # whether the revision is one of this code's
    ahead_seconds: float  # of its clock, before ours
    read_only: bool  # a standby, or told so
    missing: tuple[str, ...]  # grants that a role should have and has not, or should not and has
    waiting_for_locks: int  # sessions, for seconds


def database(facts: Database | Away) -> Iterator[Line]:
    if isinstance(facts, Away):
        mend = "start it, or correct COPYDESK_DATABASE_URL"
        yield Line(Level.FAIL, "PostgreSQL", facts.complaint, mend, away=True)
        return
    level = Level.OK if facts.version_number >= 180_000 else Level.WARN
    mend = "it is tested with 18; upgrade when you can"
    yield Line(level, "PostgreSQL", f"version {facts.version}", mend)
    if facts.read_only:
        yield Line(Level.FAIL, "PostgreSQL", "takes no writes", "connect to the primary server")
    yield _schema(facts)
    yield _clock(facts.ahead_seconds)
    yield (
        Line(Level.OK, "grants", "each role may do what it should, and no more")
        if (not facts.missing)
        else Line(
            Level.WARN,
            "grants",
            "; ".join(facts.missing),
            "copydesk migrate gives them anew; it needs the owner's role",
        )
    )
    if facts.waiting_for_locks:
        found = f"{facts.waiting_for_locks} session(s) have waited for a lock for seconds"
        yield Line(Level.WARN, "locks", found, "look for a long transaction in pg_stat_activity")


def _schema(facts: Database) -> Line:
    if facts.revision == facts.newest:
        return Line(Level.OK, "schema", f"{facts.revision}, which this release needs")
    found = f"{facts.revision or 'missing'}; this release needs {facts.newest}"
    if facts.revision is None or facts.known:
        return Line(Level.FAIL, "schema", found, "run: copydesk migrate")
    return Line(Level.FAIL, "schema", found, "upgrade copydesk: the database is newer than it")


def _clock(ahead_seconds: float) -> Line:
    found = f"PostgreSQL's clock differs from this machine's by {abs(ahead_seconds):.1f} s"
    mend = "set both by NTP; the ledger's times are PostgreSQL's alone, so nothing is lost"
    level = Level.OK if abs(ahead_seconds) <= _CLOCK_SECONDS else Level.WARN
    return Line(level, "clock", found, mend)


# --- the broker -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Broker:
    version: str | None  # with the program's name; None: it does not let us ask
    policy: str | None  # of eviction, likewise
    append_only: bool | None  # whether it writes what it holds to disk, likewise
    full_share: float | None  # of the memory that it may use, likewise; None also without a limit
    rings: int  # that no worker has taken


def broker(facts: Broker | Away) -> Iterator[Line]:
    if isinstance(facts, Away):
        mend = "start it, or correct COPYDESK_BROKER_URL; files are noticed and kept meanwhile"
        yield Line(Level.FAIL, "broker", facts.complaint, mend, away=True)
        return
    yield Line(Level.OK, "broker", facts.version or "answers; its settings are not ours to see")
    yield from _keeping(facts)
    mend = "see whether workers run; the queue may be emptied, the ledger rings again"
    level = Level.OK if facts.rings < _QUEUE else Level.WARN
    yield Line(level, "queue", f"{facts.rings:,} ring(s) wait for a worker", mend)


def _keeping(facts: Broker) -> Iterator[Line]:
    """Whether it keeps what it is given."""
    if facts.policy is not None:
        mend = "set maxmemory-policy noeviction: others drop a whole queue without a word"
        level = Level.OK if facts.policy == "noeviction" else Level.FAIL
        yield Line(level, "eviction", f"maxmemory-policy {facts.policy}", mend)
    if facts.append_only is not None:
        found = f"appendonly {'yes' if facts.append_only else 'no'}"
        mend = (
            "set appendonly yes: without it, a restart makes files wait for the clerk's next ring"
        )
        level = Level.OK if facts.append_only else Level.WARN
        yield Line(level, "persistence", found, mend)
    if facts.full_share is not None and facts.full_share > 0.9:
        found = f"{facts.full_share:.0%} of its memory is used"
        yield Line(Level.WARN, "broker", found, "raise maxmemory, or see what else it holds")


# --- the inbox ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Inbox:
    path: str
    complaint: str  # why it cannot be listed; empty: it can
    mount: str | None  # type of its file system
    folders: int  # in it, itself included
    watches: int | None  # inotify watches that this user may have
    writable: bool
    moves: bool  # whether it should be written to: AFTER is archive or delete
    archive: str = ""  # what is wrong with the archive folder


def inbox(facts: Inbox) -> Iterator[Line]:
    if facts.complaint:
        mend = "create it, or name another one (--inbox or COPYDESK_INBOX)"
        yield Line(Level.FAIL, "inbox", f"{facts.path}: {facts.complaint}", mend)
        return
    yield Line(Level.OK, "inbox", f"{facts.path}, {facts.folders:,} folder(s)")
    if facts.mount is not None:
        mend = "changes made elsewhere send no events: it is scanned often instead, by itself"
        level = Level.WARN if facts.mount in _REMOTE else Level.OK
        yield Line(level, "mount", f"file system {facts.mount}", mend)
    if facts.watches is not None:
        found = f"{facts.folders:,} of the {facts.watches:,} folders that may be watched"
        mend = "sysctl fs.inotify.max_user_watches=1000000; until then, it is scanned often"
        level = Level.OK if facts.folders < _INOTIFY_SHARE * facts.watches else Level.WARN
        yield Line(level, "inotify", found, mend)
    if facts.moves and not facts.writable:
        mend = "let the watcher write to the folders of the inbox, or set COPYDESK_AFTER=leave"
        yield Line(Level.FAIL, "after", "finished files cannot be taken out of the inbox", mend)
    if facts.archive:
        yield Line(Level.FAIL, "archive", facts.archive, "name another folder: COPYDESK_ARCHIVE")


# --- the machine ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Disk:
    place: str
    free_bytes: int
    low_water_bytes: int  # below, nothing more is taken in


def disk(facts: Disk) -> Line:
    found = f"{facts.free_bytes / 1e9:.1f} GB free at {facts.place}"
    if facts.free_bytes < facts.low_water_bytes:
        mend = "make room: nothing more is taken in until there is (COPYDESK_MIN_FREE_MB)"
        return Line(Level.FAIL, "disk", found, mend)
    level = Level.OK if facts.free_bytes >= 5 * facts.low_water_bytes else Level.WARN
    return Line(level, "disk", found, "make room soon: intake pauses when it runs out")


def model(complaint: str, models: Sequence[str]) -> Line:
    """What finds names: each of *models* in its languages, the rules in all others."""
    mend = "reinstall it, or set COPYDESK_TAGGER=rules; workers do not start without it"
    return Line(
        Level.FAIL if complaint else Level.OK,
        "tagger",
        complaint or ", ".join((*models, "rules")),
        mend,
    )


# --- the work -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Watched:
    inbox: str
    silent_seconds: float | None  # since a watcher of it was heard of
    scanned_seconds: float | None  # since the folder was last walked to its end


@dataclass(frozen=True, slots=True)
class Work:
    watched: tuple[Watched, ...]
    expired: int  # leases that ran out more than a minute ago
    oldest_seconds: float | None  # of the file that waits longest
    broken: int  # files that ended as our own defect, or as poison
    untagged: int  # stored without tags


def work(facts: Work) -> Iterator[Line]:
    for watched in facts.watched:
        yield _watched(watched)
    if facts.expired:
        found = f"{facts.expired:,} file(s) are held by workers that fell silent"
        yield Line(Level.WARN, "leases", found, "run copydesk clerk, or watch, which includes one")
    if facts.oldest_seconds is not None:
        found = f"the oldest file waits for {facts.oldest_seconds:,.0f} s"
        mend = "see whether workers run, and copydesk status for the rate"
        level = Level.OK if facts.oldest_seconds < _SLOW_SECONDS else Level.WARN
        yield Line(level, "backlog", found, mend)
    if facts.broken:
        found = f"{facts.broken:,} file(s) ended as internal_error or poison"
        mend = "copydesk files --reason internal_error --reason poison; please report them"
        yield Line(Level.WARN, "defects", found, mend)
    if facts.untagged:
        found = f"{facts.untagged:,} article(s) are stored without tags"
        yield Line(Level.WARN, "tags", found, "copydesk retry --reason tagging_failed")


def _watched(facts: Watched) -> Line:
    if facts.silent_seconds is None or facts.silent_seconds > _ALIVE_SECONDS:
        mend = "run copydesk watch, or up; if the folder is not used any more, this is no matter"
        return Line(Level.WARN, "watcher", f"nobody watches {facts.inbox} now", mend)
    if facts.scanned_seconds is None:
        return Line(Level.OK, "watcher", f"{facts.inbox}: its first scan is not finished")
    found = f"{facts.inbox}: scanned {facts.scanned_seconds:.0f} s ago"
    mend = "its log says why scans do not end"
    level = Level.OK if facts.scanned_seconds < 2 * _SLOW_SECONDS else Level.WARN
    return Line(level, "watcher", found, mend)


# --- the whole ------------------------------------------------------------------------------------


def worst(lines: Sequence[Line]) -> Level:
    order = list(Level)
    return max((line.level for line in lines), key=order.index, default=Level.OK)
