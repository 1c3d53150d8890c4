"""What identifies an entity across articles, and which names it goes by in one of them.

Pure. An article's own tags depend on its text alone. What ties the entities of many articles
together is one key for all that are the same: by a number of the reference data where there is
one, else by the kind of thing, the name with case, accents and punctuation folded, and the country.

Taking two people for one is worse than showing one twice, and a name is all that we know of most.
So a bare "Ruto" is an entity of its own, except in an article that shows whose surname it is: there
it is an alias of "William Ruto".
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from unicodedata import combining, normalize

from worker.core.article import Entity, Tags
from worker.core.tagging.words import key

LONGEST_KEY = 200  # code points: what is longer, and is hardly a name, is told apart by a hash


class EntityType(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class EntityName:
    """A name that an entity goes by; the canonical ones carry what else is known of it."""

    entity: str  # its key
    type: EntityType
    name: str
    canonical: bool  # as the article calls it; else as it was only written somewhere
    country: str | None = None
    geonames: int | None = None
    wikidata: str | None = None

    @property
    def id(self) -> int:
        """A number that all have who find the same; 64 bits, signed.

        Two of ten million names would share one once in 400,000 stores.
        """
        known = (self.country, self.geonames, self.wikidata)
        told = (self.entity, self.type.value, self.name, self.canonical, *known)
        digest = sha256("\0".join(map(str, told)).encode()).digest()
        return int.from_bytes(digest[:8], "big", signed=True)


def entity_key(kind: EntityType, entity: Entity) -> str:
    """What is the same for two mentions of one entity, in whatever articles.

    Examples: ``geonames:192950``, ``wikidata:Q7159``, ``person:william ruto``, ``place:kibera KE``.
    """
    if entity.geonames is not None:
        return f"geonames:{entity.geonames}"
    if entity.wikidata is not None:
        return f"wikidata:{entity.wikidata}"
    named = f"{kind}:{' '.join(filter(None, (_folded(entity.name), entity.country)))}"
    if len(named) <= LONGEST_KEY:
        return named
    return f"{kind}:sha256 {sha256(named.encode()).hexdigest()}"


def entity_names(tags: Tags) -> dict[int, EntityName]:
    """Every name by which an article with *tags* calls its entities, by its number."""
    kinds: tuple[tuple[EntityType, Iterable[Entity]], ...] = (
        (EntityType.PERSON, tags.people or ()),
        (EntityType.ORGANISATION, tags.organisations or ()),
        (EntityType.PLACE, tags.places),
    )
    return {
        name.id: name for kind, found in kinds for entity in found for name in _names(kind, entity)
    }


def _names(kind: EntityType, entity: Entity) -> Iterator[EntityName]:
    called = entity_key(kind, entity)
    yield EntityName(
        called, kind, entity.name, True, entity.country, entity.geonames, entity.wikidata
    )
    for written in {" ".join(mention.text.split()) for mention in entity.mentions}:
        if written != entity.name:
            yield EntityName(called, kind, written, canonical=False)


def _folded(name: str) -> str:
    """Words as all taggers compare them, without accents; of a name without a letter, itself."""
    folded = " ".join(key(name)) or name.casefold()
    if folded.isascii():
        return folded
    return "".join(c for c in normalize("NFKD", folded) if not combining(c))
