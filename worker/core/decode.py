"""Turn bytes into text, and say how, so that anybody can check it.

The ways of reading are tried in the order of their certainty: a mark at the start, UTF-16's
pattern of high bytes, strict UTF-8, what the file declares, UTF-8 or ASCII with a few stray bytes,
and last a guess that its language must confirm.

Wrong text is worse than none: nobody notices it, and its copies are not found. So there is no
U+FFFD in silence; what cannot be read for certain is ``undecodable``.
"""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from worker.core import codepages
from worker.core.article import Evidence
from worker.core.clean import clean, is_plain
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.magic import recognise

_MARKS: Final = (  # UTF-32 first: its little-endian mark begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL_BYTES: Final = bytes(range(0x20))
_HIGH: Final = 0.8  # of the bytes at one place; the rest are of quotation marks, dashes, emoji
_MAX_NULS: Final = 0.25  # of all characters; UTF-16 that is taken for ASCII has a half
_SOME_CONTROLS: Final = 4  # that a short text may have around its parts
_MAX_CONTROLS: Final = 0.1  # of all characters; text has a handful, binary data a quarter
_MAX_STRAYS: Final = 0.01  # letters, of all characters, when none beside them is valid UTF-8
_LOOK_CHARACTERS: Final = 65_536
_PROBABLE: Final = 0.5  # that few bytes in Latin letters leave little else to believe
_LEAD: Final = 2_000  # characters that tell the language
_SOME_STRAYS: Final = 3  # letters that are few even in a short text

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]+")
_STRAYS = re.compile("[\udc80-\udcff]+")  # bytes that broke UTF-8, as surrogateescape keeps them
_WIDE = re.compile("[^\x00-\x7f\udc80-\udcff]")
# The same in all of cp1250 to cp1258, so that the language need not be known.
_TYPOGRAPHIC = re.compile("[€‚„…‘’“”•–—™\u00a0©«®°·»£½¼¾²³]")  # noqa: RUF001 -- meant


@dataclass(frozen=True, slots=True)
class _Reading:
    text: str
    charset: str  # IANA name
    confidence: float
    repairs: tuple[str, ...] = ()


def decode(content: bytes, *, declared: str | None = None) -> tuple[str, Evidence]:
    """Text of *content*, clean, and how it was read.

    Args:
        content: A whole file.
        declared: The encoding that the file names in its own markup; believed where the bytes
            are not UTF-8.

    Returns:
        Text as ``clean`` leaves it, with a letter, digit or sign in it, and the evidence.

    Raises:
        Rejected: ``empty``, ``unsupported_format`` (with what it is), ``undecodable``.

    """
    if not content.strip():
        raise Rejected(Reason.EMPTY, f"{len(content)} bytes, nothing but spaces")
    if kind := recognise(content):
        raise Rejected(Reason.UNSUPPORTED_FORMAT, f"it is {kind}")
    reading = _read(content, declared)
    text, repairs = clean(reading.text)
    if not text.strip():
        raise Rejected(Reason.EMPTY, f"{len(content)} bytes, nothing but spaces and marks")
    return text, Evidence(reading.charset, reading.confidence, (*reading.repairs, *repairs))


def _read(content: bytes, declared: str | None) -> _Reading:
    for way in _WAYS:
        reading = way(content, declared)
        if reading is not None and not _is_binary(reading.text):
            return reading
    raise Rejected(Reason.UNDECODABLE, "neither Unicode nor text in a code page that we know")


def _is_binary(text: str) -> bool:
    if is_plain(text):
        return False
    controls = sum(map(len, _CONTROLS.findall(text)))
    nuls = text.count("\x00")
    few = max(_SOME_CONTROLS, _MAX_CONTROLS * len(text))
    return nuls > _MAX_NULS * len(text) or controls - nuls > few


def _by_mark(content: bytes, _declared: str | None) -> _Reading | None:
    for mark, charset in _MARKS:
        if content.startswith(mark):
            return _unicode(content.removeprefix(mark), charset)
    return None


def _by_high_bytes(content: bytes, _declared: str | None) -> _Reading | None:
    """UTF-16 and UTF-32 without a mark: of alphabets, the high byte of each unit is a control.

    Not so of Han and Hangul, which need their mark in UTF-16.
    """
    if b"\x00" not in content:
        return None
    charset = _charset_by_high_bytes([_share_of_controls(content[at::4]) for at in range(4)])
    reading = None if charset is None else _unicode(content, charset)
    return None if reading is None or codepages.is_unassigned(reading.text) else reading


