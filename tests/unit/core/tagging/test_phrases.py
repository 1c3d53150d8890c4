import pytest

from tests.unit.core.tagging.makers import body
from worker.core.tagging.phrases import Phrases

PHRASES = Phrases.of(
    (phrase, phrase)
    for phrase in (
        "Sudan", "South Sudan", "Turkey", "US", "WHO", "NATO", "Republic of Congo", "kényan",
        "U.S. Virgin Islands", "St. Lucia", "Guinea-Bissau", "Guinea",
        "East African Community", "East African Community Court", "the Hague",
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("in South Sudan and Sudan", ["South Sudan", "Sudan"], id="the longest wins"),
        pytest.param(
            "East African Community Court", ["East African Community Court"], id="by more than two"
        ),
        pytest.param("in the Hague, the court", ["the Hague"], id="by its second word"),
        pytest.param("South, Sudan", ["Sudan"], id="a comma divides"),
        pytest.param("south Sudan", ["Sudan"], id="a direction is no part of a name"),
        pytest.param("roast turkey", [], id="case is part of a name"),
        pytest.param("TURKEY HOLDS TALKS", ["Turkey"], id="capitals are read as the name"),
        pytest.param("TURKEY -- A ferry sank", ["Turkey"], id="as in a dateline"),
        pytest.param("tell us", [], id="us is not US"),
        pytest.param("Tell Us", [], id="nor is Us"),
        pytest.param("the US and the U.S.", ["US", "US"], id="with dots or without"),
        pytest.param("WHO SAYS NO", [], id="a short acronym in a text of capitals"),
        pytest.param("NATO SAYS NO", ["NATO"], id="a long one is none of the short words"),
        pytest.param("the WHO says no", ["WHO"], id="capitals that stand out"),
        pytest.param("REPUBLIC OF CONGO", ["Republic of Congo"], id="of, in any case"),
        pytest.param("Kényan, kényan", ["kényan", "kényan"], id="listed in lower case"),
        pytest.param("US Virgin Islands", ["U.S. Virgin Islands"], id="dots do not matter"),
        pytest.param("St Lucia, St. Lucia", ["St. Lucia", "St. Lucia"], id="nor do short forms'"),
        pytest.param("Guinea Bissau", ["Guinea-Bissau"], id="nor hyphens"),
        pytest.param("Guinea. Bissau", ["Guinea"], id="a dot ends what is no short form"),
        pytest.param("Sudanese", [], id="whole words only"),
        pytest.param("Republic of", [], id="an unfinished phrase"),
    ],
)
def test_find(text: str, expected: list[str]) -> None:
    assert [match.value for match in PHRASES.find(body(text))] == expected


def test_offsets() -> None:
    text = body("to the U.S. Virgin Islands.")

    (match,) = PHRASES.find(text)

    assert text.content[match.start : match.end] == "U.S. Virgin Islands"
    assert (match.first, match.last) == (2, 4)


def test_of_two_that_read_the_same_the_first_counts() -> None:
    phrases = Phrases.of([("U.K.", 1), ("UK", 2)])

    assert [match.value for match in phrases.find(body("the UK"))] == [1]
