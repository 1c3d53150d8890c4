"""Let texts go for good, inside the transaction that takes them back: a legal takedown.

What stays is the tombstone: that there was an article, with its id and the history of its changes;
its files' places in the ledger, so that a scan does not take them in again; and hashes, of bytes
and of words, so that the same file or the same words are known, and erased, when they come again.
Whatever a column says of a text goes; a column that is new goes, too, unless it is named here.

The server writes no byte over: rows that are gone are freed by its next vacuum, and backups keep
what they have.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Connection, Text, any_, bindparam, text, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from schemas import tables
from worker.adapters.postgres.entities import drop
from worker.core.fingerprint import print_of
from worker.core.fingerprint import text as make_text

_KEPT = frozenset({
    "article_id", "version", "file_id", "headline_source", "language", "published_at",
    "published_precision", "published_source", "updated_at", "source", "publisher_version",
    "status", "embargo_until", "sealed", "media_type", "content_hash", "tags_status",
    "tags_method", "pipeline", "stored_at",
})  # fmt: skip


def _blank(column: Column[Any]) -> object:
    if column.nullable:
        return None
    return "" if isinstance(column.type, Text) else [] if isinstance(column.type, JSONB) else 0


_version = tables.version
_BLANK = update(_version).values({c: _blank(c) for c in _version.c if c.name not in _KEPT})

_TEXTS = text("""
    select headline, body_text from desk.version where file_id = any(:files)
    union all
    select headline, body_text from desk.variant where file_id = any(:files)
""")

# A container holds its members' texts as well. What another file needs stays, and so does a
# container that is still being taken apart.
_DOCUMENTS = text("""
    with recursive around(id, parent_id, sha256, gone) as (
        select id, parent_id, sha256, true from desk.file where id = any(:files)
        union
        select f.id, f.parent_id, f.sha256, f.state = 'expanded'
        from desk.file f join around on f.id = around.parent_id
    )
    update desk.document d set content = '', erased_at = now()
    where d.erased_at is null and d.sha256 in (select sha256 from around where gone)
        and not exists (
            select from desk.file other
            where other.sha256 = d.sha256 and other.id not in (select id from around)
                and other.state in ('stored', 'revised', 'duplicate', 'expanded')
                and other.reason is distinct from 'erased'
        )
""")

_OF_FILES = (
    _DOCUMENTS,
    text("delete from desk.sketch where key = any(:keys) and file_id = any(:files)"),
    text("delete from desk.variant where file_id = any(:files)"),
    text("""
        update desk.file set because = 'its text was erased', scores = null, changed = null
        where id = any(:files)
    """),
    _BLANK.where(_version.c.file_id == any_(bindparam("files", type_=ARRAY(BigInteger)))),
)

# An address can say as much as a headline. Its hash stays, so its next version is known, too.
_OF_ARTICLES = tuple(
    text(statement)
    for statement in (
        "update desk.article set uri = 'urn:uuid:' || id where id = any(:articles)",
        "delete from desk.relation where article_id = any(:articles) or other_id = any(:articles)",
        "delete from desk.joining where article_id = any(:articles) or other_id = any(:articles)",
        """
            update desk.change set cause = 'its text was erased'
            where article_id = any(:articles) and kind <> 'erased'
        """,
        """
            update desk.apart p set because = 'its text was erased' from desk.article a
            where a.id = any(:articles) and a.origin in (p.origin, p.file_id)
        """,
    )
)


def erase(connection: Connection, files: Sequence[int], articles: Sequence[UUID]) -> None:
    """Erase the texts of *files*, which are all those of *articles* that have their outcome."""
    if not files:
        return
    texts = connection.execute(_TEXTS, {"files": list(files)}).all()
    prints = (print_of(make_text(headline, body)) for headline, body in texts if headline)
    given = {"files": list(files), "keys": sorted({key for made in prints for key in made.keys})}
    for statement in _OF_FILES:
        connection.execute(statement, given)
    for statement in _OF_ARTICLES:
        connection.execute(statement, {"articles": list(articles)})
    drop(connection, articles)
