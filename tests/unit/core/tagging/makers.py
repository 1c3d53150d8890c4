"""Makers for the tests of tagging: only what a test names is special."""

from worker.core.article import Article, Dateline, Evidence, Field, Kind, paragraphs
from worker.core.tagging import countries, names
from worker.core.tagging.countries import CountryIndex, Form, Place
from worker.core.tagging.gazetteer import Gazetteer
from worker.core.tagging.names import MODEL, Name
from worker.core.tagging.organisations import Organisation
from worker.core.tagging.phrases import Phrases
from worker.core.tagging.reference import Reference
from worker.core.tagging.span import Label, Span
from worker.core.tagging.topics import Signs, Topic, TopicIndex
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
_TOPICS = (
    Topic("04000000", "economy", 1, "04000000"),
    Topic("11000000", "politics", 1, "11000000"),
    Topic("15000000", "sport", 1, "15000000"),
    Topic("16000000", "conflict", 1, "16000000"),
    Topic("17000000", "weather", 1, "17000000"),
    Topic("20000822", "competition discipline", 2, "15000000"),
    Topic("20000827", "athletics", 3, "15000000"),
    Topic("20001085", "tennis", 3, "15000000"),
)
_SIGNS = (
    ("interest rate*", "04000000", 4.0),
    ("trade union", "04000000", 4.0),
    ("elect*", "11000000", 4.0),
    ("elections", "11000000", 4.0),
    ("voters", "11000000", 4.0),
    ("wars", "16000000", 4.0),
    ("rain", "17000000", 1.0),
    ("football", "15000000", 4.0),
    ("football", "20000822", 4.0),
    ("athletics", "20000827", 4.0),
    ("tennis", "20001085", 4.0),
    ("tennis", "15000000", 4.0),
    ("final", "15000000", 1.0),
    ("cup", "15000000", 1.0),
)
TOPICS = TopicIndex({topic.code: topic for topic in _TOPICS}, {"en": Signs.of(_SIGNS)})
GAZETTEER = Gazetteer.of(
    "\t".join(row)
    for row in (
        ("N", "Kenya", "192950", "KE", "", "", "", "", ""),
        ("P", "Nairobi", "184745", "KE", "05", "-1.2833", "36.8167", "4397073", ""),
        ("A", "Nairobi Area", "184742", "KE", "05", "", "", "", "Nairobi"),
        ("A", "Kiambu", "192709", "KE", "22", "", "", "", "Kiambu County"),
        ("C", "Kiambu", "192710", "KE", "22", "-1.1714", "36.8356", "147870", ""),
        ("C", "Limuru", "185000", "KE", "22", "-1.1", "36.6", "10000", ""),
        ("A", "Louisiana", "4331987", "US", "LA", "", "", "", ""),
        ("A", "New Mexico", "5481136", "US", "NM", "", "", "", ""),
        ("C", "Alexandria", "361058", "EG", "06", "31.2018", "29.9158", "3811516", ""),
        ("C", "Alexandria", "4314550", "US", "LA", "31.3113", "-92.4451", "47889", ""),
        ("C", "Gallup", "5468773", "US", "NM", "35.5281", "-108.7426", "22670", ""),
        ("C", "Hamlet", "1", "US", "NC", "34.9", "-79.7", "600", "Dorp"),
        ("C", "Brazzaville", "3", "ZW", "01", "0.0", "0.0", "9000000", ""),
        ("A", "North East", "4", "BW", "08", "", "", "", ""),
        ("A", "Western District", "5", "AS", "50", "", "", "", ""),
        ("C", "Congress", "6", "KE", "22", "-1.0", "36.5", "5000", ""),
        ("C", "Africa", "2", "TN", "01", "36.0", "10.0", "900000", ""),
    )
)
REFERENCE = Reference(INDEX, ORGANISATIONS, TOPICS, GAZETTEER, "test/1")


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


def article(
    head: str,
    text: str = "",
    *,
    language: str = "en",
    dateline: Dateline | None = None,
    canonical_url: str | None = None,
    url: str | None = None,
) -> Article:
    blocks = [(Kind.TEXT, block) for block in text.split("\n\n") if block]
    return Article(
        head,
        paragraphs(blocks),
        language,
        "text/plain",
        Evidence("utf-8", 1.0),
        dateline=dateline,
        canonical_url=canonical_url,
        url=url,
    )
