"""Judge people, organisations and places: exact stretch and kind, as F1 over all mentions.

``conll2003_eng_testa`` is wire copy of 1996, half of it sport: a document is rebuilt from its
tokens, its first sentence as the headline. ``masakhaner2_swa_dev`` is Swahili news in sentences,
read by the rules alone. ``kenya_style`` flatters: its author wrote the first rules too; what it
calls MISC is no entity of ours.

``entities_gold.json`` has our own labels for thirty articles of 2019 to 2022, made before the rules
that came after them: all four of Wikinews about East Africa, all eleven short ones of MasakhaNEWS
(English, dev) that name an African country, and fifteen others of it in the order of the SHA-256 of
their addresses. Names without titles; teams of nations are places, clubs are organisations; events,
nationalities and products are neither. It has the kind, the field and the offsets of each mention,
by the address; the texts are not here.

``french.toml`` has ten short articles of our own: a check that French is read at all. They are read
twice, by the model where the extra is installed, and by the rules alone.
"""

import csv
import gzip
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from tests.judge.texts import article, blocks, rows
from worker.adapters.reference import load_reference
from worker.adapters.spacy_recogniser import load
from worker.core.article import Article, Field, Tags
from worker.tagging import tag_batch

_GOLD = Path(__file__).with_name("entities_gold.json")
_FRENCH = Path(__file__).with_name("french.toml")
_MARKED = re.compile(r"\[(PER|ORG|LOC) ([^]]+)\]")
_KINDS = ("PER", "ORG", "LOC")
_GLUE_BEFORE = frozenset((".", ",", ";", ":", "!", "?", ")", "]", "'s", "'", "n't", "%"))
_GLUE_AFTER = frozenset(("(", "[", "$"))

Found = set[tuple[str, Field, int, int]]  # kind, field, start, end


def run(data: Path, *, verbose: bool) -> Iterator[tuple[str, str]]:
    sets = (
        ("CoNLL-2003 testa", list(_conll(data / "conll2003_eng_testa.conll.gz", "en"))),
        ("kenya_style", list(_kenya(data))),
        ("recent news", list(_recent(data))),
        ("MasakhaNER 2 Swahili", list(_conll(data / "masakhaner2_swa_dev.conll.gz", "sw"))),
    )
    recognisers, reference = load(), load_reference()
    french = list(_french())
    judged = [(*named, recognisers) for named in (*sets, ("French", french))]
    for name, labelled, by in (*judged, ("French by rules", french, ())):
        articles = [a for a, _ in labelled]
        tagged = tag_batch(articles, recognisers=by, reference=reference)
        gold = [found for _, found in labelled]
        mine = [_found(tags) for tags in tagged]
        for kind in ("all", *_KINDS):
            yield f"{name}, {kind}", _f1(gold, mine, kind)
        if verbose:
            yield from _differences(articles, gold, mine)


def _found(tags: Tags) -> Found:
    kinds = zip(_KINDS, (tags.people, tags.organisations, tags.places), strict=True)
    return {
        (kind, m.field, m.start, m.end)
        for kind, entities in kinds
        for entity in entities or ()
        for m in entity.mentions
    }


