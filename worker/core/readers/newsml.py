"""Read NewsML-G2: a news item, alone or in a news message.

The text is in an item's content set, as NITF, XHTML, HTML or plain text; what its metadata leaves
open, its NITF may say. A message with several items is bulk, which ``entries`` takes apart into one
document each. Packages and planning items are no articles: they are passed over in a message, and
not read alone.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from lxml import etree

from worker.core.article import Draft
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.readers import json_article, markup, nitf, xml_document
from worker.core.readers.markup import Marked
from worker.core.readers.xml_document import children, descendants, first, text_of

MEDIA_TYPE: Final = "application/vnd.iptc.g2.newsitem+xml"

_CORRECTS: Final = frozenset({"corrects", "correctionTo", "isCorrectionOf"})


def entries(text: str) -> Iterator[str]:
    """Each news item of a message, in its order, as a document; of an item, itself.

    Raises:
        Rejected: what ``xml_document.parse`` raises.

    """
    for item in _items(xml_document.parse(text)):
        item.tail = None
        yield etree.tostring(item, encoding="unicode")


def read(text: str) -> Draft:
    """The article of a news item, or of the only one in a message.

    Raises:
        Rejected: ``unsupported_format`` for no item or several; what ``xml_document.parse`` raises.

    """
    found = list(_items(xml_document.parse(text)))
    if len(found) != 1:
        message = f"a NewsML-G2 message with {len(found)} news items; one alone can be an article"
        raise Rejected(Reason.UNSUPPORTED_FORMAT, message)
    return _draft(found[0])


def _items(root: etree._Element) -> Iterator[etree._Element]:
    if xml_document.name(root) == "newsItem":
        yield root
    for group in children(root, "itemSet"):
        yield from children(group, "newsItem")


def _draft(item: etree._Element) -> Draft:
    """What the item says of itself, and its NITF where the item says nothing."""
    item_meta = _part(item, "itemMeta")
    content_meta = _part(item, "contentMeta")
    rights = _part(item, "rightsInfo")
    inner = nitf.draft_of(next(descendants(item, "nitf"), etree.Element("nitf")))
    blocks, kinds = (inner.blocks, inner.kinds) if inner.blocks else markup.split(_parts(item))
    created = first(item_meta, "firstCreated") or first(content_meta, "contentCreated")
    return replace(
        inner,
        headline=first(content_meta, "headline") or inner.headline or first(item_meta, "title"),
        blocks=blocks,
        kinds=kinds,
        media_type=MEDIA_TYPE,
        authors=_authors(content_meta) or inner.authors,
        published=created or inner.published or first(item_meta, "versionCreated"),
        updated=first(item_meta, "versionCreated") or first(content_meta, "contentModified"),
        language=_language(item, content_meta) or inner.language,
        source=_source(item_meta, content_meta) or inner.source,
        url=_link(item_meta, "alternate") or inner.url,
        guid=item.get("guid") or inner.guid,
        rights=_rights(rights) or inner.rights,
        located=_named(content_meta, "located") or first(content_meta, "dateline") or inner.located,
        version=item.get("version") or inner.version,
        urgency=first(content_meta, "urgency") or inner.urgency,
        ed_note=first(item_meta, "edNote") or inner.ed_note,
        embargo=first(item_meta, "embargoed") or inner.embargo,
        status=_code(item_meta, "pubStatus") or inner.status,
        signal=_code(item_meta, "signal") or inner.signal,
        corrects=next(_corrected(item_meta), None) or inner.corrects,
        subjects=tuple(_subjects(content_meta)) or inner.subjects,
    )


def _part(item: etree._Element, name: str) -> etree._Element:
    return next(children(item, name), etree.Element(name))


def _parts(item: etree._Element) -> Marked:
    """The first text in the content set; others are its renditions."""
    for content in descendants(item, "inlineXML", "inlineData"):
        if text := text_of(content):
            return _marked(content, text)
    return ()


def _marked(content: etree._Element, text: str) -> Marked:
    if not len(content):
        return json_article.blocks_of(text)
    markup.without_namespaces(content)
    return markup.marked(next(content.iter("body"), content))


def _authors(meta: etree._Element) -> tuple[str, ...]:
    """The byline, else the creators by name; a contributor may be an editor as well."""
    return xml_document.texts(meta, "by") or tuple(_names(meta, "creator"))


def _names(meta: etree._Element, kind: str) -> Iterator[str]:
    for element in children(meta, kind):
        if said := first(element, "name") or element.get("literal"):
            yield said


def _named(meta: etree._Element, kind: str) -> str | None:
    return next(_names(meta, kind), None)


def _language(item: etree._Element, meta: etree._Element) -> str | None:
    tags: Iterator[str | None] = (each.get("tag") for each in children(meta, "language"))
    return next((tag for tag in tags if tag), None) or xml_document.language(item)


def _source(item_meta: etree._Element, content_meta: etree._Element) -> str | None:
    """Whose story it is, else who sends it: by name, by code, by address."""
    return (
        _named(content_meta, "infoSource")
        or first(content_meta, "creditline")
        or _named(item_meta, "provider")
        or _code(item_meta, "provider")
        or next((each.get("uri") for each in children(item_meta, "provider")), None)
    )


def _rights(rights: etree._Element) -> str | None:
    return first(rights, "copyrightNotice", "usageTerms") or _named(rights, "copyrightHolder")


def _code(meta: etree._Element, kind: str) -> str | None:
    """``canceled`` of ``stat:canceled`` or ``http://.../canceled``."""
    for element in children(meta, kind):
        said = element.get("qcode") or element.get("uri") or ""
        if code := said.rpartition(":")[2].rpartition("/")[2]:
            return code
    return None


def _link(meta: etree._Element, relation: str) -> str | None:
    links = (link for link in children(meta, "link") if link.get("href"))
    found = (link for link in links if (link.get("rel") or "").rpartition(":")[2] == relation)
    return next((str(link.get("href")) for link in found), None)


def _corrected(meta: etree._Element) -> Iterator[str]:
    for link in children(meta, "link"):
        relation = (link.get("rel") or "").rpartition(":")[2]
        if relation in _CORRECTS and (guid := link.get("residref") or link.get("href")):
            yield guid


def _subjects(meta: etree._Element) -> Iterator[str]:
    for subject in children(meta, "subject"):
        if said := subject.get("qcode") or subject.get("uri") or first(subject, "name"):
            yield said
