"""Every article of the seeds, in every form that it is exported in, is what that form promises."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pyarrow.parquet import read_table
from sqlalchemy import Engine

from tests.articles import INBOX, notice
from tests.ninjs import faults
from tests.unit.schemas.test_json_schemas import ARTICLE
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.postgres.reading import PostgresReading
from worker.adapters.system import uuid7
from worker.bootstrap.steps import stages
from worker.cli.export import Format, write
from worker.core.exporting import table
from worker.pipeline import run
from worker.settings import Tagger, load

SEEDS = Path(__file__).parents[2] / "seeds"
FEWEST = 10  # articles that the seeds come to


@pytest.fixture
def reading(engine: Engine) -> PostgresReading:
    """The seeds, read and tagged by the rules."""
    texts = [path for path in sorted(SEEDS.glob("2025*")) if path.suffix != ".part"]
    notices = [notice(path.name, path.read_text(encoding="utf-8")) for path in texts]
    PostgresIntake(engine).record(INBOX, notices)
    desk = PostgresDesk(engine, lease_seconds=300, new_id=uuid7)
    run(desk.claim((), len(notices)), desk, stages(load(tagger=Tagger.RULES)))
    return PostgresReading(engine)


def exported(reading: PostgresReading, form: Format) -> bytes:
    file = io.BytesIO()
    with closing(reading.articles()) as articles:
        write(articles, file, form)
    return file.getvalue()


def lines(content: bytes) -> Iterator[dict[str, object]]:
    return map(json.loads, content.splitlines())


def test_every_export_of_the_seeds_is_valid(reading: PostgresReading) -> None:
    schema = Draft202012Validator(ARTICLE, format_checker=FormatChecker())
    articles = list(lines(exported(reading, Format.JSONL)))
    wrong = [f"{e.json_path}: {e.message}" for a in articles for e in schema.iter_errors(a)]
    made = list(lines(exported(reading, Format.NINJS)))
    text = exported(reading, Format.CSV).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))

    assert len(articles) >= FEWEST
    assert wrong == []
    assert [fault for item in made for fault in faults(item)] == []
    assert len(made) == len(articles)
    assert [list(row) for row in rows] == [list(table.COLUMNS)] * len(articles)
    assert [row["id"] for row in rows] == [article["id"] for article in articles]
    assert without_times(parquet(exported(reading, Format.PARQUET))) == without_times(articles)


def parquet(content: bytes) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = read_table(io.BytesIO(content)).to_pylist()
    return rows


def without_times(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """And without what has keys that may be missing: a column of Parquet has nulls there."""
    same = [key for key in ARTICLE["properties"] if not key.endswith("_at") and key != "paragraphs"]
    return [{key: row[key] for key in same} for row in rows]
