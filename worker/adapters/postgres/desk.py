"""The worker's side of the ledger: claim, decide, finish. Three transactions a batch.

Locks, in the order they are taken: rows of the files claimed (always by ascending id), then one
advisory lock: dedupe's in *decide*, the feed's in *finish*. No transaction takes both, and a lock
and the read that relies on it are two statements: under READ COMMITTED a statement sees what was
committed when it began, so one that waited for the lock inside would act on what was before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, bindparam, insert, text, update

from schemas import tables
from worker import PIPELINE
from worker.adapters.postgres.engine import transaction
from worker.adapters.postgres.neighbours import lay_out, uri_key
from worker.core import document, feed
from worker.core.article import Article, Decision, Relation, Scores, Tags, TagsStatus, Verdict
from worker.core.dedupe import Candidate
from worker.core.ledger import BATCH_BYTES, Path
from worker.core.shelf import Shelf
from worker.ports import Claim, Ending, Finished, Judge

_DEDUPE_LOCK = text("select pg_advisory_xact_lock(7001)")
_FEED_LOCK = text("select pg_advisory_xact_lock(7002)")

# {which}: which due files. A later generation waits until all before it are final.
_CLAIM = """
    with locked as materialized (
        select f.id, f.size, f.lane = 'backfill' as later
        from desk.file f
        where f.state = 'noticed' and f.next_try_at <= now() and {which}
            and (f.generation = 1 or not exists (
                select from desk.file earlier
                where earlier.inbox = f.inbox and earlier.path_key = f.path_key
                    and earlier.generation < f.generation
                    and earlier.state in ('noticed', 'processing')
            ))
        order by (f.lane = 'backfill'), f.id
        limit :limit
        for no key update skip locked
    ), due as (
        select id from (
            select id, sum(size) over (order by later, id) - size as bytes_before from locked
        ) measured
        where bytes_before < :bytes
    )
    update desk.file f
    set state = 'processing', attempts = attempts + 1, token = token + 1, claimed_at = now(),
        lease_until = now() + make_interval(secs => :lease)
    from due, desk.document d
    where f.id = due.id and d.sha256 = f.sha256
    returning f.id, f.token, f.inbox, coalesce(f.path_raw, convert_to(f.path, 'UTF8')) as path,
        f.generation, f.lane, d.content, f.noticed_at, f.solo, f.deaths, f.relation, f.because,
        f.scores, f.matched_id, f.matched_version, f.article_id, f.version
"""
_HINTED_SOLO = text(_CLAIM.format(which="f.id = any(:hinted) and f.solo"))
_HINTED = text(_CLAIM.format(which="f.id = any(:hinted) and not f.solo"))
_ANY = text(_CLAIM.format(which="not f.solo"))
_ANY_SOLO = text(_CLAIM.format(which="f.solo"))

_VERSIONS = text("""
    select * from desk.version where file_id = any(:files)
""")

# {do}: something to do with the files whose token is still ours, locked until the transaction ends.
# Everything that locks rows of files does so by ascending id, or skips what is locked.
_IF_HELD = """
    with held as materialized (
        select f.id
        from desk.file f
        join unnest(cast(:ids as bigint[]), cast(:tokens as bigint[])) as claim(id, token)
            on f.id = claim.id and f.token = claim.token
        where f.state = 'processing'
        order by f.id
        for no key update of f
    )
    {do}
"""
_HELD = text(_IF_HELD.format(do="select id from held"))
_RENEW = text(
    _IF_HELD.format(
        do="""
    update desk.file f set lease_until = now() + make_interval(secs => :lease)
    from held where f.id = held.id
"""
    )
)
_HAND_BACK = text(
    _IF_HELD.format(
        do="""
    update desk.file f
    set state = 'noticed', lease_until = null, attempts = attempts - 1, rung_at = null,
        next_try_at = now() + interval '1 second'
    from held where f.id = held.id
"""
    )
)

# Generations that waited for one that has just ended.
_NEXT = text("""
    select later.id
    from desk.file f
    join desk.file later on later.inbox = f.inbox and later.path_key = f.path_key
        and later.generation = f.generation + 1 and later.state = 'noticed'
    where f.id = any(:ids)
    order by later.id
""")

_LATEST = text("""
    update desk.article a set latest = moved.version
    from unnest(cast(:ids as uuid[]), cast(:versions as int[])) as moved(id, version)
    where a.id = moved.id
