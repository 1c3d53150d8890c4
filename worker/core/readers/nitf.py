"""Read NITF, the News Industry Text Format, versions 2 and 3, with or without a namespace."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from worker.core.article import Draft, Kind
from worker.core.readers import markup, xml_document
from worker.core.readers.markup import Marked
from worker.core.readers.xml_document import children, descendants, text_of

MEDIA_TYPE: Final = "application/nitf+xml"
ROOTS: Final = frozenset({"nitf"})

_IN_HEAD: Final = ("hedline", "byline", "dateline", "abstract")  # in the order of the file


def read(text: str) -> Draft:
    """The article of a NITF document; raises what ``xml_document.parse`` raises."""
    return draft_of(xml_document.parse(text))


def draft_of(root: etree._Element) -> Draft:
    """The article of an ``nitf`` element, also of one inside another format."""
    issued, released = _said(root, "date.issue", "norm"), _said(root, "date.release", "norm")
    status = _said(root, "docdata", "management-status")
    blocks, kinds = markup.split(_parts(root))
    return Draft(
        headline=_text(root, "hl1") or _text(root, "hedline") or _text(root, "title"),
        blocks=blocks,
        kinds=kinds,
        media_type=MEDIA_TYPE,
        authors=tuple(_bylines(root)),
        published=issued or released or _said(root, "pubdata", "date.publication"),
        language=xml_document.language(root),
        source=_text(root, "distributor") or _said(root, "pubdata", "name"),
        url=_said(root, "pubdata", "ex-ref"),
        guid=_said(root, "doc-id", "id-string"),
        rights=_text(root, "rights") or _copyright(root),
        located=_said(root, "evloc", "city") or _text(root, "location"),
        version=_said(root, "du-key", "version"),
        urgency=_said(root, "urgency", "ed-urg"),
        ed_note=_said(root, "ed-msg", "info"),
        embargo=released if status == "embargoed" or (issued and issued != released) else None,
        status="withheld" if status == "embargoed" and not released else status,
        signal="correction" if _first(root, "correction") is not None else None,
        corrects=_said(root, "correction", "id-string"),
        subjects=tuple(_subjects(root)),
    )


def _first(root: etree._Element, name: str) -> etree._Element | None:
    return next(descendants(root, name), None)


def _text(root: etree._Element, name: str) -> str | None:
    found = _first(root, name)
    return None if found is None else text_of(found) or None


def _said(root: etree._Element, name: str, attribute: str) -> str | None:
    values: Iterator[str | None] = (each.get(attribute) for each in descendants(root, name))
    return next((value for value in values if value), None)


def _bylines(root: etree._Element) -> Iterator[str]:
    for head in descendants(root, "body.head"):
        for byline in children(head, "byline"):
            if text := _in_one_line(byline):
                yield text


def _parts(root: etree._Element) -> Marked:
    """What stands in the head beside the headline, the body, and its end."""
    found: list[tuple[Kind, str]] = []
    for body in descendants(root, "body"):
        markup.without_namespaces(body)
        told = any(markup.blocks(content) for content in children(body, "body.content"))
        for head in children(body, "body.head"):
            for element in children(head, *_IN_HEAD):
                found += _above(element, told=told)
        for content in children(body, "body.content"):
            found += markup.marked(content)
        for end in children(body, "body.end"):
            found += [(Kind.BOILERPLATE, text) for text in markup.blocks(end)]
    return tuple(found)


def _above(element: etree._Element, *, told: bool) -> Marked:
    """An abstract says what the story says, where that is *told*; else it is all there is of it."""
    if element.tag == "hedline":
        return tuple(
            (Kind.CROSSHEAD, text) for line in children(element, "hl2") if (text := text_of(line))
        )
    if element.tag == "abstract":
        kind = Kind.BOILERPLATE if told else Kind.TEXT
        return tuple((kind, text) for text in markup.blocks(element))
    text = _in_one_line(element)
    kind = Kind.BYLINE if element.tag == "byline" else Kind.DATELINE
    return ((kind, text),) if text else ()


def _in_one_line(element: etree._Element) -> str:
    """A comma between elements with nothing between them: a name and a title, a place and a day."""
    line = ""
    for piece in element.itertext():
        line += f", {piece}" if line[-1:].isalnum() and piece[:1].isalnum() else piece
    return " ".join(line.split())


def _copyright(root: etree._Element) -> str | None:
    holder, year = (_said(root, "doc.copyright", name) for name in ("holder", "year"))
    return " ".join(part for part in (holder, year) if part) or None


def _subjects(root: etree._Element) -> Iterator[str]:
    """Subject codes of the IPTC, and the names of those that are in no list."""
    for subject in descendants(root, "tobject.subject"):
        number = subject.get("tobject.subject.refnum") or ""
        names = (subject.get(f"tobject.subject.{part}") for part in ("detail", "matter", "type"))
        if said := f"subj:{number}" if number else next((name for name in names if name), ""):
            yield said
    for keyword in descendants(root, "keyword"):
        if said := keyword.get("key"):
            yield said
