"""``copydesk why``: the life of one file, step by step."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from worker.cli.console import glyph, machine, people, piping, printable, style
from worker.cli.files import as_object
from worker.cli.naming import Name, all_named
from worker.cli.options import JsonLines
from worker.cli.signals import interrupting
from worker.core.article import Relation, Scores, Verdict
from worker.core.document import timestamp
from worker.core.ledger import Lane, State, Witness
from worker.core.life import Considered, File, Life, advice

_WITNESSES = {
    Witness.RENAMED: "it was renamed into place",
    Witness.CLOSED: "its writer closed it",
    Witness.QUIET: "it was unchanged for a while",
    Witness.UNPACKED: "it is a member of a container",
}
_LANES = {Lane.LIVE: "just dropped", Lane.BACKFILL: "found by a scan, or in a flood"}

Rows = list[tuple[str, str, str]]  # when, which step, what happened
Lines = list[tuple[str, str]]  # of one time


def why(
    name: Name,
    *,
    as_json: JsonLines = False,
) -> None:
    """Tell the life of a file: how it was noticed, what became of it and why, and what to do next.

    What dedupe compared it with is found again, as the store was at that time, and judged again by
    the present rules; so where the rules have changed since, the old verdict stands above, and the
    new one below.
    """
    from worker.bootstrap import operating, rereading
    from worker.cli.store import found
    from worker.settings import load

    settings = load()
    with (
        interrupting(),
        piping(),
        found(settings, "copydesk why") as running,
        operating.naming(running.settings) as store,
        rereading.inspecting(running.settings) as ledger,
    ):
        meant = all_named(store, name, settings)
        files = [store.file_of(one) if isinstance(one, UUID) else one for one in meant]
        for life in filter(None, map(ledger.life, files)):
            if as_json:
                machine(report(life, datetime.now(UTC)))
            else:
                people().print(told(life, datetime.now(UTC)))


# --- for machines ---------------------------------------------------------------------------------


def report(life: Life, now: datetime) -> dict[str, Any]:
    """The object of ``why --json``; keys may be added, and keep their meaning."""
    scores = life.file.verdict.scores if life.file.verdict else None
    return {
        **as_object(life.file),
        "scores": asdict(scores) if scores else None,
        "headline": life.headline,
        "merged_into": str(life.merged.into) if life.merged else None,
        "separated_from": [
            {"article_id": str(one.of), "because": one.because, "at": timestamp(one.at)}
            for one in life.separated
        ],
        "candidates": [_candidate(considered) for considered in life.considered],
        "generations": [as_object(file) for file in life.generations],
        "parent": as_object(life.parent) if life.parent else None,
        "members": {state.value: count for state, count in life.members.items()},
        "next": advice(life, now),
    }


def _candidate(considered: Considered) -> dict[str, Any]:
    verdict = considered.verdict
    match = verdict.relation is not Relation.NEW
    return {
        "article_id": str(considered.article_id),
        "version": considered.version,
        "path": considered.path,
        "headline": considered.headline,
        "relation": verdict.relation.value if match else None,
        "because": verdict.because,
        "scores": asdict(verdict.scores),
    }


# --- for people -----------------------------------------------------------------------------------


def told(life: Life, now: datetime) -> RenderableType:
    parts: list[RenderableType] = [_heading(life.file), _grid(steps(life))]
    if life.considered:
        parts += [Text("  compared with", style="dim"), _grid(_compared(life.considered))]
    if len(life.generations) > 1:
        parts += [Text("  all that was seen at this path", style="dim"), _lives(life)]
    return Group(*parts, Text.assemble(("  → ", "yellow"), advice(life, now)), Text())


def _heading(file: File) -> Text:
    mark = glyph(file.state, ascii_only=people().options.ascii_only)
    line = Text.assemble((f"{mark} ", style(file.state)), (printable(file.path.text), "bold"))
    reason = f" ({file.reason.value})" if file.reason else ""
    line.append(f"  {file.state.value}{reason}")
    line.append(f"  file {file.id} of {printable(file.inbox)}", style="dim")
    return line


def steps(life: Life) -> Rows:
    """What happened to it, in order."""
    told = sorted(_steps(life), key=itemgetter(0))
    return [(_at(at) if n == 0 else "", *line) for at, some in told for n, line in enumerate(some)]


def _steps(life: Life) -> Iterator[tuple[datetime, Lines]]:
    """Each with when it was."""
    file = life.file
    yield file.noticed_at, [("noticed", _noticed(file)), *_member(life), *_members(life)]
    if file.claimed_at is not None:
        yield file.claimed_at, [("claimed", _claimed(file))]
    if file.decided_at is not None and file.verdict is not None:
        yield file.decided_at, [*_decided(life, file.verdict)]
    if file.finished_at is not None:
        yield file.finished_at, [*_ended(file)]
    if merged := life.merged:
        yield merged.at, [("merged", f"its article into {merged.into}: {merged.because}")]
    for one in life.separated:
        yield one.at, [("separated", f"from {one.of}, by a person: {one.because}")]


def _member(life: Life) -> Lines:
    if (parent := life.parent) is None:
        return []
    name = f"{printable(parent.path.text)}, file {parent.id}"
    return [("member", f"of {name}, which is {parent.state.value}")]


def _members(life: Life) -> Lines:
    counts = ", ".join(f"{n:,} {state.value}" for state, n in life.members.items())
    return [("members", counts)] if counts else []


def _noticed(file: File) -> str:
    if file.state is State.IGNORED:
        return "by its name or kind alone; it was not read"
    kept = "" if file.sha256 else "; its bytes are not kept"
    complete = f"complete, since {_WITNESSES[file.witness]}"
    return f"{_LANES[file.lane]}, {file.size:,} bytes; {complete}{kept}"


def _claimed(file: File) -> str:
    told_ = f"by a worker, attempt {file.attempts}"
    if file.solo:
        told_ += ", alone, since a worker died in a batch with it"
    if file.deaths:
        told_ += f"; {file.deaths} died while they held it alone"
    return told_


def _decided(life: Life, verdict: Verdict) -> Iterator[tuple[str, str]]:
    yield "decided", f"{verdict.relation.value}: {verdict.because}"
    if verdict.scores != Scores():  # else nothing was compared
        yield "", _scores(verdict.scores)
    headline = f" “{printable(life.headline)}”" if life.headline else ""
    yield "article", f"{life.file.article_id}, version {life.file.version}{headline}"


def _ended(file: File) -> Iterator[tuple[str, str]]:
    reason = f": {file.reason.meaning}" if file.reason else ""
    code = f"; by version {file.pipeline} of the code" if file.pipeline else ""
    yield "ended", f"{file.state.value}{reason}{code}"
    if file.detail:
        yield "", printable(file.detail)


def _compared(considered: tuple[Considered, ...]) -> Rows:
    rows: Rows = []
    for one in considered:
        match = one.verdict.relation
        verdict = "no" if match is Relation.NEW else match.value
        name = f"{printable(one.path)}, version {one.version}: {printable(one.headline)}"
        rows += [("", verdict, name), ("", "", one.verdict.because)]
        if match is not Relation.NEW:
            rows.append(("", "", _scores(one.verdict.scores)))
    return rows


def _lives(life: Life) -> Table:
    rows = [
        (
            _at(file.noticed_at),
            f"{file.generation}",
            f"{file.state.value}{f' ({file.reason.value})' if file.reason else ''}, file {file.id}"
            + (" — this one" if file.id == life.file.id else ""),
        )
        for file in life.generations
    ]
    return _grid(rows)


def _grid(rows: Rows) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim", min_width=21)
    table.add_column(no_wrap=True, min_width=8)
    table.add_column(overflow="fold")
    for at, what, text in rows:
        table.add_row(f"  {at}", what, text)
    return table


def _scores(scores: Scores) -> str:
    shares = ", ".join(f"{name} {value:.2f}" for name, value in asdict(scores).items())
    return f"({shares})"


def _at(at: datetime) -> str:
    return f"{at.astimezone():%m-%d %H:%M:%S.%f}"[:-3]
