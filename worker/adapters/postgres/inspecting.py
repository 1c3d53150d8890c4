"""Look at the ledger file by file, and at a decision as the store was when it was made."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, text

from worker.adapters.postgres.claiming import verdict_of
from worker.adapters.postgres.engine import transaction
from worker.adapters.postgres.neighbours import entry, uri_key
from worker.adapters.postgres.selecting import CHOSEN, chosen
from worker.core.article import Article
from worker.core.candidates import consider
from worker.core.dedupe import Candidate
from worker.core.errors import Rejected
from worker.core.ledger import Lane, Path, Reason, State, Witness
from worker.core.life import Considered, File, Life, Merged, Separated
from worker.core.policy import Policy
from worker.core.selection import Selection
from worker.core.shelf import POSTING_CAP, Shelf

_SELECT = "select {what} from desk.file f where {chosen} {rest}"
_FILES = text(_SELECT.format(what="f.*", chosen=CHOSEN, rest="order by f.id desc limit :limit"))
_COUNT = text(_SELECT.format(what="count(*)", chosen=CHOSEN, rest=""))

_FILE = text("select f.* from desk.file f where f.id = :id")
_GENERATIONS = text("""
    select f.* from desk.file mine
    join desk.file f on f.inbox = mine.inbox and f.path_key = mine.path_key
    where mine.id = :id order by f.generation
""")
_MEMBERS = text("""
    select state, count(*) as files from desk.file where parent_id = :id group by state
""")
_HEADLINE = text("""
    select headline from desk.version where article_id = :article and version = :version
""")
_INTO = text("select * from desk.merger where article_id = :article")
# A person says it of a file, with all that comes later by its path, or of an article by its origin.
_SEPARATED = text("""
    select other.id, p.because, p.at
    from desk.file mine
    left join desk.article own on own.id = mine.article_id
    join desk.apart p on p.file_id = own.origin or p.file_id in (
        select e.id from desk.file e
        where e.inbox = mine.inbox and e.path_key = mine.path_key
            and e.generation <= mine.generation
    )
    join desk.article other on other.origin = p.origin
    where mine.id = :id order by p.at
""")
_CONTENT = text("select content from desk.document where sha256 = :sha256")

# --- the store as it was when a file was decided: what came later, or from it, is left out --------

# Only of the months that the index keeps.
_KEYS = text("""
    select wanted.key, s.origin, s.file_id
    from unnest(cast(:keys as bigint[])) as wanted(key)
    cross join lateral (
        select s.origin, s.file_id from desk.sketch s join desk.file f on f.id = s.file_id
        where s.key = wanted.key and f.id <> :id
            and (f.decided_at < :decided_at or f.decided_at = :decided_at and f.id < :id)
        order by s.origin
        limit :cap
    ) s
""")
_EARLIER = text("""
    select e.article_id, bool_or(e.relation in ('new', 'revision')) as own,
        (array_agg(e.version order by e.generation desc))[1] as version
    from desk.file mine
    join desk.file e on e.inbox = mine.inbox and e.path_key = mine.path_key
        and e.generation < mine.generation
    where mine.id = :id and e.article_id is not null
    group by e.article_id
    order by max(e.generation)
""")
_URI = text("select id from desk.article where uri_key = :uri_key")
_ENTRIES = text("""
    with before as not materialized (
        select id from desk.file f
        where f.id <> :id and f.article_id is not null and f.decided_at is not null
            and (f.decided_at < :decided_at or f.decided_at = :decided_at and f.id < :id)
    ), named as (
        select id from desk.article where origin = any(:origins)
        union select unnest(cast(:articles as uuid[]))
        union select article_id from desk.version where content_hash = :content_hash
        union select article_id from desk.variant where content_hash = :content_hash
    ), wanted as (
        select id from named
        union
        select m.into_id from named join desk.merger m on m.article_id = named.id
        where m.merged_at < :decided_at
    ), versions as (
        select v.*, v.version = max(v.version) over (partition by v.article_id) as newest
        from wanted join desk.version v on v.article_id = wanted.id
        where v.file_id in (select id from before)
    )
    select a.origin, v.article_id, v.version, v.content_hash, v.headline, v.body_text, v.file_id,
        false as copy, v.published_at, v.published_precision, v.stored_at, v.embargo_until,
        v.publisher_version, v.source
    from versions v join desk.article a on a.id = v.article_id
    where v.newest or v.content_hash = :content_hash or v.file_id = any(:files)
        or v.article_id = any(:articles)
        or (v.article_id, v.version) in (select into_id, into_version from desk.merger)
    union all
    select a.origin, c.article_id, c.version, c.content_hash, c.headline, c.body_text, c.file_id,
        true, c.published_at, 'day', c.stored_at, null, null, null
    from desk.variant c join desk.article a on a.id = c.article_id
    where (c.file_id = any(:files) or c.content_hash = :content_hash)
        and c.file_id in (select id from before)
""")
_MERGED = text("""
    select article_id, into_id, into_version from desk.merger
    where article_id = any(:ids) and merged_at < :decided_at
""")
_MADE_BY = text("""
    select v.article_id, v.version, f.path from desk.version v join desk.file f on f.id = v.file_id
    where (v.article_id, v.version) in (
        select * from unnest(cast(:ids as uuid[]), cast(:versions as int[]))
    )
