import re

import pytest

from tests.unit.core.tagging.makers import body
from worker.core.article import Quote
from worker.core.tagging.quotes import find_quotes
from worker.core.tagging.speakers import Actor

PEOPLE = {
    "Omar": "Asha Omar", "Asha Omar": "Asha Omar", "Okello": "John Okello",
    "John Okello": "John Okello", "Mary Wek": "Mary Wek",
}  # fmt: skip
BODIES = ("Lake Bank", "Observer")


def actors(text: str) -> list[Actor]:
    """The people and bodies above, wherever they stand in *text*."""
    known = [*PEOPLE, *BODIES]
    pattern = "|".join(sorted(known, key=len, reverse=True))
    return [
        Actor(m.start(), m.end(), PEOPLE.get(m[0], m[0]), person=m[0] in PEOPLE)
        for m in re.finditer(rf"\b(?:{pattern})\b", text)
    ]


def quotes(text: str) -> tuple[Quote, ...]:
    return find_quotes(body(text), actors(text))


SAID = "The rain has come too late"


@pytest.mark.parametrize(
    ("text", "speaker", "mention", "cue"),
    [
        pytest.param(f'"{SAID}," said Omar.', "Asha Omar", "Omar", "said", id="verb, name"),
        pytest.param(f'"{SAID}," Omar said.', "Asha Omar", "Omar", "said", id="name, verb"),
        pytest.param(f'Omar said: "{SAID}."', "Asha Omar", "Omar", "said", id="name, verb before"),
        pytest.param(f'Omar has also said "{SAID}".', "Asha Omar", "Omar", "said", id="adverbs"),
        pytest.param(f'Omar recently said "{SAID}".', "Asha Omar", "Omar", "said", id="in -ly"),
        pytest.param(
            f'"{SAID}," said her deputy, John Okello.',
            "John Okello",
            "John Okello",
            "said",
            id="a name after a description",
        ),
        pytest.param(
            f'Omar, who had met Okello, said "{SAID}".',
            "Asha Omar",
            "Omar",
            "said",
            id="the subject before an aside",
        ),
        pytest.param(f'So, said "{SAID}".', None, None, None, id="a comma and nobody"),
        pytest.param(
            f'Omar met Okello, adding "{SAID}".', "Asha Omar", "Omar", "adding", id="a participle"
        ),
        pytest.param(
            f'Omar came. She met Okello, adding "{SAID}".',
            "Asha Omar",
            "She",
            "adding",
            id="a participle of a pronoun",
        ),
        pytest.param(f'Adding "{SAID}" to all.', None, None, None, id="a participle of nobody"),
        pytest.param(
            f'Omar met Okello and said "{SAID}".', "Asha Omar", "Omar", "said", id="and said"
        ),
        pytest.param(
            f'According to Omar, "{SAID}".', "Asha Omar", "Omar", "According", id="according to"
        ),
        pytest.param(f'"{SAID}," Lake Bank said.', "Lake Bank", "Lake Bank", "said", id="a body"),
        pytest.param(
            f'Omar of the Observer said "{SAID}".', "Asha Omar", "Omar", "said", id="somebody of it"
        ),
        pytest.param(
            f'Omar of Observer said "{SAID}".', "Asha Omar", "Omar", "said", id="without the"
        ),
        pytest.param(
            f'Observer said "{SAID}".', "Observer", "Observer", "said", id="a body begins the text"
        ),
        pytest.param(
            f'Omar, in a letter to Okello: "{SAID}."', "Asha Omar", "Omar", None, id="a colon"
        ),
        pytest.param(f'She wept: "{SAID}."', None, "She", None, id="a colon and a pronoun"),
        pytest.param(f'On the wall: "{SAID}."', None, None, None, id="a colon and nobody"),
        pytest.param(f': "{SAID}."', None, None, None, id="a colon alone"),
        pytest.param(f'Omar came. "{SAID}," she said.', "Asha Omar", "she", "said", id="a pronoun"),
        pytest.param(
            f'Omar came. "{SAID}," said she.', "Asha Omar", "she", "said", id="after the verb"
        ),
        pytest.param(
            f'Lake Bank grew. "{SAID}," they said.', "Lake Bank", "they", "said", id="they: a body"
        ),
        pytest.param(
            f'Omar met Okello. "{SAID}," she said.', "Asha Omar", "she", "said", id="the subject"
        ),
        pytest.param(
            f'President Omar met Okello. Okello left. "{SAID}," the president said.',
            "Asha Omar",
            "the president",
            "said",
            id="who bears the title",
        ),
        pytest.param(
            f'Omar came. "{SAID}," said the minister.',
            "Asha Omar",
            "the minister",
            "said",
            id="a role, without a bearer: the subject",
        ),
        pytest.param(
            f'Judge Omar sat. The judge\'s ruling reads "{SAID}".',
            "Asha Omar",
            "The judge's ruling",
            "reads",
            id="what somebody in a role wrote",
        ),
        pytest.param(
            f'Omar came. The report said "{SAID}".', None, "The report", "said", id="no role"
        ),
        pytest.param(
            f'Omar came. "{SAID}," an officer said.', None, "an officer", "said", id="anybody"
        ),
        pytest.param(f'"{SAID}," the minister said.', None, "the minister", "said", id="no bearer"),
        pytest.param(
            f'Omar of the coast team said "{SAID}".',
            None,
            "the coast team",
            "said",
            id="a description counts before a name that is further off",
        ),
        pytest.param(
            f'Omar for years said "{SAID}".', "Asha Omar", "Omar", "said", id="a name further off"
        ),
        pytest.param(f'"{SAID}," said Ruth Ali.', "Ruth Ali", "Ruth Ali", "said", id="unknown"),
        pytest.param(f'"{SAID}," said Ali, Kenya.', "Ali", "Ali", "said", id="up to a comma"),
        pytest.param(f'Then Ruth Ali said "{SAID}".', "Ruth Ali", "Ruth Ali", "said", id="before"),
        pytest.param(f'"{SAID}," said.', None, None, None, id="a verb alone"),
        pytest.param(f'"{SAID}," said many.', None, None, None, id="a verb and no name"),
        pytest.param(f'Many said "{SAID}".', None, None, None, id="a capital of the sentence"),
        pytest.param(f'"{SAID}," was on the sign.', None, None, None, id="no verb of speech"),
        pytest.param(f'"{SAID}." Omar said no.', None, None, None, id="a sentence of its own"),
        pytest.param(
            f'"{SAID}." said Omar.', "Asha Omar", "Omar", "said", id="the same, going on in small"
        ),
        pytest.param(
            f'Dr. J. Omar said "{SAID}".', "Asha Omar", "Omar", "said", id="dots that end nothing"
        ),
        pytest.param(
            f'"{SAID}," alisema Omar.', "Asha Omar", "Omar", "alisema", id="in Swahili"
        ),
        pytest.param(
            f'It was cold. Okello met Omar. "{SAID}," he said.',
            "John Okello",
            "he",
            "said",
            id="the subject of a later sentence",
        ),
    ],
)  # fmt: skip
def test_speaker(text: str, speaker: str | None, mention: str | None, cue: str | None) -> None:
    (quote,) = quotes(text)

    assert quote.text.rstrip(".,") == SAID
    assert (quote.speaker, quote.speaker_mention, quote.cue) == (speaker, mention, cue)


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        pytest.param(f'"{SAID}," said Omar. "{SAID}."', ["Asha Omar"] * 2, id="a speaker goes on"),
        pytest.param(
            f'"{SAID}," said Omar.\n\n"{SAID}."', ["Asha Omar"] * 2, id="in a paragraph of its own"
        ),
        pytest.param(
            f'"{SAID}," said Omar.\n\nIt rained.\n\n"{SAID}."',
            ["Asha Omar", None],
            id="not across a paragraph without a word of hers",
        ),
        pytest.param(
            f'Omar said that it had.\n\n"{SAID}."', ["Asha Omar"], id="after indirect speech"
        ),
        pytest.param(
            f'Omar said that it had. "{SAID}."', ["Asha Omar"], id="in the sentence before"
        ),
        pytest.param(f'Omar left. "{SAID}."', [None], id="which must tell of speech"),
        pytest.param(
            f'"{SAID}," said Omar.\n\nThen "{SAID}" was sung.',
            ["Asha Omar", None],
            id="not within another sentence",
        ),
        pytest.param(
            f'"{SAID}," said Omar, "{SAID}."', ["Asha Omar"] * 2, id="a sentence in two parts"
        ),
        pytest.param(
            f'Omar said "{SAID}" of Mary Wek. "{SAID}," said Okello.',
            ["Asha Omar", "John Okello"],
            id="each their own",
        ),
        pytest.param(
            f'"It was Okello who came," said Omar. "{SAID}," he added.',
            ["Asha Omar"] * 2,
            id="a name within a quotation is nobody who speaks",
        ),
    ],
)
def test_several(text: str, speakers: list[str | None]) -> None:
    assert [quote.speaker for quote in quotes(text)] == speakers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('Omar saw the "so-called rain" fall.', [], id="scare quotes"),
        pytest.param('The film "A Day In The Rain" opened.', [], id="a title"),
        pytest.param('Omar read: "A Day In The Rain"', ["A Day In The Rain"], id="introduced"),
        pytest.param('A "day of endless rain" came.', ["day of endless rain"], id="four words"),
        pytest.param('The "1 2 3 4" of it.', ["1 2 3 4"], id="four words without letters"),
        pytest.param('"We won," said Omar.', ["We won,"], id="two words and a verb"),
        pytest.param('"Never!" said Omar.', [], id="one word"),
        pytest.param('Omar said, "We won."', ["We won."], id="introduced, and short"),
        pytest.param('"We won." Omar said no.', [], id="two words, and a new sentence"),
        pytest.param('Omar said "We won" again.', [], id="short, within a sentence"),
        pytest.param('Omar said "\u200b" again.', [], id="nothing to see"),
        pytest.param("No marks at all.", [], id="no marks"),
    ],
)
def test_what_is_speech(text: str, expected: list[str]) -> None:
    found = quotes(text)

    assert [quote.text for quote in found] == expected
    assert [text[quote.start : quote.end] for quote in found] == expected


