"""Recognise a container by its name and its first bytes.

Asked at the door, of every file: what is no container is worked with others, in a batch. So a
container that is not recognised costs its records (a reader refuses it, and says why), and an
article that is taken for one costs nothing: whoever opens it finds out, and reads it as a file.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

import orjson

from worker.core import magic, roots
from worker.core.errors import Rejected
from worker.core.ledger import Reason

HEAD_BYTES: Final = 1_000_000  # of a file, by which it is recognised


class Layout(Enum):
    """How a container holds what it holds."""

    LINES = auto()  # JSON Lines
    ARRAY = auto()  # a JSON array
    OBJECT = auto()  # a JSON object with a list in it, as a JSON Feed is
    FEED = auto()  # RSS, RDF or Atom
    MESSAGE = auto()  # NewsML-G2
    ZIP = auto()
    TAR = auto()
    SINGLE = auto()  # one file, compressed


@dataclass(frozen=True, slots=True)
class Kind:
    layout: Layout
    compression: str | None = None

    @property
    def media_type(self) -> str:
        return _PACKED[self.compression] if self.compression else _MEDIA_TYPES[self.layout]


_MEDIA_TYPES: Final = {
    Layout.LINES: "application/x-ndjson",
    Layout.ARRAY: "application/json",
    Layout.OBJECT: "application/json",
    Layout.FEED: "application/xml",
    Layout.MESSAGE: "application/vnd.iptc.g2.newsmessage+xml",
    Layout.ZIP: "application/zip",
    Layout.TAR: "application/x-tar",
}
_PACKED: Final = {
    "gzip": "application/gzip",
    "bzip2": "application/x-bzip2",
    "xz": "application/x-xz",
    "zstd": "application/zstd",
}
_COMPRESSED: Final = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"(\xb5/\xfd", "zstd"),
)
_LINES_NAME = re.compile(rb"\.(?:jsonl|ndjson)$", re.IGNORECASE)
_BULK_NAME = re.compile(
    rb"\.(?:jsonl|ndjson|json|xml|rss|atom|zip|tar|gz|tgz|bz2|tbz2?|xz|txz|t?zst)$",
    re.IGNORECASE,
)
_COMPRESSED_NAME = re.compile(rb"\.(?:gz|bz2|xz|zst|t(?P<tar>gz|bz2?|xz|zst))$", re.IGNORECASE)
_ARRAY = re.compile(rb"\s*\[\s*[{\]]")
_LIST = re.compile(rf'"(?:{"|".join(roots.LISTS)})"\s*:\s*\[\s*\{{'.encode(), re.IGNORECASE)
_ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?(\w{1,40})[\s/>]")
_ENTRY = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:item|entry|newsItem)[\s/>]")
_BOM: Final = b"\xef\xbb\xbf"


def may_be_bulk(name: bytes) -> bool:
    """Whether a file of this name may be as large as a container."""
    return _BULK_NAME.search(name) is not None


def refuse_large(name: bytes, content: bytes, article_bytes: int) -> None:
    """Raise ``Rejected`` (too_large) for more than an article that is no container."""
    if len(content) > article_bytes and recognise(name, content[:HEAD_BYTES]) is None:
        raise Rejected(Reason.TOO_LARGE, f"{len(content)} bytes, the limit is {article_bytes}")


def inner_name(name: bytes) -> bytes:
    """What the file in the compressed file *name* is called."""
    found = _COMPRESSED_NAME.search(name)
    if found is None:
        return name
    return name[: found.start()] + (b".tar" if found["tar"] else b"")


def compression(head: bytes) -> str | None:
    return next((name for start, name in _COMPRESSED if head.startswith(start)), None)


def recognise(name: bytes, head: bytes) -> Kind | None:
    """What kind of container the file *name* is, by its first ``HEAD_BYTES``; None: it is none.

    What a compressed file holds shows only when it is opened: it counts as single here.
    """
    if packed := compression(head):
        return Kind(Layout.SINGLE, packed)
    layout = layout_of(name, head)
    return Kind(layout) if layout else None


def layout_of(name: bytes, head: bytes) -> Layout | None:
    """The same for bytes that are not compressed."""
    binary = magic.recognise(head)
    if binary is not None:
        return _ARCHIVES.get(binary)
    head = head.removeprefix(_BOM)
    start = head.lstrip()[:1]
    if start in (b"{", b"["):
        return _layout_of_json(name, head)
    if start == b"<":
        return _layout_of_xml(head)
    return Layout.LINES if start and _LINES_NAME.search(name) else None


_ARCHIVES: Final = {
    "a ZIP archive": Layout.ZIP,
    "an empty ZIP archive": Layout.ZIP,
    "a tar archive": Layout.TAR,
}


def _layout_of_json(name: bytes, head: bytes) -> Layout | None:
    if _LINES_NAME.search(name) or _are_lines(head):
        return Layout.LINES
    if _ARRAY.match(head):
        return Layout.ARRAY
    return Layout.OBJECT if _LIST.search(head) else None


def _are_lines(head: bytes) -> bool:
    """The first line is an object, and another line begins like one."""
    first, _, rest = head.lstrip().partition(b"\n")
    if not first.startswith(b"{") or not rest.lstrip().startswith(b"{"):
        return False
    try:
        orjson.loads(first)
    except orjson.JSONDecodeError:
        return False
    return True


def _layout_of_xml(head: bytes) -> Layout | None:
    """By the first element that has the name of a root, if two entries follow."""
    root = next((found[1].decode().lower() for found in _ROOT.finditer(head)), "")
    layout = Layout.FEED if root in roots.FEED else Layout.MESSAGE
    if root not in roots.FEED | roots.NEWSML:
        return None
    entries = _ENTRY.finditer(head)
    return layout if next(entries, None) and next(entries, None) else None
