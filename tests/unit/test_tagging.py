from collections.abc import Sequence

from tests.unit.core.tagging.makers import REFERENCE, article
from worker.core.tagging.span import Label, Span
from worker.tagging import methods, tag_batch


class Everything:
    """A recogniser that takes each whole text for a person."""

    def __init__(
        self, method: str = "everything/1", languages: Sequence[str] = ("en", "und")
    ) -> None:
        self.method = method
        self.languages = frozenset(languages)
        self.asked: list[str] = []

    def recognise(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        self.asked = list(texts)
        return [(Span(0, len(text), Label.PERSON),) for text in texts]


def test_a_batch_is_asked_for_at_once() -> None:
    recogniser = Everything()

    tags = tag_batch(
        [article("Asha", "Omar"), article("Otieno", "Okello", language="und")],
        recognisers=(recogniser,),
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

    tags = tag_batch(articles, recognisers=(Everything(),), reference=REFERENCE)

    assert [[e.name for e in t.people] for t in tags] == [["Asha"], ["Ruto"], ["Okello"]]
    assert [t.method.split()[0] for t in tags] == ["everything/1", "rules", "everything/1"]


def test_each_language_is_read_by_its_own_recogniser() -> None:
    french = Everything("tout/1", ("fr",))
    articles = [
        article("Asha", "Omar", language="fr"),
        article("Otieno", "Okello"),
        article("Diallo", "Keita", language="fr-BF"),
    ]

    tags = tag_batch(articles, recognisers=(Everything(), french), reference=REFERENCE)

    assert french.asked == ["Asha", "Omar", "Diallo", "Keita"]
    assert [t.method.split()[0] for t in tags] == ["tout/1", "everything/1", "tout/1"]
    assert [t.people[-1].name for t in tags] == ["Omar", "Okello", "Keita"]


def test_without_recognisers_the_rules_read_everything() -> None:
    (tags,) = tag_batch([article("President Ruto")], recognisers=(), reference=REFERENCE)

    assert [person.name for person in tags.people or ()] == ["Ruto"]
    assert tags.method.startswith("rules ")


def test_methods_are_what_tags_are_signed_with() -> None:
    """Else all articles would be tagged anew for ever."""
    recognisers = (Everything(), Everything("tout/1", ("fr",)))
    articles = [article("Asha", language=tag) for tag in ("en-KE", "fr", "sw")]

    tags = tag_batch(articles, recognisers=recognisers, reference=REFERENCE)
    known = methods(recognisers, REFERENCE)

    assert [t.method for t in tags] == [known.models["en"], known.models["fr"], known.rules]
    assert known.models.keys() == {"en", "und", "fr"}
    assert set(known.all) == {t.method for t in tags}
