from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.tagging.makers import REFERENCE, article, span
from worker.core.article import Article, Country, Dateline, Entity, Field, Mention, Tags
from worker.core.tagging.chain import VERSION, tag
from worker.core.tagging.span import Label, Span

HEAD = "President Ruto meets EAC leaders"
BODY = (
    "President William Ruto met Asha Omar in Nairobi on Monday.\n\n"
    "Ruto said that Kenya would help South Sudan. Omar agreed with the Kenyan leader."
)


def tagged(head: str = HEAD, text: str = BODY, spans: Sequence[Span] = ()) -> Tags:
    return tag(article(head, text), (), spans, REFERENCE, method="test/1")


def test_a_whole_article() -> None:
    tags = tagged(spans=[span(BODY, "Asha Omar")])

    people = [(e.name, [m.text for m in e.mentions], e.method) for e in tags.people]

    assert people == [
        ("William Ruto", ["Ruto", "William Ruto", "Ruto"], "rules"),
        ("Asha Omar", ["Asha Omar", "Omar"], "model+rules"),
    ]
    assert [e.name for e in tags.organisations] == ["East African Community"]
    assert [(e.name, e.country, e.wikidata) for e in tags.places] == [
        ("Nairobi", "KE", None),
        ("Kenya", "KE", "Q114"),
        ("South Sudan", "SS", None),
    ]
    assert [c.code for c in tags.countries] == ["KE", "SS"]
    assert tags.method == f"test/1 rules/{VERSION} test/1"


def test_places_are_located() -> None:
    text = "It rained in Alexandria, Louisiana, and in Kiambu County. Kenya was dry."

    tags = tagged(text=text, spans=[span(text, "Alexandria", Label.PLACE)])

    assert [(e.name, e.country, e.geonames, e.latitude) for e in tags.places] == [
        ("Alexandria", "US", 4314550, 31.3113),
        ("Kiambu County", "KE", 192709, None),
        ("Kenya", "KE", 192950, None),
    ]
    assert [country.code for country in tags.countries] == ["US", "KE"]


def test_a_place_of_another_country_than_the_list_says_is_not_linked() -> None:
    """Its country is known; a namesake elsewhere is not it."""
    tags = tagged("Rain in Brazzaville", "", [])

    assert [(e.name, e.country, e.geonames) for e in tags.places] == [("Brazzaville", "CG", None)]


def test_a_body_that_serves_a_place_names_it() -> None:
    """A place of its own, less relevant and less sure than one that stands alone."""
    text = "The Limuru High Court sat. It rained in Nairobi."

    tags = tagged(text=text, spans=[span(text, "Limuru High Court", Label.ORGANISATION)])

    assert "Limuru High Court" in [e.name for e in tags.organisations]
    assert [(e.name, e.geonames, e.relevance, e.confidence, e.method) for e in tags.places] == [
        ("Nairobi", 184745, 0.35, 0.9, "rules"),
        ("Limuru", 185000, 0.2875, 0.6, "rules"),
    ]


def test_a_place_is_looked_for_in_the_country_of_the_publisher() -> None:
    source = article("Rain", "It rained in Limuru.", canonical_url="https://paper.example.co.ke/1")

    tags = tag(source, (), (), REFERENCE, method="x")

    assert [(e.name, e.country) for e in tags.places] == [("Limuru", "KE")]


def test_the_dateline_says_where() -> None:
    text = "It rained in Alexandria."
    source = article("Rain", text, dateline=Dateline("GALLUP, La.", ("GALLUP", "La")))

    tags = tag(source, (), [span(text, "Alexandria", Label.PLACE)], REFERENCE, method="x")

    assert [e.geonames for e in tags.places] == [4314550]


def test_without_a_recogniser_capitals_show_names() -> None:
    text = "Leo rais wa Kenya Asha Omar alisema."

    tags = tag(article("Habari", text, language="sw"), None, None, REFERENCE, method="rules")

    assert [(e.name, e.method, e.confidence) for e in tags.people] == [("Asha Omar", "rules", 0.6)]
    assert [e.name for e in tags.places] == ["Kenya"]


def test_null_where_nobody_can_have_looked() -> None:
    """No recogniser knows the language, and its capitals tell nothing: an empty list would lie."""
    tags = tag(article("Regen", "Es regnet.", language="de"), None, None, REFERENCE, method="rules")
    looked = tag(article("Rain", "It rains.", language="en"), None, None, REFERENCE, method="rules")

    assert (tags.people, tags.organisations) == (None, None)
    assert (looked.people, looked.organisations) == ((), ())


def test_a_speaker_has_the_name_of_an_entity() -> None:
    text = f'{BODY}\n\n"It will not rain today," Omar said.'

    tags = tagged(text=text, spans=[span(text, "Asha Omar")])

    assert [(q.text, q.speaker) for q in tags.quotes] == [("It will not rain today,", "Asha Omar")]


