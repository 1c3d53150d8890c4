"""What is fuzzed, and what must hold: files of each format, from bytes to the article.

Nothing is raised but ``Rejected``; every text can be stored (valid UTF-8, without NUL); the same
file gives the same article; and, where it is asked for, the time stays within bounds.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import partial

from tests.fuzz import assembling
from worker.core.article import Article
from worker.core.errors import Rejected
from worker.core.normalise import normalise
from worker.core.readers import feeds, newsml, read

SECONDS = 2.0  # of processor time, for a file that is read twice; none of them has 100 kB

_TEXTS = (
    b"County opens market",
    b"NAIROBI, Jan 28 (KNA) - The county opened a market on Tuesday.",
    b"By Jane Wanjiru, Staff Reporter",
    b"2025-01-28T10:30:00+03:00",
    b"Tue, 28 Jan 2025 10:30:00 +0300",
    b"https://lakepost.example/market?utm_source=x",
    b"en-KE",
    b"&amp;",
    b"&nbsp;",
    b"&#0;",
    b"&#x1F600;",
    b"&unknown;",
    b"&",
    b"\xc3\xa9",
    b"\xe2\x80\x8b",
    b"\xff\xfe",
    b"\x00",
    b"\n\n",
    b" " * 40,
    b"a" * 60,
    b"<![CDATA[<p>One & two</p>]]>",
    b"&lt;p&gt;One&lt;/p&gt;",
    b"<!--",
    b"]]>",
)
_INLINE = (b"p", b"div class='byline'", b"h2", b"table", b"tr", b"td", b"br", b"ul", b"li")
_HTML = (
    *(b"<" + name + b">" for name in _INLINE),
    *(b"</" + name.split()[0] + b">" for name in _INLINE),
    b"<!doctype html>",
    b"<html lang='sw'>",
    b"<head>",
    b"<title>",
    b"</title>",
    b"<meta property='og:title' content='Market | Post'>",
    b"<meta charset='koi8-r'>",
    b"<script type='application/ld+json'>",
    b'{"@graph":[{"@type":"NewsArticle","headline":"x","author":{"@id":"#1"}},{"@id":"#1"}]}',
    b"</script>",
    b"<article>",
    b"<figure><figcaption>",
    b"<!DOCTYPE l [<!ENTITY a 'b'>",
    *_TEXTS,
)
_MAIL = (
    b"From: Jane Wanjiru <jane@lakepost.example>\r\n",
    b"Subject: =?utf-8?q?Caf=C3=A9?= =?big5?b?pKQ=?=\r\n",
    b"Subject: Fwd: Re: Market opens\r\n",
    b"Message-ID: <1@x>\r\n",
    b"Content-Type: multipart/mixed; boundary=b\r\n",
    b"Content-Type: text/html; charset=utf-8\r\n",
    b"Content-Type: message/rfc822\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"Content-Disposition: attachment; filename*=utf-8''%C3%A9\r\n",
    b"\r\n",
    b"--b\r\n",
    b"--b--\r\n",
    b"=?",
    b"?=",
    *_TEXTS,
)
_MARKDOWN = (
    *(b"---\n", b"title: x\n", b"authors: [a, b]\n", b"- item\n", b"# Head\n", b"===\n"),
    *(b"> ", b"|a|b|\n", b"|--|--|\n", b"![x](y)\n", b"[x](y)", b"**x**", b"*", b"_", b"```\n"),
    *(b"\\", b"[", b"](", b"\n", b"1. "),
    *_TEXTS,
)
_PLAIN = (
    *_TEXTS,
    *(b"\n", b"\r\n", b"   ", b"\x1e", b"\xe2\x80\xa8", b"Also read: x\n", b"<P> "),
    *(b"Headline: x\n", b"Slug: y\n", b"Keywords: a, b\n", b"Dateline: NAKURU\n", b"Body: "),
    *(b"a\tb\tc\n", b"| a | b |\n", b"By\n", b"By Jane Wanjiru | March 4, 2025\n", b"NAKURU: "),
    *(b"EMBARGOED UNTIL 06:00 EAT, 7 March 2025\n", b"KILL: x\n", b"Home > News\n", b"Q: "),
    *(b"URGENT\n", b"Opinion\n", b"BC-Kenya-Market,0123\n", b"Eds: Adds details\n", b"a0412\n"),
    *(b"Contact: Jane Wanjiru, 0700 000 000\n", b"Lake Record\n4 March 2025\n", b"Fwd: Re: "),
)
_JSON_NAMES = (
    *(b"headline", b"articleBody", b"author", b"name", b"jobTitle", b"datePublished", b"@graph"),
    *(b"@type", b"@id", b"uri", b"headlines", b"bodies", b"value", b"role", b"contentType"),
    *(b"body_html", b"subject", b"scheme", b"code", b"altids", b"renditions", b"href", b"items"),
    *(b"version", b"content_html", b"fields", b"article", b"urgency", b"embargoed", b"pubstatus"),
)
_JSON_TEXTS = (b"NewsArticle", b"https://jsonfeed.org/version/1.1", b"text/html", *_TEXTS)
_NITF = (
    *(b"head", b"docdata management-status='embargoed'", b"date.release norm='20250128'", b"body"),
    *(b"body.head", b"hedline", b"hl1", b"byline", b"dateline", b"body.content", b"body.end"),
    *(b"block", b"media", b"media-caption", b"note", b"tobject.subject", b"urgency ed-urg='3'"),
    *_INLINE,
)
_G2 = (
    *(b"itemSet", b"newsItem guid='a' version='2'", b"itemMeta", b"contentMeta", b"contentSet"),
    *(b"inlineXML", b"inlineData", b"headline", b"by", b"name", b"creator", b"provider"),
    *(b"embargoed", b"pubStatus qcode='stat:canceled'", b"signal qcode='sig:update'"),
    *(b"link rel='irel:corrects' residref='b'", b"subject", b"urgency", b"rightsInfo"),
    *(b"nitf xmlns='http://iptc.org/std/NITF/2006-10-18/'", *_NITF),
)
_FEED = (
    *(b"channel", b"item", b"entry", b"title", b"link", b"guid isPermaLink='false'", b"author"),
    *(b"pubDate", b"description", b"content type='xhtml'", b"summary", b"updated", b"id"),
    *(b"category term='x'", b"source", b"x:encoded", b"name", b"language", b"copyright"),
    *_INLINE,
)
_RSS = b"rss version='2.0' xmlns:x='http://purl.org/rss/1.0/modules/content/'"
_ATOM = b"feed xmlns='http://www.w3.org/2005/Atom'"
_NAR = b"newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'"


def check(content: bytes, name: str) -> None:
    """Raise ``AssertionError``, or whatever a reader should not."""
    found = article_of(content, name)
    assert found == article_of(content, name), "not the same again"
    for text in _strings(found) if found else ():
        assert "\0" not in text, "a NUL"
        text.encode()  # raises for surrogates


def timed(target: Callable[[bytes], None], data: bytes) -> None:
    """Run *target*, and raise ``AssertionError`` if it took too long for what it made of *data*."""
    began = time.process_time()
    target(data)
    took = time.process_time() - began
    assert took <= SECONDS, f"{took:.1f} s for {len(data)} bytes of fuzz"


def article_of(content: bytes, name: str) -> Article | None:
    try:
        return normalise(*read(content, name))
    except Rejected:
        return None


def _strings(found: Article) -> Iterator[str]:
    values = (getattr(found, each.name) for each in fields(found))
    yield found.body_text
    yield from (value for value in values if isinstance(value, str))
    yield from (paragraph.text for paragraph in found.paragraphs)
    yield from (author.name for author in found.authors)
    yield from found.declared_subjects


def _entries(content: bytes, entries: Callable[[str], Iterator[str]]) -> None:
    try:
        for text in entries(content.decode("utf-8", "ignore").replace("\0", "")):
            check(text.encode(), "")
    except Rejected:
        pass


def _soup(data: bytes, *, fragments: tuple[bytes, ...], start: bytes, name: str) -> None:
    check(start + assembling.soup(data, fragments), name)


def _json(data: bytes) -> None:
    check(assembling.value(data, _JSON_NAMES, _JSON_TEXTS), "a.json")


def _nitf(data: bytes) -> None:
    check(assembling.tree(data, b"nitf", _NITF, _TEXTS), "a.xml")


def _newsml(data: bytes) -> None:
    content = assembling.tree(data, _NAR, _G2, _TEXTS)
    check(content, "a.xml")
    _entries(content, newsml.entries)


def _feed(data: bytes) -> None:
    root = _ATOM if data[:1] < b"\x80" else _RSS
    content = assembling.tree(data, root, _FEED, _TEXTS)
    check(content, "a.xml")
    _entries(content, feeds.entries)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "decode": partial(check, name=""),
    "plain": partial(_soup, fragments=_PLAIN, start=b"", name="a.txt"),
    "html": partial(_soup, fragments=_HTML, start=b"<html>", name="a.html"),
    "markdown": partial(_soup, fragments=_MARKDOWN, start=b"", name="a.md"),
    "mail": partial(_soup, fragments=_MAIL, start=b"From: a@b\r\n", name="a.eml"),
    "json": _json,
    "nitf": _nitf,
    "newsml": _newsml,
    "feed": _feed,
}
