import pytest

from tests.unit.core.tagging.makers import body, headline
from worker.core.tagging.words import key, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Kenya's peace", ["Kenya", "s", "peace"], id="a possessive ending is apart"),
        pytest.param("KENYA'S", ["KENYA", "S"], id="also in capitals"),
        pytest.param("Moses Wetang’ula", ["Moses", "Wetang'ula"], id="an inner apostrophe stays"),  # noqa: RUF001 -- the curly one is the case
        pytest.param("Rwanda-backed", ["Rwanda", "backed"], id="a hyphen divides"),
        pytest.param("the U.S.-led force", ["the", "US", "led", "force"], id="dotted capitals"),
        pytest.param("in the U.S", ["in", "the", "US"], id="the last dot may be missing"),
        pytest.param("U.S.B", ["USB"], id="an abbreviation is taken whole"),
        pytest.param("Cote d'Ivoire", ["Cote", "d", "Ivoire"], id="an elided article is apart"),
        pytest.param("qu'Israël", ["qu", "Israël"], id="an elided conjunction too"),
        pytest.param("rain.Then", ["rain", "Then"], id="a dot alone divides"),
        pytest.param("the L.A.'s", ["the", "LA", "s"], id="dots, then a possessive"),
        pytest.param("it's 'l'Union", ["it", "s", "l", "Union"], id="after an opening mark"),
        pytest.param("...", [], id="no word"),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert list(words(text)) == expected


def test_offsets_are_those_of_the_text() -> None:
    """Words read without dots, and still lie where they stood."""
    text = body("«U.S.» and Wetang’ula!")  # noqa: RUF001 -- the curly apostrophe is the case

    slices = [text.slice(i, i) for i in range(len(text.words))]

    assert slices == ["U.S.", "and", "Wetang’ula"]  # noqa: RUF001 -- likewise
    assert text.gaps == ("«", "» ", " ")
    assert text.slice(0, 2) == "U.S.» and Wetang’ula"  # noqa: RUF001 -- likewise


def test_rows_of_a_text_without_words() -> None:
    text = body("...")

    assert (text.words, text.folded, text.starts, text.ends, text.gaps) == ((), (), (), (), ())


def test_words_with_a_capital() -> None:
    text = body("In 2019 Ürümqi and iPhone")

    assert (text.capital, text.capitals) == ((True, False, True, False, False), (0, 2))


def test_key_folds_case() -> None:
    assert key("WILLIAM Ruto") == ("william", "ruto")


@pytest.mark.parametrize(
    ("gap", "expected"),
    [(" ", True), ("\n", True), ("-", True), (". ", True), (", ", False), ("\n\n", False)],
)
def test_what_may_join_two_words_of_a_name(gap: str, expected: bool) -> None:  # noqa: FBT001 -- a table's column
    text = body(f"St{gap}Lucia")

    assert text.joined(1) is expected


@pytest.mark.parametrize(("gap", "expected"), [(" ", True), ("\n", True), ("-", False)])
def test_only_space_is_between(gap: str, expected: bool) -> None:  # noqa: FBT001 -- a table's column
    text = body(f"St{gap}Lucia")

    assert text.spaced(1) is expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("Ruto Holds Talks With Rubio on Trade", True, id="every long word"),
        pytest.param("Ruto holds talks with Rubio on trade", False, id="names alone"),
        pytest.param("Long Rains Come Early", True, id="four long words are enough"),
        pytest.param("Rains Come Early", False, id="three are too few to tell"),
        pytest.param("Alpha Beta Gamma Delta Zeta Other Seven three three three", True, id="70 %"),
        pytest.param("Alpha Beta Gamma Delta Zeta Other three three three four", False, id="60 %"),
    ],
)
def test_title_case(content: str, expected: bool) -> None:  # noqa: FBT001 -- a table's column
    assert headline(content).title_case is expected


def test_a_body_is_not_in_title_case() -> None:
    assert not body("Ruto Holds Talks With Rubio").title_case


@pytest.mark.parametrize(("position", "expected"), [(0, 0), (1, 1), (4, 1), (5, 2), (99, 2)])
def test_word_from(position: int, expected: int) -> None:
    assert body("One Two").word_from(position) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("Nairobi West", True, id="a space"),
        pytest.param("Hassan. Fighting", False, id="the end of a sentence"),
        pytest.param("St. Lucia", True, id="two letters"),
        pytest.param("Prof. Omar", True, id="a short form"),
        pytest.param("Rex. Omar", False, id="a short name"),
        pytest.param("Nairobi, Kenya", False, id="a comma"),
    ],
)
def test_joined(content: str, expected: bool) -> None:  # noqa: FBT001 -- a table's column
    text = body(content)

    assert text.joined(1) is expected