def test_an_article_that_names_nothing() -> None:
    assert tagged("a line of text", "") == Tags(
        subjects=(), keywords=(), dates=(), method=f"test/1 rules/{VERSION} test/1"
    )


def test_the_most_relevant_is_first() -> None:
    """In the headline before early, early before late, and often before once."""
    tags = tagged("Mr Last speaks", "Mr First came. Mr Second came. Mr Last came. Mr Second went.")

    assert [e.name for e in tags.people] == ["Last", "Second", "First"]


def test_the_most_relevant_country_is_first() -> None:
    tags = tagged("Sudan votes", "In Kenya it rained.")

    assert [c.code for c in tags.countries] == ["SD", "KE"]


def test_equals_are_in_the_order_of_their_names() -> None:
    tags = tagged("Sudan, Kenya", "")

    assert [e.name for e in tags.places] == ["Kenya", "Sudan"]
    assert tags.countries == (Country("KE", 1.0), Country("SD", 1.0))


def test_a_person_is_no_sign_of_a_country() -> None:
    text = "Kenya Moore and Jane Sudan spoke at Kenya Airways."
    spans = [
        span(text, "Kenya Moore"),
        span(text, "Jane Sudan"),
        span(text, "Kenya Airways", Label.ORGANISATION),
    ]

    tags = tagged("A talk", text, spans)

    assert [c.code for c in tags.countries] == ["KE"]
    assert (tags.places, [e.name for e in tags.organisations]) == ((), ["Kenya Airways"])


def test_a_surname_of_the_article_is_no_country() -> None:
    text = "Michael Jordan won. Jordan left."

    tags = tagged("A game", text, [span(text, "Michael Jordan")])

    assert [m.text for m in tags.people[0].mentions] == ["Michael Jordan", "Jordan"]
    assert tags.countries == ()


def test_one_word_that_is_taken_for_a_person_is_still_a_country() -> None:
    text = "Then Jordan said no."

    tags = tagged("A talk", text, [span(text, "Jordan")])

    assert [e.name for e in tags.places] == ["Jordan"]


def test_headline_spans_are_of_the_headline() -> None:
    head = "Asha Omar speaks"

    tags = tag(article(head), [span(head, "Asha Omar")], (), REFERENCE, method="x")

    assert tags.people[0].mentions == (Mention(Field.HEADLINE, 0, 9, "Asha Omar"),)


def test_a_longer_place_has_a_country_and_no_identifier() -> None:
    text = "At Lake Kenya it rained."

    tags = tagged("Rain", text, [span(text, "Lake Kenya", Label.PLACE)])

    assert [(e.name, e.country, e.wikidata) for e in tags.places] == [("Lake Kenya", "KE", None)]


# --- for any text ---------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "President", "Ruto", "William Ruto", "RUTO", "Kenya", "South Sudan", "US", "U.S.", "Congo",
        "Jordan", "M23", "EAC", "East African Community", "(EAC)", "the", "in", "said", "Monday",
        '"', "“", "”", '"', "“", "”",
        "'s", "\N{RIGHT SINGLE QUOTATION MARK}s", ".", ",", "\n", "\n\n", "-", " ", "\u00c9",
        "e\u0301", "\N{GRINNING FACE}",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=25).map(" ".join)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """A text and spans such as a recogniser gives: in order, not empty, none overlapping."""
    text = draw(TEXTS)
    places = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    labels = st.sampled_from(Label)
    return text, [
        Span(start, end, draw(labels))
        for start, end in zip(places[::2], places[1::2], strict=False)
    ]


@given(head=marked(), body=marked(), language=st.sampled_from(["en", "fr", "und"]))
def test_mentions_are_slices_and_do_not_overlap(
    head: tuple[str, list[Span]], body: tuple[str, list[Span]], language: str
) -> None:
    source = article(f"x{head[0]}", body[0], language=language)
    spans = [Span(s.start + 1, s.end + 1, s.label) for s in head[1]]
    inside = [s for s in body[1] if s.end <= len(source.body_text)]

    tags = tag(source, spans, inside, REFERENCE, method="x")

    entities = (*tags.people, *tags.organisations, *tags.places)
    assert all(0 <= e.relevance <= 1 and 0 < e.confidence <= 1 and e.mentions for e in entities)
    assert all(0 <= c.relevance <= 1 for c in tags.countries)
    _are_slices(source, entities)
    assert all(source.body_text[q.start : q.end] == q.text != "" for q in tags.quotes)
    assert tags == tag(source, spans, inside, REFERENCE, method="x")


def _are_slices(source: Article, entities: Sequence[Entity]) -> None:
    texts = {Field.HEADLINE: source.headline, Field.BODY: source.body_text}
    mentions = [m for e in entities for m in e.mentions]
    taken = {(m.field, at) for m in mentions for at in range(m.start, m.end)}

    assert all(texts[m.field][m.start : m.end] == m.text != "" for m in mentions)
    assert len(taken) == sum(len(m.text) for m in mentions)
