"""Tell a desk's word to other desks, which arrives in or as a story: a kill, an embargo.

The industry's formats have fields for it; in plain text, mail and most JSON it opens the headline,
in capitals. A kill takes a story from every reader, so nothing counts as one that a headline could
be: ``KILL THE BILL`` and ``KILL-JOYS`` are none, nor is ``WITHDRAWN`` without an address to
editors. A forwarded kill is one; a reply to it is talk.

A kill that is missed leaves before readers what they must not see; a story that is taken for one is
hidden, until a person restores it: so in doubt it is a kill. ``KILL: A FILM REVIEW`` is a story
only where its headline calls it a work, or a review of one, and the body of an article follows that
has no word to desks. The price is a kill that is nothing but the review itself, sent once more.

What a kill is of is taken as it names it: by an identifier or address, else by a headline. Whether
such a story is in the store is for the caller to find out.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import islice, takewhile
from typing import Final

from worker.core.article import Withdrawn
from worker.core.dates import is_month, is_weekday, moment

_LONGEST_LINE: Final = 100  # characters
_PARAGRAPHS: Final = 8  # of a notice, in which it says what it is of

_TO_DESKS: Final = r"(?:EDITORS|ATTENTION|ADVISORY|MANDATORY|BULLETIN|URGENT)\W{1,3}"
_MARK: Final = r"(?:\s?[:\u2013\u2014]|\s?--|\s-(?=\s))\s*"
_KILL = re.compile(
    rf"(?:{_TO_DESKS}){{0,3}}KILL(?:(?:\W{{1,3}}KILL){{0,4}}|\sNOTICE)(?:{_MARK}(?!\s*[a-z])|$)"
    rf"|(?:{_TO_DESKS}){{0,2}}(?:EDITORS|ATTENTION|ADVISORY|MANDATORY)\W{{1,3}}"
    rf"(?:STORY\s)?WITHDRAWN(?:{_MARK}|$)"
    rf"|STORY WITHDRAWN(?:{_MARK}|$)"
)
_FORWARDED = re.compile(r"(?:fwd?\s?:\s*){1,5}", re.IGNORECASE)
_NAMED_KILL = re.compile(
    rf"KILL{_MARK}(?!\s).*\b(?i:album|documentary|film|memoir|movie|musical|novel|play|review|song|thriller"
    r"|trailer)(?i:s?)\b"
)
_TO_EDITORS = re.compile(
    r"\b(?:advisory|editors|erroneous\w*|in error|mandatory|newsrooms?|retract\w*|subscribers?"
    r"|withdr[ae]w\w*|(?:disregard|kill|publish|remove|run|use)\w*(?: \w+){0,3}"
    r" (?:article|copy|item|report|review|story|text|version))\b",
    re.IGNORECASE,
)
_ARTICLE_WORDS: Final = 80  # a shorter text may be all that a kill says
_CHANGED = re.compile(
    rf"(?:{_TO_DESKS}){{0,3}}(CORRECTION|CORRECTED|CLARIFICATION|REFILE|UPDATE \d{{1,2}})"
    rf"(?:{_MARK}|-)"
)
_WITHDRAWAL = re.compile(
    r"ADVISORY\s?[:\u2013\u2014-].{1,200}\s(?:story|item|article|copy)(?: is)? withdrawn\W{0,2}$",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"\b(?:urn|tag):[\w.-]{2,60}:[^\s<>\"'\u201d]{1,300}|https?://[^\s<>\"]+")
_CLOSING: Final = ".,;:)]"  # after an identifier in a sentence
_HEADLINED = re.compile(
    r"\b(?:headlined|titled|entitled|slugged|headline|title|slug)\W{1,3}"
    r"(?:[\"\u201c\u201e\u00ab]([^\"\u201d\u201c\u00bb]{3,255})[\"\u201d\u201c\u00bb]"
    r"|(?<=: )(.{3,255})$)",
    re.IGNORECASE,
)

_OF_WHAT: Final = (
    r"(?:media|news|press) release[\s:\u2013\u2014-]{1,3}"
    r"|this (?:article|material|report|(?:press )?release|story) is "
)
_HELD: Final = (
    r"(?:strictly )?(?:under )?(?:embargoed|(?P<trade>embargo))(?: for (?:release|publication))?"
    r"|(?:hold|not) for (?:release|publication|broadcast)"
)
_EMBARGO = re.compile(
    rf"[\[(*\s]{{0,4}}(?:{_OF_WHAT})?(?:{_HELD})"
    r"(?: (?P<until>until|till|before)\b|(?=\s?:| \d))\s?:?(?: (?:until|till)\b)?(?P<after>.*\d.*)",
    re.IGNORECASE,
)
_OF_TIME = re.compile(
    r"\d[\d:./+TZ-]*(?:st|nd|rd|th|h|hrs?|[ap]\.?m)?|[ap]\.?m|at|on|of|the|midnight|noon|local|time"
    r"|hrs?|hours|(?-i:[A-Z]{1,4}T|UTC|Z)",
    re.IGNORECASE,
)
_HOURS = re.compile(r"(?<=\d)\s?(?:hrs?|hours)\b", re.IGNORECASE)
_TIME_FIRST = re.compile(
    r"(\d{1,2}(?:[:.]?\d{2}(?: ?[ap]\.?m\.?)?| ?[ap]\.?m\.?)(?: (?!on\b)[A-Z]{1,4})?)"
    r",? (?:on )?(\S.*)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\d{4}")
_MARKS: Final = ":;)]-\u2013\u2014|"
_BESIDE_WORDS: Final = f"{_MARKS},.([*"


def embargo(text: str, *, headed: bool = False) -> str | None:
    """When the embargo ends that the line *text* announces, date first; else nothing.

    Nothing but a time may follow: ``Embargo until 2026 hits ports`` is a headline. ``until`` says
    it for certain, readable or not; without it there must be a date.

    Args:
        text: The line.
        headed: A headline may come after it: ``EMBARGOED UNTIL 7 MARCH 2025: Market opens``, but
            ``Embargo until 7 March: oil`` may be one of trade.

    """
    found = _EMBARGO.match(text[:_LONGEST_LINE]) if headed or len(text) <= _LONGEST_LINE else None
    said = found["after"].split() if found else []
    times = list(takewhile(_is_of_time, said))
    goes_on = len(times) < len(said)
    if found is None or (goes_on and (not headed or found["trade"] or not _is_parted(times))):
        return None
    end = _HOURS.sub("", " ".join(times)).strip(_BESIDE_WORDS + " ")
    if _YEAR.fullmatch(end):
        return None
    first = _TIME_FIRST.fullmatch(end)
    end = f"{first[2]} {first[1]}" if first else end
    return end if end and (found["until"] or moment(end, "text")) else None


def _is_parted(times: Sequence[str]) -> bool:
    return bool(times) and times[-1][-1] in _MARKS


def _is_of_time(word: str) -> bool:
    bare = word.strip(_BESIDE_WORDS)
    return not bare or is_month(bare) or is_weekday(bare) or _OF_TIME.fullmatch(bare) is not None


def signal(headline: str) -> str | None:
    """What *headline* says that its file is: ``kill``, ``correction`` and so on, or nothing."""
    headline = _own(headline)
    if not headline[:4].isupper():
        return None
    if _KILL.match(headline) or _WITHDRAWAL.match(headline):
        return "kill"
    changed = _CHANGED.match(headline)
    return changed[1].split()[0].casefold() if changed else None


def reviews(headline: str, texts: Sequence[str]) -> bool:
    """Whether what looks like a kill is an article about a work of that name, see above."""
    named = _NAMED_KILL.match(_own(headline))
    told = [text for text in texts if text != headline]
    if named is None or sum(len(text.split()) for text in told) < _ARTICLE_WORDS:
        return False
    first = told[:_PARAGRAPHS]
    return not any(_TO_EDITORS.search(text) or _IDENTIFIER.search(text) for text in first)


def _own(headline: str) -> str:
    """What was forwarded."""
    forwarded = _FORWARDED.match(headline)
    return headline[forwarded.end() :] if forwarded else headline


def withdrawn(headline: str, texts: Iterable[str]) -> Withdrawn:
    """The story that the kill *headline*, with the paragraphs *texts*, takes back."""
    headline = _own(headline)
    kill = _KILL.match(headline)
    rest = headline[kill.end() :].strip() if kill else ""
    uri = named = None
    for text in islice(texts, _PARAGRAPHS):
        if uri is None and (found := _IDENTIFIER.search(text)):
            uri = found[0].rstrip(_CLOSING)
        if named is None and (quoted := _HEADLINED.search(text)):
            named = (quoted[1] or quoted[2]).strip(" ,.")
    return Withdrawn(uri, named or rest or None)
