"""Articles for benches: any number of them, about 400 words each, no two alike, none of them news.

Made from a small grammar with a seed, so that two runs and two machines measure the same texts.
Names are invented; the mix of people, organisations, places and figures is that of agency copy.
"""

from collections.abc import Iterator
from random import Random

_FIRST = "Achieng Baraka Chebet Daudi Esther Farida Gitau Halima Imani Juma Kemunto Leila".split()
_LAST = "Abuor Barasa Chelimo Dalmar Ekiru Fumbwa Gathoni Hassan Irungu Jelimo Kombo Lokol".split()
_PLACES = "Kisumu Garissa Nakuru Eldoret Kampala Arusha Goma Juba Kigali Mombasa Lodwar".split()
_COUNTRIES = "Kenya Uganda Tanzania Rwanda Somalia Ethiopia Sudan Burundi Zambia Malawi".split()
_BODIES = (
    "Ministry of Water",
    "County Assembly",
    "Port Authority",
    "Teachers Union",
    "Red Cross",
    "Development Bank",
    "Farmers Federation",
    "University Hospital",
)
_NOUNS = (
    "bridge clinic harvest tender ferry budget school pipeline market licence strike road grid "
    "survey vaccine loan border dam fishery court stadium election drought mill railway permit"
).split()
_ADJECTIVES = (
    "new delayed costly rural disputed public temporary long-awaited regional early unpaid "
    "northern shared modest emergency second annual joint private late"
).split()
_VERBS = (
    "approved questioned funded suspended inspected reopened postponed defended extended "
    "criticised measured surveyed repaired leased audited expanded"
).split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()

PARAGRAPHS = 9
SENTENCES = 2  # a paragraph


def articles(count: int, seed: int = 1) -> Iterator[str]:
    """Yield *count* texts in the form of the seeds: a headline, then a paragraph a line."""
    random = Random(seed)  # noqa: S311 -- not for secrets
    for _ in range(count):
        yield _article(random)


def _article(random: Random) -> str:
    headline = (
        f"{_body(random)} {random.choice(_VERBS)} {_thing(random)} in {random.choice(_PLACES)}"
    )
    lines = [" ".join(_sentence(random) for _ in range(SENTENCES)) for _ in range(PARAGRAPHS)]
    return "\n".join([headline, *lines])


def _sentence(random: Random) -> str:
    who, what, more = _person(random), _thing(random), _thing(random)
    did, place = random.choice(_VERBS), random.choice(_PLACES)
    country, other = random.choice(_COUNTRIES), random.choice(_COUNTRIES)
    number, day = f"{random.randrange(12, 98_000):,}", random.choice(_DAYS)
    near = f"{number} people near {place} had waited for"
    forms = (
        f"{who} of the {_body(random)} {did} {what} on {day}, and announced {more} that {near}.",
        f"The {_body(random)} in {country} {did} {what}, {more} and what {near}.",
        f'"We {did} {what} and then {more}," said {who}, the head of it in {place}, {country}.',
        f"Officials from {country} and {other} {did} {what} worth {number} shillings, {who} added.",
    )
    return random.choice(forms)


def _person(random: Random) -> str:
    return f"{random.choice(_FIRST)} {random.choice(_LAST)}"


def _body(random: Random) -> str:
    return f"{random.choice(_PLACES)} {random.choice(_BODIES)}"


def _thing(random: Random) -> str:
    return f"the {random.choice(_ADJECTIVES)} {random.choice(_NOUNS)} {random.choice(_NOUNS)}"
