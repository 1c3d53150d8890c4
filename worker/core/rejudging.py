"""Say what is to be done about a stored file that the present rules judge otherwise.

Pure. To take a copy out of its article, or to merge an article into another, loses nothing and can
be undone. A file that made a later version is left where it is: readers have had that version, and
to make one anew would put an old text in the place of what came since.
"""

from enum import StrEnum
from typing import Self
from uuid import UUID

from worker.core.article import Relation, Verdict


class Remedy(StrEnum):
    """What is to be done. ``meaning`` is the sentence for people."""

    meaning: str

    def __new__(cls, value: str, meaning: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    AGAIN = "again", "it is taken out of its article, and worked as if it had just come"
    JOIN = "join", "its article is merged with that one"
    LEAVE = "leave", "it stays: a version that readers have had is not taken back"


def remedy(before: Verdict, now: Verdict, *, was: UUID, of: UUID | None) -> Remedy | None:
    """Compare two verdicts on one file.

    Args:
        before: The one that placed it.
        now: The one that the present rules give.
        was: The article that the file belongs to.
        of: The one that *now* names; None where it names none.

    """
    if before.relation is Relation.NEW:
        return None if of in (None, was) else Remedy.JOIN
    made_version, makes_version = before.relation.adds_version, now.relation.adds_version
    if of == was and made_version == makes_version:
        return None
    return Remedy.LEAVE if made_version or of == was else Remedy.AGAIN


def parted(now: Verdict, joined: frozenset[UUID], *, own: UUID | None) -> tuple[UUID, ...]:
    """Which of the articles that a text *joined* to others it would join to none any more.

    *own* is the article that began with the text, if one did.
    """
    found = {own, now.of, *now.joins} - {None}
    return tuple(sorted(joined if len(found) < 2 else joined - found))
