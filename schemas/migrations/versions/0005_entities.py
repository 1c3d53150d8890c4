"""Entities that articles share, with the names that they go by."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Only new tables, empty ones: nobody waits. Retagging fills in what was tagged before."""
    op.create_table(
        "entity_name",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "entity",
            sa.Text(),
            nullable=False,
            comment="what all names of one entity share; bounded in length",
        ),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "canonical",
            sa.Boolean(),
            nullable=False,
            comment="an article calls the entity so; else it was only written so",
        ),
        sa.Column("country", sa.Text()),
        sa.Column("geonames", sa.BigInteger()),
        sa.Column("wikidata", sa.Text()),
        sa.CheckConstraint(
            "type in ('person', 'organisation', 'place')", name=op.f("entity_name_type_check")
        ),
        sa.PrimaryKeyConstraint("id", name="entity_name_pkey"),
        schema="desk",
        comment="Names of entities in any version; the number is a hash of all the rest.",
    )
    op.create_index("entity_name_entity_idx", "entity_name", ["entity"], schema="desk")
    op.create_index(
        "entity_name_name_idx",
        "entity_name",
        ["name"],
        schema="desk",
        postgresql_using="gin",
        postgresql_ops={"name": f"{_schema_of_trigrams()}.gin_trgm_ops"},
    )
    op.create_table(
        "naming",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "names",
            postgresql.ARRAY(sa.BigInteger()),
            nullable=False,
            comment="of entities in it, by their numbers",
        ),
        sa.PrimaryKeyConstraint("article_id", "version", name="naming_pkey"),
        sa.ForeignKeyConstraint(
            ["article_id", "version"],
            ["desk.version.article_id", "desk.version.version"],
            name="naming_version_fkey",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        schema="desk",
        comment="Which names each version uses: what makes them visible, and found.",
    )
    op.create_index("naming_names_idx", "naming", ["names"], schema="desk", postgresql_using="gin")


def _schema_of_trigrams() -> str:
    """An administrator may have put the extension elsewhere than the revision before."""
    found = op.get_bind().exec_driver_sql(
        "select extnamespace::regnamespace::text from pg_extension where extname = 'pg_trgm'"
    )
    return str(found.scalar_one())


def downgrade() -> None:
    op.execute("drop view if exists feed_v1.mentions, feed_v1.entities, feed_v1.aliases")
    op.execute("drop view if exists desk.shown_name")
    op.drop_index("naming_names_idx", table_name="naming", schema="desk", postgresql_using="gin")
    op.drop_table("naming", schema="desk")
    op.drop_index(
        "entity_name_name_idx", table_name="entity_name", schema="desk", postgresql_using="gin"
    )
    op.drop_index("entity_name_entity_idx", table_name="entity_name", schema="desk")
    op.drop_table("entity_name", schema="desk")
