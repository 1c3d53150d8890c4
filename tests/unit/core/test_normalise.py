from datetime import UTC, datetime

import pytest

from worker.core.article import Author, Draft, Evidence, Kind, Moment, Precision
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.normalise import normalise

EVIDENCE = Evidence("utf-8", 1.0)
LEAD = "The county opened a market for three hundred traders on Tuesday."


def draft(
    *blocks: str,
    headline: str | None = None,
    media_type: str = "text/plain",
    authors: tuple[str, ...] = (),
    published: str | None = None,
    updated: str | None = None,
    language: str | None = None,
    source: str | None = None,
) -> Draft:
    return Draft(
        headline,
        blocks,
        media_type,
        authors=authors,
        published=published,
        updated=updated,
        language=language,
        source=source,
    )


def kinds(*blocks: str, headline: str = "Market opens in Nakuru") -> list[tuple[str, str]]:
    article = normalise(draft(headline, *blocks), EVIDENCE)
    return [(paragraph.kind.value, paragraph.text) for paragraph in article.paragraphs]


def test_plain_text() -> None:
    article = normalise(draft("Market  opens", LEAD, "Roads\tcome next."), EVIDENCE)

    assert (article.headline, article.headline_source) == ("Market opens", "first_line")
    assert article.body_text == f"{LEAD}\n\nRoads come next."
    assert article.language == "en"
    assert (article.byline, article.authors, article.dateline) == (None, (), None)


def test_offsets_cut_the_paragraphs_out_of_the_body() -> None:
    article = normalise(draft("Market opens", "By Jane Wanjiru", LEAD, "Café."), EVIDENCE)

    texts = [p for p in article.paragraphs if p.kind is Kind.TEXT]
    assert [article.body_text[p.start : p.end] for p in texts] == [LEAD, "Café."]
    assert [p.n for p in article.paragraphs] == [0, 1, 2]


def test_a_headline_alone_is_an_article() -> None:
    article = normalise(draft("Market opens"), EVIDENCE)

    assert (article.headline, article.paragraphs, article.body_text) == ("Market opens", (), "")


@pytest.mark.parametrize("blocks", [("1 - 0", "..."), ("12345",), ("", "  "), ()])
def test_no_letter_in_it(blocks: tuple[str, ...]) -> None:
    with pytest.raises(Rejected) as rejected:
        normalise(draft(*blocks), EVIDENCE)

    assert rejected.value.reason is Reason.NO_TEXT


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        pytest.param(
            ("By Jane Wanjiru", f"NAKURU, Jan 28 (KNA) - {LEAD}"),
            [("byline", "By Jane Wanjiru"), ("dateline", "NAKURU, Jan 28 (KNA) -"), ("text", LEAD)],
            id="byline, inline dateline",
        ),
        pytest.param(
            ("NAKURU, Jan 28 (KNA) -", "By Jane Wanjiru", LEAD),
            [("dateline", "NAKURU, Jan 28 (KNA) -"), ("byline", "By Jane Wanjiru"), ("text", LEAD)],
            id="dateline of its own line, byline after it",
        ),
        pytest.param(
            ("MARKET OPENS, IN NAKURU!", "Saturday, January 5, 2019", LEAD),
            [
                ("repeat", "MARKET OPENS, IN NAKURU!"),
                ("date", "Saturday, January 5, 2019"),
                ("text", LEAD),
            ],
            id="repeated headline, date",
        ),
        pytest.param(
            (LEAD, "By Jane Wanjiru", "One.", "Two.", "Three."),
            [("text", each) for each in (LEAD, "By Jane Wanjiru", "One.", "Two.", "Three.")],
            id="nothing opens an article after its start",
        ),
        pytest.param(
            ("By Jane Wanjiru", "By Ali Noor", LEAD),
            [("byline", "By Jane Wanjiru"), ("text", "By Ali Noor"), ("text", LEAD)],
            id="one byline",
        ),
        pytest.param(
            ("January 5, 2019", "January 6, 2019", LEAD),
            [("date", "January 5, 2019"), ("text", "January 6, 2019"), ("text", LEAD)],
            id="one date",
        ),
        pytest.param(
            ("NAKURU, Jan 28", "NAKURU, Jan 28 - It.", LEAD),
            [("dateline", "NAKURU, Jan 28"), ("text", "NAKURU, Jan 28 - It."), ("text", LEAD)],
            id="one dateline",
        ),
        pytest.param(
            ("Market opens in Nakuru",) * 10,
            [("repeat", "Market opens in Nakuru")] * 8 + [("text", "Market opens in Nakuru")] * 2,
            id="the start has an end",
        ),
        pytest.param(("By Jane Wanjiru",), [("byline", "By Jane Wanjiru")], id="nothing else"),
    ],
)
def test_opening(blocks: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    assert kinds(*blocks) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Reporting by Jane Wanjiru; Editing by Ali Noor",
        "(Additional reporting by Jane Wanjiru in Nakuru)",
        "Writing and editing by Ali Noor",
        "© 2025 Lake Post. All rights reserved.",
        "(c) 2025 Lake Post",
        "Copyright 2025 Lake Post",
        "Copyright © 2025",
        "Lake Post, ALL RIGHTS RESERVED",
        "Also read: Roads come next",
        "ALSO READ Roads come next",
        "Soma pia: Barabara",
        "Read more: Roads",
        "Related stories: Roads",
        "Click here to subscribe",
        "Sign up for our newsletter",
        "Follow us on social media",
    ],
)
def test_boilerplate(text: str) -> None:
    assert kinds(LEAD, text) == [("text", LEAD), ("boilerplate", text)]


