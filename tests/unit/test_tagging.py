from collections.abc import Sequence

import pytest

from tests.unit.core.tagging.makers import REFERENCE, article
from worker.core.tagging.span import Label, Span
from worker.tagging import RulesRecogniser, methods, tag_batch


class Everything:
    """A recogniser that takes each whole text for a person."""

    method = "everything/1"
    languages = frozenset({"en", "und"})

    def __init__(self) -> None:
        self.asked: list[str] = []

    def recognise(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        self.asked = list(texts)
        return [(Span(0, len(text), Label.PERSON),) for text in texts]


def test_a_batch_is_asked_for_at_once() -> None:
    recogniser = Everything()

    tags = tag_batch(
        [article("Asha", "Omar"), article("Otieno", "Okello", language="und")],
        recogniser=recogniser,
        reference=REFERENCE,
    )

    assert recogniser.asked == ["Asha", "Omar", "Otieno", "Okello"]
    assert [[e.name for e in t.people] for t in tags] == [["Asha", "Omar"], ["Otieno", "Okello"]]
    assert {t.method.split()[0] for t in tags} == {"everything/1"}


def test_other_languages_are_read_by_the_rules_alone() -> None:
    """In the middle of a batch, too: each article keeps its own spans."""
    articles = [
        article("Asha", language="en"),
        article("Rais Ruto", language="sw"),
        article("Okello", language="en"),
    ]

    tags = tag_batch(articles, recogniser=Everything(), reference=REFERENCE)

    assert [[e.name for e in t.people] for t in tags] == [["Asha"], ["Ruto"], ["Okello"]]
    assert [t.method.split()[0] for t in tags] == ["everything/1", "rules", "everything/1"]


@pytest.mark.parametrize("count", [0, 3])
def test_the_rules_recogniser_finds_nothing(count: int) -> None:
    assert RulesRecogniser().recognise(["Ruto"] * count) == [()] * count


def test_methods_are_what_tags_are_signed_with() -> None:
    """Else all articles would be tagged anew for ever."""
    recogniser = Everything()
    articles = [article("Asha", language="en-KE"), article("Rais Ruto", language="sw")]

    tags = tag_batch(articles, recogniser=recogniser, reference=REFERENCE)
    known = methods(recogniser, REFERENCE)

    assert [t.method for t in tags] == [known.model, known.rules]
    assert known.languages == recogniser.languages
