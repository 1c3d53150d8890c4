"""Dump what is merged of text that nobody edited: for a person to read, cluster by cluster.

Agency stories of one wire, web stories, Wikinews and African news in one stream, as a newsroom may
drop them. Nobody has labelled them: the figures here only count. ``-v`` prints both texts of every
cluster: whether they are one story is for you to say.
"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.judge.dedupe import clusters
from tests.judge.texts import rows
from worker.core.normalise import normalise
from worker.core.readers import read

_AFRICAN = ("masakhanews_eng_dev", "masakhanews_swa_dev")
_SHOWN_CHARACTERS = 2000


def run(data: Path, *, verbose: bool) -> Iterator[tuple[str, str]]:
    texts = list(_texts(data))
    articles = [normalise(*read(text.encode(), "story.txt")) for text in texts]
    groups = defaultdict(list)
    for n, article_id in clusters(articles, range(len(articles))).items():
        groups[article_id].append(n)
    merged = [group for group in groups.values() if len(group) > 1]
    yield "texts", str(len(texts))
    yield "articles that are more than one text", str(len(merged))
    if verbose:
        for group in merged:
            for n in group:
                yield f"text {n}", texts[n][:_SHOWN_CHARACTERS]
            yield "=" * 40, ""


def _texts(data: Path) -> Iterator[str]:
    for name in ("reuters_wire_dev", "abc_rural_dev"):
        yield from (row["raw"] for row in rows(data, name))
    for row in rows(data, "wikinews"):
        yield f"{row['headline']}\n{row['text']}"
    for name in _AFRICAN:
        with gzip.open(data / f"{name}.tsv.gz", "rt", encoding="utf-8", newline="") as file:
            for told in csv.DictReader(file, delimiter="\t"):
                yield f"{told['headline']}\n{told['text']}"
