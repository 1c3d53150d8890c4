"""Migrations and tables say the same, and the way back works."""

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

import schemas.migrate
from schemas import revisions
from schemas.tables import metadata
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.postgres.reading import PostgresReading
from worker.adapters.postgres.turning import SKETCH_SLOTS

SLOTS = {f"sketch_{slot}" for slot in range(SKETCH_SLOTS)}  # the partitions, which no model names


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection,
        opts={
            "include_schemas": True,
            "include_name": lambda name, kind, _: kind != "schema" or name == "desk",
            "include_object": lambda _, name, kind, *__: kind != "table" or name not in SLOTS,
            "version_table": "schema_version",
            "version_table_schema": "desk",
            "compare_server_default": True,
        },
    )
    return list(compare_metadata(context, metadata))


def test_migrations_end_in_one_head() -> None:
    config = Config()
    config.set_main_option("script_location", "schemas/migrations")

    assert ScriptDirectory.from_config(config).get_heads() == [revisions.newest()]


def test_migrated_tables_are_those_of_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        assert differences(connection) == []


def test_a_changed_table_is_noticed(engine: Engine) -> None:
    """The comparison above can fail."""
    with engine.begin() as connection:
        connection.execute(text("alter table desk.file drop column detail"))

        assert differences(connection) != []


def test_down_to_nothing_and_up_again(engine: Engine) -> None:
    schemas.migrate.downgrade(engine, "base")
    with engine.connect() as connection:
        left = connection.execute(
            text("select count(*) from pg_tables where schemaname in ('desk', 'feed_v1')")
        ).scalar_one()
    schemas.migrate.upgrade(engine)

    with engine.connect() as connection:
        assert left == 1  # alembic's own
        assert revisions.revision(connection) == revisions.newest()
        assert connection.execute(text("select count(*) from feed_v1.articles")).scalar_one() == 0


def test_a_watched_inbox_goes_back_and_forth(engine: Engine) -> None:
    """What its watchers say they say again; that it was seen and scanned is kept."""
    PostgresIntake(engine).beat("/in", settling=3, scanned=True)
    schemas.migrate.downgrade(engine, "0005")
    with engine.connect() as connection:
        before = connection.execute(text("select inbox, settling from desk.inbox")).all()
    schemas.migrate.upgrade(engine)
    status = PostgresReading(engine).status("/in")

    assert [tuple(row) for row in before] == [("/in", 0)]
    assert (status.settling, status.scanned_at is None) == (0, False)


def test_upgrading_again_changes_nothing(engine: Engine) -> None:
    with engine.connect() as connection:
        epoch = connection.execute(text("select epoch from feed_v1.head")).scalar_one()

    schemas.migrate.upgrade(engine)

    with engine.connect() as connection:
        assert connection.execute(text("select epoch from feed_v1.head")).scalar_one() == epoch


def test_a_revision_of_another_release_is_not_ours() -> None:
    assert revisions.knows(revisions.newest())
    assert not revisions.knows("9999")


def test_documents_are_not_compressed(engine: Engine) -> None:
    """The comparison of tables does not see how a column is stored."""
    storage = text("""
        select attstorage from pg_attribute
        where attrelid = 'desk.document'::regclass and attname = 'content'
    """)
    with engine.connect() as connection:
        assert connection.execute(storage).scalar_one() == "e"
