"""Load the reference data that ships with the package, after checking that it is what was built.

The hashes in ``MANIFEST.json`` name the data's version, which is kept with every tag: tags can be
repeated with the same data, and told apart from those of other data.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from worker.core.errors import CopydeskError
from worker.core.tagging.countries import CountryIndex, Form, Kind, Place
from worker.core.tagging.gazetteer import Gazetteer
from worker.core.tagging.organisations import Organisation
from worker.core.tagging.phrases import Phrases
from worker.core.tagging.reference import Reference
from worker.core.tagging.topics import Signs, Topic, TopicIndex

_MANIFEST = "MANIFEST.json"
# Whose forms are read in an article of each language. English names stand in Swahili texts too; in
# French ones they would be mistaken (Chad, Jordan, Georgia are people and a state there).
_READ_IN = {"en": ("en",), "fr": ("fr",), "sw": ("sw", "en")}

_STRENGTHS = (4.0, 2.0, 1.0)  # weights of the words of a topic, strong ones first

Row = dict[str, Any]


class DataMismatch(CopydeskError):  # noqa: N818 -- a state of the installation
    """A data file is not the one that this release was built with; the message names it."""


@cache
def load_reference() -> Reference:
    """The reference data of this installation; read once a process.

    Raises:
        DataMismatch: a file was changed, or is missing.

    """
    return read_reference(files("worker.data"))


def read_reference(folder: Traversable) -> Reference:
    """The reference data in *folder*, checked against its manifest."""
    manifest = json.loads((folder / _MANIFEST).read_bytes())
    content = {name: _verified(folder, name, digest) for name, digest in manifest.items()}
    data = {name: json.loads(text) for name, text in content.items() if name.endswith(".json")}
    places = gzip.decompress(content["places.txt.gz"]).decode().split("\n")
    return Reference(
        countries=_country_index(data["countries.json"]),
        organisations=Phrases.of(_organisations(data["organisations.json"])),
        topics=_topic_index(data["topics.json"]),
        gazetteer=Gazetteer.of(places[1:]),  # the first line says where the others come from
        version="+".join(
            f"{name.partition('.')[0]}/{digest[:8]}" for name, digest in sorted(manifest.items())
        ),
    )


def _verified(folder: Traversable, name: str, digest: str) -> bytes:
    try:
        content = (folder / name).read_bytes()
    except FileNotFoundError as error:
        raise DataMismatch(f"worker/data/{name} is missing") from error
    found = sha256(content).hexdigest()
    if found != digest:
        raise DataMismatch(f"worker/data/{name} has sha256 {found}, not {digest}")
    return content


def _organisations(data: Row) -> Iterator[tuple[str, Organisation]]:
    for row in data["organisations"]:
        organisation = Organisation(row["name"], row["wikidata"])
        for form in (row["name"], *row["forms"]):
            yield form, organisation


# --- topics ---------------------------------------------------------------------------------------


def _topic_index(data: Row) -> TopicIndex:
    topics: dict[str, Topic] = {}
    for code, parent, name in data["topics"]:  # parents first
        above = topics[parent] if parent else None
        topics[code] = Topic(
            code, name, above.level + 1 if above else 1, above.top if above else code
        )
    return TopicIndex(
        topics=topics,
        signs={language: Signs.of(_signs(data, language)) for language in data["words"]},
    )


def _signs(data: Row, language: str) -> Iterator[tuple[str, str, float]]:
    for code, by_strength in data["words"][language].items():
        for weight, listed in zip(_STRENGTHS, by_strength, strict=True):
            yield from ((sign, code, weight) for sign in listed)
    for code, listed in data["finer"][language].items():
        yield from ((sign, code, _STRENGTHS[0]) for sign in listed)


# --- countries ------------------------------------------------------------------------------------


def _country_index(data: Row) -> CountryIndex:
    return CountryIndex(
        forms={
            language: Phrases.of((form.text, form) for form in _forms(data, language, read))
            for language, read in _READ_IN.items()
        },
        countries={row["code"]: Place(row["name"], row["wikidata"]) for row in data["countries"]},
    )


def _forms(data: Row, language: str, read: tuple[str, ...]) -> Iterator[Form]:
    """Decoys and ambiguous forms first: of two that read the same, the first counts."""
    for text, code in data["decoys"].items():
        yield Form(text, Kind.DECOY, (code,) if code else ())
    yield from _ambiguous(data["ambiguous"], read)
    weak = {*data["weak"]["any"], *data["weak"].get(language, ())}
    for form in (*_countries(data["countries"], read), *_parts(data["parts"])):
        yield replace(
            form,
            needs_witness=form.text in weak,
            yields_to=data["yields"].get(form.text),
            like_person=form.text in data["persons"],
        )


def _ambiguous(data: Row, read: tuple[str, ...]) -> Iterator[Form]:
    for text, codes in data["names"].items():
        yield Form(text, Kind.NAME, tuple(codes))
    for language in read:
        for text, codes in data["demonyms"][language].items():
            yield Form(text, Kind.DEMONYM, tuple(codes))


def _countries(rows: list[Row], read: tuple[str, ...]) -> Iterator[Form]:
    for row in rows:
        codes = (row["code"],)
        for language in ("any", *read):
            for text in row["names"].get(language, ()):
                yield Form(text, Kind.NAME, codes)
        for language in read:
            for text in row["demonyms"].get(language, ()):
                yield Form(text, Kind.DEMONYM, codes)
        for text in row["cities"]:
            yield Form(text, Kind.CITY, codes, Place(text))


def _parts(rows: list[Row]) -> Iterator[Form]:
    """Countries within a country: England is a place of its own, and in the United Kingdom."""
    for row in rows:
        for text in row["names"]:
            yield Form(text, Kind.NAME, (row["code"],), Place(row["name"], row["wikidata"]))
        for text in row["demonyms"]:
            yield Form(text, Kind.DEMONYM, (row["code"],))
