"""Read one article from a JSON object, in the spellings that exports use for its parts.

schema.org NewsArticle, ninjs 1 to 3, the exports of news-please, newspaper, trafilatura and of
content systems differ mostly in capitals and underscores, so names are compared without them.
An identifier counts as one only if it is a URI: "12" names another story in every other system.

Several articles in a file (arrays, lines, feeds) are bulk, which is not read yet and says so.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson

from worker.core.article import Draft
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.readers import markup
from worker.core.wordlist import words

MEDIA_TYPE: Final = "application/json"

Record = Mapping[str, Any]

# By preference. Names as ``_key`` makes them.
_HEADLINE: Final = words("headline headlines title articletitle name headlinemain")
_BODY: Final = words(
    "articlebody bodytext bodies maintext text fulltext content contenttext bodyhtml bodyxhtml"
    " body contenthtml html paragraphs storybody story article"
)
_AUTHORS: Final = words("authors author byline by creator bylines")
_PUBLISHED: Final = words(
    "datepublished publishedat published publisheddate publicationdate datepublish firstpublished"
    " pubdate publishdate contentcreated firstcreated versioncreated date datecreated createdat"
    " created timestamp"
)
_UPDATED: Final = words(
    "datemodified updatedat updated modifiedat modified lastmodified updateddate"
)
_LANGUAGE: Final = words("inlanguage language lang languagecode locale")
_SOURCE: Final = words(
    "publisher source sourcename infosources sitename provider sourceorganization outlet newspaper"
    " publication sourcedomain hostname domain"
)
_URL: Final = words("url link articleurl permalink mainentityofpage weburl")
_CANONICAL: Final = ["canonicalurl", "canonical", "canonicallink"]
_GUID: Final = ["guid", "uri", "id", "identifier"]
_RIGHTS: Final = words("copyrightnotice rights usageterms license copyright")
_LISTS_OF_ARTICLES: Final = frozenset(
    words("articles data docs documents entries items news results stories")
)
_NAMES: Final = words("name value text content title main rendered url @id href")  # in an object

_MARKUP = re.compile(
    r"</?(?:p|br|div|h[1-6]|li|ul|ol|blockquote|b|i|em|strong|a|span)\b[^<>]*>", re.IGNORECASE
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_URI = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)


def parse(text: str) -> object | None:
    """The value that *text* is, or None: it is no JSON. Depth and numbers are orjson's to limit."""
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return value


def read(value: object) -> Draft:
    """The article in a parsed JSON *value*.

    Raises:
        Rejected: ``unsupported_format`` for several articles, or for an object that has neither
            a headline nor a text under any name that we know.

    """
    if not isinstance(value, dict):
        raise Rejected(Reason.UNSUPPORTED_FORMAT, "JSON with several records: bulk is not read yet")
    draft = draft_of(value)
    if draft.headline is None and not draft.blocks:
        raise Rejected(Reason.UNSUPPORTED_FORMAT, _without_article(value))
    return draft


def _without_article(record: Record) -> str:
    if any(_key(name) in _LISTS_OF_ARTICLES and isinstance(record[name], list) for name in record):
        return "JSON with a list of records: bulk is not read yet"
    return "JSON without a headline or a text that we recognise"


def is_lines(text: str) -> bool:
    """JSON Lines: the first two lines are objects."""
    first, _, rest = text.partition("\n")
    second = rest.partition("\n")[0]
    return isinstance(parse(first), dict) and isinstance(parse(second), dict)


def draft_of(record: Record) -> Draft:
    """What *record* says, under whichever names; also for the JSON-LD in a web page."""
    fields = {_key(name): value for name, value in record.items()}
    guid = _first(fields, _GUID)
    return Draft(
        headline=_first(fields, _HEADLINE),
        blocks=_body(fields),
        media_type=MEDIA_TYPE,
        authors=_authors(fields),
        published=_first(fields, _PUBLISHED),
        updated=_first(fields, _UPDATED),
        language=_first(fields, _LANGUAGE),
        source=_first(fields, _SOURCE),
        url=_first(fields, _URL),
        canonical_url=_first(fields, _CANONICAL),
        guid=guid if guid and _URI.fullmatch(guid) else None,
        rights=_first(fields, _RIGHTS),
    )


def _key(name: str) -> str:
    return "".join(character for character in name if character.isalnum()).casefold()


def _first(fields: Record, names: Iterable[str]) -> str | None:
    return next((texts[0] for name in names if (texts := _texts(fields.get(name)))), None)


def _texts(value: object) -> tuple[str, ...]:
    """The strings that *value* stands for: one, or one for each item of a list."""
    items = value if isinstance(value, list) else [value]
    return tuple(text for item in items if (text := _text(item)))


def _text(value: object) -> str:
    """A string, a number as one, or what an object is called; empty for anything else."""
    if isinstance(value, dict):
        value = next((value[name] for name in _NAMES if isinstance(value.get(name), str)), "")
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value).strip()


def _authors(fields: Record) -> tuple[str, ...]:
    return next((texts for name in _AUTHORS if (texts := _texts(fields.get(name)))), ())


def _body(fields: Record) -> tuple[str, ...]:
    texts = next((texts for name in _BODY if (texts := _texts(fields.get(name)))), ())
    return tuple(block for text in texts for block in _blocks(text))


def _blocks(text: str) -> tuple[str, ...]:
    """Paragraphs of a body: of its markup, of its blank lines, or else of its lines."""
    if _MARKUP.search(text):
        return markup.blocks(markup.parse(text))
    text = text.replace("\r\n", "\n")
    pieces = _BLANK_LINE.split(text) if _BLANK_LINE.search(text) else text.split("\n")
    return tuple(piece.strip() for piece in pieces if piece.strip())
