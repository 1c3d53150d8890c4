"""Find the code page of text that is not Unicode, and check what it yields.

Every page is tried. A text counts as read only if it then is in a language that is written in that
page, spelt with the letters of that language, and with the words that no text in it is without; of
the pages that pass, the one whose text has the fewest oddities wins. Frequencies of bytes alone
take French for Hungarian (``č`` for ``è``) and Japanese for Korean; words and spelling do not.

The languages are guessed by py3langid's model, the alphabets are those of Unicode's CLDR with the
letters of common foreign names, the frequent words are our own choice.
"""
# ruff: noqa: RUF001 -- letters of many alphabets, each meant

import codecs
import re
from typing import Final

from worker.core import language
from worker.core.wordlist import words

_LATIN: Final = frozenset(
    words("af ca cy da de en es eu fi fr ga gl id is it ms nl no pt so sv sw")
)
_CENTRAL: Final = frozenset(words("bs cs de hr hu pl ro sk sl sq sr"))
_CYRILLIC: Final = frozenset(words("be bg mk ru sr uk"))
_ARABIC: Final = frozenset(words("ar fa ur"))
_HAN: Final = frozenset(words("ja ko zh"))
_PAGES: Final = {  # of equal texts, the first that is written in it counts
    "cp1252": _LATIN,
    "cp1250": _CENTRAL,
    "cp1251": _CYRILLIC,
    "cp1253": frozenset({"el"}),
    "cp1254": frozenset({"tr"}),
    "cp1255": frozenset({"he"}),
    "cp1256": _ARABIC,
    "cp1257": frozenset({"et", "lt", "lv"}),
    "cp1258": frozenset({"vi"}),
    "iso8859_2": _CENTRAL,
    "iso8859_5": _CYRILLIC,
    "iso8859_6": frozenset({"ar"}),
    "iso8859_7": frozenset({"el"}),
    "iso8859_9": frozenset({"tr"}),
    "iso8859_15": _LATIN | {"et"},
    "koi8_r": _CYRILLIC - {"be", "uk"},
    "koi8_u": _CYRILLIC,
    "tis_620": frozenset({"th"}),
    "cp874": frozenset({"th"}),
    "euc_jp": frozenset({"ja"}),
    "cp932": frozenset({"ja"}),
    "euc_kr": frozenset({"ko"}),
    "cp949": frozenset({"ko"}),
    "big5": frozenset({"zh"}),
    "gb18030": frozenset({"zh"}),
    "utf_16_le": _HAN,  # without a mark, and without the zeros that betray it in alphabets
    "utf_16_be": _HAN,
    "mac_roman": _LATIN,  # last: it makes something of any bytes
}
_RUSSIAN: Final = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_SOUTH_SLAVIC: Final = "čćđšž"
_LETTERS: Final = {  # beside a to z
    "af": "áäéèêëíîïóôöúûüý",
    "be": _RUSSIAN + "ёіў",
    "bg": _RUSSIAN,
    "bs": _SOUTH_SLAVIC,
    "ca": "àçèéíïòóúü",
    "cs": "áčďéěíňóřšťúůýžöü",
    "cy": "âêîôûŵŷáéíóúäëïöüàèìòù",
    "da": "æøåéäöüáèê",
    "de": "äöüßéàèç",
    "el": "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ",
    "en": "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿßœšž",
    "es": "áéíñóúüç",
    "et": "äõöüšž",
    "eu": "ñçü",
    "fi": "äöåéšžü",
    "fr": "àâæçèéêëîïôœùûüÿñ",
    "ga": "áéíóú",
    "gl": "áéíñóúüï",
    "hr": _SOUTH_SLAVIC,
    "hu": "áéíóöőúüűä",
    "id": "é",
    "is": "áðéíóúýþæö",
    "it": "àèéìíîòóùú",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
    "mk": _RUSSIAN + "ѓѕјљњќџѐѝ",
    "ms": "é",
    "nl": "áàäéëèêïíóöôúüûç",
    "no": "æøåéòôöäüê",
    "pl": "ąćęłńóśźżöü",
    "pt": "àáâãçéêíóôõúü",
    "ro": "ăâîșşțţ",
    "ru": _RUSSIAN + "ё",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "sl": _SOUTH_SLAVIC,
    "so": "é",
    "sq": "çëé",
    "sr": _RUSSIAN + "ђјљњћџ" + _SOUTH_SLAVIC,
    "sv": "åäöéàüáè",
    "sw": "é",
    "tr": "çğıöşüâîûi̇",
    "uk": _RUSSIAN + "ґєії",
    "vi": "áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệíìỉĩịóò"
    "ỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵ\u0300\u0301\u0303\u0309\u0323",
}
# Of languages with a script of their own, where any letters pass for text in one of its languages.
_FREQUENT: Final = {
    "be": words("і у на з не што да па для як гэта за ад ў аб было"),
    "bg": words("и в на не от за се да са с по че е ще като"),
    "mk": words("и во на не од за се да е со го ќе ја дека"),
    "ru": words("и в на не что с по для как к из от о это за он у"),
    "sr": words("и у на не је да се за од са су i u na ne je da se za od sa su"),
    "uk": words("і в у на не що з та до для за від про це як"),
    "ar": words("في من على أن إلى التي عن الذي مع هذا هذه إن لا كان بعد"),
    "el": words("και το να του η της με που την από για είναι στο τα οι ο τη τον θα ότι δεν σε"),
    "fa": words("و در به از که را این است با برای آن تا می"),
    "he": words("את של על לא כי עם הוא זה גם או היא כל אל אם בין"),
    "ja": tuple("のはをにが"),
    "ko": tuple("이다는을의에"),
    "th": words("ที่ การ และ ของ ใน เป็น ได้ มี ว่า ให้"),
    "ur": words("کے میں کی ہے اور سے کا کو اس نے پر یہ ہیں"),
    "zh": tuple("的一是在不了有和人中大为為这這"),
}
_GLUED: Final = frozenset(words("ja ko th zh"))  # languages without spaces, or with glued endings
_MIN_FREQUENT: Final = 0.01  # of the characters are in such words, where the language is right
_MIN_FREQUENT_SIGNS: Final = 0.04  # of what is not ASCII, in glued languages
_SAMPLE_BYTES: Final = 65_536  # of the start: more does not change a guess, and takes time
_MIN_CHARACTERS: Final = 20  # fewer may read as a language by chance
_MIN_CONFIDENCE: Final = 0.95
_SOME: Final = 0.02  # of the probability: a language that the text may be in
_MAX_ODD: Final = 0.1  # of what is not ASCII: names from abroad
_MAX_BROKEN: Final = 0.002  # of all characters

