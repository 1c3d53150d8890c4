"""An article as one row of a table: for spreadsheets, and for whoever counts.

A list becomes its names, joined by "; "; what a cell cannot hold (paragraphs, mentions, quotes)
stays out. A cell that a spreadsheet would run as a formula gets an apostrophe before it: articles
are other people's text, and opening an export must be safe.
"""

from collections.abc import Mapping
from typing import Any, Final

# Column → key of the article, and of its parts where it is a list.
COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    **{
        name: (name, "")
        for name in (
            "id",
            "uri",
            "version",
            "position",
            "headline",
            "body_text",
            "byline",
            "located",
            "language",
            "published_at",
            "published_precision",
            "updated_at",
            "first_seen_at",
            "stored_at",
            "source",
            "url",
            "word_count",
            "copies",
            "tags_status",
        )
    },
    "authors": ("authors", "name"),
    "subjects": ("subjects", "name"),
    "people": ("people", "name"),
    "organisations": ("organisations", "name"),
    "places": ("places", "name"),
    "countries": ("countries", "code"),
    "keywords": ("keywords", "phrase"),
}

KEYS: Final = frozenset(key for key, _ in COLUMNS.values())  # of an article, that a row is made of

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def row(article: Mapping[str, Any]) -> list[str]:
    """The cells of an ``article.v1.json`` object, in the order of ``COLUMNS``; null is empty."""
    return [_cell(article[key], part) for key, part in COLUMNS.values()]


def _cell(value: object, part: str) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return _safe("; ".join(item[part] for item in value))
    return _safe(str(value))


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
