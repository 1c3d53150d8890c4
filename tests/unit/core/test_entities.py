import pytest

from worker.core.article import Entity, Field, Mention, Tags
from worker.core.entities import LONGEST_KEY, EntityType, entity_key, entity_names

PERSON, PLACE, ORGANISATION = EntityType.PERSON, EntityType.PLACE, EntityType.ORGANISATION


def entity(
    name: str,
    *written: str,
    country: str | None = None,
    geonames: int | None = None,
    wikidata: str | None = None,
) -> Entity:
    return Entity(
        name=name,
        mentions=tuple(Mention(Field.BODY, 0, len(form), form) for form in written or (name,)),
        relevance=1.0,
        confidence=1.0,
        method="rules",
        country=country,
        geonames=geonames,
        wikidata=wikidata,
    )


@pytest.mark.parametrize(
    ("kind", "found", "key"),
    [
        pytest.param(PERSON, entity("William RUTO"), "person:william ruto", id="case"),
        pytest.param(PERSON, entity("Félix Antoine"), "person:felix antoine", id="accents"),
        pytest.param(
            PERSON,
            entity("Nyong\N{RIGHT SINGLE QUOTATION MARK}o"),
            "person:nyong'o",
            id="curly apostrophe",
        ),
        pytest.param(PERSON, entity("W. Ruto"), "person:w ruto", id="dots"),
        pytest.param(PERSON, entity("ወሰን"), "person:ወሰን", id="another script"),
        pytest.param(PERSON, entity("@@"), "person:@@", id="no letter"),
        pytest.param(
            PLACE, entity("Kenya", geonames=7, wikidata="Q1"), "geonames:7", id="of GeoNames"
        ),
        pytest.param(ORGANISATION, entity("EAC", wikidata="Q1"), "wikidata:Q1", id="of Wikidata"),
        pytest.param(PLACE, entity("Kibera", country="KE"), "place:kibera KE", id="a country"),
    ],
)
def test_key(kind: EntityType, found: Entity, key: str) -> None:
    assert entity_key(kind, found) == key


def test_the_kind_tells_apart() -> None:
    keys = {entity_key(kind, entity("Jordan")) for kind in EntityType}

    assert len(keys) == len(EntityType)


def test_a_key_is_bounded_and_still_tells_apart() -> None:
    """It is indexed, and an index's entry ends somewhere."""
    longest = "a" * (LONGEST_KEY - len("person:"))
    keys = [entity_key(PERSON, entity(longest + more)) for more in ("", "b", "c")]

    assert keys[0] == f"person:{longest}"
    assert len(set(keys)) == 3
    assert all(len(key) <= LONGEST_KEY for key in keys)


def test_names_are_the_canonical_one_and_those_written() -> None:
    found = entity("Kenya", "Kenya", "Kenyan", "the\n Republic", geonames=7, country="KE")

    names = {
        (n.entity, n.type, n.name, n.canonical, n.country)
        for n in entity_names(Tags(places=(found,))).values()
    }

    assert names == {
        ("geonames:7", "place", "Kenya", True, "KE"),
        ("geonames:7", "place", "Kenyan", False, None),
        ("geonames:7", "place", "the Republic", False, None),
    }


def test_names_of_all_kinds() -> None:
    tags = Tags(people=(entity("Ann"),), organisations=(entity("EAC"),), places=(entity("Goma"),))

    assert {name.type for name in entity_names(tags).values()} == set(EntityType)


def test_where_nobody_looked_there_are_no_names() -> None:
    assert entity_names(Tags(people=None, organisations=None)) == {}


def test_the_number_is_the_same_everywhere_and_another_for_whatever_differs() -> None:
    found = [
        entity("Ann"),
        entity("ANN"),
        entity("Ann", geonames=1),
        entity("Ann", wikidata="Q1"),
        entity("Ann", country="KE"),
        entity("Ann", country="KE", geonames=1),
        entity("Bob", "Ann"),
    ]
    names = [n for e in found for n in entity_names(Tags(people=(e,))).items()]
    (ann,) = entity_names(Tags(people=(entity("Ann"),)))

    assert len(dict(names)) == len(set(names))
    assert ann == -5213669950720455035
