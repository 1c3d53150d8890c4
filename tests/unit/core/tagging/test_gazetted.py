import pytest

from tests.unit.core.tagging.makers import GAZETTEER, body, headline, name
from worker.core.tagging.gazetted import (
    candidates,
    gazetted_places,
    implied_countries,
    qualifiers,
    towns,
)
from worker.core.tagging.names import CAPITALS, MODEL
from worker.core.tagging.span import Label


def places(
    text: str, *, countries: tuple[str, ...] = ("KE",), surnames: tuple[str, ...] = ()
) -> list[str]:
    found = candidates([body(text)], frozenset(surnames), GAZETTEER)
    return [place.text for place in gazetted_places(found, frozenset(countries), GAZETTEER)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The Kiambu road", ["Kiambu"], id="a region of the story's country"),
        pytest.param("of Louisiana", [], id="a region of another"),
        pytest.param("in Limuru", ["Limuru"], id="after a preposition"),
        pytest.param("Limuru residents left", ["Limuru"], id="with what towns have"),
        pytest.param("Limuru lost", [], id="a town that nothing shows to be one"),
        pytest.param("in Gallup", [], id="a town of another country"),
        pytest.param("Downtown Limuru", ["Limuru"], id="a part of it"),
        pytest.param("Asha Omar of Limuru", ["Limuru"], id="behind a person"),
        pytest.param("Omar, 41, of Limuru", ["Limuru"], id="behind an age"),
        pytest.param("much of Limuru", [], id="behind a small word"),
        pytest.param("of Limuru", [], id="behind nothing"),
        pytest.param("Limuru-based", ["Limuru"], id="what is based there"),
        pytest.param("Limuru Mayor Asha Omar", ["Limuru"], id="before an office that towns have"),
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
        pytest.param("Atlantis, Kiambu", ["Kiambu"], id="after a comma"),
        pytest.param("Kiambu Njoroge left", [], id="a given name"),
        pytest.param("Kiambu On Monday", ["Kiambu"], id="before a word of the sentence"),
        pytest.param("Kiambu Hospital", ["Kiambu"], id="before an office"),
        pytest.param("A B C D E", [], id="letters"),
        pytest.param(
            "Gallup, New Mexico and Limuru counties",
            ["Gallup", "New Mexico", "Limuru"],
            id="a series of counties, wherever they are",
        ),
        pytest.param("Gallup (Limuru and the counties", [], id="none before the plural"),
        pytest.param("Atlantis: Gallup counties", ["Gallup"], id="a series begins"),
        pytest.param("Gallup and other counties", [], id="a small word ends a series"),
        pytest.param("New Gallup", [], id="a newer place"),
        pytest.param("Omar, D-Gallup, said", ["Gallup"], id="behind a party"),
        pytest.param("Omar, D Gallup, said", [], id="behind a letter"),
        pytest.param("IN LIMURU", [], id="in capitals"),
        pytest.param("in Congress", [], id="an office, though a town has the name"),
        pytest.param("in Limuru and in Kiambu", ["Limuru", "Kiambu"], id="two"),
    ],
)
def test_places(text: str, expected: list[str]) -> None:
    assert places(text) == expected


def test_a_village_is_not_shown_by_a_preposition() -> None:
    """So many are called like something else: "in Hope"."""
    assert places("in Hamlet, in Gallup", countries=("US",)) == ["Gallup"]


def test_a_surname_of_the_article_is_no_place() -> None:
    assert places("in Limuru", surnames=("limuru",)) == []


def test_headlines_of_capitals_are_not_read() -> None:
    head = headline("Kiambu Residents Leave Limuru Town")

    assert list(candidates([head], frozenset(), GAZETTEER)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("in Limuru", True, id="a town"),
        pytest.param("Limuru County", True, id="surely a place"),
        pytest.param("Limuru lost", False, id="a name"),
    ],
)
def test_what_the_text_shows(text: str, expected: bool) -> None:  # noqa: FBT001 -- a table's column
    (found,) = candidates([body(text)], frozenset(), GAZETTEER)

    assert found.is_shown is expected


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
    ("names", "expected"),
    [
        pytest.param(["Gallup"], {"US"}, id="one country has it"),
        pytest.param(["Alexandria"], set(), id="two have it"),
        pytest.param(["Atlantis"], set(), id="none has it"),
        pytest.param(["Alexandria", "Gallup"], {"US"}, id="the more, the surer"),
        pytest.param(["Alexandria", "Alexandria"], set(), id="a name counts once"),
    ],
)
def test_implied_countries(names: list[str], expected: set[str]) -> None:
    assert implied_countries(names, GAZETTEER) == expected


@pytest.mark.parametrize(
    ("found", "by", "countries", "label"),
    [
        pytest.param(
            "Kiambu", MODEL, {"KE"}, Label.PLACE, id="a large town of the story's country"
        ),
        pytest.param("Kiambu", MODEL, {"US"}, Label.PERSON, id="of another"),
        pytest.param("Limuru", MODEL, {"KE"}, Label.PERSON, id="a small one"),
        pytest.param("Kiambu", CAPITALS, {"KE"}, Label.PERSON, id="shown by what it does"),
        pytest.param("Kiambu Omar", MODEL, {"KE"}, Label.PERSON, id="two words"),
        pytest.param("Nairobi", MODEL, {"KE"}, Label.PERSON, id="a word of another's name"),
    ],
)
def test_lone_people_who_are_towns(found: str, by: str, countries: set[str], label: Label) -> None:
    text = body("Kiambu Omar, Kiambu, Limuru and Nairobi. Asha Nairobi")
    guesses = [name(text, "Asha Nairobi"), name(text, found, by=by)]

    assert [n.label for n in towns(guesses, countries, GAZETTEER)] == [Label.PERSON, label]


def test_a_body_of_that_name_stays_one() -> None:
    text = body("Kiambu won in Kiambu")
    guesses = [name(text, "Kiambu", Label.ORGANISATION), name(text, "Kiambu", nth=1)]

    found = towns(guesses, {"KE"}, GAZETTEER)

    assert [n.label for n in found] == [Label.ORGANISATION, Label.PLACE]
