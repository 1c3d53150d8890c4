import json

import pytest

from worker.core.article import Kind
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.readers.html_page import read

LEAD = (
    "The county opened a new market on Tuesday, bringing stalls for three hundred traders under"
    " one roof for the first time since the old one burnt down."
)
SECOND = (
    "Officials said that roads come next, after the long rains, and promised to pave the approach"
    " from the bus station before the schools open."
)
ARTICLE = {
    "@type": "NewsArticle",
    "headline": "County opens market",
    "datePublished": "2025-01-28T10:30:00+03:00",
    "author": {"name": "Jane Wanjiru"},
}


def page(
    *, head: str = "", body: str = f"<h1>Shown headline</h1><p>{LEAD}</p><p>{SECOND}</p>"
) -> str:
    return (
        f'<!doctype html><html lang="en-KE"><head>{head}</head><body>'
        "<nav><a href=/>Home</a> <a href=/n>News</a></nav>"
        f"<article>{body}</article><footer>Imprint</footer></body></html>"
    )  # fmt: skip


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def test_paragraphs_without_furniture() -> None:
    related = '<div class="related-posts"><a href="/a">Another story</a></div>'

    draft = read(page(body=f"<h1>Shown headline</h1><p>{LEAD}</p><p>{SECOND}</p>{related}"))

    assert [
        text for kind, text in zip(draft.kinds, draft.blocks, strict=True) if kind == "text"
    ] == [
        LEAD,
        SECOND,
    ]
    assert not {"Home", "Imprint"} & set(draft.blocks)
    assert (draft.headline, draft.language) == ("Shown headline", "en-KE")


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(ARTICLE, id="object"),
        pytest.param([{"@type": "WebSite"}, ARTICLE], id="list"),
        pytest.param({"@graph": [{"@type": "Person"}, ARTICLE]}, id="graph"),
        pytest.param({**ARTICLE, "@type": ["Thing", "NewsArticle"]}, id="two types"),
    ],
)
def test_json_ld_is_believed_first(value: object) -> None:
    head = ld(value) + '<meta property="og:title" content="Another">'

    draft = read(page(head=head))

    assert draft.headline == "County opens market"
    assert draft.authors == ("Jane Wanjiru",)
    assert draft.published == "2025-01-28T10:30:00+03:00"


@pytest.mark.parametrize(
    "head",
    [
        "<script type='application/ld+json'>{oops</script>",
        "<script>var x</script>",
        ld("text"),
        ld([1, None]),
        ld({"@type": "Organization", "headline": "x"}),
    ],
)
def test_other_json_ld_is_passed_over(head: str) -> None:
    assert read(page(head=head)).headline == "Shown headline"


def test_meta_elements() -> None:
    draft = read(
        page(
            head='<meta property="og:title" content="County opens market">'
            '<meta property="og:title" content="Second">'
            '<meta name="author" content="Jane Wanjiru"><meta name="author">'
            '<meta property="article:published_time" content="2025-01-28">'
            '<meta property="article:modified_time" content="2025-01-29">'
            '<meta property="og:site_name" content="Lake Post">'
            '<meta property="og:url" content="https://post.example/1?x">'
            '<meta name="copyright" content="Lake Post 2025">'
            '<link rel="stylesheet" href="x.css"><link rel="canonical">'
            '<link rel="canonical" href="https://post.example/1">'
        )
    )

    assert (draft.headline, draft.authors) == ("County opens market", ("Jane Wanjiru",))
    assert (draft.published, draft.updated) == ("2025-01-28", "2025-01-29")
    assert (draft.source, draft.rights) == ("Lake Post", "Lake Post 2025")
    assert (draft.url, draft.canonical_url) == (
        "https://post.example/1?x",
        "https://post.example/1",
    )


def test_an_author_that_is_an_address_is_none() -> None:
    head = '<meta property="article:author" content="https://social.example/lakepost">'

    assert read(page(head=head)).authors == ()


def test_the_shown_time() -> None:
    body = (
        f"<time>now</time><time datetime='2025-01-28T10:30Z'>x</time><p>{LEAD}</p><p>{SECOND}</p>"
    )

    assert read(page(body=body)).published == "2025-01-28T10:30Z"


