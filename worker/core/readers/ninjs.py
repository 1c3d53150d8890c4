"""Read ninjs, the IPTC's news in JSON, versions 1.0 to 3.x.

The versions differ in capitals, in plurals, and in that texts which were keys of their own
(``body_html``) became items of a list (``bodies``). Names are compared without capitals and
underscores, so that one table serves them all.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from worker.core.article import Draft, Kind
from worker.core.readers import json_article, markup
from worker.core.readers.json_article import first, key, texts
from worker.core.readers.markup import Marked
from worker.core.wordlist import words

MEDIA_TYPE: Final = "application/ninjs+json"

_TYPES_OF: Final = {"xhtml": "text/html", "html": "text/html", "text": "text/plain"}
_SIGNS: Final = frozenset(  # names that nobody else uses, one of which says ninjs
    words(
        "bodies headlines descriptions pubstatus versioncreated firstcreated contentcreated"
        " representationtype infosource infosources embargoeduntil ednote altids usageterms"
    )
)
_PLAIN: Final = ("main", "article", "text", "")  # roles of the text itself, the best first
_TYPES: Final = ("text/html", "application/xhtml+xml", "", "text/plain")  # paragraphs first
_MEDIATOPIC: Final = "cv.iptc.org/newscodes/mediatopic/"


def is_ninjs(record: Mapping[str, Any]) -> bool:
    """It has the only name that ninjs requires, and another of its own."""
    names = {key(name) for name in record}
    return isinstance(record.get("uri"), str) and not _SIGNS.isdisjoint(names)


def read(record: Mapping[str, Any]) -> Draft:
    """The article in a ninjs object; of one without a text, its descriptions are captions."""
    fields = {key(name): value for name, value in record.items()}
    blocks, kinds = markup.split(_parts(fields))
    created = first(fields, words("firstcreated contentcreated versioncreated"))
    return Draft(
        headline=_text(fields, "headline") or first(fields, ["title"]),
        blocks=blocks,
        kinds=kinds,
        media_type=MEDIA_TYPE,
        authors=texts(fields.get("by") or fields.get("byline")),
        published=created,
        updated=first(fields, ["versioncreated"]),
        language=first(fields, ["language"]),
        source=first(fields, words("infosources infosource copyrightholder")),
        url=next(_addresses(fields), None),
        guid=first(fields, ["uri"]),
        rights=first(fields, words("copyrightnotice usageterms copyrightholder")),
        located=first(fields, ["located"]),
        version=first(fields, ["version"]),
        urgency=first(fields, ["urgency"]),
        ed_note=first(fields, ["ednote"]),
        embargo=first(fields, words("embargoeduntil embargoed")),
        status=first(fields, ["pubstatus"]),
        subjects=tuple(_subjects(fields)),
    )


def _parts(fields: Mapping[str, Any]) -> Marked:
    if body := _text(fields, "body"):
        return json_article.blocks_of(body)
    caption = _text(fields, "description")
    return (
        ()
        if caption is None
        else tuple((Kind.CAPTION, text) for _, text in json_article.blocks_of(caption))
    )


def _text(fields: Mapping[str, Any], name: str) -> str | None:
    """The text called *name* that is meant for readers, with its paragraphs if there is one."""
    found = sorted(_texts(fields, name), key=lambda each: each[:2])
    return next((text for _, _, text in found), None)


def _texts(fields: Mapping[str, Any], name: str) -> Iterator[tuple[int, int, str]]:
    """Each text called *name*: how far its role, and its type, are from the best; itself."""
    plural = fields.get(f"{name.removesuffix('y')}{'ies' if name[-1] == 'y' else 's'}")
    for item in plural if isinstance(plural, list) else []:
        each = item if isinstance(item, dict) else {"value": item}
        if text := first(each, ["value"]):
            yield _rank(each.get("role"), _PLAIN), _rank(each.get("contentType"), _TYPES), text
    for spelt, value in fields.items():
        if spelt.startswith(name) and isinstance(value, str) and value.strip():
            kind = spelt.removeprefix(name)
            yield (
                0 if kind in _TYPES_OF or not kind else len(_PLAIN),
                _rank(_TYPES_OF.get(kind, ""), _TYPES),
                value,
            )


def _rank(word: object, order: tuple[str, ...]) -> int:
    said = str(word or "").casefold()
    return order.index(said) if said in order else len(order)


def _addresses(fields: Mapping[str, Any]) -> Iterator[str]:
    """Alternative identifiers that are addresses, and renditions as a page."""
    found = [value for item in _objects(fields, "altids") for value in item.values()]
    for item in _objects(fields, "renditions"):
        kind = item.get("contentType") or item.get("mimetype")
        found += [item.get("href")] if kind == "text/html" else []
    for value in found:
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            yield value


def _subjects(fields: Mapping[str, Any]) -> Iterator[str]:
    for item in _objects(fields, "subjects", "subject"):
        uri, scheme, code = (str(item.get(each) or "") for each in ("uri", "scheme", "code"))
        address = uri or f"{scheme}{code}"
        if _MEDIATOPIC in address:
            yield f"medtop:{address.rpartition('/')[2]}"
        elif said := uri or code or first(item, ["literal", "name"]):
            yield said


def _objects(fields: Mapping[str, Any], *names: str) -> Iterator[Mapping[str, Any]]:
    for name in names:
        value = fields.get(name)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                yield item
