"""Say in which language a text is, or that nobody can tell.

The model is py3langid's (naive Bayes over byte n-grams, Lui & Baldwin 2012, ACL demo 25-30), as
it lies in that package's wheel; reading it takes most of a second, so processes that will need it
call ``warm`` first. It knows 140 languages; we let it choose among those that news is written in,
because the others (creoles, dialects, dead languages) mostly win on short texts full of names.

Two that it does not know are taken for others: Tigrinya is told from Amharic by its spelling, and
what looks like Kinyarwanda is Kirundi where it says so. Nigerian Pidgin, which it does know, is
left to English: with it, 7 of 100 English headlines were Pidgin.

A wrong language misleads every tagger after it; ``und`` only makes them careful. In doubt: und.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from worker.core.wordlist import words

UNDETERMINED: Final = "und"  # BCP 47

NEWS_LANGUAGES: Final = frozenset(
    words(
        "af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu ha he hi hr ht"
        " hu hy id ig is it ja ka kk km kn ko ku ky lg ln lo lt lv mg mk ml mn mr ms mt my ne"
        " nl no om pa pl ps pt ro ru rw si sk sl sn so sq sr sv sw ta te tg th tk tl tr uk ur"
        " uz vi xh yo zh zu"
    )
)

_SAMPLE_CHARACTERS: Final = 500  # 1,000 take twice as long and change none of our 2,481 answers
_FIRST_CHARACTERS: Final = 200  # tell it in two cases of three, and no answer of 2,981 changed
_CLEAR: Final = 0.99
_MIN_LETTERS: Final = 12
_MIN_CONFIDENCE: Final = 0.15  # of 600 headlines 595 are right, 2 wrong, the rest und
_SURE: Final = 0.9  # above: the text overrules what was declared
_SEEN_AS: Final = {"ti": "am", "rn": "rw"}  # what the model, which does not know them, says
# The letter that Amharic writes otherwise at the front of a word, and small words.
_TIGRINYA = re.compile("\\b(?:\N{ETHIOPIC SYLLABLE GLOTTAL AA}|(?:ናይ|ካብ|እቲ|እዩ)\\b)")
_AMHARIC = re.compile("\\b\N{ETHIOPIC SYLLABLE GLOTTAL A}")
_NOT_LETTER = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True)
class Guess:
    language: str  # BCP 47 primary subtag
    confidence: float  # 0 to 1


_UNKNOWN: Final = Guess(UNDETERMINED, 0.0)


def warm() -> None:
    """Read the model now; before a fork, so that children share it."""
    _classifier()


def detect(text: str, declared: str | None = None) -> str:
    """Language of *text*, as a BCP 47 primary subtag, or ``und``.

    Args:
        text: Headline and lead; only the first five hundred characters count.
        declared: What the file says of itself: believed where the text itself says little.

    """
    prior = _primary(declared)
    guess = identify(text)
    if guess.confidence >= (_SURE if prior else _MIN_CONFIDENCE):
        return prior if prior and _SEEN_AS.get(prior) == guess.language else guess.language
    return prior or UNDETERMINED


def identify(text: str) -> Guess:
    """The likeliest news language of *text* on the model's evidence alone."""
    sample = text[:_SAMPLE_CHARACTERS]
    if len(_NOT_LETTER.sub("", sample)) < _min_letters(sample):
        return _UNKNOWN
    language, confidence = _classifier().classify(sample[:_FIRST_CHARACTERS])
    if confidence < _CLEAR and len(sample) > _FIRST_CHARACTERS:
        language, confidence = _classifier().classify(sample)
    if language == "am" and _is_tigrinya(sample):
        language = "ti"
    return Guess(language, round(float(confidence), 4))


def shares(text: str) -> dict[str, float]:
    """Probability of every news language, however short *text* is; they add up to 1."""
    return dict(_classifier().rank(text[:_SAMPLE_CHARACTERS]))


def _min_letters(sample: str) -> int:
    """A third in scripts past Latin, Greek and Cyrillic: a letter there says more."""
    return _MIN_LETTERS // 3 if max(sample, default="") >= "\u0530" else _MIN_LETTERS


def _is_tigrinya(sample: str) -> bool:
    return len(_TIGRINYA.findall(sample)) > len(_AMHARIC.findall(sample))


def _primary(declared: str | None) -> str | None:
    """``en`` of ``en-KE`` or ``en_US``; None when it is none that we know."""
    primary = (declared or "").strip().replace("_", "-").partition("-")[0].casefold()
    return primary if primary in NEWS_LANGUAGES or primary in _SEEN_AS else None


@cache
def _classifier() -> LanguageIdentifier:
    classifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    classifier.set_languages(NEWS_LANGUAGES)
    return classifier
