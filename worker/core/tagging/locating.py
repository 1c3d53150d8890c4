"""Which of the many places with a name an article means: Alexandria in Louisiana, or in Egypt.

Everything that the article says of where it is speaks for a candidate: the countries that it
names, the regions, what stands after the name ("Gainesville, Fla."), the dateline, and what lies
in the same region as other places of the article; then being a capital, and the number of people.
A place of few people, of which nothing else in the article speaks, is not linked, nor one of two
countries that are as likely: a map with a wrong point misleads, one with a missing point does not.

The weights were set by hand, and tried out on Kenyan stories and on papers of small American
towns. Method: as most gazetteer linkers since Amitay et al., "Web-a-Where" (SIGIR 2004).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log10
from typing import NamedTuple

from worker.core.article import Article
from worker.core.tagging.facts import SIDES
from worker.core.tagging.gazetteer import Gazetteer, Rank, Spot
from worker.core.tagging.words import key
from worker.core.wordlist import words

Area = tuple[str, str]  # country, and first-level region or ""

_STATES = """
Ala AL Ariz AZ Ark AR Calif CA Colo CO Conn CT Del DE Fla FL Ga GA Ill IL Ind IN Kan KS Ky KY La
LA Md MD Mass MA Mich MI Minn MN Miss MS Mo MO Mont MT Neb NE Nev NV Okla OK Ore OR Pa PA Tenn
TN Tex TX Vt VT Va VA Wash WA WVa WV Wis WI Wyo WY
"""
_PAIRS = words(_STATES)
STATES = {  # of the United States, by what newspapers write after a town; without dots
    **dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)),
    **{code: code for code in (*_PAIRS[1::2], *words("NH NJ NM NY NC ND RI SC SD DC"))},
}

_IN_COUNTRY, _IN_REGION, _QUALIFIED, _CAPITAL, _AT_HOME = 4.0, 5.0, 9.0, 1.0, 2.0
_MOST_VOTES = 4.0  # of other places, for one region
_AS_POPULOUS = {Rank.REGION: 5.7, Rank.DISTRICT: 4.0}  # log10 of the people of a city as likely
_ENOUGH = 5.2  # a city of 150,000, or anything that something speaks for
_MOST_CANDIDATES = 60
_HOST = re.compile(r"https?://([^/:?#]+)")
_ANYWHERE = frozenset(words("AI CC CO FM GG IO IS LY ME SH TO TV WS"))  # sold to all the world
_NOT_LOCATED = frozenset(("africa", "america", "caribbean", "europe", "asia", "west", "horn"))
# Of such words alone are names that a hundred countries have: "North East", "Western District".
_TELL_NOTHING = SIDES | frozenset(
    words("and central centre center middle county district division province region state")
)


class Asked(NamedTuple):
    """A name that is held for a place's, once an article."""

    name: str
    qualifiers: tuple[str, ...] = ()  # names right after it: "Gainesville, Florida"


@dataclass(frozen=True, slots=True)
class Setting:
    """What else the article says of where it is."""

    countries: Mapping[str, float]  # by code: relevance from 0 to 1
    home: str | None = None  # country of the publisher


def home(article: Article) -> str | None:
    """The country of the publisher, by the address that it gives."""
    for address in (article.canonical_url, article.url):
        host = _HOST.match(address or "")
        domain = host[1].rpartition(".")[2].upper() if host else ""
        if len(domain) == 2 and domain not in _ANYWHERE:
            return {"UK": "GB"}.get(domain, domain)
    return None


@dataclass(slots=True)
class _Votes:
    """What the places of an article say of each other."""

    regions: dict[Area, set[Asked]] = field(default_factory=dict)  # named, and by what
    near: Counter[Area] = field(default_factory=Counter)  # how many places may lie in it

    def add(self, asked: Asked, spots: Iterable[Spot], qualified: set[Area]) -> None:
        named = {spot.area for spot in spots if spot.rank is Rank.REGION}
        for area in named | qualified:
            self.regions.setdefault(area, set()).add(asked)
        self.near.update({spot.area for spot in spots})

    def speak_for(self, spot: Spot, asked: Asked, qualified: set[Area]) -> float:
        """How much the others, and what stands after the name, speak for *spot*."""
        score = min(self.near[spot.area] - 1, _MOST_VOTES) + _QUALIFIED * (spot.area in qualified)
        named = self.regions.get(spot.area, set()) - {asked} or spot.area in qualified
        return score + _IN_REGION * (bool(named) and spot.rank is not Rank.REGION)


def locate(asked: Iterable[Asked], setting: Setting, gazetteer: Gazetteer) -> dict[str, Spot]:
    """The places that are meant, by the name as asked; without those that nobody can tell."""
    votes = _Votes()
    candidates: list[tuple[Asked, tuple[Spot, ...], set[Area]]] = []
    for question in asked:
        spots = _may_mean(question.name, setting, gazetteer)
        if spots and question.name.casefold() not in _NOT_LOCATED:
            qualified = _areas(question.qualifiers, gazetteer)
            votes.add(question, spots, qualified)
            candidates.append((question, spots, qualified))
    located = {}
    for question, spots, qualified in candidates:
        ranked = [
            (_score(spot, setting) + votes.speak_for(spot, question, qualified), -spot.geonames)
            for spot in spots
        ]
        best = max(ranked)
        found = spots[ranked.index(best)]
        tied = (spot for spot, (score, _) in zip(spots, ranked, strict=True) if score == best[0])
        if best[0] >= _ENOUGH and all(spot.country == found.country for spot in tied):
            located[question.name] = found
    return located


def _may_mean(name: str, setting: Setting, gazetteer: Gazetteer) -> tuple[Spot, ...]:
    """The candidates; of a name that tells nothing, in the countries of the article alone."""
    spots = gazetteer.called(name)[:_MOST_CANDIDATES]
    if _TELL_NOTHING.issuperset(key(name)):
        return tuple(spot for spot in spots if spot.country in setting.countries)
    return spots


def _areas(names: Sequence[str], gazetteer: Gazetteer) -> set[Area]:
    if not names:
        return set()
    regions = (s for name in names for s in gazetteer.called(name) if s.rank is Rank.REGION)
    states = (("US", STATES[name]) for name in names if name in STATES)
    return {*states, *(spot.area for spot in regions)}


def _score(spot: Spot, setting: Setting) -> float:
    """What speaks for a place apart from the other places of the article."""
    score = _AS_POPULOUS.get(spot.rank) or log10(spot.population + 1)
    score += _CAPITAL * (spot.rank is Rank.CAPITAL)
    score += _IN_COUNTRY * setting.countries.get(spot.country, 0.0)
    return score + _AT_HOME * (spot.country == setting.home)
