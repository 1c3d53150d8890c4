"""The ledger and the store in memory: for dry runs (``copydesk explain``), and for tests.

It obeys the laws that the Postgres adapters obey (``tests/contract``), in one process and one
thread. Identifiers are counted, not drawn, so a dry run says the same thing twice.
"""

from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from worker import PIPELINE
from worker.core import document, feed
from worker.core.article import Article, Decision, Tags, TagsStatus
from worker.core.dedupe import Candidate
from worker.core.ledger import DEATHS_ALONE, Lane, Path, Reason, Stat, State
from worker.core.shelf import PathKey, Shelf
from worker.ports import Claim, Ending, Finished, Freed, Headline, Judge, Notice, Recorded, Status

_LEASE = timedelta(seconds=30)
_UNHEARD = timedelta(seconds=10)


@dataclass(slots=True)
class Row:
    """A file, as the ledger table has it."""

    file_id: int
    inbox: str
    path: Path
    generation: int
    stat: Stat
    sha256: bytes | None
    lane: Lane
    state: State
    reason: Reason | None
    detail: str
    noticed_at: datetime
    rung_at: datetime | None = None
    finished_at: datetime | None = None
    lease_until: datetime | None = None
    token: int = 0
    solo: bool = False
    deaths: int = 0
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an article, as the store has it."""

    article: Article
    content_hash: bytes
    file_id: int
    stored_at: datetime
    tags: Tags | None = None
    tags_status: TagsStatus = TagsStatus.PENDING


class MemoryStore:
    def __init__(
        self, now: Callable[[], datetime] = lambda: datetime(1970, 1, 1, tzinfo=UTC)
    ) -> None:
        self._now = now
        self.rows: dict[int, Row] = {}
        self.changes: list[feed.Change] = []
        self._documents: dict[bytes, bytes] = {}
        self._latest: dict[PathKey, Row] = {}
        self._shelf = Shelf()
        self._versions: dict[tuple[UUID, int], Version] = {}
        self._uris: dict[UUID, tuple[str, datetime]] = {}
        self._published: dict[UUID, tuple[feed.Pointer, int]] = {}
        self._beats: dict[str, tuple[int, datetime, datetime | None]] = {}

    # --- Intake ----------------------------------------------------------------------------------

    def known(self, inbox: str) -> Iterator[tuple[bytes, Stat]]:
        for (name, raw), row in self._latest.items():
            if name == inbox:
                yield raw, row.stat

    def record(self, inbox: str, notices: Sequence[Notice]) -> Recorded:
        rows = [row for notice in notices if (row := self._record(inbox, notice))]
        due = [row for row in rows if row.state is State.NOTICED]
        due.sort(key=lambda row: (row.lane is Lane.BACKFILL, row.file_id))
        ids = tuple(row.file_id for row in due)
        return Recorded(ids, len(rows) - len(due), len(notices) - len(rows))

    def _record(self, inbox: str, notice: Notice) -> Row | None:
        latest = self._latest.get((inbox, notice.path.raw))
        if latest is not None and _same(latest, notice):
            latest.stat = notice.stat
            return None
        if notice.sha256 is not None and notice.content is not None:
            self._documents.setdefault(notice.sha256, notice.content)
        row = Row(
            file_id=len(self.rows) + 1,
            inbox=inbox,
            path=notice.path,
            generation=latest.generation + 1 if latest else 1,
            stat=notice.stat,
            sha256=notice.sha256,
            lane=notice.lane,
            state=notice.state,
            reason=notice.reason,
            detail=notice.detail,
            noticed_at=self._now(),
            rung_at=self._now(),
            finished_at=self._now() if notice.reason else None,
        )
        self.rows[row.file_id] = self._latest[inbox, notice.path.raw] = row
        return row

    def beat(self, inbox: str, *, settling: int, scanned: bool) -> None:
        before = self._beats.get(inbox, (0, self._now(), None))[2]
        self._beats[inbox] = (settling, self._now(), self._now() if scanned else before)

    # --- Desk ------------------------------------------------------------------------------------

    def claim(self, hinted: Sequence[int], limit: int) -> tuple[Claim, ...]:
        due = [row for row in self.rows.values() if self._due(row)]
        due.sort(key=lambda row: (row.lane is Lane.BACKFILL, row.file_id))
        if alone := [row for row in due if row.solo and row.file_id in hinted]:
            return (self._lease(alone[0]),)
        together = [row for row in due if not row.solo]
        together.sort(key=lambda row: row.file_id not in hinted)  # stable: lanes stay in order
        chosen = together[:limit] or due[:1]
        chosen.sort(key=lambda row: (row.lane is Lane.BACKFILL, row.file_id))
        return tuple(self._lease(row) for row in chosen)

    def _due(self, row: Row) -> bool:
        before = (
            other
            for other in self.rows.values()
            if (other.inbox, other.path.raw) == (row.inbox, row.path.raw)
            and other.generation < row.generation
        )
        waits = row.generation > 1 and not all(other.state.final for other in before)
        return row.state is State.NOTICED and not waits

    def _lease(self, row: Row) -> Claim:
        row.state, row.token = State.PROCESSING, row.token + 1
        row.lease_until = self._now() + _LEASE
        decided = row.decision is not None and row.decision.adds_version
        return Claim(
            file_id=row.file_id,
            token=row.token,
            inbox=row.inbox,
            path=row.path,
            generation=row.generation,
            content=self._documents[row.sha256 or b""],
            noticed_at=row.noticed_at,
            solo=row.solo,
            deaths=row.deaths,
            decision=row.decision,
            article=self._version(row.decision).article if row.decision and decided else None,
        )

    def decide(
        self, articles: Sequence[tuple[Claim, Candidate]], judge: Judge
    ) -> Mapping[int, Decision]:
        return {
            claim.file_id: self._decide(claim, candidate, judge)
            for claim, candidate in articles
            if self._holds(claim)
        }

    def _decide(self, claim: Claim, candidate: Candidate, judge: Judge) -> Decision:
        if made := self.rows[claim.file_id].decision:
            return made  # before a judge broke half-way through the batch
        path = (claim.inbox, claim.path.raw)
        verdict = judge(candidate, self._shelf.neighbours(candidate, path))
        decision = self._shelf.place(verdict, self._new_id)
        self._shelf.shelve(claim.file_id, candidate, decision, path)
        if decision.adds_version:
            uri = document.uri(candidate.article, decision.article_id)
            self._uris.setdefault(decision.article_id, (uri, claim.noticed_at))
            self._versions[decision.article_id, decision.version] = Version(
                candidate.article, candidate.fingerprint.content_hash, claim.file_id, self._now()
            )
        self.rows[claim.file_id].decision = decision
        return decision

    def finish(self, endings: Sequence[Ending]) -> Finished:
        mine = [ending for ending in endings if self._holds(ending.claim)]
        for ending in mine:
            self._close(ending)
        position = self._publish([e.decision for e in mine if e.decision])
        written = tuple(sorted(e.claim.file_id for e in mine))
        return Finished(written, position, self._freed([e.claim for e in mine]))

    def _freed(self, claims: Sequence[Claim]) -> tuple[int, ...]:
        ended = {(c.inbox, c.path.raw, c.generation) for c in claims}
        return tuple(
            row.file_id
            for row in self.rows.values()
            if row.state is State.NOTICED and (row.inbox, row.path.raw, row.generation - 1) in ended
        )

    def _close(self, ending: Ending) -> None:
        row = self.rows[ending.claim.file_id]
        row.state, row.reason, row.detail = ending.state, ending.shown_reason, ending.detail
        row.finished_at, row.lease_until = self._now(), None
        if ending.decision and ending.decision.adds_version:
            status = TagsStatus.COMPLETE if ending.tags else TagsStatus.FAILED
            tagged = replace(self._version(ending.decision), tags=ending.tags, tags_status=status)
            self._versions[ending.decision.article_id, ending.decision.version] = tagged

    def _publish(self, decided: Sequence[Decision]) -> int | None:
        changes = feed.plan(
            [
                feed.Ready(d.article_id, d.version, d.verdict.because)
                for d in decided
                if d.adds_version
            ],
            [d.article_id for d in decided if d.verdict.relation.copy],
            {article_id: pointer for article_id, (pointer, _) in self._published.items()},
            self._copies(),
        )
        for change in changes:
            self.changes.append(change)
            self._published[change.article_id] = (change.pointer, len(self.changes))
        return len(self.changes) if changes else None

    def _copies(self) -> Counter[UUID]:
        return Counter(
            row.decision.article_id
            for row in self.rows.values()
            if row.decision and row.state is State.DUPLICATE and row.decision.verdict.relation.copy
        )

    def renew(self, claims: Sequence[Claim]) -> None:
        for claim in claims:
            if self._holds(claim):
                self.rows[claim.file_id].lease_until = self._now() + _LEASE

    def hand_back(self, claims: Sequence[Claim]) -> None:
        for claim in claims:
            if self._holds(claim):
                row = self.rows[claim.file_id]
                row.state, row.lease_until, row.rung_at = State.NOTICED, None, None

    def _holds(self, claim: Claim) -> bool:
        row = self.rows[claim.file_id]
        return row.state is State.PROCESSING and row.token == claim.token

    def _version(self, decision: Decision) -> Version:
        return self._versions[decision.article_id, decision.version]

    def _new_id(self) -> UUID:
        """Count in the form of a UUIDv7 of the year 1970."""
        return UUID(int=0x7000_8000_0000_0000_0000 | len(self._uris) + 1)

    # --- Sweep -----------------------------------------------------------------------------------

    def end_silent(self) -> int:
        return 0  # there are no sessions, and no locks

    def free_expired(self) -> Freed:
        freed = [self._free(row) for row in self.rows.values() if self._expired(row)]
        return Freed(again=freed.count(State.NOTICED), poisoned=freed.count(State.QUARANTINED))

    def _expired(self, row: Row) -> bool:
        return row.state is State.PROCESSING and (row.lease_until or self._now()) < self._now()

    def _free(self, row: Row) -> State:
        row.deaths += row.solo
        row.solo, row.lease_until, row.rung_at = True, None, None
        if row.deaths >= DEATHS_ALONE and row.decision is None:
            row.state, row.reason, row.finished_at = State.QUARANTINED, Reason.POISON, self._now()
        else:
            row.state = State.NOTICED
        return row.state

    def unheard(self, limit: int) -> tuple[int, ...]:
        since = self._now() - _UNHEARD
        rows = [
            row
            for row in self.rows.values()
            if row.state is State.NOTICED and (row.rung_at is None or row.rung_at < since)
        ]
        rows.sort(key=lambda row: (row.lane is Lane.BACKFILL, row.file_id))
        for row in rows[:limit]:
            row.rung_at = self._now()
        return tuple(sorted(row.file_id for row in rows[:limit]))

    # --- Reading ---------------------------------------------------------------------------------

    def inboxes(self) -> tuple[str, ...]:
        return tuple(sorted({*self._beats, *(row.inbox for row in self.rows.values())}))

    def status(self, inbox: str | None = None) -> Status:
        rows = [row for row in self.rows.values() if inbox in (None, row.inbox)]
        beats = [beat for name, beat in self._beats.items() if inbox in (None, name)]
        waiting = [row.noticed_at for row in rows if not row.state.final]
        lately = self._now() - timedelta(minutes=1)
        return Status(
            counts={state: sum(row.state is state for row in rows) for state in State},
            reasons=Counter((row.state, row.reason) for row in rows if row.reason),
            oldest_due_seconds=(self._now() - min(waiting)).total_seconds() if waiting else None,
            settling=sum(settling for settling, _, _ in beats),
            scanned_at=min((at for _, _, at in beats if at), default=None),
            watcher_seen_at=max((at for _, at, _ in beats), default=None),
            finished_last_minute=sum(
                row.finished_at is not None and row.finished_at > lately for row in rows
            ),
            position=len(self.changes),
            now=self._now(),
        )

    def latest(self, limit: int, *, inbox: str | None = None) -> tuple[Headline, ...]:
        rows = (row for row in self.rows.values() if inbox in (None, row.inbox))
        done = [row for row in rows if row.finished_at]
        done.sort(key=lambda row: (row.finished_at, row.file_id), reverse=True)
        return tuple(self._headline(row) for row in done[:limit])

    def _headline(self, row: Row) -> Headline:
        version = self._version(row.decision) if row.decision else None
        headline = version.article.headline if version else row.reason.meaning if row.reason else ""
        tags = version.tags if version else None
        names = (
            [e.name for group in (tags.people, tags.organisations) for e in group[:3]]
            if tags
            else []
        )
        codes = [country.code for country in tags.countries[:3]] if tags else []
        at = row.finished_at or row.noticed_at
        return Headline(at, row.state, headline, (*names, *codes), row.path.text, row.reason)

    def articles(
        self, *, after: int = 0, until: int | None = None
    ) -> Generator[dict[str, Any], None, None]:
        ordered = sorted(self._published.items(), key=lambda item: item[1][1])
        for article_id, (pointer, position) in ordered:
            if after < position and (until is None or position <= until):
                version = self._versions[article_id, pointer.version]
                yield document.article_v1(version.article, version.tags, self._identity(article_id))

    def _identity(self, article_id: UUID) -> document.Identity:
        pointer, position = self._published[article_id]
        version = self._versions[article_id, pointer.version]
        uri, first_seen_at = self._uris[article_id]
        return document.Identity(
            id=article_id,
            uri=uri,
            version=pointer.version,
            first_seen_at=first_seen_at,
            stored_at=version.stored_at,
            copies=pointer.copies,
            position=position,
            tags_status=version.tags_status,
            content_hash=version.content_hash,
            pipeline=PIPELINE,
        )


def _same(latest: Row, notice: Notice) -> bool:
    if notice.sha256 is None:
        return latest.sha256 is None and latest.reason is notice.reason
    return latest.sha256 == notice.sha256
