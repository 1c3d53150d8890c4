"""The ledger and the store in memory: for dry runs (``copydesk explain``), and for tests.

It obeys the laws that the Postgres adapters obey (``tests/contract``), in one process and one
thread. Identifiers are counted, not drawn, so a dry run says the same thing twice.
"""

import io
from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from worker import PIPELINE
from worker.core import document, feed
from worker.core.article import HALF, Article, Decision, Relation, Tags, TagsStatus
from worker.core.dedupe import Candidate
from worker.core.ledger import ATTEMPTS, DEATHS_ALONE, SILENCES, Lane, Path, Reason, Stat, State
from worker.core.settling import UNSEEN
from worker.core.shelf import PathKey, Shelf
from worker.core.sight import CLEAR_SIGHT, Sight, Word, merged
from worker.ports import (
    Added,
    Claim,
    Ending,
    Finished,
    Freed,
    Headline,
    Judge,
    Notice,
    Recorded,
    Status,
    Unheard,
)

_LEASE = timedelta(seconds=30)
_UNHEARD = timedelta(seconds=3)
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
    """When an inbox was last seen, and walked to its end, by whomever."""

    seen_at: datetime
    scanned_at: datetime | None


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
        self._words: dict[tuple[str, str], tuple[datetime, Word]] = {}  # of each watcher
        self._joining: dict[tuple[UUID, UUID], str] = {}  # pairs to be merged, and why
        self._merged: dict[UUID, UUID] = {}  # into which article; none of those is merged itself

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
        live = sum(row.lane is Lane.LIVE for row in due)
        return Recorded(ids, len(rows) - len(due), known, stale, len(self.rows), live)

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

    def beat(
        self,
        inbox: str,
        *,
        settling: int,
        scanned: bool,
        sight: Sight = CLEAR_SIGHT,
        watcher: str = "",
    ) -> None:
        before = self._beats.get(inbox)
        scanned_at = self._now() if scanned else before.scanned_at if before else None
        self._beats[inbox] = Beat(self._now(), scanned_at)
        self._words[inbox, watcher] = self._now(), Word(inbox, 0.0, settling, sight)

    # --- Desk ------------------------------------------------------------------------------------

    def claim(self, hinted: Sequence[int], limit: int) -> tuple[Claim, ...]:
        due = [row for row in self.rows.values() if self._due(row)]
        due.sort(key=lambda row: (row.lane is Lane.BACKFILL, row.file_id))
        if alone := [row for row in due if _alone(row) and row.file_id in hinted]:
            return (self._lease(alone[0]),)
        together = [row for row in due if not _alone(row)]
        named = [row for row in together if row.file_id in hinted][:limit]
        live = any(row.lane is Lane.LIVE for row in named or together)
        lane = Lane.LIVE if live else Lane.BACKFILL
        others = [row for row in together if row.lane is lane and row not in named]
        chosen = [*named, *others][:limit] or due[:1]
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
        verdict = self._shelf.release(judge(candidate, near), candidate, claim.noticed_at)
        decision = self._shelf.place(verdict, self._new_id)
        self._shelf.shelve(claim.file_id, candidate, decision, path, now=claim.noticed_at)
        if decision.adds_version:
            uri = document.uri(candidate.article, decision.article_id)
            self._uris.setdefault(decision.article_id, (uri, claim.noticed_at))
            self._versions[decision.article_id, decision.version] = Version(
                candidate.article, candidate.fingerprint.content_hash, claim.file_id, self._now()
            )
        because = "a later text is the same story as both"
        for other in verdict.joins:
            self._joining.setdefault((decision.article_id, other), because)
        self.rows[claim.file_id].decision = decision
        return decision

    def finish(self, endings: Sequence[Ending]) -> Finished:
        mine = [ending for ending in endings if self._holds(ending.claim)]
        for ending in mine:
            self._close(ending)
        position = self._publish([e.decision for e in mine if e.decision])
        if any(ending.decision and ending.decision.verdict.joins for ending in mine):
            self.regroup()
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

    def make_searchable(self) -> int:
        return 0  # nothing is older than this process

    def forget_changes(self) -> int:
        return 0

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
        self._publish(lifted, lifting=True)
        return len(lifted)

    def _is_sealed(self, decision: Decision) -> bool:
        """What is embargoed, withheld or killed is stored, and shown to nobody.

        A later version that its publisher withholds takes it back, and one that moves its embargo
        moves it.
        """
        article = self._version(decision).article
        later = [
            version.article
            for (article_id, number), version in self._versions.items()
            if article_id == decision.article_id and number > decision.version
        ]
        if article.status != "usable":
            return True
        if any(each.status != "usable" and _same_source(each, article) for each in later):
            return True
        bound = (article, *later) if article.embargo_until is not None else ()
        return any((each.embargo_until or self._now()) > self._now() for each in bound)

    def _frees(self, decision: Decision) -> bool:
        """Whether what came before it, of the same article, waits for an embargo's end."""
        before = (
            self._versions[decision.article_id, number].article
            for number in range(1, decision.version)
        )
        return any(
            article.status == "usable" and (article.embargo_until or self._now()) > self._now()
            for article in before
        )

    def _unseen(self, decision: Decision) -> int | None:
        """The version that it tells facts of, where nobody has seen it."""
        of, compared = decision.verdict.of, decision.verdict.version
        seen = {c.pointer.version for c in self.changes if c.article_id == of}
        return compared if decision.verdict.changed and compared not in seen else None

    def _publish(self, decided: Sequence[Decision], *, lifting: bool = False) -> int | None:
        ready = [
            feed.Ready(
                d.article_id,
                d.version,
                d.verdict.because,
                released=lifting or self._frees(d),
                unseen=self._unseen(d),
            )
            for d in decided
            if d.adds_version and d.article_id not in self._merged and not self._is_sealed(d)
        ]
        changes = feed.plan(
            ready,
            [(d.article_id, d.version) for d in decided if d.verdict.relation.copy],
            {article_id: pointer for article_id, (pointer, _) in self._published.items()},
            {(r.article_id, r.version): self._copies(r.article_id, r.version) for r in ready},
        )
        self._tell(changes)
        return len(self.changes) if changes else None

    def _tell(self, changes: Sequence[feed.Change]) -> None:
        for change in changes:
            self.changes.append(change)
            if change.hides:
                del self._published[change.article_id]
            else:
                self._published[change.article_id] = (change.pointer, len(self.changes))

    def regroup(self) -> int:
        ready = (pair for pair in self._joining if self._both_at_rest(*self._pair(*pair)))
        if (pair := next(ready, None)) is None:
            return 0
        younger, elder = self._pair(*pair)
        self._merge(younger, elder, self._joining[pair])
        return 1 + self.regroup()

    def _pair(self, one: UUID, other: UUID) -> tuple[UUID, UUID]:
        """What these are by now, the younger first."""
        pair = self._merged.get(one, one), self._merged.get(other, other)
        elder, younger = sorted(pair, key=lambda of: self._versions[of, 1].file_id)
        return younger, elder

    def _both_at_rest(self, younger: UUID, elder: UUID) -> bool:
        """Whether consumers see both, and all there is of the younger."""
        if younger not in self._published or elder not in self._published:
            return False
        open_ = (row.decision for row in self.rows.values() if not row.state.final)
        latest = (younger, self._published[younger][0].version + 1) not in self._versions
        return latest and all(d is None or d.article_id != younger for d in open_)

    def _merge(self, younger: UUID, elder: UUID, because: str) -> None:
        last, now = self._published[younger][0], self._published[elder][0]
        heirs = {of: elder if into == younger else into for of, into in self._merged.items()}
        self._merged = {**heirs, younger: elder}
        self._shelf.merge(younger, elder, now.version)
        now = feed.Pointer(now.version, self._copies(elder, now.version))
        self._tell(feed.merge(younger, last, elder, now, because))
        self._joining = {
            pair: why for pair, why in self._joining.items() if len(set(self._pair(*pair))) > 1
        }

    def _copies(self, article_id: UUID, version: int) -> int:
        """Files that duplicate a version or an earlier one, or are of what was merged into it."""
        copies = (r.decision for r in self.rows.values() if r.state is State.DUPLICATE)
        merged = (r.decision for r in self.rows.values())
        return sum(
            d.article_id == article_id and d.version <= version and d.verdict.relation.copy
            for d in copies
            if d
        ) + sum(
            self._merged.get(d.article_id) == article_id
            and d.verdict.relation is not Relation.UNCHANGED
            for d in merged
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
        settling, sight = merged(self._said(inbox))
        return Status(
            counts={state: sum(row.state is state for row in rows) for state in State},
            reasons=Counter((row.state, row.reason) for row in rows if row.reason),
            oldest_due_seconds=max((age for _, age in ages), default=None),
            settling=settling,
            scanned_at=min((beat.scanned_at for beat in beats if beat.scanned_at), default=None),
            watcher_seen_at=max((beat.seen_at for beat in beats), default=None),
            finished_last_minute=self._finished(rows, timedelta(minutes=1)),
            position=len(self.changes),
            now=self._now(),
            sight=sight,
            finished_last_ten_minutes=self._finished(rows, timedelta(minutes=10)),
            oldest_seconds={state: max(a for s, a in ages if s is state) for state, _ in ages},
            lanes={lane: sum(row.lane is lane for row in open_) for lane in Lane},
            halves=sum(_completes(row) for row in rows),
        )

    def _finished(self, rows: Sequence[Row], lately: timedelta) -> int:
        since = self._now() - lately
        return sum(row.finished_at is not None and row.finished_at > since for row in rows)

    def _said(self, inbox: str | None) -> Iterator[Word]:
        """Words of watchers, as old as they are by now."""
        for at, word in self._words.values():
            if inbox in (None, word.inbox):
                age, waiting = (self._now() - at).total_seconds(), word.sight.waiting_seconds
                waiting = None if waiting is None else waiting + age
                sight = replace(word.sight, waiting_seconds=waiting)
                yield replace(word, silent_seconds=age, sight=sight)

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
        self, *, after: int = 0, until: int | None = None, only: Collection[str] | None = None
    ) -> Generator[dict[str, Any], None, None]:
        ordered = sorted(self._published.items(), key=lambda item: item[1][1])
        for article_id, (pointer, position) in ordered:
            if after < position and (until is None or position <= until):
                version = self._versions[article_id, pointer.version]
                whole = document.article_v1(
                    version.article, version.tags, self._identity(article_id)
                )
                yield {key: value for key, value in whole.items() if only is None or key in only}

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


def _same_source(one: Article, other: Article) -> bool:
    """Whether one publisher sent both, for all that is known."""
    known = one.source is not None and other.source is not None
    return not known or (one.source or "").casefold() == (other.source or "").casefold()


def _completes(row: Row) -> bool:
    """Whether it superseded what was read half written."""
    revised = row.decision if row.state is State.REVISED else None
    return revised is not None and revised.verdict.because == HALF


def _alone(row: Row) -> bool:
    return row.solo or row.bulk


def _same(latest: Row, notice: Notice) -> bool:
    if notice.sha256 is None:
        return latest.sha256 is None and latest.reason is notice.reason
    return latest.sha256 == notice.sha256
