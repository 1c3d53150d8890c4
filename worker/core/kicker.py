"""Tell the lines above a headline: a flag, a slug, a note to editors, a contact, a paper's name.

Plain text puts its headline first, and desks put ``URGENT``, ``BC-Kenya-Crash,0123`` or ``Eds: Adds
details`` before it. A real headline that is taken for such a line is the worse mistake, so every
line must be one of a known form, and a heading must come after the last of them and before a text.
Forms that a headline may have as well (``Urgent``, ``The Valley Record``) need a byline or a
dateline below that heading. Where a short line merely stands above another, the first is the
headline and the second its deck.

A lone ``KILL`` is no flag: it is the notice itself. Slugs are those of AP and of Reuters.
"""

import re
from collections.abc import Sequence
from typing import Final

from worker.core import asides, byline, dateline, notice
from worker.core.article import Kind
from worker.core.dates import stamp
from worker.core.wordlist import words

_MOST: Final = 3  # lines above a headline
_LOOK: Final = 24  # lines of the file, blank ones among them
_BELOW: Final = 3  # lines below a heading's first: the rest of it or a deck, then the byline
_LONGEST: Final = 120  # characters of a heading, and of a line above it
_MASTHEAD_WORDS: Final = 5
_LINE_OF_TEXT: Final = 50  # characters; shorter ones that end no sentence may be a list's

_FLAGS: Final = frozenset(
    words(
        "advisory|analysis|breaking|breaking news|comment|commentary|developing|developing story"
        "|editorial|exclusive|just in|media advisory|news|news alert|news flash|newsflash|opinion"
        "|press statement|sport|sports|urgent"
        "|dharura|habari za hivi punde|hivi punde|maoni|michezo",
        between="|",
    )
)
_TITLES: Final = frozenset(  # of films and metals as well, unless in capitals
    words("alert bulletin feature flash lead snap update")
)
_NUMBERED = re.compile(
    r"(?:add|take|update) \d{1,3}|\d(?:st|nd|rd|th) (?:add|ld|lead)(?:-writethru)?",
    re.IGNORECASE,
)
_CHANGES: Final = frozenset(words("clarification corrected correction refile"))
_AROUND: Final = " *=-_:!\u2013\u2014[]()#"
_SLUG = re.compile(
    r"\^?(?:[a-z] [a-z] )?(?:AM|BC|PM)(?P<parts>(?:-{1,2}[\w&'\u2019]+){1,6})"
    r"(?P<take>,? ?\d(?:st|nd|rd|th) (?:Add|Ld|Lead)(?:-Writethru)?)?(?P<size>, ?\d{2,4})?"
    r"|[A-Z]{2,20}(?:-[A-Z]{2,20}){1,4}/(?:[A-Z ]{2,20}\d?)?(?: \([A-Z, ]{2,30}\))?"
    r"|[a-z]\d{4}|(?i:page|ukurasa wa) \d{1,3}"
    r"|(?i:slug(?:line)?) ?: ?\S.*"
)
_CONTACT = re.compile(
    r"(?:(?:media |press )?(?:contacts?|enquiries|inquiries)|e-?mail|mobile|phone|tel(?:ephone)?)"
    r"\s?: ?.*(?:\+?\d[\d ()/.-]{6,}\d|[\w.+-]@[\w-]+\.\w)",
    re.IGNORECASE,
)
_NOTE = re.compile(r"eds\.?\s?:\s*(\S.*)", re.IGNORECASE | re.DOTALL)
_PAPERS: Final = frozenset(
    words(
        "advertiser argus chronicle citizen courier dispatch echo examiner express gazette guardian"
        " herald independent journal leader mail mercury mirror monitor nation observer post record"
        " register sentinel standard star telegraph times tribune weekly"
    )
)


def lines_above(lines: Sequence[str]) -> int:
    """How many of *lines* stand above the headline, blank ones among them; 0 as a rule."""
    filled = [(n, text) for n, line in enumerate(lines[:_LOOK]) if (text := line.strip())]
    texts = [text for _, text in filled]
    above = 0
    while above < min(_MOST, len(texts) - 1) and _may_stand_above(texts, above):
        above += 1
    if above == 0 or not _is_heading(texts[above]):
        return 0
    below = texts[above + 1 : above + 1 + _BELOW]
    told = _is_text if all(map(_is_certain, texts[:above])) else _opens_a_text
    return filled[above][0] if any(map(told, below)) else 0


def note(text: str) -> str | None:
    """What *text* tells editors, if it is a note to them: ``Eds: Adds details``."""
    found = _NOTE.fullmatch(text)
    return found[1] if found else None


def precedes(text: str) -> bool:
    """What a page has above its headline, in any format.

    A label and a colon open many a headline as well.
    """
    furniture = ":" not in text and asides.kind_of(text) is Kind.BOILERPLATE
    return furniture or _opens_an_article(text)


def _opens_an_article(text: str) -> bool:
    """A byline, a dateline or a date of its own line."""
    if len(text) > _LONGEST:
        return False
    filed = dateline.whole(text) if text[-1] in "-\u2013\u2014" else None
    return any(each is not None for each in (byline.parse(text), filed, stamp(text)))


def _may_stand_above(texts: Sequence[str], at: int) -> bool:
    text = texts[at]
    return _is_certain(text) or _is_likely(text) or _is_masthead(text, texts[at + 1])


def _is_certain(text: str) -> bool:
    """No headline has its form; dates and furniture are certain, too, and alone decide nothing."""
    if len(text) > _LONGEST:
        return False
    if text.isupper() and (_is_flag(text) or text.strip(_AROUND).casefold() in _TITLES):
        return True
    told = (note(text), notice.embargo(text), _CONTACT.match(text))
    return any(each is not None for each in told) or _is_slug(text) or precedes(text)


def _is_likely(text: str) -> bool:
    return _is_flag(text) or text.strip(_AROUND).casefold() in _CHANGES


def _is_flag(text: str) -> bool:
    bare = text.strip(_AROUND)
    return bare.casefold() in _FLAGS or _NUMBERED.fullmatch(bare) is not None


def _is_slug(text: str) -> bool:
    """One word after ``BC-`` is a slug by its number or its caret alone."""
    found = _SLUG.fullmatch(text)
    if found is None or found["parts"] is None:
        return found is not None
    return bool(found["take"] or found["size"]) or text[0] == "^" or found["parts"].count("-") > 1


def _is_masthead(text: str, following: str) -> bool:
    """``The Valley Record`` above a date."""
    name = text.split()
    capitals = 2 <= len(name) <= _MASTHEAD_WORDS and all(word[0].isupper() for word in name)
    return capitals and name[-1].casefold() in _PAPERS and stamp(following) is not None


def _is_heading(text: str) -> bool:
    return (
        " " in text
        and len(text) <= _LONGEST
        and not text[0].islower()
        and text[-1] not in ".:;"
        and not _opens_a_text(text)
        and not _is_certain(text)
        and asides.kind_of(text) is Kind.TEXT
    )


def _is_text(text: str) -> bool:
    return len(text) >= _LINE_OF_TEXT or text[-1] in ".!?" or _opens_a_text(text)


def _opens_a_text(text: str) -> bool:
    """A byline, or a dateline with a date or an agency in it, alone or before the text."""
    if byline.parse(text) is not None:
        return True
    found = dateline.split(text)
    filed = found[0] if found else dateline.whole(text)
    return filed is not None and bool(filed.date or filed.agency)
