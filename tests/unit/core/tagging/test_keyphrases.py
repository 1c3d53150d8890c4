import pytest

from tests.unit.core.tagging.makers import body, headline
from worker.core.tagging.keyphrases import find_keyphrases


def phrases(
    text: str, head: str = "", *, language: str = "en", names: tuple[int, ...] = ()
) -> list[str]:
    """Of a body in which the words at the indexes *names* are parts of names."""
    found = find_keyphrases(headline(head), body(text), language, set(names))
    assert found is not None
    return [keyword.phrase for keyword in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("the ferry and the ferry", ["ferry"], id="twice"),
        pytest.param("the ferry sailed", [], id="once"),
        pytest.param("one ferry, two ferries, ferrys", ["ferry"], id="a plural counts with it"),
        pytest.param("the class, the class", ["class"], id="no plural"),
        pytest.param("the port wall, the port wall", ["port wall"], id="two words"),
        pytest.param("the port, wall; the port, wall", ["port", "wall"], id="not across a comma"),
        pytest.param(
            "the sugar mill sale; the sugar mill sale", ["sugar mill sale"], id="three words"
        ),
        pytest.param(
            "the sugar mill sale fell; a sugar mill; the mill", ["sugar mill"], id="a part of a run"
        ),
        pytest.param("the port wall; a port, a wall", ["port", "wall"], id="two words, once"),
        pytest.param("ports fell; a port rose", ["ports"], id="in the form that comes first"),
        pytest.param("he was said to be said", [], id="stop words"),
        pytest.param("sailing, sailing, sailed, sailed, calmly, calmly", [], id="verbs, adverbs"),
        pytest.param("the building, the building", ["building"], id="a noun all the same"),
        pytest.param("the Ferry, the Ferry", [], id="capitals"),
        pytest.param("sea, sea, sea", [], id="short"),
        pytest.param("the captain, the captain", [], id="a role"),
        pytest.param("the team captain, the team captain", ["team captain"], id="and its team"),
        pytest.param("wasn't, wasn't", [], id="contractions"),
        pytest.param("the city, the city", [], id="too little, alone"),
        pytest.param("the city wall, the city wall", ["city wall"], id="and enough with another"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_phrases(text: str, expected: list[str]) -> None:
    assert phrases(text) == expected


def test_names_are_left_out() -> None:
    assert phrases("ferry lake, ferry lake", names=(1, 3)) == ["ferry"]


def test_once_is_enough_for_what_the_headline_has_too() -> None:
    assert phrases("the ferry sailed past the port", "FERRIES, Ports") == ["port"]


def test_the_best_is_first_and_counts_one() -> None:
    found = find_keyphrases(
        headline("The port"), body("port, mill, mill, port, sale, sale"), "und", set()
    )
    assert found is not None

    assert [keyword.phrase for keyword in found] == ["port", "mill", "sale"]
    assert [keyword.score for keyword in found] == sorted(
        (keyword.score for keyword in found), reverse=True
    )
    assert found[0].score == 1.0


def test_eight_at_most() -> None:
    many = "one1 aaaa, bbbb, cccc, dddd, eeee, ffff, gggg, hhhh, iiii, jjjj. "

    assert len(phrases(many * 2)) == 8


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("sw", "bandari ya kivuko na bandari kwa kivuko", ["bandari", "kivuko"]),
        ("fr", "le navire et le navire dans le port", ["navire"]),
    ],
)
def test_languages(language: str, text: str, expected: list[str]) -> None:
    assert phrases(text, language=language) == expected


def test_a_language_without_lists_is_not_looked_at() -> None:
    assert find_keyphrases(headline("x"), body("markab markab"), "so", set()) is None


def test_swahili_verbs_and_relatives() -> None:
    text = "ng'ombe ambavyo imenunuliwa; ng'ombe ambavyo imenunuliwa"

    assert phrases(text, language="sw") == ["ng'ombe"]
