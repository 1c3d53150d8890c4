from dataclasses import replace

import pytest

from worker.core.doctor import (
    Away,
    Broker,
    Database,
    Disk,
    Inbox,
    Level,
    Line,
    Watched,
    Work,
    broker,
    database,
    disk,
    inbox,
    model,
    work,
    worst,
)

DATABASE = Database(
    version="18.6",
    version_number=180_006,
    revision="0002",
    newest="0002",
    known=True,
    ahead_seconds=0.1,
    read_only=False,
    missing=(),
    waiting_for_locks=0,
)
BROKER = Broker("Valkey 9.1", "noeviction", append_only=True, full_share=0.1, rings=3)
INBOX = Inbox(
    path="in", complaint="", mount="ext4", folders=3, watches=100, writable=True, moves=False
)
WATCHED = Watched("/in", silent_seconds=0.5, scanned_seconds=30.0)
WORK = Work(watched=(WATCHED,), expired=0, oldest_seconds=None, broken=0, untagged=0)


def ill(lines: list[Line]) -> list[tuple[Level, str]]:
    return [(line.level, line.part) for line in lines if line.level is not Level.OK]


WARN, FAIL = Level.WARN, Level.FAIL


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(DATABASE, [], id="well"),
        pytest.param(Away("no answer"), [(FAIL, "PostgreSQL")], id="away"),
        pytest.param(replace(DATABASE, version_number=180_000), [], id="the first that is tested"),
        pytest.param(replace(DATABASE, version_number=179_999), [(WARN, "PostgreSQL")], id="old"),
        pytest.param(replace(DATABASE, revision=None), [(FAIL, "schema")], id="no schema"),
        pytest.param(replace(DATABASE, revision="0001"), [(FAIL, "schema")], id="older schema"),
        pytest.param(
            replace(DATABASE, revision="0009", known=False), [(FAIL, "schema")], id="newer schema"
        ),
        pytest.param(replace(DATABASE, ahead_seconds=-2.0), [], id="clocks differ a little"),
        pytest.param(replace(DATABASE, ahead_seconds=-2.1), [(WARN, "clock")], id="too much"),
        pytest.param(replace(DATABASE, ahead_seconds=3.0), [(WARN, "clock")], id="the other way"),
        pytest.param(replace(DATABASE, read_only=True), [(FAIL, "PostgreSQL")], id="a standby"),
        pytest.param(replace(DATABASE, missing=("a right",)), [(WARN, "grants")], id="grants"),
        pytest.param(replace(DATABASE, waiting_for_locks=1), [(WARN, "locks")], id="locks"),
    ],
)
def test_database(facts: Database | Away, expected: list[tuple[Level, str]]) -> None:
    assert ill(list(database(facts))) == expected


@pytest.mark.parametrize(
    ("revision", "known", "mend"),
    [("0001", True, "copydesk migrate"), ("0009", False, "upgrade copydesk")],
)
def test_who_is_behind_is_told_to_go_on(revision: str, mend: str, *, known: bool) -> None:
    lines = database(replace(DATABASE, revision=revision, known=known))

    (told,) = (line.mend for line in lines if line.part == "schema")
    assert mend in told


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(BROKER, [], id="well"),
        pytest.param(Away("no answer"), [(FAIL, "broker")], id="away"),
        pytest.param(Broker(None, None, None, None, rings=0), [], id="it tells nothing"),
        pytest.param(replace(BROKER, policy="allkeys-lru"), [(FAIL, "eviction")], id="evicts"),
        pytest.param(replace(BROKER, append_only=False), [(WARN, "persistence")], id="forgets"),
        pytest.param(replace(BROKER, full_share=0.9), [], id="nearly full"),
        pytest.param(replace(BROKER, full_share=0.91), [(WARN, "broker")], id="full"),
        pytest.param(replace(BROKER, rings=999), [], id="a queue"),
        pytest.param(replace(BROKER, rings=1_000), [(WARN, "queue")], id="a long queue"),
    ],
)
def test_broker(facts: Broker | Away, expected: list[tuple[Level, str]]) -> None:
    assert ill(list(broker(facts))) == expected


