"""The command as a person runs it: real processes, in a folder whose name has a space.

The rules tag here, since what is told apart is processes and not tags.
"""

import csv
import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

import worker
from tests import invariants
from tests.articles import STORY, text
from tests.ninjs import faults

ROOT = str(Path(worker.__file__).parents[1])
COUNTS = "seen stored revised duplicate expanded quarantined ignored in_flight".split()
PATIENCE_SECONDS = 60.0  # on a busy machine

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs prctl and /proc")


def environment(**ours: str) -> dict[str, str]:
    """Nobody else's settings."""
    others = {name: value for name, value in os.environ.items() if "COPYDESK" not in name}
    settings = {"COPYDESK_TAGGER": "rules", "COPYDESK_WORKERS": "2", "COPYDESK_INBOX": "in box"}
    return {**others, "PYTHONPATH": ROOT, **settings, **ours}


def copydesk(
    folder: Path, *arguments: str, given: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "worker.cli", *arguments],
        cwd=folder,
        env=environment(**settings),
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def fill(folder: Path) -> Path:
    """An inbox with a file of each outcome that needs no second thought."""
    inbox = folder / "in box"
    inbox.mkdir(parents=True)
    (inbox / "a.txt").write_text(STORY)
    (inbox / "b.txt").write_text(STORY)
    (inbox / "c.txt").write_text(text(1))
    (inbox / "d.txt").write_bytes(b"")
    (inbox / "e.txt.part").write_text(text(2))
    return inbox


def drop(inbox: Path, name: str, content: str) -> None:
    unfinished = inbox / f"{name}.part"
    unfinished.write_text(content)
    unfinished.rename(inbox / name)


