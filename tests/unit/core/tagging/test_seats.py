import pytest

from tests.unit.core.tagging.makers import GAZETTEER, INDEX, body, headline, name
from worker.core.tagging.facts import places
from worker.core.tagging.names import SEAT
from worker.core.tagging.seats import candidates, seats
from worker.core.tagging.span import Label
from worker.core.tagging.words import Text


def found(
    text: Text,
    of: str,
    label: Label = Label.ORGANISATION,
    *,
    countries: str = "KE US",
    known_as: str | None = None,
) -> list[str]:
    """Places within the name *of* a body in *text*."""
    texts = {text.field: text}
    listed = list(places(texts, INDEX.see([text], "en")))
    names = [name(text, of, label, known_as=known_as)]
    within = list(seats(texts, names, listed, frozenset(countries.split()), GAZETTEER))

    assert all(text.content[n.start : n.end] == n.text for n in within)
    assert all((n.label, n.found_by) == (Label.PLACE, {SEAT}) for n in within)
    return [n.text for n in within]


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        pytest.param("Limuru High Court", ["Limuru"], id="a town at the beginning"),
        pytest.param("New Mexico Senate", ["New Mexico"], id="of two words"),
        pytest.param("Office of Limuru", ["Limuru"], id="after of"),
        pytest.param("Limuru Court of Gallup", ["Limuru", "Gallup"], id="both"),
        pytest.param("Kenya Police", ["Kenya"], id="what the lists know"),
        pytest.param("Nairobi Court of Limuru", ["Nairobi"], id="the lists know it better"),
        pytest.param("Limuru Airways", [], id="no public body"),
        pytest.param("Atlantis Court", [], id="no place"),
        pytest.param("Central Court of Post", [], id="words of bodies"),
        pytest.param("Limuru", [], id="the whole name is no part"),
        pytest.param("Court of", [], id="nothing after of"),
    ],
)
def test_seats(of: str, expected: list[str]) -> None:
    assert found(body(f"At {of} it rained."), of) == expected


def test_only_places_of_the_countries_of_the_article() -> None:
    assert found(body("Gallup Court of Limuru"), "Gallup Court of Limuru", countries="KE") == [
        "Limuru"
    ]


def test_a_place_that_sticks_out_is_none_of_it() -> None:
    assert found(body("Limuru Court South Sudan"), "Limuru Court South") == ["Limuru"]


def test_a_region_that_is_a_body_alone() -> None:
    """It is an organisation or a place, and not both."""
    assert found(body("At Kiambu County"), "Kiambu County") == ["Kiambu"]


@pytest.mark.parametrize("label", [Label.PERSON, Label.PLACE])
def test_only_bodies_are_read(label: Label) -> None:
    assert found(body("Limuru High Court"), "Limuru High Court", label) == []


def test_bodies_that_a_list_knows_go_unread() -> None:
    assert found(body("Limuru High Court"), "Limuru High Court", known_as="The Court") == []


def test_headlines_in_capitals_go_unread() -> None:
    assert found(headline("LIMURU COURT"), "LIMURU COURT") == []


def test_candidates_lie_in_any_country() -> None:
    text = body("Brazzaville Court and Kenya Police")
    names = [name(text, n, Label.ORGANISATION) for n in ("Brazzaville Court", "Kenya Police")]

    assert [n.text for n in candidates({text.field: text}, names, GAZETTEER)] == ["Brazzaville"]
