"""Judge places, end to end: those that are found, and whether they are the right ones.

``places_dev.jsonl.gz`` has mentions with GeoNames identifiers, in papers of small towns whose names
others have too: a mention is found when one of ours overlaps it, and right when that one has its
identifier. ``kenya_style.jsonl.gz`` has countries: right when our mention has the country's code.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.judge.texts import article, rows, share
from worker.adapters.reference import load_reference
from worker.adapters.spacy_recogniser import load
from worker.core.article import Entity, Field, Tags
from worker.tagging import tag_batch


def run(data: Path, *, verbose: bool) -> Iterator[tuple[str, str]]:
    yield from _identifiers(data, verbose=verbose)
    yield from _countries(data, verbose=verbose)


def _identifiers(data: Path, *, verbose: bool) -> Iterator[tuple[str, str]]:
    labelled = list(rows(data, "places_dev"))
    tagged = tag_batch(
        [article(row["headline"], [row["text"]]) for row in labelled],
        recognisers=load(),
        reference=load_reference(),
    )
    count: Counter[str] = Counter()
    for row, tags in zip(labelled, tagged, strict=True):
        for gold in row["places"]:
            found = _place_at(tags, gold["start"], gold["end"])
            count["gold"] += 1
            count["found"] += found is not None
            count["right"] += found is not None and found.geonames == gold["geonames"]
            if verbose and (found is None or found.geonames != gold["geonames"]):
                was = f"{found.geonames} {found.name}" if found else "not found"
                yield f"{gold['phrase']} {gold['geonames']}, {was}", row["headline"][:60]
    yield "mentions found", share(count["found"], count["gold"])
    yield "of those, with the right identifier", share(count["right"], count["found"])


def _countries(data: Path, *, verbose: bool) -> Iterator[tuple[str, str]]:
    labelled = list(rows(data, "kenya_style"))
    tagged = tag_batch(
        [
            article(row["title"], row["body"].split("\n\n"), language=row["lang"])
            for row in labelled
        ],
        recognisers=load(),
        reference=load_reference(),
    )
    right = total = 0
    for row, tags in zip(labelled, tagged, strict=True):
        for gold in row["body_entities"]:
            if gold["type"] == "LOC" and gold["link"] and len(gold["link"]) == 2:
                found = _place_at(tags, gold["start"], gold["end"])
                total += 1
                right += found is not None and found.country == gold["link"]
                if verbose and (found is None or found.country != gold["link"]):
                    yield f"{gold['text']}, not {found}", row["title"]
    yield "countries, with the right code", share(right, total)


def _place_at(tags: Tags, start: int, end: int) -> Entity | None:
    """The place that has a mention in the body which overlaps this stretch."""
    for place in tags.places:
        for mention in place.mentions:
            if mention.field is Field.BODY and mention.start < end and start < mention.end:
                return place
    return None
