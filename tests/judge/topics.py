"""Judge topics on African news, ``masakhanews_*_dev.tsv.gz``: one class an article.

Media Topics say more than the data's classes do, so an answer is the class of the first top-level
subject that has one; an article whose subjects have none is wrong.
"""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.judge.texts import article, share
from worker.adapters.reference import load_reference
from worker.tagging import tag_batch

_CLASSES = {
    "01000000": "entertainment",
    "04000000": "business",
    "07000000": "health",
    "09000000": "business",
    "11000000": "politics",
    "12000000": "religion",
    "13000000": "technology",
    "15000000": "sports",
    "16000000": "politics",
    "02000000": "politics",
}


def run(data: Path, *, verbose: bool) -> Iterator[tuple[str, str]]:
    for language, file in (("en", "masakhanews_eng_dev"), ("sw", "masakhanews_swa_dev")):
        with gzip.open(data / f"{file}.tsv.gz", "rt", encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t"))
        known = {row["category"] for row in rows}
        right: Counter[str] = Counter()
        for row, answer in zip(rows, _answers(rows, language, known), strict=True):
            right[row["category"]] += answer == row["category"]
            if verbose and answer != row["category"]:
                yield f"{row['category']}, not {answer}", row["headline"]
        yield f"{language}: right class", share(right.total(), len(rows))
        of = Counter(row["category"] for row in rows)
        yield f"{language}, by class", ", ".join(f"{k} {right[k]}/{of[k]}" for k in sorted(of))


def _answers(rows: list[dict[str, str]], language: str, known: set[str]) -> list[str]:
    articles = [
        article(row["headline"], row["text"].split("\n"), language=language) for row in rows
    ]
    tagged = tag_batch(articles, recognisers=(), reference=load_reference())
    tops = [[s.qcode[-8:] for s in tags.subjects or () if s.level == 1] for tags in tagged]
    answers = ([_CLASSES[code] for code in codes if code in _CLASSES] for codes in tops)
    return [next((a for a in answer if a in known), "none") for answer in answers]
