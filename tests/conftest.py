"""Servers once a run, a database once a test."""

from collections.abc import Iterator
from itertools import count
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import redis
from sqlalchemy import Engine

import schemas.migrate
from tests.servers import TestServers, choice, serving
from worker.adapters.postgres.engine import connect

_TEMPLATE = "copydesk_template"
_numbers = count(1)


def pytest_report_header() -> str:
    return f"servers: {choice()}"


@pytest.fixture(scope="session")
def servers() -> Iterator[TestServers]:
    with serving() as running:
        yield running


@pytest.fixture(scope="session")
def template(servers: TestServers) -> str:
    """A migrated database, to be copied: a copy takes a tenth of the migrations' time."""
    _administer(servers, f"drop database if exists {_TEMPLATE} with (force)")
    _administer(servers, f"create database {_TEMPLATE} template template0 encoding 'UTF8'")
    engine = connect(named(servers.database_url, _TEMPLATE), name="test")
    schemas.migrate.upgrade(engine)
    engine.dispose()
    return _TEMPLATE


@pytest.fixture
def database_url(servers: TestServers, template: str) -> Iterator[str]:
    """A libpq URL of a fresh database."""
    name = f"copydesk_test_{next(_numbers)}"
    _administer(servers, f"drop database if exists {name} with (force)")
    _administer(servers, f"create database {name} template {template}")
    # Rights on a database are no part of its template; schemas/roles.sql gives these.
    _administer(servers, f"revoke temporary on database {name} from public")
    yield named(servers.database_url, name)
    _administer(servers, f"drop database {name} with (force)")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url, name="test")
    yield engine
    engine.dispose()


@pytest.fixture
def broker_url(servers: TestServers) -> str:
    """An empty broker."""
    with redis_client(servers.broker_url) as client:
        client.flushall()
    return servers.broker_url


def redis_client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url.replace("redis+socket://", "unix://"))


def named(url: str, database: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{database}"))


def _administer(servers: TestServers, statement: str) -> None:
    with psycopg.connect(servers.database_url, autocommit=True) as connection:
        connection.execute(statement.encode())
