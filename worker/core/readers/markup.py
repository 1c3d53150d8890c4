"""Parse HTML so that it can do no harm, and take text out of it block by block.

The parser reads no network, no external entities and no DTD, and keeps libxml2's limits on depth
and text size. HTML has no entity definitions, so there is nothing to expand without bound.
"""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree, html

from worker.core.article import Kind
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.wordlist import words

_BLOCKS: Final = frozenset(
    words(
        "address article aside blockquote body caption center dd details div dl dt fieldset"
        " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre"
        " section summary table tbody td tfoot th thead tr ul"
        # and those of trafilatura's own vocabulary, and of NITF's
        " cell head item list quote row block body.content bq byline dateline hl1 hl2 media"
        " media-caption media-producer note tagline"
    )
)
SILENT: Final = frozenset(
    words(
        "audio button canvas embed iframe math noscript object script select style svg template"
        " textarea title video"
    )
)
_KINDS: Final = {
    **dict.fromkeys(("caption", "figcaption", "media-caption", "media-producer"), Kind.CAPTION),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "head", "hl1", "hl2"), Kind.CROSSHEAD),
    **dict.fromkeys(("table",), Kind.TABLE),
    **dict.fromkeys(("byline",), Kind.BYLINE),
    **dict.fromkeys(("dateline",), Kind.DATELINE),
    **dict.fromkeys(("note", "tagline"), Kind.BOILERPLATE),
}
_BYLINES: Final = frozenset(
    words(
        "byline by-line author authors article-author article__author article-byline"
        " article__byline post-author entry-author story-byline byline-name"
    )
)
_BREAKS: Final = frozenset({"br", "lb"})
_CELLS: Final = frozenset({"td", "th", "cell"})  # blocks in principle; a row reads as one line
_DECLARED = re.compile(
    rb"<(?:\?xml[^>]{0,100}?encoding|meta[^>]{0,200}?charset)\s*=\s*(?:[\"']\s*)?([A-Za-z0-9_.:-]{2,40})"
)
_LOOK_BYTES: Final = 2048
_MAX_NODES: Final = 400_000  # some 300 bytes of memory each
_TWO_BREAKS = re.compile(r"\n\s*\n")

Marked = tuple[tuple[Kind, str], ...]
_Block = tuple[Kind, list[str]]  # and the pieces of its text


def declared_charset(content: bytes) -> str | None:
    """The encoding that *content* names in an XML declaration or a meta element."""
    match = _DECLARED.search(content[:_LOOK_BYTES])
    return match[1].decode("ascii") if match else None


def refuse_many_nodes(text: str) -> None:
    """Raise ``Rejected`` (too_expensive) for more elements and attributes than a news file has."""
    if text.count("<") + text.count("=") > _MAX_NODES:
        raise Rejected(Reason.TOO_EXPENSIVE, f"more than {_MAX_NODES} elements and attributes")


def parse(text: str) -> html.HtmlElement:
    """The root element.

    Raises:
        Rejected: ``no_text`` where there is none; ``too_expensive``.

    """
    refuse_many_nodes(text)
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return html.document_fromstring(text.replace("\x00", "").encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Rejected(Reason.NO_TEXT, f"no element in the HTML: {error}") from error


def blocks(root: etree._Element, *, without: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Text of *root*, a string for each block, in reading order; ``br`` is a line break in it."""
    return tuple(text for _, text in marked(root, without=without))


def marked(root: etree._Element, *, without: frozenset[str] = frozenset()) -> Marked:
    """As ``blocks``, with what the markup says that each is; kind text where it says nothing."""
    return tuple(
        (kind, text)
        for kind, pieces in _walked(root, without)
        for part in _TWO_BREAKS.split("".join(pieces))
        if (text := part.strip())
    )


def _walked(root: etree._Element, without: frozenset[str]) -> Iterator[_Block]:
    """Blocks, some of them empty, each once its last piece is known."""
    kinds = [Kind.TEXT]  # of the elements around the place that the walk has reached
    blocks: list[_Block] = [(Kind.TEXT, [])]
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        silent = tag in SILENT or tag in without
        if event == "start":
            kinds.append(_kind(element, kinds[-1]))
            _open(blocks, element, kinds[-1], silent=silent)
            if silent:
                walk.skip_subtree()
        else:
            kinds.pop()
            if element is not root:
                _close(blocks, element, kinds[-1])
        yield from blocks[:-1]
        del blocks[:-1]
    yield from blocks


def split(parts: Marked) -> tuple[tuple[str, ...], tuple[Kind, ...]]:
    """*parts* as a draft has them: its blocks, and their kinds."""
    return tuple(text for _, text in parts), tuple(kind for kind, _ in parts)


def without_namespaces(root: etree._Element) -> etree._Element:
    """*root* itself, with bare names: XHTML in XML reads like HTML then."""
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = etree.QName(element.tag).localname
    return root


def _kind(element: etree._Element, around: Kind) -> Kind:
    """A byline is named by its class or its property; sites write both in many ways."""
    kind = _KINDS.get(element.tag, around)
    if kind is not Kind.TEXT or element.tag not in _BLOCKS:
        return kind
    said = f"{element.get('class', '')} {element.get('itemprop', '')} {element.get('rel', '')}"
    return Kind.BYLINE if not _BYLINES.isdisjoint(said.lower().split()) else kind


def _open(blocks: list[_Block], element: etree._Element, kind: Kind, *, silent: bool) -> None:
    if element.tag in _CELLS:
        blocks[-1][1].append("\t")
    elif element.tag in _BREAKS:
        blocks[-1][1].append("\n")
    elif element.tag in _BLOCKS:
        blocks.append((kind, []))
    if element.text and not silent:
        blocks[-1][1].append(_flat(element.text))


def _close(blocks: list[_Block], element: etree._Element, around: Kind) -> None:
    if element.tag in _BLOCKS - _CELLS:
        blocks.append((around, []))
    if element.tail:
        blocks[-1][1].append(_flat(element.tail))


def _flat(text: str) -> str:
    """Line breaks in the source are spaces."""
    return text.replace("\n", " ").replace("\r", " ")
