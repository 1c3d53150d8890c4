"""The watcher, the clerk, and who takes files out of the inbox."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from worker.adapters.heartbeat import BeatingIntake
from worker.adapters.inotify import InotifyEvents
from worker.adapters.outbox import DiskOutbox
from worker.adapters.postgres.closed import PostgresClosed
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.postgres.sweep import PostgresSweep
from worker.adapters.space import LowWater
from worker.adapters.system import SystemClock, share_memory
from worker.after import After
from worker.bootstrap.folders import archive, inbox, inbox_name, sources
from worker.bootstrap.ringing import ring_bell
from worker.bootstrap.serving import database
from worker.clerk import Clerk
from worker.core.settling import Patience
from worker.ports import Intake
from worker.settings import AfterDone, Settings
from worker.watcher import Outside, Plan, Watcher

_DAY_SECONDS = 86_400


@contextmanager
def watcher(settings: Settings) -> Iterator[Watcher]:
    """The watcher of the inbox.

    Raises:
        UsageError: the inbox is not there, cannot be listed, or holds our own data.
    """
    share_memory()
    folder = inbox(settings)
    plan = Plan(
        inbox=inbox_name(settings),
        max_bytes=int(settings.max_file_mb * 1_000_000),
        max_bulk_bytes=int(settings.max_bulk_mb * 1_000_000),
        exclude=settings.exclude,
        patience=Patience(settle_seconds=settings.settle_seconds),
        rescan_seconds=settings.rescan_seconds,
        sources=sources(settings),
    )
    clock = SystemClock()
    with database(settings, name="watch") as engine, ring_bell(settings) as bell:
        intake = PostgresIntake(engine)
        events = InotifyEvents(settings.inbox.resolve())
        low_water = LowWater(settings.data, int(settings.min_free_mb * 1_000_000))
        with ThreadPoolExecutor(1, thread_name_prefix="record") as pool:
            yield Watcher(
                plan,
                Outside(
                    folder, events, _beating(intake, settings), bell, clock, low_water, pool.submit
                ),
            )


def _beating(intake: Intake, settings: Settings) -> Intake:
    return BeatingIntake(intake, settings.heartbeat) if settings.heartbeat else intake


@contextmanager
def clerk(settings: Settings) -> Iterator[Clerk]:
    with database(settings, name="clerk") as engine, ring_bell(settings) as bell:
        days = settings.keep_changes_days
        keep_seconds = None if days is None else days * _DAY_SECONDS
        yield Clerk(PostgresSweep(engine, keep_changes_seconds=keep_seconds), bell)


@contextmanager
def after(settings: Settings) -> Iterator[After | None]:
    """Who takes files out of the inbox once they are done; None where they are left in it.

    Raises:
        UsageError: the inbox is not there, or the archive lies in it or cannot be made.
    """
    if settings.after is AfterDone.LEAVE:
        yield None
        return
    outbox = DiskOutbox(inbox(settings), archive(settings))
    with database(settings, name="after") as engine:
        yield After(inbox_name(settings), PostgresClosed(engine), outbox, SystemClock())
