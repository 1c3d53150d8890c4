"""A worker: its Celery app, and what its children work with."""

import gc
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import cache

from celery import Celery, signals

from worker import log, tasks
from worker.adapters.alarm import limited
from worker.adapters.celery_bell import CeleryBell
from worker.adapters.heartbeat import consumer_step
from worker.adapters.postgres.desk import PostgresDesk
from worker.adapters.postgres.engine import connect
from worker.adapters.postgres.expanding import PostgresContainers
from worker.adapters.postgres.sweep import PostgresSuccession
from worker.adapters.system import SystemClock, keep_memory, lives, uuid7
from worker.bootstrap.ringing import broker_settings
from worker.bootstrap.serving import database, secret, wait_for_schema
from worker.bootstrap.steps import expanding_rules, stages
from worker.core.errors import CopydeskError
from worker.core.message import INGEST
from worker.settings import Settings

_MEMORY_KB = 1_000_000  # of a worker child; compared with its peak, shared pages included


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
    """The same for a worker, with what tames it."""
    return broker_settings(settings) | {
        "task_acks_late": False,
        "task_reject_on_worker_lost": False,  # a poison file would come back for ever
        # The hard limit. Celery's soft one may ring in the middle of a commit: ours does not, since
        # it is around each pure step (``_bounded``).
        "task_time_limit": tasks.TIME_LIMIT_SECONDS,
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
            closing(CeleryBell(self._app, INGEST, SystemClock())) as bell,
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
            bell=CeleryBell(self._app, INGEST, clock),
            clock=clock,
            portion=tasks.Portion(self._settings.batch_files),
            renew_seconds=lease / 3,
        )
