import pytest

from worker.core.kicker import lines_above, note, precedes

HEADING = "Three hurt in Meru bus crash"
FILED = "MERU, Kenya, June 4 (KNA) - A bus overturned near Meru."
LEAD = "A bus overturned near Meru on Tuesday, police said."


def above(*lines: str) -> int:
    return lines_above(lines)


@pytest.mark.parametrize(
    "line",
    [
        "URGENT",
        "*** BREAKING NEWS ***",
        "FLASH",
        "LEAD:",
        "TAKE 2",
        "1ST LD-WRITETHRU",
        "HABARI ZA HIVI PUNDE",
        "a0412",
        "Page 3",
        "BC-Kenya-Crash,0123",
        "BC-Crash, 0123",
        "BC-KEN--Kenya-Crash, 1st Ld-Writethru,0450",
        "r i AM-Kenya-Crash",
        "^AM-Crash",
        "KENYA-CRASH/UPDATE 1 (PIX, TV)",
        "Slug: crash",
        "Eds: Adds details",
        "Contact: Jane Wanjiru, +254 700 000 000",
        "Media enquiries: press@lake.example",
        "Tel: 0700 000 000",
        "FOR IMMEDIATE RELEASE",
        "EMBARGOED UNTIL 7 March 2025",
        "Tuesday 4 June 2024",
        "By Ann Wanja",
    ],
)
def test_no_headline_has_its_form(line: str) -> None:
    assert above(line, HEADING, LEAD) == 1
    assert above(line, LEAD) == 0


@pytest.mark.parametrize(
    "line", ["Urgent", "Opinion", "Habari za hivi punde", "Correction", "CORRECTED:", "Update 2"]
)
def test_a_headline_may_have_its_form(line: str) -> None:
    assert above(line, HEADING, FILED) == 1
    assert above(line, HEADING, "By Ann Wanja", LEAD) == 1
    assert above(line, HEADING, LEAD) == 0


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("Flash", id="a film"),
        pytest.param("KILL", id="a notice itself"),
        pytest.param("NEWS IN BRIEF", id="a page of items"),
        pytest.param("URGENT: HELP IS NEEDED IN MERU", id="a flag that goes on"),
        pytest.param("Police hold two", id="any short line: what is below is its deck"),
        pytest.param("Contact: 5 things to know", id="no number to call"),
        pytest.param("Eds", id="a note without words"),
        pytest.param("BC-Ferries", id="one word after BC"),
        pytest.param("PM-elect", id="PM"),
        pytest.param("The Valley Record", id="a paper without its date"),
        pytest.param("", id="nothing"),
        pytest.param("URGENT " * 20, id="long"),
    ],
)
def test_a_headline_is_none(line: str) -> None:
    assert above(line, HEADING, FILED) == 0


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["URGENT", "", "", HEADING, FILED], 3, id="blank lines"),
        pytest.param(["URGENT", "a0412", "Eds: Adds", HEADING, FILED], 3, id="three"),
        pytest.param(["URGENT", "a0412", "Page 3", "Eds: Adds", HEADING, FILED], 0, id="four"),
        pytest.param(["URGENT", HEADING], 0, id="no text"),
        pytest.param(["URGENT", "a0412"], 0, id="no heading"),
        pytest.param(["SPORT", "Meru 2 Embu 1", "Kisii 0 Wajir 0", "Lamu 3"], 0, id="a list"),
        pytest.param(["SPORT", "Meru 2 0", "Embu 1", "Lamu", "Wajir 3", LEAD], 0, id="text after"),
        pytest.param(["SPORT", HEADING, "w" * 50], 1, id="a line of text"),
        pytest.param(["SPORT", HEADING, "w" * 49], 0, id="a short one"),
        pytest.param(["URGENT", "Is Meru safe?", FILED], 1, id="a question"),
        pytest.param(["URGENT", "help is on its way", LEAD], 0, id="it goes on"),
        pytest.param(["URGENT", "Meru", LEAD], 0, id="one word"),
        pytest.param(["URGENT", "It is over.", LEAD], 0, id="a sentence"),
        pytest.param(["URGENT", FILED, LEAD], 0, id="a dateline"),
        pytest.param(["URGENT", FILED[:40], LEAD], 0, id="a dateline, wrapped"),
        pytest.param(["URGENT", "By Ann Wanja", LEAD], 0, id="a byline"),
        pytest.param(["URGENT", "word " * 24 + "w", LEAD], 0, id="a long line"),
        pytest.param(["URGENT", "PHOTO: Meru's market", LEAD], 0, id="a caption"),
        pytest.param(["Urgent", HEADING, "A deck", "In parts", FILED], 1, id="decks between"),
        pytest.param(["Urgent", HEADING, "A", "B", "C", FILED], 0, id="too many of them"),
        pytest.param(["Urgent", HEADING, "MERU, Kenya -", LEAD], 0, id="a place alone"),
        pytest.param(["Urgent", HEADING, "MERU, June 4", LEAD], 1, id="filed on its own line"),
        pytest.param(
            ["The Valley Record", "3 June 2024", HEADING, "By Ann Wanja", LEAD], 2, id="a masthead"
        ),
        pytest.param(["The Valley Record", "3 June 2024", HEADING, LEAD], 0, id="not signed"),
        pytest.param(["the old record", "3 June 2024", HEADING, FILED], 0, id="a record"),
        pytest.param(["Record", "3 June 2024", HEADING, FILED], 0, id="one word of a paper's name"),
        pytest.param(["Meru Sets A Hot New Record", "3 June 2024", HEADING, FILED], 0, id="news"),
        pytest.param([], 0, id="nothing"),
    ],
)
def test_lines_above(lines: list[str], expected: int) -> None:
    assert above(*lines) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Eds: Adds details.", "Adds details."),
        ("EDS. : adds\nphotos", "adds\nphotos"),
        ("Eds:", None),
        ("Reeds: a guide", None),
    ],
)
def test_note(text: str, said: str | None) -> None:
    assert note(text) == said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Home > News > Meru", True, id="furniture"),
        pytest.param("Source: Lake Post", False, id="furniture with a colon"),
        pytest.param("MERU, June 4 -", True, id="a dateline"),
        pytest.param("MERU, June 4", False, id="a dateline without its dash"),
        pytest.param("By Ann Wanja", True, id="a byline"),
        pytest.param("4 June 2024", True, id="a date"),
        pytest.param("4 June 2024 " + "." * 120, False, id="long"),
        pytest.param(HEADING, False, id="a headline"),
    ],
)
def test_precedes(text: str, expected: bool) -> None:  # noqa: FBT001 -- a column
    assert precedes(text) == expected
