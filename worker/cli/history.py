"""An article's versions, each against the one before it: what ``show --diff`` tells."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from worker.cli.console import printable
from worker.cli.painting import painted
from worker.core.difference import Edit, Op, edits

# What versions say besides their paragraphs.
_FIELDS = "headline byline dateline language published_at source".split()
_REMOVED, _ADDED = "red", "green"


@dataclass(frozen=True, slots=True)
class Step:
    """From one published version to the next one."""

    before: int
    version: int
    cause: str
    stored_at: str
    position: int
    changed: list[list[str]]  # numbers: pairs of the old and the new
    fields: list[tuple[str, str, str]]  # name, before, after
    edits: list[Edit]

    def as_json(self) -> dict[str, Any]:
        """The object of ``show --diff --json``; keys may be added, and keep their meaning."""
        fields = [
            {"field": f, "before": before, "after": after} for f, before, after in self.fields
        ]
        return {**asdict(self), "fields": fields}


def steps(versions: Sequence[dict[str, Any]]) -> Iterator[Step]:
    for old, new in pairwise(versions):
        yield Step(
            before=old["version"],
            version=new["version"],
            cause=new["cause"],
            stored_at=new["stored_at"],
            position=new["position"],
            changed=new["changed"] or [],
            fields=[
                (name, _said(old[name]), _said(new[name]))
                for name in _FIELDS
                if old[name] != new[name]
            ],
            edits=edits(_texts(old), _texts(new)),
        )


def _texts(version: dict[str, Any]) -> list[tuple[str, str]]:
    return [(paragraph["kind"], paragraph["text"]) for paragraph in version["paragraphs"]]


def _said(value: object) -> str:
    if isinstance(value, dict):  # a dateline
        return str(value["text"])
    return "" if value is None else str(value)


# --- for people -----------------------------------------------------------------------------------


def told(step: Step) -> RenderableType:
    parts: list[RenderableType] = [
        Text.assemble(
            (f"version {step.before} → {step.version}", "bold"),
            (f"  {step.stored_at[:16].replace('T', ' ')}  at position {step.position:,}", "dim"),
        ),
        Text(printable(step.cause), style="dim"),
    ]
    if step.changed:
        pairs = ", ".join(f"{printable(old)} → {printable(new)}" for old, new in step.changed)
        parts.append(Text.assemble(("numbers  ", "dim"), pairs))
    for name, before, after in step.fields:
        parts.append(Text.assemble((f"{name}  ", "dim"), _both(before, after)))
    return Group(*parts, Text(), *_paragraphs(step.edits))


def _both(before: str, after: str) -> Text:
    return Text.assemble(
        (printable(before), _REMOVED), " → " if before and after else "", (printable(after), _ADDED)
    )


def _paragraphs(found: Sequence[Edit]) -> Iterator[Text]:
    """What stayed the same is counted, and not repeated."""
    same = 0
    for edit in found:
        if edit.op is Op.SAME:
            same += 1
            continue
        yield from _skipped(same)
        same = 0
        yield from _edit(edit)
        yield Text()
    yield from _skipped(same)


def _skipped(paragraphs: int) -> Iterator[Text]:
    if paragraphs:
        yield Text(f"  … {paragraphs} paragraph(s) as before", style="dim")


def _edit(edit: Edit) -> Iterator[Text]:
    kind = "" if edit.kind == "text" else f"[{edit.kind}] "
    removed, added = Text(f"- {kind}", style=_REMOVED), Text(f"+ {kind}", style=_ADDED)
    if edit.op is Op.CHANGED:
        yield removed + painted(edit.before, _strong(edit.removed), style=f"not bold {_REMOVED}")
        yield added + painted(edit.after, _strong(edit.added), style=f"not bold {_ADDED}")
    elif edit.op is Op.REMOVED:
        yield removed.append(printable(edit.before))
    else:
        yield added.append(printable(edit.after))


def _strong(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int, str]]:
    return [(start, end, "bold underline") for start, end in spans]
