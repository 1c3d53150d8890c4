"""Judge the decoder: texts of 300 words, written in every encoding that news comes in.

The texts are dealt from sentences of our own (``sentences.toml``), or from files ``LANGUAGE.txt``
in ``--data``, with a paragraph a line, which is the harder and the more honest test. A sentence
that an encoding cannot write is left out of its texts; a language that it can write next to
nothing of is not tried in it.
"""

import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from babel import Locale

from worker.core.clean import clean
from worker.core.decode import decode
from worker.core.errors import Rejected

TEXTS = 20  # of each language in each encoding
WORDS = 300
_SOLID = {"ja", "th", "zh", "zh_tw"}  # written without spaces: two characters count as a word
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))  # apart from letters in cp1258
_PLAIN = str.maketrans("‘’“”„–—…\u00a0", '\'\'"""--. ')  # noqa: RUF001 -- as old systems wrote

_LATIN = "ca da de en es fi fr ga gl is it nl no pt sv sw id af"
_CENTRAL = "cs pl hu sk hr sl ro bs sr_latn sq de"
_CYRILLIC = "ru bg sr mk be uk"
_CODECS = {
    "cp1250": _CENTRAL,
    "cp1251": _CYRILLIC,
    "cp1252": _LATIN,
    "cp1253": "el",
    "cp1254": "tr",
    "cp1255": "he",
    "cp1256": "ar fa ur",
    "cp1257": "lt lv et",
    "cp1258": "vi",
    "iso8859_1": _LATIN,
    "iso8859_2": _CENTRAL,
    "iso8859_5": _CYRILLIC,
    "iso8859_7": "el",
    "iso8859_9": "tr",
    "iso8859_15": _LATIN + " et",
    "koi8_r": "ru bg",
    "koi8_u": "ru uk",
    "mac_roman": _LATIN,
    "big5": "zh_tw",
    "gb18030": "zh zh_tw",
    "gb2312": "zh",
    "shift_jis": "ja",
    "cp932": "ja",
    "euc_jp": "ja",
    "iso2022_jp": "ja",
    "euc_kr": "ko",
    "cp949": "ko",
    "tis_620": "th",
}
_UNICODE = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-16",
            "utf-32")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Answer:
    verdict: str  # right, undecodable or wrong
    charset: str = ""
    text: str = ""


def run(data: Path | None, *, verbose: bool = False) -> Iterator[tuple[str, str]]:
    """Figures of each encoding, and of all."""
    sentences, total = _sentences(data), Counter[str]()
    pairs = [(codec, languages.split()) for codec, languages in _CODECS.items()]
    for codec, languages in [*pairs, *((codec, list(sentences)) for codec in _UNICODE)]:
        count = Counter[str]()
        for language in sentences.keys() & languages:
            count += _judge(sentences[language], codec, language, verbose=verbose)
        if count:
            yield codec, _shares(count)
        total += count
    yield "all", _shares(total)
    yield "English with a few stray bytes", _shares(_strays(sentences["en"], verbose=verbose))


def _judge(sentences: list[str], codec: str, language: str, *, verbose: bool) -> Counter[str]:
    count = Counter[str]()
    for text in _texts(sentences, codec, language):
        answer = _answer(_encoded(text, codec), text)
        count[answer.verdict] += 1
        if verbose and answer.verdict != "right":
            print(f"    {codec} {language} {answer.verdict} {answer.charset}: {answer.text}")
    return count


def _strays(sentences: list[str], *, verbose: bool) -> Counter[str]:
    """UTF-8 or ASCII into which one to five bytes of cp1252 were pasted, between or in words."""
    random, count = Random(2), Counter[str]()  # noqa: S311 -- repeatable, not secret
    pasted = ["£20", "café", "“so”", "it’s", "naïve", "–", "José", "São Paulo", "€5", "½", "Zoë"]  # noqa: RUF001
    for text in [*_texts(sentences, "ascii", "en")] * 10:
        words = text.encode().split(b" ")
        for _ in range(random.randint(1, 5)):
            words.insert(random.randrange(len(words)), random.choice(pasted).encode("cp1252"))
        content = b" ".join(words)
        answer = _answer(content, content.decode("cp1252"))
        count[answer.verdict] += 1
        if verbose and answer.verdict != "right":
            print(f"    strays {answer.verdict} {answer.charset}: {answer.text}")
    return count


