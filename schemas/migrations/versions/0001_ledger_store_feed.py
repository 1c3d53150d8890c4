"""The ledger, the document store, articles with versions, and the feed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="bytes"),
        sa.Column(
            "kept_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint("octet_length(sha256) = 32", name=op.f("document_sha256_check")),
        sa.PrimaryKeyConstraint("sha256", name="document_pkey"),
        schema="desk",
        comment="Raw bytes as they came, by their hash; workers read these, never the inbox.",
    )
    # Not compressed: that was two thirds of the server's work for a document, and more than all
    # that the watcher does for its file.
    op.execute("alter table desk.document alter column content set storage external")
    op.create_table(
        "head",
        sa.Column("one", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column(
            "epoch", sa.Uuid(), nullable=False, comment="another after a restore from a backup"
        ),
        sa.Column("smallest", sa.BigInteger(), nullable=False, comment="smallest position kept"),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="greatest position given"),
        sa.CheckConstraint("one", name=op.f("head_one_check")),
        sa.PrimaryKeyConstraint("one", name="head_pkey"),
        schema="desk",
        comment="One row: where the feed begins and ends.",
    )
    op.create_table(
        "inbox",
        sa.Column("inbox", sa.Text(), nullable=False),
        sa.Column("settling", sa.Integer(), nullable=False, comment="files still being written"),
        sa.Column(
            "seen_at", sa.DateTime(timezone=True), nullable=False, comment="a watcher was alive"
        ),
        sa.Column(
            "scanned_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="a watcher last walked the folder to its end",
        ),
        sa.Column(
            "waiting_since",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the oldest file seen that is not in the ledger",
        ),
        sa.Column(
            "scanning",
            sa.Text(),
            nullable=True,
            comment="why it is scanned often; null: events are relied on",
        ),
        sa.Column(
            "paused", sa.Text(), nullable=True, comment="why no file is taken in; null: they are"
        ),
        sa.Column(
            "unlisted",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="folders that the last scan could not list; a few of them",
        ),
        sa.PrimaryKeyConstraint("inbox", name="inbox_pkey"),
        schema="desk",
        comment="Watched folders, as their watchers last spoke of them.",
    )
    op.create_table(
        "sketch",
        sa.Column(
            "slot",
            sa.SmallInteger(),
            nullable=False,
            comment="month of arrival, modulo the slots",
        ),
        sa.Column(
            "key",
            sa.BigInteger(),
            nullable=False,
            comment="one of a text's smallest shingle hashes",
        ),
        sa.Column(
            "origin",
            sa.BigInteger(),
            nullable=False,
            comment="names the article, see article.origin",
        ),
        sa.Column("file_id", sa.BigInteger(), nullable=False, comment="that the text came from"),
        schema="desk",
        postgresql_partition_by="list (slot)",
        comment="The inverted index that near-duplicates are found by: this month, the last, "
        "an empty.",
    )
    op.create_index(
        "sketch_key_idx", "sketch", ["key", "origin", "file_id"], unique=False, schema="desk"
    )
    for slot in range(3):
        # Probes read the index alone, as far as its pages are known to be visible to all: a table
        # that only grows must be vacuumed for their sake.
        op.execute(
            f"create table desk.sketch_{slot} partition of desk.sketch for values in ({slot}) "
            "with (autovacuum_vacuum_insert_scale_factor = 0.02)"
        )
    op.create_table(
        "file",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("inbox", sa.Text(), nullable=False),
        sa.Column(
            "path",
            sa.Text(),
            nullable=False,
            comment="as people read it; other bytes stand as \\xNN",
        ),
        sa.Column(
            "path_raw",
            sa.LargeBinary(),
            nullable=True,
            comment="the path's bytes where they are not UTF-8",
        ),
        sa.Column(
            "path_key",
            sa.LargeBinary(),
            nullable=False,
            comment="sha256 of the path's bytes; of a member's, after a NUL",
        ),
        sa.Column(
            "generation", sa.Integer(), nullable=False, comment="from 1: one for each new content"
        ),
        sa.Column("parent_id", sa.BigInteger(), nullable=True, comment="the container it is in"),
        sa.Column(
            "bulk",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="by its name and its start it is a container",
        ),
        sa.Column(
            "members",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="of a container: those recorded so far",
        ),
        sa.Column(
            "unpacked",
            sa.BigInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="of a container that came as a file: bytes recorded of all containers in it",
        ),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="bytes"),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("ctime_ns", sa.BigInteger(), nullable=False),
        sa.Column(
            "inode",
            sa.BigInteger(),
            nullable=False,
            comment="as a signed number; only equality matters",
        ),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column(
            "witness", sa.Text(), nullable=False, comment="how the file was judged to be complete"
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True, comment="what exactly was seen, for people"),
        sa.Column(
            "attempts",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="claims so far",
        ),
        sa.Column(
            "deaths",
            sa.SmallInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="of workers' children that held this file alone",
        ),
        sa.Column("solo", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "token",
            sa.BigInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="fencing token",
        ),
        sa.Column(
            "worker",
            sa.Uuid(),
            nullable=True,
            comment="whose child last claimed it: a start of a worker",
        ),
        sa.Column("child", sa.Integer(), nullable=True, comment="process id of that child"),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "next_try_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "rung_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="somebody was last rung for it",
        ),
        sa.Column(
            "noticed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("relation", sa.Text(), nullable=True, comment="the verdict"),
        sa.Column("because", sa.Text(), nullable=True, comment="the verdict's sentence"),
        sa.Column(
            "scores",
            postgresql.JSONB(
                none_as_null=True,
            ),
            nullable=True,
        ),
        sa.Column(
            "changed",
            postgresql.JSONB(
                none_as_null=True,
            ),
            nullable=True,
            comment="numbers: pairs of the old and the new",
        ),
        sa.Column(
            "joins",
            postgresql.JSONB(
                none_as_null=True,
            ),
            nullable=True,
            comment="further articles that are the same story, by id",
        ),
        sa.Column(
            "matched_id", sa.Uuid(), nullable=True, comment="the article that the verdict names"
        ),
        sa.Column(
            "matched_version",
            sa.Integer(),
            nullable=True,
            comment="of that article: the one compared with",
        ),
        sa.Column(
            "article_id",
            sa.Uuid(),
            nullable=True,
            comment="the article that the file became, revised or duplicates",
        ),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column(
            "pipeline", sa.Text(), nullable=True, comment="version of the code that handled it"
        ),
        sa.CheckConstraint("lane in ('live', 'backfill')", name=op.f("file_lane_check")),
        sa.CheckConstraint(
            "relation in ('unchanged', 'exact', 'revision', 'near', 'new')",
            name=op.f("file_relation_check"),
        ),
        sa.CheckConstraint(
            "sha256 is not null or state in ('ignored', 'quarantined')",
            name=op.f("file_document_check"),
        ),
        sa.CheckConstraint(
            "state <> 'processing' or lease_until is not null", name=op.f("file_lease_check")
        ),
        sa.CheckConstraint(
            "state in ('noticed', 'processing', 'stored', 'revised', 'duplicate', 'expanded',"
            " 'quarantined', 'ignored')",
            name=op.f("file_state_check"),
        ),
        sa.CheckConstraint(
            "state not in ('quarantined', 'ignored') or reason is not null",
            name=op.f("file_reason_check"),
        ),
        sa.CheckConstraint(
            "witness in ('renamed', 'closed', 'quiet', 'unpacked')", name=op.f("file_witness_check")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["desk.file.id"], name="file_parent_id_fkey"),
        sa.ForeignKeyConstraint(["sha256"], ["desk.document.sha256"], name="file_sha256_fkey"),
        sa.PrimaryKeyConstraint("id", name="file_pkey"),
        sa.UniqueConstraint("inbox", "path_key", "generation", name="file_inbox_key"),
        schema="desk",
        comment="The ledger: the truth about every file, in exactly one state, with its reason.",
    )
    op.create_index(
        "file_article_id_idx",
        "file",
        ["article_id"],
        unique=False,
        schema="desk",
        postgresql_where=sa.text("article_id is not null"),
    )
    op.create_index(
        "file_due_idx",
        "file",
        [sa.literal_column("(lane = 'backfill')"), "id"],
        unique=False,
        schema="desk",
        postgresql_where=sa.text("state = 'noticed' and not (solo or bulk)"),
    )
    op.create_index(
        "file_alone_idx",
        "file",
        [sa.literal_column("(lane = 'backfill')"), "id"],
        unique=False,
        schema="desk",
        postgresql_where=sa.text("state = 'noticed' and (solo or bulk)"),
    )
    op.create_index(
        "file_finished_at_idx",
        "file",
        ["finished_at"],
        unique=False,
        schema="desk",
        postgresql_where=sa.text("finished_at is not null"),
    )
    op.create_index(
        "file_broken_idx",
        "file",
        ["pipeline", "id"],
        unique=False,
        schema="desk",
        postgresql_where=sa.text("reason in ('internal_error', 'tagging_failed')"),
    )
    op.create_index(
        "file_leased_idx",
        "file",
        ["lease_until"],
        unique=False,
        schema="desk",
        postgresql_where=sa.text("state = 'processing'"),
    )
    op.create_index(
        "file_parent_id_idx",
        "file",
        ["parent_id"],
        unique=False,
        schema="desk",
        postgresql_where=sa.text("parent_id is not null"),
    )
    op.create_index(
        "file_open_idx",
        "file",
        ["path_key", "generation"],
        unique=False,
        schema="desk",
        postgresql_where=sa.text("state in ('noticed', 'processing')"),
    )
    op.create_table(
        "article",
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7"),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("uri_key", sa.LargeBinary(), nullable=False, comment="sha256 of uri"),
        sa.Column(
            "latest", sa.Integer(), nullable=False, comment="greatest version decided so far"
        ),
        sa.Column(
            "origin",
            sa.BigInteger(),
            nullable=False,
            comment="the file that its first version came from",
        ),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["origin"], ["desk.file.id"], name="article_origin_fkey"),
        sa.PrimaryKeyConstraint("id", name="article_pkey"),
        sa.UniqueConstraint("origin", name="article_origin_key"),
        sa.UniqueConstraint("uri_key", name="article_uri_key_key"),
        schema="desk",
        comment="An identity with numbered versions: one cluster of duplicates is one article.",
    )
    op.create_table(
        "change",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "into", sa.Uuid(), nullable=True, comment="the article that this one was merged into"
        ),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["article_id"], ["desk.article.id"], name="change_article_id_fkey"),
        sa.PrimaryKeyConstraint("position", name="change_pkey"),
        schema="desk",
        comment="The feed. Positions are dense, and in the order of commits.",
    )
    op.create_index(
        "change_article_id_idx", "change", ["article_id", "position"], unique=False, schema="desk"
    )
    op.create_table(
        "version",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("headline_source", sa.Text(), nullable=False),
        sa.Column("body_text", sa.Text(), nullable=False),
        sa.Column(
            "paragraphs",
            postgresql.JSONB(
                none_as_null=True,
            ),
            nullable=False,
        ),
        sa.Column("byline", sa.Text(), nullable=True),
        sa.Column(
            "authors",
            postgresql.JSONB(
                none_as_null=True,
            ),
            nullable=False,
        ),
        sa.Column(
            "dateline",
            postgresql.JSONB(
                none_as_null=True,
            ),
            nullable=True,
        ),
        sa.Column("located", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_precision", sa.Text(), nullable=True),
        sa.Column("published_source", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("canonical_url", sa.Text(), nullable=True),
        sa.Column("guid", sa.Text(), nullable=True),
        sa.Column("rights", sa.Text(), nullable=True),
        sa.Column("urgency", sa.Integer(), nullable=True, comment="editorial, 1 (most) to 9"),
        sa.Column("ed_note", sa.Text(), nullable=True, comment="to editors, not to readers"),
        sa.Column(
            "corrects",
            sa.Text(),
            nullable=True,
            comment="uri of the article that this one says it corrects",
        ),
        sa.Column("publisher_version", sa.Text(), nullable=True, comment="of what guid names"),
        sa.Column(
            "status",
            sa.Text(),
            server_default="usable",
            nullable=False,
            comment="or withheld, canceled",
        ),
        sa.Column(
            "embargo_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="consumers may not see it before",
        ),
        sa.Column(
            "sealed",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="it was not shown when it was finished",
        ),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column(
            "evidence",
            postgresql.JSONB(
                none_as_null=True,
            ),
            nullable=False,
            comment="how the bytes became text",
        ),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False, comment="why this version exists"),
        sa.Column(
            "subjects",
            postgresql.JSONB(
                none_as_null=True,
            ),
            nullable=True,
        ),
        sa.Column(
            "people",
            postgresql.JSONB(
                none_as_null=True,
            ),
            nullable=True,
        ),
        sa.Column(
            "organisations",
            postgresql.JSONB(
                none_as_null=True,
            ),
            nullable=True,
        ),
        sa.Column(
            "places",
            postgresql.JSONB(
                none_as_null=True,
            ),
            nullable=True,
        ),
        sa.Column(
            "countries",
            postgresql.JSONB(
                none_as_null=True,
            ),
            nullable=True,
        ),
        sa.Column(
            "keywords",
            postgresql.JSONB(
                none_as_null=True,
            ),
            nullable=True,
        ),
        sa.Column(
            "quotes",
            postgresql.JSONB(
                none_as_null=True,
            ),
            nullable=True,
        ),
        sa.Column(
            "dates",
            postgresql.JSONB(
                none_as_null=True,
            ),
            nullable=True,
        ),
        sa.Column("tags_status", sa.Text(), nullable=False),
        sa.Column("tags_method", sa.Text(), nullable=True),
        sa.Column("pipeline", sa.Text(), nullable=False),
        sa.Column(
            "stored_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(
            "published_precision in ('year', 'month', 'day', 'minute', 'second')",
            name=op.f("version_published_precision_check"),
        ),
        sa.CheckConstraint(
            "tags_status in ('pending', 'complete', 'failed')",
            name=op.f("version_tags_status_check"),
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["desk.article.id"], name="version_article_id_fkey"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["desk.file.id"], name="version_file_id_fkey"),
        sa.PrimaryKeyConstraint("article_id", "version", name="version_pkey"),
        sa.UniqueConstraint("file_id", name="version_file_id_key"),
        schema="desk",
        comment="Every version of every article, published or not yet.",
    )
    op.create_index(
        "version_content_hash_idx", "version", ["content_hash"], unique=False, schema="desk"
    )
    op.create_index(
        "version_embargo_until_idx",
        "version",
        ["embargo_until"],
        unique=False,
        schema="desk",
        postgresql_where=sa.text("sealed"),
    )
    op.create_table(
        "relation",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column(
            "scores",
            postgresql.JSONB(
                none_as_null=True,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind in ('contained', 'recurring', 'related')", name=op.f("relation_kind_check")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["desk.article.id"], name="relation_article_id_fkey"
        ),
        sa.ForeignKeyConstraint(["other_id"], ["desk.article.id"], name="relation_other_id_fkey"),
        sa.PrimaryKeyConstraint("article_id", "other_id", name="relation_pkey"),
        schema="desk",
        comment="Articles that stay apart, and what the later one is to the other.",
    )
    op.create_index("relation_other_id_idx", "relation", ["other_id"], unique=False, schema="desk")
    op.create_table(
        "variant",
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="that it is a near copy of"),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("body_text", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "stored_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["article_id", "version"],
            ["desk.version.article_id", "desk.version.version"],
            name="variant_version_fkey",
        ),
        sa.ForeignKeyConstraint(["file_id"], ["desk.file.id"], name="variant_file_id_fkey"),
        sa.PrimaryKeyConstraint("file_id", name="variant_pkey"),
        schema="desk",
        comment="Near copies that say more or less than what they copy: others are found by them.",
    )
    op.create_index(
        "variant_content_hash_idx", "variant", ["content_hash"], unique=False, schema="desk"
    )
    op.create_index(
        "variant_article_id_idx", "variant", ["article_id"], unique=False, schema="desk"
    )
    op.create_table(
        "published",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "copies", sa.Integer(), nullable=False, comment="files that duplicate the article"
        ),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id", "version"],
            ["desk.version.article_id", "desk.version.version"],
            name="published_version_fkey",
        ),
        sa.PrimaryKeyConstraint("article_id", name="published_pkey"),
        sa.UniqueConstraint("position", name="published_position_key"),
        schema="desk",
        comment="The one pointer that every view joins: what consumers see of an article now.",
    )
    op.execute("insert into desk.head (epoch, smallest, position) values (gen_random_uuid(), 1, 0)")


def downgrade() -> None:
    op.execute("drop schema if exists feed_v1 cascade")
    op.drop_table("published", schema="desk")
    op.drop_index("variant_article_id_idx", table_name="variant", schema="desk")
    op.drop_index("variant_content_hash_idx", table_name="variant", schema="desk")
    op.drop_table("variant", schema="desk")
    op.drop_index("relation_other_id_idx", table_name="relation", schema="desk")
    op.drop_table("relation", schema="desk")
    op.drop_index(
        "version_embargo_until_idx",
        table_name="version",
        schema="desk",
        postgresql_where=sa.text("sealed"),
    )
    op.drop_index("version_content_hash_idx", table_name="version", schema="desk")
    op.drop_table("version", schema="desk")
    op.drop_index("change_article_id_idx", table_name="change", schema="desk")
    op.drop_table("change", schema="desk")
    op.drop_table("article", schema="desk")
    op.drop_index(
        "file_open_idx",
        table_name="file",
        schema="desk",
        postgresql_where=sa.text("state in ('noticed', 'processing')"),
    )
    op.drop_index(
        "file_parent_id_idx",
        table_name="file",
        schema="desk",
        postgresql_where=sa.text("parent_id is not null"),
    )
    op.drop_index(
        "file_leased_idx",
        table_name="file",
        schema="desk",
        postgresql_where=sa.text("state = 'processing'"),
    )
    op.drop_index(
        "file_broken_idx",
        table_name="file",
        schema="desk",
        postgresql_where=sa.text("reason in ('internal_error', 'tagging_failed')"),
    )
    op.drop_index(
        "file_finished_at_idx",
        table_name="file",
        schema="desk",
        postgresql_where=sa.text("finished_at is not null"),
    )
    op.drop_index(
        "file_alone_idx",
        table_name="file",
        schema="desk",
        postgresql_where=sa.text("state = 'noticed' and (solo or bulk)"),
    )
    op.drop_index(
        "file_due_idx",
        table_name="file",
        schema="desk",
        postgresql_where=sa.text("state = 'noticed' and not (solo or bulk)"),
    )
    op.drop_index(
        "file_article_id_idx",
        table_name="file",
        schema="desk",
        postgresql_where=sa.text("article_id is not null"),
    )
    op.drop_table("file", schema="desk")
    op.drop_index("sketch_key_idx", table_name="sketch", schema="desk")
    op.drop_table("sketch", schema="desk")
    op.drop_table("inbox", schema="desk")
    op.drop_table("head", schema="desk")
    op.drop_table("document", schema="desk")
