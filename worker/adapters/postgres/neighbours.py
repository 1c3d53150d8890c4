"""Probe the store for versions that incoming articles may duplicate or revise."""

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Connection, text

from worker.core.dedupe import Candidate
from worker.core.shelf import POSTING_CAP, Entry, Shelf, likely
from worker.ports import Claim

# Posting lists are read up to the cap: what lies beyond is a template's, and weighs nothing.
_POSTINGS = text("""
    select wanted.key, s.origin
    from unnest(cast(:keys as bigint[])) as wanted(key)
    cross join lateral (
        select origin from desk.sketch where key = wanted.key order by origin limit :cap
    ) s
""")

_BY_URI = text("select id, uri from desk.article where uri_key = any(:keys)")

# The articles that earlier generations of a file belong to, the last of them first; which version
# the file is at, and whether it made one.
_BY_PATH = text("""
    select mine.id as file_id, before.article_id, before.version, before.own
    from desk.file mine
    cross join lateral (
        select e.article_id, bool_or(e.relation in ('new', 'revision')) as own,
            max(e.generation) as last,
            (array_agg(e.version order by e.generation desc))[1] as version
        from desk.file e
        where e.inbox = mine.inbox and e.path_key = mine.path_key
            and e.generation < mine.generation and e.article_id is not null
        group by e.article_id
        order by last desc
        limit :articles
    ) before
    where mine.id = any(:files)
    order by mine.id, before.last
""")
_ARTICLES_OF_A_PATH = 2  # the last, and the one before it: a `latest.txt` may go to and fro

# The latest version of each article wanted, those that files are at, and all of the same words.
_ENTRIES = text("""
    with wanted as (
        select id from desk.article where origin = any(:origins)
        union
        select unnest(cast(:articles as uuid[]))
        union
        select article_id from desk.version where content_hash = any(:hashes)
    )
    select a.origin, v.article_id, v.version, v.content_hash, v.headline, v.body_text
    from wanted
    join desk.article a on a.id = wanted.id
    join desk.version v on v.article_id = a.id
        and (
            v.version = a.latest or v.content_hash = any(:hashes) or (v.article_id, v.version) in (
                select * from unnest(cast(:ids as uuid[]), cast(:versions as int[]))
            )
        )
""")


def lay_out(connection: Connection, articles: Sequence[tuple[Claim, Candidate]]) -> Shelf:
    """Put on a shelf what the store has near any of *articles*: two to four statements a batch."""
    shelf = Shelf()
    origins = _by_sketch(connection, articles, shelf)
    named, at = _by_uri(connection, articles, shelf), _by_path(connection, articles, shelf)
    wanted = {
        "origins": sorted(origins),
        "articles": [*named, *(article_id for article_id, _ in at)],
        "hashes": [candidate.fingerprint.content_hash for _, candidate in articles],
        "ids": [article_id for article_id, _ in at],
        "versions": [version for _, version in at],
    }
    for row in connection.execute(_ENTRIES, wanted):
        shelf.put(Entry(*row))
    return shelf


def uri_key(uri: str) -> bytes:
    return sha256(uri.encode()).digest()


def _by_sketch(
    connection: Connection, articles: Sequence[tuple[Claim, Candidate]], shelf: Shelf
) -> set[int]:
    keys = sorted({key for _, candidate in articles for key in candidate.fingerprint.sketch})
    postings: dict[int, list[int]] = {}
    for key, origin in connection.execute(_POSTINGS, {"keys": keys, "cap": POSTING_CAP}):
        shelf.index(origin, [key])
        postings.setdefault(key, []).append(origin)
    return {origin for _, candidate in articles for origin in _likely(candidate, postings)}


def _likely(candidate: Candidate, postings: dict[int, list[int]]) -> list[int]:
    sketch = candidate.fingerprint.sketch
    return likely(Counter(o for key in sketch for o in postings.get(key, ())), len(sketch))


def _by_uri(
    connection: Connection, articles: Sequence[tuple[Claim, Candidate]], shelf: Shelf
) -> list[UUID]:
    keys = [uri_key(uri) for _, candidate in articles if (uri := candidate.article.uri)]
    if not keys:
        return []
    rows = connection.execute(_BY_URI, {"keys": keys}).all()
    for article_id, uri in rows:
        shelf.name_uri(article_id, uri)
    return [article_id for article_id, _ in rows]


def _by_path(
    connection: Connection, articles: Sequence[tuple[Claim, Candidate]], shelf: Shelf
) -> list[tuple[UUID, int]]:
    edited = {c.file_id: (c.inbox, c.path.raw) for c, _ in articles if c.generation > 1}
    if not edited:
        return []
    wanted = {"files": list(edited), "articles": _ARTICLES_OF_A_PATH}
    rows = connection.execute(_BY_PATH, wanted).all()
    for file_id, article_id, version, own in rows:  # the last one named is where the path is
        shelf.name_path(article_id, version, edited[file_id], own=own)
    return [(article_id, version) for _, article_id, version, _ in rows]
