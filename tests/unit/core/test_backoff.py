import pytest

from worker.core.backoff import CAP_SECONDS, Outage, delay_seconds, failed


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 0.25), (2, 0.5), (3, 1.0), (6, 8.0), (7, 15.0), (10_000, 15.0)]
)
def test_delays_double_up_to_a_cap(failures: int, seconds: float) -> None:
    assert delay_seconds(failures) == seconds <= CAP_SECONDS


def test_an_outage_remembers_when_it_began() -> None:
    first = failed(None, 100.0)
    second = failed(first, 103.0)

    assert first == Outage(since=100.0, retry_at=100.25, failures=1)
    assert second == Outage(since=100.0, retry_at=103.5, failures=2)
