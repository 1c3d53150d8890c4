import pytest

from tests.unit.core.tagging.makers import INDEX, body, headline
from worker.core.article import Field


def codes(text: str, *, surnames: frozenset[str] = frozenset(), language: str = "en") -> list[str]:
    return [seen.code for seen in INDEX.see([body(text)], language, surnames)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Kenya and a Kenyan in Nairobi", ["KE", "KE", "KE"], id="name, demonym, city"),
        pytest.param("South Sudan", ["SS"], id="the longest form"),
        pytest.param("off the Gulf of Kenya", [], id="a decoy of no country"),
        pytest.param("in New Kenya", ["US"], id="a decoy of another country"),
        pytest.param("in Congo", ["CD"], id="the likelier of two"),
        pytest.param(
            "in Congo, in Brazzaville", ["CG", "CG"], id="the one that is named elsewhere"
        ),
        pytest.param("Congo, Brazzaville, DRC", ["CD", "CG", "CD"], id="both are: the likelier"),
        pytest.param("a CAR rebel", [], id="a weak form alone"),
        pytest.param("a CAR rebel in Bangui", ["CF", "CF"], id="a weak form with a witness"),
        pytest.param("in Georgia", ["GE"], id="a country's name"),
        pytest.param("in Georgia, US", ["US"], id="the state's, beside its country"),
        pytest.param("in Georgia, a Georgian told the US", ["GE", "GE", "US"], id="with a witness"),
        pytest.param("in Jordan on Monday", ["JO"], id="a country that is also a surname"),
        pytest.param("said Michael Jordan", [], id="after a given name"),
        pytest.param("said Jordan Pickford", [], id="before a surname"),
        pytest.param("Jordan, Egypt", ["JO"], id="a comma stands between"),
        pytest.param("Egypt, Jordan", ["JO"], id="before it, too"),
        pytest.param("In Jordan", ["JO"], id="after a capitalised preposition"),
        pytest.param("Jordan President", ["JO"], id="before a title"),
    ],
)
def test_see(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("said Jordan", [], id="he is in the article"),
        pytest.param("said Jordan in Amman", ["JO", "JO"], id="and so is the country"),
        pytest.param("in Kenya", ["KE"], id="nobody is called Kenya"),
    ],
)
def test_surnames_of_the_article(text: str, expected: list[str]) -> None:
    assert codes(text, surnames=frozenset({"jordan", "kenya"})) == expected


@pytest.mark.parametrize(
    "content", ["Jordan Accepts More Water Aid", "JORDAN ACCEPTS WATER AID"], ids=["title", "upper"]
)
def test_neighbours_in_a_headline_of_capitals_say_nothing(content: str) -> None:
    (seen,) = INDEX.see([headline(content)], "en")

    assert seen.code == "JO"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fr", ["SD"]), ("en", []), ("so", []), ("und", [])],
)
def test_forms_are_those_of_the_language(language: str, expected: list[str]) -> None:
    assert codes("au Soudan", language=language) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Kenya", ("Kenya", "Q114"), id="a country"),
        pytest.param("Nairobi", ("Nairobi", None), id="a city"),
        pytest.param("England", ("England", "Q21"), id="a country within a country"),
        pytest.param("Kenyan", None, id="a demonym names no place"),
        pytest.param("New Kenya", None, id="nor does a decoy"),
    ],
)
def test_what_is_named(text: str, expected: tuple[str, str | None] | None) -> None:
    (seen,) = INDEX.see([body(text)], "en")

    assert (seen.place and (seen.place.name, seen.place.wikidata)) == expected


def test_a_witness_may_stand_in_the_other_text() -> None:
    seen = INDEX.see([headline("Congo votes"), body("Brazzaville was calm.")], "en")

    assert [(s.field, s.start, s.end, s.code) for s in seen] == [
        (Field.HEADLINE, 0, 5, "CG"),
        (Field.BODY, 0, 11, "CG"),
    ]
