import pytest

from worker.core.article import Author
from worker.core.byline import authors, is_role, parse, signed, signs


def people(*names: str, role: str | None = None) -> tuple[Author, ...]:
    return tuple(Author(name, role) for name in names)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Jane Wanjiru", people("Jane Wanjiru")),
        ("BY JANE WANJIRU", people("JANE WANJIRU")),
        ("by Jane Wanjiru", people("Jane Wanjiru")),
        ("By: Jane Wanjiru", people("Jane Wanjiru")),
        ("By Jane Wanjiru and Otieno Odhiambo", people("Jane Wanjiru", "Otieno Odhiambo")),
        (
            "By Wanjiru Kamau, Abby Otieno & A. B. Noor",
            people("Wanjiru Kamau", "Abby Otieno", "A. B. Noor"),
        ),
        ("By Jane Wanjiru, Reuters", people("Jane Wanjiru", role="Reuters")),
        (
            "By Jane Wanjiru and Ali Noor, Reuters",
            people("Jane Wanjiru", "Ali Noor", role="Reuters"),
        ),
        ("By jane wanjiru, Reuters", people("jane wanjiru", role="Reuters")),
        (
            "By Jane Wanjiru, Senior Correspondent",
            people("Jane Wanjiru", role="Senior Correspondent"),
        ),
        ("By Jane Wanjiru in Nakuru", people("Jane Wanjiru")),
        ("By Jane in Nakuru", people("Jane")),
        ("By Jane Wanjiru, Nakuru", people("Jane Wanjiru")),
        ("By Jane Wanjiru for The Lake Post", people("Jane Wanjiru", role="The Lake Post")),
        ("By Jane Wanjiru | KNA", people("Jane Wanjiru", role="KNA")),
        ("By Jane Wanjiru - KNA", people("Jane Wanjiru", role="KNA")),
        ("By Jean-Loup O'Neill de la Cruz", people("Jean-Loup O'Neill de la Cruz")),
        ("By Peter Mwangi Jr.", people("Peter Mwangi Jr.")),
        ("By John K.", people("John K.")),
        ("By Staff Reporter", ()),
        ("By AFP", ()),
        ("By Reuters and Agencies", ()),
        ("Na Juma Mwangi", people("Juma Mwangi")),
        ("NA JUMA MWANGI na ASHA ALI", people("JUMA MWANGI", "ASHA ALI")),
        ("Na AFP", ()),
        ("KNA by Peter Otieno", people("Peter Otieno", role="KNA")),
        ("Par Awa Diop, à Nakuru", people("Awa Diop")),
        ("Na Juma Mwangi, mjini Nakuru", people("Juma Mwangi")),
        ("Par Awa Diop et Ali Sow", people("Awa Diop", "Ali Sow")),
        ("By ፍቅር ተስፋዬ", people("ፍቅር ተስፋዬ")),
    ],
)
def test_byline(line: str, expected: tuple[Author, ...]) -> None:
    assert parse(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "Abby Otieno won the race",
        "Bystanders",
        "By ",
        "By Monday the rains had stopped",
        "By Monday",
        "By January Prices Doubled",
        "By The Lake",
        "By noon",
        "By Grace",
        "By Jane Wanjiru.",
        "By Jane Wanjiru:",
        "By and large, Prices Rose",
        "By 2030 Kenya Will Lead",
        "By Jane Wanjiru, who was there",
        "By " + "Jane Wanjiru, " * 12 + "Ali Noor",
        "By Ann Bo Cy Di Ed Fu Gi",
        "Na Rais",
        "Na wananchi walifurahi",
        "Par ailleurs",
        "Na serikali ya kenya na KNA",
    ],
)
def test_no_byline(line: str) -> None:
    assert parse(line) is None


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Jane Wanjiru", people("Jane Wanjiru")),
        ("By Jane Wanjiru and Ali Noor", people("Jane Wanjiru", "Ali Noor")),
        ("Jane Wanjiru; Ali Noor", people("Jane Wanjiru", "Ali Noor")),
        ("Reuters", ()),
        ("Jane Wanjiru <jane@lake.example>", people("Jane Wanjiru")),
        ("By ", ()),
        ("jwanjiru", people("jwanjiru")),
        ("Grace", people("Grace")),
        ("the web team", ()),
        (",", people(",")),
    ],
)
def test_a_field_of_metadata_always_names_somebody(
    field: str, expected: tuple[Author, ...]
) -> None:
    assert authors(field) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Jane Wanjiru, Senior Reporter", people("Jane Wanjiru", role="Senior Reporter")),
        ("Jane Wanjiru | KNA", people("Jane Wanjiru", role="KNA")),
        ("Jane Wanjiru and Ali Noor, KNA", people("Jane Wanjiru", "Ali Noor", role="KNA")),
        ("AFP", ()),
        ("Jane Wanjiru", None),
        ("Jane Wanjiru, Nakuru", None),
        ("Wanjiru, KNA", None),
        ("County Opens Market, Editor Says", None),
        ("Nakuru Editor, Staff Writer", None),
        ("the market opens, KNA", None),
        ("Jane Wanjiru, Senior Reporter!", None),
        ("Jane Wanjiru, Senior Reporter" + " " * 100, None),
    ],
)
def test_signed(line: str, expected: tuple[Author, ...] | None) -> None:
    assert signed(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Associated Press Writer", True),
        ("Staff Reporter", True),
        ("Associated Press", False),
        ("Lake Post", False),
        ("Team of traders", False),
        ("the editors", False),
    ],
)
def test_is_role(line: str, expected: bool) -> None:  # noqa: FBT001 -- an expectation
    assert is_role(line) is expected


@pytest.mark.parametrize(
    ("line", "last", "expected"),
    [
        ("WANJIRU KAMAU", "Wanjiru Kamau is a writer in Nairobi.", True),
        ("Wanjiru Kamau", "Wanjiru Kamau ni mwandishi wa gazeti hili.", True),
        ("Wanjiru Kamau", "Wanjiru Kamau is a trader in Nairobi.", False),
        ("Wanjiru Kamau", "Wanjiru Kamau wrote to the editor.", False),
        ("Wanjiru Kamau", "Ann Wanjiru Kamau is a writer.", False),
        ("Wanjiru Kamau", "Ann Moraa is a writer.", False),
        ("Wanjiru Kamau", "Wanjiru Kamau is a trader. " + "He sells. " * 30 + "A writer", False),
        ("Wanjiru", "Wanjiru is a writer.", False),
        ("The writer", "The writer is a columnist.", False),
        (
            "A" + "b" * 70 + " C" + "d" * 70,
            "A" + "b" * 70 + " c" + "d" * 70 + " is a writer",
            False,
        ),
    ],
)
def test_signs(line: str, last: str, expected: bool) -> None:  # noqa: FBT001 -- an expectation
    assert signs(line, last) is expected
