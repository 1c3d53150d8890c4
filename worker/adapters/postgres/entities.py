"""Note which names of entities each version uses: what entities are found by across articles.

Everything is noted, and the views show of it what a published version says: a name that stands in
withheld or superseded text alone shows nowhere.

An array a version, and not a row a name: 25 rows with their two indexes took more room than the
article itself.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from worker.core.article import Tags
from worker.core.entities import EntityName, entity_names

# In the order of numbers: of two workers that have the same new names, one waits for the other, and
# never both. Most names are there already, and looking is cheaper than trying to insert.
_NAME = text("""
    insert into desk.entity_name
        (id, entity, type, name, canonical, country, geonames, wikidata)
    select given.* from unnest(
        cast(:ids as bigint[]), cast(:entities as text[]), cast(:types as text[]),
        cast(:names as text[]), cast(:canonical as boolean[]), cast(:countries as text[]),
        cast(:geonames as bigint[]), cast(:wikidata as text[])
    ) as given(id, entity, type, name, canonical, country, geonames, wikidata)
    where not exists (select from desk.entity_name known where known.id = given.id)
    order by given.id
    on conflict (id) do nothing
""")

_USE = text("""
    insert into desk.naming (article_id, version, names)
    select article_id, version, cast(names as bigint[])
    from unnest(
        cast(:articles as uuid[]), cast(:versions as int[]), cast(:names as text[])
    ) as given(article_id, version, names)
    on conflict (article_id, version) do update set names = excluded.names
""")

_DROP = text("""
    with gone as (
        delete from desk.naming where article_id = any(:articles) returning article_id, names
    )
    delete from desk.entity_name n
    where n.id in (select unnest(names) from gone) and not exists (
        select from desk.naming other
        where other.names @> array[n.id] and other.article_id <> all(:articles)
    )
""")
_ALONE = text("lock table desk.entity_name in share row exclusive mode")


Used = Sequence[tuple[UUID, int, Iterable[int]]]  # the numbers of a version's names


def note(connection: Connection, tagged: Iterable[tuple[UUID, int, Tags]]) -> None:
    """Note the names of these versions, in place of those noted before; before the feed's lock."""
    use(connection, name(connection, tagged))


def name(connection: Connection, tagged: Iterable[tuple[UUID, int, Tags]]) -> Used:
    """Have all names; before the feed's lock."""
    used = [(article_id, version, entity_names(tags)) for article_id, version, tags in tagged]
    known = {number: named for _, _, names in used for number, named in names.items()}
    if known:
        connection.execute(_NAME, _columns(sorted(known.items())))
    return used


def use(connection: Connection, used: Used) -> None:
    """Say which version uses which names."""
    if used:
        given = {
            "articles": [article_id for article_id, _, _ in used],
            "versions": [version for _, version, _ in used],
            "names": [f"{{{','.join(map(str, names))}}}" for _, _, names in used],
        }
        connection.execute(_USE, given)


def forget(connection: Connection, articles: Sequence[UUID]) -> None:
    """Delete what was noted of *articles*, while nobody else notes.

    Whoever notes names holds that lock while it waits for the feed's: so forget before you take
    the feed's.
    """
    connection.execute(_ALONE)
    drop(connection, articles)


def drop(connection: Connection, articles: Sequence[UUID]) -> None:
    """Delete what was noted of *articles*, and the names that no other article uses.

    A batch that is just noting such a name for another article loses it, unless nobody else notes.
    """
    connection.execute(_DROP, {"articles": list(articles)})


def _columns(names: Sequence[tuple[int, EntityName]]) -> dict[str, list[object]]:
    return {
        "ids": [number for number, _ in names],
        "entities": [name.entity for _, name in names],
        "types": [name.type.value for _, name in names],
        "names": [name.name for _, name in names],
        "canonical": [name.canonical for _, name in names],
        "countries": [name.country for _, name in names],
        "geonames": [name.geonames for _, name in names],
        "wikidata": [name.wikidata for _, name in names],
    }
