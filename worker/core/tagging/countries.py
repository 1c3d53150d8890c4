"""Which countries a text names: by name, by demonym, by a city that stands for them.

A country that is missed is missed once; a wrong one sends a reader of "Chad" to an article about
Chad Smith. So a form that may be something else needs a witness: another form of the same country
in the same article (see ``country_forms.toml`` for the lists, and why each form is on one).

Nothing here knows about spans of other kinds; ``facts`` weighs what is found against them.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from worker.core.article import Field
from worker.core.tagging.phrases import Match, Phrases
from worker.core.tagging.words import Text

# Capitalised words that may stand beside a country without making a person of it.
_NEIGHBOURS = """
A After All And As At Back Before Between But By During East Eastern For From He Her His If In
Inside Into It Its Like Meanwhile Near North Northern Now Of On Or Outside Over Says She Since
South Southern Than That The Then They This Through To Under Until We West Western When Where
While With Within Without Central Both Unlike Across Against Around Only Greater Monday Tuesday
Wednesday Thursday Friday Saturday Sunday President Prime King Queen Foreign
"""
_MAY_NEIGHBOUR = frozenset(_NEIGHBOURS.split())


class Kind(StrEnum):
    NAME = "name"
    DEMONYM = "demonym"
    CITY = "city"
    DECOY = "decoy"  # a longer name that holds a country's, and is none


@dataclass(frozen=True, slots=True)
class Place:
    name: str  # canonical
    wikidata: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A way to write a country, and what it takes to believe it."""

    text: str
    kind: Kind
    codes: tuple[str, ...]  # ISO 3166-1 alpha-2, likeliest first; empty for a decoy of no country
    place: Place | None = None  # what it names, where that is not the whole country
    needs_witness: bool = False  # another form of the country, in the same article
    yields_to: str | None = None  # a code: beside that country, and without a witness, not this one
    like_person: bool = False  # also a given name or a surname


Found = tuple[Text, Match[Form]]


class Sighting(NamedTuple):
    """A form in a text, understood: which country it means here."""

    field: Field
    start: int
    end: int  # exclusive
    first: int  # the same by the text's words
    last: int  # inclusive
    code: str
    place: Place | None  # None for a demonym or a decoy: they speak of a country, and name no place
    is_demonym: bool = False


@dataclass(frozen=True, slots=True)
class CountryIndex:
    """Forms by language of the article; English where there are none for it."""

    forms: Mapping[str, Phrases[Form]]  # by language, BCP 47
    countries: Mapping[str, Place]  # by code

    def see(
        self, texts: Iterable[Text], language: str, surnames: frozenset[str] = frozenset()
    ) -> tuple[Sighting, ...]:
        """Every country in *texts*, which are one article, in reading order.

        Args:
            texts: The headline and the body.
            language: Of the article, BCP 47 primary subtag.
            surnames: Case folded, of the people in it: beside Michael Jordan, Jordan alone is he.

        """
        return self.understand(self.find(texts, language), surnames)

    def find(self, texts: Iterable[Text], language: str) -> list[Found]:
        """Every form in *texts*, whatever it may mean there; see ``see``."""
        phrases = self.forms.get(language) or self.forms["en"]
        found = [(text, match) for text in texts for match in phrases.find(text)]
        return [(text, match) for text, match in found if not _is_person(text, match)]

    def understand(
        self, seen: Sequence[Found], surnames: frozenset[str] = frozenset()
    ) -> tuple[Sighting, ...]:
        """Which countries those forms mean; see ``see``."""
        witnessed = _witnessed((match.value for _, match in seen), surnames)
        return tuple(
            [
                self._sighting(text, match, code)
                for text, match in seen
                if (code := _meant(match.value, witnessed, surnames)) is not None
            ]
        )

    def _sighting(self, text: Text, match: Match[Form], code: str) -> Sighting:
        form = match.value
        place = self.countries[code] if form.kind is Kind.NAME and not form.place else form.place
        is_demonym = form.kind is Kind.DEMONYM
        first, last, start, end, _ = match
        return Sighting(text.field, start, end, first, last, code, place, is_demonym)


def _witnessed(forms: Iterable[Form], surnames: frozenset[str]) -> set[str]:
    """The countries that are named by a form that leaves no doubt."""
    return {
        form.codes[0]
        for form in forms
        if len(form.codes) == 1 and not form.yields_to and not _needs_witness(form, surnames)
    }


def _needs_witness(form: Form, surnames: frozenset[str]) -> bool:
    return form.needs_witness or (form.like_person and form.text.casefold() in surnames)


def _meant(form: Form, witnessed: AbstractSet[str], surnames: frozenset[str]) -> str | None:
    for code in form.codes:
        if code in witnessed:
            return code
    if _needs_witness(form, surnames) or form.yields_to in witnessed:
        return None
    return form.codes[0] if form.codes else None


def _is_person(text: Text, match: Match[Form]) -> bool:
    """Whether a form that is also a personal name stands beside another capitalised word.

    In a headline that capitalises every word, the neighbours say nothing.
    """
    if not match.value.like_person or text.title_case or text.shouted:
        return False
    before, after = match.first - 1, match.last + 1
    if before >= 0 and text.spaced(match.first) and _is_of_name(text, before):
        return True
    return after < len(text.words) and text.spaced(after) and _is_of_name(text, after)


def _is_of_name(text: Text, i: int) -> bool:
    return text.capital[i] and text.words[i] not in _MAY_NEIGHBOUR
