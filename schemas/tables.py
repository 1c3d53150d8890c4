"""The internal schema ``desk``, as SQLAlchemy Core tables.

Consumers never see it: they read the views of ``feed_v1``.

Times are the server's clock. Numbers that grow with the number of files are ``bigint``. Texts
that can be long are never indexed, only hashes of them: a B-tree entry ends at 2,704 bytes.
"""

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

from worker.core.article import Kinship, Precision, Relation, TagsStatus
from worker.core.entities import EntityType
from worker.core.ledger import Lane, State, Witness
from worker.core.withdrawal import Scope

metadata = MetaData(
    schema="desk",
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_name)s_key",
        "ix": "%(table_name)s_%(column_0_name)s_idx",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    },
)

_TIME = DateTime(timezone=True)


def _one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """Spell the vocabulary out in the database too: a typo in hand-written SQL is refused.

    A check and not an enum type: it can be widened without a lock on readers.
    """
    listed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} in ({listed})", name=column)


document = Table(
    "document",
    metadata,
    Column("sha256", LargeBinary, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("size", BigInteger, nullable=False, comment="bytes"),
    Column("kept_at", _TIME, nullable=False, server_default=func.now()),
    Column("erased_at", _TIME, comment="since then it is empty"),
    CheckConstraint("octet_length(sha256) = 32", name="sha256"),
    comment="Raw bytes as they came, by their hash; workers read these, never the inbox.",
)

inbox = Table(
    "inbox",
    metadata,
    Column("inbox", Text, primary_key=True),
    Column("seen_at", _TIME, nullable=False, comment="a watcher was alive"),
    Column("scanned_at", _TIME, comment="a watcher last walked the folder to its end"),
    comment="Watched folders, by whomever of their watchers.",
)

watcher = Table(
    "watcher",
    metadata,
    Column("inbox", Text, ForeignKey("desk.inbox.inbox"), primary_key=True),
    Column("watcher", Text, primary_key=True, comment="drawn anew at each start"),
    Column("seen_at", _TIME, nullable=False, comment="when it said so"),
    Column("settling", Integer, nullable=False, comment="files still being written"),
    Column("waiting_since", _TIME, comment="the oldest file seen that is not in the ledger"),
    Column("scanning", Text, comment="why it is scanned often; null: events are relied on"),
    Column("paused", Text, comment="why no file is taken in; null: they are"),
    Column(
        "unlisted",
        ARRAY(Text),
        nullable=False,
        server_default=text("'{}'"),
        comment="folders that the last scan could not list; a few of them",
    ),
    comment="The last word of each watcher; other watchers clear away those that fell silent.",
)

file = Table(
    "file",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("inbox", Text, nullable=False),
    Column("path", Text, nullable=False, comment=r"as people read it; other bytes stand as \xNN"),
    Column("path_raw", LargeBinary, comment="the path's bytes where they are not UTF-8"),
    Column(
        "path_key",
        LargeBinary,
        nullable=False,
        comment="sha256 of the path's bytes; of a member's, after a NUL",
    ),
    Column("generation", Integer, nullable=False, comment="from 1: one for each new content"),
    Column("parent_id", BigInteger, ForeignKey("desk.file.id"), comment="the container it is in"),
    Column(
        "bulk",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="by its name and its start it is a container",
    ),
    Column(
        "members",
        Integer,
        nullable=False,
        server_default=text("0"),
        comment="of a container: those recorded so far",
    ),
    Column(
        "unpacked",
        BigInteger,
        nullable=False,
        server_default=text("0"),
        comment="of a container that came as a file: bytes recorded of all containers in it",
    ),
    Column("size", BigInteger, nullable=False, comment="bytes"),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("ctime_ns", BigInteger, nullable=False),
    Column(
        "inode", BigInteger, nullable=False, comment="as a signed number; only equality matters"
    ),
    Column("sha256", LargeBinary, ForeignKey("desk.document.sha256")),
    Column("media_type", Text),
    Column("lane", Text, nullable=False),
    Column("witness", Text, nullable=False, comment="how the file was judged to be complete"),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("detail", Text, comment="what exactly was seen, for people"),
    Column("attempts", Integer, nullable=False, server_default=text("0"), comment="claims so far"),
    Column(
        "deaths",
        SmallInteger,
        nullable=False,
        server_default=text("0"),
        comment="of workers' children that held this file alone",
    ),
    Column("solo", Boolean, nullable=False, server_default=text("false")),
    Column("token", BigInteger, nullable=False, server_default=text("0"), comment="fencing token"),
    Column("worker", Uuid, comment="whose child last claimed it: a start of a worker"),
    Column("child", Integer, comment="process id of that child"),
    Column("lease_until", _TIME),
    Column("next_try_at", _TIME, nullable=False, server_default=func.now()),
    Column("rung_at", _TIME, comment="somebody was last rung for it"),
    Column("noticed_at", _TIME, nullable=False, server_default=func.now()),
    Column("claimed_at", _TIME),
    Column("decided_at", _TIME),
    Column("finished_at", _TIME),
    Column("relation", Text, comment="the verdict"),
    Column("because", Text, comment="the verdict's sentence"),
    Column("scores", JSONB(none_as_null=True)),
    Column("changed", JSONB(none_as_null=True), comment="numbers: pairs of the old and the new"),
    Column(
        "joins", JSONB(none_as_null=True), comment="further articles that are the same story, by id"
    ),
    Column("matched_id", Uuid, comment="the article that the verdict names"),
    Column("matched_version", Integer, comment="of that article: the one compared with"),
    Column("article_id", Uuid, comment="the article that the file became, revised or duplicates"),
    Column("version", Integer),
    Column("pipeline", Text, comment="version of the code that handled it"),
    Column("source", Text, comment="publisher, as read"),
    Column("edition", BigInteger, comment="the publisher's number of its version"),
    Column("kills", LargeBinary, comment="sha256 of the uri that it takes back"),
    UniqueConstraint("inbox", "path_key", "generation"),
    _one_of("state", State),
    _one_of("lane", Lane),
    _one_of("witness", Witness),
    _one_of("relation", Relation),
    CheckConstraint("sha256 is not null or state in ('ignored', 'quarantined')", name="document"),
    CheckConstraint("state <> 'processing' or lease_until is not null", name="lease"),
    CheckConstraint("state not in ('quarantined', 'ignored') or reason is not null", name="reason"),
    Index(
        "file_due_idx",
        text("(lane = 'backfill')"),
        "id",
        postgresql_where=text("state = 'noticed' and not (solo or bulk)"),
    ),
    # Apart from those that come in batches, or a claim would walk past them all to find one.
    Index(
        "file_alone_idx",
        text("(lane = 'backfill')"),
        "id",
        postgresql_where=text("state = 'noticed' and (solo or bulk)"),
    ),
    # Which generations of a path are open: a later one waits for them.
    Index(
        "file_open_idx",
        "path_key",
        "generation",
        postgresql_where=text("state in ('noticed', 'processing')"),
    ),
    Index("file_parent_id_idx", "parent_id", postgresql_where=text("parent_id is not null")),
    Index("file_leased_idx", "lease_until", postgresql_where=text("state = 'processing'")),
    Index("file_article_id_idx", "article_id", postgresql_where=text("article_id is not null")),
    Index("file_finished_at_idx", "finished_at", postgresql_where=text("finished_at is not null")),
    # What an update of the code may mend.
    Index(
        "file_broken_idx",
        "pipeline",
        "id",
        postgresql_where=text("reason in ('internal_error', 'tagging_failed')"),
    ),
    comment="The ledger: the truth about every file, in exactly one state, with its reason.",
)

article = Table(
    "article",
    metadata,
    Column("id", Uuid, primary_key=True, comment="UUIDv7"),
    Column("uri", Text, nullable=False),
    Column("uri_key", LargeBinary, nullable=False, unique=True, comment="sha256 of uri"),
    Column("latest", Integer, nullable=False, comment="greatest version decided so far"),
    Column(
        "origin",
        BigInteger,
        ForeignKey("desk.file.id"),
        nullable=False,
        unique=True,
        comment="the file that its first version came from",
    ),
    Column("first_seen_at", _TIME, nullable=False),
    comment="An identity with numbered versions: one cluster of duplicates is one article.",
)

version = Table(
    "version",
    metadata,
    Column("article_id", Uuid, ForeignKey("desk.article.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("file_id", BigInteger, ForeignKey("desk.file.id"), nullable=False, unique=True),
    Column("headline", Text, nullable=False),
    Column("headline_source", Text, nullable=False),
    Column("body_text", Text, nullable=False),
    Column("paragraphs", JSONB(none_as_null=True), nullable=False),
    Column("byline", Text),
    Column("authors", JSONB(none_as_null=True), nullable=False),
    Column("dateline", JSONB(none_as_null=True)),
    Column("located", Text),
    Column("language", Text, nullable=False),
    Column("published_at", _TIME),
    Column("published_precision", Text),
    Column("published_source", Text),
    Column("updated_at", _TIME),
    Column("source", Text),
    Column("url", Text),
    Column("canonical_url", Text),
    Column("guid", Text),
    Column("rights", Text),
    Column("urgency", Integer, comment="editorial, 1 (most) to 9"),
    Column("ed_note", Text, comment="to editors, not to readers"),
    Column("corrects", Text, comment="uri of the article that this one says it corrects"),
    Column("publisher_version", Text, comment="of what guid names"),
    Column(
        "status", Text, nullable=False, server_default="usable", comment="or withheld, canceled"
    ),
    Column("embargo_until", _TIME, comment="consumers may not see it before"),
    Column(
        "sealed",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="it was not shown when it was finished",
    ),
    Column("media_type", Text, nullable=False),
    Column(
        "evidence", JSONB(none_as_null=True), nullable=False, comment="how the bytes became text"
    ),
    Column("word_count", Integer, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("cause", Text, nullable=False, comment="why this version exists"),
    Column("subjects", JSONB(none_as_null=True)),
    Column("people", JSONB(none_as_null=True)),
    Column("organisations", JSONB(none_as_null=True)),
    Column("places", JSONB(none_as_null=True)),
    Column("countries", JSONB(none_as_null=True)),
    Column("keywords", JSONB(none_as_null=True)),
    Column("quotes", JSONB(none_as_null=True)),
    Column("dates", JSONB(none_as_null=True)),
    Column("tags_status", Text, nullable=False),
    Column("tags_method", Text),
    Column("pipeline", Text, nullable=False),
    Column("stored_at", _TIME, nullable=False, server_default=func.now()),
    # Both are written by a trigger, make_searchable.
    Column(
        "search", TSVECTOR, comment="what full-text search finds it by; null until it is tagged"
    ),
    Column(
        "facets",
        ARRAY(Text),
        comment="what search is narrowed by: kind:value, in small letters",
    ),
    _one_of("published_precision", Precision),
    _one_of("tags_status", TagsStatus),
    Index("version_content_hash_idx", "content_hash"),
    Index(
        "version_embargo_until_idx",
        "embargo_until",
        postgresql_where=text("sealed"),
    ),
    Index("version_search_idx", "search", "facets", postgresql_using="gin"),
    Index(
        "version_headline_idx",
        "headline",
        postgresql_using="gin",
        postgresql_ops={"headline": "gin_trgm_ops"},
    ),
    Index(
        "version_unsearchable_idx",
        "article_id",
        postgresql_where=text("search is null and tags_status <> 'pending'"),
    ),
    comment="Every version of every article, published or not yet.",
)

relation = Table(
    "relation",
    metadata,
    Column("article_id", Uuid, ForeignKey("desk.article.id"), primary_key=True),
    Column("other_id", Uuid, ForeignKey("desk.article.id"), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("scores", JSONB(none_as_null=True), nullable=False),
    _one_of("kind", Kinship),
    Index("relation_other_id_idx", "other_id"),
    comment="Articles that stay apart, and what the later one is to the other.",
)

variant = Table(
    "variant",
    metadata,
    Column("file_id", BigInteger, ForeignKey("desk.file.id"), primary_key=True),
    Column("article_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False, comment="that it is a near copy of"),
    Column("headline", Text, nullable=False),
    Column("body_text", Text, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("published_at", _TIME),
    Column("stored_at", _TIME, nullable=False, server_default=func.now()),
    ForeignKeyConstraint(
        ["article_id", "version"],
        ["desk.version.article_id", "desk.version.version"],
        name="variant_version_fkey",
    ),
    Index("variant_content_hash_idx", "content_hash"),
    Index("variant_article_id_idx", "article_id"),
    comment="Near copies that say more or less than what they copy: others are found by them.",
)

joining = Table(
    "joining",
    metadata,
    Column("article_id", Uuid, ForeignKey("desk.article.id"), primary_key=True),
    Column("other_id", Uuid, ForeignKey("desk.article.id"), primary_key=True),
    Column(
        "file_id",
        BigInteger,
        ForeignKey("desk.file.id"),
        comment="whose text shows it; null: a person says so",
    ),
    Column("because", Text, nullable=False),
    Column("asked_at", _TIME, nullable=False, server_default=func.now()),
    comment="Pairs of articles that are to be merged, as soon as consumers see both.",
)

merger = Table(
    "merger",
    metadata,
    Column("article_id", Uuid, ForeignKey("desk.article.id"), primary_key=True),
    Column(
        "origin",
        BigInteger,
        nullable=False,
        unique=True,
        comment="of the article: its name in the index",
    ),
    Column("into_id", Uuid, nullable=False, comment="never merged itself"),
    Column("into_version", Integer, nullable=False, comment="that was published at the time"),
    Column(
        "file_id",
        BigInteger,
        ForeignKey("desk.file.id"),
        comment="whose text shows it; null: a person says so",
    ),
    Column("because", Text, nullable=False),
    Column("merged_at", _TIME, nullable=False, server_default=func.now()),
    ForeignKeyConstraint(
        ["into_id", "into_version"],
        ["desk.version.article_id", "desk.version.version"],
        name="merger_version_fkey",
    ),
    Index("merger_into_id_idx", "into_id"),
    comment="Articles that are another one: all their files are copies of that.",
)

apart = Table(
    "apart",
    metadata,
    Column("file_id", BigInteger, ForeignKey("desk.file.id"), primary_key=True),
    Column(
        "origin",
        BigInteger,
        ForeignKey("desk.file.id"),
        primary_key=True,
        comment="names the article, see article.origin",
    ),
    Column("because", Text, nullable=False),
    Column("at", _TIME, nullable=False, server_default=func.now()),
    comment="What a person keeps apart: a file, with later ones of its path, and an article.",
)

withdrawal = Table(
    "withdrawal",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column(
        "article_id",
        Uuid,
        ForeignKey("desk.article.id"),
        comment="null: whatever goes by that name",
    ),
    Column("uri_key", LargeBinary, comment="that a kill names it by"),
    Column("scope", Text, nullable=False, comment="file, source or all"),
    Column("sha256", LargeBinary, comment="of scope file: its bytes"),
    Column("source", Text, comment="of scope source: the publisher"),
    Column("edition", BigInteger, comment="later ones of it are not meant"),
    Column("because", Text, nullable=False),
    Column(
        "file_id",
        BigInteger,
        ForeignKey("desk.file.id"),
        comment="the kill; null: a person says so",
    ),
    Column("erases", Boolean, nullable=False, server_default=text("false")),
    Column("at", _TIME, nullable=False, server_default=func.now()),
    Column("lifted_at", _TIME),
    _one_of("scope", Scope),
    CheckConstraint("article_id is not null or uri_key is not null", name="named"),
    Index("withdrawal_article_id_idx", "article_id", postgresql_where=text("lifted_at is null")),
    Index("withdrawal_uri_key_idx", "uri_key", postgresql_where=text("article_id is null")),
    comment="What was taken back, by a kill or by a person, and how much of it is meant.",
)

alias = Table(
    "alias",
    metadata,
    Column("article_id", Uuid, ForeignKey("desk.article.id"), primary_key=True),
    Column("uri_key", LargeBinary, primary_key=True, comment="sha256 of the uri"),
    Index("alias_uri_key_idx", "uri_key"),
    comment="What files of an article call it, besides its own uri.",
)

correction = Table(
    "correction",
    metadata,
    Column("article_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, comment="that says so"),
    Column("uri_key", LargeBinary, nullable=False, comment="sha256 of the uri"),
    ForeignKeyConstraint(
        ["article_id", "version"],
        ["desk.version.article_id", "desk.version.version"],
        name="correction_version_fkey",
    ),
    Index("correction_uri_key_idx", "uri_key"),
    comment="What a version says that it corrects, whether that is known or not.",
)

sketch = Table(
    "sketch",
    metadata,
    Column("slot", SmallInteger, nullable=False, comment="month of arrival, modulo the slots"),
    Column("key", BigInteger, nullable=False, comment="one of a text's smallest shingle hashes"),
    Column("origin", BigInteger, nullable=False, comment="names the article, see article.origin"),
    Column("file_id", BigInteger, nullable=False, comment="that the text came from"),
    Index("sketch_key_idx", "key", "origin", "file_id"),  # a probe reads nothing else
    postgresql_partition_by="list (slot)",
    comment="The inverted index that near-duplicates are found by: this month, the last, an empty.",
)

entity_name = Table(
    "entity_name",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column(
        "entity",
        Text,
        nullable=False,
        comment="what all names of one entity share; bounded in length",
    ),
    Column("type", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column(
        "canonical",
        Boolean,
        nullable=False,
        comment="an article calls the entity so; else it was only written so",
    ),
    Column("country", Text),
    Column("geonames", BigInteger),
    Column("wikidata", Text),
    _one_of("type", EntityType),
    Index("entity_name_entity_idx", "entity"),
    Index(
        "entity_name_name_idx",
        "name",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    ),
    comment="Names of entities in any version; the number is a hash of all the rest.",
)

naming = Table(
    "naming",
    metadata,
    Column("article_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column(
        "names", ARRAY(BigInteger), nullable=False, comment="of entities in it, by their numbers"
    ),
    ForeignKeyConstraint(
        ["article_id", "version"],
        ["desk.version.article_id", "desk.version.version"],
        name="naming_version_fkey",
        onupdate="CASCADE",
        ondelete="CASCADE",
    ),
    Index("naming_names_idx", "names", postgresql_using="gin"),
    comment="Which names each version uses: what makes them visible, and found.",
)

published = Table(
    "published",
    metadata,
    Column("article_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("copies", Integer, nullable=False, comment="files that duplicate the article"),
    Column("position", BigInteger, nullable=False, unique=True),
    ForeignKeyConstraint(
        ["article_id", "version"],
        ["desk.version.article_id", "desk.version.version"],
        name="published_version_fkey",
    ),
    comment="The one pointer that every view joins: what consumers see of an article now.",
)

change = Table(
    "change",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("article_id", Uuid, ForeignKey("desk.article.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("into", Uuid, comment="the article that this one was merged into"),
    Column("cause", Text, nullable=False),
    Column("at", _TIME, nullable=False, server_default=func.now()),
    Index("change_article_id_idx", "article_id", "position"),
    comment="The feed. Positions are dense, and in the order of commits.",
)

head = Table(
    "head",
    metadata,
    Column("one", Boolean, primary_key=True, server_default=text("true")),
    Column("epoch", Uuid, nullable=False, comment="another after a restore from a backup"),
    Column("smallest", BigInteger, nullable=False, comment="smallest position kept"),
    Column("position", BigInteger, nullable=False, comment="greatest position given"),
    CheckConstraint("one", name="one"),
    comment="One row: where the feed begins and ends.",
)

consumer = Table(
    "consumer",
    metadata,
    Column("name", Text, primary_key=True),
    Column("position", BigInteger, nullable=False, comment="up to which it has read"),
    Column(
        "seen_at", _TIME, nullable=False, server_default=func.now(), comment="when it last told"
    ),
    comment="Consumers that tell how far they are.",
)