@pytest.mark.parametrize(
    ("head", "headings", "expected"),
    [
        ("<title>Title</title>", "<h1>One</h1>", "One"),
        ("<title>Title</title>", "<h1>One</h1><h1>Two</h1>", "Title"),
        ("<title> </title>", "", None),
    ],
)
def test_the_shown_headline(head: str, headings: str, expected: str | None) -> None:
    body = f"{headings}<p>{LEAD}</p><p>{SECOND}</p>"

    assert read(page(head=head, body=body)).headline == expected


def test_a_short_text_is_read_all_the_same() -> None:
    assert read("<p>Market opens</p><p>On Tuesday.</p>").blocks[-1] == "On Tuesday."


def test_the_json_ld_text_stands_in_for_a_page_without_one() -> None:
    head = ld({**ARTICLE, "articleBody": f"{LEAD}\n\n{SECOND}"})

    assert read(page(head=head, body="<p>Loading</p>")).blocks == (LEAD, SECOND)


def test_what_the_markup_and_the_judge_say_of_blocks() -> None:
    body = (
        "<header><h1>County opens market</h1>"
        '<p class="story-byline">By <a rel="author">Jane Wanjiru</a></p></header>'
        f"<figure><figcaption>Traders.</figcaption></figure><p>{LEAD}</p><h2>Roads next</h2>"
        f"<p>{SECOND}</p><blockquote><p>{LEAD} She said so.</p></blockquote>"
        "<table><tr><td>Year</td><td>Stalls</td></tr></table>"
        '<div class="related-posts"><a href="/a">Another story</a></div>'
    )

    head = '<meta property="og:title" content="County opens market | LP">'

    draft = read(page(head=head, body=body))

    assert draft.headline == "County opens market"
    assert list(zip(draft.kinds, draft.blocks, strict=True)) == [
        (Kind.CROSSHEAD, "County opens market"),
        (Kind.BYLINE, "By Jane Wanjiru"),
        (Kind.CAPTION, "Traders."),
        (Kind.TEXT, LEAD),
        (Kind.CROSSHEAD, "Roads next"),
        (Kind.TEXT, SECOND),
        (Kind.TEXT, f"{LEAD} She said so."),
        (Kind.TABLE, "Year\tStalls"),
        (Kind.BOILERPLATE, "Another story"),
    ]


@pytest.mark.parametrize(
    ("title", "site", "headline"),
    [
        ("County opens market - Lake Post", "Lake Post", "County opens market"),
        ("County opens market – Lake Post", "Lake Post", "County opens market"),  # noqa: RUF001 -- a dash
        ("A day at the Lake Post", "Lake Post", "A day at the Lake Post"),
        ("- County opens market", "Lake Post", "- County opens market"),
        ("County opens market - twice", "Lake Post", "County opens market - twice"),
    ],
)
def test_the_site_is_no_part_of_the_headline(title: str, site: str, headline: str) -> None:
    head = f'<title>{title}</title><meta property="og:site_name" content="{site}">'

    assert read(page(head=head, body=f"<p>{LEAD}</p><p>{SECOND}</p>")).headline == headline


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"<p>{LEAD}</p>" * 3001, id="many elements"),
        pytest.param("<div>" * 120 + f"<p>{LEAD}</p>", id="deep"),
        pytest.param(f"<p>{LEAD}</p>" + "<p>" + "word " * 200_001, id="long"),
    ],
)
def test_a_page_too_large_to_be_judged_is_text(body: str) -> None:
    assert set(read(page(body=body)).kinds) == {Kind.TEXT}


def test_the_same_text_with_paragraphs_is_preferred() -> None:
    head = ld({**ARTICLE, "articleBody": f"{LEAD} {SECOND}"})

    assert read(page(head=head, body=f"<p>{LEAD}</p><p>{SECOND}</p>")).blocks == (LEAD, SECOND)


def test_nothing_in_it() -> None:
    with pytest.raises(Rejected) as rejected:
        read("<!-- -->")

    assert rejected.value.reason is Reason.NO_TEXT
