"""The one door to the environment: every setting, its unit and its default.

Prefix ``COPYDESK_``. A secret may come from a file instead: ``COPYDESK_DATABASE_URL_FILE`` names
the file whose first line is the URL. Everything that is wrong is reported at once.
"""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from worker.core.errors import UsageError

PREFIX = "COPYDESK_"
_SECRETS = ("DATABASE_URL", "BROKER_URL")


class Tagger(StrEnum):
    MODEL = "model"  # the spaCy model and the rules
    RULES = "rules"  # the rules alone: fast, and fewer names


class AfterDone(StrEnum):
    """What becomes of a file in the inbox once the store has its text."""

    LEAVE = "leave"
    ARCHIVE = "archive"  # to dated folders below COPYDESK_ARCHIVE
    DELETE = "delete"  # the store keeps the original


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,  # compose files set to nothing what is not set
        extra="ignore",
        frozen=True,
    )

    database_url: SecretStr | None = Field(
        None, description="PostgreSQL 18, as a libpq URL; without it the embedded server is used"
    )
    broker_url: SecretStr | None = Field(
        None, description="Redis or Valkey; without it the embedded server is used"
    )
    inbox: Path = Field(Path("seeds"), description="the watched folder")
    data: Path = Field(Path(".copydesk"), description="where the embedded servers keep their data")
    workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1, ge=1, le=256, description="worker processes"
    )
    tagger: Tagger = Field(Tagger.MODEL, description="model, or rules alone")
    exclude: Annotated[tuple[str, ...], NoDecode] = Field(
        ("README*",),
        description="comma-separated shell patterns of file names to ignore; a comma: none",
    )
    max_file_mb: float = Field(
        20, gt=0, description="largest article that is read, in MB of 1e6 bytes"
    )
    max_bulk_mb: float = Field(
        100,
        gt=0,
        le=900,  # PostgreSQL takes no more than 1 GB in one piece
        description="largest container (archive, JSON Lines, JSON array), in the same MB; all that "
        "is in one may come to twenty times as much. While one is recorded the watcher needs about "
        "three times its size of memory, and PostgreSQL six times",
    )
    after: AfterDone = Field(
        AfterDone.LEAVE,
        description="what the watcher does with a file in the inbox once it is stored: leave, "
        "archive or delete; quarantined files stay",
    )
    archive: Path | None = Field(
        None, description="where archived files go, a folder outside the inbox"
    )
    settle_seconds: float = Field(
        2,
        ge=0.1,
        le=3600,
        description="a file whose writer was not seen to close it is complete "
        "after being unchanged this long",
    )
    rescan_seconds: float = Field(
        60,
        ge=1,
        description="the longest pause between two comparisons of the whole folder with the "
        "ledger; shorter, down to 5 s, where they cost little",
    )
    min_free_mb: float = Field(
        200,
        ge=0,
        description="no more files are taken in while the disk of COPYDESK_DATA has less than this "
        "free, in MB of 1e6 bytes; what is in the ledger is worked on",
    )
    lease_seconds: float = Field(
        30, ge=1, description="a worker that is silent for this long has lost its files"
    )
    batch_files: int = Field(
        32, ge=1, le=500, description="files that a worker takes at once, at most"
    )
    keep_changes_days: float | None = Field(
        None,
        gt=0,
        description="changes of the feed are kept this long; a consumer that is further behind "
        "must read everything anew; unset: all are kept",
    )
    sources: Path | None = Field(
        None, description="a TOML file: source, language, time zone and lane of each folder"
    )
    heartbeat: Path | None = Field(
        None,
        description="a file that the watcher and the worker touch while they are at work, "
        "for health checks",
    )
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")

    @field_validator("exclude", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("database_url")
    @classmethod
    def _is_postgres(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("must begin with postgresql://")
        return value

    @field_validator("broker_url")
    @classmethod
    def _is_redis(cls, value: SecretStr | None) -> SecretStr | None:
        schemes = ("redis://", "rediss://", "redis+socket://")
        if value and not value.get_secret_value().startswith(schemes):
            raise ValueError(f"must begin with {', '.join(schemes)}")
        return value

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if (self.database_url is None) != (self.broker_url is None):
            raise ValueError(
                "set both COPYDESK_DATABASE_URL and COPYDESK_BROKER_URL, or neither of them"
            )
        return self

    @model_validator(mode="after")
    def _archive_is_named(self) -> Self:
        if (self.after is AfterDone.ARCHIVE) != (self.archive is not None):
            raise ValueError("COPYDESK_AFTER=archive and COPYDESK_ARCHIVE belong together")
        return self

    @property
    def embedded(self) -> bool:
        return self.database_url is None


def load(**given: Any) -> Settings:  # noqa: ANN401 -- pydantic checks each value
    """Read the environment; *given* (from the command line) goes before it.

    Raises:
        UsageError: with every setting that is wrong, a line each.

    """
    secrets = {name.lower(): value for name in _SECRETS if (value := _from_file(name))}
    chosen = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**{**secrets, **chosen})
    except ValidationError as error:
        lines = [
            f"{PREFIX}{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" if e["loc"] else e["msg"]
            for e in error.errors()
        ]
        raise UsageError("\n".join(["settings are wrong:", *lines])) from error


def pin_blas() -> None:
    """One thread a process for NumPy's libraries; call it before NumPy is imported.

    The workers are the parallelism: with a thread a core in each of them, they stand in each
    other's way.
    """
    for library in ("OPENBLAS", "OMP", "MKL", "BLIS"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")


def environment(settings: Settings) -> dict[str, str]:
    """The environment for a process of ours that must see *settings* as they are here."""
    values = {
        f"{PREFIX}{name.upper()}": _plain(getattr(settings, name))
        for name in Settings.model_fields
        if getattr(settings, name) is not None
    }
    files = {f"{PREFIX}{name}_FILE" for name in _SECRETS}  # would go before the values
    return {**{n: v for n, v in os.environ.items() if n not in files}, **values}


def _plain(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, tuple):
        return ",".join(value) or ","  # an empty variable would count as not set
    return str(value)


def _from_file(name: str) -> str | None:
    file = os.environ.get(f"{PREFIX}{name}_FILE")
    if file is None:
        return None
    try:
        return Path(file).read_text(encoding="utf-8").splitlines()[0].strip()
    except (OSError, IndexError) as error:
        raise UsageError(
            f"{PREFIX}{name}_FILE: cannot read a value from {file}: {error}"
        ) from error
