"""What readers are told of articles that stay apart."""

from sqlalchemy import Engine, text

from tests.articles import INBOX, JUDGE, STORY, TAGS, candidate, notice
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.system import uuid7
from worker.ports import Ending

RIVAL = "\n".join(STORY.replace("Ferry service", "Bus service").split("\n")[:4])
RELATIONS = text("""
    select v.relation, v.evidence, v.scores, a.headline, o.headline as other
    from feed_v1.relations v
    join feed_v1.articles a on a.id = v.article_id
    join feed_v1.articles o on o.id = v.other_id
""")


def test_an_item_of_the_same_template_is_linked_to_the_earlier_one(engine: Engine) -> None:
    desk = PostgresDesk(engine, lease_seconds=30, new_id=uuid7)
    PostgresIntake(engine).record(INBOX, [notice("a.txt", STORY), notice("b.txt", RIVAL)])
    claims = desk.claim((), 32)
    decisions = desk.decide([(c, candidate(c)) for c in claims], JUDGE)
    desk.finish([Ending(c, decisions[c.file_id], tags=TAGS) for c in claims])

    with engine.connect() as connection:
        (row,) = connection.execute(RELATIONS)

    assert row.relation == "recurring"
    assert "each headline names what the other does not" in row.evidence
    assert row.scores["containment"] == 1.0
    assert [headline.split()[0] for headline in (row.headline, row.other)] == ["Bus", "Ferry"]