def eventually(condition: Callable[[], object]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


# --- to the end -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drained:
    folder: Path
    run: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def drained(tmp_path_factory: pytest.TempPathFactory) -> Drained:
    """A folder whose inbox was worked by ``up --once``; who asks later starts servers anew."""
    folder = tmp_path_factory.mktemp("a desk") / "it is mine"
    fill(folder)
    return Drained(folder, copydesk(folder, "up", "--once", "--json"))


def test_once_works_all_and_counts_it(drained: Drained) -> None:
    answer = json.loads(drained.run.stdout)

    assert drained.run.returncode == 0, drained.run.stderr
    assert {key: answer[key] for key in COUNTS} == {
        "seen": 5,
        "stored": 2,
        "revised": 0,
        "duplicate": 1,
        "expanded": 0,
        "quarantined": 1,
        "ignored": 1,
        "in_flight": 0,
    }
    assert list(answer) == [*COUNTS, "seconds", "articles_per_second"]
    assert answer["articles_per_second"] == pytest.approx(3 / answer["seconds"], abs=0.01)


def test_once_shows_people_what_became_of_each_file(drained: Drained) -> None:
    shown = drained.run.stderr

    assert "stored       a.txt" in shown
    assert "Ferry service resumes on the lake" in shown
    assert "duplicate    b.txt  exact" in shown
    assert "quarantined  d.txt  empty" in shown
    assert "ignored      e.txt.part  temporary_name" in shown


def test_once_writes_no_control_characters_where_there_is_no_terminal(drained: Drained) -> None:
    assert drained.run.stderr.replace("\n", "").isprintable()


def test_once_leaves_no_process(drained: Drained) -> None:
    assert [pid for pid in processes_of(drained.folder) if pid != os.getpid()] == []


def test_once_again_finds_nothing_new(drained: Drained) -> None:
    again = copydesk(drained.folder, "up", "--once", "--json")

    assert again.returncode == 0
    assert json.loads(again.stdout)["seen"] == 5
    assert json.loads(again.stdout)["articles_per_second"] == 0
    assert "nothing new" in again.stderr


def test_status(drained: Drained) -> None:
    """The watcher went a moment ago; once it is silent for long, nobody watches."""
    machine = copydesk(drained.folder, "status", "--json")
    people = copydesk(drained.folder, "status")
    invariants.wait(
        lambda: "no watcher is running" in copydesk(drained.folder, "status").stderr,
        seconds=60,
        what="the watcher's silence to be noticed",
    )

    (inbox,) = json.loads(machine.stdout)["inboxes"]
    assert inbox["inbox"] == str(drained.folder / "in box")
    assert (inbox["counts"]["stored"], inbox["in_flight"]) == (2, 0)
    assert inbox["reasons"]["duplicate"] == {"exact": 1}
    assert machine.stderr == ""
    assert people.stdout == ""
    assert "5 seen, 0 in flight" in people.stderr


def test_an_export_ahead_of_the_feed_is_refused(drained: Drained) -> None:
    done = copydesk(drained.folder, "export", "--after", "9999")

    assert (done.returncode, done.stdout) == (2, "")
    assert "position 9999 is ahead of the feed" in done.stderr


def test_export(drained: Drained) -> None:
    to_stdout = copydesk(drained.folder, "export")
    to_file = copydesk(drained.folder, "export", "--output", "all.jsonl", "--after", "1")

    articles = [json.loads(line) for line in to_stdout.stdout.splitlines()]
    assert [a["headline"].split()[0] for a in articles] == ["Ferry", "Ferry1"]
    assert [a["position"] for a in articles] == sorted({a["position"] for a in articles})
    later = (drained.folder / "all.jsonl").read_text().splitlines()
    assert [json.loads(line)["id"] for line in later] == [
        a["id"] for a in articles if a["position"] > 1
    ]
    assert to_file.stdout == ""
    assert "in all.jsonl" in to_file.stderr


def test_search_and_show(drained: Drained) -> None:
    found = copydesk(drained.folder, "search", "ferries", "sailing", "--json")
    people = copydesk(drained.folder, "search", "ferries")
    article = json.loads(found.stdout)
    shown = copydesk(drained.folder, "show", article["id"], "--json")
    page = copydesk(drained.folder, "show", article["uri"])
    original = copydesk(drained.folder, "show", article["id"], "--original")
    unknown = copydesk(drained.folder, "show", "ffffffff")

    assert article["headline"].startswith("Ferry service")
    assert (people.stdout, "Ferry service resumes" in people.stderr) == ("", True)
    assert json.loads(shown.stdout)["article"]["id"] == article["id"]
    assert (page.stdout, "Mfangano island" in page.stderr) == ("", True)
    assert original.stdout.rstrip("\n") == STORY
    assert (unknown.returncode, "nothing is called ffffffff" in unknown.stderr) == (2, True)


def test_feed(drained: Drained) -> None:
    run = copydesk(drained.folder, "feed", "--json")
    shown = copydesk(drained.folder, "feed", "--after", "1")
    ahead = copydesk(drained.folder, "feed", "--after", "99")

    changes = [json.loads(line) for line in run.stdout.splitlines()]
    assert [change["position"] for change in changes] == list(range(1, len(changes) + 1))
    assert {change["headline"].split()[0] for change in changes} == {"Ferry", "Ferry1"}
    assert "Ferry" in shown.stderr
    assert len(shown.stderr.splitlines()) == len(changes) - 1
    assert (ahead.returncode, "ahead of the feed" in ahead.stderr) == (2, True)


def test_export_as_ninjs(drained: Drained) -> None:
    run = copydesk(drained.folder, "export", "--format", "ninjs")

    made = [json.loads(line) for line in run.stdout.splitlines()]
    assert [item["headlines"][0]["value"].split()[0] for item in made] == ["Ferry", "Ferry1"]
    assert [fault for item in made for fault in faults(item)] == []


def test_export_as_a_table(drained: Drained) -> None:
    run = copydesk(drained.folder, "export", "--format", "csv")

    rows = list(csv.DictReader(io.StringIO(run.stdout)))
    assert [row["headline"].split()[0] for row in rows] == ["Ferry", "Ferry1"]
    assert rows[0]["copies"] == "1"


def test_export_ends_quietly_when_its_reader_has_had_enough(drained: Drained) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "worker.cli", "export"],
        cwd=drained.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaint = process.stderr.read()

    assert (process.returncode, complaint) == (0, b"")