def _share_of_controls(content: bytes) -> float:
    return 1 - len(content.translate(None, _CONTROL_BYTES)) / max(1, len(content))


def _charset_by_high_bytes(share: list[float]) -> str | None:
    """*share*: of bytes below 0x20, at each place of four."""
    first, second, third, fourth = (each >= _HIGH for each in share)
    if first and second and not fourth:
        return "utf-32-be"
    if third and fourth and not first:
        return "utf-32-le"
    if first and third and not second and not fourth:
        return "utf-16-be"
    return "utf-16-le" if second and fourth and not first and not third else None


def _by_escapes(content: bytes, _declared: str | None) -> _Reading | None:
    if b"\x1b$" not in content:
        return None
    text = codepages.strictly(content, "iso2022_jp")
    return None if text is None else _Reading(text, "iso-2022-jp", 1.0)


def _as_utf8(content: bytes, _declared: str | None) -> _Reading | None:
    return _unicode(content, "utf-8")


def _as_declared(content: bytes, declared: str | None) -> _Reading | None:
    """Strictly, and only if no word looks broken; browsers read Latin-1 as cp1252, so do we."""
    if declared is None:
        return None
    try:
        name = codecs.lookup(declared).name
        name = "cp1252" if name == "iso8859-1" else name
        text = content.decode(name)
    except (LookupError, UnicodeError):  # an unknown name, a codec that is none of text, or wrong
        return None
    return None if codepages.looks_broken(text) else _Reading(text, _iana(name), 0.9)


def _with_strays(content: bytes, _declared: str | None) -> _Reading | None:
    """Cut-and-paste leaves a few bytes of cp1252 in a text that is UTF-8 or ASCII otherwise."""
    text = content.decode("utf-8", "surrogateescape")
    start = text[:_LOOK_CHARACTERS]  # tells quickly
    letters = None if _letters_astray(start) is None else _letters_astray(text)
    if letters is None:
        return None
    mended = _mended(text)
    strange = _mended("\n".join(line for line in text.split("\n") if _STRAYS.search(line)))
    wide = len(_WIDE.findall(text))
    certain = letters <= wide and not codepages.is_odd(strange)
    judged = f"{mended[:_LEAD]}\n{strange}"
    if not certain and not codepages.is_plausible(judged, "cp1252", confidence=_PROBABLE):
        return None
    return _Reading(mended, "utf-8" if wide else "windows-1252", 0.9, ("stray_bytes",))


def _letters_astray(text: str) -> int | None:
    """How many stray bytes are letters; None where there are many: a text in a code page."""
    runs = _STRAYS.findall(text)
    try:
        marks = sum(len(_TYPOGRAPHIC.findall(_as_cp1252(run))) for run in runs)
    except UnicodeDecodeError:  # five bytes mean nothing in cp1252
        return None
    letters = sum(map(len, runs)) - marks
    few = max(len(_WIDE.findall(text)), len(text) * _MAX_STRAYS, _SOME_STRAYS)
    return letters if letters <= few and len(runs) <= len(text) / 4 else None


def _mended(text: str) -> str:
    return _STRAYS.sub(lambda run: _as_cp1252(run[0]), text)


def _as_cp1252(strays: str) -> str:
    return strays.encode("utf-8", "surrogateescape").decode("cp1252")


def _by_language(content: bytes, _declared: str | None) -> _Reading | None:
    guessed = codepages.guess(content)
    if guessed is None:
        return None
    text, codec, confidence = guessed
    return _Reading(text, _iana(codec), confidence)


def _unicode(content: bytes, charset: str) -> _Reading | None:
    """Strictly, but for a last character that was cut off: it is left out, and that is said."""
    decoder = codecs.getincrementaldecoder(charset)()
    try:
        text = decoder.decode(content)
    except UnicodeDecodeError:
        return None
    cut_off = decoder.getstate()[0]
    if not cut_off:
        return _Reading(text, charset, 1.0)
    if text.isascii() and charset == "utf-8":  # then it is likelier a stray byte than half a letter
        return None
    return _Reading(text, charset, 1.0, ("cut_off_character",))


def _iana(codec: str) -> str:
    return {"cp932": "windows-31j", "tis_620": "tis-620", "mac_roman": "macintosh"}.get(
        codec, codec.replace("cp125", "windows-125").replace("iso8859", "iso-8859")
    ).replace("_", "-")


_WAYS: Final[tuple[Callable[[bytes, str | None], _Reading | None], ...]] = (
    _by_mark,
    _by_high_bytes,
    _by_escapes,
    _as_utf8,
    _as_declared,
    _with_strays,
    _by_language,
)
