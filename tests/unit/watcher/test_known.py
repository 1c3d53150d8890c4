import pytest

from worker.core.ledger import Stat
from worker.core.settling import UNSEEN
from worker.watcher.known import Known

LAST = (1 << 63) - 1


@pytest.mark.parametrize(
    "stat",
    [
        pytest.param(Stat(5, 1_700_000_000_000_000_001, 1_700_000_000_000_000_002, 77), id="usual"),
        pytest.param(UNSEEN, id="refused unread"),
        pytest.param(Stat(LAST, LAST, LAST, (1 << 64) - 1), id="the greatest"),
        pytest.param(Stat(0, -LAST - 1, -LAST - 1, 0), id="the least"),
    ],
)
def test_a_stat_comes_out_as_it_went_in(stat: Stat) -> None:
    known = Known([(b"\xff", Stat(1, 2, 3, 4)), (b"a.txt", stat)])

    assert (known.get(b"a.txt"), known.get(b"\xff")) == (stat, Stat(1, 2, 3, 4))


def test_a_path_that_the_ledger_does_not_have() -> None:
    known = Known([(b"a.txt", UNSEEN)])

    assert known.get(b"b.txt") is None
    assert not known.has(b"b.txt", UNSEEN)


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(Stat(9, 2, 3, 4), id="size"),
        pytest.param(Stat(1, 9, 3, 4), id="mtime"),
        pytest.param(Stat(1, 2, 9, 4), id="ctime"),
        pytest.param(Stat(1, 2, 3, 9), id="inode"),
    ],
)
def test_whatever_has_changed_is_not_just_so(now: Stat) -> None:
    known = Known([(b"a.txt", Stat(1, 2, 3, 4))])

    assert known.has(b"a.txt", Stat(1, 2, 3, 4))
    assert not known.has(b"a.txt", now)
