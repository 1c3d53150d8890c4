"""Say how the tags of a stored version differ from those that the present tagger makes.

Pure. Two taggers are the same when their methods are: a method names the recogniser, the rules'
version and the data's hash, and tags are deterministic. So what the present one made need not be
made again, and a run that was cut off goes on where it was.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from worker.core.difference import Difference

_NAMED_BY = {  # what people know a tag by
    "subjects": "name",
    "people": "name",
    "organisations": "name",
    "places": "name",
    "countries": "code",
    "keywords": "phrase",
    "quotes": "text",
    "dates": "text",
}

Columns = Mapping[str, Sequence[Mapping[str, Any]] | None]  # as ``document.tag_columns`` makes them


@dataclass(frozen=True, slots=True)
class Methods:
    """What the present tagger calls itself, by the language of an article."""

    models: Mapping[str, str]  # by language that a model knows; BCP 47, primary subtags
    rules: str  # in all other languages

    @property
    def all(self) -> tuple[str, ...]:
        """Each once, those of models first."""
        return tuple(dict.fromkeys((*self.models.values(), self.rules)))


def tag_differences(before: Columns, after: Columns) -> list[Difference]:
    """Column by column, by what is gone and what is new in it."""
    return [
        _difference(column, before[column], after[column], name)
        for column, name in _NAMED_BY.items()
        if before[column] != after[column]
    ]


def _difference(
    column: str,
    before: Sequence[Mapping[str, Any]] | None,
    after: Sequence[Mapping[str, Any]] | None,
    name: str,
) -> Difference:
    was, now = ([tag[name] for tag in tags or ()] for tags in (before, after))
    gone, new = ", ".join(_without(was, now)), ", ".join(_without(now, was))
    if gone or new:
        return Difference(column, gone, new)
    return Difference(column, "", "the same ones, with other positions, links or scores")


def _without(some: Sequence[str], others: Sequence[str]) -> Iterator[str]:
    return (one for one in some if one not in others)
