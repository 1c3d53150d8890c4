"""Read a feed's entry as an article: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed.

A feed with one entry is read here; one with several is bulk, which ``entries`` takes apart into
documents of one entry each. Each of those keeps what its feed says of all (title, language, rights,
authors), for an entry may leave it out; an unreasonably long word of the feed's is left behind,
since it would be repeated in every document.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from email.utils import parseaddr
from html import unescape
from typing import Any, Final

import orjson
from lxml import etree

from worker.core.article import Draft
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.readers import json_article, markup, xml_document
from worker.core.readers.markup import Marked
from worker.core.readers.xml_document import children, first, name, text_of

RSS: Final = "application/rss+xml"
ATOM: Final = "application/atom+xml"
JSON: Final = "application/feed+json"
JSON_VERSION: Final = "jsonfeed.org/version/"

_ENTRIES: Final = ("item", "entry")
_SHARED: Final = frozenset(
    {"title", "link", "id", "author", "language", "copyright", "rights", "managingEditor"}
    | {"dc:language", "dc:creator", "dc:publisher", "dc:rights"}
)
_SHARED_JSON: Final = ("version", "title", "home_page_url", "language", "authors", "author")
_LONGEST_SHARED: Final = 1_000  # characters


def is_json_feed(value: object) -> bool:
    """Whether a parsed JSON *value* is a JSON Feed."""
    return (
        isinstance(value, dict)
        and JSON_VERSION in str(value.get("version"))
        and isinstance(value.get("items"), list)
    )


def entries(text: str) -> Iterator[str]:
    """Each entry of a feed, in its order, as a feed of that entry alone.

    Raises:
        Rejected: what ``xml_document.parse`` raises.

    """
    value = json_article.parse(text) if text.lstrip().startswith("{") else None
    if isinstance(value, dict) and is_json_feed(value):
        return _json_entries(value)
    return _xml_entries(xml_document.parse(text))


def read(text: str) -> Draft:
    """The article of the only entry of an XML feed.

    Raises:
        Rejected: ``unsupported_format`` for no entry or several; what ``xml_document.parse``
            raises.

    """
    root = xml_document.parse(text)
    found = [root] if name(root) == "entry" else list(_items(root))
    if len(found) != 1:
        raise _not_one(len(found))
    (entry,) = found
    channel = next(children(root, "channel"), root)
    return _atom(entry, channel) if name(entry) == "entry" else _rss(entry, channel)


def read_json(feed: Mapping[str, Any]) -> Draft:
    """The article of the only item of a JSON Feed; raises ``Rejected`` as ``read`` does."""
    items = [item for item in feed["items"] if isinstance(item, dict)]
    if len(items) != 1:
        raise _not_one(len(items))
    (item,) = items
    body = item.get("content_html") or item.get("content_text") or item.get("summary")
    draft = json_article.draft_of({**item, "text": body, "content": None})
    shared = json_article.draft_of({**feed, "items": None})
    return replace(
        draft,
        media_type=JSON,
        authors=draft.authors or shared.authors,
        language=draft.language or shared.language,
        source=shared.headline,
        url=draft.url or _text_or_none(item.get("external_url")),
    )


def _not_one(entries: int) -> Rejected:
    said = f"a feed with {entries} entries; one alone can be an article"
    return Rejected(Reason.UNSUPPORTED_FORMAT, said)


def _rss(entry: etree._Element, channel: etree._Element) -> Draft:
    guid, link = first(entry, "guid", "dc:identifier"), first(entry, "link")
    permanent = next((each.get("isPermaLink") for each in children(entry, "guid")), None)
    blocks, kinds = markup.split(_body(entry, "content:encoded", "description"))
    return Draft(
        headline=_plain(first(entry, "title", "dc:title")),
        blocks=blocks,
        kinds=kinds,
        media_type=RSS,
        authors=xml_document.texts(entry, "dc:creator") or _mail_names(entry, "author"),
        published=first(entry, "pubDate", "dc:date", "dcterms:issued", "dcterms:created"),
        updated=first(entry, "dcterms:modified", "updated"),
        language=first(entry, "dc:language") or _language(channel, "language", "dc:language"),
        source=_plain(first(entry, "source", "dc:publisher") or first(channel, "title")),
        url=link or (guid if guid and permanent != "false" and _is_address(guid) else None),
        guid=guid,
        rights=first(entry, "dc:rights") or first(channel, "copyright", "dc:rights"),
        subjects=xml_document.texts(entry, "category", "dc:subject"),
    )


def _atom(entry: etree._Element, feed: etree._Element) -> Draft:
    blocks, kinds = markup.split(_body(entry, "content", "summary"))
    return Draft(
        headline=_plain(first(entry, "title")),
        blocks=blocks,
        kinds=kinds,
        media_type=ATOM,
        authors=_people(entry) or _people(feed),
        published=first(entry, "published", "issued", "updated", "modified"),
        updated=first(entry, "updated", "modified"),
        language=xml_document.language(entry),
        source=_source(entry) or (_plain(first(feed, "title")) if feed is not entry else None),
        url=_alternate(entry),
        guid=first(entry, "id"),
        rights=first(entry, "rights") or first(feed, "rights"),
        subjects=tuple(str(each.get("term")) for each in children(entry, "category")),
    )


def _body(entry: etree._Element, *names: str) -> Marked:
    """The first element with a text: XHTML inside it, HTML that was escaped, or plain text."""
    for each in names:
        for content in children(entry, each):
            if text := text_of(content):
                if len(content):
                    return markup.marked(markup.without_namespaces(content))
                return json_article.blocks_of(text)
    return ()


def _plain(title: str | None) -> str | None:
    """Titles are plain text by the rules of RSS and HTML by those of Atom; both come escaped."""
    if title is None or not ({"&", "<"} & set(title)):
        return title
    return " ".join(text for _, text in json_article.blocks_of(unescape(title))) or None


def _people(element: etree._Element) -> tuple[str, ...]:
    return tuple(
        said for author in children(element, "author") if (said := first(author, "name", "email"))
    )


def _mail_names(entry: etree._Element, kind: str) -> tuple[str, ...]:
    """``desk@post.example (Jane Wanjiru)``: RSS wants an address, and the name in brackets."""
    found = xml_document.texts(entry, kind)
    return tuple((parseaddr(text)[0] or text) if "@" in text else text for text in found)


def _language(element: etree._Element, *names: str) -> str | None:
    return first(element, *names) or xml_document.language(element)


def _source(entry: etree._Element) -> str | None:
    return next((first(source, "title") for source in children(entry, "source")), None)


def _alternate(entry: etree._Element) -> str | None:
    links = [link for link in children(entry, "link") if link.get("href")]
    own = [link for link in links if link.get("rel", "alternate") == "alternate"]
    return next((str(link.get("href")) for link in (*own, *links)), None)


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://"))


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _json_entries(feed: dict[str, Any]) -> Iterator[str]:
    shared = {key: feed[key] for key in _SHARED_JSON if key in feed}
    shared = {k: v for k, v in shared.items() if len(orjson.dumps(v)) <= _LONGEST_SHARED}
    for item in feed["items"]:
        yield orjson.dumps({**shared, "items": [item]}).decode()


def _xml_entries(root: etree._Element) -> Iterator[str]:
    found = list(_items(root))
    if name(root) == "entry":
        yield etree.tostring(root, encoding="unicode")
        return
    frame = _frame(root)
    place = next(children(frame, "channel"), frame) if name(root) == "rss" else frame
    for item in found:
        item.tail = None
        place.append(item)  # moves it: nothing of the feed is kept twice
        yield etree.tostring(frame, encoding="unicode")
        place.remove(item)


def _items(root: etree._Element) -> Iterator[etree._Element]:
    """In RSS 1.0 the items follow the channel, in RSS 2.0 they are inside."""
    yield from children(root, *_ENTRIES)
    for channel in children(root, "channel"):
        yield from children(channel, *_ENTRIES)


def _frame(root: etree._Element) -> etree._Element:
    """The feed without its entries, and without what is not shared or too long to be."""
    own = root.nsmap.get(root.prefix)
    frame = etree.Element(root.tag, dict(root.attrib), {root.prefix: own} if own else None)
    for child in root:
        if name(child) == "channel":
            frame.append(_frame(child))
        elif name(child) in _SHARED and len(text_of(child)) <= _LONGEST_SHARED:
            frame.append(deepcopy(child))
    return frame
