"""Places by name: cities, first-level regions and countries, with their GeoNames identifiers.

Ninety thousand rows are kept as the lines that they are read from, and only those that a text
names are ever taken apart: a worker holds some 30 MB of them, which forked children share.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from worker.core.tagging.words import APOSTROPHES

_REMEMBERED = 8192  # rows: the same places are in the news for days
_REMEMBERED_NAMES = 2048  # each is asked for several times an article


class Rank(StrEnum):
    """What kind of place a row is, as the data file writes it."""

    COUNTRY = "N"
    REGION = "A"  # first level
    DISTRICT = "B"  # second level
    CAPITAL = "P"
    CITY = "C"


class Spot(NamedTuple):
    """One place in the world, of the many with its name."""

    rank: Rank
    name: str
    geonames: int
    country: str  # ISO 3166-1 alpha-2
    region: str  # GeoNames' code of the first level; empty for a country
    latitude: float | None  # degrees, WGS 84; None for what is no point
    longitude: float | None
    population: int  # 0: not known

    @property
    def area(self) -> tuple[str, str]:
        """The first-level region that it is, or lies in."""
        return self.country, self.region


@dataclass(frozen=True, slots=True)
class Gazetteer:
    _lines: tuple[str, ...]
    _by_name: Mapping[str, tuple[int, ...]]  # indexes of lines

    @classmethod
    def of(cls, lines: Iterable[str]) -> "Gazetteer":
        """Index rows of tab-separated fields; see ``worker/data/build_places.py``.

        Countries are found by their codes alone: their names are for those who know them better.
        """
        kept = tuple(lines)
        by_name: dict[str, tuple[int, ...]] = {}
        for i, line in enumerate(kept):
            rank, name, _, country, *_, others = line.split("\t")
            names = [f"{rank} {country}"] if rank == Rank.COUNTRY else [name, *others.split("|")]
            for each in {_folded(each) for each in names if each}:
                by_name[each] = (*by_name.get(each, ()), i)
        return cls(kept, by_name)

    def called(self, name: str) -> tuple[Spot, ...]:
        """Every place with this name, in the order of the data."""
        return tuple([_spot(self._lines[i]) for i in self._by_name.get(_folded(name), ())])

    def __contains__(self, name: str) -> bool:
        return _folded(name) in self._by_name

    def country(self, code: str) -> Spot | None:
        """The country with this code."""
        return next((s for s in self.called(f"{Rank.COUNTRY} {code}")), None)


@lru_cache(maxsize=_REMEMBERED_NAMES)
def _folded(name: str) -> str:
    return name.casefold().replace("-", " ").replace(APOSTROPHES[1], APOSTROPHES[0])


@lru_cache(maxsize=_REMEMBERED)
def _spot(line: str) -> Spot:
    rank, name, geonames, country, region, latitude, longitude, population, _ = line.split("\t")
    return Spot(
        Rank(rank),
        name,
        int(geonames),
        country,
        region,
        float(latitude) if latitude else None,
        float(longitude) if longitude else None,
        int(population or 0),
    )
