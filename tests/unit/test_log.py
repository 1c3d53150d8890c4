import logging
import re
from collections.abc import Iterator

import pytest

from worker import log


@pytest.fixture(autouse=True)
def root() -> Iterator[logging.Logger]:
    """The root logger, given back as it was, with pytest's own handlers."""
    logger = logging.getLogger()
    handlers, level = logger.handlers[:], logger.level
    logger.handlers = []
    yield logger
    logger.handlers = handlers
    logger.setLevel(level)


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    output = capsys.readouterr()
    assert output.out == ""
    return output.err.split("\n")


def test_an_event_is_a_line_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("INFO")
    logging.getLogger("worker.tasks").info("finished %d of %d file(s)", 3, 4)

    line, end = said(capsys)

    assert end == ""
    assert re.fullmatch(
        r"[\d-]+ [\d:,]+ INFO    \S+ worker\.tasks: finished 3 of 4 file\(s\)", line
    )


def test_a_name_with_a_newline_makes_no_line_of_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.configure("INFO")
    logging.getLogger("worker").info("took %s", "a\nb\n.txt")

    line, end = said(capsys)

    assert end == ""
    assert line.endswith(r"worker: took a\nb\n.txt")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("a\x1b[2Jb", r"a\x1b[2Jb", id="an escape sequence"),
        pytest.param("a\rb", r"a\rb", id="a carriage return"),
        pytest.param("a\tb", r"a\tb", id="a tab"),
        pytest.param("a\0b\x07\x7f", r"a\x00b\x07\x7f", id="control characters"),
        pytest.param("a\x85\u2028b", r"a\x85\u2028b", id="line ends of Unicode"),
        pytest.param("a\u202eb\u200f", r"a\u202eb\u200f", id="turns of direction"),
        pytest.param("a\udce9b", r"a\udce9b", id="a byte that is no UTF-8"),
        pytest.param("\U000e0041", r"\U000e0041", id="invisible tags"),
        pytest.param(
            "Zürich 湖 'n' \"q\" \\n", "Zürich 湖 'n' \"q\" \\n", id="all that has a shape"
        ),
    ],
)
def test_whatever_a_name_holds_is_shown(
    capsys: pytest.CaptureFixture[str], name: str, shown: str
) -> None:
    log.configure("INFO")
    logging.getLogger("worker").info("took %s", name)

    line, end = said(capsys)

    assert end == ""
    assert line.endswith(f"worker: took {shown}")


def _fail(message: str) -> None:
    raise LookupError(message)


def test_a_trace_keeps_its_lines_and_nothing_else_of_what_it_quotes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.configure("INFO")
    try:
        _fail("\x1b[2J\rgone\nfor good")
    except LookupError:
        logging.getLogger("worker").exception("took %s", "a\x1b.txt")

    first, *trace = said(capsys)

    assert first.endswith(r"worker: took a\x1b.txt")
    assert trace[0] == "    Traceback (most recent call last):"
    assert trace[-3:] == [r"    LookupError: \x1b[2J\rgone", "    for good", ""]
    assert all(line.isprintable() for line in (first, *trace))


def test_a_trace_is_told_apart_from_events_by_its_margin(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.configure("INFO")
    try:
        _fail("nobody\nhere")
    except LookupError:
        logging.getLogger("worker").exception("a step broke")

    first, *trace = said(capsys)

    assert first.endswith("worker: a step broke")
    assert all(line.startswith("    ") for line in trace[:-1])
    assert trace[-3:] == ["    LookupError: nobody", "    here", ""]


@pytest.mark.parametrize(("level", "heard"), [("DEBUG", True), ("INFO", False)])
def test_as_much_is_said_as_was_asked_for(
    capsys: pytest.CaptureFixture[str], level: str, *, heard: bool
) -> None:
    log.configure(level)
    logging.getLogger("worker").debug("looking")

    assert any("looking" in line for line in said(capsys)) is heard


@pytest.mark.parametrize("library", ["alembic", "watchdog", "kombu", "trafilatura", "htmldate"])
def test_libraries_say_what_is_wrong_and_no_more(
    capsys: pytest.CaptureFixture[str], library: str
) -> None:
    log.configure("DEBUG")
    logging.getLogger(f"{library}.inside").info("chatter")
    logging.getLogger(f"{library}.inside").warning("trouble")

    line, _ = said(capsys)

    assert line.endswith("trouble")


def test_configured_twice_is_configured_once(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        log.configure("INFO")
    logging.getLogger("worker").info("once")

    assert len(said(capsys)) == 2
