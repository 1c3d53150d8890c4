from collections.abc import Sequence

import pytest

from tests.unit.core.tagging.makers import body, headline, name, texts
from worker.core.article import Field
from worker.core.tagging.consistency import Texts, consistent, titled
from worker.core.tagging.names import ECHO, MODEL, RULES, Name
from worker.core.tagging.span import Label

ORGANISATION, PERSON, PLACE = Label.ORGANISATION, Label.PERSON, Label.PLACE
HEADLINE, BODY = Field.HEADLINE, Field.BODY

Found = list[tuple[Field, str, Label]]


def judged(both: Texts, *names: Name) -> Found:
    return [(n.field, n.text, n.label) for n in consistent(both, names)]


def shown(names: Sequence[Name]) -> list[tuple[str, Label]]:
    return [(n.text, n.label) for n in names]


# --- titles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "guess", "expected"),
    [
        pytest.param("President Ruto", None, [("Ruto", PERSON)], id="the model missed it"),
        pytest.param("Mr Ruto", ("Ruto", ORGANISATION), [("Ruto", PERSON)], id="mislabelled"),
        pytest.param(
            "Mr William Ruto", ("William", PERSON), [("William Ruto", PERSON)], id="cut short"
        ),
        pytest.param(
            "Mr Ruto wa Ndege", ("Ruto wa Ndege", PERSON), [("Ruto wa Ndege", PERSON)], id="same"
        ),
        pytest.param(
            "Governor Anyang' Nyong'o", ("Nyong'o", PERSON), [("Anyang' Nyong'o", PERSON)],
            id="found without its beginning",
        ),
        pytest.param(
            "CS Health Aden", ("Aden", PERSON), [("Aden", PERSON)], id="a person further on"
        ),
        pytest.param(
            "CS Aden Duale Omar Said Faki", ("Duale Omar Said Faki", PERSON),
            [("Duale Omar Said Faki", PERSON)], id="which goes on further than we read",
        ),
        pytest.param(
            "Nyeri Archbishop Anthony Muheria", ("Nyeri Archbishop Anthony Muheria", ORGANISATION),
            [("Anthony Muheria", PERSON)], id="the title taken for a part of the name",
        ),
        pytest.param(
            "General Dynamics Land", ("General Dynamics", ORGANISATION),
            [("General Dynamics", ORGANISATION)], id="ends elsewhere: an organisation",
        ),
    ],
)  # fmt: skip
def test_titled(
    content: str, guess: tuple[str, Label] | None, expected: list[tuple[str, Label]]
) -> None:
    both = texts(text=content)
    names = [name(both[BODY], *guess)] if guess else []

    assert shown(titled(both, names)) == expected


def test_both_found_it() -> None:
    both = texts(text="President Ruto")

    (found,) = titled(both, [name(both[BODY], "Ruto")])

    assert found.found_by == {MODEL, RULES}


def test_what_a_list_knows_is_no_person() -> None:
    both = texts(text="President Kenya")
    known = name(both[BODY], "Kenya", PLACE, known_as="Kenya")

    assert titled(both, [known]) == [known]


def test_a_title_before_two_names_shows_nothing() -> None:
    both = texts(text="Mr One Two Three")
    names = [name(both[BODY], "One"), name(both[BODY], "Three", PLACE)]

    assert titled(both, names) == names


@pytest.mark.parametrize("head", ["President Ruto Holds More Talks", "PRESIDENT RUTO HOLDS TALKS"])
def test_capitals_of_a_headline_end_no_name(head: str) -> None:
    assert titled(texts(head=head), []) == []


# --- votes ----------------------------------------------------------------------------------------


def test_the_majority_wins() -> None:
    both = texts(text="Wanjiru ran. Wanjiru won. Wanjiru left.")
    content = both[BODY]
    names = [
        name(content, "Wanjiru", label, nth=i) for i, label in enumerate((PERSON, PLACE, PERSON))
    ]

    assert judged(both, *names) == [(BODY, "Wanjiru", PERSON)] * 3


def test_the_body_outvotes_the_headline() -> None:
    both = texts(head="Mandera is calm", text="Mandera was calm.")
    names = [name(both[HEADLINE], "Mandera", PERSON), name(both[BODY], "Mandera", PLACE)]

    assert judged(both, *names) == [(HEADLINE, "Mandera", PLACE), (BODY, "Mandera", PLACE)]