@pytest.mark.parametrize(
    "text",
    [
        "Copyright law changes in May.",
        "Editing by hand is slow, the editor said.",
        "Related claims were dropped.",
        "Read more books, she said.",
        "(c) the third point",
        "Reporting by phone, the traders said.",
        "All rights reserved for the county " + "by the new law " * 30,
        "—Troy, who saw it",
        "Reuter",
    ],
)
def test_no_boilerplate(text: str) -> None:
    assert kinds(LEAD, text.strip()) == [("text", LEAD), ("text", text.strip())]


def test_a_repeat_needs_words() -> None:
    assert kinds("???", headline="A!")[0] == ("text", "???")
    assert normalise(draft("...", "!!!", LEAD, headline="***"), EVIDENCE).body_text.startswith(".")


LONG = LEAD + " " + "It goes on like that for a while. " * 8


@pytest.mark.parametrize(
    ("given", "headline", "source"),
    [
        pytest.param(draft("x", headline="Named"), "Named", "metadata", id="named"),
        pytest.param(draft("Ends with a stop."), "Ends with a stop.", "first_line", id="plain"),
        pytest.param(draft("W" * 300), "W" * 300, "first_line", id="long, but no sentences"),
        pytest.param(draft(LONG), LEAD, "derived", id="a story in one line"),
        pytest.param(draft(f"NAKURU, Jan 28 - {LEAD}"), LEAD, "derived", id="dateline first"),
        pytest.param(
            draft("4 March 2025", "Is it open?", LEAD), "Is it open?", "first_line", id="a question"
        ),
        pytest.param(
            draft("4 March 2025", "<LAKE LTD> OPENS", LEAD),
            "<LAKE LTD> OPENS",
            "first_line",
            id="a company's name",
        ),
        pytest.param(
            draft("4 March 2025", "- It is open", LEAD), "- It is open", "derived", id="a bullet"
        ),
        pytest.param(
            draft("4 March 2025", "It is open.", LEAD), "It is open.", "derived", id="a sentence"
        ),
        pytest.param(
            draft("4 March 2025", "Is it open?", LEAD, media_type="application/json"),
            "Is it open?",
            "derived",
            id="a question in JSON",
        ),
        pytest.param(
            draft("SPOTLIGHT - MARKET OPENS"), "SPOTLIGHT - MARKET OPENS", "first_line", id="a dash"
        ),
        pytest.param(
            draft(LEAD, media_type="application/json"), LEAD, "derived", id="JSON without a title"
        ),
        pytest.param(
            draft("Market opens", LEAD, media_type="application/json"),
            "Market opens",
            "first_line",
            id="JSON with its title in the text",
        ),
        pytest.param(
            draft("W" * 130, media_type="text/html"), "W" * 120 + "…", "derived", id="one long word"
        ),
        pytest.param(
            draft("word " * 40, media_type="text/html"),
            "word " * 23 + "word…",
            "derived",
            id="cut at a word",
        ),
        pytest.param(
            draft("Short text.", media_type="text/html"), "Short text.", "derived", id="short"
        ),
    ],
)
def test_headline(given: Draft, headline: str, source: str) -> None:
    article = normalise(given, EVIDENCE)

    assert (article.headline, article.headline_source) == (headline, source)


