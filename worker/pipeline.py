"""The order of steps for one batch of files. Decides nothing: each step is a function of the core.

::

    claims ─▶ read ─▶ decide ─▶ tag ─▶ finish
               │        │        │
               └────────┴────────┴──▶ a Rejected, or a defect of ours, ends that file alone

``Unavailable`` is nobody's fault: it leaves the batch as it is, and the edge hands it back.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from worker.core.article import Article, Decision, Tags
from worker.core.dedupe import Candidate
from worker.core.errors import Rejected, Unavailable
from worker.core.ledger import DEATHS_ALONE, Reason
from worker.ports import Claim, Desk, Ending, Finished, Judge

log = logging.getLogger(__name__)

_T = TypeVar("_T")
_U = TypeVar("_U")

_DETAIL_CHARACTERS = 500  # of a defect's message, kept in the ledger


@dataclass(frozen=True, slots=True)
class Stages:
    """The steps, as functions; ``bootstrap`` chooses them."""

    read: Callable[[bytes, str], Article]  # bytes and path → article, or Rejected
    judge: Judge
    tag: Callable[[Sequence[Article]], list[Tags]]  # one answer an article


@dataclass(frozen=True, slots=True)
class _Read:
    claim: Claim
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class _Decided:
    claim: Claim
    decision: Decision
    article: Article | None  # None: not needed any more


def run(claims: Sequence[Claim], desk: Desk, stages: Stages) -> Finished:
    """Take *claims* to their ends.

    A claim that was decided by a worker that died goes on from there.

    Raises:
        Unavailable: nothing is lost and nothing half done; the claims are still held.
    """
    endings: list[Ending] = []
    read = _keep(_read([c for c in claims if c.decision is None], stages), endings)
    decided = [*_resumed(claims), *_keep(_decide(read, desk, stages), endings)]
    endings += _tag(decided, stages)
    return _finish(endings, desk)


def run_alone(claim: Claim, step: Callable[[Claim], Finished], desk: Desk) -> Finished:
    """Take *claim* to its end by *step*: a way of its own, behind the same handler."""

    def spoil(claim: Claim, error: Rejected) -> Finished:
        return desk.finish([Ending(claim, reason=error.reason, detail=error.detail)])

    (finished,) = _share([claim], lambda alone: [step(_readable(alone[0]))], spoil)
    return finished


def _keep(results: Sequence[_T | Ending], endings: list[Ending]) -> list[_T]:
    """Put what has ended to *endings*, and give the rest."""
    endings += [result for result in results if isinstance(result, Ending)]
    return [result for result in results if not isinstance(result, Ending)]


def _read(claims: Sequence[Claim], stages: Stages) -> list[_Read | Ending]:
    def step(alone: Sequence[Claim]) -> list[_Read | Ending]:
        (claim,) = alone
        content = _readable(claim).content
        return [_Read(claim, Candidate.of(stages.read(content, claim.path.text)))]

    def spoil(claim: Claim, error: Rejected) -> Ending:
        return Ending(claim, reason=error.reason, detail=error.detail)

    return [result for claim in claims for result in _share([claim], step, spoil)]


def _readable(claim: Claim) -> Claim:
    if claim.erased:
        raise Rejected(Reason.ERASED)
    return claim


def _resumed(claims: Sequence[Claim]) -> Iterator[_Decided]:
    for claim in claims:
        if claim.decision is not None:
            yield _Decided(claim, claim.decision, claim.article)


def _decide(read: Sequence[_Read], desk: Desk, stages: Stages) -> list[_Decided | Ending]:
    def step(batch: Sequence[_Read]) -> list[_Decided | Ending]:
        made = desk.decide([(r.claim, r.candidate) for r in batch], stages.judge)
        held = [r for r in batch if r.claim.file_id in made]  # the others were claimed anew
        return [_Decided(r.claim, made[r.claim.file_id], r.candidate.article) for r in held]

    def spoil(read: _Read, error: Rejected) -> Ending:
        return Ending(read.claim, reason=error.reason, detail=error.detail)

    return _share(read, step, spoil)


def _tag(decided: Sequence[_Decided], stages: Stages) -> list[Ending]:
    """Tag what is new or revised: copies share their article's tags."""

    def step(batch: Sequence[_Decided]) -> list[Ending]:
        tags = stages.tag([d.article for d in batch if d.article is not None])
        return [_ended(d, t) for d, t in zip(batch, tags, strict=True)]

    def spoil(decided: _Decided, error: Rejected) -> Ending:
        return _ended(decided, None, detail=error.detail)

    wanted = [d for d in decided if d.decision.adds_version]
    deadly = [d for d in wanted if d.claim.deaths >= DEATHS_ALONE]
    return [
        *(_ended(d, None) for d in decided if not d.decision.adds_version),
        *(_ended(d, None, detail="workers died while they tagged it alone") for d in deadly),
        *_share([d for d in wanted if d not in deadly], step, spoil),
    ]


def _ended(decided: _Decided, tags: Tags | None, detail: str = "") -> Ending:
    media_type = decided.article.media_type if decided.article else None
    return Ending(decided.claim, decided.decision, tags=tags, detail=detail, media_type=media_type)


def tag_apart(
    articles: Sequence[Article], tag: Callable[[Sequence[Article]], list[Tags]]
) -> list[Tags | Rejected]:
    """Tag stored articles again: what one of them breaks on is its own answer, and no other's."""
    return _share(articles, lambda batch: [*tag(batch)], lambda _, error: error)


def _finish(endings: Sequence[Ending], desk: Desk) -> Finished:
    def step(batch: Sequence[Ending]) -> list[Finished]:
        return [desk.finish(batch)]

    def spoil(ending: Ending, error: Rejected) -> Finished:
        """Write the least that can be written; what is decided can only end stored."""
        if ending.decision is None:
            return desk.finish([replace(ending, reason=error.reason, detail=error.detail)])
        return desk.finish([replace(ending, tags=None, detail=error.detail)])

    finished = _share(endings, step, spoil)
    positions = [f.position for f in finished if f.position is not None]
    written = tuple(file_id for f in finished for file_id in f.written)
    freed = tuple(file_id for f in finished for file_id in f.freed)
    return Finished(written, max(positions, default=None), freed)


def _share(
    items: Sequence[_T],
    step: Callable[[Sequence[_T]], list[_U]],
    spoil: Callable[[_T, Rejected], _U],
) -> list[_U]:
    """Do *step* for all items at once or, when one of them breaks it, for each alone.

    The one broad handler of the pipeline: whatever a file makes our code do, it ends that file,
    with a reason, and its neighbours go on.
    """
    if not items:
        return []
    try:
        return step(items)
    except Unavailable:
        raise
    except Rejected as refusal:
        error = refusal
    except Exception as defect:  # see above
        log.exception("a step broke for %d file(s)", len(items))
        message = f"{type(defect).__name__}: {defect}"
        error = Rejected(Reason.INTERNAL_ERROR, message[:_DETAIL_CHARACTERS])
    if len(items) == 1:
        return [spoil(items[0], error)]
    return [result for item in items for result in _share([item], step, spoil)]
