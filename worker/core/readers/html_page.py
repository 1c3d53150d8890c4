"""Read a web page: the article's text by trafilatura, what the page says of itself from its markup.

JSON-LD is believed before meta elements, meta elements before what is shown. Dates are taken as
written: trafilatura's own date finder asks the clock, and guesses.

The page is read block by block, navigation left out, and trafilatura judges: what it leaves out of
the article stays where it stood, marked as boilerplate, unless the markup says what it is. So the
page's own paragraphs are kept, and a false judgement loses nothing. It expects some length, and its
time grows with the page: of a very short or a very large one every block is text.
"""

from collections.abc import Iterator
from itertools import repeat
from typing import Final

import trafilatura
from lxml import etree, html

from worker.core.article import Draft, Kind
from worker.core.readers import json_article, markup
from worker.core.readers.markup import Marked

MEDIA_TYPE: Final = "text/html"

_NAVIGATION: Final = frozenset({"form", "nav"})
_FURNITURE: Final = _NAVIGATION | {"aside", "footer", "header"}
_BEFORE_SITE: Final = ("|", "-", "\u2013", "\u2014", "\u00b7", "\u00bb")
_CERTAIN: Final = frozenset({Kind.BYLINE, Kind.CAPTION})
_LARGE_CHARACTERS: Final = 1_000_000
_LARGE_ELEMENTS: Final = 3_000  # that are not navigation; trafilatura's time grows with the square
_DEEP: Final = 100  # elements in elements
_LITTLE: Final = 0.5  # of the words of the JSON-LD's own text: below, the page shows little of it
_MOST: Final = 0.8  # of the words that were extracted: below, the blocks were cut otherwise


def read(text: str) -> Draft:
    """The article of a page; raises ``Rejected`` (no_text) where there is nothing to read."""
    page = markup.parse(text)
    ld = json_article.draft_of(next(_articles(page), {}))
    meta = _meta(page)
    declared = tuple(zip(ld.kinds or repeat(Kind.TEXT), ld.blocks, strict=False))
    blocks, kinds = markup.split(_parts(text, page, declared))
    return Draft(
        headline=ld.headline or _headline(page, meta),
        blocks=blocks,
        kinds=kinds,
        media_type=MEDIA_TYPE,
        authors=ld.authors or _meta_authors(meta),
        published=ld.published
        or _first(meta, "article:published_time", "datepublished", "date")
        or _shown_time(page),
        updated=ld.updated
        or _first(meta, "article:modified_time", "datemodified", "og:updated_time"),
        language=ld.language or page.get("lang") or _first(meta, "og:locale", "content-language"),
        source=ld.source or _first(meta, "og:site_name", "application-name"),
        url=ld.url or meta.get("og:url"),
        canonical_url=ld.canonical_url or _canonical(page),
        guid=ld.guid,
        rights=ld.rights or _first(meta, "copyright", "dcterms.rights", "rights"),
    )


def _articles(page: html.HtmlElement) -> Iterator[json_article.Record]:
    for script in page.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            yield from json_article.typed_articles(json_article.parse(script.text or ""))


def _parts(text: str, page: html.HtmlElement, declared: Marked) -> Marked:
    """The page's blocks, or those that its JSON-LD has, if the page shows little of them."""
    extracted, main = _extracted(text, page), _main(page)
    judged = bool(extracted) and main is not page
    shown = markup.marked(main, without=_NAVIGATION if judged else _FURNITURE)
    found = _judged(shown, extracted) if extracted else shown
    if declared and _squashed(_text(found)) == _squashed(_text(declared)):
        return max(found, declared, key=len)  # unparagraphed in one of them
    return declared if _words(found) < _LITTLE * _words(declared) else found


def _extracted(text: str, page: html.HtmlElement) -> Marked:
    if len(text) > _LARGE_CHARACTERS or _is_large(page):
        return ()
    found = trafilatura.bare_extraction(
        markup.parse(text), include_comments=False, include_tables=True, with_metadata=False
    )
    return () if found is None or found.body is None else markup.marked(found.body)


def _is_large(page: html.HtmlElement) -> bool:
    depth = elements = 0
    walk = etree.iterwalk(page, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            depth -= 1
            continue
        depth, elements = depth + 1, elements + 1
        if element.tag in _FURNITURE or element.tag in markup.SILENT:
            walk.skip_subtree()
        if depth > _DEEP or elements > _LARGE_ELEMENTS:
            return True
    return False


def _main(page: html.HtmlElement) -> html.HtmlElement:
    """The element that the page itself calls its article, if it is the only one."""
    found = list(page.iter("article"))
    return found[0] if len(found) == 1 else page


def _judged(shown: Marked, extracted: Marked) -> Marked:
    """*shown* with what is not *extracted* marked; *extracted* itself, if it was cut otherwise."""
    chosen = {_squashed(text) for _, text in extracted}
    judged = tuple(
        (kind if _squashed(text) in chosen or kind in _CERTAIN else Kind.BOILERPLATE, text)
        for kind, text in shown
    )
    return judged if _words(judged) >= _MOST * _words(extracted) else extracted


def _squashed(text: str) -> str:
    return "".join(text.split())


def _text(parts: Marked) -> str:
    return " ".join(text for kind, text in parts if kind is Kind.TEXT)


def _words(parts: Marked) -> int:
    return sum(len(text.split()) for kind, text in parts if kind is Kind.TEXT)


def _meta(page: html.HtmlElement) -> dict[str, str]:
    """Content by name or property, lower case; the first of each name counts."""
    found: dict[str, str] = {}
    for element in page.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _first(meta: dict[str, str], *names: str) -> str | None:
    return next((meta[name] for name in names if name in meta), None)


def _meta_authors(meta: dict[str, str]) -> tuple[str, ...]:
    """Some sites give the author's profile address here: that is no name."""
    author = _first(meta, "author", "article:author", "byl", "parsely-author")
    return () if author is None or author.startswith("http") else (author,)


def _headline(page: html.HtmlElement, meta: dict[str, str]) -> str | None:
    """The page's title, else its only top heading; without the site's name that many append."""
    headings = [str(heading.text_content()).strip() for heading in page.iter("h1")]
    heading = headings[0] if len(headings) == 1 else ""
    titles = (meta.get("og:title"), heading, *((title.text or "") for title in page.iter("title")))
    title = next((text.strip() for text in titles if text and text.strip()), None)
    if title is None:
        return None
    if heading and title.removeprefix(heading).lstrip().startswith(_BEFORE_SITE):
        return heading
    bare = title.removesuffix(meta.get("og:site_name", "")).rstrip()
    return bare[:-1].rstrip() if bare != title and bare.endswith(_BEFORE_SITE) else title


def _shown_time(page: html.HtmlElement) -> str | None:
    times: Iterator[str | None] = (time.get("datetime") for time in page.iter("time"))
    return next((time for time in times if time), None)


def _canonical(page: html.HtmlElement) -> str | None:
    links = (link for link in page.iter("link") if (link.get("rel") or "").lower() == "canonical")
    addresses: Iterator[str | None] = (link.get("href") for link in links)
    return next((address for address in addresses if address), None)
