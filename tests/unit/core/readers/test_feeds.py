import json

import pytest

from worker.core.article import Draft, Kind
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.readers.feeds import ATOM, JSON, RSS, entries, is_json_feed, read, read_json

ITEM = """<item>
 <title>County opens market &amp;amp; roads</title>
 <link>https://lakepost.example/market</link>
 <guid isPermaLink="false">tag:lakepost.example,2025:market</guid>
 <dc:creator>Jane Wanjiru</dc:creator><dc:creator>Ali Noor</dc:creator>
 <pubDate>Tue, 28 Jan 2025 10:30:00 +0300</pubDate>
 <category>Business</category><category>Counties</category>
 <description>The county has&nbsp;a market.</description>
 <content:encoded><![CDATA[<p>One & two.</p><h2>Roads</h2><p>Three.</p>]]></content:encoded>
</item>"""
ENTRY = """<entry>
 <title type="html">County opens &lt;b&gt;market&lt;/b&gt;</title>
 <link rel="enclosure" href="https://lakepost.example/a.jpg"/>
 <link href="https://lakepost.example/market"/>
 <id>tag:lakepost.example,2025:market</id>
 <author><name>Jane Wanjiru</name></author>
 <published>2025-01-28T10:30:00+03:00</published>
 <updated>2025-01-28T12:00:00+03:00</updated>
 <category term="Business"/>
 <summary>The county has a market.</summary>
 <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One.</p><p>Two.</p></div>
 </content>
</entry>"""
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Lake Post",
    "home_page_url": "https://lakepost.example/",
    "language": "en-KE",
    "authors": [{"name": "News desk"}],
    "items": [
        {
            "id": "tag:lakepost.example,2025:market",
            "url": "https://lakepost.example/market",
            "title": "County opens market",
            "content_html": "<p>One.</p><p>Two.</p>",
            "summary": "The county has a market.",
            "date_published": "2025-01-28T10:30:00+03:00",
            "date_modified": "2025-01-28T12:00:00+03:00",
            "authors": [{"name": "Jane Wanjiru"}],
        }
    ],
}


def rss(*items: str, channel: str = "<language>en-KE</language>") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">'
        f"<channel><title>Lake Post</title><link>https://lakepost.example/</link>"
        f"<copyright>(c) Lake Post</copyright>{channel}{''.join(items)}</channel></rss>"
    )


def rdf(*items: str) -> str:
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://purl.org/rss/1.0/">'
        '<channel rdf:about="x"><title>Lake Post</title><dc:language>sw</dc:language></channel>'
        f"{''.join(items)}</rdf:RDF>"
    )


def atom(*items: str, feed: str = "") -> str:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-KE"><title>Lake Post</title>'
        f"<author><name>News desk</name></author><rights>(c) LP</rights>{feed}{''.join(items)}"
        "</feed>"
    )


def parts(draft: Draft) -> list[tuple[Kind, str]]:
    return list(zip(draft.kinds, draft.blocks, strict=True))


def test_rss() -> None:
    draft = read(rss(ITEM))

    assert (draft.media_type, draft.headline) == (RSS, "County opens market & roads")
    assert parts(draft) == [
        (Kind.TEXT, "One & two."),
        (Kind.CROSSHEAD, "Roads"),
        (Kind.TEXT, "Three."),
    ]
    assert draft.authors == ("Jane Wanjiru", "Ali Noor")
    assert draft.published == "Tue, 28 Jan 2025 10:30:00 +0300"
    assert (draft.language, draft.source, draft.rights) == ("en-KE", "Lake Post", "(c) Lake Post")
    assert draft.guid == "tag:lakepost.example,2025:market"
    assert draft.url == "https://lakepost.example/market"
    assert draft.subjects == ("Business", "Counties")


@pytest.mark.parametrize(
    ("item", "field", "expected"),
    [
        ("<description>One.</description>", "blocks", ("One.",)),
        ("<content:encoded/><description>One.</description>", "blocks", ("One.",)),
        ("<title>1 &lt; 2</title>", "headline", "1 < 2"),
        ("<media:title>Photo</media:title><title>Market</title>", "headline", "Market"),
        ("<media:title>Photo</media:title>", "headline", None),
        ("<author>desk@lp.example (Jane Wanjiru)</author>", "authors", ("Jane Wanjiru",)),
        ("<author>Jane Wanjiru</author>", "authors", ("Jane Wanjiru",)),
        ("<author>desk@lp.example</author>", "authors", ("desk@lp.example",)),
        ("<guid>https://lp.example/1</guid>", "url", "https://lp.example/1"),
        ("<guid isPermaLink='false'>https://lp.example/1</guid>", "url", None),
        ("<guid>12</guid>", "url", None),
        ("<source url='x'>Other Post</source>", "source", "Other Post"),
        ("<dc:date>2025-01-28</dc:date>", "published", "2025-01-28"),
        ("<dc:language>sw</dc:language>", "language", "sw"),
    ],
)  # fmt: skip
def test_rss_spellings(item: str, field: str, expected: object) -> None:
    assert getattr(read(rss(f"<item>{item}</item>")), field) == expected


def test_rss_1() -> None:
    draft = read(
        rdf('<item rdf:about="u"><title>Soko</title><description>Moja.</description></item>')
    )

    assert (draft.headline, draft.blocks) == ("Soko", ("Moja.",))
    assert (draft.language, draft.source) == ("sw", "Lake Post")


