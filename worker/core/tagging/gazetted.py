"""Find places that the gazetteer knows, where the text itself shows that a place is meant.

Ninety thousand names hold most surnames and half of the dictionary, so a name alone is no place. It
is one before "County" and in "Kiambu, Nyeri and Meru counties", before a comma and the state that
it lies in, behind a politician's party ("D-Raleigh"); and, in a country that the article speaks of,
as a first-level region, after a preposition of place, behind a person ("Asha Omar, 41, of Limuru"),
and before what towns have ("Goma residents"). Taking a person for a town is the worse mistake:
surnames of the article's people are left alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from worker.core.article import Field
from worker.core.tagging.gazetteer import Gazetteer, Rank
from worker.core.tagging.locating import STATES
from worker.core.tagging.names import MODEL, RULES, Name
from worker.core.tagging.span import Label
from worker.core.tagging.titles import NOT_IN_NAMES, OFFICES, TITLES
from worker.core.tagging.words import Text
from worker.core.wordlist import words

_KINDS = frozenset(words("County Province District Region Parish Governorate Prefecture Township"))
_KINDS_OF_MANY = frozenset(words("counties provinces districts regions parishes townships"))
_LOCATIVE = frozenset(
    words("in near outside across inside at from around within mjini wilayani mkoani jijini")
)
_PARTS = frozenset(words("Downtown Greater Historic Uptown"))  # "Downtown Limuru"
_PARTIES = frozenset(words("R D I DFL"))
_TOWNS_HAVE = frozenset(
    words("area airport alderman aldermen authorities based businesses city communities community")
    + words("councillor couple court families firefighters hospital man market mayor native")
    + words("neighborhoods neighbourhoods officers parents police port prison resident residents")
    + words("road schools streets suburb taxpayers teen town traders village voters woman")
    + words("Democrat Governor MCA MP Mayor Republican Senator Sheriff Town")
)
_BEGIN_NO_NAMES = NOT_IN_NAMES - {"New"}
_END_NAMES = NOT_IN_NAMES | _TOWNS_HAVE | (OFFICES - _KINDS)
_VOTE = 60  # of one place, shared among its countries
_MOST_WORDS = 3
_MIN_LETTERS = 4
_MIN_PEOPLE = 1000  # of a town that only a preposition shows to be one
_MIN_PEOPLE_OF_NAMESAKE = 100_000  # of a town that a lone word means rather than somebody


class Candidate(NamedTuple):
    """A name that the gazetteer has, and what the text shows of it."""

    field: Field
    start: int  # code points
    end: int  # exclusive
    name: str
    sure: bool  # a place, in whichever country
    stands_as_town: bool

    @property
    def is_shown(self) -> bool:
        """Whether the text shows that it is a place; if not, it may be a region all the same."""
        return self.sure or self.stands_as_town


def candidates(
    texts: Iterable[Text],
    surnames: AbstractSet[str],
    gazetteer: Gazetteer,
) -> Iterator[Candidate]:
    """What may be a place in *texts*, in reading order, none overlapping.

    Args:
        texts: The headline and the body.
        surnames: Case folded, of the people in it.
        gazetteer: All places.

    """
    for text in texts:
        if text.shouted or text.title_case:
            continue
        free_from = 0
        series = _series(text)
        for i in text.capitals:
            if text.starts[i] >= free_from and text.words[i] not in _BEGIN_NO_NAMES:
                found = _candidate(text, i, series, surnames, gazetteer)
                if found is not None:
                    free_from = found.end
                    yield found


def gazetted_places(
    found: Iterable[Candidate], countries: AbstractSet[str], gazetteer: Gazetteer
) -> Iterator[Name]:
    """Those of the candidates *found* that are places, if the article speaks of *countries*."""
    for candidate in found:
        if candidate.sure or _lies_in(candidate, countries, gazetteer):
            field, start, end, name, *_ = candidate
            yield Name(field, start, end, name, Label.PLACE, frozenset({RULES}))


def implied_countries(names: Iterable[str], gazetteer: Gazetteer) -> frozenset[str]:
    """Where a story plays that names no country, as a local paper's: most of its places are there.

    Each place speaks for the countries that have one of its name, and all the less the more do.
    """
    votes: defaultdict[str, int] = defaultdict(int)
    for name in set(names):
        codes = {spot.country for spot in gazetteer.called(name)}
        for code in codes:
            votes[code] += _VOTE // len(codes)
    return frozenset([code for code, vote in votes.items() if vote >= _VOTE])


def towns(guesses: Sequence[Name], countries: AbstractSet[str], gazetteer: Gazetteer) -> list[Name]:
    """Make a place of a model's lone "person" who has the name of a large town in *countries*.

    A word of somebody's full name means that person still.
    """
    people = {g.text: g.key for g in guesses if g.label is Label.PERSON and MODEL in g.found_by}
    of_people = {word for key in people.values() if len(key) > 1 for word in key}
    named = {
        text
        for text, key in people.items()
        if len(key) == 1 and key[0] not in of_people and _is_large_town(text, countries, gazetteer)
    }
    return [
        guess._replace(label=Label.PLACE)
        if guess.label is Label.PERSON and guess.text in named
        else guess
        for guess in guesses
    ]


def _is_large_town(name: str, countries: AbstractSet[str], gazetteer: Gazetteer) -> bool:
    spots = gazetteer.called(name)
    return any(s.country in countries and s.population >= _MIN_PEOPLE_OF_NAMESAKE for s in spots)


def _candidate(
    text: Text,
    first: int,
    series: AbstractSet[int],
    surnames: AbstractSet[str],
    gazetteer: Gazetteer,
) -> Candidate | None:
    if _goes_on_before(text, first):
        return None
    last = _last_capital(text, first)
    kinds = [i for i in range(first + 1, last + 1) if text.words[i] in _KINDS]
    name = text.slice(first, kinds[0] - 1 if kinds else last)
    if name not in gazetteer:
        return None
    start, end = text.starts[first], text.ends[kinds[0] if kinds else last]
    whole = text.content[start:end]
    if kinds or first in series or _has_party(text, first):
        return Candidate(text.field, start, end, whole, sure=True, stands_as_town=True)
    if len(name) < _MIN_LETTERS or name in OFFICES or name.casefold() in surnames:
        return None
    sure, stands_as_town = _is_qualified(text, last, gazetteer), _stands_as_town(text, first, last)
    return Candidate(text.field, start, end, name, sure, stands_as_town)


def _series(text: Text) -> frozenset[int]:
    """Where the names begin that a plural behind them says to be places: "X, Y and Z counties"."""
    found: set[int] = set()
    for kind in _KINDS_OF_MANY & text.positions.keys():
        for position in text.positions[kind]:
            found.update(_names_before(text, position))
    return frozenset(found)


def _names_before(text: Text, beyond: int) -> Iterator[int]:
    """The first word of each name of a series that ends before the word at *beyond*."""
    i = beyond - 1
    while i >= 0 and text.capital[i]:
        while i and text.capital[i - 1] and text.joined(i):
            i -= 1
        yield i
        i -= 1
        if i >= 0 and text.words[i] == "and":
            i -= 1
        elif i < 0 or text.gaps[i + 1] != ", ":
            return


def _goes_on_before(text: Text, first: int) -> bool:
    """Whether a capitalised word right before makes it part of a name, or a title of it."""
    if not first:
        return False
    before = text.words[first - 1]
    if not text.capital[first - 1] or before in _PARTS:
        return False
    named = before not in _BEGIN_NO_NAMES and text.spaced(first)
    return named or TITLES.at(text, first - 1) is not None


def _last_capital(text: Text, first: int) -> int:
    last = first
    while last + 1 < len(text.words) and last - first < _MOST_WORDS:
        if not (text.capital[last + 1] and text.joined(last + 1)):
            break
        if text.words[last + 1] in _END_NAMES:
            break
        last += 1
    return last


def _lies_in(candidate: Candidate, countries: AbstractSet[str], gazetteer: Gazetteer) -> bool:
    """Whether it is a region of one of *countries*, or a town there that stands as one."""
    for spot in gazetteer.called(candidate.name):
        if spot.country in countries and (
            spot.rank is Rank.REGION
            or (candidate.stands_as_town and spot.population >= _MIN_PEOPLE)
        ):
            return True
    return False


def _stands_as_town(text: Text, first: int, last: int) -> bool:
    """Whether a preposition of place or a person is before it, or what towns have after it."""
    if first > 0 and (text.folded[first - 1] in _LOCATIVE or text.words[first - 1] in _PARTS):
        return True
    if first > 1 and text.folded[first - 1] == "of" and _may_come_from(text, first - 2):
        return True
    after = text.words[last + 1 : last + 2]
    return bool(after) and after[0] in _TOWNS_HAVE and text.joined(last + 1)


def _may_come_from(text: Text, i: int) -> bool:
    """Whether the word at *i* may end somebody's name, or be an age: "Asha Omar, 41, of Limuru"."""
    return text.capital[i] or text.words[i].isdecimal()


def _has_party(text: Text, first: int) -> bool:
    return first > 0 and text.gaps[first] == "-" and text.words[first - 1] in _PARTIES


def _is_qualified(text: Text, last: int, gazetteer: Gazetteer) -> bool:
    return any(
        name in STATES or any(spot.rank is Rank.REGION for spot in gazetteer.called(name))
        for name in qualifiers(text, last)
    )


def qualifiers(text: Text, last: int) -> Sequence[str]:
    """What stands after a comma behind the word at *last*: ``Fla``, ``New Mexico`` and ``New``."""
    after, beyond = last + 1, len(text.words)
    if after >= beyond or text.gaps[after] != ", " or not text.capital[after]:
        return ()
    name = text.words[after]
    both = after + 1 < beyond and text.capital[after + 1] and text.joined(after + 1)
    return (f"{name} {text.words[after + 1]}", name) if both else (name,)
