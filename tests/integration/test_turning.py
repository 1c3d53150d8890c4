"""The index forgets by the month."""

import pytest
from sqlalchemy import Engine, text

from worker.adapters.postgres.turning import SKETCH_SLOTS, turn

ROWS = text("""
    insert into desk.sketch (slot, key, origin, file_id)
    select (cast(extract(month from now()) as int) + cast(:ahead as int)) % :slots, 1, 1, 1
""")


@pytest.mark.parametrize(
    ("ahead", "left"),
    [
        pytest.param(0, 1, id="this month stays"),
        pytest.param(SKETCH_SLOTS - 1, 1, id="and the last"),
        pytest.param(1, 0, id="the one before goes"),
    ],
)
def test_the_next_months_part_is_emptied(engine: Engine, ahead: int, left: int) -> None:
    with engine.begin() as connection:
        connection.execute(ROWS, {"ahead": ahead, "slots": SKETCH_SLOTS})

        turned = [turn(connection), turn(connection)]
        rows = connection.execute(text("select count(*) from desk.sketch")).scalar_one()

    assert rows == left
    assert turned == [left == 0, False]
