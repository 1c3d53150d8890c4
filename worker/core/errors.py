"""Everything that can go wrong, drawn as a tree, by what happens next to the file.

::

    CopydeskError
    ├── Rejected        never: the file itself is at fault → quarantined, with a Reason
    ├── Unavailable     later: infrastructure is → tried again, never counted against the file
    └── UsageError      a person asked for something impossible → exit status 2

Anything else is a defect of ours: the pipeline's one per-file handler records it as
``internal_error`` for that file alone, and the rest of its batch goes on.
"""

from worker.core.ledger import Reason


class CopydeskError(Exception):
    """The root: catch it where a person is about to read the message."""


class Rejected(CopydeskError):  # noqa: N818 -- an outcome of a file, not an error of ours
    """The file cannot become an article, now or later.

    Attributes:
        reason: Why, from the documented list.
        detail: What exactly was seen, for a person; never the text of the article.

    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail or reason.meaning}")
        self.reason = reason
        self.detail = detail


class Unavailable(CopydeskError):  # noqa: N818 -- a state of the world, not an error of ours
    """A service cannot be reached, or a resource is missing; the work is undone and waits."""


class UsageError(CopydeskError):
    """What was asked for cannot be done; the message says what to do instead."""
