"""Say in ninjs 3.1, IPTC's "News in JSON", what an article is.

Property by property after the standard's schema (IPTC, CC BY 4.0, see NOTICE); what ninjs has no
place for stays out: offsets of mentions, quotes, keyphrases, kinds of paragraphs. ninjs knows no
half-known time: a day stands as its first instant, and what is vaguer is left out, since a made-up
date is the worse mistake.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from worker.core.document import Object

SCHEMA: Final = "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!#-;=?-\[\]_a-z~%]+")  # RFC 3986's characters
_EXACT: Final = frozenset({"day", "minute", "second"})


def ninjs(article: Mapping[str, Any]) -> Object:
    """Give an ``article.v1.json`` object as a ninjs 3.1 object.

    Its ``uri`` is the article's where that is a URI, else our own; the names that it has besides
    stand in ``altIds``.
    """
    ours = f"urn:uuid:{article['id']}"
    uri = article["uri"] if _is_uri(article["uri"]) else ours
    whole = {
        "uri": uri,
        "type": "text",
        "representationType": "full",
        "version": str(article["version"]),
        "firstCreated": article["first_seen_at"],
        "versionCreated": article["stored_at"],
        "contentCreated": _content_created(article),
        "pubStatus": "usable",
        "urgency": article["urgency"],
        "copyrightNotice": article["rights"],
        "edNote": article["ed_note"],
        "language": article["language"],
        "headlines": [{"role": "main", "value": article["headline"]}],
        "bodies": [_body(article)],
        "by": _by(article),
        "located": article["located"],
        "subjects": [_subject(subject) for subject in article["subjects"] or ()],
        "people": [_entity(entity) for entity in article["people"] or ()],
        "organisations": [_entity(entity) for entity in article["organisations"] or ()],
        "places": [_place(entity) for entity in article["places"] or ()],
        "infoSources": [{"name": article["source"]}] if article["source"] else [],
        "renditions": _renditions(article),
        "altIds": [
            {"role": role, "value": value}
            for role, value in (("copydesk", ours), ("publisher", article["uri"]))
            if value != uri
        ],
        "standard": {"name": "ninjs", "version": "3.1", "schema": SCHEMA},
    }
    return {name: value for name, value in whole.items() if value not in (None, [])}


def _is_uri(value: object) -> bool:
    return isinstance(value, str) and _URI.fullmatch(value) is not None


def _content_created(article: Mapping[str, Any]) -> str | None:
    exact = article["published_precision"] in _EXACT
    return article["published_at"] if exact else None


def _body(article: Mapping[str, Any]) -> Object:
    return {
        "role": "main",
        "contentType": "text/plain",
        "charCount": len(article["body_text"]),
        "wordCount": article["word_count"],
        "value": article["body_text"],
    }


def _by(article: Mapping[str, Any]) -> str | None:
    """The authors, who are all that ninjs wants here; a byline says more, and differently."""
    names = [author["name"] for author in article["authors"]]
    return ", ".join(names) or article["byline"]


def _subject(subject: Mapping[str, Any]) -> Object:
    return {
        "name": subject["name"],
        "rel": "about",
        "uri": subject["uri"],
        "confidence": round(100 * subject["score"]),
    }


def _entity(entity: Mapping[str, Any]) -> Object:
    named = {"name": entity["name"], "rel": "mentions"}
    if entity["wikidata"]:
        named["uri"] = f"http://www.wikidata.org/entity/{entity['wikidata']}"
    return named


def _place(entity: Mapping[str, Any]) -> Object:
    if entity["geonames"] is None:
        return _entity(entity)
    return {**_entity(entity), "uri": f"https://sws.geonames.org/{entity['geonames']}/"}


def _renditions(article: Mapping[str, Any]) -> list[Object]:
    """Where it stands on the web; ninjs 3 has no property for that alone."""
    if not _is_uri(article["url"]):
        return []
    return [{"name": "web", "href": article["url"], "contentType": "text/html"}]