_PAST_Z = re.compile(r"[^\W\d_a-z\u00b2\u00b3\u00b9\u00bc-\u00be]|[\u0300-\u0323]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_SYMBOL: Final = (
    "[\u00a1-\u00a9\u00ab-\u00b6\u00b8\u00b9\u00bb-\u00bf\u00d7\u00f7\u02c6\u02dc"
    "\u201a\u201e\u2020-\u2022\u2030\u2039\u203a\u20ac\u2122]"
)
_UNASSIGNED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff]")
# A symbol within a word, two alphabets in one, what no text has.
_BROKEN = re.compile(
    f"[^\\W\\d_](?:{_SYMBOL}|[\u2018\u201c\u201d])[^\\W\\d_]"
    "|[A-Za-z][\u0370-\u06ff]|[\u0370-\u06ff][A-Za-z]"
    f"|{_UNASSIGNED.pattern}"
)
_ALOOF: Final = "[\u00a6\u00a8\u00ac\u00b1\u00b4\u00b6\u00b8\u00bc-\u00be\u02c7]"
# Also a capital amid a word, a mark that never touches one, a quotation mark for a Greek accent.
_ODD = re.compile(
    f"{_BROKEN.pattern}|{_ALOOF}(?=[^\\W\\d_])|(?<=[^\\W\\d_]){_ALOOF}|\u00a4|\u2014\u2014|\u2018\\s"
    "|(?<=[a-zà-öø-ÿ])[À-ÖØ-ÞŒŠŽŸ]|[À-ÖØ-Þ](?=[A-Z][a-z])|(?<![^\\W_])\u2019(?=[\u0370-\u03ff])"
)


