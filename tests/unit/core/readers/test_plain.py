import pytest

from worker.core.article import Kind
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.readers.plain import body, read

WIRE = """\
COUNTY OPENS MARKET IN NAKURU
    By Jane Wanjiru, KNA
    NAKURU, March 4 -The county opened a market for three hundred
traders on Tuesday, nine years after the old one burnt down and
left them by the road.
    Officials said roads come next.
    The paving starts in May, the first of several works in the
low-lying part of the town.
 KNA
"""
TYPED = """\
County opens market

The county opened a market for three hundred traders on Tuesday, nine
years after the old one burnt down and left them by the road.

Officials said roads come next, and that the paving would start in
May.
"""
FLUSH = """\
County opens market
The county opened a market for three hundred traders on Tuesday, nine
years after the old one burnt down and left them there.
Officials said.
The paving of the roads, they said, would start in May if it did not
rain, and in June if it did.
"""
A = "The county opened a market for three hundred traders on Tuesday, nine years after the old"
B = "one burnt down and left them by the road, where some of them still sell what they can carry."


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        pytest.param("Headline", ["Headline"], id="one line"),
        pytest.param("\n\n  Headline \n", ["Headline"], id="blank lines around"),
        pytest.param("Head\nOne.\nTwo.", ["Head", "One.", "Two."], id="a line a paragraph"),
        pytest.param("Head\n\nOne.\n\n\nTwo.", ["Head", "One.", "Two."], id="blank lines between"),
        pytest.param(
            f"Head\n{A}.\n{B}\n{A}.\n{B}", ["Head", f"{A}.", B, f"{A}.", B], id="narrow paragraphs"
        ),
        pytest.param(
            f"Head\n{A} {B}\n  {B} {A}", ["Head", f"{A} {B}", f"{B} {A}"], id="wide, one indented"
        ),
        pytest.param(
            "Head\nHead\nSaturday, January 5\nNAIROBI - The end",
            ["Head", "Head", "Saturday, January 5", "NAIROBI - The end"],
            id="short lines are not wrapped",
        ),
        pytest.param(
            WIRE,
            [
                "COUNTY OPENS MARKET IN NAKURU",
                "By Jane Wanjiru, KNA",
                (
                    "NAKURU, March 4 -The county opened a market for three hundred traders on"
                    " Tuesday, nine years after the old one burnt down and left them by the"
                    " road."
                ),
                "Officials said roads come next.",
                (
                    "The paving starts in May, the first of several works in the low-lying"
                    " part of the town."
                ),
                "KNA",
            ],
            id="wire copy, indented",
        ),
        pytest.param(
            TYPED,
            [
                "County opens market",
                (
                    "The county opened a market for three hundred traders on Tuesday, nine"
                    " years after the old one burnt down and left them by the road."
                ),
                "Officials said roads come next, and that the paving would start in May.",
            ],
            id="wrapped, blank lines between",
        ),
        pytest.param(
            FLUSH,
            [
                "County opens market",
                (
                    "The county opened a market for three hundred traders on Tuesday, nine"
                    " years after the old one burnt down and left them there."
                ),
                "Officials said.",
                (
                    "The paving of the roads, they said, would start in May if it did not"
                    " rain, and in June if it did."
                ),
            ],
            id="wrapped, paragraphs end short",
        ),
    ],
)
def test_blocks(text: str, blocks: list[str]) -> None:
    draft = read(text)

    assert list(draft.blocks) == blocks
    assert draft.headline is None


def test_where_indents_mark_paragraphs_a_short_line_ends_none() -> None:
    text = WIRE.replace("works in the\nlow-lying part of the town.", "works\nin the\ntown.")

    assert "several works in the town." in read(text).blocks[4]


def test_a_hyphen_at_the_end_of_a_line_joins_its_word() -> None:
    text = WIRE.replace("works in the\nlow-lying", "works in low-\nlying")

    assert "works in low-lying part" in read(text).blocks[4]


def test_a_dash_at_the_end_of_a_line_does_not() -> None:
    text = WIRE.replace("works in the\nlow-lying", "works -\nlow-lying")

    assert "works - low-lying part" in read(text).blocks[4]


