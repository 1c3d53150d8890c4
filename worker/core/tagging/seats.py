"""Find the places in the names of bodies that serve them: Kiambu in "Kiambu High Court".

A court, a school or a police force tells where a story plays as well as the name of its town does,
and often nothing else in the article does. An airline, a club or a bank does not: Kenya Airways
flies from Paris, and nobody who looks for stories from Manchester wants each of its football. So
only the names of public bodies are read; and only for what the lists know as a country or one of
its cities, and for what the gazetteer has in a country that the article speaks of. Such a place
overlaps the body that it is a part of: the only mentions that do.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from worker.core.tagging.consistency import Texts
from worker.core.tagging.facts import SIDES, Layout
from worker.core.tagging.gazetteer import Gazetteer
from worker.core.tagging.names import SEAT, Name
from worker.core.tagging.span import Label
from worker.core.tagging.titles import NOT_IN_NAMES, OFFICES
from worker.core.tagging.words import Text
from worker.core.wordlist import words

_BODIES = """
Academy Administration Agency Airport Aldermen Assembly Association Attorney Authority Board Bureau
Census Center Centre Chamber Circuit Clinic College Commission Commissioners Committee Congress
Council County Court Courthouse Courts Delegation Department Dispatch District Division Elementary
Emergency EMS Festival Fire Forest Government Guard Hall Health High Highway Hospital House
Institute Jail Legislature Library Magistrate Ministry Museum Office Olympics Parks Parliament
Partnership Patrol Police Prison Public Representatives Safety School Schools Senate Service
Services Sheriff Society Supreme Treasury Turnpike University Utilities Works Zoo
Chuo Hospitali Mahakama Polisi Shule
"""
_SERVE = frozenset(words(_BODIES))
_TOWNS_TOO = """
Bay Central Chuo Commerce General Grace Home Hope Imperial Independence Industry Justice Liberty
Mercy Post Progress Trinity Union Welsh White
"""
_ARE_NO_PLACES = frozenset(words(_TOWNS_TOO)) | OFFICES | NOT_IN_NAMES
_BEFORE_PLACE = frozenset(words("of in for"))
_MOST_WORDS = 3


def candidates(texts: Texts, names: Iterable[Name], gazetteer: Gazetteer) -> Iterator[Name]:
    """What may be a place in the names of public bodies among *names*, in their order."""
    for body in _public(texts, names):
        yield from _within(texts[body.field], body, gazetteer)


def seats(
    texts: Texts,
    names: Iterable[Name],
    listed: Sequence[Name],
    countries: AbstractSet[str],
    gazetteer: Gazetteer,
) -> Iterator[Name]:
    """The places in the names of public bodies among *names*, in their order.

    Args:
        texts: The headline and the body.
        names: Of all kinds.
        listed: What the lists know as countries and cities, wherever it stands; in reading order.
        countries: Codes of those that the article speaks of.
        gazetteer: All places.

    """
    layout = Layout.of(listed)
    for body in _public(texts, names):
        known = [place for place in layout.over(body) if body.covers(place)]
        if known:
            yield from (place._replace(found_by=frozenset({SEAT})) for place in known)
        else:
            found = _within(texts[body.field], body, gazetteer)
            yield from (place for place in found if _lies_in(place, countries, gazetteer))


def _public(texts: Texts, names: Iterable[Name]) -> Iterator[Name]:
    """Bodies that serve a place; those that a list knows tell of none."""
    for name in names:
        if name.label is Label.ORGANISATION and name.known_as is None:
            text = texts[name.field]
            first, beyond = text.word_from(name.start), text.word_from(name.end)
            found = text.words[first:beyond]
            if not text.shouted and not _SERVE.isdisjoint(found):
                yield name


def _within(text: Text, body: Name, gazetteer: Gazetteer) -> Iterator[Name]:
    """The longest names of places at its beginning, and after "of"."""
    first, beyond = text.word_from(body.start), text.word_from(body.end)
    after = (i + 1 for i in range(first, beyond - 1) if text.folded[i] in _BEFORE_PLACE)
    for start in (first, *after):
        longest = min(start + _MOST_WORDS, beyond - (start == first))  # not all of the name
        parts = (_part(text, start, end) for end in range(longest, start, -1))
        place = next((part for part in parts if _may_be_place(part.text, gazetteer)), None)
        if place is not None:
            yield place


def _part(text: Text, first: int, beyond: int) -> Name:
    start, end = text.starts[first], text.ends[beyond - 1]
    surface = text.content[start:end]
    return Name(text.field, start, end, surface, Label.PLACE, frozenset({SEAT}))


def _may_be_place(name: str, gazetteer: Gazetteer) -> bool:
    return name in gazetteer and name not in _ARE_NO_PLACES and name.casefold() not in SIDES


def _lies_in(place: Name, countries: AbstractSet[str], gazetteer: Gazetteer) -> bool:
    return any(spot.country in countries for spot in gazetteer.called(place.text))
