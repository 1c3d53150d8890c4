"""Build the object graph: the one place that knows which adapter fills which port."""

import gc
import logging
import os
import pathlib
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache, partial

from celery import Celery, signals
from kombu import Queue
from pydantic import SecretStr
from sqlalchemy import Engine

import schemas.migrate
from worker import log, tasks
from worker.adapters.celery_bell import CeleryBell
from worker.adapters.embedded import Endpoints, Servers, attach, serve
from worker.adapters.folder import DiskFolder
from worker.adapters.heartbeat import BeatingIntake, consumer_step
from worker.adapters.inotify import InotifyEvents
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.engine import answering, connect, transaction
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.postgres.reading import PostgresReading
from worker.adapters.postgres.sweep import PostgresSweep
from worker.adapters.reference import load_reference
from worker.adapters.system import SystemClock, keep_memory, uuid7
from worker.clerk import Clerk
from worker.core import dedupe, language
from worker.core.article import Article
from worker.core.errors import CopydeskError, Unavailable, UsageError
from worker.core.ledger import Path
from worker.core.normalise import normalise
from worker.core.readers import read
from worker.core.settling import Patience
from worker.dry_run import DryRun
from worker.pipeline import Stages
from worker.ports import Intake, Reading, Recogniser
from worker.settings import Settings, Tagger
from worker.tagging import RulesRecogniser, tag_batch
from worker.watcher import Outside, Plan, Watcher

logger = logging.getLogger(__name__)

_SCHEMA_PAUSE_SECONDS = 2.0
_MEMORY_KB = 1_000_000  # of a worker child; compared with its peak, shared pages included


# --- the broker -----------------------------------------------------------------------------------


def build_celery(
    settings: Settings, *, amend: Callable[[tasks.Parts], tasks.Parts] = lambda parts: parts
) -> Celery:
    """The Celery app, for workers and for ringing. Connects to nothing yet.

    *amend* may put other parts in a worker's hands; tests do, to let it die at a chosen point.
    """
    app = Celery("copydesk", set_as_current=False)
    app.conf.update(celery_settings(settings))
    if settings.heartbeat:
        app.steps["consumer"].add(consumer_step(settings.heartbeat))
    worker = _Worker(settings, app)
    tasks.register(app, cache(lambda: amend(worker.parts())))
    return app


def celery_settings(settings: Settings) -> dict[str, object]:
    """What makes Celery on Redis safe here, each with its reason."""
    return {
        "broker_url": secret(settings.broker_url),
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,  # the broker may be away for an hour
        "broker_pool_acquire_timeout": 10,
        "broker_transport_options": {
            "global_keyprefix": "copydesk:",
            "socket_timeout": 5,  # a frozen broker would block for ever
            "socket_connect_timeout": 3,
            "socket_keepalive": True,
            # A consumer whose network was cut is deaf for twice this, until kombu finds out.
            "health_check_interval": 10,
        },
        "task_default_queue": tasks.INGEST,
        # A ring is not acknowledged: there is nothing to deliver again. With acknowledgements, one
        # that failed while the network was cut left its worker deaf for good: the message counted
        # as in work, and a worker with one process takes no second.
        "task_queues": [Queue(tasks.INGEST, no_ack=True)],
        "task_ignore_result": True,  # the ledger has the result; no result backend
        "task_acks_late": False,
        "task_reject_on_worker_lost": False,  # a poison file would come back for ever
        "task_time_limit": tasks.TIME_LIMIT_SECONDS,
        "task_serializer": "json",
        "accept_content": ["json"],  # nobody who reaches the broker may hand us a pickle
        "worker_concurrency": settings.workers,
        "worker_max_memory_per_child": _MEMORY_KB,
        "worker_send_task_events": False,  # costs a quarter of the throughput
        "worker_enable_remote_control": False,
        "worker_cancel_long_running_tasks_on_connection_loss": False,  # the lease guards them
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
    }


class _Worker:
    """What a worker process has: the stages, loaded before the fork, and the rest after it."""

    def __init__(self, settings: Settings, app: Celery) -> None:
        self._settings = settings
        self._app = app
        self.stages = cache(lambda: stages(settings))
        signals.setup_logging.connect(self._configure_logging, weak=False)
        signals.worker_init.connect(self._before_fork, weak=False)

    def _configure_logging(self, **_: object) -> None:
        log.configure(self._settings.log_level)

    def _before_fork(self, **_: object) -> None:
        """Load the model once: children share its pages, 61-68 MB each instead of 118-124.

        Celery logs what a signal's receiver raises, and goes on: without a model it must not.
        """
        wait_for_schema(self._settings)
        keep_memory()
        try:
            self.stages()
        except (CopydeskError, OSError) as error:
            raise SystemExit(f"cannot load the tagger: {error}") from error
        gc.collect()
        gc.freeze()  # else the collector would touch, and so copy, every page of it

    def parts(self) -> tasks.Parts:
        """Made in the child, after the fork: a connection must not be shared."""
        clock = SystemClock()
        engine = connect(secret(self._settings.database_url), name="work")
        lease = self._settings.lease_seconds
        return tasks.Parts(
            desk=PostgresDesk(engine, lease_seconds=lease, new_id=uuid7),
            stages=self.stages(),
            bell=CeleryBell(self._app, tasks.INGEST, clock),
            clock=clock,
            batch_files=self._settings.batch_files,
            renew_seconds=lease / 3,
        )