def guess(content: bytes) -> tuple[str, str, float] | None:
    """Text of *content*, the codec's name, the confidence; None if nothing reads as a language."""
    best = _best(content)
    if best is None:
        return None
    codec, confidence = best
    text = strictly(content, codec)
    return None if text is None else (text, codec, confidence)


def _best(content: bytes) -> tuple[str, float] | None:
    """The page in which *content* is least odd; of equals, the first."""
    best, least = None, _MAX_ODD
    seen: set[str] = set()
    for codec in _PAGES:
        text = _sample(content, codec)
        if text is None or text in seen:
            continue
        odd, confidence = _oddity(text, codec)
        if confidence > 0:
            seen.add(text)
        if odd < least:
            best, least = (codec, confidence), odd
    return best


def _sample(content: bytes, codec: str) -> str | None:
    """Text of the start; a character that is cut by its end is no fault."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        return decoder.decode(content[:_SAMPLE_BYTES], final=len(content) <= _SAMPLE_BYTES)
    except UnicodeDecodeError:
        return None


def strictly(content: bytes, codec: str) -> str | None:
    """None if a single byte of *content* breaks the rules of *codec*."""
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        return None


def is_plausible(text: str, codec: str, *, confidence: float = _MIN_CONFIDENCE) -> bool:
    """Whether *text* is in a language of *codec* with that much confidence, and is not odd."""
    return _oddity(text, codec, confidence)[0] < _MAX_ODD


def is_odd(text: str) -> bool:
    """Whether there is anything in *text* that a wrong page would explain."""
    return _ODD.search(text) is not None


def is_unassigned(text: str) -> bool:
    """Whether *text* has more than a few characters that no text has."""
    return len(_UNASSIGNED.findall(text)) > _MAX_BROKEN * len(text)


def looks_broken(text: str) -> bool:
    return len(_BROKEN.findall(text)) > _MAX_BROKEN * len(text)


def _oddity(text: str, codec: str, least: float = _MIN_CONFIDENCE) -> tuple[float, float]:
    """Share of what is not ASCII that is odd, and how surely this is a language of *codec*."""
    if len(text) < _MIN_CHARACTERS:
        return 1.0, 0.0
    shares = language.shares(text)
    likely = [name for name in _PAGES[codec] if shares.get(name, 0.0) >= _SOME]
    confidence = sum(shares[name] for name in likely)
    if confidence < least or not any(_has_frequent(text, name) for name in likely):
        return 1.0, 0.0
    beyond = len(_NOT_ASCII.findall(text))
    foreign = min(_foreign(text, name) for name in likely)
    return (foreign + len(_ODD.findall(text))) / max(1, beyond), confidence


def _foreign(text: str, name: str) -> int:
    """Letters that the language called *name* has not: what the wrong page changes first."""
    known = _LETTERS.get(name)
    if known is None:
        return 0
    return sum(letter not in known for letter in _PAST_Z.findall(text.lower()))


def _has_frequent(text: str, name: str) -> bool:
    frequent = _FREQUENT.get(name)
    if frequent is None:
        return True
    if name in _GLUED:
        hits = sum(text.count(word) * len(word) for word in frequent)
        return hits >= _MIN_FREQUENT_SIGNS * len(_NOT_ASCII.findall(text))
    hits = sum(len(word) for word in text.split() if word in frequent)
    return hits >= _MIN_FREQUENT * len(text)
