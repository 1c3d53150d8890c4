"""Bring together what the lists know and what a model guessed, so that nothing overlaps.

Where both have the same stretch, the list is right: a model that has never read about Goma calls
it a person. Where the model has more around it, the model's reading is kept ("Bank of Uganda",
"Kenya Airways", "Jordan Pickford"): the list saw only a part of it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from worker.core.article import Field
from worker.core.tagging.countries import Sighting
from worker.core.tagging.names import RULES, Name, Stretch
from worker.core.tagging.span import Label
from worker.core.tagging.titles import EVENTS
from worker.core.tagging.words import Text

_LISTED = """
east eastern north northern south southern west western central northeast northeastern northwest
northwestern southeast southeastern southwest southwestern north-east north-eastern north-west
north-western south-east south-eastern south-west south-western mainland
"""
SIDES = frozenset(_LISTED.split())
_POSITION = attrgetter("position")


def places(texts: Mapping[Field, Text], sightings: Iterable[Sighting]) -> Iterator[Name]:
    """The countries and cities among *sightings* as names; demonyms and contests name no place."""
    for seen in sightings:
        if seen.place is not None and not _in_event(texts[seen.field], seen):
            yield Name(
                seen.field,
                seen.start,
                seen.end,
                texts[seen.field].content[seen.start : seen.end],
                Label.PLACE,
                frozenset({RULES}),
                known_as=seen.place.name,
                country=seen.code,
                wikidata=seen.place.wikidata,
            )


def _in_event(text: Text, seen: Sighting) -> bool:
    """Whether it only tells one contest from others: the "U.S. Open"."""
    after = seen.last + 1
    return after < len(text.words) and text.words[after] in EVENTS and text.spaced(after)


def without_demonyms(names: Iterable[Name], sightings: Iterable[Sighting]) -> list[Name]:
    """Leave out what is a demonym, though a model or a map has a name for it: Kenyan, German."""
    demonyms = {(seen.field, seen.start, seen.end) for seen in sightings if seen.is_demonym}
    return [name for name in names if (name.field, name.start, name.end) not in demonyms]


def reconcile(guesses: Iterable[Name], known: Iterable[Name]) -> list[Name]:
    """Join both; the answer is in reading order, without overlaps.

    Args:
        guesses: Of one model, none overlapping another.
        known: By the lists. Of two that overlap, the one that begins first counts.

    """
    facts = _without_overlaps(known)
    layout = Layout.of(facts)
    standing = {fact.position: fact for fact in facts}
    kept: list[Name] = []
    for guess in guesses:
        overlapping = layout.over(guess)
        if not overlapping:
            kept.append(guess)
        elif _says_more(guess, overlapping):
            kept.append(_with_country(guess, overlapping))
            for fact in overlapping:
                del standing[fact.position]
        elif len(overlapping) == 1 and _agree(guess, overlapping[0]):
            position = overlapping[0].position
            standing[position] = _found_by_both(guess, standing[position])
    return sorted((*kept, *standing.values()), key=_POSITION)


@dataclass(frozen=True, slots=True)
class Layout:
    """Names in reading order, none overlapping, to ask many times what is where."""

    _by_field: Mapping[Field, tuple[list[Name], list[int], list[int]]]  # with starts and ends

    @classmethod
    def of(cls, names: Iterable[Name]) -> "Layout":
        by_field: dict[Field, list[Name]] = {field: [] for field in Field}
        for name in names:
            by_field[name.field].append(name)
        return cls(
            {
                field: (row, [name.start for name in row], [name.end for name in row])
                for field, row in by_field.items()
            }
        )

    def over(self, stretch: Stretch) -> list[Name]:
        """Those that share a character with *stretch*."""
        return self.between(stretch.field, stretch.start, stretch.end)

    def between(self, field: Field, start: int, end: int) -> list[Name]:
        """Those that share a character with what is there."""
        row, starts, ends = self._by_field[field]
        return row[bisect_right(ends, start) : bisect_left(starts, end)]


def _without_overlaps(names: Iterable[Name]) -> list[Name]:
    kept: list[Name] = []
    for name in sorted(names, key=lambda name: (name.position, -name.end)):
        if not kept or kept[-1].field is not name.field or kept[-1].end <= name.start:
            kept.append(name)
    return kept


def _says_more(guess: Name, facts: Sequence[Name]) -> bool:
    if not all(guess.covers(fact) for fact in facts):
        return False
    if guess.label is Label.PLACE and ("," in guess.text or _is_side_of(guess, facts[-1])):
        return False
    if guess.label is Label.PERSON and any(f.label is Label.ORGANISATION for f in facts):
        return False
    return all((fact.start, fact.end) != (guess.start, guess.end) for fact in facts)


def _is_side_of(guess: Name, fact: Name) -> bool:
    """Whether a guess is a side of what is known: "Eastern DR Congo" speaks of DR Congo."""
    before = guess.text[: fact.start - guess.start].strip(" -")
    return fact.end == guess.end and before.casefold() in SIDES


def _with_country(guess: Name, facts: Sequence[Name]) -> Name:
    codes = {fact.country for fact in facts if fact.country}
    if guess.label is not Label.PLACE or len(codes) != 1:
        return guess
    return guess._replace(country=codes.pop())


def _agree(guess: Name, fact: Name) -> bool:
    return guess.label is fact.label


def _found_by_both(guess: Name, fact: Name) -> Name:
    return fact._replace(found_by=guess.found_by | fact.found_by)