""")

# However many versions of an article have a key, it counts once: see Shelf.index.
_INDEX = text("""
    insert into desk.sketch (key, origin)
    select s.key, a.origin
    from unnest(cast(:keys as bigint[]), cast(:articles as uuid[])) as s(key, article_id)
    join desk.article a on a.id = s.article_id
    on conflict do nothing
""")

_POINTERS = text("""
    select article_id, version, copies from desk.published where article_id = any(:ids)
""")

_UNSEEN_COPIES = text("""
    select article_id, count(*) as copies from desk.file
    where article_id = any(:ids) and state = 'duplicate' and reason in ('exact', 'near')
    group by article_id
""")

_ADVANCE = text("update desk.head set position = position + :n returning position")

_PUBLISH = text("""
    insert into desk.published (article_id, version, copies, position)
    select distinct on (article_id) article_id, version, copies, position
    from unnest(
        cast(:ids as uuid[]), cast(:versions as int[]), cast(:copies as int[]),
        cast(:positions as bigint[])
    ) as p(article_id, version, copies, position)
    order by article_id, position desc
    on conflict (article_id) do update
    set version = excluded.version, copies = excluded.copies, position = excluded.position
""")

# The payload is the greatest position: a wake-up, never the data; once a batch.
_NOTIFY = text("select pg_notify('copydesk_changes', cast(:position as text))")


class PostgresDesk:
    def __init__(self, engine: Engine, *, lease_seconds: float, new_id: Callable[[], UUID]) -> None:
        self._engine = engine
        self._lease_seconds = lease_seconds
        self._new_id = new_id

    # --- transaction 1 ---------------------------------------------------------------------------

    def claim(self, hinted: Sequence[int], limit: int) -> tuple[Claim, ...]:
        with transaction(self._engine) as connection:
            rows = self._take(connection, list(hinted), limit)
            articles = _decided_articles(connection, rows)
        ordered = sorted(rows, key=lambda row: (row.lane == "backfill", row.id))
        return tuple(_claim(row, articles.get(row.id)) for row in ordered)

    def _take(self, connection: Connection, hinted: list[int], limit: int) -> list[Row[Any]]:
        given = {"bytes": BATCH_BYTES, "lease": self._lease_seconds}
        rows: list[Row[Any]] = []
        if hinted:
            named = {**given, "hinted": hinted}
            if rows := list(connection.execute(_HINTED_SOLO, {**named, "limit": 1})):
                return rows
            rows = list(connection.execute(_HINTED, {**named, "limit": limit}))
        room = BATCH_BYTES - sum(len(row.content) for row in rows)
        if len(rows) < limit and room > 0:
            more = {**given, "bytes": room, "limit": limit - len(rows)}
            rows += connection.execute(_ANY, more)
        return rows or list(connection.execute(_ANY_SOLO, {**given, "limit": 1}))

    # --- transaction 2 ---------------------------------------------------------------------------

    def decide(
        self, articles: Sequence[tuple[Claim, Candidate]], judge: Judge
    ) -> Mapping[int, Decision]:
        if not articles:
            return {}
        with transaction(self._engine) as connection:
            held = _held(connection, [claim for claim, _ in articles])
            connection.execute(_DEDUPE_LOCK)
            mine = [pair for pair in articles if pair[0].file_id in held]
            shelf = lay_out(connection, mine)
            decisions = {
                claim.file_id: self._judge(shelf, claim, candidate, judge)
                for claim, candidate in mine
            }
            _insert(connection, mine, decisions)
        return decisions

    def _judge(self, shelf: Shelf, claim: Claim, candidate: Candidate, judge: Judge) -> Decision:
        path = (claim.inbox, claim.path.raw)
        verdict = judge(candidate, shelf.neighbours(candidate, path))
        decision = shelf.place(verdict, self._new_id)
        shelf.shelve(claim.file_id, candidate, decision, path)
        return decision

    # --- transaction 3 ---------------------------------------------------------------------------

    def finish(self, endings: Sequence[Ending]) -> Finished:
        with transaction(self._engine) as connection:
            held = _held(connection, [ending.claim for ending in endings])
            mine = [ending for ending in endings if ending.claim.file_id in held]
            _close(connection, mine)
            waited = connection.execute(_NEXT, {"ids": sorted(held)}).scalars().all()
            connection.execute(_FEED_LOCK)
            position = _publish(connection, mine)
        return Finished(tuple(sorted(held)), position, tuple(waited))

    # --- leases ----------------------------------------------------------------------------------

    def renew(self, claims: Sequence[Claim]) -> None:
        with transaction(self._engine) as connection:
            connection.execute(_RENEW, {**_tokens(claims), "lease": self._lease_seconds})

    def hand_back(self, claims: Sequence[Claim]) -> None:
        with transaction(self._engine) as connection:
            connection.execute(_HAND_BACK, _tokens(claims))


def _tokens(claims: Sequence[Claim]) -> dict[str, list[int]]:
    return {"ids": [c.file_id for c in claims], "tokens": [c.token for c in claims]}


def _held(connection: Connection, claims: Sequence[Claim]) -> set[int]:
    """Files that are still ours."""
    return set(connection.execute(_HELD, _tokens(claims)).scalars())


def _decided_articles(connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, Article]:
    files = [row.id for row in rows if row.relation and Relation(row.relation).adds_version]
    if not files:
        return {}
    versions = connection.execute(_VERSIONS, {"files": files}).mappings()
    return {v["file_id"]: document.article_from(cast("Mapping[str, Any]", v)) for v in versions}


def _claim(row: Row[Any], article: Article | None) -> Claim:
    return Claim(
        file_id=row.id,
        token=row.token,
        inbox=row.inbox,
        path=Path(row.path),
        generation=row.generation,
        content=row.content,
        noticed_at=row.noticed_at,
        solo=row.solo,
        deaths=row.deaths,
        decision=_decision(row),
        article=article,
    )


def _decision(row: Row[Any]) -> Decision | None:
    if row.relation is None:
        return None
    relation = Relation(row.relation)
    of, version = row.matched_id, row.matched_version
    verdict = Verdict(relation, row.because, of, version, Scores(**row.scores))
    return Decision(verdict, row.article_id, row.version)


def _insert(
    connection: Connection,
    articles: Sequence[tuple[Claim, Candidate]],
    decisions: Mapping[int, Decision],
) -> None:
    added = [(c, a, d) for c, a in articles if (d := decisions[c.file_id]).adds_version]
    new = [(c, a, d) for c, a, d in added if d.verdict.relation is Relation.NEW]
    if new:
        connection.execute(insert(tables.article), [_article_row(c, a, d) for c, a, d in new])
    if added:
        connection.execute(insert(tables.version), [_version_row(c, a, d) for c, a, d in added])
        latest = {d.article_id: d.version for _, _, d in added}
        connection.execute(_LATEST, {"ids": list(latest), "versions": list(latest.values())})
    keys = [(key, d.article_id) for _, a, d in added for key in a.fingerprint.sketch]
    connection.execute(_INDEX, {"keys": [k for k, _ in keys], "articles": [a for _, a in keys]})
    if decisions:
        connection.execute(_DECIDED, [_decided(c, decisions[c.file_id]) for c, _ in articles])


_file = tables.file
_DECIDED = (
    update(_file)
    .where(_file.c.id == bindparam("file"))
    .values(
        relation=bindparam("new_relation"),
        because=bindparam("new_because"),
        scores=bindparam("new_scores"),
        matched_id=bindparam("new_matched_id"),
        matched_version=bindparam("new_matched_version"),
        article_id=bindparam("new_article_id"),
        version=bindparam("new_version"),
        decided_at=text("now()"),
    )
)


def _decided(claim: Claim, decision: Decision) -> dict[str, object]:
    return {
        "file": claim.file_id,
        "new_relation": decision.verdict.relation.value,
        "new_because": decision.verdict.because,
        "new_scores": asdict(decision.verdict.scores),
        "new_matched_id": decision.verdict.of,
        "new_matched_version": decision.verdict.version,
        "new_article_id": decision.article_id,
        "new_version": decision.version,
    }


def _article_row(claim: Claim, candidate: Candidate, decision: Decision) -> dict[str, object]:
    uri = document.uri(candidate.article, decision.article_id)
    return {
        "id": decision.article_id,
        "uri": uri,
        "uri_key": uri_key(uri),
        "latest": decision.version,
        "origin": claim.file_id,
        "first_seen_at": claim.noticed_at,
    }


def _version_row(claim: Claim, candidate: Candidate, decision: Decision) -> dict[str, object]:
    article = candidate.article
    published = article.published
    return {
        "article_id": decision.article_id,
        "version": decision.version,
        "file_id": claim.file_id,
        "headline": article.headline,
        "headline_source": article.headline_source,
        "body_text": article.body_text,
        "paragraphs": document.paragraphs(article.paragraphs),
        "byline": article.byline,
        "authors": document.authors(article.authors),
        "dateline": document.dateline(article.dateline),
        "located": document.located(article.dateline),
        "language": article.language,
        "published_at": published.at if published else None,
        "published_precision": published.precision.value if published else None,
        "published_source": published.source if published else None,
        "updated_at": article.updated.at if article.updated else None,
        "source": article.source,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "guid": article.guid,
        "rights": article.rights,
        "media_type": article.media_type,
        "evidence": document.evidence(article.evidence),
        "word_count": article.word_count,
        "content_hash": candidate.fingerprint.content_hash,
        "cause": decision.verdict.because,
        "tags_status": TagsStatus.PENDING.value,
        "pipeline": PIPELINE,
    }


_CLOSE = (
    update(_file)
    .where(_file.c.id == bindparam("file"))
    .values(
        state=bindparam("new_state"),
        reason=bindparam("new_reason"),
        detail=bindparam("new_detail"),
        media_type=bindparam("new_media_type"),
        pipeline=PIPELINE,
        lease_until=None,
        finished_at=text("now()"),
    )
)

_version = tables.version
_TAG = (
    update(_version)
    .where(_version.c.file_id == bindparam("file"))
    .values(
        people=bindparam("new_people"),
        organisations=bindparam("new_organisations"),
        places=bindparam("new_places"),
        countries=bindparam("new_countries"),
        tags_status=bindparam("new_status"),
        tags_method=bindparam("new_method"),
    )
)


def _close(connection: Connection, endings: Sequence[Ending]) -> None:
    if endings:
        connection.execute(_CLOSE, [_closed(ending) for ending in endings])
    if tagged := [e for e in endings if e.decision and e.decision.adds_version]:
        connection.execute(_TAG, [_tagged(ending.claim, ending.tags) for ending in tagged])


def _closed(ending: Ending) -> dict[str, object]:
    return {
        "file": ending.claim.file_id,
        "new_state": ending.state.value,
        "new_reason": ending.shown_reason.value if ending.shown_reason else None,
        "new_detail": ending.detail or None,
        "new_media_type": ending.media_type,
    }


def _tagged(claim: Claim, tags: Tags | None) -> dict[str, object]:
    status = TagsStatus.FAILED if tags is None else TagsStatus.COMPLETE
    return {
        "file": claim.file_id,
        "new_people": document.entities(tags.people) if tags else None,
        "new_organisations": document.entities(tags.organisations) if tags else None,
        "new_places": document.entities(tags.places) if tags else None,
        "new_countries": document.countries(tags.countries) if tags else None,
        "new_status": status.value,
        "new_method": tags.method if tags else None,
    }


def _publish(connection: Connection, endings: Sequence[Ending]) -> int | None:
    """Move the pointers and grow the feed; needs the feed's lock. Gives the greatest position."""
    decided = [e.decision for e in endings if e.decision]
    named = {"ids": sorted({d.article_id for d in decided})}
    if not decided:
        return None
    pointers = {
        row.article_id: feed.Pointer(row.version, row.copies)
        for row in connection.execute(_POINTERS, named)
    }
    unseen = {row.article_id: row.copies for row in connection.execute(_UNSEEN_COPIES, named)}
    changes = feed.plan(
        [feed.Ready(d.article_id, d.version, d.verdict.because) for d in decided if d.adds_version],
        [d.article_id for d in decided if d.verdict.relation.copy],
        pointers,
        unseen,
    )
    return _append(connection, changes) if changes else None


def _append(connection: Connection, changes: Sequence[feed.Change]) -> int:
    greatest: int = connection.execute(_ADVANCE, {"n": len(changes)}).scalar_one()
    positions = range(greatest - len(changes) + 1, greatest + 1)
    rows = [
        {
            "position": position,
            "kind": change.kind.value,
            "article_id": change.article_id,
            "version": change.pointer.version,
            "cause": change.cause,
        }
        for position, change in zip(positions, changes, strict=True)
    ]
    connection.execute(insert(tables.change), rows)
    moved = {
        "ids": [change.article_id for change in changes],
        "versions": [change.pointer.version for change in changes],
        "copies": [change.pointer.copies for change in changes],
        "positions": list(positions),
    }
    connection.execute(_PUBLISH, moved)
    connection.execute(_NOTIFY, {"position": greatest})
    return greatest