@pytest.mark.parametrize(
    ("options", "statement", "answer", "status"),
    [
        pytest.param([], "select count(*) from articles", "2\n", 0, id="views are at hand"),
        pytest.param(["--owner"], "select count(*) from desk.file", "5\n", 0, id="the ledger"),
        pytest.param([], "select count(*) from desk.file", "", 1, id="not for a reader"),
    ],
)
def test_psql(
    drained: Drained, options: list[str], statement: str, answer: str, status: int
) -> None:
    done = copydesk(drained.folder, "psql", *options, "-XAtc", statement)

    assert (done.stdout, done.returncode) == (answer, status)


def test_migrate_says_which_schema_there_is(drained: Drained) -> None:
    done = copydesk(drained.folder, "migrate", "--wait")

    assert (done.returncode, done.stdout) == (0, "")
    assert "the schema is at" in done.stderr


def test_given_servers_are_used(tmp_path: Path, database_url: str, broker_url: str) -> None:
    fill(tmp_path)
    urls = {"COPYDESK_DATABASE_URL": database_url, "COPYDESK_BROKER_URL": broker_url}

    done = copydesk(tmp_path, "up", "--once", "--json", **urls)

    assert json.loads(done.stdout)["stored"] == 2
    assert not (tmp_path / ".copydesk" / "postgres").exists()


# --- a dry run ------------------------------------------------------------------------------------


def test_explain_writes_nothing(tmp_path: Path) -> None:
    inbox = fill(tmp_path)

    done = copydesk(tmp_path, "explain", "in box/a.txt", "in box/b.txt", "--json")

    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["outcome"], second["outcome"]) == ("stored", "duplicate")
    assert second["article"]["language"] == "en"
    assert list(tmp_path.iterdir()) == [inbox]


def test_explain_reads_paths_from_a_pipe(tmp_path: Path) -> None:
    fill(tmp_path)

    done = copydesk(tmp_path, "explain", "--files-from", "-", given="in box/a.txt\nin box/d.txt\n")

    assert done.stdout == ""
    assert "in box/a.txt  stored" in done.stderr
    assert "in box/d.txt  quarantined (empty)" in done.stderr


# --- what goes wrong ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "settings", "status", "message"),
    [
        pytest.param(["explain"], {}, 2, "name a file", id="nothing was named"),
        pytest.param(["explain", "no.txt"], {}, 2, "no.txt: No such file", id="no such file"),
        pytest.param(["up", "--inbox", "nowhere"], {}, 2, "'nowhere'", id="no such inbox"),
        pytest.param(
            ["status"], {"COPYDESK_WORKERS": "many"}, 2, "COPYDESK_WORKERS", id="a wrong setting"
        ),
        pytest.param(["export", "--after", "9", "--until", "3"], {}, 2, "--until 3", id="no range"),
        pytest.param(
            ["status"],
            {
                "COPYDESK_DATABASE_URL": "postgresql://nobody@/none?host=/nowhere",
                "COPYDESK_BROKER_URL": "redis+socket:///nowhere/broker",
            },
            3,
            "PostgreSQL",
            id="no server",
        ),
    ],
)
def test_what_a_person_can_mend_is_told_in_a_line(
    tmp_path: Path, arguments: list[str], settings: Mapping[str, str], status: int, message: str
) -> None:
    done = copydesk(tmp_path, *arguments, **settings)

    assert (done.returncode, done.stdout) == (status, "")
    told = done.stderr[done.stderr.index("copydesk: ") :]
    assert message in told
    assert "Traceback" not in done.stderr


# --- until it is stopped --------------------------------------------------------------------------