@pytest.mark.parametrize("service", [database, broker])
def test_a_service_that_is_away_is_marked_so(service: object) -> None:
    assert callable(service)

    assert [line.away for line in service(Away("no answer"))] == [True]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(INBOX, [], id="well"),
        pytest.param(replace(INBOX, complaint="gone"), [(FAIL, "inbox")], id="not there"),
        pytest.param(replace(INBOX, mount="nfs4"), [(WARN, "mount")], id="from another host"),
        pytest.param(replace(INBOX, mount=None, watches=None), [], id="not Linux"),
        pytest.param(replace(INBOX, folders=79), [], id="enough watches"),
        pytest.param(replace(INBOX, folders=80), [(WARN, "inotify")], id="hardly enough"),
        pytest.param(replace(INBOX, writable=False), [], id="read-only, which is fine"),
        pytest.param(
            replace(INBOX, writable=False, moves=True), [(FAIL, "after")], id="read-only, to move"
        ),
        pytest.param(replace(INBOX, archive="is in the inbox"), [(FAIL, "archive")], id="archive"),
    ],
)
def test_inbox(facts: Inbox, expected: list[tuple[Level, str]]) -> None:
    assert ill(list(inbox(facts))) == expected


@pytest.mark.parametrize(
    ("free_mb", "expected"), [(199, Level.FAIL), (200, WARN), (999, WARN), (1_000, Level.OK)]
)
def test_disk(free_mb: int, expected: Level) -> None:
    assert disk(Disk("/data", free_mb * 1_000_000, 200_000_000)).level is expected


@pytest.mark.parametrize(("complaint", "expected"), [("", Level.OK), ("it is missing", FAIL)])
def test_model(complaint: str, expected: Level) -> None:
    assert model(complaint, ()).level is expected


def test_what_finds_names() -> None:
    assert model("", ("en/1", "fr/1")).found == "en/1, fr/1, rules"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(WORK, [], id="well"),
        pytest.param(replace(WORK, watched=()), [], id="before the first watcher"),
        pytest.param(replace(WORK, expired=1), [(WARN, "leases")], id="expired"),
        pytest.param(replace(WORK, oldest_seconds=299.0), [], id="a backlog"),
        pytest.param(replace(WORK, oldest_seconds=300.0), [(WARN, "backlog")], id="an old backlog"),
        pytest.param(replace(WORK, broken=1), [(WARN, "defects")], id="our defects"),
        pytest.param(replace(WORK, untagged=1), [(WARN, "tags")], id="without tags"),
    ],
)
def test_work(facts: Work, expected: list[tuple[Level, str]]) -> None:
    assert ill(list(work(facts))) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(WATCHED, Level.OK, id="watched"),
        pytest.param(replace(WATCHED, silent_seconds=10.0), Level.OK, id="a moment of silence"),
        pytest.param(replace(WATCHED, silent_seconds=10.1), WARN, id="silent"),
        pytest.param(replace(WATCHED, silent_seconds=None), WARN, id="never heard of"),
        pytest.param(replace(WATCHED, scanned_seconds=None), Level.OK, id="in its first scan"),
        pytest.param(replace(WATCHED, scanned_seconds=600.0), WARN, id="scans do not end"),
    ],
)
def test_watcher(facts: Watched, expected: Level) -> None:
    (line,) = work(replace(WORK, watched=(facts,)))

    assert line.level is expected


def test_every_ill_line_says_how_to_mend_it() -> None:
    sick = [
        *database(replace(DATABASE, revision=None, ahead_seconds=9, missing=("a",))),
        *broker(replace(BROKER, policy="volatile-lru", append_only=False)),
        *inbox(replace(INBOX, mount="cifs", folders=99)),
        *work(replace(WORK, expired=1, broken=1, untagged=1)),
    ]

    assert [line.part for line in sick if line.level is not Level.OK and not line.mend] == []


@pytest.mark.parametrize(
    ("levels", "expected"),
    [([], Level.OK), ([Level.OK, WARN], WARN), ([WARN, FAIL, Level.OK], FAIL)],
)
def test_worst(levels: list[Level], expected: Level) -> None:
    assert worst([Line(level, "part", "found") for level in levels]) is expected
