"""A desk whose tagger finds what a test says: what goes in, and what consumers see of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine, Row, text

from tests import articles
from tests.articles import INBOX, JUDGE, notice
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.system import uuid7
from worker.core.article import Article, Entity, Field, Mention, Tags
from worker.pipeline import Stages, run

METHOD = "test 1"  # of the tagger
KENYA = {"country": "KE", "geonames": 192950}


def entity(name: str, *written: str, start: int = 0, **known: object) -> Entity:
    mentions = tuple(
        Mention(Field.HEADLINE, start, start + len(form), form) for form in written or (name,)
    )
    return replace(Entity(name, mentions, 1.0, 0.9, "rules"), **known)  # type: ignore[arg-type]


def tags(*people: Entity, places: tuple[Entity, ...] = ()) -> Tags:
    return Tags(people=people, places=places, method=METHOD)


class Newsroom:
    """Files go in, each with the tags that the tagger will find, by the number of its text."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._desk = PostgresDesk(engine, lease_seconds=30, new_id=uuid7)
        self._found: dict[str, Tags] = {}

    def drop(self, number: int, found: Tags, *, path: str = "", content: str = "") -> None:
        self.find(number, found, content=content)
        notices = [notice(path or f"{number}.txt", content or articles.text(number))]
        PostgresIntake(self.engine).record(INBOX, notices)

    def find(self, number: int, found: Tags, *, content: str = "") -> None:
        """From now on."""
        self._found[(content or articles.text(number)).split("\n")[0]] = found

    def tag(self, batch: Sequence[Article]) -> list[Tags]:
        return [self._found[article.headline] for article in batch]

    def work(self, **terms: object) -> None:
        def read(content: bytes, name: str) -> Article:
            return replace(articles.read(content, name), **terms)  # type: ignore[arg-type]

        while claims := self._desk.claim((), 32):
            run(claims, self._desk, Stages(read, JUDGE, self.tag))

    def rows(self, view: str, where: str = "true") -> Sequence[Row[Any]]:
        query = f"select * from feed_v1.{view} where {where}"  # noqa: S608 -- a test's own words
        with self.engine.connect() as connection:
            return connection.execute(text(query)).all()

    def entities(self) -> Mapping[str, tuple[str, list[str], int]]:
        """Name, aliases and the number of articles, by the entity's id."""
        return {row.id: (row.name, row.aliases, row.articles) for row in self.rows("entities")}
