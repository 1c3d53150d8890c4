"""A store with any number of published articles, for benches of reading: filled by COPY.

Words follow Zipf's law over an invented vocabulary, as do sources, names and topics, so that a
search meets rare words and common ones. Rows are those that the line would write; what no view and
no search reads is left out.
"""

import hashlib
import itertools
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import numpy as np
import orjson
import psycopg

from worker.core.article import PARAGRAPH_BREAK

WORDS, PARAGRAPHS = 40, 10  # a paragraph's; an article's
_CHUNK = 500  # articles
_VOCABULARY = 40_000
_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
_SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we yi zo cha sho tre sta pli".split()
LANGUAGES = ("en", "es", "fr", "de", "sw")
_LANGUAGE_SHARES = (0.7, 0.1, 0.08, 0.07, 0.05)


def word(number: int) -> str:
    """The word of this rank, from 0: the commonest."""
    base = len(_SYLLABLES)
    spelt = _SYLLABLES[number % base]
    while number := number // base:
        spelt = _SYLLABLES[number % base] + spelt
    return f"{spelt}n"


def source(rank: int) -> str:
    return f"{word(rank).title()} Press"


def person(rank: int) -> str:
    return f"{word(rank % 500).title()} {word(500 + rank).title()}"


def topic(rank: int) -> str:
    return f"medtop:{20_000_000 + rank}"


def country(rank: int) -> str:
    return f"{chr(65 + rank // 26)}{chr(65 + rank % 26)}"


def published_at(number: int) -> datetime:
    return _EPOCH + timedelta(minutes=5 * number)


@dataclass(frozen=True, slots=True)
class _Draw:
    """Draws by Zipf's law: rank r is 1/(r + 1) as likely as the first."""

    random: np.random.Generator

    def ranks(self, of: int, count: int) -> Sequence[int]:
        bounds = _bounds(of)
        drawn = np.searchsorted(bounds, self.random.random(count) * bounds[-1])
        ranks: list[int] = drawn.tolist()
        return ranks


@cache
def _bounds(of: int) -> np.ndarray:
    return np.cumsum(1 / np.arange(1, of + 1))


