"""Take a story back: which files of an article are meant, and what consumers see of it then.

Pure: who asks for it, and how it is made good, is the store's. A withdrawal is a rule, not a deed:
it holds for files that come later just as for those that are there, so the order in which a story,
its copies and its kill come in makes no difference.

Showing what was taken back is the worse mistake; a valid copy that is hidden is brought back by
``copydesk restore``. So a file of which nobody knows who sent it counts as the same publisher's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from uuid import UUID

from worker.core.feed import TAGGED_ANEW, Change, ChangeKind, Pointer


class Scope(StrEnum):
    """How much of an article a withdrawal means."""

    FILE = "file"  # one file, by its bytes: the same ones sent again are it, too
    SOURCE = "source"  # all that one publisher sent
    ALL = "all"  # whoever sent it


@dataclass(frozen=True, slots=True)
class Withdrawal:
    scope: Scope
    because: str
    sha256: bytes | None = None  # of scope file
    source: str | None = None  # of scope source: the publisher; None: it is not known either
    edition: int | None = None  # the publisher's number of the kill; its later versions are valid
    erases: bool = False  # nothing of it may be kept

    def means(self, file: "Bearer") -> bool:
        if self.scope is Scope.ALL:
            return True
        if self.scope is Scope.FILE:
            return file.sha256 == self.sha256
        if self.edition is not None and file.edition is not None and file.edition > self.edition:
            return False
        return file.source is None or _name(file.source) == _name(self.source)


class Part(StrEnum):
    """What a file is to its article."""

    VERSION = auto()  # it made one, which can be shown
    WAITING = auto()  # it made one, which cannot be shown yet: an embargo, or it is being worked
    COPY = auto()  # it duplicates one
    COMING = auto()  # it is on its way to make one
    SAME = auto()  # it repeats what its own path brought before


@dataclass(frozen=True, slots=True)
class Bearer:
    """A file that has a text of the article."""

    file_id: int
    part: Part
    version: int  # that it made or duplicates
    sha256: bytes
    source: str | None = None  # publisher
    edition: int | None = None  # the publisher's number of its version
    near: bool = False  # a copy in other words
    followed: bool = False  # another content came by its path


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of an article."""

    withdrawn: Mapping[int, Withdrawal]  # by file, the rule that means it
    shown: int | None = None  # version that consumers may see
    heir: int | None = None  # file that is to make one, where none is left


def standing(bearers: Sequence[Bearer], withdrawals: Iterable[Withdrawal]) -> Standing:
    """Tell what is taken back from what stays, and what takes its place.

    The greatest version that is left is shown. If there is none, a copy that is left becomes one:
    the same words before others, what its path still holds before what it held, the oldest first.
    """
    rules = _strongest_first(withdrawals)
    meant = ((b.file_id, next((w for w in rules if w.means(b)), None)) for b in bearers)
    withdrawn = {file_id: rule for file_id, rule in meant if rule is not None}
    left = [b for b in bearers if b.file_id not in withdrawn]
    shown = max((b.version for b in left if b.part is Part.VERSION), default=None)
    return Standing(withdrawn, shown, _heir(left) if shown is None else None)


def _strongest_first(withdrawals: Iterable[Withdrawal]) -> list[Withdrawal]:
    return sorted(withdrawals, key=lambda rule: (not rule.erases, _WIDEST.index(rule.scope)))


def _heir(left: Sequence[Bearer]) -> int | None:
    if any(bearer.part is Part.COMING for bearer in left):
        return None
    copies = [bearer for bearer in left if bearer.part is Part.COPY]
    first = min(copies, key=lambda b: (b.near, b.followed, b.file_id), default=None)
    return first.file_id if first else None


def _name(source: str | None) -> str | None:
    return None if source is None else " ".join(source.casefold().split())


_WIDEST = (Scope.ALL, Scope.SOURCE, Scope.FILE)


# --- what consumers are told ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """An article before and after something of it was taken back, or is valid again."""

    article_id: UUID
    before: Pointer | None  # None: nobody saw it
    last: tuple[ChangeKind, int] | None  # what the feed said of it last, and of which version
    after: Pointer | None
    cause: str = ""  # of the version that is shown after it
    rules: Sequence[Withdrawal] = ()  # that hold
    marked: bool = False  # other files of it are taken back than before
    finished: bool = False  # the version shown has just been tagged

    @property
    def because(self) -> str:
        rules = _strongest_first(self.rules)
        return rules[0].because if rules else "nothing of it is taken back any more"


def told(turn: Turn) -> Change | None:
    """What the feed says of *turn*; None: there is nothing to say."""
    return _gone(turn) if turn.after is None else _there(turn, turn.after)


def _gone(turn: Turn) -> Change | None:
    """Whoever kept the text of an article that is erased must hear it, though it was hidden."""
    if turn.last is None:
        return None
    erased = any(rule.erases for rule in turn.rules)
    kind = ChangeKind.ERASED if erased else ChangeKind.RETRACTED
    said, version = turn.last
    if turn.before is None and (not erased or said is ChangeKind.ERASED):
        return None
    return Change(kind, turn.article_id, turn.before or Pointer(version, 0), turn.because)


def _there(turn: Turn, after: Pointer) -> Change | None:
    def change(kind: ChangeKind, cause: str) -> Change:
        return Change(kind, turn.article_id, after, cause)

    before, last = turn.before, turn.last
    if before is None:
        back = last is not None and after.version <= last[1]
        return change(_appears(last, after), turn.because if back else turn.cause)
    if after.version != before.version:
        back = after.version < before.version
        return change(ChangeKind.REVISED, turn.because if back else turn.cause)
    if turn.finished:
        return change(ChangeKind.RETAGGED, TAGGED_ANEW)
    if turn.marked or after.copies != before.copies:
        return change(ChangeKind.REGROUPED, turn.because)
    return None


def _appears(last: tuple[ChangeKind, int] | None, after: Pointer) -> ChangeKind:
    if last is None:
        return ChangeKind.STORED
    if last[0].hides:
        return ChangeKind.RESTORED
    return ChangeKind.REGROUPED if after.version == last[1] else ChangeKind.REVISED  # was merged
