"""Full-text search over what consumers see, by the functions that they have for it.

What is found, and how it is ranked, is said in schemas/feed_v1.sql; here it is shown.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import Connection, Engine, TextClause, text

from worker.adapters.postgres.engine import transaction
from worker.core.article import PARAGRAPH_BREAK
from worker.core.searching import BEGIN, END, Findings, Found, Query, marked

_NAMES: Final = 5  # of entities that look like what was asked for

_PATIENCE = text("select set_config('statement_timeout', '30s', true)")

_EXCERPT_OF = 10_000  # characters of the body
_HEADLINE = f'StartSel="{BEGIN}", StopSel="{END}", HighlightAll=true'
_EXCERPT = (
    f'StartSel="{BEGIN}", StopSel="{END}", MaxFragments=2, MinWords=12, MaxWords=28, '
    'FragmentDelimiter=" … "'
)


def _showing(best: str) -> TextClause:
    return text(f"""
        select a.id, a.uri, a.version, a.position, a.source, a.language, a.published_at, best.*,
            ts_headline(config, left(a.headline, 1000), query, :headline) as headline,
            ts_headline(config, left(a.body_text, {_EXCERPT_OF}), query, :excerpt) as excerpt
        from ({best}) best
        join feed_v1.articles a on a.id = best.found_id
        cross join lateral feed_v1.search_config(a.language) config
        cross join lateral websearch_to_tsquery(config, :words) query
        order by best.score desc, a.position desc
    """)  # noqa: S608 -- of constants


_MATCHING = _showing("""
    select id as found_id, score, ranked, capped from feed_v1.search(
        :words, :limit, source => :source, language => :language, topic => :topic,
        entity => :entity, country => :country, since => :since, until => :until
    )
""")
_LOOKALIKE = _showing("""
    select id as found_id, score from feed_v1.search_headlines(:words, :limit)
""")
_COMMON = text("""
    select numnode(websearch_to_tsquery(config, :words)) = 0
    from feed_v1.search_config(coalesce(:language, 'en')) config
""")
_ALIKE = text("select alias from feed_v1.search_names(:name, :limit)")


class PostgresSearching:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def search(self, query: Query, limit: int) -> Findings:
        with transaction(self._engine) as connection:
            connection.execute(_PATIENCE)
            rows = _ask(connection, _MATCHING, {**asdict(query), "limit": limit})
            if rows:
                return Findings(_found(rows), rows[0].ranked, capped=rows[0].capped)
            return _instead(connection, query, limit)


def _instead(connection: Connection, query: Query, limit: int) -> Findings:
    """What looks like what was asked for, where nothing is it.

    Words alone: where a search is narrowed, that nothing has them there is an answer.
    """
    if query.entity:
        asked = {"name": query.entity, "limit": _NAMES}
        names = dict.fromkeys(connection.execute(_ALIKE, asked).scalars())
        return Findings((), 0, names=tuple(names))
    asked = {"words": query.words, "language": query.language}
    if query.words and connection.execute(_COMMON, asked).scalar_one():
        return Findings((), 0, common=True)
    if query != Query(query.words):
        return Findings((), 0)
    rows = _ask(connection, _LOOKALIKE, {"words": query.wanted, "limit": limit})
    return Findings(_found(rows), 0, alike=bool(rows))


def _ask(connection: Connection, statement: TextClause, given: dict[str, Any]) -> Sequence[Any]:
    marks = {"headline": _HEADLINE, "excerpt": _EXCERPT}
    return connection.execute(statement, {**given, **marks}).all()


def _found(rows: Sequence[Any]) -> tuple[Found, ...]:
    return tuple(
        Found(
            article_id=row.id,
            uri=row.uri,
            version=row.version,
            position=row.position,
            score=float(row.score),
            headline=marked(row.headline),
            excerpt=marked(row.excerpt.replace(PARAGRAPH_BREAK, " ")),
            source=row.source,
            language=row.language,
            published_at=row.published_at,
        )
        for row in rows
    )
