"""The ledger and the store in memory: for dry runs (``copydesk explain``), and for tests.

It obeys the laws that the Postgres adapters obey (``tests/contract``), in one process and one
thread. Identifiers are counted, not drawn, so a dry run says the same thing twice.
"""

import io
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
from worker.core.ledger import ATTEMPTS, DEATHS_ALONE, SILENCES, Lane, Path, Reason, Stat, State
from worker.core.settling import UNSEEN
from worker.core.shelf import PathKey, Shelf
from worker.ports import (
    CLEAR_SIGHT,
    Added,
    Claim,
    Ending,
    Finished,
    Freed,
    Headline,
    Judge,
    Notice,
    Recorded,
    Sight,
    Status,
    Unheard,
)

_LEASE = timedelta(seconds=30)
_UNHEARD = timedelta(seconds=10)
_CHILD = 1


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
    attempts: int = 0
    decision: Decision | None = None
    bulk: bool = False
    parent: int | None = None
    members: int = 0
    unpacked: int = 0


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an article, as the store has it."""

    article: Article
    content_hash: bytes
    file_id: int
    stored_at: datetime
    tags: Tags | None = None
    tags_status: TagsStatus = TagsStatus.PENDING


@dataclass(frozen=True, slots=True)
class Beat:
    """What a watcher last said of its inbox."""

    settling: int
    seen_at: datetime
    scanned_at: datetime | None
    sight: Sight


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
        self._beats: dict[str, Beat] = {}

    # --- Intake ----------------------------------------------------------------------------------

    def known(self, inbox: str) -> Iterator[tuple[bytes, Stat]]:
        for (name, raw), row in self._latest.items():
            if name == inbox and row.parent is None:
                unread = row.state is State.QUARANTINED and row.sha256 is None
                yield raw, UNSEEN if unread else row.stat

    def mark(self, inbox: str) -> int:  # noqa: ARG002 -- one count for all of them
        return len(self.rows)

    def record(self, inbox: str, notices: Sequence[Notice], *, mark: int | None = None) -> Recorded:
        others = range(len(self.rows) if mark is None else mark, len(self.rows))
        stale = tuple(notice for notice in notices if self._is_stale(inbox, notice, others))
        fresh = [notice for notice in notices if notice not in stale]
        rows = [row for notice in fresh if (row := self._record(inbox, notice))]
        due = [row for row in rows if row.state is State.NOTICED]
        due.sort(key=lambda row: (row.lane is Lane.BACKFILL, row.file_id))
        ids = tuple(row.file_id for row in due)
        known = len(fresh) - len(rows)
        return Recorded(ids, len(rows) - len(due), known, stale, len(self.rows))

    def _is_stale(self, inbox: str, notice: Notice, others: range) -> bool:
        """Whether the path's latest is one of *others*, and another content."""
        latest = self._latest.get((inbox, notice.path.raw))
        return latest is not None and latest.file_id - 1 in others and not _same(latest, notice)

    def _record(self, inbox: str, notice: Notice, parent: int | None = None) -> Row | None:
        key = (inbox, notice.path.raw if parent is None else b"\0" + notice.path.raw)
        latest = self._latest.get(key)
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
            bulk=notice.bulk,
            parent=parent,
        )
        self.rows[row.file_id] = self._latest[key] = row
        return row

    def beat(self, inbox: str, *, settling: int, scanned: bool, sight: Sight = CLEAR_SIGHT) -> None:
        before = self._beats.get(inbox)
        scanned_at = self._now() if scanned else before.scanned_at if before else None
        self._beats[inbox] = Beat(settling, self._now(), scanned_at, sight)

    # --- Desk ------------------------------------------------------------------------------------

    def claim(self, hinted: Sequence[int], limit: int) -> tuple[Claim, ...]:
        due = [row for row in self.rows.values() if self._due(row)]
        due.sort(key=lambda row: (row.lane is Lane.BACKFILL, row.file_id))
        if alone := [row for row in due if _alone(row) and row.file_id in hinted]:
            return (self._lease(alone[0]),)
        together = [row for row in due if not _alone(row)]
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
        row.attempts += 1
        row.lease_until = self._now() + _LEASE
        decided = row.decision is not None and row.decision.adds_version
        return Claim(
            file_id=row.file_id,
            token=row.token,
            inbox=row.inbox,
            path=row.path,
            generation=row.generation,
            content=b"" if row.bulk else self._documents[row.sha256 or b""],
            noticed_at=row.noticed_at,
            solo=row.solo,
            deaths=row.deaths,
            decision=row.decision,
            article=self._version(row.decision).article if row.decision and decided else None,
            lane=row.lane,
            bulk=row.bulk,
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
        near = self._shelf.neighbours(candidate, path, now=claim.noticed_at)
        verdict = judge(candidate, near)
        decision = self._shelf.place(verdict, self._new_id)
        self._shelf.shelve(claim.file_id, candidate, decision, path, now=claim.noticed_at)
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

    def forget_months(self) -> bool:
        return False  # it does not live so long

    def lift_embargoes(self) -> int:
        seen = {article_id: pointer.version for article_id, (pointer, _) in self._published.items()}
        lifted = [
            row.decision
            for row in self.rows.values()
            if row.decision
            and row.decision.adds_version
            and row.state.final
            and self._version(row.decision).article.embargo_until is not None
            and not self._is_sealed(row.decision)
            and seen.get(row.decision.article_id, 0) < row.decision.version
        ]
        self._publish(lifted)
        return len(lifted)

    def _is_sealed(self, decision: Decision) -> bool:
        """What is embargoed, withheld or killed is stored, and shown to nobody.

        A later version that is killed takes it back, and one that moves its embargo moves it.
        """
        article = self._version(decision).article
        later = [
            version.article
            for (article_id, number), version in self._versions.items()
            if article_id == decision.article_id and number > decision.version
        ]
        if any(each.status != "usable" for each in (article, *later)):
            return True
        bound = (article, *later) if article.embargo_until is not None else ()
        return any((each.embargo_until or self._now()) > self._now() for each in bound)

    def _publish(self, decided: Sequence[Decision]) -> int | None:
        ready = [
            feed.Ready(d.article_id, d.version, d.verdict.because)
            for d in decided
            if d.adds_version and not self._is_sealed(d)
        ]
        changes = feed.plan(
            ready,
            [(d.article_id, d.version) for d in decided if d.verdict.relation.copy],
            {article_id: pointer for article_id, (pointer, _) in self._published.items()},
            {(r.article_id, r.version): self._copies(r.article_id, r.version) for r in ready},
        )
        for change in changes:
            self.changes.append(change)
            self._published[change.article_id] = (change.pointer, len(self.changes))
        return len(self.changes) if changes else None

    def _copies(self, article_id: UUID, version: int) -> int:
        """Files that duplicate a version or an earlier one."""
        decisions = (r.decision for r in self.rows.values() if r.state is State.DUPLICATE)
        return sum(
            d.article_id == article_id and d.version <= version and d.verdict.relation.copy
            for d in decisions
            if d
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
                row.attempts -= 1

    def _holds(self, claim: Claim) -> bool:
        row = self.rows[claim.file_id]
        return row.state is State.PROCESSING and row.token == claim.token

    def _version(self, decision: Decision) -> Version:
        return self._versions[decision.article_id, decision.version]

    def _new_id(self) -> UUID:
        """Count in the form of a UUIDv7 of the year 1970."""
        return UUID(int=0x7000_8000_0000_0000_0000 | len(self._uris) + 1)

    # --- Containers ------------------------------------------------------------------------------

    def open(self, claim: Claim) -> "MemoryContainer":
        return MemoryContainer(self, claim)

    def content_of(self, row: Row) -> bytes | None:
        """The bytes of a file, where they are kept."""
        return None if row.sha256 is None else self._documents[row.sha256]

    def previous(self, row: Row) -> Row | None:
        """The generation before *row*."""
        return next(
            (
                other
                for other in self.rows.values()
                if (other.inbox, other.path, other.parent is None, other.generation)
                == (row.inbox, row.path, row.parent is None, row.generation - 1)
            ),
            None,
        )

    def add(self, claim: Claim, members: Sequence[Notice], upto: int) -> tuple[int, ...] | None:
        """Record *members* of a container; gives the ids of those that are new and due."""
        if not self._holds(claim):
            return None
        self.rows[claim.file_id].members = upto
        rows = [self._record(claim.inbox, notice, claim.file_id) for notice in members]
        return tuple(row.file_id for row in rows if row and row.state is State.NOTICED)

    def pause(self, claim: Claim) -> None:
        if self._holds(claim):
            row = self.rows[claim.file_id]
            row.state, row.lease_until, row.attempts = State.NOTICED, None, row.attempts - 1

    # --- Sweep -----------------------------------------------------------------------------------

    def end_silent(self) -> int:
        return 0  # there are no sessions, and no locks

    def retry_outdated(self) -> int:
        return 0  # its files do not outlive the code that worked them

    def free_expired(self) -> Freed:
        return self._free([row for row in self.rows.values() if self._expired(row)], seen=False)

    def _expired(self, row: Row) -> bool:
        return row.state is State.PROCESSING and (row.lease_until or self._now()) < self._now()

    def holders(self) -> tuple[int, ...]:
        """One child holds whatever is held."""
        held = any(row.state is State.PROCESSING for row in self.rows.values())
        return (_CHILD,) if held else ()

    def bury(self, dead: Sequence[int]) -> Freed:
        held = [row for row in self.rows.values() if row.state is State.PROCESSING]
        return self._free(held if _CHILD in dead else [], seen=True)

    def _free(self, rows: Sequence[Row], *, seen: bool) -> Freed:
        states = [self._let_go(row, seen=seen) for row in rows]
        return Freed(again=states.count(State.NOTICED), poisoned=states.count(State.QUARANTINED))

    def _let_go(self, row: Row, *, seen: bool) -> State:
        if row.solo:
            row.deaths = DEATHS_ALONE if row.attempts >= ATTEMPTS else row.deaths + seen
        row.solo = row.solo or seen or row.attempts >= SILENCES
        row.lease_until, row.rung_at = None, None
        if row.deaths >= DEATHS_ALONE and row.decision is None:
            row.state, row.reason, row.finished_at = State.QUARANTINED, Reason.POISON, self._now()
        else:
            row.state = State.NOTICED
        return row.state

    def unheard(self, limit: int) -> Unheard:
        since = self._now() - _UNHEARD
        rows = [
            row
            for row in self.rows.values()
            if row.state is State.NOTICED and (row.rung_at is None or row.rung_at < since)
        ]
        rows.sort(key=lambda row: (row.lane is Lane.BACKFILL, row.file_id))
        for row in rows[:limit]:
            row.rung_at = self._now()
        named = {r.file_id for r in rows[:limit] if r.lane is Lane.LIVE or r.solo or r.bulk}
        others = {r.file_id for r in rows[:limit]} - named
        return Unheard((*sorted(named), *sorted(others)), len(named))

    # --- Reading ---------------------------------------------------------------------------------

    def inboxes(self) -> tuple[str, ...]:
        return tuple(sorted({*self._beats, *(row.inbox for row in self.rows.values())}))

    def status(self, inbox: str | None = None) -> Status:
        rows = [row for row in self.rows.values() if inbox in (None, row.inbox)]
        beats = [beat for name, beat in self._beats.items() if inbox in (None, name)]
        open_ = [row for row in rows if not row.state.final]
        ages = [(row.state, (self._now() - row.noticed_at).total_seconds()) for row in open_]
        return Status(
            counts={state: sum(row.state is state for row in rows) for state in State},
            reasons=Counter((row.state, row.reason) for row in rows if row.reason),
            oldest_due_seconds=max((age for _, age in ages), default=None),
            settling=sum(beat.settling for beat in beats),
            scanned_at=min((beat.scanned_at for beat in beats if beat.scanned_at), default=None),
            watcher_seen_at=max((beat.seen_at for beat in beats), default=None),
            finished_last_minute=self._finished(rows, timedelta(minutes=1)),
            position=len(self.changes),
            now=self._now(),
            sight=self._sight(beats),
            finished_last_ten_minutes=self._finished(rows, timedelta(minutes=10)),
            oldest_seconds={state: max(a for s, a in ages if s is state) for state, _ in ages},
            lanes={lane: sum(row.lane is lane for row in open_) for lane in Lane},
        )

    def _finished(self, rows: Sequence[Row], lately: timedelta) -> int:
        since = self._now() - lately
        return sum(row.finished_at is not None and row.finished_at > since for row in rows)

    def _sight(self, beats: Sequence[Beat]) -> Sight:
        ages = [
            beat.sight.waiting_seconds + (self._now() - beat.seen_at).total_seconds()
            for beat in beats
            if beat.sight.waiting_seconds is not None
        ]
        return Sight(
            scanning="; ".join(beat.sight.scanning for beat in beats if beat.sight.scanning),
            paused="; ".join(beat.sight.paused for beat in beats if beat.sight.paused),
            unlisted=tuple(folder for beat in beats for folder in beat.sight.unlisted),
            waiting_seconds=max(ages, default=None),
        )

    def latest(self, limit: int, *, inbox: str | None = None) -> tuple[Headline, ...]:
        rows = (row for row in self.rows.values() if inbox in (None, row.inbox))
        done = [row for row in rows if row.finished_at]
        done.sort(key=lambda row: (row.finished_at, row.file_id), reverse=True)
        return tuple(self._headline(row) for row in done[:limit])

    def _headline(self, row: Row) -> Headline:
        version = self._version(row.decision) if row.decision else None
        headline = version.article.headline if version else _instead(row)
        tags = version.tags if version else None
        names = (
            [e.name for group in (tags.people, tags.organisations) for e in (group or ())[:3]]
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


class MemoryContainer:
    """A container in a store in memory."""

    def __init__(self, store: MemoryStore, claim: Claim) -> None:
        self._store = store
        self._claim = claim
        self._row = store.rows[claim.file_id]
        self._root, self.depth = self._row, 0
        while self._root.parent is not None:
            self._root, self.depth = store.rows[self._root.parent], self.depth + 1
        self.members = self._row.members
        self.source = io.BytesIO(store.content_of(self._row) or b"")

    def previous(self) -> io.BytesIO | None:
        before = self._store.previous(self._row)
        if before is None or before.state is not State.EXPANDED:
            return None
        return io.BytesIO(self._store.content_of(before) or b"")

    def add(self, members: Sequence[Notice], *, upto: int, weight: int) -> Added | None:
        due = self._store.add(self._claim, members, upto)
        if due is None:
            return None
        self.members = upto
        self._root.unpacked += weight
        return Added(due, self._root.unpacked)

    def pause(self) -> None:
        self._store.pause(self._claim)


def _instead(row: Row) -> str:
    """What stands for a headline: why there is none, or what a container holds."""
    return row.reason.meaning if row.reason else row.detail


def _alone(row: Row) -> bool:
    return row.solo or row.bulk


def _same(latest: Row, notice: Notice) -> bool:
    if notice.sha256 is None:
        return latest.sha256 is None and latest.reason is notice.reason
    return latest.sha256 == notice.sha256
