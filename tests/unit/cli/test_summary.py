import pytest

from tests.unit.cli.scenes import PLACES, headline, observed, status, terminal
from worker.cli.scene import Summary
from worker.cli.summary import files, tell
from worker.core.ledger import Reason, State

COUNTS = {State.STORED: 1, State.QUARANTINED: 1}
LINES = (
    headline("b.txt", outcome=State.QUARANTINED, reason=Reason.EMPTY, text="nothing", tags=()),
    headline("a.txt"),
)


def summary(
    *, counts: dict[State, int] | None = None, articles: int = 1, in_flight: int = 0
) -> Summary:
    seen = observed(status(counts=COUNTS if counts is None else counts), headlines=LINES)
    return Summary(seen, seconds=2.0, articles=articles, in_flight=in_flight)


def test_a_small_inbox_is_shown_file_by_file(capsys: pytest.CaptureFixture[str]) -> None:
    tell(summary(), PLACES, once=True, drained=True)

    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[:4] == [
        "● stored       a.txt",
        "               Ferry service resumes on the lake  Kisumu, KE",
        "✗ quarantined  b.txt  empty",
        "               nothing",
    ]


def test_a_large_inbox_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    tell(summary(counts={State.STORED: 31}), PLACES, once=True, drained=True)

    err = capsys.readouterr().err
    assert "a.txt" not in err
    assert "31" in err


@pytest.mark.parametrize(
    ("result", "drained", "expected"),
    [
        pytest.param(summary(), True, "1 new in 2.0 s, 0.5 articles/s", id="drained"),
        pytest.param(summary(articles=0), True, "nothing new, after 2.0 s", id="again"),
        pytest.param(
            summary(in_flight=3), False, "not drained: 3 waiting; nothing is lost.", id="not"
        ),
        pytest.param(
            summary(counts={State.STORED: 0}), True, "there is no file in seeds", id="empty"
        ),
    ],
)
def test_the_end_of_a_run(
    capsys: pytest.CaptureFixture[str], result: Summary, *, drained: bool, expected: str
) -> None:
    tell(result, PLACES, once=True, drained=drained)

    assert expected in capsys.readouterr().err


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        pytest.param(summary(in_flight=3), "stopped; nothing is lost: 3 waiting", id="at work"),
        pytest.param(None, "stopped; nothing is lost", id="before it began"),
    ],
)
def test_the_end_by_hand(
    capsys: pytest.CaptureFixture[str], result: Summary | None, expected: str
) -> None:
    tell(result, PLACES, once=False, drained=False)

    assert capsys.readouterr().err.splitlines()[-1] == expected


def test_on_a_terminal_a_file_takes_two_lines() -> None:
    console = terminal(width=50)
    long = headline("very/" * 20, text="long " * 40)

    (shown,) = files([long], console)

    assert [len(line) for line in shown.plain.split("\n")] == [50, 50]