@pytest.mark.parametrize(
    ("lines", "blocks"),
    [
        pytest.param([A, "one burnt down."], 1, id="goes on in small letters"),
        pytest.param([f"    {A}", "One burnt down."], 1, id="indented before"),
        pytest.param([A, "One burnt down."], 2, id="nothing says so"),
        pytest.param([f"{A}.", "one burnt down."], 2, id="after a sentence"),
    ],
)
def test_two_lines_are_one_paragraph_only_for_a_reason(lines: list[str], blocks: int) -> None:
    assert len(read("\n".join(["Head", *lines])).blocks) == 1 + blocks


def test_a_wide_table_row_does_not_hide_that_the_rest_is_wrapped() -> None:
    text = WIRE + "    " + "x" * 120 + "\n" + "    Filling.\n" * 30

    assert read(text).blocks[2].endswith("left them by the road.")


CAPITALS = "COUNTY OPENS A MARKET FOR THREE HUNDRED TRADERS IN NAKURU"


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        pytest.param(
            "County opens a market for three hundred\ntraders in Nakuru\nOne.",
            "County opens a market for three hundred traders in Nakuru",
            id="goes on in small letters",
        ),
        pytest.param(f"{CAPITALS}\nAND NYERI\nOne.", f"{CAPITALS} AND NYERI", id="in capitals"),
        pytest.param(
            "County opens a market for three hundred\ntraders on the road\nto Nakuru\nOne.",
            "County opens a market for three hundred traders on the road",
            id="a short line ends it",
        ),
        pytest.param(f"{CAPITALS}\nBY JANE WANJIRU\nOne.", CAPITALS, id="a byline"),
        pytest.param(f"{CAPITALS}\nNAKURU, JAN 28 - One\n", CAPITALS, id="a dateline"),
        pytest.param(f"{CAPITALS}\n  AND NYERI\nOne.", CAPITALS, id="an indent"),
        pytest.param(f"{CAPITALS[:49]}\nAND NYERI\n", CAPITALS[:49], id="room was left"),
        pytest.param("Market opens\nand closes\n", "Market opens", id="a short line"),
        pytest.param(
            "County opens a market for traders.\nand closes it\n",
            "County opens a market for traders.",
            id="a sentence",
        ),
        pytest.param(
            "County opens a market for traders\nand closes it.\n",
            "County opens a market for traders",
            id="the end of a sentence",
        ),
        pytest.param(f"{CAPITALS}\n\nAND NYERI\n", CAPITALS, id="a gap"),
    ],
)  # fmt: skip
def test_headline(text: str, headline: str) -> None:
    assert read(text).blocks[0] == headline


def test_a_hanging_hyphen_joins_nothing() -> None:
    text = WIRE.replace("works in the\nlow-lying", "two-\nand three-year works in the\nlow-lying")

    assert "two- and three-year works" in read(text).blocks[4]


def test_more_lines_than_any_article_has_are_refused() -> None:
    with pytest.raises(Rejected) as rejected:
        read("a" + "\n" * 500_001)

    assert rejected.value.reason is Reason.TOO_EXPENSIVE


@pytest.mark.parametrize(
    ("rows", "is_table"),
    [
        pytest.param(["Town\tBags", "Nakuru\t20", "Kisumu\t15"], True, id="three rows of two"),
        pytest.param(["Town\tBags", "Nakuru\t20"], False, id="two rows of two"),
        pytest.param(["Town|Bags|Price", "Nakuru|20|48"], True, id="two rows of three"),
        pytest.param(["Home | News | Sport | Opinion | Jobs | Help"], False, id="one row"),
        pytest.param(["Town\tBags", "Nakuru\t20\t48", "Kisumu"], False, id="uneven"),
        pytest.param(["maize  20  48", "beans  15  40", "wheat  12  30"], False, id="spaces"),
    ],
)
def test_rows_of_a_table(rows: list[str], is_table: bool) -> None:  # noqa: FBT001 -- a column
    draft = read("\n".join(["Head", "One.", *rows, "Two."]))

    kind = Kind.TABLE if is_table else Kind.TEXT
    assert draft.kinds == (Kind.TEXT, Kind.TEXT, *[kind] * len(rows), Kind.TEXT)


def test_a_table_does_not_hide_that_the_rest_is_wrapped() -> None:
    draft = read(WIRE + "Town\tBags\nNakuru\t20\nKisumu\t15\n")

    assert draft.blocks[2].endswith("left them by the road.")
    assert draft.kinds[-3:] == (Kind.TABLE,) * 3


