"""``copydesk watch, work, clerk, migrate``: the roles, for compose and clusters."""

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from worker.cli.console import say
from worker.cli.signals import interrupting, stopping
from worker.core.backoff import delay_seconds
from worker.core.errors import Unavailable

if TYPE_CHECKING:
    from worker.after import After
    from worker.bootstrap.serving import Running
    from worker.settings import Settings

_log = logging.getLogger(__name__)

_T = TypeVar("_T")

NOT_DRAINED = 1
_CHECK_SECONDS = 1.0  # between looks at embedded servers of our own

Inbox = Annotated[
    Path | None,
    typer.Option(
        "--inbox",
        metavar="DIR",
        help="The folder to watch [default: COPYDESK_INBOX, else seeds].",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        metavar="N",
        min=1,
        help="Worker processes [default: COPYDESK_WORKERS, else one a core].",
    ),
]


def watch(
    context: typer.Context,
    *,
    inbox: Inbox = None,
    once: Annotated[
        bool,
        typer.Option(
            "--once",
            help="Compare the folder with the ledger once, wait for files that are still being "
            "written, and end; exit 1 if some were written to all the time.",
        ),
    ] = False,
) -> None:
    """Notice files in the inbox and put them in the ledger; the clerk is included.

    Files are read once they are complete, and kept with their bytes: whatever happens to the inbox
    afterwards, workers never need it. With COPYDESK_AFTER=archive or delete, files that are done
    are taken out of the inbox. Stops on SIGINT or SIGTERM, within a second.
    """
    settings = role_settings(context, inbox=inbox)
    from worker.bootstrap import serving, watching

    with (
        stopping() as stop,
        serving.servers(settings, command="copydesk watch") as running,
        watching.watcher(running.settings) as watcher,
        watching.clerk(running.settings) as clerk,
        watching.after(running.settings) as after,
    ):
        serving.wait_for_schema(running.settings, stop)
        notice = watcher.run_once if once else watcher.run
        left, *_ = together(stop, _checked(running), notice, clerk.run, *_runs(after))
    if left:
        say(f"{left} file(s) are written to all the time, and were left")
        raise typer.Exit(NOT_DRAINED)


def clerk(context: typer.Context) -> None:
    """Make good what dead processes and lost messages left behind.

    Frees the leases of workers that fell silent, and rings for files that nobody was rung for. Any
    number of clerks may run; `watch` includes one. Stops on SIGINT or SIGTERM, within a second.
    """
    settings = role_settings(context)
    from worker.bootstrap import serving, watching

    with (
        stopping() as stop,
        serving.servers(settings, command="copydesk clerk") as running,
        watching.clerk(running.settings) as clerk,
    ):
        serving.wait_for_schema(running.settings, stop)
        together(stop, _checked(running), clerk.run)


def work(context: typer.Context, *, workers: Workers = None) -> None:
    """Read, compare, tag and store what is in the ledger; any number of these, anywhere.

    SIGTERM lets running batches end first. A worker that is killed loses nothing: its files are
    taken by another when its lease has run out.
    """
    from worker.settings import pin_blas

    pin_blas()
    settings = role_settings(context, workers=workers)
    from worker.bootstrap import serving, working

    with serving.servers(settings, command="copydesk work") as running:
        worker = working.build_celery(running.settings).Worker(
            pool="prefork",
            concurrency=running.settings.workers,
            loglevel=running.settings.log_level,
            optimization="fair",  # a ring goes to a child that is idle
            without_gossip=True,  # workers need not know of each other: the ledger does
            without_mingle=True,
            without_heartbeat=True,
            quiet=True,  # no banner
        )
        worker.start()
    raise typer.Exit(worker.exitcode or 0)


def migrate(
    context: typer.Context,
    *,
    wait: Annotated[
        bool,
        typer.Option("--wait", help="Wait for the database while it cannot be reached."),
    ] = False,
) -> None:
    """Bring the database to the schema of this release, and say which that is.

    Safe to repeat, and to run from several places at once. Needs the owner's role.
    """
    settings = role_settings(context)
    from worker.bootstrap import serving

    def once() -> str:
        with serving.servers(settings, command="copydesk migrate") as running:
            return serving.migrate(running.settings)

    with interrupting():
        revision = _patiently(once) if wait else once()
    say(f"the schema is at {revision}")


def _runs(after: "After | None") -> Sequence[Callable[[Event], None]]:
    return () if after is None else (after.run,)


def role_settings(context: typer.Context, **given: Any) -> "Settings":  # noqa: ANN401 -- as ``load``
    """The settings, and a log that says what it does."""
    from worker import log
    from worker.settings import load

    settings = load(log_level="DEBUG" if context.obj else None, **given)
    log.configure(settings.log_level)
    return settings


def together(
    stop: Event, check: Callable[[], object], *loops: Callable[[Event], _T]
) -> Sequence[_T]:
    """Run *loops* side by side until one of them ends, then stop the others; their answers.

    *check* is called on this thread meanwhile, every second. What a loop raises, this raises.
    """
    from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor
    from concurrent.futures import wait as wait_for

    with ThreadPoolExecutor(len(loops)) as pool:
        running = [pool.submit(loop, stop) for loop in loops]
        try:
            while not wait_for(running, _CHECK_SECONDS, return_when=FIRST_COMPLETED).done:
                check()
        finally:
            stop.set()
    return [loop.result() for loop in running]


def _checked(running: "Running") -> Callable[[], object]:
    """Keep embedded servers alive, where they are ours; the loops bear it while they are away."""
    servers = running.embedded
    if servers is None:
        return lambda: None

    def check() -> None:
        try:
            for restart in servers.check():
                _log.warning("%s", restart)
        except Unavailable as error:
            _log.warning("%s", error)

    return check


def _patiently(attempt: Callable[[], str]) -> str:
    failures = 0
    while True:
        try:
            return attempt()
        except Unavailable as error:
            failures += 1
            say(f"waiting: {error}")
            time.sleep(delay_seconds(failures))