def _answer(content: bytes, expected: str) -> _Answer:
    try:
        text, evidence = decode(content)
    except Rejected as rejected:
        return _Answer(str(rejected.reason))
    wanted = clean(expected)[0]
    if text == wanted:
        return _Answer("right", evidence.charset)
    at = next((n for n, (a, b) in enumerate(zip(text, wanted, strict=False)) if a != b), 0)
    return _Answer("wrong", evidence.charset, f"{text[at:][:30]!r} for {wanted[at:][:30]!r}")


def _texts(sentences: list[str], codec: str, language: str) -> Iterator[str]:
    able = [s for s in map(_plainly(codec), sentences) if _can(s, codec)]
    size = sum(_words(sentence, language) for sentence in able)
    if size < WORDS / 3:
        return
    random = Random(f"{codec} {language}")  # noqa: S311 -- repeatable, not secret
    for _ in range(TEXTS):
        random.shuffle(able)
        yield "\n".join(_deal(able, language))


def _deal(sentences: list[str], language: str) -> Iterator[str]:
    """From the start, again where they run out, until there are words enough."""
    words = 0
    while True:
        for sentence in sentences:
            yield sentence
            words += _words(sentence, language)
            if words >= WORDS:
                return


def _words(text: str, language: str) -> int:
    return len(text) // 2 if language in _SOLID else len(text.split())


def _plainly(codec: str):  # noqa: ANN202 -- a function from text to text
    """Type as one types in *codec*: where it lacks curly quotes and dashes, with straight ones."""
    lacks = "".join(c for c in map(chr, _PLAIN) if not _can(c, codec))
    return lambda text: text.translate({ord(c): _PLAIN[ord(c)] for c in lacks})


def _can(text: str, codec: str) -> bool:
    try:
        _encoded(text, codec)
    except UnicodeEncodeError:
        return False
    return True


def _encoded(text: str, codec: str) -> bytes:
    if codec == "cp1258":
        text = "".join(map(_with_tone_apart, text))
    return text.encode(codec)


def _with_tone_apart(letter: str) -> str:
    """The letter and its tone, where cp1258 lacks both in one; NFC puts them together again."""
    apart = unicodedata.normalize("NFD", letter)
    tone = "".join(mark for mark in apart if ord(mark) in _TONES)
    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        return unicodedata.normalize("NFC", apart.translate(_TONES)) + tone
    return letter


def _sentences(data: Path | None) -> dict[str, list[str]]:
    if data and (files := sorted(data.glob("*.txt"))):
        return {file.stem: file.read_text(encoding="utf-8").split("\n") for file in files}
    own = Path(__file__).with_name("sentences.toml")
    written = tomllib.loads(own.read_text(encoding="utf-8"))
    return {language: [*ours, *_lists(language)] for language, ours in written.items()}


def _lists(language: str) -> Iterator[str]:
    """Names of countries in *language*, as CLDR has them: letters that our few sentences lack."""
    names = Locale.parse("zh_Hant" if language == "zh_tw" else language).territories
    countries = [name for code, name in sorted(names.items()) if code.isalpha()]
    comma = "、" if language in ("ja", "zh", "zh_tw") else ", "
    for at in range(0, len(countries) - 8, len(countries) // 3):
        yield comma.join(countries[at : at + 8])


def _shares(count: Counter[str]) -> str:
    whole = count.total()
    return (
        "  ".join(
            f"{verdict} {count[verdict] / whole:8.3%}"
            for verdict in ("right", "undecodable", "wrong")
        )
        + f"  of {whole}"
    )
