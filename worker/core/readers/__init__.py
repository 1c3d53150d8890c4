"""Read any file: bytes in, a draft of the article out, with evidence of how it was decoded.

What a file is shows in its content; its name decides only where the content leaves it open. A
guess that turns out wrong falls back to plain text, which everything else is.
"""

import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Final

from worker.core import roots
from worker.core.article import Draft, Evidence
from worker.core.decode import decode
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.magic import recognise
from worker.core.readers import (
    feeds,
    html_page,
    json_article,
    mail,
    markdown,
    markup,
    newsml,
    ninjs,
    nitf,
    plain,
    xml_document,
)
from worker.core.wordlist import words

_LOOK_CHARACTERS: Final = 2048
_JSON_NAMES: Final = frozenset({".json", ".jsonl", ".ndjson", ".jsonld"})
_MAILBOX_NAMES: Final = frozenset({".mbox", ".mht", ".mhtml"})
_XML_READERS: Final[dict[str, Callable[[str], Draft]]] = {  # by root element
    **dict.fromkeys(roots.FEED, feeds.read),
    **dict.fromkeys(roots.NEWSML, newsml.read),
    **dict.fromkeys(nitf.ROOTS, nitf.read),
}
_OTHER_XML: Final = {  # by root element
    "newsml": "a NewsML 1 document",
    "packageitem": "a NewsML-G2 package",
    "planningitem": "a NewsML-G2 planning item",
    "conceptitem": "a NewsML-G2 concept",
    "knowledgeitem": "a NewsML-G2 list of concepts",
    "catalogitem": "a NewsML-G2 catalogue",
    "urlset": "a sitemap",
    "sitemapindex": "a sitemap",
    "opml": "a list of feeds (OPML)",
    "svg": "an SVG image",
}

_HTML_TAGS: Final = frozenset(
    words("html head body article section main div p h1 h2 h3 h4 h5 h6 title meta")
)

_HTML_ROOT = re.compile(r"<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)
_CLOSING_TAG = re.compile(
    r"</(?:p|div|h[1-6]|article|body|html|blockquote|ul|ol)\s*>", re.IGNORECASE
)


def read(content: bytes, name: str) -> tuple[Draft, Evidence]:
    """Read the file *content*, called *name*.

    Raises:
        Rejected: whatever ``decode`` raises; ``unsupported_format`` with what the file is;
            ``malformed`` for XML that is not well-formed, and for a file that its name calls JSON
            and that is none; ``entity_bomb``; ``too_expensive``; ``no_text``.

    """
    suffix = PurePath(name).suffix.lower()
    if mail.is_mail(content, suffix) and not recognise(content):
        return mail.read(content)
    text, evidence = decode(content, declared=markup.declared_charset(content))
    return _draft(text, suffix), evidence


def _draft(text: str, suffix: str) -> Draft:
    start = text.lstrip()[:_LOOK_CHARACTERS]
    if start.startswith(("{", "[")):
        return _json_or_plain(text, suffix)
    if start.startswith("<"):
        xml_document.refuse_bombs(text)
    if suffix in markdown.NAMES and not start.startswith("<"):
        return markdown.read(text)
    root = xml_document.root_name(text)
    if root in _XML_READERS and (start.startswith(("<?", "<!")) or "</" in text):
        return _XML_READERS[root](text)
    if _is_html(start, text, root):
        return html_page.read(text)
    if kind := _kind_of_xml(start, root) or _kind_of_mailbox(start, suffix):
        raise Rejected(Reason.UNSUPPORTED_FORMAT, f"it is {kind}, which is not read")
    return plain.read(text)


def _json_or_plain(text: str, suffix: str) -> Draft:
    value = json_article.parse(text)
    if isinstance(value, dict) and feeds.is_json_feed(value):
        return feeds.read_json(value)
    if isinstance(value, dict) and ninjs.is_ninjs(value):
        return ninjs.read(value)
    if value is not None:
        return json_article.read(value)
    if json_article.is_lines(text):
        raise Rejected(Reason.UNSUPPORTED_FORMAT, "JSON Lines, not recognised as bulk")
    if suffix in _JSON_NAMES:
        raise Rejected(Reason.MALFORMED, "its name and its start say JSON, and it is none")
    return plain.read(text)


def _is_html(start: str, text: str, root: str | None) -> bool:
    """A tag alone is no proof: stock tickers (``<P>``, ``<HEAD>``) open wire headlines."""
    if root == "html" or _HTML_ROOT.match(start):
        return True
    if "</" not in text or root in _OTHER_XML:
        return False
    closing = len(_CLOSING_TAG.findall(text))
    return closing >= (1 if root in _HTML_TAGS else 2) and not start.startswith("<?xml")


def _kind_of_xml(start: str, root: str | None) -> str | None:
    kind = _OTHER_XML.get(root or "")
    return kind or ("an XML document" if start.startswith("<?xml") else None)


def _kind_of_mailbox(start: str, suffix: str) -> str | None:
    return "a mailbox" if suffix in _MAILBOX_NAMES and start.startswith("From ") else None
