from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest

from tests.articles import article
from worker.core.article import Relation, Verdict
from worker.core.dedupe import Candidate, Neighbour
from worker.core.fingerprint import text
from worker.core.rehearsal import Rehearsal

MINE = Candidate.of(article())
NEAR = Neighbour(UUID(int=9), 1, latest=True, content_hash=b"theirs", text=text("a", "b"))
FILE, OTHER = 1, 2


@dataclass
class Court:
    """Says something else each time."""

    heard: list[tuple[Candidate, list[Neighbour]]] = field(default_factory=list)

    def __call__(self, candidate: Candidate, stored: Iterable[Neighbour]) -> Verdict:
        self.heard.append((candidate, list(stored)))
        return Verdict(Relation.NEW, f"for the {len(self.heard)}. time")


def rehearsal(court: Court) -> Rehearsal:
    numbers = count(1)
    return Rehearsal(court, lambda: UUID(int=next(numbers)))


def test_among_the_same_neighbours_the_judge_is_asked_once() -> None:
    court = Court()
    again = rehearsal(court)
    texts = [replace(NEAR, text=text("a", "b")) for _ in range(2)]  # equal, and not one object

    verdicts = [again.judge(FILE, MINE, iter([NEAR, other])) for other in texts]

    assert verdicts[0] is verdicts[1]
    assert court.heard == [(MINE, [NEAR, NEAR])]


@pytest.mark.parametrize(
    "now",
    [
        pytest.param([NEAR, replace(NEAR, article_id=UUID(int=8))], id="one more"),
        pytest.param([], id="one less"),
        pytest.param([replace(NEAR, version=2)], id="another version"),
        pytest.param([replace(NEAR, latest=False)], id="a later version came"),
        pytest.param([replace(NEAR, text=text("a", "c"))], id="another text"),
        pytest.param([replace(NEAR, arrived_apart=timedelta(1))], id="another time"),
    ],
)
def test_among_others_it_is_asked_anew(now: list[Neighbour]) -> None:
    court = Court()
    again = rehearsal(court)
    verdicts = [again.judge(FILE, MINE, near) for near in ([NEAR], now, now)]

    assert [verdict.because[:9] for verdict in verdicts] == ["for the 1", "for the 2", "for the 2"]
    assert court.heard == [(MINE, [NEAR]), (MINE, now)]


def test_each_file_has_a_verdict_and_an_id_of_its_own() -> None:
    court = Court()
    again = rehearsal(court)
    verdicts = [again.judge(file, MINE, []) for file in (FILE, OTHER)]
    ids = [again.article_id(file).int for file in (FILE, OTHER, FILE)]

    assert verdicts[0] != verdicts[1]
    assert ids == [1, 2, 1]
