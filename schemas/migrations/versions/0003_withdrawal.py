"""Articles that consumers must no longer see."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """New tables, and columns that are empty: no row is rewritten.

    Who sent a file is known of those read from now on, and of those that made a version.
    """
    op.add_column(
        "file", sa.Column("source", sa.Text(), comment="publisher, as read"), schema="desk"
    )
    op.add_column(
        "file",
        sa.Column("edition", sa.BigInteger(), comment="the publisher's number of its version"),
        schema="desk",
    )
    op.add_column(
        "file",
        sa.Column("kills", sa.LargeBinary(), comment="sha256 of the uri that it takes back"),
        schema="desk",
    )
    op.add_column(
        "document",
        sa.Column("erased_at", sa.DateTime(timezone=True), comment="since then it is empty"),
        schema="desk",
    )
    op.create_table(
        "withdrawal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "article_id", sa.Uuid(), nullable=True, comment="null: whatever goes by that name"
        ),
        sa.Column("uri_key", sa.LargeBinary(), nullable=True, comment="that a kill names it by"),
        sa.Column("scope", sa.Text(), nullable=False, comment="file, source or all"),
        sa.Column("sha256", sa.LargeBinary(), nullable=True, comment="of scope file: its bytes"),
        sa.Column("source", sa.Text(), nullable=True, comment="of scope source: the publisher"),
        sa.Column(
            "edition", sa.BigInteger(), nullable=True, comment="later ones of it are not meant"
        ),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column(
            "file_id", sa.BigInteger(), nullable=True, comment="the kill; null: a person says so"
        ),
        sa.Column("erases", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("scope in ('file', 'source', 'all')", name="withdrawal_scope_check"),
        sa.CheckConstraint(
            "article_id is not null or uri_key is not null", name="withdrawal_named_check"
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["desk.article.id"], name="withdrawal_article_id_fkey"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["desk.file.id"], name="withdrawal_file_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="withdrawal_pkey"),
        schema="desk",
        comment="What was taken back, by a kill or by a person, and how much of it is meant.",
    )
    op.create_index(
        "withdrawal_article_id_idx",
        "withdrawal",
        ["article_id"],
        unique=False,
        schema="desk",
        postgresql_where=sa.text("lifted_at is null"),
    )
    op.create_index(
        "withdrawal_uri_key_idx",
        "withdrawal",
        ["uri_key"],
        unique=False,
        schema="desk",
        postgresql_where=sa.text("article_id is null"),
    )
    op.create_table(
        "alias",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("uri_key", sa.LargeBinary(), nullable=False, comment="sha256 of the uri"),
        sa.ForeignKeyConstraint(["article_id"], ["desk.article.id"], name="alias_article_id_fkey"),
        sa.PrimaryKeyConstraint("article_id", "uri_key", name="alias_pkey"),
        schema="desk",
        comment="What files of an article call it, besides its own uri.",
    )
    op.create_index("alias_uri_key_idx", "alias", ["uri_key"], unique=False, schema="desk")
    op.create_table(
        "correction",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="that says so"),
        sa.Column("uri_key", sa.LargeBinary(), nullable=False, comment="sha256 of the uri"),
        sa.ForeignKeyConstraint(
            ["article_id", "version"],
            ["desk.version.article_id", "desk.version.version"],
            name="correction_version_fkey",
        ),
        sa.PrimaryKeyConstraint("article_id", "version", name="correction_pkey"),
        schema="desk",
        comment="What a version says that it corrects, whether that is known or not.",
    )
    op.create_index("correction_uri_key_idx", "correction", ["uri_key"], schema="desk")
    op.execute("""
        insert into desk.correction (article_id, version, uri_key)
        select article_id, version, sha256(convert_to(corrects, 'UTF8')) from desk.version
        where corrects is not null
    """)


def downgrade() -> None:
    """What was taken back stays hidden: an older release publishes nothing but what it finishes."""
    op.execute(
        "drop view if exists feed_v1.copies, feed_v1.relations"
    )  # an older release has its own
    op.drop_table("correction", schema="desk")
    op.drop_table("alias", schema="desk")
    op.drop_table("withdrawal", schema="desk")
    op.drop_column("document", "erased_at", schema="desk")
    for column in ("kills", "edition", "source"):
        op.drop_column("file", column, schema="desk")
