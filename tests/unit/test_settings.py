import os
from pathlib import Path
from typing import Any

import pytest

from worker.core.errors import UsageError
from worker.settings import PREFIX, Settings, Tagger, environment, load, pin_blas

DATABASE = "postgresql://copydesk:secret@db.example/copydesk"
BROKER = "redis://broker.example:6379/0"
GIVEN = {"database_url": DATABASE, "broker_url": BROKER}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this machine sets is none of these tests' business."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)


def setenv(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"{PREFIX}{name}", value)


def urls(settings: Settings) -> list[str | None]:
    given = (settings.database_url, settings.broker_url)
    return [url.get_secret_value() if url else None for url in given]


# --- where a value comes from ---------------------------------------------------------------------


def test_without_a_word_everything_is_on_this_machine() -> None:
    settings = load()

    assert settings.embedded
    assert (settings.inbox, settings.data) == (Path("seeds"), Path(".copydesk"))
    assert settings.workers == os.cpu_count()
    assert settings.tagger is Tagger.MODEL
    assert settings.exclude == ("README*",)


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    setenv(
        monkeypatch,
        DATABASE_URL=DATABASE,
        BROKER_URL=BROKER,
        INBOX="/srv/wire",
        TAGGER="rules",
        MAX_FILE_MB="0.5",
    )

    settings = load()

    assert urls(settings) == [DATABASE, BROKER]
    assert not settings.embedded
    assert (settings.inbox, settings.tagger) == (Path("/srv/wire"), Tagger.RULES)
    assert settings.max_file_mb == 0.5


def test_the_command_line_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    setenv(monkeypatch, INBOX="/srv/wire", WORKERS="3")

    settings = load(inbox=Path("here"), workers=None)

    assert (settings.inbox, settings.workers) == (Path("here"), 3)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("*.md", ("*.md",), id="one"),
        pytest.param(" *.md, README* ,", ("*.md", "README*"), id="several"),
        pytest.param(" , ", (), id="none"),
        pytest.param("", ("README*",), id="not set, as compose files say it"),
    ],
)
def test_patterns_are_separated_by_commas(
    monkeypatch: pytest.MonkeyPatch, written: str, read: tuple[str, ...]
) -> None:
    setenv(monkeypatch, EXCLUDE=written)

    assert load().exclude == read


def test_patterns_may_come_apart_already() -> None:
    assert load(exclude=("a*", "b*")).exclude == ("a*", "b*")


# --- secrets --------------------------------------------------------------------------------------


