"""The project of ``docker-compose.yml``, under a name, an image and a port of its own."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from worker.adapters.postgres.engine import connect

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docker-compose.yml"
DEVELOPMENT = ROOT / "deploy/compose.dev.yml"
IMAGE = "copydesk:test"

_MOST_SECONDS = 240  # of one command, against hanging; a build without any cache is the longest


def docker(*argv: str, environment: Mapping[str, str] | None = None) -> str:
    """What the command printed.

    Raises:
        AssertionError: with all that it said, when it failed.
    """
    done = subprocess.run(
        ["docker", *argv],  # noqa: S607 -- whichever the developer uses
        env=_quiet() if environment is None else environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=_MOST_SECONDS,
    )
    assert done.returncode == 0, f"docker {' '.join(argv)}\n{done.stdout}{done.stderr}"
    return done.stdout


@cache
def missing(*argv: str) -> str:
    """Why ``docker ARGV`` cannot be used here; empty when it can."""
    try:
        docker(*argv)
    except FileNotFoundError:
        return "there is no docker command"
    except (AssertionError, subprocess.TimeoutExpired) as error:
        return str(error).strip().splitlines()[-1]
    return ""


@dataclass(frozen=True, slots=True)
class Project:
    name: str
    inbox: Path
    port: int  # of the database, on loopback

    def compose(self, *argv: str) -> str:
        environment = {
            **_quiet(),
            "COPYDESK_IMAGE": IMAGE,
            "COPYDESK_INBOX": str(self.inbox),
            "COPYDESK_DB_PORT": str(self.port),
            "COPYDESK_WORKERS": "1",  # slow enough that a kill comes in time, on any machine
        }
        ours = ("compose", "-p", self.name, "-f", str(FILE), "--env-file", os.devnull)
        return docker(*ours, "--progress", "quiet", *argv, environment=environment)

    def up(self, *argv: str) -> None:
        """Until everything is healthy."""
        self.compose("up", "-d", "--wait", "--wait-timeout", "120", *argv)

    def run(self, service: str, *command: str) -> str:
        """In the service's first container, as its user."""
        return self.compose("exec", "-T", service, *command).strip()

    def containers(self, service: str | None = None) -> list[dict[str, Any]]:
        """What ``docker inspect`` says of them, those that have ended included."""
        ids = self.compose("ps", "-aq", *filter(None, [service])).split()
        return json.loads(docker("inspect", *ids)) if ids else []

    def password(self, role: str) -> str:
        return self.run("db", "cat", f"/run/secrets/{role}_password")

    def url(self, role: str) -> str:
        user = f"copydesk_{role}:{self.password(role)}"
        return f"postgresql://{user}@127.0.0.1:{self.port}/copydesk"

    @contextmanager
    def database(self, role: str) -> Iterator[Engine]:
        engine = connect(self.url(role), name="test")
        try:
            yield engine
        finally:
            engine.dispose()


@contextmanager
def started(inbox: Path) -> Iterator[tuple[Project, float]]:
    """A project from nothing, and how many seconds it took to be healthy after its build.

    Nothing of it is left, whatever happens, but the image, whose layers the next run shares.
    """
    project = Project(f"copydesk-test-{os.getpid()}", inbox, _free_port())
    try:
        project.compose("build", "--quiet")
        begin = time.monotonic()
        project.up()
        yield project, time.monotonic() - begin
    except AssertionError:
        print(project.compose("logs", "--no-color", "--tail", "50"))  # noqa: T201 -- pytest shows it
        raise
    finally:
        project.compose("down", "--volumes", "--remove-orphans", "--timeout", "10")


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _quiet() -> dict[str, str]:
    """This environment, without what would make another project of it."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COPYDESK_", "COMPOSE_"))
    }
