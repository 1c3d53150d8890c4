"""The auditor: walks the folder and reads ledger, store and feed, to prove that they agree.

It trusts nobody: files are hashed again, and not compared by their times. It works while others
do: the names in the folder come first, then one moment of the database, so a file that is missing
there was either there to be seen before or came so lately that its own times say so.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from worker.core.audit import (
    Finding,
    Found,
    Known,
    OnItsWay,
    Watching,
    compare,
    reflect,
    replay,
)
from worker.core.errors import Rejected
from worker.core.ledger import Path, Stat, State
from worker.ports import Auditing, Folder

_SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit came to."""

    files: int  # in the folder
    articles: int  # that consumers see
    changes: int  # in the feed
    findings: tuple[Finding, ...]
    on_its_way: Mapping[OnItsWay, int]  # files of the folder
    open: Mapping[State, int]  # files of the ledger that have no outcome yet

    @property
    def clean(self) -> bool:
        return not self.findings


def audit(
    ledger: Auditing, inbox: str, folder: Folder | None, exclude: tuple[str, ...] = ()
) -> Audited:
    """Compare *folder* with what the ledger has of *inbox*, and the store with its feed.

    Without a folder, the store alone. Memory grows with the number of files and articles, some
    hundred bytes each.

    Raises:
        Unavailable: The folder or the database cannot be read.

    """
    files = list(folder.walk()) if folder else []
    compared = _compared(ledger, inbox, folder, files, exclude) if folder else []
    findings = [found for found in compared if isinstance(found, Finding)]
    findings += ledger.findings()
    smallest, greatest = ledger.head()
    mirror, gaps = replay(ledger.steps(), smallest, greatest)
    view = list(ledger.view())
    return Audited(
        files=len(files),
        articles=len(view),
        changes=greatest - smallest + 1,
        findings=(*findings, *gaps, *reflect(mirror, view, smallest)),
        on_its_way=Counter(found for found in compared if isinstance(found, OnItsWay)),
        open=ledger.open(inbox),
    )


def _compared(
    ledger: Auditing,
    inbox: str,
    folder: Folder,
    files: list[tuple[Path, Stat]],
    exclude: tuple[str, ...],
) -> list[Finding | OnItsWay]:
    known, watching = dict(ledger.latest(inbox)), ledger.watching(inbox)
    answers = (_judge(folder, file, known, watching, exclude) for file in files)
    return [answer for answer in answers if answer is not None]


def _judge(
    folder: Folder,
    file: tuple[Path, Stat],
    known: Mapping[bytes, Known],
    watching: Watching,
    exclude: tuple[str, ...],
) -> Finding | OnItsWay | None:
    path, stat = file
    latest = known.get(path.raw)
    try:
        digest, stat = _hash(folder, path, stat, latest)
    except FileNotFoundError:  # it has gone since: nothing follows from that
        return None
    found = Found(path, stat.ctime_ns / _SECOND_NS, digest)
    return compare(found, latest, watching, exclude)


def _hash(folder: Folder, path: Path, stat: Stat, known: Known | None) -> tuple[bytes | None, Stat]:
    """Read only what may be the same: a file of another size has another content."""
    if known is None or known.sha256 is None or known.size != stat.size:
        return None, stat
    try:
        stat, content = folder.read(path, known.size)
    except Rejected:
        return None, stat
    return sha256(content).digest(), stat