def test_a_secret_may_be_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its first line: editors and ``echo`` end it with another."""
    (tmp_path / "database").write_text(f"{DATABASE} \n\n")
    (tmp_path / "broker").write_text(BROKER)
    setenv(
        monkeypatch,
        DATABASE_URL="postgresql://another.example/",
        DATABASE_URL_FILE=str(tmp_path / "database"),
        BROKER_URL_FILE=str(tmp_path / "broker"),
    )

    assert urls(load()) == [DATABASE, BROKER]


def test_the_command_line_goes_before_a_secret_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "database").write_text("postgresql://another.example/")
    setenv(monkeypatch, DATABASE_URL_FILE=str(tmp_path / "database"))

    assert urls(load(**GIVEN)) == [DATABASE, BROKER]


@pytest.mark.parametrize(
    "content", [pytest.param(None, id="no such file"), pytest.param("", id="an empty file")]
)
def test_a_secret_that_is_not_there_is_told_apart_from_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_text(content)
    setenv(monkeypatch, BROKER_URL_FILE=str(file))

    with pytest.raises(UsageError, match=r"COPYDESK_BROKER_URL_FILE: cannot read .*/secret"):
        load()


def test_a_secret_is_never_shown() -> None:
    assert "secret@" not in repr(load(**GIVEN))


# --- what is wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        pytest.param({"database_url": DATABASE}, "set both", id="a database and no broker"),
        pytest.param({"broker_url": BROKER}, "set both", id="a broker and no database"),
        pytest.param({**GIVEN, "database_url": "mysql://db"}, "COPYDESK_DATABASE_URL", id="MySQL"),
        pytest.param({**GIVEN, "broker_url": "amqp://mq"}, "COPYDESK_BROKER_URL", id="RabbitMQ"),
        pytest.param({"workers": 0}, "COPYDESK_WORKERS", id="nobody works"),
        pytest.param({"workers": 257}, "COPYDESK_WORKERS", id="too many work"),
        pytest.param({"batch_files": 0}, "COPYDESK_BATCH_FILES", id="an empty batch"),
        pytest.param({"batch_files": 501}, "COPYDESK_BATCH_FILES", id="too large a batch"),
        pytest.param({"max_file_mb": 0}, "COPYDESK_MAX_FILE_MB", id="no file is small enough"),
        pytest.param({"settle_seconds": 0.09}, "COPYDESK_SETTLE_SECONDS", id="never quiet"),
        pytest.param({"settle_seconds": 3601}, "COPYDESK_SETTLE_SECONDS", id="never settled"),
        pytest.param({"rescan_seconds": 0.9}, "COPYDESK_RESCAN_SECONDS", id="only scanning"),
        pytest.param({"lease_seconds": 0.9}, "COPYDESK_LEASE_SECONDS", id="no time to renew"),
        pytest.param({"tagger": "magic"}, "COPYDESK_TAGGER", id="an unknown tagger"),
        pytest.param({"log_level": "LOUD"}, "COPYDESK_LOG_LEVEL", id="an unknown level"),
        pytest.param({"after": "burn"}, "COPYDESK_AFTER", id="an unknown end"),
        pytest.param({"after": "archive"}, "COPYDESK_ARCHIVE", id="an archive nowhere"),
        pytest.param({"archive": "/srv/done"}, "COPYDESK_AFTER", id="an archive for nothing"),
    ],
)
def test_refused(given: dict[str, Any], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint) as caught:
        load(**given)

    assert "secret@" not in str(caught.value)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({**GIVEN, "database_url": "postgres://db"}, id="the short scheme"),
        pytest.param({**GIVEN, "broker_url": "rediss://b"}, id="TLS"),
        pytest.param({"after": "archive", "archive": "/srv/done"}, id="an archive"),
        pytest.param({"after": "delete"}, id="no archive"),
        pytest.param({**GIVEN, "broker_url": "redis+socket:///run/b"}, id="a Unix socket"),
        pytest.param({"workers": 256, "batch_files": 500, "settle_seconds": 3600}, id="most"),
        pytest.param(
            {
                "workers": 1,
                "batch_files": 1,
                "settle_seconds": 0.1,
                "rescan_seconds": 1,
                "lease_seconds": 1,
            },
            id="least",
        ),
    ],
)
def test_accepted(given: dict[str, Any]) -> None:
    assert load(**given).model_fields_set >= set(given)


def test_everything_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    setenv(monkeypatch, WORKERS="many", TAGGER="magic", LOG_LEVEL="LOUD")

    with pytest.raises(UsageError) as caught:
        load()

    said = str(caught.value).split("\n")
    assert said[0] == "settings are wrong:"
    assert [line.partition(":")[0] for line in said[1:]] == [
        "COPYDESK_WORKERS",
        "COPYDESK_TAGGER",
        "COPYDESK_LOG_LEVEL",
    ]


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    setenv(monkeypatch, DATABASE_URL="", BROKER_URL="")

    assert load().embedded


# --- for our own processes ------------------------------------------------------------------------


def inherited(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Settings:
    """What a process reads that was started with the environment of *settings*."""
    given = environment(settings)
    for name in set(os.environ) - set(given):
        monkeypatch.delenv(name)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return load()


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({}, id="defaults"),
        pytest.param(GIVEN, id="servers"),
        pytest.param(
            {"inbox": Path("a b"), "tagger": Tagger.RULES, "workers": 7, "max_file_mb": 0.25},
            id="scalars",
        ),
        pytest.param({"exclude": ("*.md",)}, id="a pattern"),
        pytest.param({"exclude": ("*.md", "b*")}, id="patterns"),
        pytest.param({"exclude": ()}, id="no pattern"),
    ],
)
def test_a_child_sees_the_settings_of_its_parent(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, Any]
) -> None:
    settings = load(**given)

    assert inherited(monkeypatch, settings) == settings


def test_a_child_sees_a_url_that_went_before_a_secret_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "database").write_text("postgresql://another.example/")
    setenv(monkeypatch, DATABASE_URL_FILE=str(tmp_path / "database"))
    settings = load(**GIVEN)

    assert inherited(monkeypatch, settings) == settings


def test_a_child_keeps_the_rest_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Africa/Nairobi")

    assert environment(load())["TZ"] == "Africa/Nairobi"


def test_a_process_is_a_thread_for_numpy_unless_somebody_knows_better(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "environ", {"OMP_NUM_THREADS": "4"})

    pin_blas()

    assert os.environ == {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "4",
        "MKL_NUM_THREADS": "1",
        "BLIS_NUM_THREADS": "1",
    }
