import pytest

from tests.unit.core.tagging.makers import GAZETTEER, body, headline, name
from worker.core.tagging.gazetted import gazetted_places, implied_countries, qualifiers
from worker.core.tagging.span import Label


def places(
    text: str, *, countries: tuple[str, ...] = ("KE",), surnames: tuple[str, ...] = ()
) -> list[str]:
    found = gazetted_places([body(text)], frozenset(countries), frozenset(surnames), GAZETTEER)
    return [place.text for place in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The Kiambu road", ["Kiambu"], id="a region of the story's country"),
        pytest.param("of Louisiana", [], id="a region of another"),
        pytest.param("in Limuru", ["Limuru"], id="after a preposition"),
        pytest.param("Limuru residents left", ["Limuru"], id="with what towns have"),
        pytest.param("Limuru lost", [], id="a town that nothing shows to be one"),
        pytest.param("in Gallup", [], id="a town of another country"),
        pytest.param("Gallup, New Mexico", ["Gallup"], id="before its state"),
        pytest.param("Gallup, N.M., and", ["Gallup"], id="which may be short"),
        pytest.param("Gallup, Limuru", [], id="before something else"),
        pytest.param("Gallup, and", [], id="before a small word"),
        pytest.param("Gallup (New Mexico)", [], id="after a bracket"),
        pytest.param("Limuru County said", ["Limuru County"], id="with its kind"),
        pytest.param("the Limuru County Governor", ["Limuru County"], id="and more capitals"),
        pytest.param("Atlantis County", [], id="a kind of nothing"),
        pytest.param("John Kiambu left", [], id="a surname"),
        pytest.param("Mr Kiambu left", [], id="after a title"),
        pytest.param("On Kiambu", ["Kiambu"], id="after a word of the sentence"),
        pytest.param("New Mexico, Kiambu", ["Kiambu"], id="after a comma"),
        pytest.param("Kiambu Njoroge left", [], id="a given name"),
        pytest.param("Kiambu On Monday", ["Kiambu"], id="before a word of the sentence"),
        pytest.param("Kiambu Hospital", ["Kiambu"], id="before an office"),
        pytest.param("A B C D E", [], id="letters"),
        pytest.param("IN LIMURU", [], id="in capitals"),
        pytest.param("in Limuru and in Kiambu", ["Limuru", "Kiambu"], id="two"),
    ],
)
def test_places(text: str, expected: list[str]) -> None:
    assert places(text) == expected


def test_a_surname_of_the_article_is_no_place() -> None:
    assert places("in Limuru", surnames=("limuru",)) == []


def test_headlines_of_capitals_are_not_read() -> None:
    head = headline("Kiambu Residents Leave Limuru Town")

    assert list(gazetted_places([head], frozenset({"KE"}), frozenset(), GAZETTEER)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gallup, New Mexico", ["New Mexico", "New"]),
        ("Gallup, La.", ["La"]),
        ("Gallup, Texas, USA", ["Texas"]),
        ("Gallup", []),
    ],
)
def test_qualifiers(text: str, expected: list[str]) -> None:
    assert list(qualifiers(body(text), 0)) == expected


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        pytest.param("Gallup", Label.PLACE, {"US"}, id="one country has it"),
        pytest.param("Alexandria", Label.PLACE, set(), id="two have it"),
        pytest.param("Atlantis", Label.PLACE, set(), id="none has it"),
        pytest.param("Gallup", Label.PERSON, set(), id="no place"),
    ],
)
def test_implied_countries(text: str, label: Label, expected: set[str]) -> None:
    assert implied_countries([name(body(text), text, label)], GAZETTEER) == expected


def test_halves_make_a_whole() -> None:
    text = body("Alexandria Gallup")
    names = [name(text, "Alexandria", Label.PLACE), name(text, "Gallup", Label.PLACE)]

    assert implied_countries(names, GAZETTEER) == {"US"}