@pytest.mark.parametrize("space", ["", " ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"])
def test_spaces_inside_french_marks_are_not_said(space: str) -> None:
    text = f"Et puis, «{space}La pluie est venue trop tard{space}», a déclaré Omar."

    (quote,) = quotes(text)

    assert quote.text == text[quote.start : quote.end] == "La pluie est venue trop tard"
    assert (quote.speaker, quote.cue) == ("Asha Omar", "déclaré")


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        pytest.param("« Il pleut depuis deux jours », promet Asha Omar.", "promet", id="present"),
        pytest.param("« Il pleut depuis deux jours », a réagi Omar.", "réagi", id="perfect"),
        pytest.param("« Il pleut depuis deux jours », selon Omar.", "selon", id="according to"),
        pytest.param(
            "Omar a quitté la salle, ajoutant : « Il pleut fort ici. »", "ajoutant", id="-ant"
        ),
    ],
)
def test_french_cues(text: str, cue: str) -> None:
    (quote,) = quotes(text)

    assert (quote.speaker, quote.cue) == ("Asha Omar", cue)


@pytest.mark.parametrize(
    ("text", "speaker", "mention"),
    [
        pytest.param(
            f'Omar - who had met Okello - said "{SAID}".', "Asha Omar", "Omar", id="dashes"
        ),
        pytest.param(
            f'Omar, who left Okello after seeing it, said "{SAID}".', "Asha Omar", "Omar",
            id="an object before a comma",
        ),
        pytest.param(
            f'Omar of the Lake Bank (Observer) said "{SAID}".', "Asha Omar", "Omar",
            id="in brackets, what comes before is spelled out",
        ),
        pytest.param(f'"{SAID}," police said.', None, "police", id="a subject without a name"),
        pytest.param(
            f'Omar left. "{SAID}," officials said.', None, "officials", id="is nobody before it"
        ),
        pytest.param(
            f'"{SAID}," Lake Bank officials said.', "Lake Bank", "Lake Bank", id="but of a body"
        ),
        pytest.param(
            f'Omar left. A spokesman came. "{SAID}," the spokesman said.', None, "the spokesman",
            id="somebody who was brought in without a name",
        ),
        pytest.param(
            f'Omar left. The spokesman came. "{SAID}," the spokesman said.', "Asha Omar",
            "the spokesman", id="or with one",
        ),
        pytest.param(
            f'Omar left. "{SAID}," the spokesman said. A spokesman came.',
            "Asha Omar",
            "the spokesman",
            id="or who comes later",
        ),
        pytest.param(f'Omar alikuja. "{SAID}" anasema.', "Asha Omar", None, id="a verb alone"),
        pytest.param(f'"{SAID}" anasema.', None, None, id="and nobody before it"),
        pytest.param(
            f'We want "{SAID}". According to Okello, it rained.', None, None,
            id="the next sentence's source",
        ),
        pytest.param(
            f'We want "{SAID}". Okello said so.', "John Okello", "Okello", id="and its speaker"
        ),
    ],
)  # fmt: skip
def test_whose_words_they_are_not(text: str, speaker: str | None, mention: str | None) -> None:
    (quote,) = quotes(text)

    assert (quote.speaker, quote.speaker_mention) == (speaker, mention)


@pytest.mark.parametrize(
    ("between", "speaker"),
    [
        pytest.param("Okello wants", None, id="another's sentence"),
        pytest.param("Lake Bank wants", "Asha Omar", id="a body's"),
        pytest.param("Then Okello wants", "Asha Omar", id="another is only named"),
        pytest.param("Omar wants", "Asha Omar", id="the same"),
    ],
)
def test_who_goes_on(between: str, speaker: str | None) -> None:
    _, second = quotes(f'Omar said "{SAID}". {between} "{SAID}".')

    assert second.speaker == speaker
