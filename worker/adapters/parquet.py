"""Articles as Apache Parquet, column by column of ``article.v1.json``, with its lists and objects.

Needs pyarrow, which the extra ``parquet`` brings: hundreds of megabytes that nothing else asks for.
Written a group of rows at a time, so memory does not grow with the store.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import IO, Any, Final

from worker.core.errors import UsageError

_GROUP = 1_000  # articles
_TIMES: Final = ("published_at", "updated_at", "first_seen_at", "stored_at")


def write(articles: Iterable[Mapping[str, Any]], file: IO[bytes]) -> None:
    """Write ``article.v1.json`` objects to *file*, which need not be able to seek.

    Raises:
        UsageError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 -- an extra
        from pyarrow import parquet  # noqa: PLC0415 -- the same
    except ImportError as error:
        raise UsageError("parquet needs pyarrow; install copydesk[parquet]") from error
    schema = columns(pa)
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        rows = map(_row, articles)
        while group := list(islice(rows, _GROUP)):
            writer.write_batch(pa.RecordBatch.from_pylist(group, schema=schema))


def columns(pa: Any) -> Any:  # noqa: ANN401 -- pyarrow, and a schema of its
    """The columns, in the order of the object's keys."""
    text, integer, real = pa.string(), pa.int64(), pa.float64()
    time = pa.timestamp("us", tz="UTC")
    span = {"start": integer, "end": integer}

    def listed(**fields: Any) -> Any:  # noqa: ANN401 -- types of pyarrow
        return pa.list_(pa.struct(fields.items()))

    entities = listed(
        name=text,
        country=text,
        geonames=integer,
        wikidata=text,
        latitude=real,
        longitude=real,
        relevance=real,
        confidence=real,
        method=text,
        mentions=listed(field=text, **span, text=text),
    )
    dateline = {"text": text, "places": pa.list_(text), "date": text, "agency": text}
    return pa.schema(
        {
            "id": text,
            "uri": text,
            "version": integer,
            "headline": text,
            "body_text": text,
            "paragraphs": listed(n=integer, kind=text, text=text, **span),
            "byline": text,
            "authors": listed(name=text, role=text),
            "dateline": pa.struct(dateline.items()),
            "located": text,
            "language": text,
            "published_at": time,
            "published_precision": text,
            "published_source": text,
            "updated_at": time,
            "first_seen_at": time,
            "stored_at": time,
            "source": text,
            "url": text,
            "canonical_url": text,
            "urgency": integer,
            "ed_note": text,
            "rights": text,
            "corrects": text,
            "word_count": integer,
            "copies": integer,
            "subjects": listed(
                qcode=text, uri=text, name=text, level=integer, score=real, evidence=pa.list_(text)
            ),
            "people": entities,
            "organisations": entities,
            "places": entities,
            "countries": listed(code=text, relevance=real),
            "keywords": listed(phrase=text, score=real),
            "quotes": listed(text=text, **span, speaker=text, speaker_mention=text, cue=text),
            "dates": listed(text=text, **span, value=text, precision=text),
            "tags_status": text,
            "content_hash": text,
            "pipeline": text,
            "position": integer,
        }
    )


def _row(article: Mapping[str, Any]) -> dict[str, Any]:
    times = {name: datetime.fromisoformat(at) for name in _TIMES if (at := article[name])}
    return {**article, **times}
