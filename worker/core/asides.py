"""Tell the paragraphs that are not the story's own: credits, rights, links, captions.

Each pattern is anchored at the start or the end of a short paragraph and has no repetition inside
a repetition, so the work is linear. A paragraph that is marked by mistake is missing from the
text, one that is missed only stays in it: every pattern is a form that no sentence has.
"""

import re
from typing import Final

from worker.core.article import Kind

_MAX_CHARACTERS: Final = 300  # longer paragraphs are never mere asides

_BULLET: Final = r"[\W_]{0,4}"  # a bracket, a dash, an arrow
_NAME: Final = r"(?-i:[^\W\d_a-z])"  # a capital, or a letter of a script without
_CREDIT = re.compile(
    rf"{_BULLET}(?:additional |further )?(?:reporting|writing|editing|compiled|edited|written)"
    rf" (?:(?:and|&) (?:writing|editing|reporting) )?by:? {_NAME}"
    r"(?!.{2,100}, (?:an?|the|it|its|he|she|this)\b.{10})",  # Written by Ali, the song was a hit
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    rf"{_BULLET}(?:"
    r"©|(?:\(c\)|copyright(?: ©| \(c\))?) ?(?:by |\d{4}\b)"
    r"|(?:also read|read also|soma pia|soma zaidi)\b"
    r"|(?:read more|see also|more on this|(?:also |now )?(?:watch|listen)"
    r"|related(?: (?:stor(?:y|ies)|articles?|news|content|topics))?)\s*:"
    r"|(?:click|tap) here (?:to|for)\b|(?:sign up|subscribe) (?:to|for) (?:our|the)\b"
    r"|(?:sign up|subscribe) (?:to|for|now)\b.{0,120}"
    r"(?:newsletters?|updates|alerts|channel|access|inbox)\b"
    r"|follow us on\b|follow [\w ]{2,30} on (?:facebook|twitter|x|instagram|tiktok|linkedin"
    r"|telegram|whatsapp|youtube|social)\b"
    r"|join (?:our|the|us on) (?:[\w ]{2,30} )?(?:whatsapp|telegram|newsletter)\b"
    r"|(?:download|get) (?:our|the) (?:[\w ]{2,30} )?(?:app|newsletter)\b"
    r"|(?:advertisement|advert|(?:article|story) continues below|continue reading"
    r"|share this(?: article| story)?|comments?(?: \(\d{1,5}\))?"
    r"|related (?:stories|articles|news|content)"
    r"|more (?:by|from) this author|for immediate release|(?:media|news|press) release"
    r"|(?:media|press) contacts?"
    r"|notes? to editors?|end(?:s|item|/)?|mwisho|(?<=[-\u2013] )30|(?<=[-\u2013])30)[\W_]*$"
    r"|(?:share|facebook|twitter|whatsapp|telegram|e-?mail|print|copy link)$"
    r"|(?:(?:last )?updated|published|posted)?:? ?(?:\d{1,2}|an?) "
    r"(?:min(?:ute)?|hour|day|week|month)s? (?:ago|read)$"
    r"|(?:source|editor)\s?: ?[^.:]{2,40}$"
    r"|(?:tags|topics|keywords|filed under)\s?: |(?:à )?lire aussi\b|tous droits réservés\b"
    r"|(?:the )?views expressed (?:in this|are)\b"
    r"|[\w.+-]{1,64}@[\w.-]{4,64}$|@\w{2,30}$"
    r")",
    re.IGNORECASE,
)
_RULE = re.compile(r"[=_*#~+\u2022 ]{3,120}$")  # a line of signs, which parts what stands around it
_TRAIL = re.compile(
    r"[^<>\u00bb]{2,40}(?:\s[>\u00bb]\s[^<>\u00bb]{2,40}){2,6}$"
)  # of a site's sections
_RIGHTS: Final = "all rights reserved"
_CAPTION = re.compile(
    rf"{_BULLET}(?:"
    r"(?:file (?:photo|picture|image)|(?:photo|picture|image|pic)s?(?: caption| credit)?"
    rf"|caption|picha) ?[:|/] ?{_NAME}"
    rf"|(?:photo|picture|image)(?: credit)? by {_NAME}|photograph ?: ?{_NAME}"
    r")",
    re.IGNORECASE,
)
_PICTURED = re.compile(
    r"(?:[(\[/|]\s*(?:(?:file )?(?:photo|picture|image)s?(?: credit)?\s*(?:by|:|/|\|)"
    r"|file[,:]|courtesy)|via (?:getty images|ap photo)|\bgetty images"
    r"|(?:afp|ap|reuters)(?: photo|/file| pic)"
    r"|(?-i:\b(?:PHOTO|PIC|PICHA|PICTURE|IMAGE|FILE)S?) ?[|/:])[^()\[\]]{0,60}[)\]]?$",
    re.IGNORECASE,
)
_PICTURES: Final = ("photo", "pic", "image", "file", "courtesy")  # one is in all of these
_ADDRESS = re.compile(r"(?:(?:url|link|source|web)\s*:\s*)?(https?://\S+)", re.IGNORECASE)
_SOURCE = re.compile(r"source\s?: ?([^.:]{2,40})$", re.IGNORECASE)
_TAIL: Final = 120  # characters of a caption's end that its credit stands in


def kind_of(text: str) -> Kind:
    """What *text* is: boilerplate, a caption, or else text."""
    if len(text) > _MAX_CHARACTERS:
        return Kind.TEXT
    if _BOILERPLATE.match(text) or is_credit(text) or _RIGHTS in text.casefold() or address(text):
        return Kind.BOILERPLATE
    if _RULE.match(text) or ((">" in text or "\u00bb" in text) and _TRAIL.match(text)):
        return Kind.BOILERPLATE
    return Kind.CAPTION if _CAPTION.match(text) or _is_pictured(text) else Kind.TEXT


def _is_pictured(text: str) -> bool:
    """A picture's credit ends it. Most paragraphs have none of its words, which is seen at once."""
    tail = text[-_TAIL:].casefold()
    return any(word in tail for word in _PICTURES) and _PICTURED.search(text[-_TAIL:]) is not None


def source(text: str) -> str | None:
    """``Source: Lake News Agency`` above a story; below a table it would be the table's."""
    found = _SOURCE.match(text)
    return found[1] if found else None


def is_credit(text: str) -> bool:
    """``Reporting by …; Editing by …``."""
    return len(text) <= _MAX_CHARACTERS and _CREDIT.match(text) is not None


def address(text: str) -> str | None:
    """The web address that *text* is, to its end."""
    found = _ADDRESS.fullmatch(text)
    return found[1] if found else None
