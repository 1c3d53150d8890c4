"""Take stories back, inside the transaction that moves the pointers: needs the feed's lock.

Whatever may change what is left of an article ends in *settle*: a kill that comes in, a file of an
article that was taken back, a person who takes one back or restores it. It reads the article's
files and the rules that hold, lets ``worker.core.withdrawal`` judge, and makes that good.

Only rows of files that have their outcome are touched here, so whoever holds the rows of files in
work and waits for the feed's lock is in nobody's way.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from worker.adapters.postgres.erasing import erase
from worker.adapters.postgres.pointing import HELD, UNSEEN, count_copies
from worker.adapters.postgres.regrouping import DISINHERIT
from worker.core.article import UNTOLD
from worker.core.feed import Change, ChangeKind, Pointer
from worker.core.ledger import Reason, State
from worker.core.withdrawal import (
    Bearer,
    Part,
    Scope,
    Standing,
    Turn,
    Withdrawal,
    standing,
    told,
)

_CONCERNS = text("""
    select exists (select from desk.file where id = any(:files) and kills is not null)
        or exists (
            select from desk.withdrawal where lifted_at is null and article_id = any(:articles)
        )
        or exists (
            select from desk.withdrawal where article_id is null and uri_key in (
                select uri_key from desk.article where id = any(:articles)
                union all
                select uri_key from desk.alias where article_id = any(:articles)
            )
        )
""")

# One that names nothing is of the article that it belongs to itself, unless it is its first file.
_HEAR = text("""
    insert into desk.withdrawal (article_id, uri_key, scope, source, edition, because, file_id)
    select case when f.kills = '' then f.article_id end, nullif(f.kills, ''), 'source',
        f.source, f.edition, coalesce(f.source, 'its publisher') || ' took it back, ' || f.path,
        f.id
    from desk.file f
    where f.id = any(:files) and (f.kills <> '' or f.kills = '' and f.relation <> 'new')
        and not exists (select from desk.withdrawal w where w.file_id = f.id)
    order by f.id
""")

# For each article that goes by the name, one of its own, that can be lifted. Where a kill does not
# say whose it is, the story says so.
_BIND = text("""
    insert into desk.withdrawal (article_id, uri_key, scope, source, edition, because, file_id)
    select distinct n.article_id, w.uri_key, w.scope, coalesce(w.source, n.source), w.edition,
        w.because, w.file_id
    from desk.withdrawal w
    join lateral (
        select a.id as article_id, f.source from desk.article a join desk.file f on f.id = a.origin
        where a.uri_key = w.uri_key
        union
        select article_id, null from desk.alias where uri_key = w.uri_key
    ) n on n.article_id = any(:articles) or w.file_id = any(:files)
    where w.article_id is null and not exists (
        select from desk.withdrawal known
        where known.file_id = w.file_id and known.article_id = n.article_id
    )
""")
_BOUND = text("""
    select distinct article_id from desk.withdrawal
    where lifted_at is null and article_id is not null
        and (article_id = any(:articles) or file_id = any(:files))
""")
_TELL = text("""
    update desk.file f set detail = coalesce(
        (
            select 'it takes back ' || string_agg(w.article_id::text, ', ' order by w.id)
            from desk.withdrawal w where w.file_id = f.id and w.article_id is not null
        ),
        case when f.kills = '' then 'it names nothing by an identifier that it takes back'
            else 'nothing is known by the name that it takes back' end
    )
    where f.reason is null and (
        f.id = any(:files) and f.kills is not null
        or f.state in ('stored', 'revised', 'duplicate')
            and f.id in (select file_id from desk.withdrawal w where w.article_id = any(:articles))
    )
""")

# What consumers see already is no less valid because a later version is withheld.
_BEARERS = text(f"""
    select f.article_id, f.id, f.state, f.reason, f.relation, f.version, f.sha256, f.edition,
        coalesce(f.source, v.source) as source, v.file_id is not null as made,
        v.tags_status <> 'pending' and (p.version is not null or not {HELD}) as ready,
        exists (
            select from desk.file later where later.inbox = f.inbox
                and later.path_key = f.path_key and later.generation > f.generation
        ) as followed
    from desk.file f
    left join desk.version v on v.file_id = f.id
    left join desk.published p on p.article_id = v.article_id and p.version = v.version
    where f.article_id = any(:articles) and f.state <> 'quarantined'
    order by f.id
""")  # noqa: S608 -- of our own pieces
_RULES = text("""
    select article_id, scope, because, sha256, source, edition, erases from desk.withdrawal
    where lifted_at is null and article_id = any(:articles) order by id
