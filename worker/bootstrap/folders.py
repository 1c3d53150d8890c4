"""The folders that a person names: the inbox, the archive, and what is known of their sources."""

import os
import pathlib
from zoneinfo import ZoneInfo

from worker.adapters.folder import DiskFolder
from worker.core.errors import UsageError
from worker.core.ledger import Path
from worker.core.sources import Sources
from worker.core.sources import parse as parse_sources
from worker.settings import Settings


def archive(settings: Settings) -> pathlib.Path | None:
    """The folder that files are moved to, made if it is not there; None where they are not.

    Raises:
        UsageError: it lies in the inbox, or cannot be made.
    """
    root = archive_place(settings)
    if root is None:
        return None
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"the archive {root} cannot be made: {error.strerror}") from error
    return root


def archive_place(settings: Settings) -> pathlib.Path | None:
    if settings.archive is None:
        return None
    root = settings.archive.resolve()
    if root.is_relative_to(settings.inbox.resolve()):
        raise UsageError(f"the archive {root} lies in the inbox; name another (COPYDESK_ARCHIVE)")
    return root


def inbox(settings: Settings) -> DiskFolder:
    """The watched folder.

    Raises:
        UsageError: it is not there, cannot be listed, or holds our own data.
    """
    root = settings.inbox.resolve()
    if settings.data.resolve().is_relative_to(root) and (
        settings.embedded or settings.data.exists()
    ):
        raise UsageError(
            f"the inbox {root} holds our own data, {settings.data}; name another folder"
        )
    folder = DiskFolder(root)
    folder.check()
    return folder


def inbox_name(settings: Settings) -> str:
    """What the ledger calls the inbox: its resolved path, so that a link to it is no other one."""
    return Path(os.fsencode(settings.inbox.resolve())).text


def sources(settings: Settings) -> Sources:
    """What the operator knows of each folder.

    Raises:
        UsageError: with everything that is wrong with the file that says it.
    """
    if settings.sources is None:
        return Sources()
    try:
        text = settings.sources.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"COPYDESK_SOURCES: cannot read {settings.sources}: {error}") from error
    return parse_sources(text, ZoneInfo)
