"""Bring together what the lists know and what a model guessed, so that nothing overlaps.

Where both have the same stretch, the list is right: a model that has never read about Goma calls
it a person. Where the model has more around it, the model's reading is kept ("Bank of Uganda",
"Kenya Airways", "Jordan Pickford"): the list saw only a part of it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from worker.core.article import Field
from worker.core.tagging.countries import Sighting
from worker.core.tagging.names import RULES, Name, Stretch
from worker.core.tagging.span import Label
from worker.core.tagging.words import Text

_SIDES = """
east eastern north northern south southern west western central northeast northeastern northwest
northwestern southeast southeastern southwest southwestern north-east north-eastern north-west
north-western south-east south-eastern south-west south-western mainland
"""
_IS_SIDE = frozenset(_SIDES.split())


def places(texts: Mapping[Field, Text], sightings: Iterable[Sighting]) -> Iterator[Name]:
    """The countries and cities among *sightings* as names; demonyms name no place."""
    for seen in sightings:
        if seen.place is not None:
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


def reconcile(guesses: Iterable[Name], known: Iterable[Name]) -> list[Name]:
    """Join both; the answer is in reading order, without overlaps.

    Args:
        guesses: Of one model, none overlapping another.
        known: By the lists. Of two that overlap, the one that begins first counts.

    """
    facts = _without_overlaps(known)
    kept: list[Name] = []
    for guess in guesses:
        overlapping = overlaps(facts, guess)
        if not overlapping:
            kept.append(guess)
        elif _says_more(guess, overlapping):
            kept.append(_with_country(guess, overlapping))
            facts = [fact for fact in facts if fact not in overlapping]
        elif len(overlapping) == 1 and _agree(guess, overlapping[0]):
            facts[facts.index(overlapping[0])] = _found_by_both(guess, overlapping[0])
    return sorted((*kept, *facts), key=lambda name: name.position)


def overlaps(names: Sequence[Name], stretch: Stretch) -> list[Name]:
    """Those of *names*, in reading order and none overlapping, that share a character with it."""
    in_body = stretch.field is Field.BODY
    first = bisect_right(names, (in_body, stretch.start), key=_end)
    last = bisect_left(names, (in_body, stretch.end), key=lambda name: name.position)
    return list(names[first:last])


def _end(name: Name) -> tuple[bool, int]:
    return name.field is Field.BODY, name.end


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
    return fact.end == guess.end and before.casefold() in _IS_SIDE


def _with_country(guess: Name, facts: Sequence[Name]) -> Name:
    codes = {fact.country for fact in facts if fact.country}
    if guess.label is not Label.PLACE or len(codes) != 1:
        return guess
    return replace(guess, country=codes.pop())


def _agree(guess: Name, fact: Name) -> bool:
    return guess.label is fact.label


def _found_by_both(guess: Name, fact: Name) -> Name:
    return replace(fact, found_by=guess.found_by | fact.found_by)
