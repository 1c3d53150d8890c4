"""Judge stored files again by the present rules, and make good where these differ."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, text

from worker.adapters.postgres.engine import transaction
from worker.adapters.postgres.inspecting import as_it_was, file_from
from worker.adapters.postgres.parting import let_go, look, unmerge
from worker.adapters.postgres.regrouping import lock, merge_ready
from worker.adapters.postgres.selecting import CHOSEN, chosen
from worker.core import dedupe
from worker.core.article import READ_AGAIN, Article, Verdict
from worker.core.dedupe import Candidate
from worker.core.errors import Rejected
from worker.core.ledger import State
from worker.core.life import File
from worker.core.policy import Policy
from worker.core.rejudging import Remedy, parted, remedy
from worker.core.selection import Selection
from worker.ports import Rejudged

_BECAUSE = "by the present rules"

# What a person placed, or had read again, and what was taken back, is no business of a policy.
_PAGE = text(f"""
    select f.*, d.content from desk.file f
    join desk.document d on d.sha256 = f.sha256
    where f.id > :after and f.state in ('stored', 'revised', 'duplicate')
        and f.decided_at is not null and d.erased_at is null
        and (f.reason is null or f.reason not in ('withdrawn', 'erased'))
        and not starts_with(f.because, :again)
        and not exists (select from desk.apart p where f.id in (p.file_id, p.origin))
        and {CHOSEN}
    order by f.id
    limit 100
""")  # noqa: S608 -- of our own pieces
_ROOTS = text("""
    select article_id, into_id from desk.merger where article_id = any(:ids)
""")
_JOINED = text("""
    select file_id, article_id from desk.merger where file_id = any(:files)
""")
_ORIGIN = text("select origin from desk.article where id = :id")
_ASK = text("""
    insert into desk.joining (article_id, other_id, file_id, because)
    select least(a.id, b.id), greatest(a.id, b.id), :file, :because
    from desk.article a, desk.article b where a.id = :one and b.id = :other
    on conflict (article_id, other_id) do nothing
""")


class PostgresRejudging:
    """*read* gives the article of a file's bytes and path, by the present code."""

    def __init__(
        self, engine: Engine, read: Callable[[bytes, str], Article], policy: Policy
    ) -> None:
        self._engine = engine
        self._read = read
        self._policy = policy

    def judged(self, which: Selection) -> Iterator[Rejudged]:
        """In pages, each its own transaction: whoever reads them may take hours."""
        after = 0
        while True:
            with transaction(self._engine) as connection:
                given = {**chosen(which), "after": after, "again": READ_AGAIN}
                rows = connection.execute(_PAGE, given).all()
                joined = _joined(connection, [row.id for row in rows])
                page = [self._judge(connection, row, joined[row.id]) for row in rows]
            yield from (file for file in page if file is not None)
            if not rows:
                return
            after = rows[-1].id

    def _judge(
        self, connection: Connection, row: Row[Any], joined: frozenset[UUID]
    ) -> Rejudged | None:
        file = file_from(row)
        if file.verdict is None or file.article_id is None:
            return None
        try:
            candidate = Candidate.of(self._read(row.content, file.path.text))
        except Rejected:  # the present code reads it no more
            return None
        now = self._verdict(connection, file, candidate)
        named = [file.article_id, *([now.of] if now.of else [])]
        roots = {of: of for of in named}
        roots |= {r.article_id: r.into_id for r in connection.execute(_ROOTS, {"ids": named})}
        was, of = roots[file.article_id], roots[now.of] if now.of else None
        return Rejudged(
            file.id,
            file.path,
            was,
            file.verdict,
            now,
            remedy(file.verdict, now, was=was, of=of),
            parted(now, joined, own=None if file.verdict.of else file.article_id),
        )

    def _verdict(self, connection: Connection, file: File, candidate: Candidate) -> Verdict:
        shelf = as_it_was(connection, file, candidate)
        path = (file.inbox, file.path.raw)
        near = shelf.neighbours(candidate, path, now=file.noticed_at)
        return dedupe.decide(candidate, near, self._policy)

    def mend(self, file: Rejudged) -> bool:
        with transaction(self._engine) as connection:
            lock(connection)
            placed = self._place(connection, file)
            return any([placed, *(self._part(connection, of) for of in file.parts)])

    def _part(self, connection: Connection, article_id: UUID) -> bool:
        origin = connection.execute(_ORIGIN, {"id": article_id}).scalar_one()
        row = look(connection, origin)
        if row.into_id is not None and row.root_version is not None:
            unmerge(connection, row, _BECAUSE)
            return True
        return False

    def _place(self, connection: Connection, file: Rejudged) -> bool:
        row = look(connection, file.file_id)
        if row.root_id != file.article_id or row.relation != file.before.relation:
            return False
        if file.remedy is Remedy.AGAIN and row.state == State.DUPLICATE:
            let_go(connection, row, _BECAUSE)
            return True
        if file.remedy is Remedy.JOIN:
            pair = {"one": row.article_id, "other": file.now.of, "because": _BECAUSE}
            connection.execute(_ASK, {**pair, "file": file.file_id})
            merge_ready(connection)
            return True
        return False


def _joined(connection: Connection, files: list[int]) -> defaultdict[int, frozenset[UUID]]:
    """The articles that the text of each file joined to others."""
    joined: defaultdict[int, frozenset[UUID]] = defaultdict(frozenset)
    for row in connection.execute(_JOINED, {"files": files}):
        joined[row.file_id] |= {row.article_id}
    return joined
