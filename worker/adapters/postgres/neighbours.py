"""Probe the store for versions that incoming articles may duplicate or revise."""

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import Connection, text

from worker.core.dedupe import Candidate
from worker.core.shelf import POSTING_CAP, Entry, Shelf, likely
from worker.ports import Claim

# Posting lists are read up to the cap: what lies beyond is a template's, and weighs nothing.
_POSTINGS = text("""
    select wanted.key, s.file_id
    from unnest(cast(:keys as bigint[])) as wanted(key)
    cross join lateral (
        select file_id from desk.sketch where key = wanted.key order by file_id limit :cap
    ) s
""")

_BY_HASH = text("select file_id from desk.version where content_hash = any(:hashes)")

_BY_URI = text("select id, uri from desk.article where uri_key = any(:keys)")

# The article that the file itself became, at the last generation that became one.
_BY_PATH = text("""
    select mine.id as file_id, before.article_id
    from desk.file mine
    cross join lateral (
        select e.article_id from desk.file e
        where e.inbox = mine.inbox and e.path_key = mine.path_key
            and e.generation < mine.generation and e.article_id is not null
        order by e.generation desc
        limit 1
    ) before
    where mine.id = any(:files)
""")

# Each wanted version with the latest of its article, so that the shelf knows which is which.
_ENTRIES = text("""
    with wanted as (
        select article_id from desk.version where file_id = any(:files)
        union
        select unnest(cast(:articles as uuid[]))
    )
    select v.file_id, v.article_id, v.version, v.content_hash, v.headline, v.body_text
    from wanted
    join desk.article a on a.id = wanted.article_id
    join desk.version v on v.article_id = a.id
        and (v.version = a.latest or v.file_id = any(:files))
""")


def lay_out(connection: Connection, articles: Sequence[tuple[Claim, Candidate]]) -> Shelf:
    """Put on a shelf what the store has near any of *articles*: six statements a batch."""
    shelf = Shelf()
    keys = sorted({key for _, candidate in articles for key in candidate.fingerprint.sketch})
    rows = connection.execute(_POSTINGS, {"keys": keys, "cap": POSTING_CAP}).all()
    postings: dict[int, list[int]] = {}
    for key, file_id in rows:
        shelf.index(file_id, [key])
        postings.setdefault(key, []).append(file_id)
    files = {f for _, candidate in articles for f in _likely(candidate, postings)}
    hashes = [candidate.fingerprint.content_hash for _, candidate in articles]
    files.update(connection.execute(_BY_HASH, {"hashes": hashes}).scalars())
    named = _by_name(connection, articles, shelf)
    wanted = {"files": sorted(files), "articles": named}
    for row in connection.execute(_ENTRIES, wanted):
        shelf.put(Entry(*row))
    return shelf


def uri_key(uri: str) -> bytes:
    return sha256(uri.encode()).digest()


def _likely(candidate: Candidate, postings: dict[int, list[int]]) -> list[int]:
    sketch = candidate.fingerprint.sketch
    return likely(Counter(f for key in sketch for f in postings.get(key, ())), len(sketch))


def _by_name(
    connection: Connection, articles: Sequence[tuple[Claim, Candidate]], shelf: Shelf
) -> list[object]:
    named = []
    uris = [uri_key(uri) for _, candidate in articles if (uri := candidate.article.uri)]
    if uris:
        for article_id, uri in connection.execute(_BY_URI, {"keys": uris}):
            shelf.name(article_id, uri=uri)
            named.append(article_id)
    paths = {
        claim.file_id: (claim.inbox, claim.path.raw)
        for claim, _ in articles
        if claim.generation > 1
    }
    if paths:
        for file_id, article_id in connection.execute(_BY_PATH, {"files": list(paths)}):
            shelf.name(article_id, path=paths[file_id])
            named.append(article_id)
    return named
