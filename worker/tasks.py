"""Celery's edge: the one place that knows how Celery delivers.

One task, ``desk.ingest``, works a micro-batch: one file when one was dropped, up to a second's
worth under load. Retries, delays and attempts live in the ledger; a message is never acknowledged
or delivered again, and what a task left undone is found there by its lease.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from celery import Celery

from worker import expansion, pipeline
from worker.core import message
from worker.core.errors import Unavailable
from worker.core.expanding.rules import Rules
from worker.core.ledger import BATCH_BYTES
from worker.core.message import INGEST
from worker.core.portioning import FIRST_FILES, next_files
from worker.core.ringing import hints
from worker.pipeline import Stages
from worker.ports import Bell, Claim, Clock, Containers, Desk, Finished, Succession

log = logging.getLogger(__name__)

# A batch takes about a second, at most. What never comes back to Python meets the hard limit: the
# child is killed, and whoever follows it tells the ledger.
TIME_LIMIT_SECONDS = 120
READ_SECONDS = 30.0  # one file
TAG_SECONDS = 60.0  # one call, of a batch or of a file alone
_PAUSE_SECONDS = 1.0  # between tries while the store is away
_JOIN_SECONDS = 5.0
_PATIENCE_SECONDS = 20.0  # of handing back: a stop waits for it, and has 60 s


class Portion:
    """How many files a child takes at once; *most_files* if it is quick."""

    def __init__(self, most_files: int) -> None:
        self._most_files = most_files
        self.files = min(FIRST_FILES, most_files)

    def learn(self, files: int, seconds: float) -> None:
        """Take in how long a full one took."""
        self.files = next_files(files, seconds, most=self._most_files)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a worker child works with. Made after the fork: a connection must not be shared."""

    desk: Desk
    containers: Containers
    rules: Rules
    stages: Stages
    bell: Bell
    clock: Clock
    portion: Portion
    renew_seconds: float


def register(app: Celery, parts: Callable[[], Parts]) -> None:
    """Give *app* its task; *parts* is called in the child, on every delivery."""

    @app.task(  # type: ignore[untyped-decorator]  # Celery publishes no types
        name=INGEST,
        shared=False,  # with this app alone; Celery would give it to every app of the process
        ignore_result=True,
        time_limit=TIME_LIMIT_SECONDS,
        reject_on_worker_lost=False,
    )
    def ingest(hint: object = None) -> None:
        serve(message.decode(hint), parts())


def serve(hinted: Sequence[int], parts: Parts) -> int:
    """Answer one ring: work one batch, and ring on if there may be more. Gives its size."""
    asked_files = parts.portion.files
    try:
        claims = parts.desk.claim(hinted, asked_files)
    except Unavailable as reason:
        log.warning("the store is away, waiting: %s", reason)
        parts.clock.sleep(_PAUSE_SECONDS)  # the ring is spent; the clerk rings again
        return 0
    if claims:
        began = parts.clock.monotonic()
        freed = _work(claims, parts)
        if len(claims) >= asked_files and not _is_alone(claims[0]):
            parts.portion.learn(len(claims), parts.clock.monotonic() - began)
        unserved = sorted(set(hinted) - {claim.file_id for claim in claims})
        if freed or unserved or _is_cut(claims, asked_files):
            _ring_on([*freed, *unserved], parts.bell)
    return len(claims)


def _is_alone(claim: Claim) -> bool:
    return claim.solo or claim.bulk


def _is_cut(claims: Sequence[Claim], asked_files: int) -> bool:
    """Whether more may be due than what was claimed."""
    full = len(claims) >= asked_files or _is_alone(claims[0])
    return full or sum(len(claim.content) for claim in claims) >= BATCH_BYTES


def _work(claims: Sequence[Claim], parts: Parts) -> Sequence[int]:
    """Take *claims* to their ends; gives the files that waited for them."""
    with _renewing(claims, parts):
        try:
            finished = _run(claims, parts)
        except Unavailable as reason:
            log.warning("%d file(s) wait, the store is away: %s", len(claims), reason)
            _hand_back(claims, parts)
            return ()
    log.info("finished %d of %d file(s)", len(finished.written), len(claims))
    return finished.freed


def _run(claims: Sequence[Claim], parts: Parts) -> Finished:
    if not claims[0].bulk:
        return pipeline.run(claims, parts.desk, parts.stages)
    tools = expansion.Tools(
        parts.desk,
        parts.stages,
        parts.containers,
        parts.rules,
        clock=parts.clock,
        ring=partial(_ring_for, parts.bell),
    )
    return expansion.run(claims[0], tools)


def _ring_for(bell: Bell, ids: Sequence[int], live: int) -> None:
    """Tell workers of members, *live* ones first, while others are still being taken out."""
    try:
        for hint in hints(ids, bell.waiting(), named=live):
            bell.ring(hint)
    except Unavailable as reason:
        log.warning("could not ring for members, the clerk will: %s", reason)


def _hand_back(claims: Sequence[Claim], parts: Parts) -> None:
    """Tell the ledger that it was not the files' fault, as soon as it listens."""
    until = parts.clock.monotonic() + _PATIENCE_SECONDS
    while parts.clock.monotonic() < until:
        try:
            return parts.desk.hand_back(claims)
        except Unavailable:
            parts.clock.sleep(_PAUSE_SECONDS)
    return None  # their leases end, which says the same, but makes them solo


def _ring_on(due: Sequence[int], bell: Bell) -> None:
    """Ring for what is known to be due; for nothing in particular after a batch that was cut."""
    try:
        bell.ring(due)
    except Unavailable as reason:
        log.warning("could not ring for more, the clerk will: %s", reason)


def succeed(succession: Succession, bell: Bell, lives: Callable[[int], bool]) -> None:
    """Do what a new child does first: tell the ledger of those that died before it."""
    try:
        if dead := [pid for pid in succession.holders() if not lives(pid)]:
            freed = succession.bury(dead)
            log.warning(
                "a child died and held %d file(s): %d are tried alone, %d are given up",
                freed.again + freed.poisoned,
                freed.again,
                freed.poisoned,
            )
            bell.ring(())
    except Unavailable as reason:
        log.warning("the clerk will ring for what dead children held: %s", reason)


@contextmanager
def _renewing(claims: Sequence[Claim], parts: Parts) -> Iterator[None]:
    """Renew the leases of *claims* from a thread, for as long as their work takes."""
    done = threading.Event()

    def renew() -> None:
        while not done.wait(parts.renew_seconds):
            try:
                parts.desk.renew(claims)
            except Unavailable as reason:
                log.warning("could not renew %d lease(s): %s", len(claims), reason)

    thread = threading.Thread(target=renew, name="renew", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(_JOIN_SECONDS)  # a renewal that hangs ends with its connection
