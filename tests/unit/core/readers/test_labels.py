import pytest

from worker.core.article import Kind
from worker.core.readers.labels import Labelled, read, subject


def labelled(text: str) -> Labelled:
    found = read(text.split("\n"))
    assert found is not None
    return found


MEMO = """Slug: MARKET/NAKURU
Headline: Market opens
Byline: Jane Wanjiru
Date: 4 March 2025
Updated: 5 March 2025
Location: Nakuru
Agency: KNA
Keywords: market, roads; rain
Link: https://lake.example/a
Language: en
Embargoed until: 2025-03-05T06:00Z

Text: One.
Two."""


def test_labels_mean_what_they_mean_in_json() -> None:
    known = labelled(MEMO).known

    assert (known.headline, known.authors) == ("Market opens", ("Jane Wanjiru",))
    assert (known.published, known.updated) == ("4 March 2025", "5 March 2025")
    assert (known.located, known.source, known.language) == ("Nakuru", "KNA", "en")
    assert (known.url, known.embargo) == ("https://lake.example/a", "2025-03-05T06:00Z")
    assert known.subjects == ("market", "roads", "rain")


def test_nothing_is_dropped_but_the_headline() -> None:
    found = labelled(MEMO)

    lines = [line for line in MEMO.split("\n")[:11] if not line.startswith("Headline")]
    assert found.parts == tuple((Kind.BOILERPLATE, line) for line in lines)
    assert list(found.lines) == ["One.", "Two."]


def test_a_second_headline_is_kept_as_a_line() -> None:
    found = labelled("Headline: Market opens\nTitle: Market")

    assert found.known.headline == "Market opens"
    assert found.parts == ((Kind.BOILERPLATE, "Title: Market"),)


@pytest.mark.parametrize(
    ("written", "about"),
    [
        ("Fwd: Market opens", "Market opens"),
        ("FW: RE:  Fwd:Market opens", "Market opens"),
        ("Re: Market opens", "Market opens"),
        ("Re:Market opens", "Re:Market opens"),
        ("Regarding: Market opens", "Regarding: Market opens"),
        ("Fwd:", "Fwd:"),
        ("Re: KILL: Market opens", "Re: KILL: Market opens"),
        ("Fwd: KILL: Market opens", "Fwd: KILL: Market opens"),
        ("Fwd: CORRECTION: Market opens", "CORRECTION: Market opens"),
        ("Market opens", "Market opens"),
    ],
)
def test_what_a_subject_is_about(written: str, about: str) -> None:
    assert subject(written) == about


def test_a_subject_that_was_forwarded_is_kept_as_a_line() -> None:
    found = labelled("Subject: Fwd: Market opens\nTo: all")

    assert found.known.headline == "Market opens"
    assert found.parts[0] == (Kind.BOILERPLATE, "Subject: Fwd: Market opens")


def test_only_a_subject_is_forwarded() -> None:
    assert labelled("Headline: Re: Market opens").known.headline == "Re: Market opens"


def test_a_dateline_is_one() -> None:
    assert labelled("Dateline: NAKURU, March 4\nBy: Jane").parts[0] == (
        Kind.DATELINE,
        "NAKURU, March 4",
    )


def test_a_headline_needs_no_other_label() -> None:
    assert labelled("Headline: Market opens\n\nOne.").known.headline == "Market opens"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Market opens\nDate: 4 March 2025\nBy: Jane", id="not at the start"),
        pytest.param("Date: night at the opera\nOne.", id="one alone"),
        pytest.param("Nakuru: market opens\nKisumu: port closes", id="unknown names"),
        pytest.param("Date:\nBy:\nOne.", id="no values"),
        pytest.param("", id="nothing"),
    ],
)
def test_no_labels(text: str) -> None:
    assert read(text.split("\n")) is None
