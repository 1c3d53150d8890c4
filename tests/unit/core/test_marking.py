import pytest

from worker.core.article import Author, Dateline, Kind
from worker.core.marking import mark

LEAD = "The county opened a market for three hundred traders on Tuesday."


def kinds(*parts: tuple[Kind, str], headline: str | None = "Market opens") -> list[str]:
    return [kind.value for kind, _ in mark(parts, headline).parts]


def test_what_the_format_says_counts() -> None:
    found = kinds(
        (Kind.CAPTION, "A stall"), (Kind.CROSSHEAD, "Roads"), (Kind.TEXT, LEAD), (Kind.TABLE, "1 2")
    )

    assert found == ["caption", "crosshead", "text", "table"]


def test_a_marked_byline_needs_no_by() -> None:
    marked = mark(((Kind.BYLINE, "Jane Wanjiru"), (Kind.TEXT, LEAD)), "Market opens")

    assert (marked.byline, marked.authors) == ("Jane Wanjiru", (Author("Jane Wanjiru"),))


SIGNED = (Kind.TEXT, "WANJIRU KAMAU")
TOLD = (Kind.TEXT, "Wanjiru Kamau is a writer in Nairobi.")


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        pytest.param((SIGNED, (Kind.TEXT, LEAD), TOLD), "byline", id="a column"),
        pytest.param((SIGNED, TOLD), "text", id="no column between"),
        pytest.param((SIGNED, TOLD, (Kind.TEXT, LEAD)), "text", id="not told at the end"),
        pytest.param(
            ((Kind.CROSSHEAD, SIGNED[1]), (Kind.TEXT, LEAD), TOLD), "crosshead", id="marked"
        ),
    ],
)
def test_a_name_that_the_end_explains_is_a_byline(
    parts: tuple[tuple[Kind, str], ...], found: str
) -> None:
    assert kinds(*parts)[0] == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NAKURU, Jan 28", Dateline("NAKURU, Jan 28", ("NAKURU",), "--01-28")),
        ("NAKURU, by 1st", Dateline("NAKURU, by 1st", ("NAKURU", "by 1st"))),
    ],
)
def test_a_marked_dateline_needs_no_dash(text: str, expected: Dateline) -> None:
    assert mark(((Kind.DATELINE, text), (Kind.TEXT, LEAD)), None).dateline == expected


def test_a_dateline_after_a_long_opening_may_have_no_story() -> None:
    opening = [(Kind.REPEAT, "Market opens")] * 8

    found = kinds(*opening, (Kind.TEXT, "NAKURU, Jan 28 (KNA) -"))

    assert found == ["repeat"] * 8 + ["dateline"]


def test_an_address_that_closes_the_file_is_its_own() -> None:
    marked = mark(((Kind.TEXT, LEAD), (Kind.TEXT, "https://lake.example/a")), None)

    assert marked.url == "https://lake.example/a"


def test_the_first_address_counts() -> None:
    addresses = tuple((Kind.TEXT, f"https://lake.example/{n}") for n in range(3))

    assert mark(addresses, None).url == "https://lake.example/0"


@pytest.mark.parametrize(
    ("text", "repeats"),
    [
        ("MARKET OPENS!", True),
        ("Market opens - Lake Post", True),
        ("Market opens again", False),
        ("...", False),
        ("Market opens " + "x" * 80, False),
    ],
)
def test_a_repeated_headline(text: str, repeats: bool) -> None:  # noqa: FBT001 -- a table's column
    assert (kinds((Kind.TEXT, text))[0] == "repeat") is repeats


def test_the_byline_of_a_doubled_body_is_doubled() -> None:
    long = LEAD * 2
    parts = ["By Jane Wanjiru", long, "Market opens", "By Jane Wanjiru", long]

    found = kinds(*((Kind.TEXT, text) for text in parts))

    assert found == ["byline", "text", "repeat", "repeat", "repeat"]
