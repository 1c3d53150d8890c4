"""Make verdicts good: articles, versions, the index, and the decision in the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from schemas import tables
from worker import PIPELINE
from worker.adapters.postgres.neighbours import uri_key
from worker.adapters.postgres.rows import array, insert_all, rows
from worker.adapters.postgres.turning import SKETCH_SLOTS
from worker.core import document
from worker.core.article import Article, Decision, Relation, TagsStatus
from worker.core.dedupe import Candidate
from worker.core.shelf import Posting, Shelf, novel
from worker.ports import Claim

DEDUPE_LOCK = text("select pg_advisory_xact_lock(7001)")
TRY_DEDUPE_LOCK = text("select pg_try_advisory_xact_lock(7001)")

_LATEST = text("""
    update desk.article a set latest = moved.version
    from unnest(cast(:ids as uuid[]), cast(:versions as int[])) as moved(id, version)
    where a.id = moved.id
""")

# A later version may say better what its article is to another.
_RELATE = text("""
    insert into desk.relation (article_id, other_id, kind, because, scores)
    values (:article, :other, :kind, :because, :scores)
    on conflict (article_id, other_id) do update
    set kind = excluded.kind, because = excluded.because, scores = excluded.scores
""").bindparams(bindparam("scores", type_=JSONB))

_NAME = text("""
    insert into desk.alias (article_id, uri_key)
    select named.* from unnest(cast(:ids as uuid[]), cast(:keys as bytea[])) as named(id, uri_key)
    where not exists (
        select from desk.article a where a.id = named.id and a.uri_key = named.uri_key
    )
    on conflict do nothing
""")

# Which of two articles stays is decided when they are merged: here they have no order.
_JOIN = postgresql.insert(tables.joining).on_conflict_do_nothing()

_INDEX = text("""
    insert into desk.sketch (slot, key, origin, file_id)
    select cast(extract(month from now() at time zone 'UTC') as int) % :slots, s.*
    from unnest(cast(:keys as bigint[]), cast(:origins as bigint[]), cast(:files as bigint[])) s
""")


def store(
    connection: Connection,
    articles: Sequence[tuple[Claim, Candidate]],
    decisions: Mapping[int, Decision],
    shelf: Shelf,
) -> None:
    """Insert what is new, as it was laid on *shelf*; needs the lock of all decisions."""
    added = [(c, a, d) for c, a in articles if (d := decisions[c.file_id]).adds_version]
    new = [(c, a, d) for c, a, d in added if d.verdict.relation is Relation.NEW]
    if new:
        insert_all(connection, tables.article, [_article_row(*row, shelf) for row in new])
    if added:
        insert_all(connection, tables.version, [_version_row(c, a, d) for c, a, d in added])
        if corrections := [row for c, a, d in added if (row := _correction(a, d))]:
            insert_all(connection, tables.correction, corrections)
    if latest := {d.article_id: d.version for _, _, d in added if d.verdict.of}:
        connection.execute(_LATEST, {"ids": list(latest), "versions": list(latest.values())})
    variants = [(c, a, d) for c, a in articles if novel((d := decisions[c.file_id]).verdict)]
    if variants:
        insert_all(connection, tables.variant, [_variant_row(*row) for row in variants])
    _index(connection, shelf.posted)
    if links := [row for _, _, d in added for row in _links(d)]:
        connection.execute(_RELATE, links)
    if joins := [row for c, _ in articles for row in _joins(c, decisions[c.file_id])]:
        connection.execute(_JOIN, joins)
    _name(connection, [(decisions[c.file_id], a.article.uri) for c, a in articles])
    if decisions:
        decided = rows([_decided(c, a, decisions[c.file_id]) for c, a in articles])
        connection.execute(_DECIDED, {"rows": decided})


def _name(connection: Connection, called: Sequence[tuple[Decision, str | None]]) -> None:
    """Keep what else an article is called: a kill may name it so."""
    new = Relation.NEW
    named = [(d.article_id, u) for d, u in called if u and d.verdict.relation is not new]
    if named:
        given = {"ids": [of for of, _ in named], "keys": [uri_key(uri) for _, uri in named]}
        connection.execute(_NAME, given)


def _index(connection: Connection, posted: Sequence[Posting]) -> None:
    given = {
        "keys": array(posting.key for posting in posted),
        "origins": array(posting.origin for posting in posted),
        "files": array(posting.file_id for posting in posted),
    }
    if posted:
        connection.execute(_INDEX, {"slots": SKETCH_SLOTS, **given})


_DECIDED = text("""
    update desk.file f
    set relation = d.relation, because = d.because, scores = d.scores, changed = d.changed,
        joins = d.joins, matched_id = d.matched_id, matched_version = d.matched_version,
        article_id = d.article_id, version = d.version, source = d.source, edition = d.edition,
        kills = d.kills, decided_at = now()
    from json_populate_recordset(cast(null as desk.file), cast(:rows as json)) d
    where f.id = d.id
