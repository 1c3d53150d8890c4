import gzip
import io
import zipfile

import pytest

from worker.core import structure
from worker.core.structure import is_open

NITF = b'<?xml version="1.0"?>\n<!-- wire -->\n<nitf><body><p>Text.</p></body></nitf>\n'
JSON = b'{"headline": "A \\"quote\\" and a }", "body": ["one", {"two": []}]}'
LINES = b'{"n": 1, "text": "one"}\n{"n": 2, "text": "two"}\n'


def zipped(comment: bytes = b"") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "text" * 100)
        archive.comment = comment
    return packed.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"A headline\nand a text that has no end", id="plain text"),
        pytest.param(b"[Nairobi] a text in brackets {", id="plain text that begins with a bracket"),
        pytest.param(b"<html><body><p>never closed", id="HTML"),
        pytest.param(b"<!DOCTYPE html>\n<html><p>never closed", id="HTML with its type"),
        pytest.param(b"<p>a fragment", id="a fragment of HTML"),
        pytest.param(b"<3 is not a tag", id="no tag"),
        pytest.param(NITF, id="XML"),
        pytest.param(b"\xef\xbb\xbf" + NITF, id="XML with a mark"),
        pytest.param(NITF.decode().encode("utf-16"), id="XML in UTF-16"),
        pytest.param(b'<?xml version="1.0"?><empty a="1"/>', id="XML of one empty tag"),
        pytest.param(NITF + b"<!-- sent - 12:00 --> <?done?>\n", id="XML with remarks after it"),
        pytest.param(
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "<c>">]><a>&b;</a>', id="XML with a type"
        ),
        pytest.param(b"<rss><channel></channel></rss>", id="a feed that declares nothing"),
        pytest.param(JSON, id="JSON"),
        pytest.param(b"[]", id="an empty list"),
        pytest.param(b'{"a": 1,}', id="JSON that is malformed, and closed"),
        pytest.param(LINES, id="lines of JSON"),
        pytest.param(JSON.decode().encode("utf-16"), id="JSON in UTF-16"),
        pytest.param(gzip.compress(JSON), id="gzip"),
        pytest.param(
            gzip.compress(b"a") + gzip.compress(b"b") + bytes(9), id="gzip, two and padding"
        ),
        pytest.param(b"\x1f\x8bnot at all", id="gzip that is malformed"),
        pytest.param(zipped(), id="zip"),
        pytest.param(zipped(b"c" * 0xFFFF), id="zip with a long comment"),
    ],
)
def test_complete_or_unknown(content: bytes) -> None:
    assert not is_open(content)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'<?xml version="1.0"', id="XML cut in its declaration"),
        pytest.param(b'<?xml version="1.0"?>\n', id="XML without a root"),
        pytest.param(b'<?xml version="1.0"?><nitf', id="XML cut in its root"),
        pytest.param(NITF[:-9], id="XML cut before its root ends"),
        pytest.param(NITF.strip()[:-1], id="XML cut in its last tag"),
        pytest.param(NITF + b"<nitf>", id="XML that goes on"),
        pytest.param(NITF[:-9].decode().encode("utf-16"), id="XML in UTF-16, cut"),
        pytest.param(b"<rdf:RDF><item></item>", id="a feed that declares nothing, cut"),
        pytest.param(JSON[:-1], id="JSON without its last bracket"),
        pytest.param(JSON[:20], id="JSON cut in a string"),
        pytest.param(b'{"a": {"b": 1}', id="JSON that ends in a bracket, not its own"),
        pytest.param(b'{"a": "}} ]', id="JSON with brackets in a string that is cut"),
        pytest.param(LINES[:-10], id="lines of JSON, the last one cut"),
        pytest.param(gzip.compress(JSON)[:-1], id="gzip without its last byte"),
        pytest.param(gzip.compress(JSON)[:20], id="gzip cut"),
        pytest.param(gzip.compress(b"a") + gzip.compress(b"b")[:-4], id="gzip, the second cut"),
        pytest.param(zipped()[:-22], id="zip without its directory's end"),
    ],
)
def test_open(content: bytes) -> None:
    assert is_open(content)


@pytest.mark.parametrize(("end", "expected"), [(b'"x"]', False), (b'"x"', True)])
def test_large_json_is_judged_by_its_last_byte(
    monkeypatch: pytest.MonkeyPatch, end: bytes, *, expected: bool
) -> None:
    monkeypatch.setattr(structure, "_SCANNED_BYTES", 10)

    assert is_open(b'{"a": [[[,' + end) is expected


def test_a_gzip_beyond_the_budget_counts_as_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "_UNPACKED_BYTES", 1_000_000)

    assert not is_open(gzip.compress(bytes(3_000_000))[:-1])


def test_a_long_prologue_says_nothing() -> None:
    assert not is_open(b'<?xml version="1.0"?><!-- ' + b"x" * 20_000)
