"""Articles as Parquet; the extra may be missing, and then a person is told."""

import io
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.unit.schemas.test_json_schemas import ARTICLE, example
from worker.adapters import parquet
from worker.core.errors import UsageError

TIMES = ("published_at", "updated_at", "first_seen_at", "stored_at")


def read(content: bytes) -> Any:  # noqa: ANN401 -- a table of pyarrow
    return pytest.importorskip("pyarrow.parquet").read_table(io.BytesIO(content))


def written(articles: Iterator[dict[str, Any]]) -> bytes:
    pytest.importorskip("pyarrow")
    file = io.BytesIO()
    parquet.write(articles, file)
    return file.getvalue()


def test_every_key_is_a_column_and_comes_back() -> None:
    table = read(written(iter([example()])))
    (row,) = table.to_pylist()
    expected = {
        **example(),
        **{name: datetime.fromisoformat(example()[name]) for name in TIMES},
        "paragraphs": [{"start": None, "end": None, **p} for p in example()["paragraphs"]],
    }

    assert table.column_names == list(ARTICLE["properties"])
    assert row == expected


def test_null_stays_null() -> None:
    """An article that nobody tagged is not one without people."""
    empty = dict.fromkeys(["people", "keywords", "published_at", "dateline", "urgency"])
    (row,) = read(written(iter([{**example(), **empty, "places": []}]))).to_pylist()

    assert {name: row[name] for name in empty} == empty
    assert row["places"] == []


def test_rows_are_written_in_groups() -> None:
    """So memory does not grow with them."""
    table = pytest.importorskip("pyarrow.parquet")
    articles = ({**example(), "position": n} for n in range(2_500))
    file = table.ParquetFile(io.BytesIO(written(articles)))

    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [
        1_000,
        1_000,
        500,
    ]


def test_nothing_to_write_is_a_table_too() -> None:
    assert read(written(iter([]))).num_rows == 0


def test_a_missing_extra_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(UsageError, match=r"install copydesk\[parquet\]"):
        parquet.write([], io.BytesIO())
