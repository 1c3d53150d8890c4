import pytest

from worker.cli.console import duration, printable, rate


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Nairobi “rail” — é", "Nairobi “rail” — é", id="letters of any kind"),
        pytest.param("\x1b[2Jgone", "\\x1b[2Jgone", id="a command to the terminal"),
        pytest.param("a\nb\tc", "a\\nb\\tc", id="a second line"),
        pytest.param("a\u202egpj.exe", "a\\u202egpj.exe", id="the other direction"),
        pytest.param("a\udce9", "a\\udce9", id="a byte that is no text"),
    ],
)
def test_what_a_terminal_would_obey_is_spelt_out(text: str, expected: str) -> None:
    assert printable(text) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.42, "0.4 s"),
        (9.94, "9.9 s"),
        (59.4, "59 s"),
        (75, "1 min 15 s"),
        (3_600, "1 h 0 min"),
        (7_260, "2 h 1 min"),
        (200_000, "2 d 7 h"),
    ],
)
def test_duration(seconds: float, expected: str) -> None:
    assert duration(seconds) == expected


@pytest.mark.parametrize(
    ("per_second", "expected"), [(0, "0.0"), (0.26, "0.3"), (9.94, "9.9"), (1_480.2, "1,480")]
)
def test_rate(per_second: float, expected: str) -> None:
    assert rate(per_second) == expected
