"""Show how a stored version would differ, or differs, when it is made anew."""

from typing import TYPE_CHECKING, Any

from rich.text import Text

from worker.cli.console import people, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worker.core.difference import Difference
    from worker.ports import Original, Tagged


def as_object(
    version: "Original | Tagged", outcome: str, detail: str, differing: "Sequence[Difference]"
) -> dict[str, Any]:
    return {
        "id": version.file_id,
        "path": version.path.text,
        "article_id": str(version.article_id),
        "version": version.version,
        "outcome": outcome,
        "detail": detail or None,
        "differences": [
            {"field": one.field, "before": one.before or None, "after": one.after or None}
            for one in differing
        ],
    }


def lines(
    version: "Original | Tagged", outcome: str, detail: str, differing: "Sequence[Difference]"
) -> list[Text]:
    name = Text.assemble((printable(version.path.text), "bold"), f"  {outcome}")
    name.append(f"  {version.article_id}, version {version.version}", style="dim")
    told = [name, *([Text(f"  {printable(detail)}")] if detail else [])]
    for one in differing:
        told.append(Text(f"  {one.field}", style="dim"))
        told += [Text(f"    - {printable(one.before)}", style="red")] if one.before else []
        told += [Text(f"    + {printable(one.after)}", style="green")] if one.after else []
    if people().is_terminal:
        for line in told:
            line.truncate(people().width, overflow="ellipsis")
    return told
