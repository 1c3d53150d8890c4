import pytest

from tests.unit.core.tagging.makers import INDEX, REFERENCE, body, headline, name
from worker.core.tagging.facts import Layout, places, reconcile, without_demonyms
from worker.core.tagging.names import MODEL, RULES, Name
from worker.core.tagging.organisations import known_organisations
from worker.core.tagging.span import Label
from worker.core.tagging.words import Text

ORGANISATION, PERSON, PLACE = Label.ORGANISATION, Label.PERSON, Label.PLACE


def known(text: Text) -> list[Name]:
    return [
        *places({text.field: text}, INDEX.see([text], "en")),
        *known_organisations([text], REFERENCE.organisations),
    ]


@pytest.mark.parametrize(
    ("content", "guess", "label", "expected"),
    [
        pytest.param("in Nairobi", "Nairobi", PERSON, [("Nairobi", PLACE)], id="the list is right"),
        pytest.param("by M23", "M23", PLACE, [("M23", ORGANISATION)], id="on organisations too"),
        pytest.param(
            "at Kenya Airways", "Kenya Airways", ORGANISATION, [("Kenya Airways", ORGANISATION)],
            id="the model saw more",
        ),
        pytest.param(
            "by Alleged M23", "Alleged M23", PERSON, [("M23", ORGANISATION)],
            id="no person is called after an organisation",
        ),
        pytest.param(
            "in Nairobi, Kenya", "Nairobi, Kenya", PLACE, [("Nairobi", PLACE), ("Kenya", PLACE)],
            id="two places",
        ),
        pytest.param(
            "in Eastern DRC", "Eastern DRC", PLACE, [("DRC", PLACE)], id="a side of a country"
        ),
        pytest.param(
            "in Eastern DRC Hills",
            "Eastern DRC Hills",
            PLACE,
            [("Eastern DRC Hills", PLACE)],
            id="no side, but hills",
        ),
        pytest.param(
            "in Upper Nairobi", "Upper Nairobi", PLACE, [("Upper Nairobi", PLACE)], id="a quarter"
        ),
        pytest.param(
            "of South Sudan", "South", PERSON, [("South Sudan", PLACE)], id="the list saw more"
        ),
        pytest.param(
            "Union Kenya", "Union Ken", ORGANISATION, [("Kenya", PLACE)], id="they cross"
        ),
        pytest.param("said Otieno", "Otieno", PERSON, [("Otieno", PERSON)], id="nothing is known"),
        pytest.param("a Kenyan", "Kenyan", PERSON, [("Kenyan", PERSON)], id="a demonym is no fact"),
    ],
)  # fmt: skip
def test_reconcile(
    content: str, guess: str, label: Label, expected: list[tuple[str, Label]]
) -> None:
    text = body(content)

    found = reconcile([name(text, guess, label)], known(text))

    assert [(n.text, n.label) for n in found] == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        pytest.param(PLACE, {MODEL, RULES}, id="they agree"),
        pytest.param(PERSON, {RULES}, id="they do not"),
    ],
)
def test_who_found_it(label: Label, expected: set[str]) -> None:
    text = body("in Kenya")

    (found,) = reconcile([name(text, "Kenya", label)], known(text))

    assert found.found_by == expected


@pytest.mark.parametrize(
    ("content", "label", "expected"),
    [
        pytest.param("Lake Kenya", PLACE, "KE", id="a place within a known one"),
        pytest.param("Bank of Kenya", ORGANISATION, None, id="an organisation has no country"),
        pytest.param("Kenya and Sudan border", PLACE, None, id="two countries"),
        pytest.param("M23 Hill", PLACE, None, id="no country in it"),
    ],
)
def test_a_longer_place_has_the_country_in_its_name(
    content: str, label: Label, expected: str | None
) -> None:
    text = body(content)

    (found,) = reconcile([name(text, content, label)], known(text))

    assert found.country == expected


def test_of_facts_that_cross_the_first_counts() -> None:
    text = body("East African Community Kenya")
    first = name(text, "African Community Kenya", ORGANISATION, known_as="A")
    second = name(text, "Community Kenya", PLACE, known_as="B")
    elsewhere = name(headline("Community Kenya"), "Community Kenya", PLACE, known_as="B")

    assert reconcile([], [second, first, elsewhere]) == [elsewhere, first]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 3, []),
        (0, 4, ["bb"]),
        (4, 6, ["bb"]),
        (5, 6, []),
        (4, 7, ["bb", "cc"]),
        (8, 9, []),
    ],
)
def test_overlaps(start: int, end: int, expected: list[str]) -> None:
    """Ends are exclusive, and the other text is far away."""
    text = body("aa bb cc dd")
    names = [name(headline("aa bb"), "aa"), name(text, "bb"), name(text, "cc")]

    found = Layout.of(names).over(name(text, "dd").cut(text, start, end))

    assert [n.text for n in found] == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("The Kenya Open began", [], id="a contest"),
        pytest.param("Kenya, Open", ["Kenya"], id="a comma between"),
        pytest.param("open in Kenya", ["Kenya"], id="the last word"),
        pytest.param("Kenya opens", ["Kenya"], id="a verb"),
    ],
)
def test_a_contest_is_no_place(content: str, expected: list[str]) -> None:
    text = body(content)

    assert [n.text for n in places({text.field: text}, INDEX.see([text], "en"))] == expected


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        pytest.param("Kenyan", False, id="a demonym"),
        pytest.param("Kenya", True, id="a country"),
        pytest.param("Kenyan Airways", True, id="a longer name"),
        pytest.param("Omar", True, id="something else"),
    ],
)
def test_without_demonyms(found: str, kept: bool) -> None:  # noqa: FBT001 -- a table's column
    text = body(f"On {found} and so on")

    names = without_demonyms([name(text, found)], INDEX.see([text], "en"))

    assert [n.text for n in names] == ([found] if kept else [])
