"""Articles that turn out to be one, and files that were taken for copies."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Only new tables: nobody waits for a lock longer than it takes to name them."""
    op.create_table(
        "joining",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column(
            "file_id",
            sa.BigInteger(),
            nullable=True,
            comment="whose text shows it; null: a person says so",
        ),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column(
            "asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["desk.article.id"], name="joining_article_id_fkey"
        ),
        sa.ForeignKeyConstraint(["other_id"], ["desk.article.id"], name="joining_other_id_fkey"),
        sa.ForeignKeyConstraint(["file_id"], ["desk.file.id"], name="joining_file_id_fkey"),
        sa.PrimaryKeyConstraint("article_id", "other_id", name="joining_pkey"),
        schema="desk",
        comment="Pairs of articles that are to be merged, as soon as consumers see both.",
    )
    op.create_table(
        "merger",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column(
            "origin",
            sa.BigInteger(),
            nullable=False,
            comment="of the article: its name in the index",
        ),
        sa.Column("into_id", sa.Uuid(), nullable=False, comment="never merged itself"),
        sa.Column(
            "into_version", sa.Integer(), nullable=False, comment="that was published at the time"
        ),
        sa.Column(
            "file_id",
            sa.BigInteger(),
            nullable=True,
            comment="whose text shows it; null: a person says so",
        ),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column(
            "merged_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["article_id"], ["desk.article.id"], name="merger_article_id_fkey"),
        sa.ForeignKeyConstraint(
            ["into_id", "into_version"],
            ["desk.version.article_id", "desk.version.version"],
            name="merger_version_fkey",
        ),
        sa.ForeignKeyConstraint(["file_id"], ["desk.file.id"], name="merger_file_id_fkey"),
        sa.PrimaryKeyConstraint("article_id", name="merger_pkey"),
        sa.UniqueConstraint("origin", name="merger_origin_key"),
        schema="desk",
        comment="Articles that are another one: all their files are copies of that.",
    )
    op.create_index("merger_into_id_idx", "merger", ["into_id"], unique=False, schema="desk")
    op.create_table(
        "apart",
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "origin",
            sa.BigInteger(),
            nullable=False,
            comment="names the article, see article.origin",
        ),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["file_id"], ["desk.file.id"], name="apart_file_id_fkey"),
        sa.ForeignKeyConstraint(["origin"], ["desk.file.id"], name="apart_origin_fkey"),
        sa.PrimaryKeyConstraint("file_id", "origin", name="apart_pkey"),
        schema="desk",
        comment="What a person keeps apart: a file, with later ones of its path, and an article.",
    )


def downgrade() -> None:
    """Merged articles would be visible nowhere and named by nobody, so they come apart first."""
    op.execute(_APART_AGAIN)
    op.execute(
        "drop view if exists feed_v1.copies, feed_v1.files"
    )  # the older release makes its own
    for table in ("apart", "merger", "joining"):
        op.drop_table(table, schema="desk")


# A change for each article that was merged, and for each that others were merged into: what the
# feed says, in one statement, so that no position is given twice.
_APART_AGAIN = """
    with regrouped as (
        select article_id, row_number() over (order by article_id) as n from (
            select article_id from desk.merger union select into_id from desk.merger
        ) named
        where exists (
            select from desk.merger m join desk.published p on p.article_id = m.into_id
            where named.article_id in (m.article_id, m.into_id)
        )
    ), pointers as (
        select r.article_id, coalesce(p.version, a.latest) as version, h.position + r.n as position,
            (
                select count(*) from desk.file f
                where f.article_id = r.article_id and f.state = 'duplicate'
                    and f.reason in ('exact', 'near') and f.version <= coalesce(p.version, a.latest)
            ) as copies
        from regrouped r
        join desk.article a on a.id = r.article_id
        cross join desk.head h
        left join desk.published p on p.article_id = r.article_id
    ), told as (
        insert into desk.change (position, kind, article_id, version, cause)
        select position, 'regrouped', article_id, version, 'this release keeps them apart'
        from pointers
    ), counted as (
        update desk.head set position = position + (select count(*) from pointers)
    )
    insert into desk.published (article_id, version, copies, position)
    select article_id, version, copies, position from pointers
    on conflict (article_id) do update
    set version = excluded.version, copies = excluded.copies, position = excluded.position
"""
