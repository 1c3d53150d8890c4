import bz2
import gzip
import lzma

import pytest

from tests.unit.core.expanding.makers import tarred, zipped
from worker.core.errors import Rejected
from worker.core.expanding.kinds import inner_name, may_be_bulk, recognise, refuse_large
from worker.core.ledger import Reason

ITEM = b"<item><title>t</title></item>"


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        pytest.param("a", zipped({"a.txt": b"a"}), "application/zip", id="ZIP"),
        pytest.param("a", zipped({}), "application/zip", id="an empty ZIP"),
        pytest.param("a", tarred(("a.txt", b"a")), "application/x-tar", id="tar"),
        pytest.param("a", gzip.compress(b"a"), "application/gzip", id="gzip"),
        pytest.param("a", bz2.compress(b"a"), "application/x-bzip2", id="bzip2"),
        pytest.param("a", lzma.compress(b"a"), "application/x-xz", id="xz"),
        pytest.param("a", b"(\xb5/\xfd", "application/zstd", id="Zstandard"),
        pytest.param("a.JSONL", b'{"a": 1}', "application/x-ndjson", id="a line by its name"),
        pytest.param("a.ndjson", b"text", "application/x-ndjson", id="a bad line by its name"),
        pytest.param("a", b'\xef\xbb\xbf\n{"a": 1}\n\n{', "application/x-ndjson", id="lines"),
        pytest.param("a", b' [\n{"a": 1}', "application/json", id="an array"),
        pytest.param("a", b"[]", "application/json", id="an empty array"),
        pytest.param("a", b'{"n": 1, "Articles" : [ {', "application/json", id="a list"),
        pytest.param("a", b"<rss>" + ITEM * 2, "application/xml", id="RSS"),
        pytest.param(
            "a",
            b"<?xml version='1.0'?>\n<!-- a feed -->\n<a:feed xmlns:a='x'><a:entry/><a:entry/>",
            "application/xml",
            id="Atom with a prefix",
        ),
        pytest.param(
            "a",
            b"<newsMessage><itemSet><newsItem a='1'/><newsItem a='2'/>",
            "application/vnd.iptc.g2.newsmessage+xml",
            id="NewsML-G2",
        ),
    ],
)
def test_containers_are_recognised(name: str, content: bytes, media_type: str) -> None:
    kind = recognise(name.encode(), content)

    assert kind is not None
    assert kind.media_type == media_type


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.txt", b"A story", id="text"),
        pytest.param("a.jsonl", b"", id="nothing"),
        pytest.param("a.jsonl", b"%PDF-1.7", id="something else, by its start"),
        pytest.param("a.json", b'{"a": 1}\n', id="an object on a line"),
        pytest.param("a.json", b'{\n"a": 1\n}\n{', id="an object over lines"),
        pytest.param("a.json", b'{"a": 1,\n{"b"', id="a line that is no JSON"),
        pytest.param("a.json", b'{"a": 1}\nand text', id="an object and text"),
        pytest.param("a.txt", b"[Note] A story", id="a note in brackets"),
        pytest.param("a.json", b'{"items": ["a"]}', id="a list of words"),
        pytest.param("a.xml", b"<rss>" + ITEM, id="a feed of one entry"),
        pytest.param("a.xml", b"<nitf><item/><item/>", id="another document"),
        pytest.param("a.xml", b"<", id="no element"),
        pytest.param("a.html", b"<html><feed/><item/><item/>", id="a page"),
        pytest.param("a.docx", zipped({"word/document.xml": b"a"}), id="a Word document"),
    ],
)
def test_articles_are_not(name: str, content: bytes) -> None:
    assert recognise(name.encode(), content) is None


@pytest.mark.parametrize(
    ("name", "inner"),
    [
        ("a/b.jsonl.gz", "a/b.jsonl"),
        ("b.tar.xz", "b.tar"),
        ("b.TGZ", "b.tar"),
        ("b.tbz2", "b.tar"),
        ("b.tzst", "b.tar"),
        ("b.txt.bz2", "b.txt"),
        ("b", "b"),
    ],
)
def test_what_is_in_a_compressed_file_has_a_name(name: str, inner: str) -> None:
    assert inner_name(name.encode()) == inner.encode()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.zip", True), ("a.tar.gz", True), ("a.JSON", True), ("a.txt", False), ("zip", False)],
)
def test_a_name_says_whether_a_file_may_be_large(name: str, *, expected: bool) -> None:
    assert may_be_bulk(name.encode()) is expected


@pytest.mark.parametrize(
    ("content", "limit"),
    [
        pytest.param(b"a story", 7, id="as large as an article may be"),
        pytest.param(b'{"a": 1}\n{', 7, id="a container"),
    ],
)
def test_large_containers_may_pass(content: bytes, limit: int) -> None:
    refuse_large(b"a.json", content, limit)


def test_large_articles_may_not() -> None:
    with pytest.raises(Rejected, match="8 bytes, the limit is 7") as refusal:
        refuse_large(b"a.json", b"a story.", 7)
    assert refusal.value.reason is Reason.TOO_LARGE
