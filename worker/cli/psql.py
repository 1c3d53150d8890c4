"""``copydesk psql``: a shell into the store, or one statement."""

import shutil
import signal
import subprocess
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import typer

from worker.core.errors import UsageError

PASS_ON = {
    "ignore_unknown_options": True,
    "allow_extra_args": True,
    "allow_interspersed_args": False,
    "help_option_names": ["--help"],  # -h is psql's
}
_READER = "-c search_path=feed_v1 -c default_transaction_read_only=on"
_OWNER = "-c search_path=feed_v1,desk"


def psql(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ARGS", help="Passed on to psql, for example: -c 'select * from articles'"
        ),
    ] = None,
    *,
    owner: Annotated[
        bool,
        typer.Option(
            "--owner",
            help="As the owner, who sees the ledger (schema desk) too, and may write.",
        ),
    ] = False,
) -> None:
    """Open psql on the store, as a reader unless --owner is given first.

    The views of feed_v1 are on the search path, so `select * from articles` works. Exits as psql
    does.
    """
    from worker.bootstrap import serving
    from worker.settings import load

    with serving.servers(load(), command="copydesk psql") as running:
        url = serving.secret(running.settings.database_url) if owner else running.reader_url
        program = running.psql or _on_path()
        status = _run([str(program), session(url, owner=owner), *(arguments or ())])
    raise typer.Exit(status)


def session(url: str, *, owner: bool) -> str:
    """*url*, asking for the session that a reader or an owner wants; what it asks for stays."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    ours = _OWNER if owner else _READER
    query["options"] = f"{ours} {query.get('options', '')}".strip()
    # libpq takes a plus for a plus.
    return urlunsplit(parts._replace(query=urlencode(query, safe="/", quote_via=quote)))


def _run(command: list[str]) -> int:
    """As a child, so that servers of our own can be stopped after it; Ctrl-C is for psql."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with subprocess.Popen(command, restore_signals=True) as process:  # noqa: S603 -- no shell
            return process.wait()
    finally:
        signal.signal(signal.SIGINT, before)


def _on_path() -> Path:
    found = shutil.which("psql")
    if found is None:
        raise UsageError("there is no psql on this machine's PATH: install PostgreSQL's client")
    return Path(found)
