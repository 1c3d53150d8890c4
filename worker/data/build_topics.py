"""Make ``topics.json`` from IPTC's Media Topics and our word lists.

Run by hand when either changes; see README.md in this folder. Takes the concepts in force, with
their place in the tree and their English names, and the words of ``topic_words.toml``; stops when
a word list names a concept that is not in force.

The vocabulary is read from one JSON file: a list of concepts with ``qcode``, ``level``, ``parent``,
``retired`` and ``name_en``, gzipped; the release is in its name.
"""

import gzip
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from worker.data.build_files import HERE, write

LANGUAGES = ("en", "sw")
SHORTEST_BEGINNING = 4  # letters; see worker/core/tagging/topics.py
STRENGTHS = ("strong", "some", "weak")
_ASIDE = re.compile(r"\s*\(.*\)")

Row = dict[str, Any]


def main(vocabulary: Path) -> None:
    words = tomllib.loads((HERE / "topic_words.toml").read_text(encoding="utf-8"))
    with gzip.open(vocabulary, "rt", encoding="utf-8") as file:
        concepts = [row for row in json.load(file) if not row["retired"]]
    _check(words, {_code(row["qcode"]) for row in concepts})
    write("topics.json", _data(words, concepts, vocabulary.name))
    print(f"{len(concepts)} topics", file=sys.stderr)


def _data(words: Row, concepts: list[Row], source: str) -> Row:
    release = re.search(r"\d{4}-\d{2}-\d{2}", source)
    return {
        "version": "1",
        "sources": [
            {
                "name": "IPTC Media Topics NewsCodes",
                "version": release[0] if release else "unknown",
                "licence": "CC-BY-4.0",
                "by": "International Press Telecommunications Council (IPTC), iptc.org",
                "note": "identifiers, tree and English names of the concepts in force",
            },
            {
                "name": "Copydesk, topic_words.toml",
                "version": "1",
                "licence": "Apache-2.0",
                "by": "the Copydesk authors",
                "note": "words that show a topic",
            },
        ],
        "topics": [
            [_code(row["qcode"]), row["parent"] and _code(row["parent"]), row["name_en"]]
            for row in sorted(concepts, key=lambda row: (row["level"], row["qcode"]))
        ],
        "words": {language: _weighted(words, language) for language in LANGUAGES},
        "finer": {
            "en": _joined(_names(words, concepts), _lists(words["finer"]["en"])),
            "sw": _lists(words["finer"]["sw"]),
        },
    }


def _weighted(words: Row, language: str) -> Row:
    """By top-level code, a list for each strength, strongest first."""
    return {
        code: [_list(lists[language][strength]) for strength in STRENGTHS]
        for code, lists in sorted(words.items())
        if code.isdecimal()
    }


def _names(words: Row, concepts: list[Row]) -> dict[str, list[str]]:
    """The concepts' own names, where those are words of a text and say enough."""
    names = {
        _code(row["qcode"]): _ASIDE.sub("", row["name_en"]).casefold()
        for row in concepts
        if row["level"] > 1
    }
    general = set(words["too_general"]["names"])
    return {code: [name] for code, name in sorted(names.items()) if name not in general}


def _lists(finer: dict[str, str]) -> dict[str, list[str]]:
    return {code: _list(text) for code, text in sorted(finer.items())}


def _joined(*listed: dict[str, list[str]]) -> dict[str, list[str]]:
    codes = sorted({code for lists in listed for code in lists})
    return {code: sorted({w for lists in listed for w in lists.get(code, [])}) for code in codes}


def _list(text: str) -> list[str]:
    return sorted({word.strip() for word in text.split(",")})


def _check(words: Row, codes: set[str]) -> None:
    short = [w for w in _starred(words) if len(w) < SHORTEST_BEGINNING]
    if short:
        sys.exit(f"too short for any ending: {', '.join(short)}")
    named = {code for code in words if code.isdecimal()}
    named |= {code for lists in words["finer"].values() for code in lists}
    if unknown := named - codes:
        sys.exit(f"not in force: {', '.join(sorted(unknown))}")


def _starred(words: Row) -> list[str]:
    lists = [by[s] for code in words if code.isdecimal() for by in words[code].values() for s in by]
    lists += [text for finer in words["finer"].values() for text in finer.values()]
    return [w.removesuffix("*") for text in lists for w in _list(text) if w.endswith("*")]


def _code(qcode: str) -> str:
    return qcode.removeprefix("medtop:")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
