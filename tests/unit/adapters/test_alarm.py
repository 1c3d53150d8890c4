import signal
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from worker.adapters.alarm import limited
from worker.core.errors import Rejected
from worker.core.ledger import Reason

SOON_SECONDS = 0.02
LATER_SECONDS = 30.0


def endless() -> None:
    while True:
        time.sleep(0.001)


def stubborn() -> None:
    """As libraries do that catch whatever happens."""
    with suppress(Rejected):
        endless()
    endless()


@pytest.mark.parametrize("step", [endless, stubborn])
def test_a_step_without_end_is_too_expensive(step: Callable[[], None]) -> None:
    with pytest.raises(Rejected, match="no end of it") as refusal:
        limited(step, SOON_SECONDS)()

    assert refusal.value.reason is Reason.TOO_EXPENSIVE


def test_a_step_in_time_is_as_it_was() -> None:
    assert limited(lambda a, *, b: (a, b), LATER_SECONDS)(1, b=2) == (1, 2)


def test_a_failure_is_not_covered_up() -> None:
    with pytest.raises(ZeroDivisionError):
        limited(lambda: 1 / 0, LATER_SECONDS)()


def test_no_alarm_is_left_when_a_step_is_over() -> None:
    """It would ring in the middle of a commit."""
    with suppress(Rejected):
        limited(endless, SOON_SECONDS)()

    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_IGN


def test_an_alarm_that_rings_outside_of_its_step_only_turns_itself_off() -> None:
    kept = []
    limited(lambda: kept.append(signal.getsignal(signal.SIGALRM)), LATER_SECONDS)()
    signal.signal(signal.SIGALRM, kept[0])
    signal.setitimer(signal.ITIMER_REAL, SOON_SECONDS, LATER_SECONDS)

    time.sleep(5 * SOON_SECONDS)

    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