def test_a_plain_headline_outvotes_nothing_but_says_more_than_capitals() -> None:
    """Two votes of a headline in title case are worth one of a plain one."""
    plain = texts(head="Okello and Okello meet")
    capital = texts(head="Okello Meets Okello Again Today")

    plain_names = [name(plain[HEADLINE], "Okello", PLACE), name(plain[HEADLINE], "Okello", nth=1)]
    capital_names = [name(capital[HEADLINE], "Okello", PLACE)]

    assert {label for *_, label in judged(plain, *plain_names)} == {PERSON}
    assert {label for *_, label in judged(capital, *capital_names)} == {PLACE}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("rebels in Bunagana fled", PLACE, id="in a place"),
        pytest.param("trust in Bunagana's word", PERSON, id="a possessive is none"),
        pytest.param("they said Bunagana fled", PERSON, id="nothing to go by"),
        pytest.param("Bunagana fled", PERSON, id="the first word"),
        pytest.param("trust in Jean Bunagana", PERSON, id="a full name"),
    ],
)
def test_goma_is_not_a_person(content: str, expected: Label) -> None:
    both = texts(text=content)
    found = "Jean Bunagana" if "Jean" in content else "Bunagana"

    assert [label for *_, label in judged(both, name(both[BODY], found))] == [expected]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        pytest.param("Odinga", PERSON, id="surname"),
        pytest.param("Raila", PERSON, id="given name"),
        pytest.param("Party", ORGANISATION, id="neither"),
    ],
)
def test_parts_of_a_full_name_are_people(part: str, expected: Label) -> None:
    both = texts(text=f"Raila Amolo Odinga spoke. Then {part} left.")
    names = [name(both[BODY], "Raila Amolo Odinga"), name(both[BODY], f"{part} left", ORGANISATION)]
    names[1] = names[1].cut(both[BODY], names[1].start, names[1].end - len(" left"))

    assert judged(both, *names)[1] == (BODY, part, expected)


def test_a_place_that_one_is_in_outvotes_a_guess() -> None:
    both = texts(text="Bunagana fell. Rebels in Bunagana fled.")
    names = [name(both[BODY], "Bunagana", nth=i) for i in range(2)]

    assert {label for *_, label in judged(both, *names)} == {PLACE}


def test_a_title_outvotes_guesses() -> None:
    both = texts(head="Sakaja falls", text="Sakaja fell. Sakaja rose.")
    names = [
        name(both[HEADLINE], "Sakaja", ORGANISATION),
        name(both[BODY], "Sakaja", PERSON, by=RULES),
        name(both[BODY], "Sakaja", ORGANISATION, nth=1),
    ]

    assert {label for *_, label in judged(both, *names)} == {PERSON}


def test_who_corrected_is_said() -> None:
    both = texts(head="Mandera is calm", text="Mandera was calm.")
    names = [name(both[HEADLINE], "Mandera", PERSON), name(both[BODY], "Mandera", PLACE)]

    assert [n.found_by for n in consistent(both, names)] == [{MODEL, RULES}, {MODEL}]


def test_what_a_list_knows_is_not_voted_on() -> None:
    both = texts(text="Nairobi, Nairobi, Nairobi")
    known = name(both[BODY], "Nairobi", PLACE, known_as="Nairobi")
    others = [name(both[BODY], "Nairobi", PERSON, nth=i) for i in (1, 2)]

    assert judged(both, known, *others)[0] == (BODY, "Nairobi", PLACE)


