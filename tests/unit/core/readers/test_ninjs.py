"""Documents are our own, written from ninjs 1.4, 2.1 and 3.1."""

from typing import Any

import pytest

from worker.core.article import Kind
from worker.core.readers.ninjs import is_ninjs, read

VERSION_1 = {
    "uri": "urn:newsml:lakepost.example:20250128:market",
    "type": "text",
    "mimetype": "text/html",
    "representationtype": "complete",
    "version": "2",
    "firstcreated": "2025-01-28T10:30:00+03:00",
    "versioncreated": "2025-01-28T12:00:00+03:00",
    "embargoed": "2025-01-29T06:00:00+03:00",
    "pubstatus": "usable",
    "urgency": 3,
    "copyrightholder": "Lake Post Ltd",
    "copyrightnotice": "(c) Lake Post 2025",
    "usageterms": "Kenya only",
    "ednote": "Adds the governor's quote.",
    "language": "en-KE",
    "subject": [
        {
            "name": "markets",
            "scheme": "http://cv.iptc.org/newscodes/mediatopic/",
            "code": "20000170",
        },
        {"name": "Counties"},
        {},
    ],
    "infosource": [{"name": "Lake Post"}],
    "byline": "By Jane Wanjiru",
    "headline": "County opens market",
    "headline_short": "Market",
    "slugline": "market-opens",
    "located": "Kisumu",
    "description_text": "The county has a market.",
    "body_text": "One.\nTwo.",
    "body_html": "<p>One.</p><h2>Roads next</h2><p>Two.</p>",
    "altids": {"web": "https://lakepost.example/market"},
}
VERSION_3 = {
    "uri": "urn:newsml:lakepost.example:20250128:market",
    "type": "text",
    "standard": {"name": "ninjs", "version": "3.1"},
    "representationType": "full",
    "version": "2",
    "contentCreated": "2025-01-28T09:00:00+03:00",
    "firstCreated": "2025-01-28T10:30:00+03:00",
    "versionCreated": "2025-01-28T12:00:00+03:00",
    "embargoedUntil": "2025-01-29T06:00:00+03:00",
    "pubStatus": "usable",
    "urgency": 3,
    "copyrightHolder": "Lake Post Ltd",
    "copyrightNotice": "(c) Lake Post 2025",
    "edNote": "Adds the governor's quote.",
    "language": "en-KE",
    "subjects": [
        {"name": "markets", "uri": "http://cv.iptc.org/newscodes/mediatopic/20000170"},
        {"name": "Counties", "literal": "Counties"},
    ],
    "infoSources": [{"name": "Lake Post", "role": "origin"}],
    "by": "By Jane Wanjiru",
    "title": "Market slug",
    "headlines": [
        {"role": "short", "value": "Market"},
        {"role": "main", "contentType": "text/plain", "value": "County opens market"},
    ],
    "located": "Kisumu",
    "descriptions": [{"value": "The county has a market."}],
    "bodies": [
        {"role": "main", "contentType": "text/plain", "value": "One.\n\nTwo."},
        {
            "role": "main",
            "contentType": "text/html",
            "value": "<p>One.</p><h2>Roads next</h2><p>Two.</p>",
        },
        {"role": "sidebar", "contentType": "text/html", "value": "<p>Aside.</p>"},
    ],
    "altIds": [{"role": "web", "value": "https://lakepost.example/market"}],
}
VERSION_2 = {**VERSION_3, "standard": {"name": "ninjs", "version": "2.1"}}


@pytest.mark.parametrize("record", [VERSION_1, VERSION_2, VERSION_3], ids=["1", "2", "3"])
def test_every_field(record: dict[str, Any]) -> None:
    draft = read(record)

    assert is_ninjs(record)
    assert draft.headline == "County opens market"
    assert list(zip(draft.kinds, draft.blocks, strict=True)) == [
        (Kind.TEXT, "One."),
        (Kind.CROSSHEAD, "Roads next"),
        (Kind.TEXT, "Two."),
    ]
    assert draft.authors == ("By Jane Wanjiru",)
    assert draft.published == "2025-01-28T10:30:00+03:00"
    assert draft.updated == "2025-01-28T12:00:00+03:00"
    assert draft.embargo == "2025-01-29T06:00:00+03:00"
    assert (draft.language, draft.source, draft.located) == ("en-KE", "Lake Post", "Kisumu")
    assert draft.guid == "urn:newsml:lakepost.example:20250128:market"
    assert (draft.version, draft.urgency, draft.status) == ("2", "3", "usable")
    assert draft.ed_note == "Adds the governor's quote."
    assert draft.rights == "(c) Lake Post 2025"
    assert draft.url == "https://lakepost.example/market"
    assert draft.subjects == ("medtop:20000170", "Counties")


@pytest.mark.parametrize(
    ("record", "field", "expected"),
    [
        pytest.param({"pubStatus": "canceled"}, "status", "canceled", id="kill"),
        pytest.param({"title": "Slug"}, "headline", "Slug", id="title for want of a headline"),
        pytest.param({"headlines": ["Market", 1, {}]}, "headline", "Market", id="bare headline"),
        pytest.param({"headlines": {"value": "x"}}, "headline", None, id="no list"),
        pytest.param({"body_text": "One.\nTwo."}, "blocks", ("One.", "Two."), id="text alone"),
        pytest.param({"body_xhtml": "<p>One.</p>"}, "blocks", ("One.",), id="xhtml"),
        pytest.param({"body_nitf": " ", "bodies": []}, "blocks", (), id="empty bodies"),
        pytest.param({"bodies": [{"value": "One."}]}, "blocks", ("One.",), id="no role"),
        pytest.param({"descriptions": [{"value": "Traders."}]}, "kinds", (Kind.CAPTION,), id="pic"),
        pytest.param({"versionCreated": "2025"}, "published", "2025", id="the only date"),
        pytest.param({"copyrightHolder": "LP"}, "source", "LP", id="holder for want of a source"),
        pytest.param(
            {"renditions": [{"contentType": "text/html", "href": "https://lp.example/1"}]},
            "url",
            "https://lp.example/1",
            id="a page as rendition",
        ),
        pytest.param(
            {"renditions": [{"href": "https://lp.example/1.jpg"}]}, "url", None, id="a picture"
        ),
        pytest.param({"altIds": [{"value": "12"}]}, "url", None, id="no address"),
        pytest.param(
            {"subjects": [{"uri": "http://x.example/1"}, {"code": "04"}, 1]},
            "subjects",
            ("http://x.example/1", "04"),
            id="other lists",
        ),
    ],
)
def test_spellings(record: dict[str, Any], field: str, expected: object) -> None:
    assert getattr(read({"uri": "urn:x", **record}), field) == expected


@pytest.mark.parametrize(
    "record",
    [
        {"uri": "urn:x", "headline": "Market", "body": "One."},
        {"headlines": [], "bodies": []},
        {"uri": 1, "bodies": []},
    ],
)
def test_not_ninjs(record: dict[str, Any]) -> None:
    assert not is_ninjs(record)
