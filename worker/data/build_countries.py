"""Make ``countries.json`` and ``MANIFEST.json`` from packages that nobody needs at run time.

Run by hand when a source or ``country_forms.toml`` changes; see README.md in this folder. The same
sources give the same bytes: everything is sorted, nothing carries a date.

Takes from rigour which territories there are, their codes, English names and Wikidata identifiers;
from Babel (Unicode CLDR) their names in the languages of our readers; from the hand-made forms
what newspapers write besides. rigour's own alias lists are not taken: they mix languages, and hold
words ("Fala", "Poo") that are anything but a country in a news text. They serve as the witness
against the hand-made forms instead.
"""

import json
import sys
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import Any

from babel import Locale
from rigour._core import territories_jsonl  # type: ignore[import-not-found]

from worker.data.build_files import HERE, write

LANGUAGES = ("en", "fr", "sw")
# Codes of rigour's that ISO 3166-1 does not assign. XK stays: every list of the field has it.
NOT_ASSIGNED = {"AC", "AN", "CP", "CQ", "DD", "DG", "EU", "IC", "IP", "TA", "UN", "ZR", "ZZ"}
NO_PLURAL = ("ese", "ish", "ch", "ss", "men", "man", "s", "glish", "otho")
FEMININE = (  # of French, by ending; else an e
    ("ien", "ienne"),
    ("éen", "éenne"),
    ("on", "onne"),
    ("urc", "urque"),
    ("ec", "ecque"),
    ("e", "e"),
    ("è", "è"),
    ("i", "ie"),
)

Row = dict[str, Any]


def main() -> None:
    forms = tomllib.loads((HERE / "country_forms.toml").read_text(encoding="utf-8"))
    territories = {row["code"]: row for row in _territories()}
    _check(forms, territories)
    data = _data(forms, territories)
    write("countries.json", data)
    print(f"{len(data['countries'])} countries", file=sys.stderr)


def _data(forms: Row, territories: dict[str, Row]) -> Row:
    return {
        "version": "1",
        "sources": _sources(),
        "countries": [
            _country(code, territories[code.lower()], forms) for code in sorted(_codes(territories))
        ],
        "parts": [
            {
                "code": part["code"],
                "name": name,
                "wikidata": territories[part["rigour"]]["qid"],
                "names": sorted([name, *part["fr"]]),
                "demonyms": sorted(part["demonyms"]),
            }
            for name, part in sorted(forms["parts"].items())
        ],
        "ambiguous": {
            "names": forms["ambiguous"]["names"],
            "demonyms": {
                language: _ambiguous(language, forms["ambiguous"].get(language, {}))
                for language in LANGUAGES
            },
        },
        "yields": forms["yields"],
        "weak": forms["weak"],
        "persons": sorted(forms["persons"]["names"]),
        "decoys": forms["decoys"],
    }


def _ambiguous(language: str, demonyms: dict[str, list[str]]) -> dict[str, list[str]]:
    return {
        form: codes
        for demonym, codes in demonyms.items()
        for form in _inflected(language, [demonym])
    }


def _sources() -> list[Row]:
    return [
        {
            "name": "rigour",
            "version": version("rigour"),
            "licence": "MIT",
            "by": "OpenSanctions Datenbanken GmbH",
            "note": "codes, English names, places, and identifiers of Wikidata (CC0); by its "
            "repository, rigour's territories were made from Wikidata and its makers' own lists",
        },
        {
            "name": "Unicode CLDR, through Babel",
            "version": version("babel"),
            "licence": "Unicode-3.0",
            "by": "Unicode, Inc.",
            "note": "names of territories in English, French and Swahili",
        },
        {
            "name": "Copydesk, country_forms.toml",
            "version": "1",
            "licence": "Apache-2.0",
            "by": "the Copydesk authors",
            "note": "short names, demonyms, ambiguities, checked against rigour",
        },
    ]


def _territories() -> Iterator[Row]:
    for line in territories_jsonl().splitlines():
        if line.strip():
            yield json.loads(line)


