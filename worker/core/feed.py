"""Plan what consumers see next: which pointers move, and which rows the feed grows by.

Pure: no positions are given here. Whoever holds the feed's lock numbers the changes in the order
returned, in the transaction that moves the pointers, so that view and feed always agree.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ChangeKind(StrEnum):
    STORED = "stored"  # an article appears
    REVISED = "revised"  # its published version is another now
    RETAGGED = "retagged"  # the same text, tagged anew
    REGROUPED = "regrouped"  # the number of its copies is another now


@dataclass(frozen=True, slots=True)
class Pointer:
    """What consumers see of an article."""

    version: int
    copies: int


@dataclass(frozen=True, slots=True)
class Change:
    kind: ChangeKind
    article_id: UUID
    pointer: Pointer  # from this change on
    cause: str


@dataclass(frozen=True, slots=True)
class Ready:
    """A version whose text and tags are complete, or whose tagging failed and said so."""

    article_id: UUID
    version: int
    cause: str


def plan(
    ready: Iterable[Ready],
    copied: Iterable[UUID],
    published: Mapping[UUID, Pointer],
    unseen_copies: Mapping[UUID, int],
) -> tuple[Change, ...]:
    """Turn the endings of one batch into changes, in an order that does not depend on the batch's.

    A pointer only moves forward: a version that finishes after a later one was published is
    superseded before anybody saw it, and makes no change. One that is published already had failed
    in its tagging, and comes again with tags.

    Args:
        ready: Finished versions.
        copied: The article of each copy that ended in this batch, once a copy.
        published: The pointers of all articles named above, where they have one.
        unseen_copies: For those without a pointer: copies that ended so far, these included.

    Returns:
        At most one change an article and version, regrouped after the others.
    """
    pointers = dict(published)
    grown = Counter(copied)
    changes: list[Change] = []

    def move(kind: ChangeKind, article_id: UUID, pointer: Pointer, cause: str) -> None:
        pointers[article_id] = pointer
        changes.append(Change(kind, article_id, pointer, cause))

    for version in sorted(ready, key=lambda r: (r.article_id, r.version)):
        now = pointers.get(version.article_id)
        if now is None:
            copies = unseen_copies.get(version.article_id, 0)
            grown.pop(version.article_id, None)  # counted just now
            move(
                ChangeKind.STORED,
                version.article_id,
                Pointer(version.version, copies),
                version.cause,
            )
        elif version.version >= now.version:
            copies = now.copies + grown.pop(version.article_id, 0)
            again = version.version == now.version
            kind = ChangeKind.RETAGGED if again else ChangeKind.REVISED
            cause = "its tags were made anew" if again else version.cause
            move(kind, version.article_id, Pointer(version.version, copies), cause)
    for article_id in sorted(grown):
        now = pointers.get(article_id)
        if now is not None:
            pointer = Pointer(now.version, now.copies + grown[article_id])
            move(ChangeKind.REGROUPED, article_id, pointer, "another copy of it came in")
    return tuple(changes)
