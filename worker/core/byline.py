"""Take a byline apart: who wrote it, and as what.

Word by word, never by searching for "by": Abby is a name, and "By Monday the rains had stopped" is
a sentence. Calling a sentence a byline takes it out of the text, missing a byline only leaves it
there; so every part must look like a name, a role or an agency.
"""

import re
from typing import Final

from worker.core.agency import is_agency
from worker.core.article import Author
from worker.core.dates import is_month, is_weekday
from worker.core.wordlist import words

_MAX_CHARACTERS: Final = 120
_MAX_CREDIT: Final = 300
_MAX_NAME_WORDS: Final = 6
_MAX_ROLE_WORDS: Final = 5

_OPENING = re.compile(
    r"(?:(?:written|story|text|words|report|posted)\s+)?(?P<word>by|na|par|por)[\s:]+",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\s,;|(<\[]+(?:[\w.+-]+@[\w.-]+|@\w+)[)>\]]*")  # of mail, or a handle
_CREDIT = re.compile(
    r"(?P<role>(?:reporting|writing|editing|compiled|edited|written)"
    r"(?: (?:and|&) (?:reporting|writing|editing))?) by:? (?P<names>.{1,150}?)"
    r"(?=[;()\[\]]|\.?\s+(?:additional|editing|reporting|writing)\b|\.?$)",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"\s*(?P<mark>[,;|/&]|\s[-\u2013\u2014]\s|\sand\s|\sna\s|\set\s|\sy\s)\s*", re.IGNORECASE
)
_IN_PLACE = re.compile(r",?\s(?:in|\u00e0|mjini)\s(?=[^\W\d_a-z])")
_FOR_OUTLET = re.compile(r"\s(?:for|of)\s(?=[^\W\d_a-z])")
_WORD = re.compile(r"\w+")
_NAME_WORD = re.compile(r"[^\W\d_][\w.'\u2019\u02bc-]*")
_PARTICLES: Final = frozenset(
    words(
        "abu al ap arap bin binti da de del den der di dos du el ibn la le mac ole ter ten van"
        " von wa"
    )
)
_NOT_A_NAME: Final = frozenset(
    words(
        "a all an and any every his her how if in it its my no now one our that the their then"
        " there these they this those what when who why your"
    )
)
_ROLES: Final = frozenset(
    words(
        "agencies agency bureau chief columnist correspondent correspondents desk editor editors"
        " journalist journalists mwandishi reporter reporters staff team waandishi wetu writer"
        " writers"
    )
)


def parse(text: str) -> tuple[Author, ...] | None:
    """Authors of the byline *text* (``By X and Y, Reuters``), or None: it is no byline.

    An agency or a desk alone is a byline without authors.
    """
    if len(text) > _MAX_CHARACTERS or _ends_a_sentence(text):
        return None
    sender, by, rest = text.partition(" by ")
    if by and is_agency(sender):  # "KNA by Jane Wanjiru"
        text = f"by {rest}, {sender}"
    opening = _OPENING.match(text)
    if opening is None:
        return None
    names = _ADDRESS.sub("", text[opening.end() :])
    if opening["word"].casefold() != "by" and not _is_signature(names):
        return None
    return _authors(names)


def signed(text: str) -> tuple[Author, ...] | None:
    """Authors of a line without ``By``: a full name, and its role or agency; or an agency alone."""
    if len(text) > _MAX_CHARACTERS or _ends_a_sentence(text):
        return None
    names = _ADDRESS.sub("", text)
    (_, first), *others = _parts(names)
    if is_agency(names):
        return ()
    if " " not in first or not others or not _ends_as_role(others[-1][1]):
        return None
    return _authors(names) or None


def is_role(text: str) -> bool:
    """The line below a byline of old wire copy: ``Associated Press Writer``."""
    return _ends_as_role(text) and not is_agency(text) and all(map(_is_capital, text.split()))


