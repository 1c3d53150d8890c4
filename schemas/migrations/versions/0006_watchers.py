"""A word for each watcher of an inbox, where they spoke over one another in a single row."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Carry no row over: each watcher says all of it again, within a second of its start.

    A table of one row for each inbox loses columns, which takes a moment. A watcher of an older
    release that still runs then ends, and the next one finds what came meanwhile.
    """
    op.create_table(
        "watcher",
        sa.Column("inbox", sa.Text(), nullable=False),
        sa.Column("watcher", sa.Text(), nullable=False, comment="drawn anew at each start"),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False, comment="when it said so"),
        *_said(),
        sa.ForeignKeyConstraint(["inbox"], ["desk.inbox.inbox"], name="watcher_inbox_fkey"),
        sa.PrimaryKeyConstraint("inbox", "watcher", name="watcher_pkey"),
        schema="desk",
        comment="The last word of each watcher; other watchers clear away those that fell silent.",
    )
    for column in _said():
        op.drop_column("inbox", column.name, schema="desk")
    op.execute("comment on table desk.inbox is 'Watched folders, by whomever of their watchers.'")


def downgrade() -> None:
    op.drop_table("watcher", schema="desk")
    for column in _said(settling=sa.text("0")):
        op.add_column("inbox", column, schema="desk")
    op.alter_column("inbox", "settling", server_default=None, schema="desk")
    op.execute(
        "comment on table desk.inbox is 'Watched folders, as their watchers last spoke of them.'"
    )


def _said(settling: sa.TextClause | None = None) -> tuple[sa.Column[object], ...]:
    """The columns that move, with a default for rows that have no *settling*."""
    return (
        sa.Column(
            "settling",
            sa.Integer(),
            nullable=False,
            server_default=settling,
            comment="files still being written",
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
    )
