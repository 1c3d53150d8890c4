"""Documents are our own, written from NewsML-G2 2.34."""

import pytest

from worker.core.article import Kind
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.readers.newsml import entries, read

NAR = "http://iptc.org/std/nar/2006-10-01/"
XHTML = """<inlineXML contenttype="application/xhtml+xml">
 <html xmlns="http://www.w3.org/1999/xhtml"><head><title>Not shown</title></head><body>
  <p>The county opened a market.</p><h2>Roads next</h2><p>Roads come next.</p>
  <figure><figcaption>Traders.</figcaption></figure>
 </body></html></inlineXML>"""
IN_XHTML = [
    (Kind.TEXT, "The county opened a market."),
    (Kind.CROSSHEAD, "Roads next"),
    (Kind.TEXT, "Roads come next."),
    (Kind.CAPTION, "Traders."),
]
NITF = """<inlineXML contenttype="application/nitf+xml">
 <nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body>
  <body.head><hedline><hl1>Headline in NITF</hl1></hedline><byline>By Ali Noor</byline>
   <dateline>Kisumu, Kenya, Jan 28</dateline></body.head>
  <body.content><p>The county opened a market.</p></body.content>
 </body></nitf></inlineXML>"""
ITEM_META = """
  <itemClass qcode="ninat:text"/>
  <provider qcode="nprov:LNA"><name>Lake News Agency</name></provider>
  <versionCreated>2025-01-28T12:00:00+03:00</versionCreated>
  <firstCreated>2025-01-28T10:30:00+03:00</firstCreated>
  <embargoed>2025-01-29T06:00:00+03:00</embargoed>
  <pubStatus qcode="stat:usable"/>
  <edNote>Adds the governor's quote.</edNote>
  <signal qcode="sig:correction"/>
  <link rel="irel:previousVersion" residref="urn:newsml:lakepost.example:20250128:market:1"/>
  <link rel="irel:corrects" residref="urn:newsml:lakepost.example:20250127:market"/>
  <link rel="irel:alternate" href="https://lakepost.example/market"/>
"""
CONTENT_META = """
  <urgency>3</urgency>
  <contentCreated>2025-01-28T09:00:00+03:00</contentCreated>
  <located qcode="geo:184745"><name>Kisumu</name></located>
  <creator qcode="staff:jw"><name>Jane Wanjiru</name></creator>
  <by>By Jane Wanjiru</by>
  <infoSource qcode="is:LP"><name>Lake Post</name></infoSource>
  <language tag="en-KE"/>
  <subject type="cpnat:abstract" qcode="medtop:20000170"><name>markets</name></subject>
  <subject type="cpnat:person" literal="x"><name>Ali Noor</name></subject>
  <subject/>
  <slugline>market-opens</slugline>
  <headline>County opens market</headline>
"""
RIGHTS = """<rightsInfo><copyrightHolder><name>Lake Post Ltd</name></copyrightHolder>
  <copyrightNotice>(c) Lake Post 2025</copyrightNotice></rightsInfo>"""


def item(
    *,
    guid: str = "urn:newsml:lakepost.example:20250128:market",
    rights: str = RIGHTS,
    item_meta: str = ITEM_META,
    content_meta: str = CONTENT_META,
    content: str = XHTML,
) -> str:
    return f"""<newsItem xmlns="{NAR}" guid="{guid}" version="2" standard="NewsML-G2"
 standardversion="2.34" conformance="power" xml:lang="en-GB">
 {rights}<itemMeta>{item_meta}</itemMeta><contentMeta>{content_meta}</contentMeta>
 <contentSet>{content}</contentSet></newsItem>"""


def message(*items: str) -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><newsMessage xmlns="{NAR}"><header>'
        f"<sent>2025-01-28T12:00:00Z</sent></header><itemSet><packageItem/>{''.join(items)}"
        "</itemSet></newsMessage>"
    )


