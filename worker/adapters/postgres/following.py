"""Follow the feed as any consumer may: by position, woken by its notices."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.rows import class_row

from worker.core.errors import Unavailable, UsageError
from worker.ports import Change

_PAGE = 500  # changes

# A change may be of an article that nobody sees any more: then it has no headline.
_CHANGES = """
    select c.position, c.kind, c.article_id, c.version, c."into", c.cause, c.at, a.headline
    from feed_v1.changes_after(%s, %s) c
    left join feed_v1.articles a on a.id = c.article_id
    order by c.position
"""


class PostgresFeed:
    """One connection, that hears the notices: ask for changes, wait, and ask again."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def changes(self, after: int | None) -> Iterator[Change]:
        after = self._beginning() if after is None else after
        while True:
            page = self._page(after)
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1].position

    def _beginning(self) -> int:
        row = self._connection.execute("select smallest - 1 from feed_v1.head").fetchone()
        return int(row[0]) if row else 0

    def wait(self, timeout_seconds: float) -> None:
        try:
            for _ in self._connection.notifies(timeout=timeout_seconds, stop_after=1):
                pass
        except psycopg.OperationalError as error:
            raise Unavailable(f"PostgreSQL: {error}") from error

    def _page(self, after: int) -> list[Change]:
        with self._connection.cursor(row_factory=class_row(Change)) as cursor:
            try:
                return cursor.execute(_CHANGES, [after, _PAGE]).fetchall()
            except psycopg.OperationalError as error:
                raise Unavailable(f"PostgreSQL: {error}") from error
            except psycopg.Error as error:
                if not (error.sqlstate or "").startswith("CD"):
                    raise
                raise UsageError(f"{error.diag.message_primary}") from error


@contextmanager
def follow(url: str) -> Iterator[PostgresFeed]:
    """Connect to a libpq *url*, and listen before anybody looks: so no notice is too early.

    Raises:
        Unavailable: it cannot be reached.
    """
    try:
        connection = psycopg.connect(
            url, autocommit=True, application_name="copydesk feed", connect_timeout=5
        )
    except psycopg.OperationalError as error:
        raise Unavailable(f"PostgreSQL: {error}") from error
    with connection:
        connection.execute("listen copydesk_changes")
        yield PostgresFeed(connection)