def _codes(territories: dict[str, Row]) -> set[str]:
    alpha2 = {code.upper() for code, row in territories.items() if len(code) == 2}
    return alpha2 - NOT_ASSIGNED


def _country(code: str, territory: Row, forms: Row) -> Row:
    mine = forms["countries"].get(code, {})
    return {
        "code": code,
        "name": mine.get("name", territory["name"]),
        "wikidata": territory["qid"],
        "names": _names(code, territory, mine),
        "demonyms": {
            language: sorted(set(_inflected(language, mine.get(language, []))))
            for language in LANGUAGES
            if mine.get(language)
        },
        "cities": sorted(set(_cities(territory, mine, forms))),
    }


def _names(code: str, territory: Row, mine: Row) -> dict[str, list[str]]:
    """By language; ``any`` holds what is written in all of them."""
    names = {language: set(_displayed(language, code)) for language in LANGUAGES}
    names["en"].update(_variants([territory["name"], territory["full_name"]]))
    names["any"] = (
        {mine["name"], *mine.get("names", [])} if "name" in mine else set(mine.get("names", []))
    )
    return {language: sorted(found) for language, found in sorted(names.items()) if found}


def _displayed(language: str, code: str) -> list[str]:
    name = Locale(language).territories.get(code)
    return _variants([name]) if name else []


def _variants(names: Iterable[str]) -> list[str]:
    """Names as a newspaper writes them; those made for lists ("Congo - Kinshasa") are left out."""
    kept = [name for name in names if not any(mark in name for mark in ("(", " - ", "SAR", "["))]
    spelled = [name.replace("St.", "Saint").replace("&", "and") for name in kept]
    return [name for name in {*kept, *spelled} if "&" not in name]


def _cities(territory: Row, mine: Row, forms: Row) -> Iterator[str]:
    """The place that rigour has, where it is the only one: lists of provinces are not for us."""
    places = territory.get("places", [])
    if len(places) == 1 and "," not in places[0]:
        name = places[0].title() if places[0].islower() or places[0].isupper() else places[0]
        if name not in forms["not_cities"]["names"]:
            yield name
    yield from mine.get("cities", [])


def _inflected(language: str, demonyms: list[str]) -> Iterator[str]:
    for demonym in demonyms:
        yield demonym
        if language == "en" and not demonym.endswith(NO_PLURAL):
            yield f"{demonym}s"
        if language == "fr":
            yield from _french(demonym)


def _french(masculine: str) -> Iterator[str]:
    ends = ((masculine[: -len(end)] + to) for end, to in FEMININE if masculine.endswith(end))
    feminine = next(ends, f"{masculine}e")
    yield feminine
    yield f"{feminine}s"
    yield masculine if masculine.endswith("s") else f"{masculine}s"


def _check(forms: Row, territories: dict[str, Row]) -> None:
    """Stop when rigour knows a form as another country's, unless we say that it is ambiguous."""
    known = _known(territories)
    excused = {*forms["yields"], *forms["disputed"]}
    wrong, unknown = [], 0
    for code, mine in forms["countries"].items():
        for form in (f for key in ("names", *LANGUAGES, "cities") for f in mine.get(key, [])):
            owners = known.get(_key(form), set())
            unknown += not owners
            if owners and code not in owners and form not in excused:
                wrong.append(f"{form}: ours is {code}, rigour's {', '.join(sorted(owners))}")
    print(f"{unknown} forms are ours alone", file=sys.stderr)
    if wrong:
        sys.exit("\n".join(wrong))


def _known(territories: dict[str, Row]) -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}
    for code, row in territories.items():
        lists = ("names_strong", "names_weak", "places")
        names = [row["name"], row.get("full_name", ""), *(n for k in lists for n in row.get(k, []))]
        for name in names:
            known.setdefault(_key(name), set()).add(code[:2].upper())
    return known


def _key(form: str) -> str:
    folded = unicodedata.normalize("NFKD", form).casefold()
    return "".join(c for c in folded if c.isalnum())


if __name__ == "__main__":
    main()
