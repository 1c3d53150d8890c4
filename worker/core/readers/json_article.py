"""Read one article from a JSON object, in the spellings that exports use for its parts.

schema.org NewsArticle, the exports of news-please, newspaper, trafilatura and of content systems
differ mostly in capitals and underscores, so names are compared without them. Some put the article
into an object that stands alone in another, or its texts into one called ``fields``.
An identifier counts as one only if it is a URI: "12" names another story in every other system.

Several articles in a file (arrays, lines) are bulk, which is not read here and says so.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import orjson

from worker.core import roots
from worker.core.article import Draft, Kind
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.readers import markup
from worker.core.readers.markup import Marked
from worker.core.wordlist import words

MEDIA_TYPE: Final = "application/json"

Record = Mapping[str, Any]

# By preference. Names as ``_key`` makes them.
_HEADLINE: Final = words("headline headlines title articletitle webtitle name headlinemain")
_BODY: Final = words(
    "articlebody bodytext bodies maintext text fulltext content contenttext bodyhtml bodyxhtml"
    " body contenthtml html paragraphs storybody story article"
)
_AUTHORS: Final = words("authors author byline by creator bylines")
_PUBLISHED: Final = words(
    "datepublished publishedat published publisheddate publicationdate datepublish firstpublished"
    " pubdate publishdate contentcreated firstcreated versioncreated webpublicationdate date"
    " datecreated createdat created timestamp"
)
_UPDATED: Final = words(
    "datemodified updatedat updated modifiedat modified lastmodified updateddate dateupdated"
)
_LANGUAGE: Final = words("inlanguage language lang languagecode locale")
_SOURCE: Final = words(
    "publisher source sourcename infosources sitename provider sourceorganization outlet newspaper"
    " publication sourcedomain hostname domain"
)
_URL: Final = words("url link articleurl permalink mainentityofpage weburl")
_LOCATED: Final = words("locationcreated located dateline")
_CANONICAL: Final = ["canonicalurl", "canonical", "canonicallink"]
_GUID: Final = ["guid", "uri", "id", "identifier"]
_EMBARGO: Final = words("embargoeduntil embargountil embargoed embargo")
_SUBJECTS: Final = words("keywords tags subjects topics about articlesection section category")
_RIGHTS: Final = words("copyrightnotice rights usageterms license copyright")
_WRAPPERS: Final = words("article story post item data response result content document")
_MAX_WRAPPERS: Final = 4
_MAX_VALUES: Final = 1_000_000  # some 100 bytes of memory each
_NAMES: Final = words("name value text content title main rendered url @id href")  # in an object

_MARKUP = re.compile(
    r"</?(?:p|br|div|h[1-6]|li|ul|ol|blockquote|b|i|em|strong|a|span)\b[^<>]*>", re.IGNORECASE
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_URI = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)


def parse(text: str) -> object | None:
    """The value that *text* is, or None: it is no JSON. Depth and numbers are orjson's to limit.

    Raises:
        Rejected: ``too_expensive``, for more values than a news file has.

    """
    if sum(map(text.count, ",[{")) > _MAX_VALUES:
        raise Rejected(Reason.TOO_EXPENSIVE, f"JSON of more than {_MAX_VALUES} values")
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
        raise Rejected(
            Reason.UNSUPPORTED_FORMAT, "JSON with several records, not recognised as bulk"
        )
    draft = draft_of(_unwrapped(next(typed_articles(value), value)))
    if draft.headline is None and not draft.blocks:
        raise Rejected(Reason.UNSUPPORTED_FORMAT, _without_article(value))
    return draft


def typed_articles(value: object) -> Iterator[Record]:
    """JSON-LD objects whose type ends in ``Article`` or ``Posting``: alone, in a list or a graph.

    What such an object only refers to in its graph, by ``@id``, is put in its place.
    """
    for item in value if isinstance(value, list) else [value]:
        graph = item.get("@graph") if isinstance(item, dict) else None
        nodes = graph if isinstance(graph, list) else [item]
        known = {name: node for node in nodes if isinstance(name := _id(node), str)}
        for node in nodes:
            if isinstance(node, dict) and _is_article(node):
                yield {name: _resolved(each, known) for name, each in node.items()}


def _id(node: object) -> object:
    return node.get("@id") if isinstance(node, dict) else None


def _is_article(node: Record) -> bool:
    types = node.get("@type")
    names = types if isinstance(types, list) else [types]
    return any(str(name).endswith(("Article", "Posting")) for name in names)


def _resolved(value: object, known: Mapping[str, object]) -> object:
    if isinstance(value, list):
        return [_resolved(item, known) for item in value if not isinstance(item, list)]
    name = _id(value)
    return known.get(name, value) if isinstance(name, str) and len(_dict(value)) == 1 else value


def _dict(value: object) -> Record:
    return value if isinstance(value, dict) else {}


def _unwrapped(record: Record) -> Record:
    """The article that *record* is, or is a wrapper of."""
    for _ in range(_MAX_WRAPPERS):
        fields = _keyed(record)
        if first(fields, _HEADLINE) is not None:
            break
        inner = next((fields[name] for name in _WRAPPERS if _dict(fields.get(name))), None)
        if inner is None:
            break
        record = _dict(inner)
    return record


def _keyed(record: Record) -> Record:
    """By bare names, those of an object called ``fields`` among them."""
    own = {key(name): value for name, value in record.items()}
    return {**{key(name): value for name, value in _dict(own.get("fields")).items()}, **own}


def _without_article(record: Record) -> str:
    if any(key(name) in roots.LISTS and isinstance(record[name], list) for name in record):
        return "JSON with a list of records, not recognised as bulk"
    return "JSON without a headline or a text that we recognise"


def is_lines(text: str) -> bool:
    """JSON Lines: the first two lines are objects."""
    first, _, rest = text.partition("\n")
    second = rest.partition("\n")[0]
    return isinstance(parse(first), dict) and isinstance(parse(second), dict)


def draft_of(record: Record) -> Draft:
    """What *record* says, under whichever names; also for the JSON-LD in a web page."""
    fields = _keyed(record)
    guid = first(fields, _GUID)
    blocks, kinds = markup.split(_body(fields))
    return Draft(
        headline=first(fields, _HEADLINE),
        blocks=blocks,
        kinds=kinds,
        media_type=MEDIA_TYPE,
        authors=_authors(fields),
        published=first(fields, _PUBLISHED),
        updated=first(fields, _UPDATED),
        language=first(fields, _LANGUAGE),
        source=first(fields, _SOURCE),
        url=first(fields, _URL),
        canonical_url=first(fields, _CANONICAL),
        guid=guid if guid and _URI.fullmatch(guid) else None,
        rights=first(fields, _RIGHTS),
        located=first(fields, _LOCATED),
        urgency=first(fields, ["urgency"]),
        ed_note=first(fields, ["ednote"]),
        embargo=_embargo(fields),
        subjects=next((found for name in _SUBJECTS if (found := texts(fields.get(name)))), ()),
    )


def key(name: str) -> str:
    return "".join(character for character in name if character.isalnum()).casefold()


def first(fields: Record, names: Iterable[str]) -> str | None:
    return next((found[0] for name in names if (found := texts(fields.get(name)))), None)


def texts(value: object) -> tuple[str, ...]:
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


def _embargo(fields: Record) -> str | None:
    """Its end; ``true`` says that there is one, and not when it ends."""
    endless = any(fields.get(name) is True for name in _EMBARGO)
    return first(fields, _EMBARGO) or ("true" if endless else None)


def _authors(fields: Record) -> tuple[str, ...]:
    found = (fields.get(name) for name in _AUTHORS)
    return next((names for value in found if (names := tuple(_author_names(value)))), ())


def _author_names(value: object) -> Iterator[str]:
    """``Jane Wanjiru``, or ``Jane Wanjiru, correspondent`` of a schema.org person or role."""
    for item in value if isinstance(value, list) else [value]:
        person = _dict(item)
        name = _text(person.get("author")) or _text(item)
        role = _text(person.get("roleName")) or _text(person.get("jobTitle"))
        if name:
            yield f"{name}, {role}" if role else name


def _body(fields: Record) -> Marked:
    found = next((found for name in _BODY if (found := texts(fields.get(name)))), ())
    return tuple(part for text in found for part in blocks_of(text))


def blocks_of(text: str) -> Marked:
    """Paragraphs of a body: of its markup, of its blank lines, or else of its lines."""
    if _MARKUP.search(text):
        return markup.marked(markup.parse(text))
    text = text.replace("\r\n", "\n")
    pieces = _BLANK_LINE.split(text) if _BLANK_LINE.search(text) else text.split("\n")
    return tuple((Kind.TEXT, piece.strip()) for piece in pieces if piece.strip())
