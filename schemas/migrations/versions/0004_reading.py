"""What makes reading fast: full-text search, and how far consumers are.

The large table is never rewritten: its new columns are empty, the clerk fills old rows by and by,
and the indexes are made while everybody works. Each statement may be repeated, since the first of
them is committed before the indexes are begun.
"""

from collections.abc import Sequence

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# The languages that PostgreSQL 18 has a stemmer for, among those that we tell apart.
_CONFIGURATIONS = (
    "ar arabic, ca catalan, da danish, de german, el greek, en english, es spanish, et estonian, "
    "eu basque, fi finnish, fr french, ga irish, hi hindi, hu hungarian, hy armenian, "
    "id indonesian, it italian, lt lithuanian, ne nepali, nl dutch, no norwegian, pt portuguese, "
    "ro romanian, ru russian, sr serbian, sv swedish, ta tamil, tr turkish"
)
_CASES = "\n".join(
    f"        when '{language}' then 'pg_catalog.{name}'::regconfig"
    for language, name in (pair.split() for pair in _CONFIGURATIONS.split(", "))
)

_CONFIGURATION = f"""
    create or replace function desk.search_config(language text) returns regconfig
    language sql immutable parallel safe
    return case lower(split_part(language, '-', 1))
{_CASES}
        else 'pg_catalog.simple'::regconfig
    end
"""

# A trigger and not a line in each statement that writes a version: tags, texts and the search for
# them cannot disagree, whoever writes. Bounds: a tsvector ends at a megabyte, an index's key at a
# third of a page.
_SEARCHABLE = """
    create or replace function desk.make_searchable() returns trigger
    language plpgsql set search_path = ''
    as $$
    declare
        config regconfig := desk.search_config(new.language);
        named jsonb := coalesce(new.people, '[]') || coalesce(new.organisations, '[]')
            || coalesce(new.places, '[]');
    begin
        new.search :=
            setweight(to_tsvector(config, left(new.headline, 1000)), 'A')
            || setweight(to_tsvector(config, coalesce((
                select left(string_agg(e ->> 'name', ' '), 20000) from jsonb_array_elements(named) e
            ), '')), 'B')
            || setweight(to_tsvector(config, left(new.body_text, 100000)), 'C');
        new.facets := array(
            select distinct lower(kind || ':' || left(value, 100)) from (
                values ('source', new.source), ('language', split_part(new.language, '-', 1))
                union all
                select 'entity', e ->> 'name' from jsonb_array_elements(named) e
                union all
                select 'country', e ->> 'code'
                from jsonb_array_elements(coalesce(new.countries, '[]')) e
                union all
                select 'topic', unnest(array[e ->> 'qcode', e ->> 'name'])
                from jsonb_array_elements(coalesce(new.subjects, '[]')) e
            ) facet (kind, value)
            where value is not null
        );
        return new;
    end
    $$
"""
_TRIGGER = """
    create or replace trigger make_searchable
    before insert or update of headline, body_text, language, source, subjects, people,
        organisations, places, countries, tags_status, search
    on desk.version for each row when (new.tags_status <> 'pending')
    execute function desk.make_searchable()
"""

_INDEXES = {
    "version_search_idx": "using gin (search, facets)",
    "version_headline_idx": "using gin (headline {trigrams}.gin_trgm_ops)",
    "version_unsearchable_idx": "(article_id) where search is null and tags_status <> 'pending'",
}


def upgrade() -> None:
    op.execute("create extension if not exists pg_trgm schema public")
    op.execute("""
        alter table desk.version
            add column if not exists search tsvector,
            add column if not exists facets text[]
    """)
    op.execute(
        "comment on column desk.version.search is 'what full-text search finds it by; null until "
        "it is tagged'"
    )
    op.execute(
        "comment on column desk.version.facets is 'what search is narrowed by: kind:value, in "
        "small letters'"
    )
    op.execute(_CONFIGURATION)
    op.execute(_SEARCHABLE)
    op.execute(_TRIGGER)
    op.execute("""
        create table if not exists desk.consumer (
            name text not null,
            position bigint not null,
            seen_at timestamp with time zone default now() not null,
            constraint consumer_pkey primary key (name)
        )
    """)
    op.execute("comment on table desk.consumer is 'Consumers that tell how far they are.'")
    op.execute("comment on column desk.consumer.position is 'up to which it has read'")
    op.execute("comment on column desk.consumer.seen_at is 'when it last told'")
    trigrams = _schema_of_trigrams()
    with op.get_context().autocommit_block():
        for name, definition in _INDEXES.items():
            # What a build that was cut off leaves behind has the name, and is of no use.
            op.execute(f"drop index concurrently if exists desk.{name}")
            op.execute(
                f"create index concurrently {name} on desk.version "
                + definition.format(trigrams=trigrams)
            )


def _schema_of_trigrams() -> str:
    """An administrator may have put the extension elsewhere."""
    found = op.get_bind().exec_driver_sql(
        "select quote_ident(nspname) from pg_extension e "
        "join pg_namespace n on n.oid = e.extnamespace where extname = 'pg_trgm'"
    )
    return str(found.scalar_one())


def downgrade() -> None:
    """The extension stays: others may use it."""
    for name in _INDEXES:
        op.execute(f"drop index if exists desk.{name}")
    op.execute("drop trigger if exists make_searchable on desk.version")
    op.execute("drop function if exists desk.make_searchable")
    op.execute("drop function if exists desk.search_config")
    op.execute("drop table if exists desk.consumer")
    op.execute(
        "alter table desk.version drop column if exists search, drop column if exists facets"
    )
