import pytest

from tests.unit.core.tagging.makers import TOPICS, body, headline
from worker.core.article import Subject


def subjects(head: str = "", text: str = "", language: str = "en") -> tuple[Subject, ...]:
    found = TOPICS.subjects(headline(head), body(text), language)
    assert found is not None
    return found


def names(head: str = "", text: str = "") -> list[str]:
    return [subject.name for subject in subjects(head, text)]


def test_what_a_subject_says() -> None:
    (top, finer) = subjects("Football final", "The football final was late.")

    assert (top.qcode, top.name, top.level) == ("medtop:15000000", "sport", 1)
    assert top.evidence == ("football", "final")
    assert (finer.qcode, finer.level, finer.evidence) == ("medtop:20000822", 2, ("football",))
    assert 0.5 < finer.score < top.score < 1


@pytest.mark.parametrize(
    ("head", "text", "expected"),
    [
        pytest.param("Football", "", ["sport", "competition discipline"], id="the headline"),
        pytest.param("", "It was football.\n\nIt rained.", ["sport"], id="the lead, once"),
        pytest.param("", "It rained.\n\nThe football.", ["sport"], id="the body, once"),
        pytest.param(
            "", "Rain.\n\nFootball is football.", ["sport", "competition discipline"], id="twice"
        ),
        pytest.param("", "The final was late.", [], id="a weak word"),
        pytest.param("", "Final, then final, and final again.", [], id="a weak word, often"),
        pytest.param("Final", "The final was the final of the cup.", ["sport"], id="weak ones"),
        pytest.param("Voters and football", "", [
            "politics", "sport", "competition discipline"
        ], id="two topics, in the order of their codes"),
        pytest.param("Football football final", "Rain.\n\nVoters.", [
            "sport", "competition discipline"
        ], id="far behind"),
        pytest.param("Electorate", "", ["politics"], id="any ending"),
        pytest.param("Elecampane", "", [], id="another word of four such letters"),
        pytest.param("Interest rates", "", ["economy"], id="a phrase with any ending"),
        pytest.param("Interest in rates", "", [], id="its words apart"),
        pytest.param("An interest", "", [], id="a phrase that is cut short"),
        pytest.param("Trade fell", "", [], id="a phrase without its second word"),
        pytest.param("A union of trade", "", [], id="the second before the first"),
        pytest.param("Trade unions", "", [], id="a phrase ends as it is written"),
        pytest.param("Trade union", "", ["economy"], id="and so it is found"),
        pytest.param("Cloudy, in short", "", [], id="nothing"),
        pytest.param("Football, voters, trade union, wars, rain", "", [
            "economy", "politics", "sport", "competition discipline", "conflict"
        ], id="four at most"),
        pytest.param("Football, athletics and tennis", "Football.", [
            "sport", "competition discipline", "athletics"
        ], id="two finer ones at most"),
    ],
)  # fmt: skip
def test_topics(head: str, text: str, expected: list[str]) -> None:
    assert names(head, text) == expected


def test_a_word_is_said_once_as_evidence() -> None:
    """It may be listed both as it is and with any ending."""
    (top,) = subjects("Elections")

    assert top.evidence == ("elections",)


def test_a_language_without_lists_is_not_looked_at() -> None:
    assert TOPICS.subjects(headline("Football"), body(""), "fr") is None


def test_an_unknown_language_is_read_as_english() -> None:
    assert subjects("Football", language="und") == subjects("Football", language="en")
