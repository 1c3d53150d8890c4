"""Organisations that are known by name: a short list of what models get wrong."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from worker.core.tagging.names import RULES, Name
from worker.core.tagging.phrases import Phrases
from worker.core.tagging.span import Label
from worker.core.tagging.words import Text


@dataclass(frozen=True, slots=True)
class Organisation:
    name: str  # canonical
    wikidata: str | None = None  # None until somebody has checked it


def known_organisations(texts: Iterable[Text], phrases: Phrases[Organisation]) -> Iterator[Name]:
    """Every listed organisation in *texts*, in reading order."""
    for text in texts:
        for match in phrases.find(text):
            yield Name(
                text.field,
                match.start,
                match.end,
                text.content[match.start : match.end],
                Label.ORGANISATION,
                frozenset({RULES}),
                known_as=match.value.name,
                wikidata=match.value.wikidata,
            )
