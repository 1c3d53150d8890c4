"""What must hold whatever was killed: the promises of the service, asked of a real database."""

import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, text

_OPEN = text("select count(*) from desk.file where state in ('noticed', 'processing')")
_PATHS = text("select distinct path from desk.file where parent_id is null")
_TWICE = text("""
    select f.path from desk.file f
    join desk.file before on before.inbox = f.inbox and before.path_key = f.path_key
        and before.generation = f.generation - 1 and before.sha256 = f.sha256
""")
# An article may come back to an earlier text of its own: A, B, A.
_SHARED = text("""
    select content_hash from desk.version v left join desk.merger m using (article_id)
    group by content_hash having count(distinct coalesce(m.into_id, v.article_id)) > 1
""")
_REPEATED = text("""
    select v.article_id from desk.version v
    join desk.version before on before.article_id = v.article_id
        and before.version = v.version - 1 and before.content_hash = v.content_hash
""")
_UNPUBLISHED = text("""
    select count(*) from desk.version v
    where not exists (select from desk.published p where p.article_id = v.article_id)
        and not exists (select from desk.merger m where m.article_id = v.article_id)
""")
_FEED = text("""
    select count(*) as changes, coalesce(min(position), 1) as first,
        coalesce(max(position), 0) as last
    from feed_v1.changes
""")
_MIRROR = text("""
    with latest as (
        select * from (
            select distinct on (article_id) article_id, version, position, "into"
            from feed_v1.changes order by article_id, position desc
        ) last
        where "into" is null
    )
    select count(*) from feed_v1.articles a
    full join latest l on l.article_id = a.id
        and l.version = a.version and l.position = a.position
    where a.id is null or l.article_id is null
""")
_COPIES = text("""
    select count(*) from feed_v1.articles a
    where a.copies <> (select count(*) from feed_v1.copies c where c.article_id = a.id)
""")


def wait_until_final(engine: Engine, files: int, *, seconds: float = 120) -> None:
    """Until *files* rows are there and each has an outcome; generous, against hanging."""

    def drained() -> bool:
        with engine.connect() as connection:
            rows = connection.execute(text("select count(*) from desk.file")).scalar_one()
            return bool(rows >= files and connection.execute(_OPEN).scalar_one() == 0)

    wait(drained, seconds=seconds, what=f"{files} files to be final")


def wait(until: Callable[[], bool], *, seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not until():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(0.05)


def check(engine: Engine, folder: Path | None = None) -> None:
    """Every file in one final state, each text once, the feed dense and equal to the view."""
    with engine.connect() as connection:
        _check_files(connection, folder)
        _check_store(connection)


def _check_files(connection: Connection, folder: Path | None) -> None:
    assert connection.execute(_OPEN).scalar_one() == 0, "files without an outcome"
    assert connection.execute(_TWICE).all() == [], "one content of a file has two rows"
    if folder is not None:
        names = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
        paths = set(connection.execute(_PATHS).scalars())
        assert names == paths, "the ledger is not the folder"


def _check_store(connection: Connection) -> None:
    changes = connection.execute(_FEED).one()
    assert connection.execute(_SHARED).all() == [], "a text is stored twice"
    assert connection.execute(_REPEATED).all() == [], "a version is the one before it"
    assert connection.execute(_UNPUBLISHED).scalar_one() == 0, "a version that nobody can see"
    assert (changes.first, changes.last) == (1, changes.changes), "positions are not dense"
    assert connection.execute(_MIRROR).scalar_one() == 0, "the replayed feed is not the view"
    assert connection.execute(_COPIES).scalar_one() == 0, "copies are miscounted"