def wait_for_schema(settings: Settings, stop: threading.Event | None = None) -> None:
    """Return when the database has the schema that this code knows; say so while it has not."""
    stop = stop or threading.Event()
    engine = connect(secret(settings.database_url), name="schema")
    try:
        while (complaint := _schema_complaint(engine)) and not stop.is_set():
            logger.warning("waiting: %s", complaint)
            stop.wait(_SCHEMA_PAUSE_SECONDS)
    finally:
        engine.dispose()


def _schema_complaint(engine: Engine) -> str | None:
    try:
        with transaction(engine) as connection:
            found = schemas.migrate.revision(connection)
    except Unavailable as reason:
        return str(reason)
    if found == schemas.migrate.newest():
        return None
    if found is None or schemas.migrate.knows(found):
        return f"the database's schema is {found or 'missing'}; run: copydesk migrate"
    return f"the database's schema {found} is of a newer release than this code"


# --- the stages -----------------------------------------------------------------------------------


def stages(settings: Settings) -> Stages:
    """The steps of the pipeline, with the models and word lists that they need."""
    language.warm()
    reference = load_reference()
    recogniser = _recogniser(settings.tagger)
    return Stages(
        read=_read,
        judge=partial(dedupe.decide, policy=dedupe.Policy()),
        tag=partial(tag_batch, recogniser=recogniser, reference=reference),
    )


def _read(content: bytes, name: str) -> Article:
    return normalise(*read(content, name))


def _recogniser(tagger: Tagger) -> Recogniser:
    if tagger is Tagger.RULES:
        return RulesRecogniser()
    # Imported here: half a second that no other process needs to spend.
    from worker.adapters.spacy_recogniser import SpacyRecogniser  # noqa: PLC0415

    return SpacyRecogniser()


# --- the roles ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Running:
    """Servers that can be used: where they are, and what a person would type to reach them."""

    settings: Settings  # with both URLs
    reader_url: str  # for consumers
    psql: pathlib.Path | None  # the shell that came with the embedded server
    embedded: Servers | None  # ours to watch over; None: somebody else's


@contextmanager
def servers(settings: Settings, *, command: str) -> Iterator[Running]:
    """Servers for as long as the context lasts: given ones, running ones, or ones of our own.

    Embedded servers that nobody owns are started, brought to our schema, and ended with the
    context. Enter it on a thread that lives as long: the servers end with that thread.

    Raises:
        AlreadyRunning: another process is starting or stopping them just now.
        Unavailable: they do not start; the message says why.
    """
    if not settings.embedded:
        url = secret(settings.database_url)
        yield Running(settings, url, None, None)
    elif (found := attach(settings.data)) is not None:
        yield _running(settings, found, None)
    else:
        with serve(settings.data, command=command) as own:
            running = _running(settings, own.endpoints, own)
            migrate(running.settings)
            yield running


def _running(settings: Settings, where: Endpoints, own: Servers | None) -> Running:
    urls = {
        "database_url": SecretStr(where.owner_url),
        "broker_url": SecretStr(where.broker_url),
    }
    return Running(settings.model_copy(update=urls), where.reader_url, where.psql, own)


def migrate(settings: Settings) -> str:
    """Bring the database to our schema; gives the revision."""
    with database(settings, name="migrate", patient=True) as engine, answering():
        return schemas.migrate.upgrade(engine)


@contextmanager
def database(settings: Settings, *, name: str, patient: bool = False) -> Iterator[Engine]:
    engine = connect(secret(settings.database_url), name=name, patient=patient)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def watcher(settings: Settings) -> Iterator[Watcher]:
    """The watcher of the inbox.

    Raises:
        UsageError: the inbox is not there, cannot be listed, or holds our own data.
    """
    folder = inbox(settings)
    plan = Plan(
        inbox=inbox_name(settings),
        max_bytes=int(settings.max_file_mb * 1_000_000),
        exclude=settings.exclude,
        patience=Patience(settle_seconds=settings.settle_seconds),
        rescan_seconds=settings.rescan_seconds,
    )
    clock = SystemClock()
    with database(settings, name="watch") as engine, _bell(settings) as bell:
        intake: Intake = PostgresIntake(engine)
        if settings.heartbeat:
            intake = BeatingIntake(intake, settings.heartbeat)
        yield Watcher(
            plan, Outside(folder, InotifyEvents(settings.inbox.resolve()), intake, bell, clock)
        )


@contextmanager
def clerk(settings: Settings) -> Iterator[Clerk]:
    with database(settings, name="clerk") as engine, _bell(settings) as bell:
        yield Clerk(PostgresSweep(engine), bell)


def _bell(settings: Settings) -> closing[CeleryBell]:
    return closing(CeleryBell(build_celery(settings), tasks.INGEST, SystemClock()))


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


@contextmanager
def reading(settings: Settings) -> Iterator[Reading]:
    with database(settings, name="read", patient=True) as engine:
        yield PostgresReading(engine)


def dry_run(settings: Settings) -> DryRun:
    """Everything but the servers: an in-memory store, for ``copydesk explain``."""
    return DryRun(
        stages(settings),
        exclude=settings.exclude,
        max_bytes=int(settings.max_file_mb * 1_000_000),
    )


def secret(value: SecretStr | None) -> str:
    if value is None:
        raise UsageError("this needs COPYDESK_DATABASE_URL and COPYDESK_BROKER_URL")
    return value.get_secret_value()
