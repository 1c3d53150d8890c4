"""Build the object graph: the one place that knows which adapter fills which port."""

import gc
import logging
import os
import pathlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from zoneinfo import ZoneInfo

from celery import Celery, signals
from kombu import Queue
from pydantic import SecretStr
from sqlalchemy import Engine

import schemas.migrate
from worker import log, tasks
from worker.adapters import broker, machine
from worker.adapters.alarm import limited
from worker.adapters.celery_bell import CeleryBell
from worker.adapters.embedded import Endpoints, Servers, attach, serve
from worker.adapters.folder import DiskFolder
from worker.adapters.heartbeat import BeatingIntake, consumer_step
from worker.adapters.inotify import InotifyEvents
from worker.adapters.outbox import DiskOutbox
from worker.adapters.postgres import examining
from worker.adapters.postgres.auditing import one_moment
from worker.adapters.postgres.closed import PostgresClosed
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.engine import answering, connect, transaction
from worker.adapters.postgres.expanding import PostgresContainers
from worker.adapters.postgres.following import follow
from worker.adapters.postgres.inspecting import PostgresInspecting
from worker.adapters.postgres.intake import PostgresIntake
from worker.adapters.postgres.reading import PostgresReading
from worker.adapters.postgres.retrying import PostgresRetrying
from worker.adapters.postgres.sweep import PostgresSuccession, PostgresSweep
from worker.adapters.reference import load_reference
from worker.adapters.space import LowWater
from worker.adapters.system import SystemClock, keep_memory, lives, share_memory, uuid7
from worker.after import After
from worker.clerk import Clerk
from worker.core import dedupe, doctor, language
from worker.core.article import Article
from worker.core.errors import CopydeskError, Unavailable, UsageError
from worker.core.expanding import Rules
from worker.core.ledger import Path
from worker.core.normalise import normalise
from worker.core.readers import read
from worker.core.settling import Patience
from worker.core.sources import Sources
from worker.core.sources import parse as parse_sources
from worker.dry_run import DryRun
from worker.pipeline import Stages
from worker.ports import Auditing, Feed, Inspecting, Intake, Reading, Recogniser, Retrying
from worker.settings import AfterDone, Settings, Tagger
from worker.tagging import RulesRecogniser, tag_batch
from worker.watcher import Outside, Plan, Watcher

logger = logging.getLogger(__name__)

_SCHEMA_PAUSE_SECONDS = 2.0
_UNPACKED_MB = 20  # what one MB of a container may unpack to, with all containers in it
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
    tasks.register(app, cache(lambda: _bounded(amend(worker.parts()))))
    return app


def _bounded(parts: tasks.Parts) -> tasks.Parts:
    read = limited(parts.stages.read, tasks.READ_SECONDS)
    tag = limited(parts.stages.tag, tasks.TAG_SECONDS)
    return replace(parts, stages=replace(parts.stages, read=read, tag=tag))


