"""Tag stored articles again with the present tagger: ``copydesk reprocess --tags``.

In the process of whoever asks, beside the workers and at nobody's cost but the machine's: the
ledger does not move, so files that just came in wait for nothing. Each batch is a commit of its
own. What was done stays done, and is not done again: a run that was killed is run once more.

A tagger that breaks on an article leaves it the tags that it has, which are better than none.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from worker.core import document
from worker.core.article import Article, Tags
from worker.core.difference import Difference
from worker.core.errors import Rejected
from worker.core.retagging import Methods, tag_differences
from worker.core.selection import Selection
from worker.pipeline import tag_apart
from worker.ports import Retagging, Tagged

BATCH = 16  # articles: all workers wait for the writing of so many


@dataclass(frozen=True, slots=True)
class Tagger:
    tag: Callable[[Sequence[Article]], list[Tags]]  # one answer an article
    methods: Methods


@dataclass(frozen=True, slots=True)
class Anew:
    """What became of a version's tags."""

    version: Tagged
    differing: Sequence[Difference] = ()
    failure: Rejected | None = None  # it keeps its tags

    @property
    def outcome(self) -> str:
        if self.failure is not None:
            return "failed"
        return "different" if self.differing else "the same"


def retag(
    which: Selection, desk: Retagging, tagger: Tagger, *, write: bool = True
) -> Iterator[Anew]:
    """Tag anew what another tagger tagged, by file number; a batch is written before it is told.

    Args:
        which: The files that made the versions.
        desk: Where they are.
        tagger: The present one.
        write: Else only say what would become of them.

    """
    after = 0
    while page := desk.outdated(which, tagger.methods, after=after, limit=BATCH):
        answers = tag_apart([version.article for version in page], tagger.tag)
        pairs = list(zip(page, answers, strict=True))
        made = [(version, tags) for version, tags in pairs if isinstance(tags, Tags)]
        if write and not desk.replace(made):
            continue  # somebody was there meanwhile: look again
        yield from (_told(version, answer) for version, answer in pairs)
        after = page[-1].file_id


def _told(version: Tagged, answer: Tags | Rejected) -> Anew:
    if isinstance(answer, Rejected):
        return Anew(version, failure=answer)
    return Anew(version, tag_differences(version.columns, document.tag_columns(answer)))
