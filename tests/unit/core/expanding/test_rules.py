from dataclasses import fields

import pytest

from worker.core.errors import Rejected
from worker.core.expanding.rules import Meter, Rules
from worker.core.ledger import Reason


@pytest.mark.parametrize("limit", [f.name for f in fields(Rules) if f.name != "exclude"])
def test_limits_let_something_pass(limit: str) -> None:
    assert getattr(Rules(**{limit: 1}), limit) == 1
    with pytest.raises(ValueError, match="less than one"):
        Rules(**{limit: 0})


@pytest.mark.parametrize(
    ("packed", "limit"),
    [
        pytest.param(1, 100, id="little may grow by any ratio"),
        pytest.param(20, 200, id="more by the ratio"),
        pytest.param(200, 1_000, id="nothing beyond all"),
    ],
)
def test_unpacking_has_a_limit(packed: int, limit: int) -> None:
    meter = Meter(Rules(ratio=10, free_bytes=100, total_bytes=1_000), packed)
    meter.foresee(limit)
    meter.spend(limit - 1)
    meter.spend(1)

    with pytest.raises(Rejected, match=f"more than {limit} bytes") as refusal:
        meter.spend(1)
    assert refusal.value.reason is Reason.ARCHIVE_BOMB
    with pytest.raises(Rejected):
        meter.foresee(limit + 1)


def test_what_is_not_allowed_just_now_is_refused() -> None:
    meter = Meter(Rules(), 1)
    meter.spend(10)
    meter.allow(5)
    meter.spend(5)

    with pytest.raises(Rejected, match="header"):
        meter.spend(1)
    meter.allow(1)
    meter.spend(1)
