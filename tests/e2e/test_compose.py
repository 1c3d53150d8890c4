"""The compose file on a Docker engine: started from nothing, used, looked into, killed.

The tests share one project and find it healthy; each leaves it so.
"""

import json
import shutil
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, TextClause, text

from tests import invariants
from tests.bench.texts import articles
from tests.e2e import compose
from tests.e2e.compose import DEVELOPMENT, FILE, IMAGE, Project

ROLES = ("postgres", "owner", "worker", "reader", "consumer")
SERVERS = ("redis", "db")
ONCE = ("secrets-init", "migrate")
LASTING = (*SERVERS, "watcher", "worker")

HEALTHY_SECONDS = 60  # after the build
READ_SECONDS = 5  # from a file's copy into the folder to a consumer's query
READY_SECONDS = 5  # of a worker
ADDED_MB = 480  # by our image to its base, of 1e6 bytes
CUT_OFF_SECONDS = 40  # longer than a lease, which is 30

_ARTICLES = text("select count(*) from desk.article")
_WORKING = text("select count(*) from desk.file where state = 'processing'")
_OPEN = text("select count(*) from desk.file where state in ('noticed', 'processing')")

_LENGTH = 3  # stories in a file

_seeds = count(1)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, float]]:
    if reason := compose.missing("info"):
        pytest.skip(f"no Docker engine answers: {reason}")
    inbox = tmp_path_factory.mktemp("inbox")
    inbox.chmod(0o755)  # the watcher is another user
    with compose.started(inbox) as project_and_seconds:
        yield project_and_seconds


@pytest.fixture
def project(request: pytest.FixtureRequest, started: tuple[Project, float]) -> Iterator[Project]:
    """The running project; what it said is shown with a test that fails."""
    failed = request.session.testsfailed
    yield started[0]
    if request.session.testsfailed > failed:
        said = started[0].compose("logs", "--no-color", "--tail=60", "watcher", "worker")
        request.node.add_report_section("teardown", "containers", said)


@pytest.fixture
def engine(project: Project) -> Iterator[Engine]:
    """The database, as its owner."""
    with project.database("owner") as engine:
        yield engine


# --- the file -------------------------------------------------------------------------------------


@pytest.mark.parametrize("files", [[FILE], [FILE, DEVELOPMENT]], ids=["plain", "development"])
def test_the_file_is_valid(files: list[Path]) -> None:
    if reason := compose.missing("compose", "version"):
        pytest.skip(f"Docker Compose is not here: {reason}")

    compose.docker("compose", *(f"--file={file}" for file in files), "config", "--quiet")


# --- used -----------------------------------------------------------------------------------------


@pytest.mark.compose
def test_it_is_healthy_within_a_minute_of_its_build(started: tuple[Project, float]) -> None:
    _, seconds = started

    assert seconds <= HEALTHY_SECONDS


@pytest.mark.compose
def test_a_dropped_file_is_read_with_psql(project: Project, tmp_path: Path) -> None:
    _settle(project)
    (article,) = _write(tmp_path, 1)
    headline = article.read_text(encoding="utf-8").split("\n")[0]
    query = "select headline from feed_v1.articles order by position desc limit 1"

    dropped = time.monotonic()
    shutil.copy(article, project.inbox / article.name)
    while _psql(project, query) != headline:
        assert time.monotonic() - dropped <= READ_SECONDS, "it was not there in time"