def fill(url: str, count: int) -> None:
    """Put *count* articles in; positions are 1 to *count*."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "insert into desk.document (sha256, content, size) values (%s, '', 0)", [_DOCUMENT]
        )
    starts = range(0, count, _CHUNK)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        chunks = ((url, start, min(_CHUNK, count - start)) for start in starts)
        list(pool.map(_fill_chunk, *zip(*chunks, strict=True)))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("update desk.head set position = %s", [count])
        connection.execute("vacuum analyze")


_DOCUMENT = hashlib.sha256(b"").digest()
_TABLES = {
    "file": "inbox path path_key generation size mtime_ns ctime_ns inode sha256 lane witness state"
    " finished_at article_id version",
    "article": "id uri uri_key latest origin first_seen_at",
    "version": "article_id version file_id headline headline_source body_text paragraphs authors"
    " language published_at published_precision published_source source media_type evidence"
    " word_count content_hash cause subjects people organisations places countries keywords quotes"
    " dates tags_status pipeline",
    "published": "article_id version copies position",
    "change": "position kind article_id version cause",
}


def _fill_chunk(url: str, start: int, count: int) -> None:
    draw = _Draw(np.random.default_rng(start))
    articles = [_article(draw, start + n) for n in range(count)]
    with psycopg.connect(url) as connection:
        files = iter(_copy(connection, "file", articles))
        for article in articles:
            article["file_id"] = article["origin"] = next(files)
        for table in itertools.islice(_TABLES, 1, None):
            _copy(connection, table, articles)


def _copy(
    connection: psycopg.Connection, table: str, articles: Sequence[dict[str, Any]]
) -> Iterator[int]:
    columns = _TABLES[table].split()
    listed = ", ".join(columns)
    with connection.cursor() as cursor:
        with cursor.copy(f"copy desk.{table} ({listed}) from stdin".encode()) as copy:
            for article in articles:
                copy.write_row([article[column] for column in columns])
        if table == "file":
            keys = [article["path_key"] for article in articles]
            found = cursor.execute(
                "select path_key, id from desk.file where path_key = any(%s)", [keys]
            ).fetchall()
            ids = dict(found)
            return iter([ids[key] for key in keys])
    return iter(())


def _article(draw: _Draw, number: int) -> dict[str, Any]:
    texts = _paragraphs(draw)
    body = PARAGRAPH_BREAK.join(texts)
    at = published_at(number)
    digest = hashlib.sha256(str(number).encode()).digest()
    id_ = UUID(int=(int(at.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62) | number)
    return {
        "inbox": "/inbox",
        "path": f"{number}.txt",
        "path_key": digest,
        "generation": 1,
        "size": len(body),
        **dict.fromkeys(("mtime_ns", "ctime_ns", "inode", "copies"), 0),
        "sha256": _DOCUMENT,
        "lane": "live",
        "witness": "closed",
        "state": "stored",
        "kind": "stored",
        "finished_at": at,
        "first_seen_at": at,
        "article_id": id_,
        "id": id_,
        "version": 1,
        "latest": 1,
        "uri": id_.urn,
        "uri_key": digest,
        "position": number + 1,
        "headline": " ".join(_words(draw, 9)).capitalize(),
        "headline_source": "first_line",
        "body_text": body,
        "paragraphs": _json(_placed(texts)),
        "authors": "[]",
        "language": draw.random.choice(LANGUAGES, p=_LANGUAGE_SHARES).item(),
        "published_at": at,
        "published_precision": "minute",
        "published_source": "metadata",
        "source": source(*draw.ranks(300, 1)),
        "media_type": "text/plain",
        "evidence": "{}",
        "word_count": WORDS * PARAGRAPHS,
        "content_hash": digest,
        "cause": "nothing like it is stored",
        **_tags(draw, body),
        "tags_status": "complete",
        "pipeline": "bench",
    }


def _paragraphs(draw: _Draw) -> list[str]:
    words = _words(draw, WORDS * PARAGRAPHS)
    return [f"{' '.join(words[n : n + WORDS]).capitalize()}." for n in range(0, len(words), WORDS)]


def _words(draw: _Draw, count: int) -> list[str]:
    return [_SPELT[rank] for rank in draw.ranks(_VOCABULARY, count)]


_SPELT = [word(rank) for rank in range(_VOCABULARY)]


def _placed(texts: Sequence[str]) -> list[dict[str, Any]]:
    placed, start = [], 0
    for n, text in enumerate(texts):
        placed.append(
            {"n": n, "kind": "text", "text": text, "start": start, "end": start + len(text)}
        )
        start += len(text) + len(PARAGRAPH_BREAK)
    return placed


def _tags(draw: _Draw, body: str) -> dict[str, str]:
    return {
        "people": _json([_entity(person(r), None) for r in set(draw.ranks(20_000, 5))]),
        "organisations": _json([_entity(f"{source(r)} Union", "KE") for r in draw.ranks(3_000, 3)]),
        "places": _json([_entity(word(r).title(), "KE") for r in draw.ranks(2_000, 4)]),
        "countries": _json(
            [{"code": country(r), "relevance": 0.5} for r in set(draw.ranks(200, 2))]
        ),
        "subjects": _json([_subject(r) for r in set(draw.ranks(300, 3))]),
        "keywords": _json([{"phrase": word(r), "score": 0.5} for r in draw.ranks(9_000, 8)]),
        "quotes": _json(
            [
                {
                    "text": body[:80],
                    "start": 0,
                    "end": 80,
                    "speaker": person(0),
                    "speaker_mention": None,
                    "cue": "said",
                }
            ]
        ),
        "dates": "[]",
    }


def _entity(name: str, code: str | None) -> dict[str, Any]:
    return {
        "name": name,
        "country": code,
        **dict.fromkeys(("geonames", "wikidata", "latitude", "longitude")),
        "relevance": 0.5,
        "confidence": 0.9,
        "method": "model",
        "mentions": [{"field": "body_text", "start": 0, "end": len(name), "text": name}],
    }


def _subject(rank: int) -> dict[str, Any]:
    return {
        "qcode": topic(rank),
        "uri": f"http://cv.iptc.org/newscodes/mediatopic/{20_000_000 + rank}",
        "name": f"{word(rank)} matters",
        "level": 2,
        "score": 0.6,
        "evidence": [word(rank)],
    }


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
