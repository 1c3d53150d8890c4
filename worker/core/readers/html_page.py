"""Read a web page: the article's text by trafilatura, what the page says of itself from its markup.

JSON-LD is believed before meta elements, meta elements before what is shown. Dates are taken as
written: trafilatura's own date finder asks the clock, and guesses. A page that trafilatura finds no
article in (it expects some length) is read block by block, navigation left out.
"""

from collections.abc import Iterator
from typing import Any, Final

import trafilatura
from lxml import html

from worker.core.article import Draft
from worker.core.readers import json_article, markup

MEDIA_TYPE: Final = "text/html"

_FURNITURE: Final = frozenset({"aside", "footer", "form", "nav", "header"})
_LITTLE: Final = (
    0.5  # of the words of the JSON-LD's own text: below, the extraction missed most of it
)


def read(text: str) -> Draft:
    """The article of a page; raises ``Rejected`` (no_text) where there is nothing to read."""
    page = markup.parse(text)
    ld = json_article.draft_of(next(_articles(page), {}))
    meta = _meta(page)
    return Draft(
        headline=ld.headline or meta.get("og:title") or _shown_headline(page),
        blocks=_blocks(text, page, ld.blocks),
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


def _articles(page: html.HtmlElement) -> Iterator[dict[str, Any]]:
    for script in page.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            yield from _typed_article(json_article.parse(script.text or ""))


def _typed_article(value: object) -> Iterator[dict[str, Any]]:
    """Objects whose type ends in ``Article`` or ``Posting``, in a list or a graph of one level."""
    items = value if isinstance(value, list) else [value]
    graphs = [
        item["@graph"]
        for item in items
        if isinstance(item, dict) and isinstance(item.get("@graph"), list)
    ]
    for item in [*items, *(node for graph in graphs for node in graph)]:
        types = item.get("@type") if isinstance(item, dict) else None
        names = types if isinstance(types, list) else [types]
        if any(str(name).endswith(("Article", "Posting")) for name in names):
            yield item


def _blocks(text: str, page: html.HtmlElement, declared: tuple[str, ...]) -> tuple[str, ...]:
    found = trafilatura.bare_extraction(
        markup.parse(text), include_comments=False, include_tables=True, with_metadata=False
    )
    extracted = () if found is None or found.body is None else markup.blocks(found.body)
    shown = extracted or markup.blocks(page, without=_FURNITURE)
    if _words(shown) == _words(declared):  # trafilatura falls back on the JSON-LD, unparagraphed
        return max(shown, declared, key=len)
    return declared if len(_words(shown)) < _LITTLE * len(_words(declared)) else shown


def _words(blocks: tuple[str, ...]) -> list[str]:
    return " ".join(blocks).split()


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


def _shown_headline(page: html.HtmlElement) -> str | None:
    """The page's only top heading, else its title."""
    headings = list(page.iter("h1"))
    only = [str(heading.text_content()) for heading in headings] if len(headings) == 1 else []
    titles = ((title.text or "") for title in page.iter("title"))
    return next((text.strip() for text in (*only, *titles) if text.strip()), None)


def _shown_time(page: html.HtmlElement) -> str | None:
    times: Iterator[str | None] = (time.get("datetime") for time in page.iter("time"))
    return next((time for time in times if time), None)


def _canonical(page: html.HtmlElement) -> str | None:
    links = (link for link in page.iter("link") if (link.get("rel") or "").lower() == "canonical")
    addresses: Iterator[str | None] = (link.get("href") for link in links)
    return next((address for address in addresses if address), None)