def test_what_a_headline_was_derived_from_stays_in_the_body() -> None:
    article = normalise(draft(LEAD, media_type="application/json"), EVIDENCE)

    assert article.body_text == LEAD


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(
            draft(
                "Head", "January 5, 2019", f"NAKURU, Jan 6, 2019 - {LEAD}", published="2020-02-03"
            ),
            Moment(at(2020, 2, 3), Precision.DAY, "metadata"),
            id="metadata first",
        ),
        pytest.param(
            draft("Head", "January 5, 2019", f"NAKURU, Jan 6, 2019 - {LEAD}", published="soon"),
            Moment(at(2019, 1, 5), Precision.DAY, "text"),
            id="then a date line",
        ),
        pytest.param(
            draft("Head", f"NAKURU, Jan 6, 2019 - {LEAD}"),
            Moment(at(2019, 1, 6), Precision.DAY, "dateline"),
            id="then a dateline with a year",
        ),
        pytest.param(draft("Head", f"NAKURU, Jan 6 - {LEAD}"), None, id="no year, no time"),
        pytest.param(draft("Head", f"NAKURU (AP) - {LEAD}"), None, id="no date"),
        pytest.param(draft("Head", "January 5", LEAD), None, id="a date line without a year"),
    ],
)
def test_published(given: Draft, expected: Moment | None) -> None:
    assert normalise(given, EVIDENCE).published == expected


@pytest.mark.parametrize(
    ("published", "date"),
    [(None, "--12-31"), ("2025-01-02", "2024-12-31"), ("2024-12-30", "2024-12-31")],
)
def test_a_date_has_a_year_only_if_the_file_gives_it(published: str | None, date: str) -> None:
    article = normalise(draft("H", f"NAKURU, Dec 31 - {LEAD}", published=published), EVIDENCE)

    assert article.dateline is not None
    assert article.dateline.date == date


def test_a_dateline_of_its_own_year_keeps_it() -> None:
    article = normalise(draft("H", f"NAKURU, Dec 31, 1999 - {LEAD}", published="2025"), EVIDENCE)

    assert article.dateline is not None
    assert article.dateline.date == "1999-12-31"


@pytest.mark.parametrize(
    ("dateline", "path", "expected"),
    [
        pytest.param("", "2025/01/28/a.txt", (2025, 1, 28, "path"), id="the path alone"),
        pytest.param("NAKURU, Dec 31 - ", "2025-01-02.txt", (2024, 12, 31, "dateline"), id="year"),
        pytest.param(
            "NAKURU, Jan 6, 2019 - ", "2025-01-02.txt", (2019, 1, 6, "dateline"), id="own year"
        ),
        pytest.param("", "a20250128b.txt", None, id="a number that is no date"),
    ],
)
def test_the_path_dates_what_the_file_does_not(
    dateline: str, path: str, expected: tuple[int, int, int, str] | None
) -> None:
    found = normalise(draft("Head", f"{dateline}{LEAD}"), EVIDENCE, path=path).published

    said = found and (found.at.year, found.at.month, found.at.day, found.source)
    assert said == expected


