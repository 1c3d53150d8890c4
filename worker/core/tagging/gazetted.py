"""Find places that the gazetteer knows, where the text itself shows that a place is meant.

Ninety thousand names hold most surnames and half of the dictionary, so a name alone is no place. It
is one before "County", before a comma and the state that it lies in, after a preposition of place,
before what towns have ("Goma residents"), or as a first-level region of a country that the article
speaks of. Taking a person for a town is
the worse mistake: surnames of the article's people are left alone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from worker.core.tagging.gazetteer import Gazetteer, Rank
from worker.core.tagging.locating import STATES
from worker.core.tagging.names import RULES, Name
from worker.core.tagging.span import Label
from worker.core.tagging.titles import NOT_IN_NAMES, OFFICES, TITLES
from worker.core.tagging.words import Text
from worker.core.wordlist import words

_KINDS = frozenset(words("County Province District Region Parish Governorate Prefecture Township"))
_LOCATIVE = frozenset(words("in near outside across inside at from mjini wilayani mkoani jijini"))
_TOWNS_HAVE = frozenset(
    words("area airport authorities city firefighters hospital man market neighborhoods officers")
    + words("police port prison residents road streets suburb town traders village voters woman")
)
_VOTE = 60  # of one place, shared among its countries
_MOST_WORDS = 3
_MIN_LETTERS = 4
_MIN_PEOPLE = 5000  # of a town that only a preposition shows to be one


def gazetted_places(
    texts: Iterable[Text],
    countries: AbstractSet[str],
    surnames: AbstractSet[str],
    gazetteer: Gazetteer,
) -> Iterator[Name]:
    """Places in *texts*, in reading order, none overlapping.

    Args:
        texts: The headline and the body.
        countries: Codes of those that the article names.
        surnames: Case folded, of the people in it.
        gazetteer: All places.

    """
    for text in texts:
        if text.shouted or text.title_case:
            continue
        free_from = 0
        for i in text.capitals:
            if i >= free_from and text.words[i].text not in NOT_IN_NAMES:
                last = _place(text, i, countries, surnames, gazetteer)
                if last is not None:
                    free_from = last + 1
                    yield _name(text, i, last)


def implied_countries(names: Iterable[Name], gazetteer: Gazetteer) -> frozenset[str]:
    """Where a story plays that names no country, as a local paper's: most of its places are there.

    Each place speaks for the countries that have one of its name, and all the less the more do.
    """
    votes: Counter[str] = Counter()
    for text in sorted({name.text for name in names if name.label is Label.PLACE}):
        codes = {spot.country for spot in gazetteer.called(text)}
        votes.update(dict.fromkeys(codes, _VOTE // max(len(codes), 1)))
    return frozenset(code for code, vote in votes.items() if vote >= _VOTE)


def _name(text: Text, first: int, last: int) -> Name:
    start, end = text.words[first].start, text.words[last].end
    return Name(text.field, start, end, text.content[start:end], Label.PLACE, frozenset({RULES}))


def _place(
    text: Text,
    first: int,
    countries: AbstractSet[str],
    surnames: AbstractSet[str],
    gazetteer: Gazetteer,
) -> int | None:
    """The last word of the place that begins with the word at *first*, if one does."""
    if _goes_on_before(text, first):
        return None
    last = _last_capital(text, first)
    kinds = (i for i in range(first + 1, last + 1) if text.words[i].text in _KINDS)
    if (kind := next(kinds, None)) is not None:
        return kind if _text(text, first, kind - 1) in gazetteer else None
    name = _text(text, first, last)
    if len(name) < _MIN_LETTERS or name.casefold() in surnames or name not in gazetteer:
        return None
    shown = (
        _is_region(name, countries, gazetteer)
        or _is_qualified(text, last, gazetteer)
        or (_stands_as_town(text, first, last) and _is_town(name, countries, gazetteer))
    )
    return last if shown else None


def _goes_on_before(text: Text, first: int) -> bool:
    """Whether a capitalised word right before makes it part of a name, or a title of it."""
    if not first:
        return False
    before = text.words[first - 1]
    if not before.capital:
        return False
    named = before.text not in NOT_IN_NAMES and text.spaced(before, text.words[first])
    return named or TITLES.at(text, first - 1) is not None


def _last_capital(text: Text, first: int) -> int:
    last = first
    while last + 1 < len(text.words) and last - first < _MOST_WORDS:
        word = text.words[last + 1]
        if not (word.capital and text.joined(text.words[last], word)):
            break
        if word.text in NOT_IN_NAMES or (word.text in OFFICES and word.text not in _KINDS):
            break
        last += 1
    return last


def _text(text: Text, first: int, last: int) -> str:
    return text.content[text.words[first].start : text.words[last].end]


def _is_region(name: str, countries: AbstractSet[str], gazetteer: Gazetteer) -> bool:
    spots = gazetteer.called(name)
    return any(spot.rank is Rank.REGION and spot.country in countries for spot in spots)


def _is_town(name: str, countries: AbstractSet[str], gazetteer: Gazetteer) -> bool:
    spots = gazetteer.called(name)
    return any(s.population >= _MIN_PEOPLE and s.country in countries for s in spots)


def _stands_as_town(text: Text, first: int, last: int) -> bool:
    """Whether a preposition of place is before, or what towns have after it."""
    if first > 0 and text.folded[first - 1] in _LOCATIVE:
        return True
    after = text.words[last + 1 : last + 2]
    return bool(after) and after[0].text in _TOWNS_HAVE and text.spaced(text.words[last], after[0])


def _is_qualified(text: Text, last: int, gazetteer: Gazetteer) -> bool:
    return any(
        name in STATES or any(spot.rank is Rank.REGION for spot in gazetteer.called(name))
        for name in qualifiers(text, last)
    )


def qualifiers(text: Text, last: int) -> Sequence[str]:
    """What stands after a comma behind the word at *last*: ``Fla``, ``New Mexico`` and ``New``."""
    after = text.words[last + 1 : last + 3]
    if not after or not after[0].capital:
        return ()
    if text.content[text.words[last].end : after[0].start] != ", ":
        return ()
    both = len(after) > 1 and after[1].capital and text.joined(*after)
    return (f"{after[0].text} {after[1].text}", after[0].text) if both else (after[0].text,)
