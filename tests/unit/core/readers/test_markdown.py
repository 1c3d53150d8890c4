import pytest

from worker.core.article import Kind
from worker.core.readers.markdown import read

FRONT_MATTER = """---
title: "County opens market: traders move in"
author: Jane Wanjiru
date: 2025-01-28T10:30:00+03:00
lang: en-KE
source: 'Lake Post'
url: https://lakepost.example/market
---

The county opened a market.
"""


def test_front_matter() -> None:
    draft = read(FRONT_MATTER)

    assert draft.headline == "County opens market: traders move in"
    assert draft.blocks == ("The county opened a market.",)
    assert (draft.authors, draft.source) == (("Jane Wanjiru",), "Lake Post")
    assert (draft.published, draft.language) == ("2025-01-28T10:30:00+03:00", "en-KE")
    assert (draft.url, draft.media_type) == ("https://lakepost.example/market", "text/markdown")


@pytest.mark.parametrize(
    ("matter", "authors"),
    [
        ("authors: [Jane Wanjiru, 'Ali Noor']", ("Jane Wanjiru", "Ali Noor")),
        ("authors:\n  - Jane Wanjiru\n  - Ali Noor", ("Jane Wanjiru", "Ali Noor")),
        ("author:\n# a remark\ntitle: x", ()),
    ],
)
def test_lists_in_front_matter(matter: str, authors: tuple[str, ...]) -> None:
    assert read(f"---\n{matter}\n---\nText.").authors == authors


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("One\nline.\n\nTwo.", ["text One line.", "text Two."], id="lines"),
        pytest.param("x\n\n## Head ##\nOne.", ["text x", "crosshead Head", "text One."], id="#"),
        pytest.param("x\n\nHead\n---\nOne.", ["text x", "crosshead Head", "text One."], id="--"),
        pytest.param("x\n\n---\n\n* * *", ["text x"], id="rules"),
        pytest.param("- 1\n- 2\n  2\n1. 3", ["text 1", "text 2 2", "text 3"], id="li"),
        pytest.param("> One\n> two.", ["text One two."], id="quote"),
        pytest.param("x\n\n![Traders](a.jpg)", ["text x", "caption Traders"], id="picture"),
        pytest.param("x\n\n|a|b|\n|---|:-:|\n|1|2|", ["text x", "table a b", "table 1 2"], id="|"),
        pytest.param("```\ncode\n```\nOne.", ["text code One."], id="fence"),
        pytest.param("x\n\n[1]: https://lp.example/", ["text x"], id="definition"),
        pytest.param("**bold**, *soft*, __strong__", ["text bold, soft, strong"], id="dressed"),
        pytest.param("A [word](u) and [ref][1]", ["text A word and ref"], id="links"),
        pytest.param("2 * 3 * 4 and snake_case", ["text 2 * 3 * 4 and snake_case"], id="bare"),
        pytest.param(r"\# No heading, `code`, \*s\*", ["text # No heading, code, *s*"], id="\\\\"),
        pytest.param("#1 in the county", ["text #1 in the county"], id="number sign"),
        pytest.param("---\nno end", ["text no end"], id="no front matter"),
        pytest.param("****", [], id="nothing"),
    ],
)  # fmt: skip
def test_blocks(text: str, expected: list[str]) -> None:
    draft = read(text)

    assert [f"{k} {t}" for k, t in zip(draft.kinds, draft.blocks, strict=True)] == expected


@pytest.mark.parametrize(
    ("text", "headline", "first"),
    [
        ("# County opens market\n\nOne.", "County opens market", Kind.TEXT),
        ("County opens market\n===\nOne.", "County opens market", Kind.TEXT),
        ("---\ntitle: Title\n---\n# County opens market\n\nOne.", "Title", Kind.CROSSHEAD),
        ("One.\n\n# County opens market", None, Kind.TEXT),
    ],
)
def test_headline(text: str, headline: str | None, first: Kind) -> None:
    draft = read(text)

    assert (draft.headline, draft.kinds[0]) == (headline, first)


def test_front_matter_has_an_end_in_sight() -> None:
    assert read("---\n" + "author: Jane Wanjiru\n" * 300 + "---\n").authors == ()
