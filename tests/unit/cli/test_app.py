"""Nothing that a person can type is without a word of help."""

import subprocess
import sys

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from worker.cli.app import app

COMMANDS = (
    "up watch work clerk migrate explain status audit "
    "files why retry reprocess retract restore erase separate join "
    "doctor search show export feed psql"
).split()
SHORTEST = 15  # characters of a help text that says something
WIDEST_SUMMARY = 45  # columns of 80 that the list of commands leaves for each
HEAVY = "celery sqlalchemy spacy numpy alembic pydantic lxml".split()

group = get_command(app)
run = CliRunner().invoke


HELP = [
    pytest.param(parameter.help, id=f"{name} {parameter.opts[0]}")
    for name, command in {"copydesk": group, **group.commands}.items()
    for parameter in command.params
]


def test_every_command_is_there() -> None:
    assert list(group.commands) == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does(name: str) -> None:
    command = group.commands[name]

    assert len(command.help) > 2 * SHORTEST
    assert SHORTEST < len(command.short_help) <= WIDEST_SUMMARY


@pytest.mark.parametrize("text", HELP)
def test_an_option_says_what_it_is_for(text: str | None) -> None:
    assert len(text or "") >= SHORTEST


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_shows_its_help(name: str) -> None:
    shown = run(app, [name, "--help"], prog_name="copydesk")

    assert shown.exit_code == 0
    assert f"Usage: copydesk {name}" in shown.stdout


def test_version() -> None:
    assert run(app, ["--version"]).stdout.startswith("copydesk ")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["fly"], id="no such command"),
        pytest.param(["status", "--fly"], id="no such option"),
        pytest.param(["up", "--workers", "0"], id="no such number"),
    ],
)
def test_a_mistake_in_the_command_line_is_usage(arguments: list[str]) -> None:
    assert run(app, arguments).exit_code == 2


def test_help_imports_nothing_heavy() -> None:
    """It answers at once, since commands import what they need when they are run."""
    program = (
        f"import sys, worker.cli.app\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert found.stdout.strip() == ""
