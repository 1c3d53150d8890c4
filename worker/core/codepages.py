"""Guess the code page of text that is not Unicode, and check the guess.

charset-normalizer nominates, the language decides: a text counts as read only if it then is in a
language that is written in that code page. Frequencies of letters alone take French for Hungarian
(``č`` for ``è``) and Japanese for Korean; the words do not.
"""

import re
from typing import Final

from charset_normalizer import from_bytes

from worker.core import language
from worker.core.wordlist import words

_LATIN: Final = frozenset(words("af ca da de en es eu fi fr ga gl id is it ms nl no pt sv sw"))
_CENTRAL: Final = frozenset(words("bs cs hr hu pl ro sk sl sq"))
_CYRILLIC: Final = frozenset(words("be bg mk ru sr uk"))
_LANGUAGES: Final = {  # of the code pages that news still comes in
    "cp1252": _LATIN,
    "cp1250": _CENTRAL,
    "iso8859_2": _CENTRAL,
    "cp1251": _CYRILLIC,
    "koi8_r": _CYRILLIC,
    "koi8_u": _CYRILLIC,
    "iso8859_5": _CYRILLIC,
    "cp1253": frozenset({"el"}),
    "iso8859_7": frozenset({"el"}),
    "iso8859_6": frozenset({"ar"}),
    "cp1254": frozenset({"tr"}),
    "cp1255": frozenset({"he"}),
    "cp1256": frozenset({"ar", "fa", "ur"}),
    "cp1257": frozenset({"et", "lt", "lv"}),
    "cp1258": frozenset({"vi"}),
    "tis_620": frozenset({"th"}),
    "mac_roman": _LATIN,
    "euc_jp": frozenset({"ja"}),
    "cp932": frozenset({"ja"}),
    "euc_kr": frozenset({"ko"}),  # not cp949: its further syllables are what Shift-JIS looks like
    "big5": frozenset({"zh"}),
    "gb18030": frozenset({"zh"}),
}
_TWINS: Final = {  # Windows' and ISO's page of one alphabet
    "cp1250": "iso8859_2",
    "cp1251": "iso8859_5",
    "cp1253": "iso8859_7",
    "cp1256": "iso8859_6",
}
_RUSSIAN: Final = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_SOUTH_SLAVIC: Final = "čćđšž"
_LETTERS: Final = {  # beside a to z; a language that is missing here may have any
    "af": "áäéèêëíîïóôöúûüý",
    "be": _RUSSIAN + "ёіў",
    "bg": _RUSSIAN,
    "bs": _SOUTH_SLAVIC,
    "ca": "àçèéíïòóúü",
    "cs": "áčďéěíňóřšťúůýž",
    "da": "æøåéäö",
    "de": "äöüßé",
    "en": "àáâäãåæçèéêëíïñóôöøœúü",
    "es": "áéíñóúü",
    "fi": "äöåé",
    "fr": "àâæçèéêëîïôœùûüÿ",
    "ga": "áéíóú",
    "gd": "àèìòùéó",
    "gl": "áéíñóúü",
    "hr": _SOUTH_SLAVIC,
    "hu": "áéíóöőúüű",
    "is": "áðéíóúýþæö",
    "it": "àèéìíîòóùú",
    "nl": "áéëèêíïóöúü",
    "no": "æøåéòôöä",
    "pl": "ąćęłńóśźż",
    "pt": "àáâãçéêíóôõúü",
    "ro": "ăâîșşțţ",
    "ru": _RUSSIAN + "ё",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "sl": _SOUTH_SLAVIC,
    "sq": "çë",
    "sv": "åäöéàü",
    "uk": _RUSSIAN + "ґєії",
}
_SAMPLE_BYTES: Final = 65_536  # of the start: more does not change a guess, and takes time
_MIN_CHARACTERS: Final = 20  # fewer may read as a language by chance
_MIN_CONFIDENCE: Final = 0.95
_MAX_FOREIGN: Final = 0.1  # of the letters past z: names from abroad
_MAX_ODD: Final = 0.002  # of all characters

_PAST_Z = re.compile(r"[^\W\d_a-zA-Z]")
_WINDOWS_ONLY = re.compile(rb"[\x80-\x9f]")
# A symbol (a currency sign, a dagger) or two alphabets within a word; what no text assigns.
_ODD = re.compile(
    r"[^\W\d_][\u00a1-\u00bf\u00d7\u00f7\u2020\u2021\u2030\u2039\u203a\u20ac\u2122][^\W\d_]"
    "|[A-Za-z][\u0370-\u06ff]|[\u0370-\u06ff][A-Za-z]"
    "|[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff]"
)


def guess(content: bytes) -> tuple[str, str, float] | None:
    """Text of *content*, the codec's name, the confidence; None if nothing reads as a language.

    cp1252 is tried first: most news that is not Unicode is in it, and others decode it too.
    """
    for codec in ("cp1252", *_nominated(content)):
        text = strictly(content, codec)
        confidence = 0.0 if text is None else plausibility(text, codec)
        if text is not None and confidence >= _MIN_CONFIDENCE:
            return text, codec, confidence
    return None


def strictly(content: bytes, codec: str) -> str | None:
    """None if a single byte of *content* breaks the rules of *codec*."""
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        return None


def plausibility(text: str, codec: str) -> float:
    """How surely *text* is in a language of *codec*, 0 to 1; 0 if its words look broken."""
    if len(text) < _MIN_CHARACTERS or looks_broken(text):
        return 0.0
    found = language.identify(text)
    if found.language not in _LANGUAGES[codec] or not _spells(text, found.language):
        return 0.0
    return found.confidence


def looks_broken(text: str) -> bool:
    return len(_ODD.findall(text)) > _MAX_ODD * len(text)


def _spells(text: str, of: str) -> bool:
    """Whether *text* uses the letters of language *of*: what the wrong page changes first."""
    letters = _PAST_Z.findall(text.lower())
    foreign = sum(letter not in _LETTERS.get(of, letter) for letter in letters)
    return foreign <= _MAX_FOREIGN * len(letters)


def _nominated(content: bytes) -> list[str]:
    """Codecs, the likeliest first; of twins, ISO's where the range that it leaves out is unused."""
    sample = content[:_SAMPLE_BYTES]
    whole_lines = sample.rpartition(b"\n")[0] if len(content) > _SAMPLE_BYTES else b""
    matches = from_bytes(whole_lines or sample, cp_isolation=list(_LANGUAGES))
    codecs = [match.encoding for match in matches if match.encoding in _LANGUAGES]
    both = [] if _WINDOWS_ONLY.search(content) else [t for t in _TWINS.items() if {*t} <= {*codecs}]
    for windows, iso in both:
        codecs.remove(iso)
        codecs.insert(codecs.index(windows), iso)
    return codecs
