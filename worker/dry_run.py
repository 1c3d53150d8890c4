"""Say what would become of files, without servers and without a trace: ``copydesk explain``.

The pipeline itself does the work, over the ledger in memory, so a dry run cannot disagree with the
real one about what it is given. A container is followed by its members, which count as given
where it stands; those that an earlier generation of it had are not told again. Three things are
special to a dry run:

- Every file is normalised and tagged. The pipeline leaves copies untagged, since they share their
  article's tags; here they are worked once more, as if nothing like them were stored.
- A path that comes again with the content that it had is not news to the ledger, and has no row.
  It is called what a touched file is: ``unchanged``.
- Identifiers are counted and the clock stands still: the same files give the same answer.

Absent: settling, and names that have a meaning only inside an inbox: of a path, only its last part
can make it temporary or excluded.
"""

import os
import pathlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from worker import PIPELINE, expansion, pipeline
from worker.adapters.memory import MemoryStore, Row
from worker.core import document
from worker.core.article import Article, Decision, Link, Relation, Scores, Tags, TagsStatus, Verdict
from worker.core.dedupe import Candidate, Neighbour
from worker.core.errors import Rejected, UsageError
from worker.core.expanding.kinds import may_be_bulk, refuse_large
from worker.core.expanding.rules import Rules
from worker.core.filenames import refuse
from worker.core.fingerprint import fingerprint
from worker.core.ledger import BATCH_BYTES, Lane, Path, Reason, Stat, State, Witness
from worker.pipeline import Stages
from worker.ports import Notice

if TYPE_CHECKING:
    from uuid import UUID

BATCH_FILES = 32
_INBOX = "explain"
_Given = tuple[Notice, Row, bool]  # repeated: it was there before, with the same content
_AS_NEW = Verdict(Relation.NEW, "worked alone, for its tags")
_UNCHANGED = "the file has its own article's text"
_SAME = Scores(containment=1.0, jaccard=1.0, weighted=1.0, title=1.0, numbers=1.0)


@dataclass(frozen=True, slots=True)
class Explained:
    """What would become of one file, and why."""

    path: str
    outcome: State
    reason: Reason | None
    detail: str  # what exactly was seen, of a file that was refused
    decision: Decision | None  # None: it never came to one
    article: dict[str, Any] | None  # article.v1.json of the file's own text and tags
    of_path: str | None = None  # the file that the matched article came from

    def as_json(self) -> dict[str, Any]:
        """The line of ``explain --json``; keys may be added, and keep their meaning."""
        verdict = self.decision.verdict if self.decision else None
        return {
            "path": self.path,
            "outcome": self.outcome.value,
            "reason": self.reason.value if self.reason else None,
            "relation": verdict.relation.value if verdict else None,
            "article_id": str(self.decision.article_id) if self.decision else None,
            "of": str(verdict.of) if verdict and verdict.of else None,
            "scores": asdict(verdict.scores) if verdict else None,
            "relations": [_link(link) for link in verdict.links] if verdict else [],
            "joins": [str(of) for of in verdict.joins] if verdict else [],
            "article": self.article,
        }


def _link(link: Link) -> dict[str, Any]:
    """An article that stays apart, as ``feed_v1.relations`` has it."""
    return {
        "other_id": str(link.of),
        "relation": link.kinship.value,
        "evidence": link.because,
        "scores": asdict(link.scores),
    }


