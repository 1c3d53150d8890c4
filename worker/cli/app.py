"""The command line as a whole: the options that every command has, and the exit codes."""

import signal
import sys
from typing import Annotated, NoReturn

import typer

from worker.cli import (
    audit,
    doctor,
    erase,
    explain,
    export,
    feed,
    files,
    join,
    psql,
    reprocess,
    restore,
    retract,
    retry,
    roles,
    search,
    separate,
    show,
    status,
    up,
    why,
)
from worker.cli.console import say
from worker.core.errors import CopydeskError, Unavailable, UsageError

INTERNAL_ERROR = 1  # and "not drained"
USAGE = 2
UNAVAILABLE = 3

app = typer.Typer(
    name="copydesk",
    help=(
        "Drop news articles into a folder, read clean, deduplicated, tagged articles from "
        "PostgreSQL.\n\n"
        "Without COPYDESK_DATABASE_URL and COPYDESK_BROKER_URL, each command finds, or starts for "
        "its own duration, a PostgreSQL and a Valkey that keep their data in .copydesk/."
    ),
    epilog=(
        "Exit codes: 0 done; 1 not drained, or an internal error; 2 usage; "
        "3 a service cannot be reached. What people read is on stderr, what machines read "
        "(--json, export) on stdout."
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
# The second text is the command's line in the list of all: it must fit without being cut.
app.command("up", short_help="Run everything on this machine.")(up.up)
app.command("watch", short_help="Notice files; the clerk is included.")(roles.watch)
app.command("work", short_help="Read, compare, tag and store.")(roles.work)
app.command("clerk", short_help="Make good what was lost on the way.")(roles.clerk)
app.command("migrate", short_help="Bring the database to this schema.")(roles.migrate)
app.command("explain", short_help="Say what would become of files.")(explain.explain)
app.command("status", short_help="Show the ledger at a glance.")(status.status)
app.command("audit", short_help="Prove that nothing is lost or doubled.")(audit.audit)
app.command("files", short_help="List files, and what became of them.")(files.files)
app.command("why", short_help="Tell the life of one file, step by step.")(why.why)
app.command("retry", short_help="Work again what ended badly.")(retry.retry)
app.command("reprocess", short_help="Read files again with the present code.")(reprocess.reprocess)
app.command("retract", short_help="Take a story back.")(retract.retract)
app.command("restore", short_help="Show again what was taken back.")(restore.restore)
app.command("erase", short_help="Erase a story's text for good.")(erase.erase)
app.command("separate", short_help="Undo a wrong merge.")(separate.separate)
app.command("join", short_help="Make a merge that was missed.")(join.join)
app.command("doctor", short_help="Check what commonly goes wrong.")(doctor.doctor)
app.command("search", short_help="Find articles by words, topics, names.")(search.search)
app.command("show", short_help="Show an article in full, or its history.")(show.show)
app.command("export", short_help="Write the articles as JSON, CSV, …")(export.export)
app.command("feed", short_help="Show the changes that consumers see.")(feed.feed)
app.command("psql", short_help="Open a shell into the store.", context_settings=psql.PASS_ON)(
    psql.psql
)


def _version(wanted: bool) -> None:  # noqa: FBT001 -- typer's form of a callback
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"copydesk {version('copydesk')}")
        except PackageNotFoundError:  # a source tree that is not installed
            typer.echo("copydesk (not installed)")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    *,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Say what happens in detail, on stderr.")
    ] = False,
    _version_wanted: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_version,
            is_eager=True,
            help="Print the version and exit.",
        ),
    ] = False,
    ends_with: Annotated[
        int | None,
        typer.Option(
            "--ends-with",
            metavar="PID",
            hidden=True,
            help="End when the process that started this one ends: how `up` leaves no orphans.",
        ),
    ] = None,
) -> None:
    if ends_with is not None:
        _end_with(ends_with)
    from worker import log

    log.configure("DEBUG" if verbose else "WARNING")
    context.obj = verbose


def _end_with(parent: int) -> None:
    from worker.adapters.embedded.launch import die_with

    try:
        die_with(parent, signal.SIGKILL)
    except ProcessLookupError as error:
        raise typer.Exit(INTERNAL_ERROR) from error


def run() -> NoReturn:
    """Run the command line; errors that a person can mend are told in a line, without a trace."""
    try:
        app(prog_name="copydesk")
    except UsageError as error:
        _fail(error, USAGE)
    except Unavailable as error:
        _fail(error, UNAVAILABLE)
    except CopydeskError as error:
        _fail(error, INTERNAL_ERROR)
    sys.exit(0)


def _fail(error: CopydeskError, code: int) -> NoReturn:
    say(f"copydesk: {error}")
    sys.exit(code)