def celery_settings(settings: Settings) -> dict[str, object]:
    """What makes Celery on Redis safe here, each with its reason."""
    return {
        "broker_url": secret(settings.broker_url),
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,  # the broker may be away for an hour
        # A broker whose disk is full answers, and refuses: a worker would take that for its end.
        "broker_channel_error_retry": True,
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
        # The hard limit. Celery's soft one may ring in the middle of a commit: ours does not, since
        # it is around each pure step (``_bounded``).
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
        self._id = uuid7()  # of this start of it; its children have the same
        self.stages = cache(lambda: stages(settings))
        signals.setup_logging.connect(self._configure_logging, weak=False)
        signals.worker_init.connect(self._before_fork, weak=False)
        signals.worker_process_init.connect(self._after_fork, weak=False)

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

    def _after_fork(self, **_: object) -> None:
        """Apart from the child's work: its parent waits only four seconds for it."""
        threading.Thread(target=self._succeed, name="succeed", daemon=True).start()

    def _succeed(self) -> None:
        with (
            database(self._settings, name="succeed") as engine,
            closing(CeleryBell(self._app, tasks.INGEST, SystemClock())) as bell,
        ):
            succession = PostgresSuccession(
                engine, worker=self._id, limit_seconds=tasks.TIME_LIMIT_SECONDS
            )
            tasks.succeed(succession, bell, lives)

    def parts(self) -> tasks.Parts:
        """Made in the child, after the fork: a connection must not be shared."""
        clock = SystemClock()
        engine = connect(secret(self._settings.database_url), name="work")
        lease = self._settings.lease_seconds
        return tasks.Parts(
            desk=PostgresDesk(engine, lease_seconds=lease, new_id=uuid7, worker=self._id),
            containers=PostgresContainers(engine),
            rules=expanding_rules(self._settings),
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
        read=reader(settings),
        judge=partial(dedupe.decide, policy=dedupe.Policy()),
        tag=partial(tag_batch, recogniser=recogniser, reference=reference),
    )


def expanding_rules(settings: Settings) -> Rules:
    """How much a container may unpack to."""
    return Rules(
        member_bytes=int(settings.max_file_mb * 1_000_000),
        total_bytes=int(settings.max_bulk_mb * _UNPACKED_MB * 1_000_000),
        exclude=settings.exclude,
    )


def reader(settings: Settings) -> Callable[[bytes, str], Article]:
    known = sources(settings)

    def read_article(content: bytes, name: str) -> Article:
        draft, evidence = read(content, name)
        return normalise(known.completed(draft, name), evidence, path=name)

    return read_article


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
    with database(settings, name="watch") as engine, _bell(settings) as bell:
        intake: Intake = PostgresIntake(engine)
        if settings.heartbeat:
            intake = BeatingIntake(intake, settings.heartbeat)
        events = InotifyEvents(settings.inbox.resolve())
        low_water = LowWater(settings.data, int(settings.min_free_mb * 1_000_000))
        with ThreadPoolExecutor(1, thread_name_prefix="record") as pool:
            yield Watcher(
                plan, Outside(folder, events, intake, bell, clock, low_water, pool.submit)
            )


@contextmanager
def clerk(settings: Settings) -> Iterator[Clerk]:
    with database(settings, name="clerk") as engine, _bell(settings) as bell:
        yield Clerk(PostgresSweep(engine), bell)


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


def archive(settings: Settings) -> pathlib.Path | None:
    """The folder that files are moved to, made if it is not there; None where they are not.

    Raises:
        UsageError: it lies in the inbox, or cannot be made.
    """
    root = _archive_place(settings)
    if root is None:
        return None
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"the archive {root} cannot be made: {error.strerror}") from error
    return root


def _archive_place(settings: Settings) -> pathlib.Path | None:
    if settings.archive is None:
        return None
    root = settings.archive.resolve()
    if root.is_relative_to(settings.inbox.resolve()):
        raise UsageError(f"the archive {root} lies in the inbox; name another (COPYDESK_ARCHIVE)")
    return root


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


@contextmanager
def feed(settings: Settings) -> Iterator[Feed]:
    with follow(secret(settings.database_url)) as changes:
        yield changes


@contextmanager
def inspecting(settings: Settings) -> Iterator[Inspecting]:
    with database(settings, name="inspect", patient=True) as engine:
        yield PostgresInspecting(engine, reader(settings), dedupe.Policy())


@contextmanager
def retrying(settings: Settings) -> Iterator[Retrying]:
    with database(settings, name="retry", patient=True) as engine:
        yield PostgresRetrying(engine)


@contextmanager
def auditing(settings: Settings) -> Iterator[Auditing]:
    """One moment of the database, to be proved right or wrong."""
    with database(settings, name="audit", patient=True) as engine, one_moment(engine) as ledger:
        yield ledger


# --- the doctor -----------------------------------------------------------------------------------


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
        root = _archive_place(settings)
    except UsageError as error:
        return str(error)
    if root is None or not root.exists():  # it is made when it is needed
        return ""
    return "" if os.access(root, os.W_OK | os.X_OK) else f"{root} cannot be written"


def _tagger_line(tagger: Tagger) -> doctor.Line:
    try:
        return doctor.model("", _recogniser(tagger).method)
    except (CopydeskError, OSError) as error:
        return doctor.model(str(error), "")


def service_lines(settings: Settings) -> Iterator[doctor.Line]:
    """What servers say of themselves and of the work; never raises because one is away."""
    yield from doctor.broker(broker.examine(secret(settings.broker_url), tasks.INGEST))
    with database(settings, name="doctor") as engine:
        found = examining.examine(engine)
        yield from doctor.database(found)
        if isinstance(found, doctor.Database) and found.revision == found.newest:
            yield from doctor.work(examining.examine_work(engine))


def dry_run(settings: Settings) -> DryRun:
    """Everything but the servers: an in-memory store, for ``copydesk explain``."""
    return DryRun(
        stages(settings),
        expanding_rules(settings),
        max_bulk_bytes=int(settings.max_bulk_mb * 1_000_000),
    )


def secret(value: SecretStr | None) -> str:
    if value is None:
        raise UsageError("this needs COPYDESK_DATABASE_URL and COPYDESK_BROKER_URL")
    return value.get_secret_value()
