"""Judge quotations and their speakers on articles of ``wikinews.jsonl.gz``.

The labels were written before the rules, by their author: of the first articles in the order of
the SHA-256 of their addresses, interviews left out, every quotation of four words or more that is
somebody's own (and one shorter), with the speaker's full name; none where the article names nobody.
They are offsets into the article's blocks (NFC), joined by a blank line; its text is not here.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.judge.texts import article, blocks, rows, share
from worker.adapters.reference import load_reference
from worker.adapters.spacy_recogniser import load
from worker.core.article import Article
from worker.core.tagging.words import key
from worker.tagging import tag_batch

_GOLD = Path(__file__).with_name("quotes_gold.json")


def run(data: Path, *, verbose: bool) -> Iterator[tuple[str, str]]:
    gold = json.loads(_GOLD.read_bytes())
    articles = {sha256(row["url"].encode()).hexdigest()[:16]: row for row in rows(data, "wikinews")}
    labelled = [(_article(articles[name]), quotes) for name, quotes in gold.items()]
    tagged = tag_batch([a for a, _ in labelled], recognisers=load(), reference=load_reference())
    spans = speakers = found = total = 0
    for (source, quotes), tags in zip(labelled, tagged, strict=True):
        mine = {_trimmed(q.text, q.start): q for q in tags.quotes}
        total, found = total + len(quotes), found + len(mine)
        for start, end, speaker in quotes:
            quote = mine.pop(_trimmed(source.body_text[start:end], start), None)
            spans += quote is not None
            right = quote is not None and _same(quote.speaker, speaker)
            speakers += right
            if verbose and not right:
                yield f"{quote.speaker if quote else 'not found'}, not", f"{speaker}: {quote}"
        if verbose:
            yield from (("not labelled", str(quote)) for quote in mine.values())
    yield "quotations found", share(spans, total)
    yield "of those given, labelled (the rest: short, or not speech)", share(spans, found)
    yield "found, with the right speaker", share(speakers, total)


def _article(row: dict[str, Any]) -> Article:
    return article(row["headline"], blocks(row["text"]))


def _trimmed(text: str, start: int) -> tuple[int, str]:
    return start, text.strip().rstrip(",.")


def _same(mine: str | None, gold: str | None) -> bool:
    """One name holds the other's words: "Wong" is Joshua Wong, and nobody is nobody."""
    if mine is None or gold is None:
        return mine is gold
    a, b = set(key(mine)), set(key(gold))
    return a <= b or b <= a
