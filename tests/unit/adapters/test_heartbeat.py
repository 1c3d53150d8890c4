from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.articles import INBOX
from tests.doubles import Collector
from worker.adapters.heartbeat import EVERY_SECONDS, BeatingIntake, consumer_step
from worker.core.errors import Unavailable


@dataclass
class Timer:
    """Celery's, as far as a step sees it; calls when it is told to."""

    calls: list[Callable[[], object]] = field(default_factory=list)

    def call_repeatedly(self, seconds: float, call: Callable[[], object]) -> "Timer":
        assert seconds == EVERY_SECONDS

        self.calls.append(call)
        return self

    def cancel(self) -> None:
        self.calls.clear()


@dataclass
class Consumer:
    steps: list[object] = field(default_factory=list)
    timer: Timer = field(default_factory=Timer)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "heartbeat"


def test_the_file_is_touched_when_the_ledger_heard_the_beat(file: Path) -> None:
    BeatingIntake(Collector(), file).beat(INBOX, settling=0, scanned=False)

    assert file.exists()


def test_the_file_is_not_touched_while_the_ledger_is_away(file: Path) -> None:
    with pytest.raises(Unavailable):
        BeatingIntake(Collector(away=True), file).beat(INBOX, settling=0, scanned=False)

    assert not file.exists()


def test_a_consumer_beats_at_once_and_then_every_few_seconds(file: Path) -> None:
    consumer = Consumer()

    consumer_step(file)(consumer).start(consumer)

    assert file.exists()
    file.unlink()
    (beat,) = consumer.timer.calls
    beat()
    assert file.exists()


def test_a_consumer_that_lost_its_connection_beats_no_more(file: Path) -> None:
    consumer = Consumer()
    step = consumer_step(file)(consumer)
    step.start(consumer)

    step.stop(consumer)

    assert consumer.timer.calls == []
