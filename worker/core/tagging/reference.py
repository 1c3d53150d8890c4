"""What the rules know about the world, as one value. It is loaded by an adapter, and hashed."""

from dataclasses import dataclass

from worker.core.tagging.countries import CountryIndex
from worker.core.tagging.organisations import Organisation
from worker.core.tagging.phrases import Phrases


@dataclass(frozen=True, slots=True)
class Reference:
    countries: CountryIndex
    organisations: Phrases[Organisation]
    version: str  # names the data by its hash: kept with every tag
