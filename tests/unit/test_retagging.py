from collections.abc import Sequence
from uuid import UUID

from tests.articles import TAGS, article, text
from worker.core.article import Article, Tags
from worker.core.document import tag_columns
from worker.core.ledger import Path
from worker.core.retagging import Methods
from worker.core.selection import Selection
from worker.ports import Tagged
from worker.retagging import BATCH, Tagger, retag

METHODS = Methods({"en": "model"}, "rules")
WHICH = Selection(path="*.txt")


class Shelf:
    """Versions in memory; those of *busy* are somebody else's at the first try."""

    def __init__(self, count: int, *, busy: Sequence[int] = ()) -> None:
        self.old = {n: version(n) for n in range(1, count + 1)}
        self.new: dict[int, Tags] = {}
        self.busy = set(busy)
        self.asked: list[int] = []

    def count(self, which: Selection, methods: Methods) -> int:
        raise NotImplementedError

    def outdated(
        self, which: Selection, methods: Methods, *, after: int, limit: int
    ) -> tuple[Tagged, ...]:
        assert (which, methods) == (WHICH, METHODS)
        self.asked.append(after)
        return tuple(v for n, v in self.old.items() if n > after)[:limit]

    def replace(self, made: Sequence[tuple[Tagged, Tags]]) -> bool:
        if gone := self.busy & {version.file_id for version, _ in made}:
            self.busy -= gone
            self.old = {n: v for n, v in self.old.items() if n not in gone}
            return False
        self.new |= {version.file_id: tags for version, tags in made}
        return True


def version(number: int) -> Tagged:
    return Tagged(
        file_id=number,
        path=Path(f"{number}.txt".encode()),
        article_id=UUID(int=number),
        version=1,
        article=article(text(number)),
        columns=tag_columns(Tags()),
    )


def tag(batch: Sequence[Article]) -> list[Tags]:
    return [TAGS for _ in batch]


def test_page_by_page() -> None:
    shelf = Shelf(BATCH + 1)

    told = list(retag(WHICH, shelf, Tagger(tag, METHODS)))

    assert [anew.version.file_id for anew in told] == list(range(1, BATCH + 2))
    assert {anew.outcome for anew in told} == {"different"}
    assert shelf.new == dict.fromkeys(range(1, BATCH + 2), TAGS)
    assert shelf.asked == [0, BATCH, BATCH + 1]


def test_a_dry_run_writes_nothing() -> None:
    shelf = Shelf(2)

    told = list(retag(WHICH, shelf, Tagger(tag, METHODS), write=False))

    assert [[one.field for one in anew.differing] for anew in told] == [["countries"]] * 2
    assert shelf.new == {}


def test_the_same_tags_are_the_same() -> None:
    told = list(retag(WHICH, Shelf(1), Tagger(lambda _: [Tags(method="other")], METHODS)))

    assert [anew.outcome for anew in told] == ["the same"]


def test_what_was_taken_away_meanwhile_is_not_told_and_the_others_are() -> None:
    shelf = Shelf(3, busy=[2])

    told = list(retag(WHICH, shelf, Tagger(tag, METHODS)))

    assert [anew.version.file_id for anew in told] == [1, 3]
    assert set(shelf.new) == {1, 3}


def test_what_breaks_the_tagger_is_told_and_left_alone() -> None:
    shelf = Shelf(3)

    def breaks(batch: Sequence[Article]) -> list[Tags]:
        if any(article.headline == text(2).split("\n")[0] for article in batch):
            raise RecursionError("too deep")
        return tag(batch)

    told = list(retag(WHICH, shelf, Tagger(breaks, METHODS)))

    assert [anew.outcome for anew in told] == ["different", "failed", "different"]
    assert set(shelf.new) == {1, 3}


def test_nothing_to_do() -> None:
    assert list(retag(WHICH, Shelf(0), Tagger(tag, METHODS))) == []
