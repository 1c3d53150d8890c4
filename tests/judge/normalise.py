"""Judge the reading of plain text: agency stories with their parts, web stories by paragraph.

``reuters_wire_dev.jsonl.gz`` names the parts of each story; a dateline is right when its first
place and its day are. ``abc_rural_dev.jsonl.gz`` has a headline and then a paragraph a line. Files
with ``unseen`` in place of ``dev`` are read too. The texts go through the stages of the workers,
from bytes, as in ``copydesk explain``.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from worker.core.article import Article, Kind
from worker.core.dates import calendar_day
from worker.core.normalise import normalise
from worker.core.readers import read

_Row = dict[str, Any]
_Marks = dict[str, bool]  # what was right

_DAY = re.compile(r"(?:([^\W\d_]+)\.? (\d{1,2})|(\d{1,2}) ([^\W\d_]+))\b")
_ENDS_OF_PLACES = re.compile(r",| -|\s\d")


def run(data: Path, *, verbose: bool = False) -> Iterator[tuple[str, str]]:
    """Share of stories with each part right."""
    for file in sorted(data.glob("reuters_wire_*.jsonl.gz")):
        yield from _figures(file, _wire, verbose=verbose)
    for file in sorted(data.glob("abc_rural_*.jsonl.gz")):
        yield from _figures(file, _web, verbose=verbose)


def _figures(
    file: Path, judge: Callable[[_Row, Article], _Marks], *, verbose: bool
) -> Iterator[tuple[str, str]]:
    right, asked = Counter[str](), Counter[str]()
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            article = normalise(*read(row["raw"].encode(), "story.txt"))
            marks = judge(row, article)
            asked.update(marks.keys())
            right.update(name for name, mark in marks.items() if mark)
            wrong = [name for name, mark in marks.items() if not mark]
            if verbose and wrong:
                print(f"    {row['id']}: {', '.join(wrong)}")
    for name, count in asked.items():
        yield f"{file.name.partition('.')[0]} {name}", f"{right[name] / count:7.2%} of {count}"


def _wire(row: _Row, article: Article) -> _Marks:
    body, expected = article.body_text.split(), row["body"].split()
    marks = {
        "headline": article.headline.split() == row["headline"].split(),
        "dateline": _dateline(row["dateline"], article),
        "body, white space apart": "".join(body) == "".join(expected),
        "body, word for word": body == expected,
    }
    if row["byline"]:
        marks["byline"] = (article.byline or "").split() == row["byline"].split()
    else:
        marks["no byline"] = article.byline is None
    return marks


def _dateline(text: str, article: Article) -> bool:
    found = article.dateline
    if found is None:
        return not text
    place = _ENDS_OF_PLACES.split(text.strip("* "))[0].strip()
    days = (calendar_day(" ".join(filter(None, day.groups()))) for day in _DAY.finditer(text))
    day = next((day.iso for day in days if day), None)
    return next(iter(found.places), "") == place and found.date == day


def _web(row: _Row, article: Article) -> _Marks:
    lines = [" ".join(line.split()) for line in row["raw"].split("\n") if line.strip()]
    texts = [p.text for p in article.paragraphs if p.kind is Kind.TEXT]
    return {
        "headline": article.headline.split() == row["headline"].split(),
        "paragraphs": texts == lines[1:],
    }
