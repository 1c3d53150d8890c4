"""Read any file: bytes in, a draft of the article out, with evidence of how it was decoded.

What a file is shows in its content; its name decides only where the content leaves it open. A
guess that turns out wrong falls back to plain text, which everything else is.
"""

import re
from pathlib import PurePath
from typing import Final

from worker.core.article import Draft, Evidence
from worker.core.decode import decode
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.readers import html_page, json_article, markup, plain

_LOOK_CHARACTERS: Final = 2048
_JSON_NAMES: Final = frozenset({".json", ".jsonl", ".ndjson", ".jsonld"})
_MAIL_NAMES: Final = frozenset({".eml", ".mbox", ".mht"})
_XML: Final = {  # by root element
    "rss": "an RSS feed",
    "rdf": "an RSS or RDF feed",
    "feed": "an Atom feed",
    "nitf": "a NITF document",
    "newsml": "a NewsML document",
    "newsitem": "a NewsML-G2 item",
    "newsmessage": "a NewsML-G2 message",
    "packageitem": "a NewsML-G2 package",
    "urlset": "a sitemap",
    "sitemapindex": "a sitemap",
    "svg": "an SVG image",
}

_HTML_TAG = re.compile(
    r"<(?:html|head|body|article|section|main|div|p|h[1-6]|title|meta)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_HTML_ROOT = re.compile(r"<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)
_CLOSING_TAG = re.compile(
    r"</(?:p|div|h[1-6]|article|body|html|blockquote|ul|ol)\s*>", re.IGNORECASE
)
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?([A-Za-z][\w.-]{0,40})[\s/>]")
_MAIL_HEADER = re.compile(
    r"(?:from|received|return-path|mime-version|message-id|delivered-to):\s", re.IGNORECASE
)


def read(content: bytes, name: str) -> tuple[Draft, Evidence]:
    """Read the file *content*, called *name*.

    Raises:
        Rejected: whatever ``decode`` raises; ``unsupported_format`` with what the file is;
            ``malformed`` for a file that its name calls JSON and that is none; ``no_text``.

    """
    text, evidence = decode(content, declared=markup.declared_charset(content))
    return _draft(text, PurePath(name).suffix.lower()), evidence


def _draft(text: str, suffix: str) -> Draft:
    start = text.lstrip()[:_LOOK_CHARACTERS]
    if start.startswith(("{", "[")):
        return _json_or_plain(text, suffix)
    if _is_html(start, text):
        return html_page.read(text)
    if kind := _kind_of_xml(start) or _kind_of_mail(start, suffix):
        raise Rejected(Reason.UNSUPPORTED_FORMAT, f"it is {kind}, which is not read yet")
    return plain.read(text)


def _json_or_plain(text: str, suffix: str) -> Draft:
    value = json_article.parse(text)
    if value is not None:
        return json_article.read(value)
    if json_article.is_lines(text):
        raise Rejected(Reason.UNSUPPORTED_FORMAT, "JSON Lines: bulk files are not read yet")
    if suffix in _JSON_NAMES:
        raise Rejected(Reason.MALFORMED, "its name and its start say JSON, and it is none")
    return plain.read(text)


def _is_html(start: str, text: str) -> bool:
    """A tag alone is no proof: stock tickers (``<P>``, ``<HEAD>``) open wire headlines."""
    root = _after_prologue(start)
    if _HTML_ROOT.match(start) or _HTML_ROOT.match(root):
        return True
    if "</" not in text:
        return False
    closing = len(_CLOSING_TAG.findall(text))
    return closing >= (1 if _HTML_TAG.match(root) else 2) and _kind_of_xml(start) is None


def _kind_of_xml(start: str) -> str | None:
    root = _ROOT.match(_after_prologue(start))
    kind = _XML.get(root[1].lower()) if root else None
    return kind or ("an XML document" if start.startswith("<?xml") else None)


def _after_prologue(start: str) -> str:
    """*start* from its root element on, or empty if the prologue does not end in it."""
    while start.startswith(("<?", "<!")):
        start = start.partition(_end_of_markup(start))[2].lstrip()
    return start


def _end_of_markup(start: str) -> str:
    if start.startswith("<?"):
        return "?>"
    if start.startswith("<!--"):
        return "-->"
    return "]>" if "[" in start.partition(">")[0] else ">"


def _kind_of_mail(start: str, suffix: str) -> str | None:
    return "an e-mail" if suffix in _MAIL_NAMES and _MAIL_HEADER.match(start) else None
