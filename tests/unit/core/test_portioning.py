import pytest

from worker.core.portioning import BATCH_SECONDS, next_files

MOST = 32


@pytest.mark.parametrize(
    ("files", "seconds", "expected"),
    [
        pytest.param(16, BATCH_SECONDS, 16, id="as long as it should take"),
        pytest.param(16, 2 * BATCH_SECONDS, 8, id="twice as long"),
        pytest.param(16, 1.6 * BATCH_SECONDS, 10, id="somewhat longer"),
        pytest.param(16, 1.7 * BATCH_SECONDS, 9, id="rounded down"),
        pytest.param(10, 0.7 * BATCH_SECONDS, 14, id="somewhat shorter"),
        pytest.param(8, BATCH_SECONDS / 100, 16, id="far shorter: twice as many, no more"),
        pytest.param(20, BATCH_SECONDS / 2, MOST, id="never more than may be taken"),
        pytest.param(8, 0.0, 16, id="no time at all"),
        pytest.param(4, 60 * BATCH_SECONDS, 1, id="never none"),
    ],
)
def test_a_batch_takes_about_a_second(files: int, seconds: float, expected: int) -> None:
    assert next_files(files, seconds, most=MOST) == expected


def test_a_slow_batch_is_soon_forgotten() -> None:
    files, batches = 1, 0
    while files < MOST:
        files, batches = next_files(files, files * BATCH_SECONDS / MOST, most=MOST), batches + 1

    assert batches == 5
