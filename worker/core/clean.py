r"""What stored text may hold, and how everything else is brought to it.

NFC; ``\n`` as the only line break; ``" "`` as the only space beside tab and newline; no controls,
no invisible marks but joiners (Persian, Indic and emoji need them) and directions. Quotes, dashes
and ligatures stay as they were written: folding them is for keys, never for text.

Line breaks are cut by our own rule, never by ``str.splitlines``, which also breaks at the file and
record separators that old wire copy is full of.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

import ftfy

from worker.core.errors import Rejected
from worker.core.ledger import Reason

_NEWLINE = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_C1 = re.compile("[\x80-\x84\x86-\x9f]")
_SPACE = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_UNWANTED: Final = {  # what for, and which characters
    "nul": "\x00",
    "controls": "\x01-\x08\x0e-\x1f\x7f-\x9f",
    "soft_hyphens": "\xad",
    "zero_width": "\u200b\u2060",
    "bom": "\ufeff",
    "bidi": "\u202a-\u202e\u2066-\u2069",
    "noncharacters": "\ufffe\uffff",
}
_MAX_SUSPECT: Final = 8_000_000  # characters of lines to be mended, which takes some two seconds
_LINE_COST: Final = 100  # characters that could be mended in the time that a line takes by itself
_QUOTATION: Final = frozenset("«»“”‘’…")  # noqa: RUF001 -- meant
_ANY_UNWANTED = re.compile(f"[{''.join(_UNWANTED.values())}]")
_DROPS: Final = tuple((name, re.compile(f"[{range_}]+")) for name, range_ in _UNWANTED.items())

# Only what is certain: no guess at bytes that were lost, and C1 controls by our own rule.
_CERTAIN: Final = ftfy.TextFixerConfig(
    replace_lossy_sequences=False, fix_c1_controls=False, explain=False
)


def clean(text: str) -> tuple[str, tuple[str, ...]]:
    """*text* as it may be stored, and what was mended, as stable words in order.

    Line breaks and kinds of space are notation: changing them is no repair.

    Raises:
        Rejected: ``too_expensive``, for more mojibake than can be mended in a few seconds.

    """
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if is_plain(text) and (text.isascii() or not _is_suspect(text)):
        composed = unicodedata.normalize("NFC", text)
        return composed, ("nfc",) if composed != text else ()
    repaired, mojibake = _without_mojibake(text)
    repaired, c1 = _without_c1(repaired)
    repaired, dropped = _without_unwanted(_NEWLINE.sub("\n", repaired))
    spaced = _SPACE.sub(" ", repaired)
    composed = unicodedata.normalize("NFC", spaced)
    return composed, (*mojibake, *c1, *dropped, *(("nfc",) if composed != spaced else ()))


def is_plain(text: str) -> bool:
    """Whether *text* has no control, no invisible mark, and no space but the plain one.

    Asked of every text before anything is looked for in it: it takes a tenth of the time.
    """
    return text.replace("\n", "").replace("\t", "").isprintable()


def _without_mojibake(text: str) -> tuple[str, tuple[str, ...]]:
    """Line by line: one that was read wrong says nothing about its neighbours."""
    if not _is_suspect(text):
        return text, ()
    suspects = (line for line in text.split("\n") if _is_suspect(line))
    if sum(len(line) + _LINE_COST for line in suspects) > _MAX_SUSPECT:
        raise Rejected(Reason.TOO_EXPENSIVE, "more mojibake than any article has")
    lines = [
        ftfy.fix_encoding(line, _CERTAIN) if _is_suspect(line) else line
        for line in text.split("\n")
    ]
    repaired = "\n".join(lines)
    return repaired, ("mojibake",) if repaired != text else ()


def _is_suspect(text: str) -> bool:
    return any(pattern.search(text) for pattern in _SUSPECT)


def _without_c1(text: str) -> tuple[str, tuple[str, ...]]:
    """Typographic marks of cp1252 that came through Latin-1 as controls.

    U+0085 alone is a line break (NEL); beside others it is their ellipsis.
    """
    if not _C1.search(text):
        return text, ()
    return text.translate(_CP1252), ("c1_controls",)


def _without_unwanted(text: str) -> tuple[str, tuple[str, ...]]:
    if not _ANY_UNWANTED.search(text):
        return text, ()
    repairs = []
    for name, pattern in _DROPS:
        text, found = pattern.subn("", text)
        if found:
            repairs.append(name)
    return text, tuple(repairs)


def _cp1252_of_c1() -> dict[int, str]:
    """Five of the 32 are not assigned in cp1252, and stay controls."""
    pairs = ((code, bytes([code]).decode("cp1252", "ignore")) for code in range(0x80, 0xA0))
    return {code: character for code, character in pairs if character}


def _utf8_taken_for(*pages: str) -> re.Pattern[str]:
    """What UTF-8 looks like in one of *pages*: a lead byte's letter, then continuations'."""
    after = _letters(0x80, 0xC0, pages)
    after += " " if "latin-1" in pages else ""  # a no-break space is often found made plain
    leads = [_letters(*lead, pages) for lead in ((0xC2, 0xE0), (0xE0, 0xF0), (0xF0, 0xF5))]
    forms = (f"(?<=[{lead}])[{after}]{{{more}}}" for more, lead in enumerate(leads, 1))
    return re.compile(f"[{''.join(leads)}](?:{'|'.join(forms)})")


def _letters(start: int, end: int, pages: Iterable[str]) -> str:
    """What bytes from *start* to before *end* are in *pages*; no lead is a quotation mark."""
    content = bytes(range(start, end))
    letters = {letter for page in pages for letter in content.decode(page, "ignore")}
    return re.escape("".join(sorted(letters - _QUOTATION if start >= 0xC2 else letters)))


# Of the pages that ftfy undoes, alike ones together. Text without any of it needs no repair, and
# asking ftfy itself takes many times as long.
_SUSPECT: Final = (
    _utf8_taken_for("latin-1", "cp1252", "cp1250", "iso8859_2", "cp1254", "cp1257"),
    _utf8_taken_for("cp1251"),
    _utf8_taken_for("cp1253"),
    _utf8_taken_for("mac_roman"),
    _utf8_taken_for("cp437"),
)
_CP1252: Final = _cp1252_of_c1()
