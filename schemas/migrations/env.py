"""Alembic's door; ``schemas.migrate`` opens it with a connection, so no URL is read here."""

from alembic import context

from schemas.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    include_schemas=True,
    version_table="schema_version",
    version_table_schema="desk",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
