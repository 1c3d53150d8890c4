"""Keep a copy of Copydesk's articles in a SQLite file, and miss nothing: a snapshot, then the feed.

    python follow.py postgresql://copydesk_reader@localhost/copydesk mirror.sqlite

Needs psycopg and nothing else. The position is kept in one transaction with what was read up to
it, so the program may be killed at any moment and started again. With --once it ends when it has
caught up.
"""

import json
import sqlite3
import sys
from collections.abc import Iterable
from contextlib import closing
from uuid import UUID

import psycopg

BATCH = 500  # changes
LOOK_AGAIN_SECONDS = 60  # a notice may be missed
TOO_OLD, AHEAD, OTHER_EPOCH = "CD001", "CD002", "CD003"

MIRROR = """
    create table if not exists article (id text primary key, article text not null);
    create table if not exists place (one integer primary key, epoch text, position integer);
"""
ARTICLES = "select id, to_jsonb(a) - 'search' from feed_v1.articles a"
CHANGED = ARTICLES + " where id = any(%s)"


def main(url: str, path: str, *options: str) -> None:
    with psycopg.connect(url, autocommit=True) as feed, closing(sqlite3.connect(path)) as mirror:
        mirror.executescript(MIRROR)
        feed.execute("set timezone = 'UTC'")  # for the times in jsonb
        feed.execute("listen copydesk_changes")  # before looking, so that no notice is too early
        while True:
            if catch_up(feed, mirror):
                continue
            if "--once" in options:
                return
            for _ in feed.notifies(timeout=LOOK_AGAIN_SECONDS, stop_after=1):
                pass


def catch_up(feed: psycopg.Connection, mirror: sqlite3.Connection) -> bool:
    """Take the next changes; whether there may be more."""
    place = mirror.execute("select epoch, position from place").fetchone()
    if place is None:
        return snapshot(feed, mirror)
    epoch, position = place
    try:
        changes = feed.execute(
            "select position, article_id from feed_v1.changes_after(%s, %s, %s)",
            [position, BATCH, epoch],
        ).fetchall()
    except psycopg.Error as error:
        if error.sqlstate in (TOO_OLD, OTHER_EPOCH):
            return snapshot(feed, mirror)
        if error.sqlstate == AHEAD:
            sys.exit(f"{error.diag.message_primary}: is this the right database?")
        raise
    if changes:
        ids = {article_id for _, article_id in changes}
        rows = feed.execute(CHANGED, [list(ids)]).fetchall()
        keep(mirror, ids, rows, epoch, changes[-1][0])
    return bool(changes)


def snapshot(feed: psycopg.Connection, mirror: sqlite3.Connection) -> bool:
    """Read everything as it is at one moment, which has one position."""
    with feed.transaction():
        feed.execute("set transaction isolation level repeatable read, read only")
        ((epoch, position),) = feed.execute("select epoch, greatest from feed_v1.head").fetchall()
        mirror.execute("delete from article")  # committed with the rest, or not at all
        with feed.cursor("snapshot") as articles:
            keep(mirror, (), articles.execute(ARTICLES), str(epoch), position)
    return True


def keep(
    mirror: sqlite3.Connection,
    changed: Iterable[UUID],
    rows: Iterable[tuple[UUID, dict[str, object]]],
    epoch: str,
    position: int,
) -> None:
    """Put *rows* in the place of what *changed*: an article that is not among them is gone."""
    mirror.executemany("delete from article where id = ?", [[str(id_)] for id_ in changed])
    mirror.executemany(
        "insert into article values (?, ?)", ([str(id_), json.dumps(a)] for id_, a in rows)
    )
    mirror.execute("insert or replace into place values (1, ?, ?)", [epoch, position])
    mirror.commit()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
