"""Probe the store for versions that incoming articles may duplicate or revise."""

from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from worker.adapters.postgres.rows import array
from worker.core.dedupe import Candidate
from worker.core.shelf import POSTING_CAP, TEXTS, Entry, Shelf
from worker.ports import Claim

# Posting lists are read up to the cap: a key with so many is a template's, and finds nothing.
# An article that was merged is found by its own keys, names and texts, and is the other one.
POSTINGS = text("""
    select wanted.key, coalesce(heir.origin, s.origin) as origin, s.file_id
    from unnest(cast(:keys as bigint[])) as wanted(key)
    cross join lateral (
        select origin, file_id from desk.sketch where key = wanted.key order by origin limit :cap
    ) s
    left join desk.merger m on m.origin = s.origin
    left join desk.article heir on heir.id = m.into_id
""")

_BY_URI = text("""
    select coalesce(m.into_id, a.id) as id, a.uri_key
    from desk.article a left join desk.merger m on m.article_id = a.id
    where a.uri_key = any(:keys)
""")

# The articles that earlier generations of a file belong to, the last of them first; which version
# the file is at, and whether it made one.
_BY_PATH = text("""
    select mine.id as file_id, coalesce(m.into_id, before.article_id) as article_id,
        coalesce(m.into_version, before.version) as version, before.own
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
    left join desk.merger m on m.article_id = before.article_id
    where mine.id = any(:files)
    order by mine.id, before.last
""")
_ARTICLES_OF_A_PATH = 2  # the last, and the one before it: a `latest.txt` may go to and fro

# Articles that a file, or an earlier one of its path, must be kept apart from. All that are kept
# apart are looked at, since people say so of few.
_BARRED = text("""
    with kept as materialized (
        select e.inbox, e.path_key, e.generation, p.origin
        from desk.apart p join desk.file e on e.id = p.file_id
    )
    select mine.id as file_id, coalesce(m.into_id, a.id) as article_id
    from kept
    join desk.file mine on mine.inbox = kept.inbox and mine.path_key = kept.path_key
        and mine.generation >= kept.generation
    join desk.article a on a.origin = kept.origin
    left join desk.merger m on m.article_id = a.id
    where mine.id = any(:files)
""")

# The latest version of each article wanted, those that files are at, those that share keys, and the
# last few of the same words. Texts of near copies, and of merged articles, are told as copies.
_ENTRIES = text("""
    with equal as (
        select article_id, version from (
            select article_id, version, row_number() over (
                partition by article_id, content_hash order by version desc
            ) as nth
            from desk.version where content_hash = any(:hashes)
        ) numbered
        where nth <= :texts
    ), named as (
        select id from desk.article where origin = any(:origins)
        union
        select unnest(cast(:articles as uuid[]))
        union
        select article_id from equal
        union
        select article_id from desk.variant where content_hash = any(:hashes)
    ), wanted as (
        select distinct coalesce(m.into_id, named.id) as id
        from named left join desk.merger m on m.article_id = named.id
    )
    select a.origin, v.article_id, v.version, v.content_hash, v.headline, v.body_text, v.file_id,
        false as copy, v.published_at, v.published_precision, v.stored_at, v.embargo_until,
        v.publisher_version, v.source
    from wanted
    join desk.article a on a.id = wanted.id
    join desk.version v on v.article_id = a.id
        and (
            v.version = a.latest or v.file_id = any(:files)
            or (v.article_id, v.version) in (select article_id, version from equal)
            or (v.article_id, v.version) in (
                select * from unnest(cast(:ids as uuid[]), cast(:versions as int[]))
            )
        )
    union all
    select a.origin, a.id, coalesce(m.into_version, c.version), c.content_hash, c.headline,
        c.body_text, c.file_id, true, c.published_at, 'day', c.stored_at, null, null, null
    from desk.variant c
    left join desk.merger m on m.article_id = c.article_id
    join desk.article a on a.id = coalesce(m.into_id, c.article_id)
    where c.file_id = any(:files) or c.content_hash = any(:hashes)
    union all
    select a.origin, a.id, m.into_version, v.content_hash, v.headline, v.body_text, v.file_id,
        true, v.published_at, v.published_precision, v.stored_at, null, null, v.source
    from desk.merger m
    join desk.article a on a.id = m.into_id
    join desk.version v on v.article_id = m.article_id
    where v.file_id = any(:files) or v.content_hash = any(:hashes)
""")


def lay_out(
    connection: Connection,
    articles: Sequence[tuple[Claim, Candidate]],
    besides: Collection[UUID] = (),
) -> Shelf:
    """Put on a shelf what the store has near any of *articles*, in three to five statements."""
    shelf = Shelf()
    likely = _by_sketch(connection, articles, shelf)
    named, at = _by_uri(connection, articles, shelf), _by_path(connection, articles, shelf)
    _keep_apart(connection, articles, shelf)
    wanted = {
        "origins": sorted(likely),
        "files": sorted({file_id for files in likely.values() for file_id in files}),
        "articles": [*named, *(article_id for article_id, _ in at), *besides],
        "texts": TEXTS,
        "hashes": [candidate.fingerprint.content_hash for _, candidate in articles],
        "ids": [article_id for article_id, _ in at],
        "versions": [version for _, version in at],
    }
    for row in connection.execute(_ENTRIES, wanted):
        shelf.put(entry(row))
    return shelf


def entry(row: Row[Any]) -> Entry:
    exact = row.published_precision not in ("year", "month")
    return Entry(
        origin=row.origin,
        article_id=row.article_id,
        version=row.version,
        content_hash=row.content_hash,
        headline=row.headline,
        body_text=row.body_text,
        file_id=row.file_id,
        copy=row.copy,
        published=row.published_at if exact else None,
        arrived=row.stored_at,
        embargo_until=row.embargo_until,
        publisher_version=row.publisher_version,
        source=row.source,
    )


def uri_key(uri: str) -> bytes:
    return sha256(uri.encode(errors="surrogateescape")).digest()


def _by_sketch(
    connection: Connection, articles: Sequence[tuple[Claim, Candidate]], shelf: Shelf
) -> dict[int, list[int]]:
    """Origins of what is worth comparing with any of *articles*, and files with the texts."""
    keys = sorted({key for _, candidate in articles for key in candidate.fingerprint.keys})
    for key, origin, file_id in connection.execute(
        POSTINGS, {"keys": array(keys), "cap": POSTING_CAP}
    ):
        shelf.index(origin, (key,), file_id)
    found: dict[int, list[int]] = {}
    for _, candidate in articles:
        for origin, files in shelf.likely(candidate.fingerprint).items():
            found.setdefault(origin, []).extend(files)
    return found


def _keep_apart(
    connection: Connection, articles: Sequence[tuple[Claim, Candidate]], shelf: Shelf
) -> None:
    paths = {claim.file_id: (claim.inbox, claim.path.raw) for claim, _ in articles}
    for file_id, article_id in connection.execute(_BARRED, {"files": list(paths)}):
        shelf.keep_apart(paths[file_id], article_id)


def _by_uri(
    connection: Connection, articles: Sequence[tuple[Claim, Candidate]], shelf: Shelf
) -> list[UUID]:
    names = {uri_key(uri): uri for _, candidate in articles if (uri := candidate.article.uri)}
    if not names:
        return []
    rows = connection.execute(_BY_URI, {"keys": list(names)}).all()
    for article_id, key in rows:
        shelf.name_uri(article_id, names[key])
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
