"""``copydesk show``: an article in full, its history, or its bytes."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.cli.console import machine, people, piping
from worker.cli.naming import Name, article
from worker.cli.signals import interrupting
from worker.core.errors import UsageError

if TYPE_CHECKING:
    from uuid import UUID

    from worker.ports import Showing, Shown

Diff = Annotated[
    bool,
    typer.Option(
        "--diff", help="How each version differs from the one before it, paragraph by paragraph."
    ),
]
Original = Annotated[
    bool,
    typer.Option("--original", help="Write the bytes of its file to stdout, as they came."),
]
Version = Annotated[
    int | None,
    typer.Option(
        "--version",
        metavar="N",
        min=1,
        help="With --original or --diff: of version N [default: the current one; all].",
    ),
]
AsJson = Annotated[
    bool,
    typer.Option(
        "--json", help="Write one JSON object to stdout instead; with --diff, one a version."
    ),
]


def show(
    name: Name,
    *,
    diff: Diff = False,
    original: Original = False,
    version: Version = None,
    as_json: AsJson = False,
) -> None:
    """Show a published article in full, with all that is known of it.

    Its text with names and quotes in colour, its tags and topics, its versions, its copies, and the
    files that it came from. Only what consumers can see is shown.
    """
    if diff + original > 1 or (original and as_json):
        raise UsageError("--original gives bytes: it goes with neither --diff nor --json")
    if version is not None and not (diff or original):
        raise UsageError("--version goes with --original or --diff")
    from worker.bootstrap import operating
    from worker.cli.store import found
    from worker.settings import load

    settings = load()
    with (
        interrupting(),
        found(settings, "copydesk show") as running,
        operating.naming(running.settings) as names,
        operating.showing(running.settings) as store,
    ):
        shown = _shown(store, article(names, name, settings))
        content = _original(store, shown, version) if original else b""
    with piping():
        if original:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        elif diff:
            _tell_history(shown, version, as_json=as_json)
        else:
            _tell(shown, as_json=as_json)


def _tell(shown: "Shown", *, as_json: bool) -> None:
    from worker.cli import page

    if as_json:
        machine(page.as_object(shown))
    else:
        people().print(page.page(shown))


def _tell_history(shown: "Shown", version: int | None, *, as_json: bool) -> None:
    from worker.cli import history

    steps = [s for s in history.steps(shown.versions) if version in (None, s.version)]
    if version is not None and not steps:
        raise UsageError(f"no step leads to version {version}; {_versions(shown)}")
    if as_json:
        for step in steps:
            machine(step.as_json())
    elif not steps:
        people().print("it has one version; nothing was changed", style="dim")
    else:
        for step in steps:
            people().print(history.told(step))


def _shown(store: "Showing", article_id: "UUID") -> "Shown":
    if (shown := store.shown(article_id)) is not None:
        return shown
    if (change := store.last_change(article_id)) is None:
        raise UsageError(f"article {article_id} is not published yet; copydesk why says more")
    into = f" Its files are copies of {change['into']} now." if change["into"] else ""
    because = f"{change['kind']}, {change['cause']}"
    raise UsageError(f"article {article_id} is not published: {because}.{into}")


def _original(store: "Showing", shown: "Shown", version: int | None) -> bytes:
    article_id: UUID = _uuid(shown.article["id"])
    wanted = shown.article["version"] if version is None else version
    content = store.original(article_id, wanted)
    if content is None:
        raise UsageError(f"version {wanted} was never published; {_versions(shown)}")
    if not content:
        raise UsageError(f"the bytes of version {wanted} were erased")
    return content


def _versions(shown: "Shown") -> str:
    listed = ", ".join(str(version["version"]) for version in shown.versions)
    return f"published were: {listed}"


def _uuid(value: Any) -> "UUID":  # noqa: ANN401 -- out of JSON
    from uuid import UUID

    return UUID(value)