""")


class PostgresInspecting:
    """*read* gives the article of a file's bytes and path, by the present code."""

    def __init__(
        self, engine: Engine, read: Callable[[bytes, str], Article], policy: Policy
    ) -> None:
        self._engine = engine
        self._read = read
        self._policy = policy

    def files(self, which: Selection, limit: int) -> tuple[File, ...]:
        with transaction(self._engine) as connection:
            rows = connection.execute(_FILES, {**chosen(which), "limit": limit})
            return tuple(file_from(row) for row in rows)

    def count(self, which: Selection) -> int:
        with transaction(self._engine) as connection:
            return int(connection.execute(_COUNT, chosen(which)).scalar_one())

    def life(self, file_id: int) -> Life | None:
        with transaction(self._engine) as connection:
            file = _one(connection, file_id)
            if file is None:
                return None
            generations = connection.execute(_GENERATIONS, {"id": file_id})
            members = connection.execute(_MEMBERS, {"id": file_id})
            return Life(
                file=file,
                headline=_headline(connection, file),
                generations=tuple(file_from(row) for row in generations),
                parent=_one(connection, file.parent_id) if file.parent_id else None,
                members={State(row.state): row.files for row in members},
                considered=self._considered(connection, file),
                merged=_merged(connection, file),
                separated=_separated(connection, file),
            )

    def _considered(self, connection: Connection, file: File) -> tuple[Considered, ...]:
        """What dedupe compared the file with; nothing for one that never came so far."""
        if file.decided_at is None or file.sha256 is None:
            return ()
        content = connection.execute(_CONTENT, {"sha256": file.sha256}).scalar_one()
        try:
            candidate = Candidate.of(self._read(content, file.path.text))
        except Rejected:  # the present code reads it no more
            return ()
        shelf = as_it_was(connection, file, candidate)
        near = shelf.neighbours(candidate, (file.inbox, file.path.raw))
        judged = consider(candidate, near, self._policy)
        ids = [other.article_id for other, _ in judged]
        versions = [other.version for other, _ in judged]
        made = connection.execute(_MADE_BY, {"ids": ids, "versions": versions})
        paths = {(row.article_id, row.version): row.path for row in made}
        return tuple(
            Considered(
                article_id=other.article_id,
                version=other.version,
                path=paths[other.article_id, other.version],
                headline=other.text.headline,
                verdict=verdict,
            )
            for other, verdict in judged
        )


def as_it_was(connection: Connection, file: File, candidate: Candidate) -> Shelf:
    """What the store had near the file's text, laid out as when the file was decided."""
    shelf = Shelf()
    moment = {"id": file.id, "decided_at": file.decided_at}
    print_ = candidate.fingerprint
    keys = {"keys": list(print_.keys), "cap": POSTING_CAP, **moment}
    for key, origin, file_id in connection.execute(_KEYS, keys):
        shelf.index(origin, (key,), file_id)
    likely = shelf.likely(print_)
    named = [*_by_path(connection, file, shelf), *_by_uri(connection, candidate, shelf)]
    wanted = {
        "origins": sorted(likely),
        "files": sorted({file_id for files in likely.values() for file_id in files}),
        "articles": named,
        "content_hash": print_.content_hash,
        **moment,
    }
    entries = [entry(row) for row in connection.execute(_ENTRIES, wanted)]
    for each in entries:
        shelf.put(each)
    there = {(each.article_id, each.version) for each in entries if not each.copy}
    merged = {"ids": list({of for of, _ in there}), "decided_at": file.decided_at}
    for row in connection.execute(_MERGED, merged):
        if (
            row.into_id,
            row.into_version,
        ) in there:  # else into another then, that was merged since
            shelf.merge(row.article_id, row.into_id, row.into_version)
    return shelf


def _by_path(connection: Connection, file: File, shelf: Shelf) -> list[UUID]:
    rows = connection.execute(_EARLIER, {"id": file.id}).all()
    for row in rows:  # the last one named is where the path was
        shelf.name_path(row.article_id, row.version, (file.inbox, file.path.raw), own=row.own)
    return [row.article_id for row in rows]


def _by_uri(connection: Connection, candidate: Candidate, shelf: Shelf) -> list[UUID]:
    uri = candidate.article.uri
    if uri is None:
        return []
    found = list(connection.execute(_URI, {"uri_key": uri_key(uri)}).scalars())
    for article_id in found:
        shelf.name_uri(article_id, uri)
    return found


def _one(connection: Connection, file_id: int) -> File | None:
    row = connection.execute(_FILE, {"id": file_id}).one_or_none()
    return None if row is None else file_from(row)


def _headline(connection: Connection, file: File) -> str | None:
    given = {"article": file.article_id, "version": file.version}
    return connection.execute(_HEADLINE, given).scalar()


def _merged(connection: Connection, file: File) -> Merged | None:
    row = connection.execute(_INTO, {"article": file.article_id}).one_or_none()
    return None if row is None else Merged(row.into_id, row.because, row.merged_at)


def _separated(connection: Connection, file: File) -> tuple[Separated, ...]:
    rows = connection.execute(_SEPARATED, {"id": file.id})
    return tuple(Separated(row.id, row.because, row.at) for row in rows)


_REASON = {reason.value: reason for reason in Reason}


def file_from(row: Row[Any]) -> File:
    return File(
        id=row.id,
        inbox=row.inbox,
        path=Path(row.path.encode() if row.path_raw is None else row.path_raw),
        generation=row.generation,
        state=State(row.state),
        reason=_REASON.get(row.reason),
        detail=row.detail or "",
        lane=Lane(row.lane),
        witness=Witness(row.witness),
        size=row.size,
        sha256=row.sha256,
        media_type=row.media_type,
        attempts=row.attempts,
        deaths=row.deaths,
        solo=row.solo,
        noticed_at=row.noticed_at,
        claimed_at=row.claimed_at,
        decided_at=row.decided_at,
        finished_at=row.finished_at,
        lease_until=row.lease_until,
        next_try_at=row.next_try_at,
        verdict=verdict_of(row),
        article_id=row.article_id,
        version=row.version,
        pipeline=row.pipeline,
        parent_id=row.parent_id,
    )
