"""What the operator knows of each folder: whose copy it is, in which language, time zone and lane.

Pure: the text of ``sources.toml`` comes in, time zones are looked up by the caller. A rule holds
for a folder of the inbox and all that is below it; of several that fit, the first holds::

    [[source]]
    folder = "wire/*/archive"      # * stands for one folder, or for a part of its name
    source = "Lake News Agency"    # where the file names none itself
    language = "en-KE"             # likewise; it helps to tell the language, and proves none
    time_zone = "Africa/Nairobi"   # of times that are written without a zone in metadata
    lane = "backfill"              # or live; without it, the watcher judges
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta, tzinfo
from fnmatch import fnmatchcase
from typing import Any, Final

from worker.core.article import Draft, Precision
from worker.core.dates import moment
from worker.core.errors import UsageError
from worker.core.ledger import Lane

Zones = Callable[[str], tzinfo]  # raises ``ValueError`` or ``KeyError`` for an unknown name

_NAMES: Final = ("folder", "source", "language", "time_zone", "lane")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}")
_NOON: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Source:
    folder: str = "."
    source: str | None = None
    language: str | None = None  # BCP 47
    time_zone: tzinfo | None = None
    lane: Lane | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """The rules, the first of them first."""

    rules: tuple[Source, ...] = ()

    def of(self, path: str) -> Source:
        """The rule for the file at *path* below the inbox; an empty one if none fits."""
        folders = tuple(path.split("/")[:-1])
        return next((rule for rule in self.rules if _fits(rule.folder, folders)), _NOTHING)

    def lane(self, path: str) -> Lane | None:
        return self.of(path).lane

    def completed(self, draft: Draft, path: str) -> Draft:
        """*draft* with what it does not say itself, and with a zone to its times."""
        rule = self.of(path)
        return replace(
            draft,
            source=draft.source or rule.source,
            language=draft.language or rule.language,
            published=_zoned(draft.published, rule.time_zone),
            updated=_zoned(draft.updated, rule.time_zone),
            embargo=_zoned(draft.embargo, rule.time_zone),
        )


_NOTHING: Final = Source()


def _fits(pattern: str, folders: tuple[str, ...]) -> bool:
    parts = tuple(part for part in pattern.split("/") if part not in ("", "."))
    heads = folders[: len(parts)]
    return len(heads) == len(parts) and all(map(fnmatchcase, heads, parts))


def _zoned(written: str | None, zone: tzinfo | None) -> str | None:
    """*written* with *zone*'s offset on that day, if it has a time and says of no zone."""
    found = moment(written, "metadata") if written and zone else None
    if found is None or zone is None or found.precision is not Precision.DAY:
        return written
    offset = f"{(found.at + _NOON).astimezone(zone):%z}"
    local = moment(f"{written} {offset}", "metadata")
    return f"{written} {offset}" if local and local.precision is not Precision.DAY else written


def parse(text: str, zones: Zones) -> Sources:
    """Read the rules in *text*.

    Raises:
        UsageError: with everything that is wrong, a line each.

    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"sources are wrong:\nnot TOML: {error}") from error
    rules = document.get("source")
    tables = rules if isinstance(rules, list) else []
    wrong = [f"unknown: {name}" for name in document if name != "source"]
    wrong += ["source: write [[source]]"] if not isinstance(rules, list | None) else []
    for n, table in enumerate(tables, 1):
        wrong += [f"source {n}: {complaint}" for complaint in _complaints(table, zones)]
    if wrong:
        raise UsageError("\n".join(["sources are wrong:", *wrong]))
    return Sources(tuple(_source(table, zones) for table in tables))


def _complaints(table: object, zones: Zones) -> Iterator[str]:
    if not isinstance(table, dict):
        yield "write [[source]]"
        return
    yield from (f"unknown: {name}" for name in table if name not in _NAMES)
    for name in _NAMES:
        value = table.get(name)
        if value is None:
            yield from ["folder is missing"] if name == "folder" else []
        elif not isinstance(value, str) or not value.strip():
            yield f"{name} is no text"
        elif complaint := _complaint(name, value, zones):
            yield complaint


def _complaint(name: str, value: str, zones: Zones) -> str | None:
    if name == "folder" and (value.startswith("/") or ".." in value.split("/")):
        return f"folder {value} is not below the inbox"
    if name == "language" and not _LANGUAGE.fullmatch(value):
        return f"language {value} is no BCP 47 tag"
    if name == "lane" and value not in list(Lane):
        return f"lane {value} is neither live nor backfill"
    return None if name != "time_zone" or _is_zone(value, zones) else f"no time zone {value}"


def _is_zone(name: str, zones: Zones) -> bool:
    try:
        zones(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _source(table: Mapping[str, Any], zones: Zones) -> Source:
    zone, lane = table.get("time_zone"), table.get("lane")
    return Source(
        folder=table["folder"],
        source=table.get("source"),
        language=table.get("language"),
        time_zone=zones(zone) if zone else None,
        lane=Lane(lane) if lane else None,
    )
