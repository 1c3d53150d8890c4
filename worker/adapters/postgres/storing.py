"""Make verdicts good: articles, versions, the index, and the decision in the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import Connection, bindparam, insert, text, update

from schemas import tables
from worker import PIPELINE
from worker.adapters.postgres.neighbours import uri_key
from worker.core import document
from worker.core.article import Decision, Relation, TagsStatus
from worker.core.dedupe import Candidate
from worker.ports import Claim

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


def store(
    connection: Connection,
    articles: Sequence[tuple[Claim, Candidate]],
    decisions: Mapping[int, Decision],
) -> None:
    """Insert what is new; needs the lock of all decisions."""
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