""")
_NOW = text("""
    select a.id, p.version, p.copies, last.kind, last.version as last_version
    from desk.article a
    left join desk.published p on p.article_id = a.id
    left join lateral (
        select kind, version from desk.change c where c.article_id = a.id
        order by position desc limit 1
    ) last on true
    where a.id = any(:articles) order by a.id
""")
_CAUSES = text(f"""
    select v.article_id, case when {UNSEEN} is null then v.cause else :untold end as cause
    from desk.version v
    join desk.file f on f.id = v.file_id
    join unnest(cast(:ids as uuid[]), cast(:versions as int[])) as shown(id, version)
        on v.article_id = shown.id and v.version = shown.version
""")  # noqa: S608 -- of our own pieces

# What was merged stands for itself again, under the same rules: it is judged by its own files. The
# pair waits as it did before, so that what is restored is one article again.
_APART = text(f"""
    with gone as (
        delete from desk.merger m
        where (m.into_id = any(:articles) or m.article_id = any(:articles)) and exists (
            select from desk.withdrawal w
            where w.lifted_at is null and w.article_id in (m.article_id, m.into_id)
        )
        returning m.article_id, m.into_id, m.file_id, m.because
    ), asked as (
        insert into desk.joining (article_id, other_id, file_id, because)
        select least(article_id, into_id), greatest(article_id, into_id), file_id, because
        from gone
        on conflict (article_id, other_id) do nothing
    ), disinherited as (
        {DISINHERIT}
    ), told as (
        insert into desk.withdrawal
            (article_id, scope, sha256, source, edition, because, erases, at)
        select gone.article_id, w.scope, w.sha256, w.source, w.edition, w.because, w.erases, w.at
        from gone join desk.withdrawal w on w.article_id = gone.into_id
        where w.lifted_at is null
    )
    select article_id from gone union select into_id from gone
""")  # noqa: S608 -- of our own pieces

_MARK = text("""
    update desk.file f set reason = meant.reason, detail = meant.because
    from unnest(cast(:ids as bigint[]), cast(:reasons as text[]), cast(:because as text[]))
        as meant(id, reason, because)
    where f.id = meant.id
""")
# What the feed said of it, and of what was compared with it, told facts.
_UNTELL = text("""
    update desk.change c set cause = :untold
    from desk.file gone
    join desk.file f on f.article_id = gone.article_id and f.changed is not null
        and (f.id = gone.id or f.matched_version = gone.version)
    where gone.id = any(:ids) and gone.state in ('stored', 'revised')
        and c.article_id = f.article_id and c.version = f.version and c.cause = f.because
""")
_UNMARK = text("""
    update desk.file f set detail = null, reason = case
        when f.state = 'duplicate' then f.relation
        when exists (
            select from desk.version v where v.file_id = f.id and v.tags_status = 'failed'
        ) then 'tagging_failed'
    end
    where f.id = any(:ids)
""")

# It keeps its article, which it is to be the next version of: see ``PostgresDesk.decide``.
_INHERIT = text("""
    update desk.file
    set state = 'noticed', reason = null, detail = null, relation = null, because = null,
        scores = null, changed = null, joins = null, matched_id = null, matched_version = null,
        version = null, decided_at = null, finished_at = null, lease_until = null, attempts = 0,
        deaths = 0, solo = false, rung_at = null, next_try_at = now()
    where id = any(:ids)