def _f1(gold: Sequence[Found], mine: Sequence[Found], kind: str) -> str:
    count: Counter[str] = Counter()
    for expected, given in zip(gold, mine, strict=True):
        wanted = {e for e in expected if kind in ("all", e[0])}
        had = {e for e in given if kind in ("all", e[0])}
        count.update(right=len(wanted & had), wanted=len(wanted), had=len(had))
    precision = count["right"] / max(count["had"], 1)
    recall = count["right"] / max(count["wanted"], 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return f"F1 {f1:6.1%}  precision {precision:6.1%}  recall {recall:6.1%}  of {count['wanted']}"


def _differences(
    articles: Sequence[Article], gold: Sequence[Found], mine: Sequence[Found]
) -> Iterator[tuple[str, str]]:
    for source, expected, given in zip(articles, gold, mine, strict=True):
        texts = {Field.HEADLINE: source.headline, Field.BODY: source.body_text}
        for what, those in (("missed", expected - given), ("wrong", given - expected)):
            for kind, field, start, end in sorted(those):
                around = texts[field][max(start - 25, 0) : end + 25].replace("\n", " ")
                yield f"{what} {kind} {texts[field][start:end]}", around


def _kenya(data: Path) -> Iterator[tuple[Article, Found]]:
    for row in rows(data, "kenya_style"):
        fields = ((Field.HEADLINE, row["title_entities"]), (Field.BODY, row["body_entities"]))
        gold: Found = set()
        for field, found in fields:
            for e in found:
                _add(gold, (e["type"], field, e["start"], e["end"]))
        yield article(row["title"], row["body"].split("\n\n"), language=row["lang"]), gold


def _recent(data: Path) -> Iterator[tuple[Article, Found]]:
    labelled = json.loads(_GOLD.read_bytes())
    with gzip.open(data / "masakhanews_eng_dev.tsv.gz", "rt", encoding="utf-8", newline="") as file:
        theirs = list(csv.DictReader(file, delimiter="\t"))
    for row, parts in (
        *((row, row["text"].split("\n")) for row in theirs),
        *((row, blocks(row["text"])) for row in rows(data, "wikinews")),
    ):
        gold = labelled.get(sha256(row["url"].encode()).hexdigest()[:16])
        if gold is not None:
            source = article(row["headline"], [part.strip() for part in parts if part.strip()])
            yield source, {(kind, Field(field), *bounds) for kind, field, *bounds in gold}


def _french() -> Iterator[tuple[Article, Found]]:
    for row in tomllib.loads(_FRENCH.read_text(encoding="utf-8"))["article"]:
        gold: Found = set()
        headline = _unmarked(row["headline"], Field.HEADLINE, gold)
        body = _unmarked(row["body"].strip(), Field.BODY, gold)
        yield article(headline, body.split("\n\n"), language="fr"), gold


def _unmarked(marked: str, field: Field, gold: Found) -> str:
    text, end = "", 0
    for match in _MARKED.finditer(marked):
        text += marked[end : match.start()]
        gold.add((match[1], field, len(text), len(text) + len(match[2])))
        text, end = text + match[2], match.end()
    return text + marked[end:]


def _conll(file: Path, language: str) -> Iterator[tuple[Article, Found]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        sentences = list(_sentences(lines))
    for document in _documents(sentences):
        head, *rest = document
        gold: Found = set()
        headline = _laid_out(head, Field.HEADLINE, 0, gold)
        blocks: list[str] = []
        at = 0
        for sentence in rest:
            blocks.append(_laid_out(sentence, Field.BODY, at, gold))
            at += len(blocks[-1]) + 2
        yield article(headline, blocks, language=language), gold


def _sentences(lines: Iterable[str]) -> Iterator[list[tuple[str, str]]]:
    sentence: list[tuple[str, str]] = []
    for line in lines:
        if parts := line.split():
            sentence.append((parts[0], parts[-1]))
        elif sentence:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _documents(
    sentences: Sequence[list[tuple[str, str]]],
) -> Iterator[list[list[tuple[str, str]]]]:
    """By their start marks; where there are none, each sentence is one."""
    starts = [i for i, s in enumerate(sentences) if s[0][0] == "-DOCSTART-"]
    if not starts:
        yield from ([sentence] for sentence in sentences)
    for start, end in pairwise((*starts, len(sentences))):
        yield list(sentences[start + 1 : end])


def _laid_out(sentence: Sequence[tuple[str, str]], field: Field, offset: int, gold: Found) -> str:
    text, open_kind, start = "", "", 0
    end = 0
    for i, (token, label) in enumerate(sentence):
        glue = i == 0 or token in _GLUE_BEFORE or sentence[i - 1][0] in _GLUE_AFTER
        kind = label[2:] if label[:2] in ("B-", "I-") else ""
        if open_kind and (kind != open_kind or label.startswith("B-")):
            _add(gold, (open_kind, field, offset + start, offset + end))
            open_kind = ""
        text += token if glue else f" {token}"
        end = len(text)
        if kind and not open_kind:
            open_kind, start = kind, end - len(token)
    if open_kind:
        _add(gold, (open_kind, field, offset + start, offset + end))
    return text


def _add(gold: Found, mention: tuple[str, Field, int, int]) -> None:
    if mention[0] in _KINDS:
        gold.add(mention)
