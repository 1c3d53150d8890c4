"""Makers for tests: only what a test names is special."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256

from worker.core import dedupe
from worker.core.article import Article, Country, Evidence, Kind, Tags, paragraphs
from worker.core.dedupe import Candidate
from worker.core.ledger import Lane, Path, Reason, Stat, Witness
from worker.core.policy import Policy
from worker.pipeline import Stages
from worker.ports import Claim, Judge, Notice

INBOX = "/inbox"
TAGS = Tags(countries=(Country("KE", 1.0),), method="test 1")

STORY = """Ferry service resumes on the lake after two weeks
KISUMU -- The ferry that links the islands with the mainland sailed again on Tuesday morning.
Repairs to its second engine took 14 days and cost 3 million shillings, the operator said.
Fishermen had carried passengers in open boats meanwhile, for 200 shillings a crossing.
A second vessel is to join the route in August, when the long rains are over and the water is low.
Traders at the market on Mfangano island said that the price of maize flour had doubled."""


def text(number: int = 0, story: str = STORY) -> str:
    """A story that has no word sequence in common with that of another *number*."""
    if number == 0:
        return story
    lines = [" ".join(f"{word}{number}" for word in line.split()) for line in story.split("\n")]
    return "\n".join(lines)


def notice(
    path: str = "a.txt",
    content: str = STORY,
    *,
    reason: Reason | None = None,
    lane: Lane = Lane.LIVE,
    stat: Stat | None = None,
) -> Notice:
    raw = content.encode()
    kept = reason is None
    return Notice(
        path=Path(path.encode()),
        stat=stat or Stat(len(raw), 1, 1, 1),
        witness=Witness.RENAMED,
        lane=lane,
        content=raw if kept else None,
        sha256=sha256(raw).digest() if kept else None,
        reason=reason,
    )


def article(content: str = STORY, *, guid: str | None = None) -> Article:
    headline, *rest = content.split("\n")
    return Article(
        headline=headline,
        paragraphs=paragraphs([(Kind.TEXT, line.strip()) for line in rest]),
        language="en",
        media_type="text/plain",
        evidence=Evidence("utf-8", 1.0),
        guid=guid,
    )


def candidate(claim: Claim, *, guid: str | None = None) -> Candidate:
    return Candidate.of(article(claim.content.decode(), guid=guid))


def read(content: bytes, name: str) -> Article:
    return article(content.decode())


def tag(articles: Sequence[Article]) -> list[Tags]:
    return [TAGS for _ in articles]


JUDGE: Judge = partial(dedupe.decide, policy=Policy())
STAGES = Stages(read=read, judge=JUDGE, tag=tag)

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
