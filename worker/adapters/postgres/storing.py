"""Make verdicts good: articles, versions, the index, and the decision in the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import Connection, bindparam, insert, text, update
from sqlalchemy.dialects.postgresql import JSONB

from schemas import tables
from worker import PIPELINE
from worker.adapters.postgres.neighbours import uri_key
from worker.adapters.postgres.turning import SKETCH_SLOTS
from worker.core import document
from worker.core.article import Decision, Relation, TagsStatus
from worker.core.dedupe import Candidate
from worker.core.shelf import Posting, Shelf, novel
from worker.ports import Claim

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
        connection.execute(insert(tables.article), [_article_row(c, a, d) for c, a, d in new])
    if added:
        connection.execute(insert(tables.version), [_version_row(c, a, d) for c, a, d in added])
        latest = {d.article_id: d.version for _, _, d in added}
        connection.execute(_LATEST, {"ids": list(latest), "versions": list(latest.values())})
    variants = [(c, a, d) for c, a in articles if novel((d := decisions[c.file_id]).verdict)]
    if variants:
        connection.execute(insert(tables.variant), [_variant_row(*row) for row in variants])
    _index(connection, shelf.posted)
    if links := [row for _, _, d in added for row in _links(d)]:
        connection.execute(_RELATE, links)
    if decisions:
        connection.execute(_DECIDED, [_decided(c, decisions[c.file_id]) for c, _ in articles])


def _index(connection: Connection, posted: Sequence[Posting]) -> None:
    rows = {
        "keys": [posting.key for posting in posted],
        "origins": [posting.origin for posting in posted],
        "files": [posting.file_id for posting in posted],
    }
    if posted:
        connection.execute(_INDEX, {"slots": SKETCH_SLOTS, **rows})


_file = tables.file
_DECIDED = (
    update(_file)
    .where(_file.c.id == bindparam("file"))
    .values(
        relation=bindparam("new_relation"),
        because=bindparam("new_because"),
        scores=bindparam("new_scores"),
        changed=bindparam("new_changed"),
        joins=bindparam("new_joins"),
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
        "new_changed": decision.verdict.changed or None,
        "new_joins": [str(article_id) for article_id in decision.verdict.joins] or None,
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
