import pytest

from tests.unit.core.tagging.makers import GAZETTEER, body, headline
from worker.core.tagging.capitals import guess_names
from worker.core.tagging.span import Label

PERSON, BODY, PLACE = Label.PERSON, Label.ORGANISATION, Label.PLACE


def names(
    text: str, language: str = "sw", *, taken: tuple[int, ...] = ()
) -> list[tuple[str, Label]]:
    spans = guess_names(body(text), language, GAZETTEER, frozenset(taken))
    return [(text[span.start : span.end], span.label) for span in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("leo Asha Omar alisema", [("Asha Omar", PERSON)], id="two words"),
        pytest.param(
            "Asha Omar, Ali Faki", [("Asha Omar", PERSON), ("Ali Faki", PERSON)], id="two"
        ),
        pytest.param("Omar amesema", [("Omar", PERSON)], id="who does what people do"),
        pytest.param("leo Omar imesema", [], id="a word that does what things do"),
        pytest.param("leo Omar ana", [], id="a verb too short to tell"),
        pytest.param("leo Omar", [], id="a word at the end"),
        pytest.param("kwa Rais Asha Omar", [("Asha Omar", PERSON)], id="after a title"),
        pytest.param("Lakini Asha Omar", [("Asha Omar", PERSON)], id="after a small word"),
        pytest.param("ya Jumatatu Asha", [], id="after a day"),
        pytest.param("Asha Omar Jumatatu", [("Asha Omar", PERSON)], id="before a day"),
        pytest.param(
            "Chama cha Wakulima kilisema", [("Chama cha Wakulima", BODY)], id="a body with a link"
        ),
        pytest.param("Chama cha wakulima", [], id="a body without a name"),
        pytest.param("Chama cha", [], id="a body that ends the text"),
        pytest.param("leo Asha ya Omar amekuja", [("Omar", PERSON)], id="a link of no body"),
        pytest.param("leo Delta Bank ilisema", [("Delta Bank", BODY)], id="an institution's word"),
        pytest.param("shirika la KLM lilisema", [("KLM", BODY)], id="an acronym"),
        pytest.param("KLM ilisema", [], id="which may be a word in capitals"),
        pytest.param("shirika la ABCDEFGH", [], id="too long for one"),
        pytest.param("katika mji wa Kipya", [("Kipya", PLACE)], id="the town of"),
        pytest.param("huko Kipya Kipi", [("Kipya Kipi", PLACE)], id="in"),
        pytest.param("kwa Kipya Mashariki", [("Kipya Mashariki", PLACE)], id="the east of"),
        pytest.param("leo Limuru ilinyesha", [("Limuru", PLACE)], id="a place of the gazetteer"),
        pytest.param("Limuru ilinyesha", [], id="but not a lone word that begins a sentence"),
        pytest.param("Nairobi Area ilinyesha", [("Nairobi Area", PLACE)], id="two words may"),
        pytest.param(
            "leo B. C. D. E. F. G. Omar",
            [("B. C. D. E. F", PERSON), ("G. Omar", PERSON)],
            id="five words at most",
        ),
        pytest.param("Omar ambayo ilikuja", [], id="a relative of things"),
        pytest.param("Omar ambaye alikuja", [("Omar", PERSON)], id="and one of people"),
        pytest.param("Alisomewa Asha Omar", [("Asha Omar", PERSON)], id="a verb begins a sentence"),
        pytest.param("Mnamo Asha Omar", [("Asha Omar", PERSON)], id="what joins sentences"),
        pytest.param("Alice Omar", [("Alice Omar", PERSON)], id="a name that begins like a verb"),
        pytest.param("Alison Omar", [("Alison Omar", PERSON)], id="and ends as no verb does"),
        pytest.param("leo Alisomewa Omar", [("Alisomewa Omar", PERSON)], id="within a sentence"),
        pytest.param("mvua • Limuru ilinyesha", [], id="a bullet begins a sentence"),
        pytest.param("mvua ilinyesha", [], id="no capitals"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_swahili(text: str, expected: list[tuple[str, Label]]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("selon Asha Omar, hier", [("Asha Omar", PERSON)], id="two words"),
        pytest.param("selon M. Omar Faki", [("Omar Faki", PERSON)], id="a short title"),
        pytest.param("Hier Asha Omar", [("Asha Omar", PERSON)], id="after a small word"),
        pytest.param("le Parti du Lac", [("Parti du Lac", BODY)], id="a body with a link"),
        pytest.param("la Banque mondiale", [], id="a body without a name"),
        pytest.param("venue à Kipya", [("Kipya", PLACE)], id="in"),
        pytest.param("la ville de Kipya", [("Kipya", PLACE)], id="the town of"),
        pytest.param("Omar a dit", [], id="a lone word may be anything"),
    ],
)
def test_french(text: str, expected: list[tuple[str, Label]]) -> None:
    assert names(text, "fr") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Then Asha Omar left", [("Asha Omar", PERSON)], id="two words"),
        pytest.param("the Omar amendment", [], id="one word"),
        pytest.param("in Kipya", [("Kipya", PLACE)], id="after a preposition of place"),
    ],
)
def test_english(text: str, expected: list[tuple[str, Label]]) -> None:
    assert names(text, "en") == expected


def test_what_is_known_ends_a_run() -> None:
    text = "wa Kenya Asha Omar Kenya"

    assert names(text, taken=(1, 4)) == [("Asha Omar", PERSON)]


@pytest.mark.parametrize("language", ["de", "am", "und"])
def test_other_languages_are_left_alone(language: str) -> None:
    assert names("leo Asha Omar alisema", language) == []


@pytest.mark.parametrize("text", ["ASHA OMAR SPEAKS", "Asha Omar Speaks Before Lake Bank"])
def test_headlines_of_capitals_say_nothing(text: str) -> None:
    assert list(guess_names(headline(text), "en", GAZETTEER)) == []