@pytest.mark.compose
def test_a_consumer_connects_over_loopback_and_may_only_read(project: Project) -> None:
    with psycopg.connect(project.url("reader")) as connection:
        connection.execute("select count(*) from feed_v1.articles").fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select * from desk.document")

    with (
        psycopg.connect(project.url("reader")) as connection,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        connection.execute("create table feed_v1.mine ()")


@pytest.mark.compose
@pytest.mark.parametrize("password", ["", "guess"], ids=["none", "wrong"])
def test_nobody_connects_without_the_password(project: Project, password: str) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(
            host="127.0.0.1",
            port=project.port,
            user="copydesk_reader",
            dbname="copydesk",
            password=password,
        )


@pytest.mark.compose
@pytest.mark.parametrize(
    ("user", "password", "command", "answer"),
    [
        pytest.param("default", "", "ping", "NOAUTH", id="a stranger"),
        pytest.param("copydesk", "guess", "ping", "WRONGPASS", id="a wrong password"),
        pytest.param("copydesk", None, "ping", "PONG", id="the service"),
        pytest.param("copydesk", None, "flushall", "NOPERM", id="the service, clearing all"),
        pytest.param("copydesk", None, "config get dir", "NOPERM", id="the service, configuring"),
    ],
)
def test_the_broker_lets_in_the_service_alone(
    project: Project, user: str, password: str | None, command: str, answer: str
) -> None:
    secret = "$(cat /run/secrets/broker_password)" if password is None else password
    login = f"auth {user} {secret}" if secret else ""

    said = project.run("redis", "sh", "-c", f'printf "{login}\\n{command}\\n" | redis-cli')

    assert answer in said


@pytest.mark.compose
def test_a_second_start_keeps_every_password(project: Project) -> None:
    before = _passwords(project)

    project.up()

    assert _passwords(project) == before


@pytest.mark.compose
def test_the_roles_can_be_made_again(project: Project) -> None:
    roles = "/docker-entrypoint-initdb.d/10-roles.sql"

    project.run("db", "psql", "-q", "-d", "copydesk", "-f", roles)

    psycopg.connect(project.url("reader")).close()


# --- looked into ----------------------------------------------------------------------------------


@pytest.mark.compose
@pytest.mark.parametrize("service", [*ONCE, *LASTING])
def test_a_container_may_do_no_more_than_it_needs(project: Project, service: str) -> None:
    (container,) = project.containers(service)
    host = container["HostConfig"]

    assert container["Config"]["User"] == {
        "secrets-init": "10000:10000",
        "redis": "999:999",
        "db": "999:999",
    }.get(service, "10001:10001")
    assert host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"]
    assert not host["CapAdd"]
    assert not host["Privileged"]
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    assert host["Init"]
    assert host["Memory"] > 0
    assert host["PidsLimit"] > 0
    assert host["LogConfig"] == {
        "Type": "json-file",
        "Config": {"max-size": "10m", "max-file": "3"},
    }


@pytest.mark.compose
@pytest.mark.parametrize("service", LASTING)
def test_a_process_has_no_capability_and_stops_in_its_own_time(
    project: Project, service: str
) -> None:
    (container,) = project.containers(service)

    status = dict(
        line.split(":", 1) for line in project.run(service, "cat", "/proc/1/status").splitlines()
    )

    assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
    assert "0" not in status["Uid"].split()
    assert container["HostConfig"]["RestartPolicy"]["Name"] == "unless-stopped"
    assert container["Config"]["StopTimeout"] == 60
    with pytest.raises(AssertionError, match="Read-only file system"):
        project.run(service, "touch", "/etc/mark")


@pytest.mark.compose
def test_the_watcher_alone_sees_the_inbox_and_may_not_write_to_it(project: Project) -> None:
    seen = {
        container["Config"]["Labels"]["com.docker.compose.service"]: mount["RW"]
        for container in project.containers()
        for mount in container["Mounts"]
        if mount["Destination"] == "/inbox"
    }

    assert seen == {"watcher": False}


@pytest.mark.compose
def test_the_databases_port_is_the_only_one_and_is_on_loopback(project: Project) -> None:
    ports = {
        container["Config"]["Labels"]["com.docker.compose.service"]: bound
        for container in project.containers()
        if (bound := [b for all_ in container["HostConfig"]["PortBindings"].values() for b in all_])
    }

    assert ports == {"db": [{"HostIp": "127.0.0.1", "HostPort": str(project.port)}]}


@pytest.mark.compose
def test_no_network_leads_out(project: Project) -> None:
    desk, door = (f"{project.name}_{name}" for name in ("desk", "consumers"))
    joined = {
        container["Config"]["Labels"]["com.docker.compose.service"]: set(
            container["NetworkSettings"]["Networks"]
        )
        for container in project.containers()
    }
    inner, outer = json.loads(compose.docker("network", "inspect", desk, door))

    assert joined == {
        "secrets-init": {"none"},
        "db": {desk, door},
        **{service: {desk} for service in ("redis", "migrate", "watcher", "worker")},
    }
    assert inner["Internal"]
    assert outer["Options"]["com.docker.network.bridge.enable_ip_masquerade"] == "false"


@pytest.mark.compose
@pytest.mark.parametrize(
    ("service", "readable"),
    [
        ("redis", {"broker_acl", "broker_password"}),
        ("db", {f"{role}_password" for role in ROLES}),
        ("watcher", {"worker_database_url", "broker_url"}),
        ("worker", {"worker_database_url", "broker_url"}),
    ],
)
def test_each_reads_the_secrets_that_it_needs(
    project: Project, service: str, readable: set[str]
) -> None:
    script = 'cd /run/secrets && for f in *; do [ -r "$f" ] && echo "$f"; done; true'

    assert set(project.run(service, "sh", "-c", script).split()) == readable


@pytest.mark.compose
def test_no_secret_shows(project: Project) -> None:
    """Not in what Docker says of containers, not among the processes, nor in their words."""
    environments = [
        project.run(service, "sh", "-c", "cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'")
        for service in LASTING
    ]
    public = "\n".join(
        [
            json.dumps(project.containers()),
            project.compose("top"),
            project.compose("logs", "--no-color"),
            compose.docker("image", "history", "--no-trunc", IMAGE),
            *environments,
        ]
    )

    assert "COPYDESK_DATABASE_URL_FILE" in public  # we do look where it would be
    assert [secret for secret in _passwords(project) if secret in public] == []


# --- measured -------------------------------------------------------------------------------------


@pytest.mark.compose
def test_the_image_is_small(project: Project) -> None:
    ours, base = json.loads(compose.docker("image", "inspect", IMAGE, "python:3.13-slim"))

    assert (ours["Size"] - base["Size"]) / 1e6 <= ADDED_MB


@pytest.mark.compose
def test_the_image_has_nothing_to_build_with(project: Project) -> None:
    script = "import importlib.util as u; print(u.find_spec('pip'), u.find_spec('setuptools'))"

    assert project.run("worker", "python", "-c", script) == "None None"


@pytest.mark.compose
def test_a_worker_is_soon_ready(project: Project) -> None:
    """The best of three starts: what else runs here can only make it slower."""
    (worker,) = project.containers("worker")

    assert min(_seconds_to_start(project, worker["Id"]) for _ in range(3)) <= READY_SECONDS


def _seconds_to_start(project: Project, worker: str) -> float:
    compose.docker("stop", worker)
    begin = time.monotonic()
    compose.docker("start", worker)
    invariants.wait(lambda: _beats(project, "worker"), seconds=60, what="the worker's first beat")
    return time.monotonic() - begin


# --- killed ---------------------------------------------------------------------------------------


@pytest.mark.compose
def test_kills_of_worker_broker_and_watcher_lose_and_double_nothing(
    project: Project, engine: Engine
) -> None:
    before = _number(engine, _ARTICLES)

    for victim in ("worker", "redis", "watcher"):
        _drop(project, 67 if victim != "watcher" else 66)
        _wait_for_work(engine)
        project.compose("kill", "-s", "SIGKILL", victim)
        assert _number(engine, _OPEN) > 0, "it was killed too late to matter"
        project.compose("up", "-d", victim)
    _settle(project)

    invariants.check(engine, project.inbox)
    assert _number(engine, _ARTICLES) - before == 200
    assert "No permissions" not in project.compose("logs", "watcher", "worker")  # of the broker


@pytest.mark.compose
def test_a_worker_that_is_cut_off_loses_and_doubles_nothing(
    project: Project, engine: Engine
) -> None:
    before = _number(engine, _ARTICLES)
    network = f"{project.name}_desk"
    project.up("--scale", "worker=3")
    workers = [container["Id"] for container in project.containers("worker")]
    assert len(workers) == 3

    _drop(project, 200)
    _wait_for_work(engine)
    compose.docker("network", "disconnect", network, workers[0])
    time.sleep(CUT_OFF_SECONDS)
    compose.docker("network", "connect", network, workers[0])
    _settle(project)

    invariants.check(engine, project.inbox)
    assert _number(engine, _ARTICLES) - before == 200
    assert "No permissions" not in project.compose("logs", "watcher", "worker")  # of the broker
    project.up("--scale", "worker=1")


# --- makers and questions -------------------------------------------------------------------------


def _write(folder: Path, number: int) -> list[Path]:
    """Distinct articles, also from those of other calls; long ones, so that a kill is in time."""
    seed = next(_seeds)
    files = [folder / f"{seed}-{n}.txt" for n in range(number)]
    stories = articles(_LENGTH * number, seed)
    for file in files:
        file.write_text("\n".join(islice(stories, _LENGTH)), encoding="utf-8")
        file.chmod(0o644)
    return files


def _drop(project: Project, number: int) -> None:
    _write(project.inbox, number)


def _settle(project: Project) -> None:
    """Wait until all that lies in the folder has an outcome."""
    files = sum(file.is_file() for file in project.inbox.iterdir())
    with project.database("owner") as engine:
        invariants.wait_until_final(engine, files)


def _wait_for_work(engine: Engine) -> None:
    invariants.wait(
        lambda: _number(engine, _WORKING) > 0, seconds=60, what="a file to be worked on"
    )


def _number(engine: Engine, question: TextClause) -> int:
    with engine.connect() as connection:
        return int(connection.execute(question).scalar_one())


def _psql(project: Project, query: str) -> str:
    return project.run("db", "psql", "-U", "copydesk_reader", "-d", "copydesk", "-Atc", query)


def _passwords(project: Project) -> list[str]:
    broker = project.run("redis", "cat", "/run/secrets/broker_password")
    return [*(project.password(role) for role in ROLES), broker]


def _beats(project: Project, service: str) -> bool:
    try:
        project.run(service, "test", "-e", "/tmp/heartbeat")  # noqa: S108 -- of the container
    except AssertionError:
        return False
    return True
