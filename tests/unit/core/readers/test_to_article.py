"""From an industry file to the article: what its fields come to."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from worker.core.article import Article, Author, Kind, Precision
from worker.core.normalise import normalise
from worker.core.readers import read

NINJS = {
    "uri": "urn:newsml:lakepost.example:20250128:market",
    "version": "2",
    "firstCreated": "2025-01-28T10:30:00+03:00",
    "versionCreated": "2025-01-28T12:00:00+03:00",
    "embargoedUntil": "2025-01-29T06:00:00+03:00",
    "pubStatus": "usable",
    "urgency": 3,
    "copyrightNotice": "(c) Lake Post 2025",
    "edNote": "Adds the governor's quote.",
    "language": "en-KE",
    "infoSources": [{"name": "Lake Post"}],
    "by": "By Jane Wanjiru",
    "headlines": [{"value": "County opens market"}],
    "located": "Kisumu",
    "bodies": [
        {
            "value": "<p>The county opened a new market on Tuesday, with stalls for many traders."
            "</p><h2>Roads next</h2><p>Roads come next, after the long rains.</p>"
            "<figure><figcaption>Traders.</figcaption></figure>"
        }
    ],
    "subjects": [{"uri": "http://cv.iptc.org/newscodes/mediatopic/20000170"}],
}
NITF = """<nitf><head><docdata><doc-id id-string="urn:lakepost:1"/><date.issue norm="20250128"/>
 <correction id-string="urn:lakepost:0"/></docdata></head>
<body><body.head><hedline><hl1>County opens market</hl1></hedline><byline>{byline}</byline>
<dateline>{dateline}</dateline></body.head>
<body.content><p>The county opened a new market on Tuesday.</p></body.content></body></nitf>"""


def article(record: dict[str, Any] | str) -> Article:
    content = record.encode() if isinstance(record, str) else orjson.dumps(record)
    return normalise(*read(content, "a"))


def nitf(*, byline: str = "By Jane Wanjiru", dateline: str = "Kisumu, Kenya, Jan 28") -> Article:
    return article(NITF.format(byline=byline, dateline=dateline))


def test_ninjs() -> None:
    found = article(NINJS)

    assert (found.headline, found.headline_source) == ("County opens market", "metadata")
    assert found.uri == "urn:newsml:lakepost.example:20250128:market"
    assert (found.byline, found.authors) == ("By Jane Wanjiru", (Author("Jane Wanjiru"),))
    assert (found.located, found.dateline) == ("Kisumu", None)
    assert found.published is not None
    assert found.published.at == datetime(2025, 1, 28, 7, 30, tzinfo=UTC)
    assert found.published.precision is Precision.SECOND
    assert found.updated is not None
    assert found.updated.at == datetime(2025, 1, 28, 9, tzinfo=UTC)
    assert found.embargo_until == datetime(2025, 1, 29, 3, tzinfo=UTC)
    assert (found.urgency, found.status, found.publisher_version) == (3, "usable", "2")
    assert (found.source, found.rights) == ("Lake Post", "(c) Lake Post 2025")
    assert found.ed_note == "Adds the governor's quote."
    assert found.declared_subjects == ("medtop:20000170",)
    assert [paragraph.kind for paragraph in found.paragraphs] == [
        Kind.TEXT,
        Kind.CROSSHEAD,
        Kind.TEXT,
        Kind.CAPTION,
    ]
    assert "Roads next" not in found.body_text


def test_nitf() -> None:
    found = nitf()

    assert found.dateline is not None
    assert (found.dateline.text, found.dateline.places) == (
        "Kisumu, Kenya, Jan 28",
        ("Kisumu", "Kenya"),
    )
    assert found.dateline.date == "2025-01-28"
    assert (found.byline, found.located) == ("By Jane Wanjiru", "Kisumu")
    assert (found.corrects, found.signal) == ("urn:lakepost:0", "correction")
    assert found.body_text == "The county opened a new market on Tuesday."


@pytest.mark.parametrize(
    ("dateline", "places"),
    [("Kisumu", ("Kisumu",)), ("Kisumu, Kenya -", ("Kisumu", "Kenya"))],
)
def test_a_dateline_that_the_format_marks_needs_no_date(
    dateline: str, places: tuple[str, ...]
) -> None:
    found = nitf(dateline=dateline).dateline

    assert found is not None
    assert found.places == places


def test_a_byline_that_the_format_marks_needs_no_by() -> None:
    found = nitf(byline="Jane Wanjiru")

    assert (found.byline, found.authors) == ("Jane Wanjiru", (Author("Jane Wanjiru"),))


def test_an_empty_block_loses_its_kind_and_no_other() -> None:
    body = "<p>&#8203;</p><h2>Roads</h2><p>One, after the long rains.</p>"

    found = article({**NINJS, "bodies": [{"value": body}]})

    assert [(p.kind, p.text) for p in found.paragraphs] == [
        (Kind.CROSSHEAD, "Roads"),
        (Kind.TEXT, "One, after the long rains."),
    ]
