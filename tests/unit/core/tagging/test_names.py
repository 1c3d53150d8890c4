import pytest

from tests.unit.core.tagging.makers import body, headline, name, span
from worker.core.tagging.names import clean, without_storms
from worker.core.tagging.span import Label

ORGANISATION, PERSON, PLACE = Label.ORGANISATION, Label.PERSON, Label.PLACE


@pytest.mark.parametrize(
    ("found", "label", "expected"),
    [
        pytest.param(
            "the East African Community", ORGANISATION, "East African Community", id="the"
        ),
        pytest.param("la France", PLACE, "France", id="a French article"),
        pytest.param("l'Afrique", PLACE, "Afrique", id="an elided one"),
        pytest.param("La Nation", ORGANISATION, "La Nation", id="which may be part of the name"),
        pytest.param("Kenya's", PLACE, "Kenya", id="possessive"),
        pytest.param("Kenya’s", PLACE, "Kenya", id="curly possessive"),  # noqa: RUF001 -- the case
        pytest.param('"Ruto', PERSON, "Ruto", id="opening mark"),
        pytest.param("Ruto,", PERSON, "Ruto", id="trailing comma"),
        pytest.param("Pelé", PERSON, "Pelé", id="an accent is no mark"),
        pytest.param("Ruto-", PERSON, "Ruto", id="a hyphen is one"),
        pytest.param(" Ruto ", PERSON, "Ruto", id="spaces"),
        pytest.param("Ruto\n\nNairobi", PERSON, "Ruto", id="a paragraph ends it"),
        pytest.param("Asha Omar. Fighting", PERSON, "Asha Omar", id="a sentence ends a person"),
        pytest.param("J. B. Kariuki", PERSON, "J. B. Kariuki", id="initials do not"),
        pytest.param("Banc One Corp. Inc", ORGANISATION, "Banc One Corp. Inc", id="nor a company"),
        pytest.param("U.S.", PLACE, "U.S.", id="an abbreviation keeps its dot"),
        pytest.param("President William Ruto", PERSON, "William Ruto", id="a title"),
        pytest.param("Mr. Ruto", PERSON, "Ruto", id="a short title"),
        pytest.param("Prime Minister Dr. Abiy", PERSON, "Abiy", id="two titles"),
        pytest.param("Larry King", PERSON, "Larry King", id="a title that is a surname"),
        pytest.param("Supreme Court", ORGANISATION, "Supreme Court", id="two offices are a body"),
        pytest.param("Treasury", ORGANISATION, "Treasury", id="and so is one of them"),
        pytest.param("M23", ORGANISATION, "M23", id="an organisation with digits"),
        pytest.param("State", ORGANISATION, None, id="an office"),
        pytest.param("President", PERSON, None, id="a title alone"),
        pytest.param("Prime Minister", PERSON, None, id="a title of two words"),
        pytest.param("Monday", PERSON, None, id="a day"),
        pytest.param("Samedi", PERSON, None, id="a day in French"),
        pytest.param("l'État", ORGANISATION, None, id="the state in French"),
        pytest.param("This Monday", ORGANISATION, None, id="function words"),
        pytest.param("Kiambu Governor", PERSON, None, id="nobody is called Governor"),
        pytest.param("Kiambu Governor", PLACE, "Kiambu Governor", id="a place is not judged so"),
        pytest.param("M23", PERSON, None, id="a person with digits"),
        pytest.param("rebels", PERSON, None, id="no capital"),
        pytest.param("2025", PLACE, None, id="no letter"),
        pytest.param("...", PLACE, None, id="no word"),
        pytest.param("World Health (WHO", ORGANISATION, "World Health", id="an open bracket"),
        pytest.param("Lake (Nyanza) Port", PLACE, "Lake (Nyanza) Port", id="a closed bracket"),
        pytest.param("D-Raleigh", ORGANISATION, "Raleigh", id="a politician's party"),
        pytest.param("Kiambu Marathon", PLACE, None, id="a contest"),
        pytest.param("Finance Bill", PERSON, None, id="a law"),
        pytest.param("Bill", PERSON, "Bill", id="a word alone is no law"),
        pytest.param("Olympic", PLACE, None, id="nor is this an entity"),
        pytest.param("Kenyan Premier League", ORGANISATION, None, id="a league that is a contest"),
        pytest.param("Arab League", ORGANISATION, "Arab League", id="and one that is a body"),
    ],
)
def test_clean(found: str, label: Label, expected: str | None) -> None:
    text = body(f"On {found} and so on")

    cleaned = [n.text for n in clean(text, [span(text.content, found, label)])]

    assert cleaned == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("found", "label", "expected"),
    [
        pytest.param("Kiambu Police", PERSON, ORGANISATION, id="the word of a body"),
        pytest.param("Police Chebet", PERSON, PERSON, id="which comes first"),
        pytest.param("Kiambu Police", PLACE, PLACE, id="only people are judged"),
    ],
)
def test_nobody_is_called_so(found: str, label: Label, expected: Label) -> None:
    (cleaned,) = clean(body(found), [span(found, found, label)])

    assert cleaned.label is expected


def test_a_title_may_end_the_text() -> None:
    text = body("Long live the King")

    assert list(clean(text, [span(text.content, "the King")])) == []


def test_offsets_follow() -> None:
    text = body("With the African Union's help")

    (found,) = clean(text, [span(text.content, "the African Union's", ORGANISATION)])

    assert text.content[found.start : found.end] == found.text == "African Union"


def test_reading_order_has_the_headline_first() -> None:
    first, second = name(headline("Kenya votes: Ruto"), "Ruto"), name(body("Ruto"), "Ruto")

    assert sorted([second, first], key=lambda n: n.position) == [first, second]


@pytest.mark.parametrize(
    ("content", "found", "kept"),
    [
        pytest.param("Cyclone Talia hit", "Talia", False, id="behind its kind"),
        pytest.param("Cyclone Talia hit", "Cyclone Talia", False, id="with it"),
        pytest.param(
            "Tropical Storm Talia hit", "Tropical Storm Talia", False, id="and what stands before"
        ),
        pytest.param("Talia hit. Cyclone Talia", "Talia", False, id="and wherever it stands alone"),
        pytest.param("Cyclone Talia met Asha Omar", "Asha Omar", True, id="somebody else"),
        pytest.param("The storm Talia hit", "Talia", True, id="a small word"),
        pytest.param("Talia saw a Storm rise", "Talia", True, id="a storm without a name"),
        pytest.param("Talia saw the Storm", "Talia", True, id="at the end"),
    ],
)
def test_storms_are_nobody(content: str, found: str, kept: bool) -> None:  # noqa: FBT001 -- a case
    text = body(content)

    assert [n.text for n in without_storms([text], [name(text, found)])] == [found] * kept


def test_a_place_may_have_the_name_of_a_storm() -> None:
    text = body("Cyclone Talia hit Talia.")

    assert list(without_storms([text], [place := name(text, "Talia", PLACE)])) == [place]


@pytest.mark.parametrize("party", ["Labour", "Tories"])
def test_a_party_is_nobody(party: str) -> None:
    (found,) = clean(body(f"On {party} and"), [span(f"On {party} and", party)])

    assert found.label is ORGANISATION