def test_a_gap_before_a_table_among_wrapped_lines_is_no_paragraph() -> None:
    draft = read(WIRE + "Town\tBags\nNakuru\t20\nKisumu\t15\n\nA\tB\tC\nD\tE\tF")

    assert draft.kinds[-5:] == (Kind.TABLE,) * 5


def test_a_body_has_no_headline_to_be_found() -> None:
    assert body(WIRE.split("\n", 2)[2])[0][1].startswith("NAKURU, March 4")


@pytest.mark.parametrize(
    ("line", "embargo", "kind"),
    [
        ("EMBARGOED UNTIL 7 March 2025", "7 March 2025", Kind.BOILERPLATE),
        ("Embargo: 5 ports close", None, Kind.TEXT),
    ],
)
def test_an_embargo_is_a_line_of_its_own(line: str, embargo: str | None, kind: Kind) -> None:
    draft = read(f"Market opens\n{line}\nOne.")

    assert (draft.embargo, draft.kinds[1]) == (embargo, kind)


def test_of_two_embargoes_the_labelled_one_counts() -> None:
    draft = read("Headline: A\nEmbargo: 2025-03-08\n\nEmbargoed until 7 March 2025\nOne.")

    assert draft.embargo == "2025-03-08"


@pytest.mark.parametrize("line", ["Eds: Adds a quote", "Market opens\nEds: Adds a quote"])
def test_a_note_to_editors_is_one(line: str) -> None:
    draft = read(f"{line}\nRoads come next\nOne.")

    assert draft.ed_note == "Adds a quote"
    assert dict(zip(draft.blocks, draft.kinds, strict=True))["Eds: Adds a quote"] == (
        Kind.BOILERPLATE
    )


def test_the_first_note_counts() -> None:
    assert read("Market opens\nEds: Adds a quote\nEds: Adds more\nOne.").ed_note == "Adds a quote"


def test_lines_above_a_headline_stand_before_it() -> None:
    draft = read("URGENT\n\na0412\nCounty opens a market for three hundred\ntraders\n\nOne.")

    assert draft.blocks == (
        "URGENT",
        "a0412",
        "County opens a market for three hundred traders",
        "One.",
    )
    assert draft.kinds == (Kind.BOILERPLATE, Kind.BOILERPLATE, Kind.TEXT, Kind.TEXT)


def test_they_may_stand_below_labelled_lines() -> None:
    draft = read("Slug: MARKET\nBy: Jane Wanjiru\n\nURGENT\nMarket opens\nOne.")

    assert draft.kinds == (Kind.BOILERPLATE,) * 3 + (Kind.TEXT,) * 2


@pytest.mark.parametrize(
    ("lines", "signal"),
    [
        pytest.param(["Corrected", "Market opens"], "corrected", id="a flag"),
        pytest.param(["URGENT", "CORRECTION", "Market opens"], "correction", id="the second"),
        pytest.param(["UPDATE 2", "Market opens"], "update", id="numbered"),
        pytest.param(["CORRECTION", "KILL: Market opens"], None, id="the headline says more"),
        pytest.param(["URGENT", "Market opens"], None, id="a flag of no change"),
        pytest.param(["Market opens", "Correction"], None, id="below"),
    ],
)
def test_a_flag_may_tell_of_a_change(lines: list[str], signal: str | None) -> None:
    assert read("\n".join([*lines, "NAKURU, March 4 (KNA) - One."])).signal == signal


def test_what_was_forwarded_is_the_headline() -> None:
    draft = read("Fwd: Market opens\nOne.")

    assert draft.blocks == ("Fwd: Market opens", "Market opens", "One.")
    assert draft.kinds == (Kind.BOILERPLATE, Kind.TEXT, Kind.TEXT)


def test_labelled_lines_without_a_headline_leave_it_to_be_found() -> None:
    draft = read("Slug: MARKET\nBy: Jane Wanjiru\n\nMarket opens\nOne.")

    assert (draft.headline, draft.blocks[2:]) == (None, ("Market opens", "One."))


def test_labelled_lines_alone_are_all_that_there_is() -> None:
    draft = read("From: the county\nTo: all")

    assert (draft.headline, draft.blocks) == (None, ("From: the county", "To: all"))
