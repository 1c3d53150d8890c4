"""Say of a file's bytes that they lack the end which their beginning promised.

Pure. A witness for the watcher beside renames and quiet: half an XML document, JSON with open
brackets, a gzip or zip that was cut off. It judges nothing else: what is malformed in another way
is complete, and for the workers to refuse.

To call a complete file open costs it a wait (``settling.HOLD_WINDOWS``); to miss an open one costs
what it cost without this witness. So only ends that cannot be mistaken are asked for. HTML is left
out, since many a page is never closed, and so is plain text, which has no end.
"""

import re
import zlib

import orjson

_GZIP, _ZIP, _ZIP_END = b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK = b"\xef\xbb\xbf"

_ZIP_TAIL_BYTES = 22 + 0xFFFF  # the end record with the longest comment that it can have
_UNPACKED_BYTES = 64_000_000  # of a gzip; beyond, it counts as complete
_SCANNED_BYTES = 1_000_000  # of JSON that is not valid; beyond, its last byte decides
_EDGE_BYTES = 16_384  # of XML, at either end

_PROLOGUE = re.compile(rb"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)", re.DOTALL)
_ROOT = re.compile(rb"\s*<([^\s/<>!?]++)[^<>]*>")
_AFTER_ROOT = re.compile(rb"(?:\s|<\?[^<>]*\?>|<!--(?:[^-]|-(?!->))*+-->)*+\Z")
_NEWS_ROOTS = frozenset(
    b"rss feed rdf nitf newsml newsitem newsmessage packageitem knowledgeitem".split()
)
_JSON = re.compile(rb'\{\s*["}]|\[\s*[\[\]{"\d-]')
_JSON_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{}"]', re.DOTALL)


def is_open(content: bytes) -> bool:
    """Whether the end is missing. False also where nothing can be said."""
    if content.startswith(_GZIP):
        return _gzip_is_open(content)
    if content.startswith(_ZIP):
        return _ZIP_END not in content[-_ZIP_TAIL_BYTES:]
    text = _narrow(content)
    if text.startswith(b"<"):
        return _xml_is_open(text)
    return bool(_JSON.match(text)) and _json_is_open(text)


def _narrow(content: bytes) -> bytes:
    """Without marks and space around it; UTF-16 as if it were ASCII, which all syntax is."""
    if content.startswith(_UTF16):
        content = content[2:].replace(b"\0", b"")
    return content.removeprefix(_UTF8_MARK).strip()


def _gzip_is_open(content: bytes) -> bool:
    member = zlib.decompressobj(wbits=31)
    unpacked_bytes = 0
    while unpacked_bytes < _UNPACKED_BYTES:
        try:
            unpacked_bytes += len(member.decompress(content, 1 << 20))
        except zlib.error:
            return False
        content = member.unused_data.lstrip(b"\0") if member.eof else member.unconsumed_tail
        if not content:
            return not member.eof
        if member.eof:
            member = zlib.decompressobj(wbits=31)
    return False


def _xml_is_open(text: bytes) -> bool:
    at, head = 0, text[:_EDGE_BYTES]
    while found := _PROLOGUE.match(head, at):
        at = found.end()
    root = _ROOT.match(head, at)
    declared = text.startswith(b"<?xml")
    if root is None:
        return declared and len(text) < _EDGE_BYTES
    name = root[1]
    if not declared and name.lower().rpartition(b":")[2] not in _NEWS_ROOTS:
        return False
    return not (root[0].endswith(b"/>") or _ends(text[-_EDGE_BYTES:], name))


def _ends(tail: bytes, root: bytes) -> bool:
    """Whether the root is closed, and nothing but remarks follows."""
    start = tail.rfind(b"</" + root)
    end = tail.find(b">", start)
    return -1 < start < end and _AFTER_ROOT.match(tail, end + 1) is not None


def _json_is_open(text: bytes) -> bool:
    if _parses(text) or (_parses(text.partition(b"\n")[0]) and _parses(text.rpartition(b"\n")[2])):
        return False
    if len(text) > _SCANNED_BYTES:
        return not text.endswith((b"}", b"]"))
    depth = 0
    for token in _JSON_TOKEN.finditer(text):
        if token[0] == b'"':
            return True
        depth += (token[0] in b"[{") - (token[0] in b"]}")
    return depth > 0


def _parses(text: bytes) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True