@pytest.mark.parametrize(
    ("given", "source"),
    [
        pytest.param(draft("H", "By A. Noor, Reuters", LEAD, source="Post"), "Post", id="metadata"),
        pytest.param(draft("H", "By A. Noor, Reuters", f"GOMA (AP) - {LEAD}"), "Reuters", id="by"),
        pytest.param(draft("H", f"GOMA (AP) - {LEAD}", "https://a.example/b"), "AP", id="dateline"),
        pytest.param(draft("H", LEAD, "https://www.a.example/b"), "a.example", id="address"),
        pytest.param(draft("H", LEAD), None, id="nobody says"),
    ],
)
def test_source(given: Draft, source: str | None) -> None:
    assert normalise(given, EVIDENCE).source == source


def test_a_date_line_may_tell_of_a_change() -> None:
    article = normalise(draft("H", "Jan 5, 2019", "Updated: Jan 6, 2019", LEAD), EVIDENCE)

    assert article.updated == Moment(at(2019, 1, 6), Precision.DAY, "text")


def test_a_second_change_is_text() -> None:
    assert kinds("Updated: Jan 6, 2019", "Updated: Jan 7, 2019", LEAD)[1][0] == "text"


def test_credits_add_authors_that_the_byline_has_not() -> None:
    given = draft("H", "By Jane Wanjiru", LEAD, "Reporting by Jane Wanjiru; Editing by Ali Noor")

    found = normalise(given, EVIDENCE).authors

    assert found == (Author("Jane Wanjiru"), Author("Ali Noor", "editing"))


def test_updated() -> None:
    article = normalise(draft("Head", LEAD, updated="2025-01-28T10:30:00Z"), EVIDENCE)

    assert article.updated == Moment(at(2025, 1, 28, 10, 30), Precision.SECOND, "metadata")


@pytest.mark.parametrize(
    ("given", "byline", "authors"),
    [
        pytest.param(
            draft("H", "By Jane Wanjiru, KNA", LEAD),
            "By Jane Wanjiru, KNA",
            (Author("Jane Wanjiru", "KNA"),),
            id="a line",
        ),
        pytest.param(
            draft("H", LEAD, authors=("Jane Wanjiru", "Ali Noor")),
            "Jane Wanjiru, Ali Noor",
            (Author("Jane Wanjiru"), Author("Ali Noor")),
            id="metadata",
        ),
        pytest.param(
            draft("H", "By J. Wanjiru", LEAD, authors=("Jane Wanjiru",)),
            "By J. Wanjiru",
            (Author("Jane Wanjiru"),),
            id="both",
        ),
        pytest.param(
            draft("H", "By J. Wanjiru", LEAD, authors=("KNA",)),
            "By J. Wanjiru",
            (Author("J. Wanjiru"),),
            id="an agency in the metadata",
        ),
    ],
)
def test_authors(given: Draft, byline: str, authors: tuple[Author, ...]) -> None:
    article = normalise(given, EVIDENCE)

    assert (article.byline, article.authors) == (byline, authors)


def test_every_string_is_cleaned_and_that_is_recorded() -> None:
    """JSON and HTML can spell out any character, after the file was decoded."""
    given = draft(
        "He\x00ad",
        "cafe\u0301 \xad",
        media_type="application/json",
        source=" Lake\u202e\nPost ",
        authors=("\x01", "Ali Noor"),
    )

    article = normalise(given, Evidence("utf-8", 1.0, ("bom",)))

    assert (article.headline, article.body_text, article.source) == ("Head", "café", "Lake Post")
    assert article.evidence.repairs == ("bom", "nul", "soft_hyphens", "nfc", "controls", "bidi")
    assert article.byline == "Ali Noor"


def test_the_declared_language_helps_where_the_text_says_little() -> None:
    assert normalise(draft("Ruto, Rubio", language="sw-KE"), EVIDENCE).language == "sw"


def test_the_language_is_that_of_the_story_not_of_its_credits() -> None:
    swahili = "Kaunti ilifungua soko jipya mjini Nakuru siku ya Jumanne baada ya miaka tisa."

    article = normalise(draft("Soko jipya", "By Jane Wanjiru", swahili * 9, swahili), EVIDENCE)

    assert article.language == "sw"
