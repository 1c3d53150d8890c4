"""The order of steps for a container: read a part of it, record its members, let others go first.

::

    claim ─▶ open ─▶ members ─▶ add ─▶ add ─▶ … ─▶ pause   after a part
                                              └──▶ finish  after the last member

Each *add* is a commit that also says how far the container is done. So whoever goes on, after a
pause or after a death, goes on behind the last member that was recorded, and none is doubled. A
part takes seconds: a container of any size keeps no live file waiting, and needs no time limit of
its own.

Members of archives are versions of each other by their names. Records have none, and those of a
feed move: each that the generation before had, wherever it stood, is known.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import IO

from worker import pipeline
from worker.core.errors import Rejected
from worker.core.expanding.entry import OneArticle
from worker.core.expanding.members import Member, members, survey
from worker.core.expanding.rules import MEMBER_BYTES, Rules
from worker.core.ledger import Lane, Path, Reason, Stat, Witness
from worker.pipeline import Stages
from worker.ports import Claim, Clock, Container, Containers, Desk, Ending, Finished, Notice

Numbered = tuple[int, Member]

CHUNK_MEMBERS = 500  # of one commit
CHUNK_BYTES = 16_000_000
PART_MEMBERS = 5_000  # until others go first, or whichever of these comes before
PART_BYTES = 32_000_000
PART_SECONDS = 5.0
LIVE_MEMBERS = 200  # those that come on top of them are a flood, whichever way they came


@dataclass(frozen=True, slots=True)
class Tools:
    """What a container is worked with."""

    desk: Desk
    stages: Stages  # for a file that turns out to be none
    containers: Containers
    rules: Rules
    clock: Clock
    ring: Callable[[Sequence[int], int], None]  # for members that are due; so many may be named


def run(claim: Claim, tools: Tools) -> Finished:
    """Take a part of the container *claim*, or what turns out to be none, to its end.

    Raises:
        Unavailable: nothing is lost and nothing half done; the claim is still held.
    """
    return pipeline.run_alone(claim, partial(_work, tools=tools), tools.desk)


def _work(claim: Claim, tools: Tools) -> Finished:
    container = tools.containers.open(claim)
    if container.depth > tools.rules.depth:
        raise Rejected(Reason.ARCHIVE_TOO_DEEP, f"it stands in {container.depth} others")
    try:
        return _take_apart(claim, container, tools)
    except OneArticle:
        return pipeline.run([_as_file(claim, container, tools.rules)], tools.desk, tools.stages)


def _as_file(claim: Claim, container: Container, rules: Rules) -> Claim:
    container.source.seek(0)
    content = container.source.read(rules.member_bytes + 1)
    if len(content) > rules.member_bytes:
        raise Rejected(Reason.TOO_LARGE, f"no container; the limit is {rules.member_bytes} bytes")
    return replace(claim, content=content, bulk=False)


def _take_apart(claim: Claim, container: Container, tools: Tools) -> Finished:
    found = members(container.source, claim.path.raw, tools.rules, start=container.members)
    known = _Known(container, claim.path.raw, tools.rules)
    part = _Part(tools.clock)
    try:
        for chunk in _chunks(found):
            if not _add(chunk, claim, container, known, tools):
                return Finished((), None)  # somebody else has it
            if part.is_over(chunk):
                container.pause()
                return Finished((), None, freed=(claim.file_id,))
    except Rejected as refusal:
        stand = f"; {container.members} before that stand" if container.members else ""
        raise Rejected(refusal.reason, refusal.detail + stand) from refusal
    if container.members == 0:
        raise Rejected(Reason.EMPTY, "there is nothing in it")
    kind = survey(container.source, claim.path.raw)
    ending = Ending(
        claim,
        expanded=True,
        detail=f"{container.members} members",
        media_type=kind.media_type if kind else None,
    )
    return tools.desk.finish([ending])


def _add(
    chunk: Sequence[Numbered], claim: Claim, container: Container, known: "_Known", tools: Tools
) -> bool:
    """Record *chunk*; whether the container is still ours."""
    notices = [_notice(claim, number, member) for number, member in chunk]
    new = [n for n, (_, m) in zip(notices, chunk, strict=True) if not known.has(m, n.sha256)]
    weight = sum(notice.stat.size + MEMBER_BYTES for notice in new)
    added = container.add(new, upto=chunk[-1][0] + 1, weight=weight)
    if added is None:
        return False
    backfill = sum(notice.lane is Lane.BACKFILL for notice in new)
    tools.ring(added.due, max(0, len(added.due) - backfill))  # at least so many of these are live
    if added.unpacked > tools.rules.total_bytes:
        limit = tools.rules.total_bytes
        raise Rejected(Reason.ARCHIVE_BOMB, f"with those in it, it unpacks to more than {limit}")
    return True


def _notice(claim: Claim, number: int, member: Member) -> Notice:
    content = member.content
    return Notice(
        path=Path(claim.path.raw + member.label),
        stat=Stat(len(content or b""), member.mtime_ns, 0, 0),
        witness=Witness.UNPACKED,
        lane=claim.lane if number < LIVE_MEMBERS else Lane.BACKFILL,
        content=content,
        sha256=None if content is None else sha256(content).digest(),
        reason=member.reason,
        detail=member.detail,
    )


def _chunks(found: Iterator[Numbered]) -> Iterator[list[Numbered]]:
    """Members, some at a time; where the container breaks, those before the break come first."""
    chunk: list[Numbered] = []
    size_bytes = 0
    try:
        for number, member in found:
            chunk.append((number, member))
            size_bytes += len(member.content or b"")
            if len(chunk) >= CHUNK_MEMBERS or size_bytes >= CHUNK_BYTES:
                yield chunk
                chunk, size_bytes = [], 0
    except Rejected:
        if chunk:
            yield chunk
        raise
    if chunk:
        yield chunk


class _Part:
    """How much was taken of a container since it was claimed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until = clock.monotonic() + PART_SECONDS
        self._members = 0
        self._bytes = 0

    def is_over(self, chunk: Sequence[Numbered]) -> bool:
        self._members += len(chunk)
        self._bytes += sum(len(member.content or b"") for _, member in chunk)
        full = self._members >= PART_MEMBERS or self._bytes >= PART_BYTES
        return full or self._clock.monotonic() >= self._until


class _Known:
    """Records of the generation before; looked for when the first record is met."""

    def __init__(self, container: Container, name: bytes, rules: Rules) -> None:
        self._container = container
        self._name = name
        self._rules = rules
        self._hashes: frozenset[bytes] | None = None

    def has(self, member: Member, digest: bytes | None) -> bool:
        if not member.label.startswith(b"#") or digest is None:
            return False
        if self._hashes is None:
            self._hashes = self._read()
        return digest in self._hashes

    def _read(self) -> frozenset[bytes]:
        before = self._container.previous()
        return frozenset(_digests(before, self._name, self._rules) if before else ())


def _digests(source: IO[bytes], name: bytes, rules: Rules) -> Iterator[bytes]:
    """Of the records of a generation, as far as today's rules let it be taken apart."""
    try:
        for _, member in members(source, name, rules):
            if member.content is not None:
                yield sha256(member.content).digest()
    except (Rejected, OneArticle):
        # It was expanded under rules of its time. That is no fault of the generation that follows
        # it, and whatever is missed here, dedupe knows by its text.
        return