@pytest.mark.parametrize("document", [item(), message(item())], ids=["item", "message"])
def test_every_field(document: str) -> None:
    draft = read(document)

    assert draft.headline == "County opens market"
    assert draft.authors == ("By Jane Wanjiru",)
    assert draft.published == "2025-01-28T10:30:00+03:00"
    assert draft.updated == "2025-01-28T12:00:00+03:00"
    assert draft.embargo == "2025-01-29T06:00:00+03:00"
    assert (draft.language, draft.source, draft.located) == ("en-KE", "Lake Post", "Kisumu")
    assert draft.guid == "urn:newsml:lakepost.example:20250128:market"
    assert (draft.version, draft.urgency, draft.status) == ("2", "3", "usable")
    assert draft.signal == "correction"
    assert draft.corrects == "urn:newsml:lakepost.example:20250127:market"
    assert (draft.url, draft.rights) == ("https://lakepost.example/market", "(c) Lake Post 2025")
    assert draft.ed_note == "Adds the governor's quote."
    assert draft.subjects == ("medtop:20000170", "Ali Noor")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            XHTML,
            IN_XHTML,
            id="xhtml",
        ),
        pytest.param(
            NITF,
            [
                (Kind.BYLINE, "By Ali Noor"),
                (Kind.DATELINE, "Kisumu, Kenya, Jan 28"),
                (Kind.TEXT, "The county opened a market."),
            ],
            id="nitf",
        ),
        pytest.param(
            '<inlineData contenttype="text/plain">One.\n\nTwo.</inlineData>',
            [(Kind.TEXT, "One."), (Kind.TEXT, "Two.")],
            id="plain text",
        ),
        pytest.param(
            "<inlineData>&lt;p&gt;One &amp;amp; two.&lt;/p&gt;</inlineData>",
            [(Kind.TEXT, "One & two.")],
            id="escaped html",
        ),
        pytest.param(
            f"<inlineXML> </inlineXML><remoteContent href='a.jpg'/>{XHTML}",
            IN_XHTML,
            id="after an empty one",
        ),
        pytest.param("<remoteContent href='a.jpg'/>", [], id="a picture"),
    ],
)
def test_content(content: str, expected: list[tuple[Kind, str]]) -> None:
    draft = read(item(content=content))

    assert list(zip(draft.kinds, draft.blocks, strict=True)) == expected


def test_its_nitf_says_what_the_item_leaves_open() -> None:
    draft = read(item(content=NITF, content_meta="", item_meta="", rights=""))

    assert (draft.headline, draft.authors) == ("Headline in NITF", ("By Ali Noor",))
    assert (draft.language, draft.published, draft.updated) == ("en-GB", None, None)


@pytest.mark.parametrize(
    ("meta", "field", "expected"),
    [
        ({"item_meta": "<title>Slug</title>", "content_meta": ""}, "headline", "Slug"),
        ({"item_meta": "<versionCreated>2025</versionCreated>"}, "updated", "2025"),
        (
            {"item_meta": "<versionCreated>2025</versionCreated>", "content_meta": ""},
            "published",
            "2025",
        ),
        ({"item_meta": '<pubStatus qcode="stat:canceled"/>'}, "status", "canceled"),
        (
            {"item_meta": '<pubStatus uri="http://cv.iptc.org/newscodes/pubstatus/withheld"/>'},
            "status",
            "withheld",
        ),
        ({"item_meta": "<pubStatus/>"}, "status", None),
        ({"item_meta": "<link rel='irel:corrects'/>"}, "corrects", None),
        ({"item_meta": "<link/>"}, "url", None),
        ({"content_meta": "<creator literal='Ali Noor'/>"}, "authors", ("Ali Noor",)),
        ({"content_meta": "<creator/>"}, "authors", ()),
        ({"content_meta": "<creditline>Post/LNA</creditline>"}, "source", "Post/LNA"),
        ({"content_meta": ""}, "source", "Lake News Agency"),
        (
            {"item_meta": "<provider qcode='nprov:LNA'/>", "content_meta": ""},
            "source",
            "LNA",
        ),
        (
            {"item_meta": "<provider uri='http://lna.example/'/>", "content_meta": ""},
            "source",
            "http://lna.example/",
        ),
        ({"item_meta": "", "content_meta": ""}, "source", None),
        ({"content_meta": "<language/>"}, "language", "en-GB"),
        ({"rights": "<rightsInfo><copyrightHolder literal='LP'/></rightsInfo>"}, "rights", "LP"),
        ({"content_meta": "<dateline>Kisumu, Jan 28</dateline>"}, "located", "Kisumu, Jan 28"),
    ],
)  # fmt: skip
def test_other_places(meta: dict[str, str], field: str, expected: object) -> None:
    assert getattr(read(item(**meta)), field) == expected


@pytest.mark.parametrize("count", [0, 2])
def test_one_item_is_an_article(count: int) -> None:
    with pytest.raises(Rejected, match=f"{count} news items") as rejected:
        read(message(*[item()] * count))

    assert rejected.value.reason is Reason.UNSUPPORTED_FORMAT


def test_entries_are_read_alone() -> None:
    texts = list(entries(message(item(guid="a"), " ", item(guid="b", content=NITF))))

    drafts = [read(text) for text in texts]
    assert [draft.guid for draft in drafts] == ["a", "b"]
    assert drafts[0] == read(item(guid="a"))