def test_atom() -> None:
    draft = read(atom(ENTRY))

    assert (draft.media_type, draft.headline) == (ATOM, "County opens market")
    assert parts(draft) == [(Kind.TEXT, "One."), (Kind.TEXT, "Two.")]
    assert draft.authors == ("Jane Wanjiru",)
    assert draft.published == "2025-01-28T10:30:00+03:00"
    assert draft.updated == "2025-01-28T12:00:00+03:00"
    assert (draft.language, draft.source, draft.rights) == ("en-KE", "Lake Post", "(c) LP")
    assert draft.guid == "tag:lakepost.example,2025:market"
    assert (draft.url, draft.subjects) == ("https://lakepost.example/market", ("Business",))


@pytest.mark.parametrize(
    ("entry", "field", "expected"),
    [
        ("<summary>One.</summary>", "blocks", ("One.",)),
        ("<content type='html'>&lt;p&gt;One.&lt;/p&gt;</content>", "blocks", ("One.",)),
        ("<updated>2025-01-28</updated>", "published", "2025-01-28"),
        ("<title>x</title>", "authors", ("News desk",)),
        ("<source><title>Other Post</title></source>", "source", "Other Post"),
        ("<link rel='self' href='https://lp.example/1'/><link/>", "url", "https://lp.example/1"),
        ("<link/>", "url", None),
        ("<author><email>desk@lp.example</email></author>", "authors", ("desk@lp.example",)),
    ],
)
def test_atom_spellings(entry: str, field: str, expected: object) -> None:
    assert getattr(read(atom(f"<entry>{entry}</entry>")), field) == expected


def test_an_atom_entry_alone() -> None:
    draft = read(ENTRY.replace("<entry>", '<entry xmlns="http://www.w3.org/2005/Atom">'))

    assert (draft.headline, draft.source, draft.language) == ("County opens market", None, None)


def test_json_feed() -> None:
    draft = read_json(JSON_FEED)

    assert (draft.media_type, draft.headline) == (JSON, "County opens market")
    assert draft.blocks == ("One.", "Two.")
    assert draft.authors == ("Jane Wanjiru",)
    assert draft.published == "2025-01-28T10:30:00+03:00"
    assert draft.updated == "2025-01-28T12:00:00+03:00"
    assert (draft.language, draft.source) == ("en-KE", "Lake Post")
    assert draft.guid == "tag:lakepost.example,2025:market"
    assert draft.url == "https://lakepost.example/market"


@pytest.mark.parametrize(
    ("item", "field", "expected"),
    [
        ({"content_text": "One.\nTwo."}, "blocks", ("One.", "Two.")),
        ({"summary": "One."}, "blocks", ("One.",)),
        ({"title": "x"}, "authors", ("News desk",)),
        ({"external_url": "https://lp.example/1"}, "url", "https://lp.example/1"),
        ({"external_url": 1}, "url", None),
    ],
)
def test_json_feed_spellings(item: dict[str, object], field: str, expected: object) -> None:
    assert getattr(read_json({**JSON_FEED, "items": [item]}), field) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (JSON_FEED, True),
        ({"version": "https://jsonfeed.org/version/1", "items": {}}, False),
        ({"version": 1, "items": []}, False),
        ([], False),
    ],
)
def test_is_json_feed(value: object, expected: bool) -> None:  # noqa: FBT001 -- an expectation
    assert is_json_feed(value) is expected


@pytest.mark.parametrize("document", [rss(), rss(ITEM, ITEM), atom(ENTRY, ENTRY), rdf()])
def test_one_entry_is_an_article(document: str) -> None:
    with pytest.raises(Rejected, match="entries") as rejected:
        read(document)

    assert rejected.value.reason is Reason.UNSUPPORTED_FORMAT


def test_one_item_of_a_json_feed_is_an_article() -> None:
    with pytest.raises(Rejected, match="2 entries"):
        read_json({**JSON_FEED, "items": [{}, {}]})


@pytest.mark.parametrize(
    ("one", "two"),
    [
        pytest.param(rss(ITEM), rss(ITEM, "\n", ITEM), id="RSS 2.0"),
        pytest.param(
            rdf("<item><title>x</title></item>"),
            rdf("<item><title>x</title></item>", "<item><title>x</title></item>"),
            id="RSS 1.0",
        ),
        pytest.param(atom(ENTRY), atom(ENTRY, " ", ENTRY), id="Atom"),
    ],
)  # fmt: skip
def test_entries_are_read_as_if_they_were_alone(one: str, two: str) -> None:
    assert [read(text) for text in entries(two)] == [read(one)] * 2


def test_entries_of_a_json_feed_are_read_as_if_they_were_alone() -> None:
    two = json.dumps({**JSON_FEED, "items": JSON_FEED["items"] * 2})  # type: ignore[operator]

    assert [read_json(json.loads(text)) for text in entries(two)] == [read_json(JSON_FEED)] * 2


def test_an_entry_is_its_only_entry() -> None:
    (text,) = entries(ENTRY.replace("<entry>", '<entry xmlns="http://www.w3.org/2005/Atom">'))

    assert read(text).headline == "County opens market"


def test_a_long_word_of_the_feed_is_not_repeated_in_every_entry() -> None:
    """A hostile feed would grow with the square of its size."""
    long = "x" * 5000

    texts = [
        *entries(rss(ITEM, channel=f"<author>{long}</author><cloud>{long}</cloud>")),
        *entries(json.dumps({**JSON_FEED, "title": long})),
    ]

    assert not any(long in text for text in texts)
