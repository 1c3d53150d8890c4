"""Replace the tags of stored versions, and tell consumers.

Locks: names of entities, which are new rows, then the feed's. All that touches versions that
somebody may see, erasing too, holds that one, so what is read under it stays so to the commit.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Engine, RowMapping, text

from worker.adapters.postgres.closing import write_tags
from worker.adapters.postgres.engine import transaction
from worker.adapters.postgres.entities import name, use
from worker.adapters.postgres.pointing import FEED_LOCK, append
from worker.adapters.postgres.selecting import CHOSEN, chosen
from worker.core import document, feed
from worker.core.article import Tags
from worker.core.ledger import Path
from worker.core.retagging import Columns, Methods
from worker.core.selection import Selection
from worker.ports import Tagged

_COLUMNS = tuple(document.tag_columns(None))

_SELECT = """
    select {what} from desk.file f join desk.version v on v.file_id = f.id
    where f.state in ('stored', 'revised') and f.reason is distinct from 'erased'
        and v.tags_status = 'complete'
        and not exists (
            select from desk.published p
            where p.article_id = v.article_id and p.version > v.version
        )
        and {which}
"""
_OUTDATED = f"""(
    v.tags_method is distinct from
        coalesce(cast(:models as jsonb) ->> lower(split_part(v.language, '-', 1)), :rules)
    or not exists (
        select from desk.naming u where u.article_id = v.article_id and u.version = v.version
    )
) and {CHOSEN}"""
_COUNT = text(_SELECT.format(what="count(*)", which=_OUTDATED))
_PAGE = text(
    _SELECT.format(
        what="""f.id as of_file, coalesce(f.path_raw, convert_to(f.path, 'UTF8')) as raw, v.*,
            v.article_id as of_article, v.version as of_version""",
        which=f"f.id > :after and {_OUTDATED} order by f.id limit :limit",
    )
)
_NOW = text(
    _SELECT.format(
        what=f"f.id as of_file, {', '.join(f'v.{c}' for c in _COLUMNS)}",
        which="f.id = any(:files)",
    )
)

_SHOWN = text("""
    select p.article_id, p.version, p.copies
    from desk.published p join desk.version v using (article_id, version)
    where v.file_id = any(:files) order by p.article_id
""")


class PostgresRetagging:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def count(self, which: Selection, methods: Methods) -> int:
        with transaction(self._engine) as connection:
            return int(connection.execute(_COUNT, _given(which, methods)).scalar_one())

    def outdated(
        self, which: Selection, methods: Methods, *, after: int, limit: int
    ) -> tuple[Tagged, ...]:
        given = {**_given(which, methods), "after": after, "limit": limit}
        with transaction(self._engine) as connection:
            rows = connection.execute(_PAGE, given).mappings()
            return tuple(_tagged(row) for row in rows)

    def replace(self, made: Sequence[tuple[Tagged, Tags]]) -> bool:
        try:
            with transaction(self._engine) as connection:
                _replace(connection, made)
        except _Overtaken:
            return False
        return True


class _Overtaken(Exception):  # noqa: N818 -- no error: it takes the transaction back
    """A version is not what it was when it was read."""


def _replace(connection: Connection, made: Sequence[tuple[Tagged, Tags]]) -> None:
    named = [(old.article_id, old.version, tags) for old, tags in made]
    used = name(connection, named)
    connection.execute(FEED_LOCK)
    files = [old.file_id for old, _ in made]
    rows = connection.execute(_NOW, {"files": files}).mappings()
    before = {row["of_file"]: _columns(row) for row in rows}
    if len(before) < len(made):
        raise _Overtaken
    write_tags(connection, [(old.file_id, tags) for old, tags in made])
    use(connection, used)
    changed = [
        old.file_id for old, tags in made if document.tag_columns(tags) != before[old.file_id]
    ]
    changes = [
        feed.Change(
            feed.ChangeKind.RETAGGED,
            row.article_id,
            feed.Pointer(row.version, row.copies),
            feed.TAGGED_ANEW,
        )
        for row in connection.execute(_SHOWN, {"files": changed})
    ]
    if changes:
        append(connection, changes)


def _given(which: Selection, methods: Methods) -> Mapping[str, object]:
    return {
        **chosen(which),
        "models": json.dumps(dict(methods.models)),
        "rules": methods.rules,
    }


def _tagged(row: RowMapping) -> Tagged:
    return Tagged(
        file_id=row["of_file"],
        path=Path(row["raw"]),
        article_id=row["of_article"],
        version=row["of_version"],
        article=document.article_from(cast("Mapping[str, Any]", row)),
        columns=_columns(row),
    )


def _columns(row: RowMapping) -> Columns:
    return {column: row[column] for column in _COLUMNS}
