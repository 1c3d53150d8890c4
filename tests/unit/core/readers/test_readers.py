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
        (b"<RSS> shares rise\nThey rose.", "a.txt", "text/plain"),
        (b"Subject: The market\n\nIt opens.", "a.txt", "text/plain"),
        (b"From: a@b.example\nSubject: x\n\ny", "a.eml", "message/rfc822"),
        (b"From: a@b.example\r\nMessage-ID: <1@b>\r\n\r\ny", "a", "message/rfc822"),
        (b"# Market opens\n\n<p>a</p><p>b</p>", "a.md", "text/markdown"),
        (b"<p>Market opens</p>", "a.md", "text/html"),
        (b'{"uri": "u", "headlines": []}', "a", "application/ninjs+json"),
        (
            b'{"version": "https://jsonfeed.org/version/1", "items": [{"title": "x"}]}',
            "a",
            "application/feed+json",
        ),
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
        (b"<rss version='2.0'></rss>", "a", Reason.UNSUPPORTED_FORMAT, "0 entries"),
        (b"<feed xmlns='x'><p>a</p><p>b</p></feed>", "a", Reason.UNSUPPORTED_FORMAT, "0 entries"),
        (b"<rss><channel></rss>", "a.xml", Reason.MALFORMED, "well-formed"),
        (b"<?xml version='1.0'?><rss>", "a.xml", Reason.MALFORMED, "well-formed"),
        (b"<NewsML><NewsItem/></NewsML>", "a.xml", Reason.UNSUPPORTED_FORMAT, "NewsML 1"),
        (b"<?xml version='1.0'?><x/>", "a.xml", Reason.UNSUPPORTED_FORMAT, "an XML document"),
        (b"From desk Mon Jan 1\n\ny", "a.mbox", Reason.UNSUPPORTED_FORMAT, "a mailbox"),
        (b"\x89PNG\r\n\x1a\n", "a.txt", Reason.UNSUPPORTED_FORMAT, "PNG"),
        (b"", "a.txt", Reason.EMPTY, "0 bytes"),
    ],
)
def test_refused(content: bytes, name: str, reason: Reason, detail: str) -> None:
    with pytest.raises(Rejected) as rejected:
        read(content, name)

    assert rejected.value.reason is reason
    assert detail in rejected.value.detail


DTD = "<?xml version='1.0'?><!DOCTYPE l [{entities}]><l>&b;</l>"


@pytest.mark.parametrize(
    "entities",
    [
        pytest.param('<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">', id="entities of entities"),
        pytest.param('<!ENTITY % a "x"><!ENTITY b "%a;">', id="parameter entities"),
        pytest.param("<!ENTITY b '&#38;a;'>", id="escaped"),
        pytest.param('<!ENTITY % a "&#60;x">', id="a parameter with a reference"),
    ],
)
@pytest.mark.parametrize("root", ["l", "rss", "html"])
def test_a_bomb_is_refused_whatever_its_root(entities: str, root: str) -> None:
    document = DTD.format(entities=entities).replace("l>", f"{root}>").replace(" l ", f" {root} ")

    with pytest.raises(Rejected) as rejected:
        read(document.encode(), "a.xml")

    assert rejected.value.reason is Reason.ENTITY_BOMB


def test_one_entity_that_multiplies_the_document_is_a_bomb() -> None:
    entities = f"<!ENTITY b '{'x' * 10_000}'>"
    document = DTD.format(entities=entities).replace("&b;", "&b;" * 1000).replace("l>", "rss>")

    with pytest.raises(Rejected) as rejected:
        read(document.encode(), "a.xml")

    assert rejected.value.reason is Reason.ENTITY_BOMB


def rss(document: str) -> bytes:
    """A feed whose only headline begins at the braces."""
    before, after = "<rss><channel><item><title>", "</title></item></channel></rss>"
    return f"{document.replace('{}', before)}{after}".encode()


@pytest.mark.parametrize(
    ("document", "headline"),
    [
        pytest.param("<!DOCTYPE rss [<!ENTITY b 'Lake Post'>]>{}&b;", "Lake Post", id="its own"),
        pytest.param("{}R&D at Tom&#39;s caf&eacute; &amp; bar", "R&D at Tom's café & bar", id="&"),
        pytest.param("<!-- x --><?pi x?>{}Market", "Market", id="prologue"),
        pytest.param("{}<![CDATA[R&D]]> &amp; more", "R&D & more", id="CDATA"),
        pytest.param(
            "<!DOCTYPE rss [<!ENTITY b SYSTEM 'file:///etc/hostname'>]>{}x&b;", "x&b;", id="a file"
        ),
        pytest.param("<?xml version='1.0' encoding='utf-16'?>{}Soko", "Soko", id="another charset"),
    ],
)
def test_entities(document: str, headline: str) -> None:
    assert read(rss(document), "a.xml")[0].headline == headline


@pytest.mark.parametrize("document", ["{}<![CDATA[open", "{}&nosuch;", "{}</wrong>"])
def test_what_is_not_well_formed_is_refused(document: str) -> None:
    with pytest.raises(Rejected) as rejected:
        read(rss(document), "a.xml")

    assert rejected.value.reason is Reason.MALFORMED


@pytest.mark.parametrize(
    ("content", "name"),
    [
        pytest.param("<html><body>" + "<p>x" * 400_001, "a.html", id="tags"),
        pytest.param("<rss>" + "<a b='c'/>" * 200_001 + "</rss>", "a.xml", id="elements"),
        pytest.param("<rss>" + "&" * 1_000_001 + "</rss>", "a.xml", id="ampersands"),
        pytest.param('{"a": [' + "1," * 1_000_001 + "1]}", "a.json", id="values"),
    ],
)
def test_more_than_a_news_file_has_is_too_expensive(content: str, name: str) -> None:
    with pytest.raises(Rejected) as rejected:
        read(content.encode(), name)

    assert rejected.value.reason is Reason.TOO_EXPENSIVE


@pytest.mark.parametrize("text", ["<!-- " * 60_000, "<!DOCTYPE x " + "[" * 50_000, "<?x" * 50_000])
def test_a_prologue_without_an_end(text: str) -> None:
    assert read(text.encode(), "a.txt")[0].media_type == "text/plain"


def test_the_declared_charset_of_a_page_is_used() -> None:
    page = '<html><head><meta charset="koi8-r"></head><p>Да, ждём</p></html>'

    draft, evidence = read(page.encode("koi8-r"), "a.html")

    assert draft.blocks == ("Да, ждём",)
    assert evidence.charset == "koi8-r"
