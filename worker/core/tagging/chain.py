"""From an article and a recogniser's spans to its tags: the order of the rules, and nothing else.

Pure and deterministic: the same article, spans and reference data give the same tags.

Written so far: people, organisations, places, and the countries an article is about. Topics,
keyphrases, quotes and dates are not, and leave no trace in the answer.

Method: recognise, then correct by what the whole document and a few lists know. CoNLL-2003 testa,
exact span and type, F1: the model alone 67.0, with these rules 74.2 (people 72.9 to 81.2, places
79.0 to 85.5, organisations 39.1 to 43.7). The weights of the votes were tried out on that set.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from worker.core.article import Article, Country, Entity, Field, Mention, Tags
from worker.core.tagging import facts, merging, scoring
from worker.core.tagging.consistency import consistent, titled
from worker.core.tagging.countries import Sighting
from worker.core.tagging.merging import Group
from worker.core.tagging.names import Name, clean
from worker.core.tagging.organisations import known_organisations
from worker.core.tagging.reference import Reference
from worker.core.tagging.span import Label, Span
from worker.core.tagging.words import Text

VERSION = 1  # of the rules; part of every tag's method


def tag(
    article: Article,
    headline_spans: Iterable[Span],
    body_spans: Iterable[Span],
    reference: Reference,
    *,
    method: str,
) -> Tags:
    """Tag *article*.

    Args:
        article: Headline and body are tagged apart; paragraphs of other kinds are not.
        headline_spans: What a recogniser found in the headline; in order, none overlapping.
        body_spans: The same for the body.
        reference: Countries and organisations.
        method: The recogniser's, to be kept with the tags beside ours and the data's.

    Returns:
        Entities by relevance, each with all its mentions in reading order. The text of a mention
        is the slice of the field that it names, and no two mentions overlap.

    """
    headline, body = Text(Field.HEADLINE, article.headline), Text(Field.BODY, article.body_text)
    texts = {Field.HEADLINE: headline, Field.BODY: body}
    guesses = (*clean(headline, headline_spans), *clean(body, body_spans))
    sightings = reference.countries.see(texts.values(), article.language, _surnames(guesses))
    known = (
        *facts.places(texts, sightings),
        *known_organisations(texts.values(), reference.organisations),
    )
    names = consistent(texts, titled(texts, facts.reconcile(guesses, known)))
    return _tags(texts, names, sightings, f"{method} rules/{VERSION} {reference.version}")


def _surnames(names: Iterable[Name]) -> frozenset[str]:
    people = (name.key for name in names if name.label is Label.PERSON)
    return frozenset(key[-1] for key in people if len(key) > 1)


def _tags(
    texts: Mapping[Field, Text], names: Sequence[Name], sightings: Sequence[Sighting], method: str
) -> Tags:
    by_label: defaultdict[Label, list[Name]] = defaultdict(list)
    for name in names:
        by_label[name.label].append(name)
    people = merging.people(by_label[Label.PERSON])
    organisations = merging.organisations(by_label[Label.ORGANISATION], texts.values())
    places = merging.places(by_label[Label.PLACE])
    length = len(texts[Field.BODY].content)
    most = max((len(group.names) for group in (*people, *organisations, *places)), default=1)
    return Tags(
        people=_entities(people, length, most),
        organisations=_entities(organisations, length, most),
        places=_entities(places, length, most),
        countries=_countries(_outside_people(sightings, by_label[Label.PERSON]), length),
        method=method,
    )


def _entities(groups: Iterable[Group], length: int, most: int) -> tuple[Entity, ...]:
    entities = [
        Entity(
            name=group.name,
            mentions=tuple(Mention(n.field, n.start, n.end, n.text) for n in group.names),
            relevance=scoring.relevance([(n.field, n.start) for n in group.names], length, most),
            confidence=scoring.confidence(group.names),
            method=scoring.method(group.names),
            country=next((n.country for n in group.names if n.country), None),
            wikidata=next((n.wikidata for n in group.names if n.wikidata), None),
        )
        for group in groups
    ]
    return tuple(sorted(entities, key=lambda entity: (-entity.relevance, entity.name)))


def _outside_people(sightings: Iterable[Sighting], people: Sequence[Name]) -> Iterator[Sighting]:
    """Jordan Pickford is no sign of Jordan; Kenya Airways is one of Kenya."""
    return (seen for seen in sightings if not facts.overlaps(people, seen))


def _countries(sightings: Iterable[Sighting], length: int) -> tuple[Country, ...]:
    seen: defaultdict[str, list[tuple[Field, int]]] = defaultdict(list)
    for sighting in sightings:
        seen[sighting.code].append((sighting.field, sighting.start))
    most = max(map(len, seen.values()), default=1)
    countries = [
        Country(code, scoring.relevance(places, length, most)) for code, places in seen.items()
    ]
    return tuple(sorted(countries, key=lambda country: (-country.relevance, country.code)))