class DryRun:
    """Remembers the files that it has explained: later ones are judged against them."""

    def __init__(self, stages: Stages, rules: Rules, *, max_bulk_bytes: int = 0) -> None:
        self._stages = stages
        self._rules = rules
        self._max_bulk_bytes = max_bulk_bytes  # of a container, if that is more than of an article
        self._store = MemoryStore()
        self._rows: dict[bytes, Row] = {}  # the latest of each raw path
        self._origins: dict[UUID, str] = {}  # of each article, the path it first came from

    def explain(self, paths: Iterable[str | os.PathLike[str]]) -> Iterator[Explained]:
        """Explain files in the order given; works, and answers, in batches.

        Raises:
            UsageError: for a path that is no file, when its turn comes.

        """
        for batch in _batches(map(self._notice, paths)):
            yield from self._explain(batch)

    def _notice(self, name: str | os.PathLike[str]) -> Notice:
        path = Path(os.fsencode(name))
        reason = refuse(Path(path.raw.rpartition(b"/")[2]), self._rules.exclude)
        if reason is not None:
            return _refused(path, reason)
        limit = self._limit(path)
        try:
            with pathlib.Path(name).open("rb") as file:
                content = file.read(limit + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise UsageError(f"{path.text}: {error.strerror}") from error
        except OSError as error:
            return _refused(path, Reason.UNREADABLE, error.strerror or str(error))
        if len(content) > limit:
            return _refused(path, Reason.TOO_LARGE, f"the limit is {limit} bytes")
        try:
            refuse_large(path.raw, content, self._rules.member_bytes)
        except Rejected as refusal:
            return _refused(path, refusal.reason, refusal.detail)
        return _complete(path, content)

    def _limit(self, path: Path) -> int:
        if may_be_bulk(path.raw):
            return max(self._rules.member_bytes, self._max_bulk_bytes)
        return self._rules.member_bytes

    def _explain(self, batch: Sequence[Notice]) -> Iterator[Explained]:
        given = [(notice, *self._record(notice)) for notice in batch]
        memo, top = _Memo(self._stages), len(self._store.rows)
        _work(self._store, memo.stages, self._rules)
        if top < len(self._store.rows):
            given = self._with_members(given, top)
        _tag_copies([notice for notice, row, _ in given if row.decision], memo, self._rules)
        for notice, row, repeated in given:
            yield self._explained(notice, row, memo, repeated=repeated)

    def _with_members(self, given: Sequence["_Given"], top: int) -> list["_Given"]:
        """Put behind each container those of its members whose id is greater than *top*."""
        members: dict[int | None, list[Row]] = {}
        for file_id in range(top + 1, len(self._store.rows) + 1):
            row = self._store.rows[file_id]
            members.setdefault(row.parent, []).append(row)
        pending, told = list(reversed(given)), []
        while pending:
            told.append(pending.pop())
            below = members.pop(told[-1][1].file_id, [])
            pending += [(self._notice_of(row), row, False) for row in reversed(below)]
        return told

    def _notice_of(self, row: Row) -> Notice:
        content = self._store.content_of(row)
        if content is None:
            return _refused(row.path, row.reason or Reason.INTERNAL_ERROR, row.detail)
        return _complete(row.path, content)

    def _record(self, notice: Notice) -> tuple[Row, bool]:
        """Its row, and whether the row was there before, with the same content."""
        repeated = self._store.record(_INBOX, [notice]).known > 0
        if not repeated:
            self._rows[notice.path.raw] = next(reversed(self._store.rows.values()))
        return self._rows[notice.path.raw], repeated

    def _explained(self, notice: Notice, row: Row, memo: "_Memo", *, repeated: bool) -> Explained:
        outcome, reason, decision = row.state, row.reason, row.decision
        if repeated and decision is not None:
            outcome, reason, decision = State.DUPLICATE, Reason.UNCHANGED, _unchanged(decision)
        of = decision.verdict.of if decision else None
        if decision is not None:
            self._origins.setdefault(decision.article_id, notice.path.text)
        return Explained(
            path=notice.path.text,
            outcome=outcome,
            reason=reason,
            detail=row.detail,
            decision=decision,
            article=memo.object(notice, decision, row) if decision else None,
            of_path=self._origins[of] if of else None,
        )


class _Memo:
    """Keeps what the stages made of a batch, for the store keeps only what is not a copy."""

    def __init__(self, stages: Stages) -> None:
        self._made_by = stages
        self._articles: dict[tuple[bytes, str], Article] = {}
        self._tags: dict[Article, Tags] = {}
        self.stages = replace(stages, read=self._read, tag=self._tag)

    def _read(self, content: bytes, name: str) -> Article:
        key = (content, name)
        if key not in self._articles:
            self._articles[key] = self._made_by.read(content, name)
        return self._articles[key]

    def _tag(self, articles: Sequence[Article]) -> list[Tags]:
        tags = self._made_by.tag(articles)
        self._tags.update(zip(articles, tags, strict=True))
        return tags

    def is_tagged(self, notice: Notice) -> bool:
        return self._articles.get(_key(notice)) in self._tags

    def object(self, notice: Notice, decision: Decision, row: Row) -> document.Object:
        article = self._articles[_key(notice)]
        tags = self._tags.get(article)
        identity = document.Identity(
            id=decision.article_id,
            uri=document.uri(article, decision.article_id),
            version=decision.version,
            first_seen_at=row.noticed_at,
            stored_at=row.noticed_at,
            copies=0,
            position=None,
            tags_status=TagsStatus.COMPLETE if tags else TagsStatus.FAILED,
            content_hash=fingerprint(article.headline, article.body_text).content_hash,
            pipeline=PIPELINE,
        )
        return document.article_v1(article, tags, identity)


def _tag_copies(notices: Sequence[Notice], memo: _Memo, rules: Rules) -> None:
    """Work what has no tags once more, over an empty store, as if it were new."""
    copies = [notice for notice in notices if not memo.is_tagged(notice)]
    store = MemoryStore()
    store.record(_INBOX, copies)
    _work(store, replace(memo.stages, judge=_as_new), rules)


def _as_new(_: Candidate, __: Iterable[Neighbour]) -> Verdict:
    return _AS_NEW


class _Still:
    """A clock that stands still."""

    def monotonic(self) -> float:
        return 0.0

    def wall_ns(self) -> int:
        return 0

    def sleep(self, seconds: float) -> None:
        """Nobody waits."""


def _work(store: MemoryStore, stages: Stages, rules: Rules) -> None:
    tools = expansion.Tools(store, stages, store, rules, clock=_Still(), ring=lambda _, __: None)
    while claims := store.claim((), BATCH_FILES):
        if claims[0].bulk:
            expansion.run(claims[0], tools)
        else:
            pipeline.run(claims, store, stages)


def _unchanged(decision: Decision) -> Decision:
    """The decision on a file whose path and content were seen before."""
    article_id, version = decision.article_id, decision.version
    verdict = Verdict(Relation.UNCHANGED, _UNCHANGED, article_id, version, _SAME)
    return Decision(verdict, article_id, version)


def _key(notice: Notice) -> tuple[bytes, str]:
    return notice.content or b"", notice.path.text


def _complete(path: Path, content: bytes) -> Notice:
    stat = Stat(size=len(content), mtime_ns=0, ctime_ns=0, inode=0)
    digest = sha256(content).digest()
    return Notice(path, stat, Witness.QUIET, Lane.LIVE, content=content, sha256=digest)


def _refused(path: Path, reason: Reason, detail: str = "") -> Notice:
    stat = Stat(size=0, mtime_ns=0, ctime_ns=0, inode=0)
    return Notice(
        path,
        stat,
        Witness.QUIET,
        Lane.LIVE,
        content=None,
        sha256=None,
        reason=reason,
        detail=detail,
    )


def _batches(notices: Iterable[Notice]) -> Iterator[list[Notice]]:
    """Containers end their batch, so that their members come before what is given after them."""
    batch: list[Notice] = []
    size_bytes = 0
    for notice in notices:
        batch.append(notice)
        size_bytes += notice.stat.size
        if len(batch) == BATCH_FILES or size_bytes >= BATCH_BYTES or notice.bulk:
            yield batch
            batch, size_bytes = [], 0
    if batch:
        yield batch
