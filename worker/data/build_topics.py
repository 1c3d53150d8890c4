"""Make ``topics.json`` from IPTC's Media Topics and our word lists.

Run by hand when either changes; see README.md in this folder. Takes the concepts in force, with
their place in the tree and their English names, and the words of ``topic_words/*.toml``, one file a
language; stops when a word list names a concept that is not in force.

The vocabulary is read from one JSON file: a list of concepts with ``qcode``, ``level``, ``parent``,
``retired``, ``name_en`` and ``name_fr``, gzipped; the release is in its name.

What a file may say of its words: ``prefixes``, each of which may stand before any of them (one that
ends with an apostrophe, before a vowel), as Amharic's "of" does; ``international = true``, that the
names of ``international.toml`` are read in it as well; ``marks = "optional"``, that its tone marks
and dots may be missing.
"""

import gzip
import json
import re
import sys
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from worker.data.build_files import HERE, write

WORDS = HERE / "topic_words"
INTERNATIONAL = "international"
NAMED_IN = ("en", "fr")  # languages in which the concepts' own names are read
SHORTEST_BEGINNING = 4  # letters; see worker/core/tagging/topics.py
STRENGTHS = ("strong", "some", "weak")
_APOSTROPHE, _VOWELS = "'", "aeiou"
_TONES = "\N{COMBINING GRAVE ACCENT}\N{COMBINING ACUTE ACCENT}"
_ASIDE = re.compile(r"\s*\(.*\)")

Row = dict[str, Any]


def main(vocabulary: Path) -> None:
    words = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in WORDS.glob("*.toml")}
    with gzip.open(vocabulary, "rt", encoding="utf-8") as file:
        concepts = [row for row in json.load(file) if not row["retired"]]
    for language, lists in words.items():
        _check(language, lists, {_code(row["qcode"]) for row in concepts})
    write("topics.json", _data(words, concepts, vocabulary.name))
    print(f"{len(concepts)} topics", file=sys.stderr)


def _data(words: Row, concepts: list[Row], source: str) -> Row:
    release = re.search(r"\d{4}-\d{2}-\d{2}", source)
    return {
        "version": "2",
        "sources": [
            {
                "name": "IPTC Media Topics NewsCodes",
                "version": release[0] if release else "unknown",
                "licence": "CC-BY-4.0",
                "by": "International Press Telecommunications Council (IPTC), iptc.org",
                "note": "identifiers, tree and English names of the concepts in force",
            },
            {
                "name": "Copydesk, topic_words/",
                "version": "2",
                "licence": "Apache-2.0",
                "by": "the Copydesk authors",
                "note": "words that show a topic",
            },
        ],
        "topics": [
            [_code(row["qcode"]), row["parent"] and _code(row["parent"]), row["name_en"]]
            for row in sorted(concepts, key=lambda row: (row["level"], row["qcode"]))
        ],
        "words": {language: weighted(words, language) for language in _languages(words)},
        "finer": {
            language: _joined(
                _names(words, concepts, language), _lists(words[language].get("finer", {}))
            )
            for language in _languages(words)
        },
    }


def _languages(words: Row) -> list[str]:
    return sorted(words.keys() - {INTERNATIONAL})


def weighted(words: Row, language: str) -> Row:
    """By top-level code, a list for each strength, strongest first."""
    mine = words[language]
    shared = words[INTERNATIONAL] if mine.get("international") else {}
    codes = sorted(code for code in {*mine, *shared} if code.isdecimal())
    return {
        code: [
            sorted({*_forms(mine, _strength(mine, code, s)), *_list(_strength(shared, code, s))})
            for s in STRENGTHS
        ]
        for code in codes
    }


def _strength(lists: Row, code: str, strength: str) -> str:
    text: str = lists.get(code, {}).get(strength, "")
    return text


def _forms(mine: Row, text: str) -> Iterator[str]:
    """Every word of *text*, with the prefixes of its language and without its marks."""
    for word in _list(text):
        bare = _bare(word) if mine.get("marks") == "optional" else (word,)
        for form in bare:
            yield form
            yield from (prefix + form for prefix in mine.get("prefixes", ()) if _fits(prefix, form))


def _fits(prefix: str, word: str) -> bool:
    return not prefix.endswith(_APOSTROPHE) or word[0] in _VOWELS


def _bare(word: str) -> Iterable[str]:
    """As written, without its tones, and without its dots too."""
    apart = unicodedata.normalize("NFD", word)
    tones = "".join(c for c in apart if c not in _TONES)
    dots = "".join(c for c in apart if not unicodedata.combining(c))
    return dict.fromkeys(unicodedata.normalize("NFC", form) for form in (word, tones, dots))


def _names(words: Row, concepts: list[Row], language: str) -> dict[str, list[str]]:
    """The concepts' own names, where those are words of a text and say enough."""
    if language not in NAMED_IN:
        return {}
    general = set(words["en"]["too_general"]["names"])
    names = {
        _code(row["qcode"]): _name(row, language)
        for row in concepts
        if row["level"] > 1 and _name(row, "en") not in general and row[f"name_{language}"]
    }
    return {code: [name] for code, name in sorted(names.items())}


def _name(row: Row, language: str) -> str:
    return _ASIDE.sub("", row[f"name_{language}"]).casefold()


def _lists(finer: dict[str, str]) -> dict[str, list[str]]:
    return {code: _list(text) for code, text in sorted(finer.items())}


def _joined(*listed: dict[str, list[str]]) -> dict[str, list[str]]:
    codes = sorted({code for lists in listed for code in lists})
    return {code: sorted({w for lists in listed for w in lists.get(code, [])}) for code in codes}


def _list(text: str) -> list[str]:
    found = {" ".join(word.split()) for word in unicodedata.normalize("NFC", text).split(",")}
    return sorted(found - {""})


def _check(language: str, lists: Row, codes: set[str]) -> None:
    short = [w for w in _starred(lists) if len(w) < SHORTEST_BEGINNING]
    if short:
        sys.exit(f"{language}: too short for any ending: {', '.join(short)}")
    named = {code for code in lists if code.isdecimal()} | lists.get("finer", {}).keys()
    if unknown := named - codes:
        sys.exit(f"{language}: not in force: {', '.join(sorted(unknown))}")


def _starred(lists: Row) -> list[str]:
    texts = [text for code in lists if code.isdecimal() for text in lists[code].values()]
    texts += lists.get("finer", {}).values()
    return [w.removesuffix("*") for text in texts for w in _list(text) if w.endswith("*")]


def _code(qcode: str) -> str:
    return qcode.removeprefix("medtop:")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
