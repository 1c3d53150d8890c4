"""Kill a worker while it takes a container apart, and count the members."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests import articles, invariants
from tests.bench.texts import articles as stories
from tests.faults.points import EXPANDING
from tests.faults.test_deaths import clerk, settings
from tests.processes import running
from worker.adapters.postgres.intake import PostgresIntake
from worker.expansion import CHUNK_MEMBERS
from worker.settings import environment

RECORDS = CHUNK_MEMBERS + 40  # two commits

_MEMBERS = text("""
    select count(*) as rows, count(distinct path) as paths, max(generation) as generation,
        count(*) filter (where state = 'stored') as stored
    from desk.file where parent_id is not null
""")


@pytest.mark.parametrize("point", EXPANDING)
def test_a_worker_may_die_while_it_takes_a_container_apart(
    point: str, engine: Engine, database_url: str, broker_url: str, tmp_path: Path
) -> None:
    given = settings(database_url, broker_url, tmp_path)
    mark = tmp_path / "died"
    death = {"TEST_DEATH_POINT": point, "TEST_DEATH_MARK": str(mark), "COPYDESK_TAGGER": "rules"}
    lines = "".join(json.dumps({"text": story}) + "\n" for story in stories(RECORDS))

    with (
        clerk(engine, given),
        running(
            *("celery", "-A", "tests.faults.mortal", "worker", "-c", "2", "-l", "WARNING"),
            log=tmp_path / "work.log",
            environment={**environment(given), **death},
        ),
    ):
        PostgresIntake(engine).record(articles.INBOX, [articles.notice("wire.jsonl", lines)])
        invariants.wait_until_final(engine, RECORDS + 1)

    assert mark.exists(), "nobody died: the test would prove nothing"
    invariants.check(engine)
    with engine.connect() as connection:
        members = connection.execute(_MEMBERS).one()
    assert tuple(members) == (RECORDS, RECORDS, 1, RECORDS)