def signs(text: str, last: str) -> bool:
    """Whether the line *text* is the bare name of its writer, as the *last* paragraph says.

    ``WANJIRU KAMAU`` above a column, and below it: ``Wanjiru Kamau is a writer in Nairobi.``
    """
    if " " not in text or len(text) > _MAX_CHARACTERS or not _is_name(text, any_case=False):
        return False
    named, _, told = last[: 2 * _MAX_CHARACTERS].casefold().partition(text.casefold())
    of_a_writer = not _ROLES.isdisjoint(_WORD.findall(told))
    return not named and told.startswith((" is ", " ni ")) and of_a_writer


def _ends_as_role(part: str) -> bool:
    return is_agency(part) or (_is_role(part) and part.casefold().split()[-1] in _ROLES)


def authors(text: str) -> tuple[Author, ...]:
    """Authors in a field of metadata, with or without ``By``; odd names stay as they are."""
    opening = _OPENING.match(text)
    names = (text[opening.end() :] if opening else text).strip()
    names = _ADDRESS.sub("", names[:_MAX_CHARACTERS]) + names[_MAX_CHARACTERS:]
    if not names or is_agency(names):
        return ()
    found = _authors(names)
    return (Author(names),) if found is None else found


def credited(text: str) -> tuple[Author, ...]:
    """Who is named in a closing credit (``Reporting by X and Y; Editing by Z``), and for what."""
    return tuple(
        Author(author.name, credit["role"].casefold())
        for credit in _CREDIT.finditer(text[:_MAX_CREDIT])
        for author in _authors(credit["names"].strip()) or ()
    )


def agency(text: str) -> str | None:
    """The agency that the byline *text* names, last of all as a rule."""
    opening = _OPENING.match(text)
    names = text[opening.end() :] if opening else text
    return next((part for _, part in reversed(_parts(names)) if is_agency(part)), None)


def _authors(text: str) -> tuple[Author, ...] | None:
    text, *place = _IN_PLACE.split(text, maxsplit=1)
    text, *outlet = _FOR_OUTLET.split(text, maxsplit=1)
    parts = _parts(text)
    any_case = is_agency(parts[-1][1])  # "By keith grant, Reuters" can only be one
    names, roles = [], outlet
    for mark, part in parts:
        if is_agency(part) or _is_role(part):
            roles.append(part)
        elif not _is_name(part, any_case=any_case):
            return None
        elif _joins(mark) or " " in part:
            names.append(part)
    if not roles and not place and not (names and " " in names[0]):
        return None  # a first name alone is as often a headline's or a sentence's word
    return tuple(Author(name, next(iter(roles), None)) for name in names)


def _parts(text: str) -> list[tuple[str, str]]:
    """Each part with the mark before it, which is empty before the first."""
    first, *rest = _MARK.split(text.strip())
    pairs = [("", first), *zip(rest[::2], rest[1::2], strict=True)]
    return [(mark, part) for mark, part in pairs if part] or [("", "")]


def _joins(mark: str) -> bool:
    """``and`` joins authors; after a comma, one word is a town (``By Jane Doe, Nakuru``)."""
    return not mark or mark == "&" or mark.strip().isalpha()


def _is_signature(text: str) -> bool:
    """``Na`` and ``par`` open sentences in their languages, so a full name must follow."""
    name = _parts(text)[0][1].split()
    return is_agency(text) or (len(name) >= 2 and all(map(_is_capital, name)))


def _is_name(part: str, *, any_case: bool) -> bool:
    name = part.split()
    if not 1 <= len(name) <= _MAX_NAME_WORDS or _opens_a_sentence(name[0]):
        return False
    return all(
        _NAME_WORD.fullmatch(word) and (any_case or _is_capital(word) or word in _PARTICLES)
        for word in name
    )


def _opens_a_sentence(word: str) -> bool:
    return is_weekday(word) or is_month(word) or word.casefold() in _NOT_A_NAME


def _is_capital(word: str) -> bool:
    """Also any letter of a script that has no capitals."""
    return not word[0].islower()


def _is_role(part: str) -> bool:
    role = part.casefold().split()
    return len(role) <= _MAX_ROLE_WORDS and not _ROLES.isdisjoint(role)


def _ends_a_sentence(text: str) -> bool:
    """A stop after a word; after an initial or ``Jr.`` it belongs to the name."""
    last = text.rsplit(maxsplit=1)[-1]
    return last[-1] in "!?:;" or (last[-1] == "." and len(last) > 3)
