"""Guess names by their capitals, where no model knows the language.

A run of capitalised words within a sentence is a name; a word of an institution in it, or before
it ("Wizara ya Afya"), makes a body of it, and a name that the gazetteer knows a place; else it is
held for a person. These are guesses, and are treated as a model's are: lists, titles and the
document's vote correct them. Only for languages that write common nouns small.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from worker.core.tagging.gazetteer import Gazetteer
from worker.core.tagging.keyphrases import STOP_WORDS
from worker.core.tagging.span import Label, Span
from worker.core.tagging.titles import NOT_IN_NAMES, OFFICES, TITLES
from worker.core.tagging.words import Text
from worker.core.wordlist import words

LANGUAGES = frozenset(("en", "fr", "sw"))
_BODIES = frozenset(
    words(
        "Chama Wizara Shirika Benki Mahakama Chuo Kampuni Tume Jeshi Bunge Baraza Umoja Jumuiya"
        " Shule Hospitali Klabu Kanisa Taasisi Mamlaka Idara Kituo Muungano Shirikisho Bodi"
        " Kundi Ministère Assemblée Banque Parti Union Organisation Commission Conseil Université"
        " Hôpital Société Compagnie Église Armée Front Mouvement Ligue Fédération Cour Agence Fonds"
        " Alliance Syndicat Institut Association Comité Forces Tribunal Lycée Stade Académie Club"
    )
)
_LINKS = frozenset(words("cha ya wa la za kwa of de du des d"))
_PLACE_NOUNS = frozenset(
    words(
        "mji jiji eneo jimbo mkoa wilaya kijiji kaunti kata mtaa kisiwa ziwa mto bandari uwanja"
        " maeneo majimbo mikoa visiwa miji kivuko kambi gereza ville région province village"
        " commune quartier localité capitale île"
    )
)
_AT_PLACES = frozenset(words("nchini mjini jijini mkoani wilayani kijijini huko eneo in near à"))
_SIDES = frozenset(words("Mashariki Magharibi Kaskazini Kusini Kati"))
# What a person does, in Swahili, begins so: he or she has, did, does, will, and then did.
_PERSON_DOES = ("ame", "ali", "ana", "ata", "aka", "ambaye")
# So begin the verbs of Swahili that may begin a sentence, and what joins it to the one before.
_VERBS = (
    *("ali", "ame", "aki", "wali", "wame", "waki", "ili", "ime", "iki", "yali", "yame", "zili"),
    *("zime", "kuli", "tuli", "tume", "nili", "nime", "lime", "vime", "kime"),
)
_JOIN = ("baada", "hata", "kabla", "kufua", "kutok", "mnamo", "takri", "wakati")
_VOWELS = ("a", "e", "i", "o", "u")
_MIN_VERB = 5  # letters
_ENDS_SENTENCE = frozenset(
    ".!?:\n\"'-\N{BULLET}\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
)
_MOST_WORDS = 5
_ACRONYM = range(2, 7)  # letters


def guess_names(
    text: Text, language: str, gazetteer: Gazetteer, taken: AbstractSet[int] = frozenset()
) -> Iterator[Span]:
    """Names in *text*, in reading order, none overlapping; none where capitals say nothing.

    Args:
        text: The headline or the body.
        language: BCP 47 primary subtag.
        gazetteer: All places.
        taken: Indexes of words that are known to be something else: they end a run.

    """
    if language not in LANGUAGES or text.shouted or text.title_case:
        return
    free_from = 0
    for i in text.capitals:
        if i >= free_from and _may_begin(text, i, language, taken):
            last = _last(text, i, taken)
            free_from = last + 1
            label = _label(text, (i, last), language, gazetteer)
            if label is not None:
                yield Span(text.starts[i], text.ends[last], label)


def _may_begin(text: Text, i: int, language: str, taken: AbstractSet[int]) -> bool:
    if i in taken or text.words[i] in NOT_IN_NAMES:
        return False
    if language == "sw" and _begins_sentence(text, i) and _is_no_name(text.folded[i]):
        return False
    return text.folded[i] not in STOP_WORDS[language] and TITLES.at(text, i) is None


def _is_no_name(word: str) -> bool:
    """Whether a word that begins a Swahili sentence is a verb (Alice is none), or joins it on."""
    is_verb = len(word) > _MIN_VERB and word.startswith(_VERBS) and word.endswith(_VOWELS)
    return is_verb or word.startswith(_JOIN)


def _last(text: Text, first: int, taken: AbstractSet[int]) -> int:
    last = first
    while last - first < _MOST_WORDS - 1 and (after := last + 1) < len(text.words):
        if not text.joined(after) or after in taken:
            break
        if text.capital[after] and text.words[after] not in NOT_IN_NAMES:
            last += 1
        elif _links(text, first, after):
            last += 2
        else:
            break
    return last


def _links(text: Text, first: int, i: int) -> bool:
    """Whether a small word goes on with the name of a body: "Chama cha Mapinduzi"."""
    if text.words[first] not in _BODIES or text.words[i] not in _LINKS:
        return False
    return i + 1 < len(text.words) and text.capital[i + 1]


def _label(text: Text, run: tuple[int, int], language: str, gazetteer: Gazetteer) -> Label | None:
    first, last = run
    found = text.words[first : last + 1]
    if found[0] in _BODIES or not OFFICES.isdisjoint(found):
        return Label.ORGANISATION if len(found) > 1 else None
    if _is_place(text, run, gazetteer):
        return Label.PLACE
    if len(found) > 1:
        return Label.PERSON
    if found[0].isupper() and not _begins_sentence(text, first):
        return Label.ORGANISATION if len(found[0]) in _ACRONYM else None
    return Label.PERSON if language == "sw" and _acts(text, last) else None


def _is_place(text: Text, run: tuple[int, int], gazetteer: Gazetteer) -> bool:
    first, last = run
    before = text.folded[max(first - 2, 0) : first]
    if before and (before[-1] in _AT_PLACES or before[0] in _PLACE_NOUNS):
        return True
    if text.words[last] in _SIDES:
        return True
    known = first < last or not _begins_sentence(text, first)
    return known and text.slice(first, last) in gazetteer


def _acts(text: Text, last: int) -> bool:
    """Whether the next word tells what one person does."""
    after = text.folded[last + 1 : last + 2]
    return bool(after) and len(after[0]) >= _MIN_VERB and after[0].startswith(_PERSON_DOES)


def _begins_sentence(text: Text, i: int) -> bool:
    return i == 0 or not _ENDS_SENTENCE.isdisjoint(text.gaps[i])
