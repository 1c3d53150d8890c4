"""Makers for the tests of tagging: only what a test names is special."""

from worker.core.article import Article, Evidence, Field, Kind, paragraphs
from worker.core.tagging import countries, names
from worker.core.tagging.countries import CountryIndex, Form, Place
from worker.core.tagging.names import MODEL, Name
from worker.core.tagging.organisations import Organisation
from worker.core.tagging.phrases import Phrases
from worker.core.tagging.reference import Reference
from worker.core.tagging.span import Label, Span
from worker.core.tagging.words import Text

NAME, DEMONYM, CITY = countries.Kind.NAME, countries.Kind.DEMONYM, countries.Kind.CITY

COUNTRIES = {
    "KE": Place("Kenya", "Q114"),
    "SD": Place("Sudan"),
    "SS": Place("South Sudan"),
    "CD": Place("DR Congo"),
    "CG": Place("Republic of the Congo"),
    "US": Place("United States", "Q30"),
    "JO": Place("Jordan"),
    "GE": Place("Georgia"),
    "GB": Place("United Kingdom"),
    "CF": Place("Central African Republic"),
}
FORMS = (
    Form("Gulf of Kenya", countries.Kind.DECOY, ()),
    Form("New Kenya", countries.Kind.DECOY, ("US",)),
    Form("Kenya", NAME, ("KE",)),
    Form("Kenyan", DEMONYM, ("KE",)),
    Form("Nairobi", CITY, ("KE",), Place("Nairobi")),
    Form("Sudan", NAME, ("SD",)),
    Form("South Sudan", NAME, ("SS",)),
    Form("DRC", NAME, ("CD",)),
    Form("Congo", NAME, ("CD", "CG")),
    Form("Brazzaville", CITY, ("CG",), Place("Brazzaville")),
    Form("US", NAME, ("US",)),
    Form("Jordan", NAME, ("JO",), like_person=True),
    Form("Amman", CITY, ("JO",), Place("Amman")),
    Form("Georgia", NAME, ("GE",), yields_to="US", like_person=True),
    Form("Georgian", DEMONYM, ("GE",)),
    Form("England", NAME, ("GB",), Place("England", "Q21")),
    Form("CAR", NAME, ("CF",), needs_witness=True),
    Form("Bangui", CITY, ("CF",), Place("Bangui")),
)
INDEX = CountryIndex(
    {
        "en": Phrases.of((form.text, form) for form in FORMS),
        "fr": Phrases.of([("Soudan", Form("Soudan", NAME, ("SD",)))]),
    },
    COUNTRIES,
)
ORGANISATIONS = Phrases.of(
    [
        ("EAC", Organisation("East African Community")),
        ("East African Community", Organisation("East African Community")),
        ("M23", Organisation("M23", "Q1")),
    ]
)
REFERENCE = Reference(INDEX, ORGANISATIONS, "test/1")


def headline(content: str) -> Text:
    return Text(Field.HEADLINE, content)


def body(content: str) -> Text:
    return Text(Field.BODY, content)


def texts(*, head: str = "A plain headline", text: str = "") -> dict[Field, Text]:
    return {Field.HEADLINE: headline(head), Field.BODY: body(text)}


def span(content: str, found: str, label: Label = Label.PERSON) -> Span:
    """The first *found* in *content*."""
    start = content.index(found)
    return Span(start, start + len(found), label)


def name(
    text: Text,
    found: str,
    label: Label = Label.PERSON,
    *,
    by: str = MODEL,
    nth: int = 0,
    known_as: str | None = None,
    country: str | None = None,
) -> Name:
    """The *nth* place, from 0, where *found* stands in *text*."""
    start = -1
    for _ in range(nth + 1):
        start = text.content.index(found, start + 1)
    return names.Name(
        text.field,
        start,
        start + len(found),
        found,
        label,
        frozenset({by}),
        known_as=known_as,
        country=country,
    )


def article(head: str, text: str = "", *, language: str = "en") -> Article:
    blocks = [(Kind.TEXT, block) for block in text.split("\n\n") if block]
    return Article(head, paragraphs(blocks), language, "text/plain", Evidence("utf-8", 1.0))