""")


def _decided(claim: Claim, candidate: Candidate, decision: Decision) -> dict[str, object]:
    article, verdict = candidate.article, decision.verdict
    return {
        "id": claim.file_id,
        "relation": verdict.relation,
        "because": verdict.because,
        "scores": verdict.scores,
        "changed": verdict.changed or None,
        "joins": verdict.joins or None,
        "matched_id": verdict.of,
        "matched_version": verdict.version,
        "article_id": decision.article_id,
        "version": decision.version,
        "source": article.source,
        "edition": article.edition,
        "kills": _kills(article),
    }


def _kills(article: Article) -> bytes | None:
    """What it takes back, if anything; empty: it does not say what, so its own article."""
    if article.status != "canceled":
        return None
    named = article.withdraws.uri if article.withdraws else None
    return uri_key(named) if named else b""


def _article_row(
    claim: Claim, candidate: Candidate, decision: Decision, shelf: Shelf
) -> dict[str, object]:
    uri = document.uri(candidate.article, decision.article_id)
    if candidate.article.uri and not shelf.bears(decision.article_id, uri):
        uri = decision.article_id.urn
    return {
        "id": decision.article_id,
        "uri": uri,
        "uri_key": uri_key(uri),
        "latest": decision.version,
        "origin": claim.file_id,
        "first_seen_at": claim.noticed_at,
    }


def _links(decision: Decision) -> list[dict[str, object]]:
    return [
        {
            "article": decision.article_id,
            "other": link.of,
            "kind": link.kinship.value,
            "because": link.because,
            "scores": asdict(link.scores),
        }
        for link in decision.verdict.links
    ]


def _correction(candidate: Candidate, decision: Decision) -> dict[str, object] | None:
    corrects = candidate.article.corrects
    if corrects is None:
        return None
    of = {"article_id": decision.article_id, "version": decision.version}
    return {**of, "uri_key": uri_key(corrects)}


def _joins(claim: Claim, decision: Decision) -> list[dict[str, object]]:
    because = "a later text is the same story as both"
    pairs = [sorted((decision.article_id, other)) for other in decision.verdict.joins]
    return [
        {"article_id": one, "other_id": other, "file_id": claim.file_id, "because": because}
        for one, other in pairs
    ]


def _variant_row(claim: Claim, candidate: Candidate, decision: Decision) -> dict[str, object]:
    return {
        "file_id": claim.file_id,
        "article_id": decision.article_id,
        "version": decision.version,
        "headline": candidate.article.headline,
        "body_text": candidate.article.body_text,
        "content_hash": candidate.fingerprint.content_hash,
        "published_at": candidate.published,
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
        "located": article.located,
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
        "urgency": article.urgency,
        "ed_note": article.ed_note,
        "corrects": article.corrects,
        "publisher_version": article.publisher_version,
        "status": article.status,
        "embargo_until": article.embargo_until,
        "media_type": article.media_type,
        "evidence": document.evidence(article.evidence),
        "word_count": article.word_count,
        "content_hash": candidate.fingerprint.content_hash,
        "cause": decision.verdict.because,
        "tags_status": TagsStatus.PENDING.value,
        "pipeline": PIPELINE,
    }
