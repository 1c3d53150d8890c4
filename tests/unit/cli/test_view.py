from io import StringIO
from itertools import count

import pytest
from rich.console import Console

from tests.unit.cli.scenes import PLACES, drawn, headline, observed, scene, status, terminal
from worker.cli.view import screen, view
from worker.core.ledger import Reason, State

COUNTS = {State.STORED: 1_010, State.DUPLICATE: 80, State.NOTICED: 5}
REASONS = {(State.DUPLICATE, Reason.NEAR): 60, (State.DUPLICATE, Reason.EXACT): 20}
LONG = "Three countries to count the fish of Lake Victoria from one boat in the coming season " * 3
BUSY = observed(
    status(counts=COUNTS, reasons=REASONS, oldest_due_seconds=0.4),
    headlines=tuple(headline(f"{n}.txt", text=f"{n} {LONG}") for n in range(100)),
)


@pytest.mark.parametrize("width", [40, 60, 80, 200])
@pytest.mark.parametrize("height", [20, 24, 60])
def test_the_screen_fits_the_terminal(width: int, height: int) -> None:
    messages = (f"work ended; its log: /data/log/work.log\n{'Traceback ' * 30}\n" * 5,)
    console = terminal(width, height)

    lines = drawn(screen(scene(BUSY, messages=messages, trouble="x" * 300), console), console)

    assert max(map(len, lines)) <= width
    assert len(lines) <= height


def test_the_screen_shows_what_matters() -> None:
    console = terminal()
    shown = "\n".join(drawn(screen(scene(BUSY), console), console))

    assert "1,095 seen   5 in flight   3.5 files/s   the oldest waits 0.4 s" in shown
    assert "● stored       1,010" in shown
    assert "= duplicate       80  near 60, exact 20" in shown
    assert "0 Three countries" in shown
    assert "expanded" not in shown


def test_a_tall_terminal_is_filled_with_headlines() -> None:
    console = terminal(height=50)

    assert len(drawn(screen(scene(BUSY), console), console)) > 45


def test_what_is_to_be_copied_is_never_cut() -> None:
    console = terminal(width=40)

    assert PLACES.url in "".join(drawn(screen(scene(BUSY), console), console))


def test_before_anything_is_known_it_says_so() -> None:
    console = terminal()

    assert "starting …" in drawn(screen(scene(), console), console)


@pytest.mark.parametrize("where", ["headline", "path", "trouble", "message"])
def test_no_stranger_speaks_to_the_terminal(where: str) -> None:
    evil = "\x1b[2J\x07"
    line = headline(
        evil if where == "path" else "a",
        text="" if where == "path" else evil if where == "headline" else "b",
    )
    console = terminal()
    drawing = screen(
        scene(
            observed(headlines=(line,)),
            trouble=evil if where == "trouble" else "",
            messages=(evil,) if where == "message" else (),
        ),
        console,
    )

    shown = "\n".join(drawn(drawing, console))

    assert "\\x1b[2J\\x07" in shown
    assert shown.replace("\n", "").isprintable()


# --- where there is no terminal -------------------------------------------------------------------


def test_lines_are_plain_text() -> None:
    console = Console(file=StringIO(), force_terminal=False, width=40)
    with view(console, once=False) as shown:
        shown.show(scene(BUSY))
        shown.say(f"work ended\n{'log ' * 30}")

    text = console.file.getvalue()
    assert text.replace("\n", "").isprintable()
    assert text.count("\n") == 3  # nothing was folded


def test_a_line_is_repeated_only_when_a_count_changed() -> None:
    console = Console(file=StringIO(), force_terminal=False)
    hours = count(0, 3_600)
    with view(console, once=False, clock=lambda: next(hours)) as shown:
        for stored in (1, 1, 2):
            shown.show(scene(observed(status(counts={State.STORED: stored}))))

    assert console.file.getvalue().count("stored") == 2


def test_lines_do_not_come_thick_and_fast() -> None:
    console = Console(file=StringIO(), force_terminal=False)
    moments = count(0, 0.1)
    with view(console, once=False, clock=lambda: next(moments)) as shown:
        for stored in range(1, 100):
            shown.show(scene(observed(status(counts={State.STORED: stored}))))

    assert console.file.getvalue().count("stored") == 2
