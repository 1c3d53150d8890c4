"""Tell a desk's word to other desks, which arrives as a story like any other: a kill, a correction.

The industry's formats have fields for it; in plain text, mail and most JSON it opens the headline,
in capitals. A kill takes a story from every reader, so nothing counts as one that a headline could
be: ``KILL THE BILL`` and ``KILL-JOYS`` are none, nor is ``WITHDRAWN`` without an address to
editors. A notice that is missed is only read as the story that it looks like.

What a kill is of is taken as it names it: by an identifier or address, else by a headline. Whether
such a story is in the store is for the caller to find out.
"""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Final

from worker.core.article import Withdrawn

_PARAGRAPHS: Final = 8  # of a notice, in which it says what it is of

_TO_DESKS: Final = r"(?:EDITORS|ATTENTION|ADVISORY|MANDATORY|BULLETIN|URGENT)\W{1,3}"
_MARK: Final = r"(?:\s?[:\u2013\u2014]|\s?--|\s-(?=\s))\s*"
_KILL = re.compile(
    rf"(?:{_TO_DESKS}){{0,3}}KILL(?:(?:\W{{1,3}}KILL){{0,4}}|\sNOTICE)(?:{_MARK}|$)"
    rf"|(?:{_TO_DESKS}){{1,3}}(?:STORY\s)?WITHDRAWN(?:{_MARK}|$)"
    rf"|STORY WITHDRAWN(?:{_MARK}|$)"
)
_CHANGED = re.compile(
    rf"(?:{_TO_DESKS}){{0,3}}(CORRECTION|CORRECTED|CLARIFICATION|REFILE|UPDATE \d{{1,2}})"
    rf"(?:{_MARK}|-)"
)
_WITHDRAWAL = re.compile(r"ADVISORY\s?[:\u2013\u2014-].{1,200}\s(?:withdrawn|WITHDRAWN)$")
_IDENTIFIER = re.compile(r"\b(?:urn|tag):[\w.-]{2,60}:[^\s<>\"'\u201d]{1,300}|https?://[^\s<>\"]+")
_CLOSING: Final = ".,;:)]"  # after an identifier in a sentence
_HEADLINED = re.compile(
    r"\b(?:headlined|titled|entitled|slugged|headline|title|slug)\W{1,3}"
    r"(?:[\"\u201c\u201e\u00ab]([^\"\u201d\u201c\u00bb]{3,255})[\"\u201d\u201c\u00bb]"
    r"|(?<=: )(.{3,255})$)",
    re.IGNORECASE,
)


def signal(headline: str) -> str | None:
    """What *headline* says that its file is: ``kill``, ``correction`` and so on, or nothing."""
    if not headline[:4].isupper():
        return None
    if _KILL.match(headline) or _WITHDRAWAL.match(headline):
        return "kill"
    changed = _CHANGED.match(headline)
    return changed[1].split()[0].casefold() if changed else None


def withdrawn(headline: str, texts: Iterable[str]) -> Withdrawn:
    """The story that the kill *headline*, with the paragraphs *texts*, takes back."""
    kill = _KILL.match(headline)
    rest = headline[kill.end() :].strip() if kill else ""
    uri = named = None
    for text in islice(texts, _PARAGRAPHS):
        if uri is None and (found := _IDENTIFIER.search(text)):
            uri = found[0].rstrip(_CLOSING)
        if named is None and (quoted := _HEADLINED.search(text)):
            named = (quoted[1] or quoted[2]).strip(" ,.")
    return Withdrawn(uri, named or rest or None)
