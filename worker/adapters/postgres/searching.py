"""Full-text search over what consumers see.

The newest articles that match are ranked among each other: of a word that half the store has, all
occurrences would have to be read to rank them all, and news that nobody has read yet matter more.

The words of a query are stemmed as in each language, and an article is found by its own language's
stems: the index is asked for all of them at once, then each row for what its language makes of the
query, which is what counts.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Engine, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from worker.adapters.postgres.engine import transaction
from worker.core.article import PARAGRAPH_BREAK
from worker.core.searching import BEGIN, END, Findings, Found, Query, facet, marked

RANKED: Final = 500  # articles that are compared with each other

_EXCERPT_OF = 10_000  # characters of the body
_HEADLINE = f'StartSel="{BEGIN}", StopSel="{END}", HighlightAll=true'
_EXCERPT = (
    f'StartSel="{BEGIN}", StopSel="{END}", MaxFragments=2, MinWords=12, MaxWords=28, '
    'FragmentDelimiter=" … "'
)

# A search must be planned for its very words, and an index is always the right way: the planner
# takes texts for cheap to read, and they are kept apart from their rows.
_PLANNING = text("""
    select set_config('plan_cache_mode', 'force_custom_plan', true),
        set_config('enable_seqscan', 'off', true),
        set_config('max_parallel_workers_per_gather', '0', true),
        set_config('statement_timeout', '30s', true),
        set_config('pg_trgm.word_similarity_threshold', '0.5', true)
""")

_STEMMED = text("""
    select string_agg(distinct '(' || query::text || ')', ' | ')
    from pg_catalog.pg_ts_config c,
        lateral websearch_to_tsquery(c.oid::regconfig, :words) query
    where c.cfgnamespace = 'pg_catalog'::regnamespace and numnode(query) > 0
        and (cast(:language as text) is null or c.oid = desk.search_config(:language))
""")

# By any of its names, whichever article uses it.
_NAMES = text("""
    select distinct lower(n.name) from desk.entity_name asked
    join desk.entity_name n on n.entity = asked.entity and n.canonical
    where asked.name ilike :name
    limit 100
""")

_ALIKE = text("""
    select alias from feed_v1.aliases where alias %> :name
    group by alias order by word_similarity(:name, alias) desc, alias limit 5
""")

_ITS_QUERY = "websearch_to_tsquery(desk.search_config({}language), :words)"

# {where}: conditions on p and v that an index answers. {exact}: what it cannot answer, asked of the
# newest alone, since each answer takes the whole text of a row out of its place and unpacks it.
_MATCHING = """
    with found as materialized (
        select p.article_id, p.position, v.search, v.language
        from desk.published p
        join desk.version v on v.article_id = p.article_id and v.version = p.version
        where {where}
        order by p.position desc
        limit :ranked
    ), scored as (
        select article_id, position, count(*) over () as ranked,
            (select count(*) from found) = :ranked as capped, {score} as score
        from found
        where {exact}
    ), best as (
        select * from scored order by score desc, position desc limit :limit
    )
"""
_LOOKALIKE = """
    with best as (
        select p.article_id, 0 as ranked, false as capped,
            word_similarity(:words, v.headline) as score
        from desk.version v
        join desk.published p on p.article_id = v.article_id and p.version = v.version
        where v.headline %> :words
        order by score desc, p.position desc
        limit :limit
    )
"""
_SHOWING = f"""
    select a.id, a.uri, a.version, a.position, a.source, a.language, a.published_at,
        b.score, b.ranked, b.capped,
        ts_headline(
            desk.search_config(a.language), left(a.headline, 1000),
            {_ITS_QUERY.format("a.")}, :headline
        ) as headline,
        ts_headline(
            desk.search_config(a.language), left(a.body_text, {_EXCERPT_OF}),
            {_ITS_QUERY.format("a.")}, :excerpt
        ) as excerpt
    from best b
    join feed_v1.articles a on a.id = b.article_id
    order by b.score desc, a.position desc
"""  # noqa: S608 -- of constants


class PostgresSearching:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def search(self, query: Query, limit: int) -> Findings:
        with transaction(self._engine) as connection:
            connection.execute(_PLANNING)
            conditions, given = _narrowed(connection, query)
            findings = _matching(connection, query, conditions, {**given, "limit": limit})
            if findings.found:
                return findings
            return _instead(connection, query, limit, narrowed=bool(conditions))


Given = dict[str, Any]


def _narrowed(connection: Connection, query: Query) -> tuple[list[str], Given]:
    """The conditions apart from the words, the cheapest to check first.

    Only those that are asked for: each is an index's business, and none that is always true is.
    """
    asked: list[tuple[str, Given]] = []
    if query.since:
        asked.append(("v.published_at >= :since", {"since": query.since}))
    if query.until:
        asked.append(("v.published_at < :until", {"until": query.until}))
    if query.facets:
        lowered = [value.lower() for value in query.facets]
        asked.append(("v.facets @> :facets", {"facets": lowered}))
    if query.entity:
        asked.append(("v.facets && :names", {"names": _names(connection, query.entity)}))
    given = {name: value for _, values in asked for name, value in values.items()}
    return [condition for condition, _ in asked], given


def _names(connection: Connection, name: str) -> list[str]:
    escaped = name.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    known = connection.execute(_NAMES, {"name": escaped}).scalars()
    return [facet("entity", known) for known in dict.fromkeys([name.lower(), *known])]


def _matching(
    connection: Connection, query: Query, conditions: Sequence[str], given: Given
) -> Findings:
    score, exact = "0.0", "true"
    if query.words:
        asked = {"words": query.words, "language": query.language}
        stemmed = connection.execute(_STEMMED, asked).scalar_one()
        if stemmed is None:  # words that are too common for an index, or none at all
            return Findings((), 0)
        given = {**given, "stemmed": stemmed}
        conditions = [*conditions, "v.search @@ cast(:stemmed as tsquery)"]
        score = f"ts_rank(search, {_ITS_QUERY.format('')}, 1)"
        exact = f"search @@ {_ITS_QUERY.format('')}"
    where = " and ".join(conditions or ["true"])
    statement = _MATCHING.format(where=where, score=score, exact=exact) + _SHOWING
    rows = _ask(connection, statement, {**given, "words": query.words, "ranked": RANKED})
    if not rows:
        return Findings((), 0)
    return Findings(_found(rows), rows[0].ranked, capped=rows[0].capped)


def _instead(connection: Connection, query: Query, limit: int, *, narrowed: bool) -> Findings:
    """What looks like what was asked for, where nothing is it.

    Words alone: where a search is narrowed, that nothing has them there is an answer.
    """
    if query.entity:
        names = connection.execute(_ALIKE, {"name": query.entity}).scalars()
        return Findings((), 0, names=tuple(names))
    if narrowed or not query.words:
        return Findings((), 0)
    rows = _ask(connection, _LOOKALIKE + _SHOWING, {"words": query.words, "limit": limit})
    return Findings(_found(rows), 0, alike=bool(rows))


def _ask(connection: Connection, statement: str, given: Given) -> Sequence[Any]:
    lists = [bindparam(n, type_=ARRAY(Text)) for n in ("facets", "names") if n in given]
    return connection.execute(
        text(statement).bindparams(*lists), {**given, "headline": _HEADLINE, "excerpt": _EXCERPT}
    ).all()


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
