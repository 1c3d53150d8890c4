"""Judge a batch while it waits for its turn, and in its turn only what has changed since.

Pure, as a verdict is: it depends on the candidate and on its neighbours, on nothing else. Whoever
decides must see all that was decided before, so the neighbours are looked for again in its turn;
where they are those of the rehearsal, so is the verdict. A single one that is another asks the
judge anew: a stale verdict would tear a story in two.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

from worker.core.article import Verdict
from worker.core.dedupe import Candidate, Neighbour


class Rehearsal:
    """A judge that remembers, of each file, among which neighbours it said what."""

    def __init__(
        self,
        judge: Callable[[Candidate, Iterable[Neighbour]], Verdict],
        new_id: Callable[[], UUID],
    ) -> None:
        self._judge = judge
        self._new_id = new_id
        self._said: dict[int, tuple[tuple[Neighbour, ...], Verdict]] = {}
        self._ids: dict[int, UUID] = {}

    def judge(self, file_id: int, candidate: Candidate, stored: Iterable[Neighbour]) -> Verdict:
        neighbours = tuple(stored)
        among, verdict = self._said.get(file_id, (None, None))
        if verdict is None or among != neighbours:
            verdict = self._judge(candidate, neighbours)
            self._said[file_id] = neighbours, verdict
        return verdict

    def article_id(self, file_id: int) -> UUID:
        """The id of the article that a file makes: the same each time, so that twins agree."""
        if file_id not in self._ids:
            self._ids[file_id] = self._new_id()
        return self._ids[file_id]
