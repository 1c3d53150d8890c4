"""What the rules know about the world, as one value. It is loaded by an adapter, and hashed."""

from dataclasses import dataclass

from worker.core.tagging.countries import CountryIndex
from worker.core.tagging.gazetteer import Gazetteer
from worker.core.tagging.organisations import Organisation
from worker.core.tagging.phrases import Phrases
from worker.core.tagging.topics import TopicIndex


@dataclass(frozen=True, slots=True)
class Reference:
    countries: CountryIndex
    organisations: Phrases[Organisation]
    topics: TopicIndex
    gazetteer: Gazetteer
    version: str  # names the data by its hash: kept with every tag
