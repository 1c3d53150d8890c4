"""Articles for benches: any number of them, about 400 words each, no two alike, none of them news.

Made from a small grammar with a seed, so that two runs and two machines measure the same texts.
Names are invented; the mix of people, organisations, places and figures is that of agency copy.

Two articles share as few word sequences as two items of news do: of the four-word sequences of real
copy 92 % stand in no other of 1,800 articles, of these 91 %. The words of a small grammar alone
would make each an item of one template, and dozens would be compared to tell it from the others.
"""

from collections.abc import Iterator
from itertools import accumulate
from random import Random

from tests.bench.store import word

_FIRST = (
    "Achieng Baraka Chebet Daudi Esther Farida Gitau Halima Imani Juma Kemunto Leila Makena Njoki "
    "Otieno Peter Rehema Salim Tabitha Umar Violet Wanjiku Yusuf Zawadi"
).split()
_PLACES = (
    "Kisumu Garissa Nakuru Eldoret Kampala Arusha Goma Juba Kigali Mombasa Lodwar Nairobi Thika "
    "Nyeri Kitale Malindi Entebbe Gulu Mbale Dodoma Mwanza Tanga Bukavu Khartoum Mogadishu Berbera "
    "Asmara Djibouti Lusaka Lilongwe Harare Maputo Accra Lagos Dakar Geneva Brussels Doha London"
).split()
_COUNTRIES = (
    "Kenya Uganda Tanzania Rwanda Somalia Ethiopia Sudan Burundi Zambia Malawi Eritrea Egypt "
    "Nigeria Ghana Senegal Angola Namibia Botswana Zimbabwe Mozambique France Germany India China"
).split()
_BODIES = (
    "Water Ministry",
    "County Assembly",
    "Port Authority",
    "Teachers Union",
    "Red Cross",
    "Development Bank",
    "Farmers Federation",
    "University Hospital",
    "Tea Board",
    "Football Club",
    "Police Service",
    "High Court",
    "Chamber of Commerce",
    "Roads Agency",
    "Power Company",
    "Nurses Association",
    "Dairy Cooperative",
    "Wildlife Trust",
    "Electoral Commission",
    "Weather Office",
)
_NOUNS = (
    "bridge clinic harvest tender ferry budget school pipeline market licence strike road grid "
    "survey vaccine loan border dam fishery court stadium election drought mill railway permit "
    "port levy airport subsidy census ranch tariff archive hostel museum quarry reservoir"
).split()
_ADJECTIVES = (
    "new delayed costly rural disputed public temporary long-awaited regional early unpaid "
    "northern shared modest emergency second annual joint private late coastal urgent small"
).split()
_VERBS = (
    "approved questioned funded suspended inspected reopened postponed defended extended "
    "criticised measured surveyed repaired leased audited expanded rejected described visited "
    "financed abandoned completed"
).split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()

_RARE = [word(rank) for rank in range(20_000)]  # invented, for what is particular to a text
_BOUNDS = list(accumulate(1 / rank for rank in range(1, len(_RARE) + 1)))  # by Zipf's law

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
    who, what, more = _person(random), _thing(random), _words(random, 6)
    did, place, country = map(random.choice, (_VERBS, _PLACES, _COUNTRIES))
    number, day = f"{random.randrange(12, 98_000):,}", random.choice(_DAYS)
    forms = (
        f"{who} of the {_body(random)} {did} {what} on {day}, {more} for {number} people.",
        f"The {_body(random)} {did} {what}, {more} and {number} {_words(random, 2)} near {place}.",
        f'"We {did} {what} and {more}," said {who}, {_words(random, 5)} in {country}.',
        f"Then {more} {did} {what}, {_words(random, 6)}, at {number} {_words(random, 1)}.",
    )
    return random.choice(forms)


def _person(random: Random) -> str:
    return f"{random.choice(_FIRST)} {random.choice(_RARE).title()}"


def _body(random: Random) -> str:
    return f"{random.choice(_RARE).title()} {random.choice(_BODIES)}"


def _thing(random: Random) -> str:
    kind = f"{_words(random, 1)} {random.choice(_ADJECTIVES)} {random.choice(_NOUNS)}"
    return f"the {kind} {_words(random, 1)}"


def _words(random: Random, count: int) -> str:
    return " ".join(random.choices(_RARE, cum_weights=_BOUNDS, k=count))
