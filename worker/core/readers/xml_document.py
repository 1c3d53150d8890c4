"""Parse XML so that it can do no harm, and name its elements whatever their prefixes.

The parser reads no network and no DTD, and expands no entity. Those that HTML defines and feeds
use all the same (``&nbsp;``), and those that a document defines as plain text of its own, are put
in before it parses; a bare ``&`` is taken as meant. Entities that are made of entities can grow
without bound, and no news format needs them: a document that defines such is refused unparsed.

Which mistake is worse: text that was silently left out, or a file refused. So nothing is recovered
from a document that is not well formed.
"""

import re
from collections.abc import Iterator
from html.entities import html5
from typing import Final

from lxml import etree

from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.readers.markup import refuse_many_nodes

XHTML: Final = "http://www.w3.org/1999/xhtml"

_PREFIXES: Final = {  # by namespace; bare where it is the format's own
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/atom/ns#": "",  # Atom 0.3
    "http://purl.org/rss/1.0/": "",
    "http://backend.userland.com/rss2": "",
    "http://iptc.org/std/nar/2006-10-01/": "",
    "http://iptc.org/std/NITF/2006-10-18/": "",
    XHTML: "",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
}
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"

_MAX_REFERENCES: Final = 1_000_000  # some 10 MB of escaped HTML; each costs a microsecond
_MAX_GROWTH: Final = 1_000_000  # characters that the entities of a document may add to it
_MAX_PROLOGUE: Final = 100_000  # characters

_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?([A-Za-z_][\w.-]{0,60})[\s/>]")
_ENTITY = re.compile(
    r"<!ENTITY\s+(?P<parameter>%\s+)?(?P<name>[\w:.-]+)\s+"
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')"
)
_REFERENCE = re.compile(r"&(?:(#?\w{1,60});)?")
_NESTED = re.compile(r"&(?!#)|&#(?:0*38|x0*26);|%", re.IGNORECASE)
_OWN: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_HTML: Final = {
    name.removesuffix(";"): text
    for name, text in html5.items()
    if name.endswith(";") and not {"&", "<"} & set(text)
}


def root_name(text: str) -> str | None:
    """Local name of the root element, lower case, or None where *text* begins otherwise."""
    found = _ROOT.match(text, _prologue_end(text))
    return found[1].lower() if found else None


def refuse_bombs(text: str) -> None:
    """Raise ``Rejected`` (entity_bomb) if the prologue defines entities made of entities."""
    for entity in _ENTITY.finditer(text, 0, _prologue_end(text)):
        value = entity["double"] or entity["single"] or ""
        if _NESTED.search(value) or (entity["parameter"] and "&" in value):
            raise Rejected(Reason.ENTITY_BOMB, f"the entity {entity['name']} is made of others")


def parse(text: str) -> etree._Element:
    """The root element.

    Raises:
        Rejected: ``entity_bomb``; ``too_expensive`` for more nodes than a news file has;
            ``malformed`` with the parser's words.

    """
    refuse_bombs(text)
    refuse_many_nodes(text)
    if text.count("&") > _MAX_REFERENCES:
        raise Rejected(Reason.TOO_EXPENSIVE, f"more than {_MAX_REFERENCES} ampersands")
    parser = etree.XMLParser(
        encoding="utf-8",  # whatever it declares: it was decoded already
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(_expanded(text).lstrip().encode(), parser)
    except etree.XMLSyntaxError as error:
        raise Rejected(Reason.MALFORMED, f"not well-formed XML: {error.msg}") from error


def name(element: etree._Element) -> str:
    """``dc:creator``, with the prefix that its namespace usually has; bare for a format's own.

    Empty for what is no element, ``?:x`` for a namespace that we do not know.
    """
    if not isinstance(element.tag, str):
        return ""
    namespace, _, local = element.tag.rpartition("}")
    return f"{_PREFIXES.get(namespace[1:], '?:')}{local}" if namespace else local


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Its children of these names, in their order in the document."""
    return (child for child in element if name(child) in names)


def descendants(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Elements of these names inside it, in their order in the document."""
    return (child for child in element.iter() if name(child) in names and child is not element)


def first(element: etree._Element, *names: str) -> str | None:
    """Text of the first child that has some, by order of *names*."""
    return next((text for each in names for text in texts(element, each)), None)


def texts(element: etree._Element, *names: str) -> tuple[str, ...]:
    """Texts of the children of these names, those without text left out."""
    found = (text_of(child) for child in children(element, *names))
    return tuple(text for text in found if text)


def text_of(element: etree._Element) -> str:
    return "".join(element.itertext()).strip()


def language(element: etree._Element) -> str | None:
    """``xml:lang``, its own or the nearest above it."""
    declared: Iterator[str | None] = (
        each.get(_LANGUAGE) for each in (element, *element.iterancestors())
    )
    return next((tag for tag in declared if tag), None)


def _prologue_end(text: str) -> int:
    """Where the root element begins, or *text* ends its prologue in some other way."""
    at = _after_space(text, 1 if text.startswith("\ufeff") else 0)
    while text.startswith(("<?", "<!"), at) and at < _MAX_PROLOGUE:
        mark = _end_of_markup(text, at)
        end = text.find(mark, at)
        if end < 0:
            return len(text)
        at = _after_space(text, end + len(mark))
    return at


def _end_of_markup(text: str, at: int) -> str:
    if text.startswith("<?", at):
        return "?>"
    if text.startswith("<!--", at):
        return "-->"
    bracket, angle = text.find("[", at), text.find(">", at)
    return "]>" if 0 <= bracket < angle else ">"


def _after_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _expanded(text: str) -> str:
    """*text* with named entities put in and bare ampersands escaped, but for CDATA sections."""
    known = _HTML | _defined(text)
    budget = len(text) + _MAX_GROWTH

    def expand(reference: re.Match[str]) -> str:
        nonlocal budget
        entity = reference[1]
        if entity is None:
            return "&amp;"
        if entity in _OWN or entity.startswith("#"):
            return reference[0]
        replacement = known.get(entity, reference[0])
        budget -= len(replacement)
        if budget < 0:
            raise Rejected(Reason.ENTITY_BOMB, f"the entity {entity} multiplies the document")
        return replacement

    return "".join(
        piece if is_cdata else _REFERENCE.sub(expand, piece) for piece, is_cdata in _pieces(text)
    )


def _defined(text: str) -> dict[str, str]:
    """Entities that *text* defines as plain text."""
    prologue = _ENTITY.finditer(text, 0, _prologue_end(text))
    return {e["name"]: e["double"] or e["single"] or "" for e in prologue if not e["parameter"]}


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """*text* cut at its CDATA sections; whether each piece is one."""
    at = 0
    while (start := text.find("<![CDATA[", at)) >= 0 and (end := text.find("]]>", start)) >= 0:
        yield text[at:start], False
        yield text[start : end + 3], True
        at = end + 3
    yield text[at:], False