def processes_of(folder: Path) -> dict[int, str]:
    """Every process that has to do with *folder*, by its working directory or its files."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            here = (entry / "cwd").readlink()
            if (entry / "stat").read_text().rpartition(")")[2].split()[0] != "Z" and (
                here.is_relative_to(folder)
            ):
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                found[int(entry.name)] = command
    return found


@dataclass
class Up:
    """A running ``copydesk up``."""

    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def inbox(self) -> Path:
        return self.folder / "in box"

    @property
    def said(self) -> str:
        return (self.folder / "said").read_text()

    def pid(self, word: str) -> int:
        """Of the one whose command ends in *word*: the first, where it has forked."""
        return min(pid for pid, command in processes_of(self.folder).items() if word in command)

    def stored(self, number: int) -> bool:
        return f" stored {number}," in self.said

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(2 * PATIENCE_SECONDS)  # four processes, each with its patience


@contextmanager
def running(folder: Path) -> Iterator[Up]:
    fill(folder)
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "worker.cli", "up"],
            cwd=folder,
            env=environment(),
            stderr=said,
            start_new_session=True,
        )
    up = Up(folder, process)
    try:
        assert eventually(lambda: up.stored(2) or process.poll() is not None)
        assert process.poll() is None, up.said
        yield up
    finally:
        process.kill()
        process.wait()


@on_linux
def test_up_works_what_is_dropped_until_it_is_stopped(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        drop(up.inbox, "new.txt", text(5))
        assert eventually(lambda: up.stored(3)), up.said

        status = up.stop()

    assert status == 0
    assert up.said.splitlines()[-1] == "stopped; nothing is lost: 0 waiting"
    assert processes_of(tmp_path) == {}


@on_linux
def test_a_second_up_says_that_one_is_running(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        second = copydesk(tmp_path, "up")

        assert second.returncode == 2
        assert f"already, process {up.process.pid}" in second.stderr
        assert up.process.poll() is None


@on_linux
def test_an_up_that_is_killed_leaves_no_process_and_loses_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        up.process.kill()

        assert eventually(lambda: not processes_of(tmp_path)), processes_of(tmp_path)
    again = copydesk(tmp_path, "up", "--once", "--json")
    assert json.loads(again.stdout)["stored"] == 2
    assert json.loads(again.stdout)["in_flight"] == 0


@on_linux
def test_whatever_is_killed_is_started_again(tmp_path: Path) -> None:
    victims = (" watch ", " work ", "postgres -D", "valkey-server")
    with running(tmp_path) as up:
        for number, victim in enumerate(victims, 1):
            dead = up.pid(victim)
            os.kill(dead, signal.SIGKILL)
            drop(up.inbox, f"{number}.txt", text(number + 5))

            assert eventually(lambda: up.stored(2 + number)), (victim, up.said)  # noqa: B023 -- now
            assert up.pid(victim) != dead
        assert up.stop(signal.SIGTERM) == 0
    assert up.said.count("killed by signal 9") == len(victims)
    assert processes_of(tmp_path) == {}


@on_linux
def test_on_a_terminal_it_has_a_screen_of_its_own_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    fill(tmp_path)
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(tmp_path)
        command = [sys.executable, "-m", "worker.cli", "up"]
        os.execve(sys.executable, command, environment(TERM="xterm"))  # noqa: S606 -- no shell
    shown = b""
    deadline = time.monotonic() + PATIENCE_SECONDS
    interrupted = False
    with suppress(OSError):  # the other side is closed
        while time.monotonic() < deadline and (chunk := os.read(terminal, 65_536)):
            shown += chunk
            if not interrupted and b"duplicate" in shown and b"Ferry" in shown:
                os.write(terminal, b"\x03")
                interrupted = True
    _, status = os.waitpid(pid, 0)

    screen, _, after = shown.partition(b"\x1b[?1049l")
    assert os.waitstatus_to_exitcode(status) == 0
    assert b"\x1b[?1049h" in screen
    assert b"stopped; nothing is lost" in after
    assert processes_of(tmp_path) == {}