# --- repeats --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "guess", "expected"),
    [
        pytest.param(
            "Asha Omar met us; then Omar left.", ("Asha Omar", PERSON), ["Omar"], id="surname"
        ),
        pytest.param(
            "Asha Omar left; Asha Omar slept.", ("Asha Omar", PERSON), ["Asha Omar"], id="all"
        ),
        pytest.param(
            "Lu Xu left; but Xu slept.", ("Lu Xu", PERSON), [], id="two letters: too short"
        ),
        pytest.param(
            "Lu Xun left; but Xun slept.", ("Lu Xun", PERSON), ["Xun"], id="three will do"
        ),
        pytest.param(
            "Asha Omar left; but Asha slept.", ("Asha Omar", PERSON), [], id="given names not"
        ),
        pytest.param("Dan May left. May is wet.", ("Dan May", PERSON), [], id="a month"),
        pytest.param("Asha Omar left; Sara Omar slept.", ("Asha Omar", PERSON), [], id="another's"),
        pytest.param(
            "Asha Omar left; Omar Bashir slept.", ("Asha Omar", PERSON), [], id="hers, too"
        ),
        pytest.param(
            "Asha Omar left; Mr Omar slept.", ("Asha Omar", PERSON), ["Omar"], id="a title"
        ),
        pytest.param(
            "Asha Omar left; Mr Omar Bashir slept.", ("Asha Omar", PERSON), [], id="and another's"
        ),
        pytest.param(
            "Asha Omar left. On Omar it rained.", ("Asha Omar", PERSON), ["Omar"], id="a word"
        ),
        pytest.param(
            "Asha Omar left; Malian Omar slept.", ("Asha Omar", PERSON), ["Omar"], id="whence"
        ),
        pytest.param(
            "Asha Omar left; Omar On slept.", ("Asha Omar", PERSON), ["Omar"], id="after it"
        ),
        pytest.param(
            "Asha Omar left; Sara-Omar slept.", ("Asha Omar", PERSON), ["Omar"], id="hyphen"
        ),
        pytest.param("ODM won; the ODM lost.", ("ODM", ORGANISATION), ["ODM"], id="an acronym"),
        pytest.param("Iten won; then Iten lost.", ("Iten", PLACE), ["Iten"], id="four letters"),
        pytest.param("Ite won; then Ite lost.", ("Ite", PLACE), [], id="three"),
        pytest.param("Ol Mo won; then Ol Mo lost.", ("Ol Mo", PLACE), ["Ol Mo"], id="two words"),
    ],
)
def test_repeats_are_found(content: str, guess: tuple[str, Label], expected: list[str]) -> None:
    both = texts(text=content)
    names = [name(both[BODY], *guess)]

    repeats = [n for n in consistent(both, names) if n.found_by == {ECHO}]

    assert [n.text for n in repeats] == expected
    assert {n.label for n in repeats} <= {guess[1]}


def test_a_surname_that_is_another_name_is_not_looked_for() -> None:
    both = texts(text="Jane Iten went to Iten; then Iten slept.")
    names = [name(both[BODY], "Jane Iten"), name(both[BODY], "Iten", PLACE, nth=1)]
    names[1] = name(both[BODY], "Iten", PLACE, nth=1)
    known = [name(both[BODY], "Iten", PLACE, nth=1, known_as="Iten")]

    assert [n.text for n in consistent(both, [names[0], *known])] == ["Jane Iten", "Iten"]


def test_a_headline_in_capitals_is_read_by_the_body() -> None:
    """The model's stretch is dropped where the body knows better names for its words."""
    both = texts(head="Asha Omar Visits Grand Market Again", text="Asha Omar came.")
    names = [name(both[HEADLINE], "Asha Omar Visits"), name(both[BODY], "Asha Omar")]

    assert judged(both, *names) == [(HEADLINE, "Asha Omar", PERSON), (BODY, "Asha Omar", PERSON)]


def test_a_shouted_headline_too() -> None:
    both = texts(head="OMAR VISITS MARKET", text="Asha Omar came.")
    names = [name(both[HEADLINE], "OMAR VISITS"), name(both[BODY], "Asha Omar")]

    assert judged(both, *names)[0] == (HEADLINE, "OMAR", PERSON)


@pytest.mark.parametrize(
    ("guess", "known_as"),
    [
        pytest.param("Grand Market", None, id="the body knows nothing of it"),
        pytest.param("Asha Omar", None, id="the body has the same"),
        pytest.param("Omar Visits", "Omar Visits", id="a list knows it"),
    ],
)
def test_other_names_of_such_a_headline_stay(guess: str, known_as: str | None) -> None:
    both = texts(head="Asha Omar Visits Grand Market Again", text="Asha Omar came.")
    kept = name(both[HEADLINE], guess, known_as=known_as)

    assert kept in consistent(both, [kept, name(both[BODY], "Asha Omar")])


def test_a_plain_headline_keeps_its_names() -> None:
    both = texts(head="Omar Visits a market", text="Asha Omar came.")
    kept = name(both[HEADLINE], "Omar Visits")

    assert kept in consistent(both, [kept, name(both[BODY], "Asha Omar")])


def test_nothing_in_nothing_out() -> None:
    assert consistent({HEADLINE: headline("A"), BODY: body("")}, []) == []