""")
_NO_VARIANT = text("delete from desk.variant where file_id = any(:ids)")


def concerned(
    connection: Connection, files: Sequence[int], articles: Collection[UUID]
) -> tuple[UUID, ...]:
    """Heed the kills among *files*; gives the articles of which something is taken back."""
    given = {"files": list(files), "articles": list(articles)}
    if not articles or not connection.execute(_CONCERNS, given).scalar_one():
        return ()
    connection.execute(_HEAR, given)
    connection.execute(_BIND, given)
    bound = tuple(connection.execute(_BOUND, given).scalars())
    connection.execute(_TELL, {**given, "articles": list(bound)})
    return bound


def settle(
    connection: Connection, articles: Collection[UUID], ready: Collection[tuple[UUID, int]] = ()
) -> list[Change]:
    """Make good what is left of *articles*; gives the changes that consumers are to be told.

    *ready* are versions that have just been finished.
    """
    apart = connection.execute(_APART, {"articles": list(articles)}).scalars()
    given = {"articles": sorted({*articles, *apart})}
    rows = connection.execute(_BEARERS, given).all()
    rules: defaultdict[UUID, list[Withdrawal]] = defaultdict(list)
    for row in connection.execute(_RULES, given):
        rules[row.article_id].append(_rule(row))
    left = {
        article_id: standing(
            [_bearer(row) for row in rows if row.article_id == article_id], rules[article_id]
        )
        for article_id in given["articles"]
    }
    marked = _mark(connection, rows, left)
    _inherit(connection, [each.heir for each in left.values() if each.heir is not None])
    turns = list(_turns(connection, left, rules))
    finished = (
        replace(t, marked=t.article_id in marked, finished=_is_new(t, ready)) for t in turns
    )
    changes = [change for turn in finished if (change := told(turn))]
    gone = [row for row in rows if _is_erased(row, left)]
    erase(connection, [row.id for row in gone], sorted({row.article_id for row in gone}))
    return changes


def _is_new(turn: Turn, ready: Collection[tuple[UUID, int]]) -> bool:
    return turn.after is not None and (turn.article_id, turn.after.version) in ready


def _is_erased(row: Row[Any], left: Mapping[UUID, Standing]) -> bool:
    rule = left[row.article_id].withdrawn.get(row.id)
    return rule is not None and rule.erases and State(row.state).final


def _mark(
    connection: Connection, rows: Sequence[Row[Any]], left: Mapping[UUID, Standing]
) -> set[UUID]:
    """Say of each file with an outcome whether it is taken back; gives the articles concerned."""
    meant: dict[int, Withdrawal] = {}
    free: list[int] = []
    touched: set[UUID] = set()
    for row in rows:
        rule = left[row.article_id].withdrawn.get(row.id)
        reason = _reason(rule)
        if not State(row.state).final or row.reason == reason:
            continue
        if rule is not None:
            meant[row.id] = rule
        elif row.reason == Reason.WITHDRAWN:
            free.append(row.id)
        else:
            continue
        touched.add(row.article_id)
    if meant:
        reasons = [_reason(rule) for rule in meant.values()]
        because = [rule.because for rule in meant.values()]
        given = {"ids": list(meant), "reasons": reasons, "because": because}
        connection.execute(_MARK, given)
        connection.execute(_UNTELL, {"ids": list(meant), "untold": UNTOLD})
    if free:
        connection.execute(_UNMARK, {"ids": free})
    return touched


def _reason(rule: Withdrawal | None) -> str | None:
    if rule is None:
        return None
    return (Reason.ERASED if rule.erases else Reason.WITHDRAWN).value


def _inherit(connection: Connection, heirs: Sequence[int]) -> None:
    if heirs:
        connection.execute(_INHERIT, {"ids": list(heirs)})
        connection.execute(_NO_VARIANT, {"ids": list(heirs)})


def _turns(
    connection: Connection,
    left: Mapping[UUID, Standing],
    rules: Mapping[UUID, Sequence[Withdrawal]],
) -> Iterator[Turn]:
    shown = [(of, each.shown) for of, each in left.items() if each.shown is not None]
    copies = count_copies(connection, shown)
    ids, versions = [of for of, _ in shown], [version for _, version in shown]
    given = {"ids": ids, "versions": versions, "untold": UNTOLD}
    causes = {row.article_id: row.cause for row in connection.execute(_CAUSES, given)}
    for row in connection.execute(_NOW, {"articles": list(left)}).all():
        version = left[row.id].shown
        yield Turn(
            article_id=row.id,
            before=None if row.version is None else Pointer(row.version, row.copies),
            last=None if row.kind is None else (ChangeKind(row.kind), row.last_version),
            after=None if version is None else Pointer(version, copies[row.id, version]),
            cause=causes.get(row.id, ""),
            rules=rules.get(row.id, ()),
        )


def _rule(row: Row[Any]) -> Withdrawal:
    return Withdrawal(
        Scope(row.scope),
        row.because,
        sha256=row.sha256,
        source=row.source,
        edition=row.edition,
        erases=row.erases,
    )


def _bearer(row: Row[Any]) -> Bearer:
    return Bearer(
        row.id,
        _part(row),
        row.version or 0,
        row.sha256,
        source=row.source,
        edition=row.edition,
        near=row.relation == "near",
        followed=row.followed,
    )


def _part(row: Row[Any]) -> Part:
    if row.made:
        final = State(row.state).final
        return Part.VERSION if row.ready and final else Part.WAITING
    if row.relation is None:
        return Part.COMING
    return Part.COPY if row.state == State.DUPLICATE and row.relation != "unchanged" else Part.SAME
