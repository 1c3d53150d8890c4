"""Documents are our own, written from NITF 3.6."""

import pytest

from worker.core.article import Kind
from worker.core.readers.nitf import read

STORY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf SYSTEM "nitf-3-6.dtd">
<nitf {namespace} xml:lang="en-KE" change.date="20250128">
 <head>
  <title>Market slug</title>
  <tobject tobject.type="news">
   <tobject.subject tobject.subject.refnum="04000000" tobject.subject.type="economy"/>
   <tobject.subject tobject.subject.type="Counties"/><tobject.subject/>
  </tobject>
  <docdata {docdata}>
   {data}
   <doc-id regsrc="lakepost.example" id-string="urn:lakepost:2025:market"/>
   <urgency ed-urg="3"/>
   <evloc city="Kisumu" iso-cc="KE"/>
   <date.issue norm="20250128T103000+0300"/>
   <du-key generation="1" part="1" version="2" key="market"/>
   <ed-msg info="Adds the governor's quote."/>
   <doc.copyright holder="Lake Post" year="2025"/>
   <key-list><keyword key="markets"/><keyword/></key-list>
  </docdata>
  <pubdata type="web" name="Lake Post" ex-ref="https://lakepost.example/market"/>
 </head>
 <body>
  <body.head>
   <hedline><hl1>County opens
     market</hl1><hl2>Three hundred stalls</hl2></hedline>
   <byline>By <person>Jane Wanjiru</person>, <byttl>Staff Reporter</byttl></byline>
   <distributor>Lake News Agency</distributor>
   <dateline><location>Kisumu, Kenya</location>, <story.date>Jan 28</story.date></dateline>
   <abstract><p>The county has a market.</p></abstract>
  <byline> </byline></body.head>
  <body.content>
   <media media-type="image"><media-reference source="a.jpg"/>
    <media-caption>Traders on Tuesday.</media-caption></media>
   <p>The county opened a <em>new</em> market.</p>
   <hl2>Roads next</hl2>
   <block><p>Roads come next.</p><bq><block><p>We waited.</p></block></bq></block>
   <table><tr><td>Year</td><td>Stalls</td></tr></table>
   <note><body.content><p>Note to editors.</p></body.content></note>
  </body.content>
  <body.end><tagline>Edited by Ali Noor</tagline></body.end>
 </body>
</nitf>"""


def story(*, namespace: str = "", docdata: str = "", data: str = "") -> str:
    return STORY.format(namespace=namespace, docdata=docdata, data=data)


def test_elements_without_anything_between_them_are_parted() -> None:
    told = story().replace("</person>, <byttl>", "</person><byttl>")
    draft = read(told.replace("</location>, <story.date>", "</location><story.date>"))

    assert draft.authors == ("By Jane Wanjiru, Staff Reporter",)
    assert draft.blocks[1:3] == ("By Jane Wanjiru, Staff Reporter", "Kisumu, Kenya, Jan 28")


@pytest.mark.parametrize("namespace", ["", 'xmlns="http://iptc.org/std/NITF/2006-10-18/"'])
def test_every_field(namespace: str) -> None:
    draft = read(story(namespace=namespace))

    assert draft.headline is not None
    assert draft.headline.split() == ["County", "opens", "market"]
    assert draft.authors == ("By Jane Wanjiru, Staff Reporter",)
    assert (draft.published, draft.updated) == ("20250128T103000+0300", None)
    assert (draft.language, draft.source) == ("en-KE", "Lake News Agency")
    assert (draft.guid, draft.version) == ("urn:lakepost:2025:market", "2")
    assert (draft.url, draft.rights) == ("https://lakepost.example/market", "Lake Post 2025")
    assert (draft.located, draft.urgency) == ("Kisumu", "3")
    assert draft.ed_note == "Adds the governor's quote."
    assert draft.subjects == ("subj:04000000", "Counties", "markets")
    assert (draft.status, draft.signal, draft.embargo) == (None, None, None)


def test_blocks_and_their_kinds() -> None:
    draft = read(story())

    assert list(zip(draft.kinds, draft.blocks, strict=True)) == [
        (Kind.CROSSHEAD, "Three hundred stalls"),
        (Kind.BYLINE, "By Jane Wanjiru, Staff Reporter"),
        (Kind.DATELINE, "Kisumu, Kenya, Jan 28"),
        (Kind.BOILERPLATE, "The county has a market."),
        (Kind.CAPTION, "Traders on Tuesday."),
        (Kind.TEXT, "The county opened a new market."),
        (Kind.CROSSHEAD, "Roads next"),
        (Kind.TEXT, "Roads come next."),
        (Kind.TEXT, "We waited."),
        (Kind.TABLE, "Year\tStalls"),
        (Kind.BOILERPLATE, "Note to editors."),
        (Kind.BOILERPLATE, "Edited by Ali Noor"),
    ]


def test_an_abstract_without_a_story_is_the_story() -> None:
    head, _, _ = story().partition("<body.content>")

    draft = read(f"{head}<body.content> </body.content></body></nitf>")

    assert (draft.kinds[-1], draft.blocks[-1]) == (Kind.TEXT, "The county has a market.")


@pytest.mark.parametrize(
    ("docdata", "data", "field", "expected"),
    [
        pytest.param('management-status="canceled"', "", "status", "canceled", id="kill"),
        pytest.param('management-status="embargoed"', "", "status", "withheld", id="no end"),
        pytest.param(
            'management-status="embargoed"',
            '<date.release norm="20250201T000000Z"/>',
            "embargo",
            "20250201T000000Z",
            id="embargo",
        ),
        pytest.param(
            "", '<date.release norm="20250201"/>', "embargo", "20250201", id="released later"
        ),
        pytest.param(
            "",
            '<date.release norm="20250128T103000+0300"/>',
            "embargo",
            None,
            id="released as issued",
        ),
        pytest.param(
            "", '<correction id-string="urn:lakepost:1"/>', "corrects", "urn:lakepost:1", id="of"
        ),
        pytest.param("", "<correction/>", "signal", "correction", id="correction"),
    ],
)
def test_status(docdata: str, data: str, field: str, expected: str | None) -> None:
    assert getattr(read(story(docdata=docdata, data=data)), field) == expected


def test_an_entity_that_nobody_defines_stays_as_it_is() -> None:
    """Its definition may be in the DTD, which is not read."""
    text = "<p>One &nosuch; two.</p>"

    draft = read(story().replace("<p>Roads come next.</p>", text))

    assert "One &nosuch; two." in draft.blocks


@pytest.mark.parametrize(
    ("document", "headline"),
    [
        ("<nitf><head><title>Market</title></head></nitf>", "Market"),
        ("<nitf><body><body.head><hedline>Market</hedline></body.head></body></nitf>", "Market"),
        ("<nitf/>", None),
    ],
)
def test_little_in_it(document: str, headline: str | None) -> None:
    draft = read(document)

    assert (draft.headline, draft.blocks) == (headline, ())
