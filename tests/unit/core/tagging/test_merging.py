import pytest

from tests.unit.core.tagging.makers import body, headline, name
from worker.core.tagging.merging import Group, organisations, people, places
from worker.core.tagging.names import Name
from worker.core.tagging.span import Label
from worker.core.tagging.words import Text

ORGANISATION, PLACE = Label.ORGANISATION, Label.PLACE


def named(text: Text, *found: str, label: Label = Label.PERSON) -> list[Name]:
    """Each of *found* in turn, from where the last one ended."""
    names, at = [], 0
    for part in found:
        at = text.content.index(part, at)
        names.append(name(text, part, label).cut(text, at, at + len(part)))
        at += len(part)
    return names


def shown(groups: list[Group]) -> dict[str, list[str]]:
    return {group.name: [n.text for n in group.names] for group in groups}


@pytest.mark.parametrize(
    ("content", "found", "expected"),
    [
        pytest.param(
            "Ruto, then William Ruto, then Ruto", ["Ruto", "William Ruto", "Ruto"],
            {"William Ruto": ["Ruto", "William Ruto", "Ruto"]}, id="a surname, before and after",
        ),
        pytest.param(
            "William Ruto or William Samoei Ruto", ["William Ruto", "William Samoei Ruto"],
            {"William Samoei Ruto": ["William Ruto", "William Samoei Ruto"]}, id="a middle name",
        ),
        pytest.param(
            "Raila Odinga, Raila", ["Raila Odinga", "Raila"],
            {"Raila Odinga": ["Raila Odinga", "Raila"]}, id="a given name",
        ),
        pytest.param(
            "Raila Odinga, Oburu Odinga, Odinga, Raila Odinga, Odinga",
            ["Raila Odinga", "Oburu Odinga", "Odinga", "Raila Odinga", "Odinga"],
            {
                "Raila Odinga": ["Raila Odinga", "Raila Odinga", "Odinga"],
                "Oburu Odinga": ["Oburu Odinga", "Odinga"],
            },
            id="two of a surname: the one named last",
        ),
        pytest.param(
            "Odinga, Raila Odinga, Oburu Odinga", ["Odinga", "Raila Odinga", "Oburu Odinga"],
            {"Raila Odinga": ["Odinga", "Raila Odinga"], "Oburu Odinga": ["Oburu Odinga"]},
            id="before either is named: the first",
        ),
        pytest.param(
            "William Ruto, Ruto William", ["William Ruto", "Ruto William"],
            {"William Ruto": ["William Ruto"], "Ruto William": ["Ruto William"]},
            id="the order of the words matters",
        ),
        pytest.param(
            "John Otieno, Okello", ["John Otieno", "Okello"],
            {"John Otieno": ["John Otieno"], "Okello": ["Okello"]}, id="nothing shared",
        ),
        pytest.param(
            "John Otieno, Jane Otieno Okello", ["John Otieno", "Jane Otieno Okello"],
            {"Jane Otieno Okello": ["Jane Otieno Okello"], "John Otieno": ["John Otieno"]},
            id="one word shared",
        ),
        pytest.param(
            "JOHN OTIENO, John Otieno", ["JOHN OTIENO", "John Otieno"],
            {"John Otieno": ["JOHN OTIENO", "John Otieno"]}, id="capitals are no name's best form",
        ),
        pytest.param(
            "Moses Wetang’ula, Wetang'ula", ["Moses Wetang’ula", "Wetang'ula"],  # noqa: RUF001
            {"Moses Wetang’ula": ["Moses Wetang’ula", "Wetang'ula"]},  # noqa: RUF001
            id="the apostrophe is the same",
        ),
    ],
)  # fmt: skip
def test_people(content: str, found: list[str], expected: dict[str, list[str]]) -> None:
    assert shown(people(named(body(content), *found))) == expected


def test_mentions_are_in_reading_order() -> None:
    text, head = body("William Ruto, Ruto"), headline("Ruto")

    (group,) = people([*named(text, "William Ruto", "Ruto"), *named(head, "Ruto")])

    assert [n.position for n in group.names] == [(False, 0), (True, 0), (True, 14)]


@pytest.mark.parametrize(
    ("content", "found", "expected"),
    [
        pytest.param(
            "Lake Basin Party (LBAP) won; LBAP", ["Lake Basin Party", "LBAP", "LBAP"],
            {"Lake Basin Party": ["Lake Basin Party", "LBAP", "LBAP"]}, id="defined in brackets",
        ),
        pytest.param(
            "Lake Basin Party, or LBP", ["Lake Basin Party", "LBP"],
            {"Lake Basin Party": ["Lake Basin Party", "LBP"]}, id="by its initials",
        ),
        pytest.param(
            "Bank of the Lake, BL", ["Bank of the Lake", "BL"],
            {"Bank of the Lake": ["Bank of the Lake", "BL"]}, id="small words have none",
        ),
        pytest.param(
            "LBP beat Lake Basin Party", ["LBP", "Lake Basin Party"],
            {"Lake Basin Party": ["LBP", "Lake Basin Party"]}, id="initials first",
        ),
        pytest.param(
            "Lake Basin Party, Lo Bo Po, LBP", ["Lake Basin Party", "Lo Bo Po", "LBP"],
            {"Lake Basin Party": ["Lake Basin Party", "LBP"], "Lo Bo Po": ["Lo Bo Po"]},
            id="the same initials: the first",
        ),
        pytest.param(
            "Lake Basin Party, ABC", ["Lake Basin Party", "ABC"],
            {"Lake Basin Party": ["Lake Basin Party"], "ABC": ["ABC"]}, id="other initials",
        ),
        pytest.param(
            "Lake Basin Party (Kisumu)", ["Lake Basin Party", "Kisumu"],
            {"Lake Basin Party": ["Lake Basin Party"], "Kisumu": ["Kisumu"]},
            id="no acronym in the brackets",
        ),
        pytest.param(
            "Party, P", ["Party", "P"], {"Party": ["Party"], "P": ["P"]}, id="one letter is none"
        ),
        pytest.param(
            "Safaricom and SAFARICOM", ["Safaricom", "SAFARICOM"],
            {"Safaricom": ["Safaricom", "SAFARICOM"]}, id="capitals",
        ),
    ],
)  # fmt: skip
def test_organisations(content: str, found: list[str], expected: dict[str, list[str]]) -> None:
    text = body(content)

    assert shown(organisations(named(text, *found, label=ORGANISATION), [text])) == expected


def test_the_lists_name_goes_first() -> None:
    text = body("EAC, LEAC (EAC)")
    known = name(text, "EAC", ORGANISATION, known_as="East African Community")

    assert shown(organisations([known], [text])) == {"East African Community": ["EAC"]}


def test_a_long_form_that_a_list_knows_names_its_acronym() -> None:
    text = body("Jumuiya ya Afrika (JAM) leo")
    names = [
        name(text, "Jumuiya ya Afrika", ORGANISATION, known_as="East African Community"),
        name(text, "JAM", ORGANISATION),
    ]

    assert list(shown(organisations(names, [text]))) == ["East African Community"]


def test_places() -> None:
    text = body("DRC, Congo, Goma, GOMA")
    names = [
        name(text, "DRC", PLACE, known_as="DR Congo"),
        name(text, "Congo", PLACE, known_as="DR Congo"),
        name(text, "Goma", PLACE),
        name(text, "GOMA", PLACE),
    ]

    assert shown(places(names)) == {"DR Congo": ["DRC", "Congo"], "Goma": ["Goma", "GOMA"]}
