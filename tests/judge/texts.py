"""What the judges of tags share: rows of labelled data, and articles made of them."""

import gzip
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from worker.core.article import Article, Evidence, Kind, Moment, Precision, paragraphs


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


def share(part: int, whole: int) -> str:
    return f"{part / whole:6.1%}  ({part} of {whole})"
