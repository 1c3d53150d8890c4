import pytest

from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.readers import read


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (b"County opens market", "a.txt", "text/plain"),
        (b"County opens market", "a.json", "text/plain"),
        (b"County opens market", "a.html", "text/plain"),
        (b"[1] County opens market", "a.txt", "text/plain"),
        (b"{sic} County opens market", "a", "text/plain"),
        (b"<P> EXTENDS MARKET\nThe <P> share rose.", "a.txt", "text/plain"),
        (b"<CINRAM LTD> 4TH QTR NET", "a.txt", "text/plain"),
        (b"From: the county\nTo: all", "a.txt", "text/plain"),
        (b"<!-- lost", "a.txt", "text/plain"),
        (b"A line </b> of text", "a.txt", "text/plain"),
        (b'{"title": "Market"}', "a.txt", "application/json"),
        (b' {"title": "Market"}', "a", "application/json"),
        (b"<!DOCTYPE html><p>Market", "a.txt", "text/html"),
        (b"\n<html><body>Market", "a", "text/html"),
        (b"<?xml version='1.0'?><!DOCTYPE html [<!ENTITY a 'b'>]><html><p>M", "a", "text/html"),
        (b"<!-- x --><html>Market</html>", "a", "text/html"),
        (b"<p>Market opens</p>", "a.txt", "text/html"),
        (b"Market <p>opens</p> <p>today</p>", "a.txt", "text/html"),
    ],
)
def test_content_says_what_a_file_is(content: bytes, name: str, media_type: str) -> None:
    draft, _ = read(content, name)

    assert draft.media_type == media_type


@pytest.mark.parametrize(
    ("content", "name", "reason", "detail"),
    [
        (b'{"title":', "a.json", Reason.MALFORMED, "JSON"),
        (b"[" * 5000, "a.JSON", Reason.MALFORMED, "JSON"),
        (b'{"a":1}\n{"a":2}\n', "a.txt", Reason.UNSUPPORTED_FORMAT, "JSON Lines"),
        (b'[{"title":"x"}]', "a.json", Reason.UNSUPPORTED_FORMAT, "bulk"),
        (b"<rss version='2.0'></rss>", "a", Reason.UNSUPPORTED_FORMAT, "RSS"),
        (b"<?xml version='1.0'?>\n<nitf></nitf>", "a.txt", Reason.UNSUPPORTED_FORMAT, "NITF"),
        (b"<feed xmlns='x'><p>a</p><p>b</p></feed>", "a", Reason.UNSUPPORTED_FORMAT, "Atom"),
        (b"<atom:feed >", "a", Reason.UNSUPPORTED_FORMAT, "Atom"),
        (b"<?xml version='1.0'?><x/>", "a.xml", Reason.UNSUPPORTED_FORMAT, "an XML document"),
        (b"From: a@b.example\nSubject: x\n\ny", "a.eml", Reason.UNSUPPORTED_FORMAT, "an e-mail"),
        (b"\x89PNG\r\n\x1a\n", "a.txt", Reason.UNSUPPORTED_FORMAT, "PNG"),
        (b"", "a.txt", Reason.EMPTY, "0 bytes"),
    ],
)
def test_refused(content: bytes, name: str, reason: Reason, detail: str) -> None:
    with pytest.raises(Rejected) as rejected:
        read(content, name)

    assert rejected.value.reason is reason
    assert detail in rejected.value.detail


def test_the_declared_charset_of_a_page_is_used() -> None:
    page = '<html><head><meta charset="koi8-r"></head><p>Да, ждём</p></html>'

    draft, evidence = read(page.encode("koi8-r"), "a.html")

    assert draft.blocks == ("Да, ждём",)
    assert evidence.charset == "koi8-r"
