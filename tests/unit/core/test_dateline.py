import pytest

from worker.core.dateline import split, whole

# paragraph, places, date, agency, what is left
DATELINES = [
    ("NAIROBI, Kenya (AP) — The county", ["NAIROBI", "Kenya"], None, "AP", "The county"),
    ("NAIROBI, Kenya (AP) _ The county", ["NAIROBI", "Kenya"], None, "AP", "The county"),
    ("GOMA, Jan 28 (Reuters) - The", ["GOMA"], "--01-28", "Reuters", "The"),
    ("NAIROBI, Jan 28 (Xinhua) -- The", ["NAIROBI"], "--01-28", "Xinhua", "The"),
    ("LONDON, Feb 26 -Ohio Mattress said", ["LONDON"], "--02-26", None, "Ohio Mattress said"),
    ("INDIANAPOLIS, IND., March 4-Shr", ["INDIANAPOLIS", "IND."], "--03-04", None, "Shr"),
    ("AMSTERDAM, 2 March - The", ["AMSTERDAM"], "--03-02", None, "The"),
    ("Nairobi, January 28, 2025 -- The", ["Nairobi"], "2025-01-28", None, "The"),
    ("NAIROBI, Tuesday, January 28, 2025 – The", ["NAIROBI"], "2025-01-28", None, "The"),  # noqa: RUF001
    ("NAIROBI, Monday - President", ["NAIROBI"], None, None, "President"),
    ("DAR ES SALAAM - Leaders met", ["DAR ES SALAAM"], None, None, "Leaders met"),
    ("DAR ES SALAAM — “We wait”", ["DAR ES SALAAM"], None, None, "“We wait”"),
    ("CALGARY, Alberta -Qtr ends Dec 31", ["CALGARY", "Alberta"], None, None, "Qtr ends Dec 31"),
    ("SAN JOSE, Calif., -Trace", ["SAN JOSE", "Calif."], None, None, "Trace"),
    ("LOUISVILLE, Colo. - March 16 -The", ["LOUISVILLE", "Colo."], "--03-16", None, "The"),
    ("TAUPO, N. Zealand, May 3, Reuter -It", ["TAUPO", "N. Zealand"], "--05-03", "Reuter", "It"),
    ("GOMA/KINSHASA, Jan 28 (Reuters) - The", ["GOMA", "KINSHASA"], "--01-28", "Reuters", "The"),
    ("NAIROBI and KAMPALA, Jan 28 - The", ["NAIROBI", "KAMPALA"], "--01-28", None, "The"),
    ("LONDON (Jan. 28) — The", ["LONDON"], "--01-28", None, "The"),
    ("NAIROBI Jan 28 - The", ["NAIROBI"], "--01-28", None, "The"),
    ("NEW YORK Jan 28 (KNA) - The", ["NEW YORK"], "--01-28", "KNA", "The"),
    ("NAKURU (Lake Wire) - The", ["NAKURU"], None, "Lake Wire", "The"),
    ("****LONDON, March 5 -India", ["LONDON"], "--03-05", None, "India"),
    ("Toronto, March 9 -Varity", ["Toronto"], "--03-09", None, "Varity"),
    ("caracas, march 13 -venezuela's", ["caracas"], "--03-13", None, "venezuela's"),
    ("The Hague, March 9 - Dutch", ["The Hague"], "--03-09", None, "Dutch"),
    ("THE HAGUE - Dutch growth", ["THE HAGUE"], None, None, "Dutch growth"),
    ("L'Ange-Gardien, Que., Oct 19 -Groupe", ["L'Ange-Gardien", "Que."], "--10-19", None, "Groupe"),
    ("Dar es Salaam, Jan 28 - The", ["Dar es Salaam"], "--01-28", None, "The"),
    ("NEW YORK, Narch 2 -Qtr", ["NEW YORK"], None, None, "Qtr"),
    ("BOSTON, March 187 -Eastern", ["BOSTON"], None, None, "Eastern"),
    ("OSLO, Oct 20 - Year to May 31 -It", ["OSLO"], "--10-20", None, "Year to May 31 -It"),
    ("NAKURU: The county", ["NAKURU"], None, None, "The county"),
    ("NEW DELHI: The county", ["NEW DELHI"], None, None, "The county"),
    ("LONDON--(BUSINESS WIRE)--The firm", ["LONDON"], None, "BUSINESS WIRE", "The firm"),
    ("NAKURU, 4 mar (EFE).- The county", ["NAKURU"], "--03-04", "EFE", "The county"),
    ("(CNN) — The county", [], None, "CNN", "The county"),
    ("Nakuru, March 4: The county", ["Nakuru"], "--03-04", None, "The county"),
    ("NAKURU, March 4 /Lakewire/ -- The", ["NAKURU"], "--03-04", "Lakewire", "The"),
    ("(Reuters) - The county", [], None, "Reuters", "The county"),
    ("Jan 28 (Reuters) - The county", [], "--01-28", "Reuters", "The county"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("paragraph", "places", "date", "agency", "rest"), DATELINES, ids=[d[0] for d in DATELINES]
)
def test_split(
    paragraph: str, places: list[str], date: str | None, agency: str | None, rest: str
) -> None:
    found = split(paragraph)

    assert found is not None
    line, text = found
    assert (list(line.places), line.date, line.agency, text) == (places, date, agency, rest)
    assert paragraph.startswith(line.text)
    assert line.text + paragraph[len(line.text) :].removesuffix(text).rstrip() == line.text


@pytest.mark.parametrize(
    "paragraph",
    [
        "The county opened a market.",
        "President Ruto - who was there - said",
        "Kenya - the host - won",
        "NATO - the alliance - said",
        "COVID-19 has spread",
        "UPDATE - The county",
        "NOTE: The county",
        "A: The county",
        "NEW: The county",
        "FALSE: The county",
        "PRESIDENT RUTO: We will open it.",
        "SEN. RUTO: We will open it.",
        "AUGUST - The month of rain",
        "NAKURU: the county",
        "Nakuru: The county",
        "nakuru, March 4: The county",
        "Updated, March 4: The county",
        "March 4 (KNA): The county",
        "BREAKING NEWS - The county",
        "LIVE — The county",
        "A - The first",
        "In Nairobi, January 28 - the day",
        "The meeting, March 9 - the last",
        "Prices rose, March 9 - again",
        "On Monday, March 9 - Easter",
        "SILVER -total 156",
        "COUNTY 47 - The last",
        "ONE, TWO, THREE, FOUR, FIVE - The",
        "A LONG LINE OF CAPITALS - The",
        "NAIROBI (and beyond) - The county",
        "March 26, NAIROBI - The county",
        "March 26 - The county",
        "July 4 - a day",
        "- The county",
        "x" * 120 + ", Jan 28 - The",
    ],
)
def test_no_dateline(paragraph: str) -> None:
    assert split(paragraph) is None


@pytest.mark.parametrize(
    ("paragraph", "date"),
    [
        ("NAIROBI, Jan 28 (KNA) —", "--01-28"),
        ("Nairobi, January 28, 2025", "2025-01-28"),
        ("NAIROBI, Kenya (AP)", None),
        ("NAKURU, Kenya -", None),
    ],
)
def test_whole(paragraph: str, date: str | None) -> None:
    found = whole(paragraph)

    assert found is not None
    assert (found.text, found.date) == (paragraph, date)


@pytest.mark.parametrize(
    "paragraph",
    [
        "Updated March 4, 2025",
        "Nakuru, Kenya -",
        "NAKURU, Kenya",
        "NAIROBI",
        "January 28, 2025",
        "AFP",
        "NAIROBI -",
        "A b, c",
        "N" * 101,
        "47, 3",
    ],
)
def test_not_whole(paragraph: str) -> None:
    assert whole(paragraph) is None
