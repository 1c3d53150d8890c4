"""Stories that say on which terms they are sent: a line of JSON before the text, and its reader."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from tests import articles
from tests.articles import INBOX, JUDGE, notice
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.system import uuid7
from worker.core.article import Article, Withdrawn
from worker.pipeline import Stages, run
from worker.ports import Notice

HOUR = timedelta(hours=1)


def sent(path: str, text: str = articles.STORY, **terms: object) -> Notice:
    """A file of *text* with *terms*, which are fields of an article; ``kills`` names a uri."""
    return notice(path, f"{json.dumps(terms, default=str)}\n{text}")


def read(content: bytes, name: str) -> Article:
    said, text = content.decode().split("\n", 1)
    terms = json.loads(said)
    if "kills" in terms:
        terms |= {"status": "canceled", "withdraws": Withdrawn(terms.pop("kills"))}
    if "embargo_until" in terms:
        terms["embargo_until"] = datetime.fromisoformat(terms["embargo_until"])
    return replace(articles.article(text), **terms)


def soon() -> datetime:
    """When an embargo ends that is not over yet."""
    return datetime.now(UTC) + HOUR


STAGES = Stages(read=read, judge=JUDGE, tag=articles.tag)


def process(engine: Engine, *notices: Notice, stages: Stages = STAGES) -> None:
    """Take these files in, one after the other, and work all that is due."""
    for each in notices:
        PostgresIntake(engine).record(INBOX, [each])
        work(engine, stages)


def work(engine: Engine, stages: Stages = STAGES) -> Sequence[int]:
    desk = PostgresDesk(engine, lease_seconds=30, new_id=uuid7)
    written: list[int] = []
    while claims := desk.claim((), 32):
        written += run(claims, desk, stages).written
    return written
