"""The doctor's questions, to the machine and to the servers."""

import os
from collections.abc import Iterator

from worker.adapters import broker, machine
from worker.adapters.postgres import examining
from worker.bootstrap.folders import archive_place
from worker.bootstrap.serving import database, secret
from worker.bootstrap.steps import build_recognisers
from worker.core import doctor
from worker.core.errors import CopydeskError, UsageError
from worker.core.message import INGEST
from worker.settings import AfterDone, Settings, Tagger


def machine_lines(settings: Settings) -> Iterator[doctor.Line]:
    """What can be said without any server."""
    moves = settings.after is not AfterDone.LEAVE
    folder = machine.examine_inbox(
        settings.inbox, moves=moves, archive=_archive_complaint(settings)
    )
    yield from doctor.inbox(folder)
    if settings.embedded or settings.data.exists():  # else the servers' disk is not to be seen here
        place = settings.data if settings.data.exists() else settings.data.resolve().parent
        if (disk := machine.examine_disk(place, int(settings.min_free_mb * 1_000_000))) is not None:
            yield doctor.disk(disk)
    yield _tagger_line(settings.tagger)


def _archive_complaint(settings: Settings) -> str:
    try:
        root = archive_place(settings)
    except UsageError as error:
        return str(error)
    if root is None or not root.exists():  # it is made when it is needed
        return ""
    return "" if os.access(root, os.W_OK | os.X_OK) else f"{root} cannot be written"


def _tagger_line(tagger: Tagger) -> doctor.Line:
    try:
        return doctor.model("", [r.method for r in build_recognisers(tagger)])
    except (CopydeskError, OSError) as error:
        return doctor.model(str(error), ())


def service_lines(settings: Settings) -> Iterator[doctor.Line]:
    """What servers say of themselves and of the work; never raises because one is away."""
    yield from doctor.broker(broker.examine(secret(settings.broker_url), INGEST))
    with database(settings, name="doctor") as engine:
        found = examining.examine(engine)
        yield from doctor.database(found)
        if isinstance(found, doctor.Database) and found.revision == found.newest:
            yield from doctor.work(examining.examine_work(engine))
