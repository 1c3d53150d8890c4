"""Parse HTML so that it can do no harm, and take text out of it block by block.

The parser reads no network, no external entities and no DTD, and keeps libxml2's limits on depth
and text size. HTML has no entity definitions, so there is nothing to expand without bound.
"""

import re
from typing import Final

from lxml import etree, html

from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.wordlist import words

_BLOCKS: Final = frozenset(
    words(
        "address article aside blockquote body caption center dd details div dl dt fieldset"
        " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre"
        " section summary table tbody td tfoot th thead tr ul"
        # and those of trafilatura's own vocabulary
        " cell head item list quote row"
    )
)
_SILENT: Final = frozenset(
    words(
        "audio button canvas embed iframe math noscript object script select style svg template"
        " textarea title video"
    )
)
_BREAKS: Final = frozenset({"br", "lb"})
_CELLS: Final = frozenset({"td", "th", "cell"})  # blocks in principle; a row reads as one line
_DECLARED = re.compile(
    rb"<(?:\?xml[^>]{0,100}?encoding|meta[^>]{0,200}?charset)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})"
)
_LOOK_BYTES: Final = 2048
_TWO_BREAKS = re.compile(r"\n\s*\n")


def declared_charset(content: bytes) -> str | None:
    """The encoding that *content* names in an XML declaration or a meta element."""
    match = _DECLARED.search(content[:_LOOK_BYTES])
    return match[1].decode("ascii") if match else None


def parse(text: str) -> html.HtmlElement:
    """The root element; raises ``Rejected`` (no_text) where there is none."""
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return html.document_fromstring(text.replace("\x00", "").encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Rejected(Reason.NO_TEXT, f"no element in the HTML: {error}") from error


def blocks(root: etree._Element, *, without: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Text of *root*, a string for each block, in reading order; ``br`` is a line break in it."""
    pieces: list[list[str]] = [[]]
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        silent = tag in _SILENT or tag in without
        if event == "start":
            _open(pieces, element, silent=silent)
            if silent:
                walk.skip_subtree()
        elif element is not root:
            _close(pieces, element)
    texts = ("".join(block) for block in pieces)
    return tuple(part.strip() for text in texts for part in _TWO_BREAKS.split(text) if part.strip())


def _open(pieces: list[list[str]], element: etree._Element, *, silent: bool) -> None:
    if element.tag in _CELLS:
        pieces[-1].append("\t")
    elif element.tag in _BREAKS:
        pieces[-1].append("\n")
    elif element.tag in _BLOCKS:
        pieces.append([])
    if element.text and not silent:
        pieces[-1].append(_flat(element.text))


def _close(pieces: list[list[str]], element: etree._Element) -> None:
    if element.tag in _BLOCKS - _CELLS:
        pieces.append([])
    if element.tail:
        pieces[-1].append(_flat(element.tail))


def _flat(text: str) -> str:
    """Line breaks in the source are spaces."""
    return text.replace("\n", " ").replace("\r", " ")
