"""Plan what consumers see next: which pointers move, and which rows the feed grows by.

Pure: no positions are given here. Whoever holds the feed's lock numbers the changes in the order
returned, in the transaction that moves the pointers, so that view and feed always agree.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from worker.core.article import UNTOLD

TAGGED_ANEW = "its tags were made anew"  # the cause of what is retagged


class ChangeKind(StrEnum):
    STORED = "stored"  # an article appears
    REVISED = "revised"  # its published version is another now
    RETAGGED = "retagged"  # the same text, tagged anew
    REGROUPED = "regrouped"  # it has other copies now, or is itself a copy, or no longer is
    RELEASED = "released"  # an article or a version appears that was under embargo
    RETRACTED = "retracted"  # nobody sees the article any more
    RESTORED = "restored"  # an article that was retracted is there again
    ERASED = "erased"  # as retracted, and its text is gone for good

    @property
    def hides(self) -> bool:
        """Whether the article is not to be seen from this change on."""
        return self in (ChangeKind.RETRACTED, ChangeKind.ERASED)


@dataclass(frozen=True, slots=True)
class Pointer:
    """What consumers see of an article."""

    version: int
    copies: int


@dataclass(frozen=True, slots=True)
class Change:
    kind: ChangeKind
    article_id: UUID
    pointer: Pointer  # from this change on; of one that hides its article, the last there was
    cause: str
    into: UUID | None = None  # the article that it was merged into

    @property
    def hides(self) -> bool:
        """Whether nobody sees the article from this change on."""
        return self.kind.hides or self.into is not None


@dataclass(frozen=True, slots=True)
class Ready:
    """A version whose text and tags are complete, or whose tagging failed and said so."""

    article_id: UUID
    version: int
    cause: str
    released: bool = False  # it was under embargo, or nobody would see it yet but for a free copy
    tagged: bool = True  # else its tagging failed: nothing new to who has seen it without tags
    unseen: int | None = None  # version whose facts its cause tells, and that nobody has seen yet

    def told(self, changes: Iterable[Change]) -> str:
        """Its cause, as far as those may know it who are told of *changes* before it."""
        of = self.article_id, self.unseen
        secret = self.unseen is not None and all(
            (change.article_id, change.pointer.version) != of for change in changes
        )
        return UNTOLD if secret else self.cause


def plan(
    ready: Iterable[Ready],
    copied: Iterable[tuple[UUID, int]],
    published: Mapping[UUID, Pointer],
    copies: Mapping[tuple[UUID, int], int],
) -> tuple[Change, ...]:
    """Turn the endings of one batch into changes, in an order that does not depend on the batch's.

    A pointer only moves forward: a version that finishes after a later one was published is
    superseded before anybody saw it, and makes no change. One that is published already had failed
    in its tagging, and comes again with tags. A copy shows, and counts, as soon as the version that
    it duplicates does.

    Args:
        ready: Finished versions.
        copied: The article and version of each copy that ended in this batch, once a copy.
        published: The pointers of all articles named above, where they have one.
        copies: For each finished version: the files, these included, that duplicate it or an
            earlier one.

    Returns:
        At most one change an article and version, regrouped after the others.
    """
    pointers = dict(published)
    changes: list[Change] = []

    def move(kind: ChangeKind, article_id: UUID, pointer: Pointer, cause: str) -> None:
        pointers[article_id] = pointer
        changes.append(Change(kind, article_id, pointer, cause))

    for version in sorted(ready, key=lambda r: (r.article_id, r.version)):
        now = pointers.get(version.article_id)
        pointer = Pointer(version.version, copies[version.article_id, version.version])
        if now is None or version.version > now.version:
            shown = ChangeKind.STORED if now is None else ChangeKind.REVISED
            kind = ChangeKind.RELEASED if version.released else shown
            move(kind, version.article_id, pointer, version.told(changes))
        elif version.version == now.version and version.tagged:
            move(ChangeKind.RETAGGED, version.article_id, pointer, TAGGED_ANEW)
    counted = {change.article_id for change in changes}
    for article_id, more in sorted(_shown(copied, pointers).items()):
        if article_id not in counted:
            now = pointers[article_id]
            grown = Pointer(now.version, now.copies + more)
            move(ChangeKind.REGROUPED, article_id, grown, "another copy of it came in")
    return tuple(changes)


def merge(
    article_id: UUID, last: Pointer, into: UUID, now: Pointer, because: str
) -> tuple[Change, Change]:
    """An article turns out to be another, whose pointer is *now*: that counts its files as copies.

    It is gone before the other has its copies, so that a reader who stops between them counts no
    file twice.
    """
    return (
        Change(ChangeKind.REGROUPED, article_id, last, because, into),
        Change(ChangeKind.REGROUPED, into, now, because),
    )


def _shown(
    copied: Iterable[tuple[UUID, int]], pointers: Mapping[UUID, Pointer]
) -> Mapping[UUID, int]:
    """How many copies each article has that duplicate what everybody may see."""
    return Counter(
        article_id
        for article_id, version in copied
        if article_id in pointers and version <= pointers[article_id].version
    )
