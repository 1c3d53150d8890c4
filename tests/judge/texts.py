"""What the judges of tags share: rows of labelled data, and articles made of them."""

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unicodedata import normalize

from worker.core.article import Article, Evidence, Kind, Moment, Precision, paragraphs

_BLANK_LINE = re.compile(r"\n\s*\n")


def rows(data: Path, name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def article(
    headline: str, blocks: Sequence[str], *, language: str = "en", published: str | None = None
) -> Article:
    """An article of *blocks*; *published* is a day, ISO 8601."""
    at = datetime.fromisoformat(published).replace(tzinfo=UTC) if published else None
    return Article(
        headline=headline,
        paragraphs=paragraphs([(Kind.TEXT, block) for block in blocks]),
        language=language,
        media_type="text/plain",
        evidence=Evidence("utf-8", 1.0),
        published=Moment(at, Precision.DAY, "metadata") if at else None,
    )


def blocks(text: str) -> list[str]:
    """What blank lines divide, as it is stored."""
    stripped = (block.strip() for block in _BLANK_LINE.split(normalize("NFC", text)))
    return [block for block in stripped if block]


def share(part: int, whole: int) -> str:
    return f"{part / whole:6.1%}  ({part} of {whole})"
