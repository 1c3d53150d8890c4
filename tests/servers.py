"""PostgreSQL and Redis for tests and benches: given ones, else containers, else embedded ones."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import docker
from docker.errors import DockerException
from testcontainers.community.postgres import PostgresContainer
from testcontainers.community.redis import RedisContainer
from testcontainers.core.config import testcontainers_config

from worker.adapters.embedded import serve

_DATABASE = "COPYDESK_TEST_DATABASE_URL"
_BROKER = "COPYDESK_TEST_BROKER_URL"
_PREFERRED = "COPYDESK_TEST_SERVERS"  # "embedded": do not look for Docker
_REDIS = "redis-server --appendonly yes --save '' --maxmemory 256mb --maxmemory-policy noeviction"


# The reaper would be one more image to pull; our contexts end what they started.
testcontainers_config.ryuk_disabled = True


@dataclass(frozen=True, slots=True)
class TestServers:
    database_url: str  # libpq, of a superuser
    broker_url: str


@cache
def choice() -> str:
    if os.environ.get(_DATABASE) and os.environ.get(_BROKER):
        return f"given by {_DATABASE} and {_BROKER}"
    if os.environ.get(_PREFERRED) == "embedded":
        return "embedded"
    return "testcontainers" if _docker_answers() else "embedded"


def _docker_answers() -> bool:
    try:
        client = docker.from_env(timeout=5)
    except DockerException:
        return False
    try:
        return bool(client.ping())
    except DockerException:
        return False
    finally:
        client.close()


@contextmanager
def serving() -> Iterator[TestServers]:
    """Start what ``choice`` says, for as long as the context lasts."""
    if choice() == "embedded":
        with (
            tempfile.TemporaryDirectory(prefix="copydesk-test-") as folder,
            serve(Path(folder) / "data", command="pytest") as servers,
        ):
            yield TestServers(servers.endpoints.owner_url, servers.endpoints.broker_url)
    elif choice() == "testcontainers":
        with (
            PostgresContainer("postgres:18", driver=None) as postgres,
            RedisContainer("redis:8").with_command(_REDIS) as redis,
        ):
            host, port = redis.get_container_host_ip(), redis.get_exposed_port(6379)
            yield TestServers(postgres.get_connection_url(), f"redis://{host}:{port}/0")
    else:
        yield TestServers(os.environ[_DATABASE], os.environ[_BROKER])
