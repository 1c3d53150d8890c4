"""The largest files that are let in: processor time and memory of each, bytes to article.

A file of 20 MB, of every format and of the shapes that cost most. Each in a process of its own, so
that the peak is its own; it has the file's 20 MB in it as well, and the languages' model.
"""

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Final

_BYTES: Final = 20_000_000
_WORDS: Final = 5_000
_random = random.Random(1)  # noqa: S311 -- no secret


def run() -> dict[str, float]:
    """Seconds and megabytes of each; a line of what became of it goes to standard error."""
    figures: dict[str, float] = {}
    for name in _CASES:
        command = [sys.executable, "-m", "tests.bench.large", name]
        seconds, megabytes, said = json.loads(subprocess.check_output(command))
        figures |= {f"{name}, s": seconds, f"{name}, MB": megabytes}
        print(f"{name}: {said}", file=sys.stderr, flush=True)
    return figures


def _vocabulary() -> list[str]:
    letters = "abcdefghijklmnop"
    return ["".join(_random.choices(letters, k=_random.randint(2, 9))) for _ in range(_WORDS)]


_VOCABULARY: Final = _vocabulary()


def paragraph() -> str:
    return " ".join(_random.choices(_VOCABULARY, k=60)).capitalize() + "."


def paragraphs(before: str = "", after: str = "\n\n") -> str:
    return "".join(f"{before}{paragraph()}{after}" for _ in range(_BYTES // 400))


def repeated(unit: str, encoding: str = "utf-8") -> bytes:
    content = unit.encode(encoding)
    return b"Head\n" + content * (_BYTES // len(content))


_ENGLISH: Final = (
    "The county opened a market for three hundred traders, nine years after the old one burnt."
)
_FRENCH: Final = "La décision a été annoncée à la mairie, où personne n’était prêt à répondre."  # noqa: RUF001
_RUSSIAN: Final = "Президент заявил в понедельник, что переговоры продолжатся в мае."
_NITF: Final = "<nitf><body><body.head><hedline>Head</hedline></body.head><body.content>"
_CASES: Final[dict[str, tuple[str, Callable[[], str | bytes]]]] = {
    "plain text": ("a.txt", lambda: f"Head\n{paragraphs()}"),
    "a line a paragraph": ("a.txt", lambda: repeated(f"{_ENGLISH}\n")),
    "one line": ("a.txt", lambda: repeated(f"{_ENGLISH} ")),
    "hard-wrapped": ("a.txt", lambda: repeated(f"    {_ENGLISH[:55]}\n{_ENGLISH[55:]}\n")),
    "short lines": ("a.txt", lambda: repeated("Word one\n")),
    "French, cp1252": ("a.txt", lambda: repeated(f"{_FRENCH}\n", "cp1252")),
    "Russian, cp1251": ("a.txt", lambda: repeated(f"{_RUSSIAN}\n", "cp1251")),
    "mojibake": ("a.txt", lambda: repeated(_FRENCH.encode().decode("cp1252", "ignore") + "\n")),
    "markdown": ("a.md", lambda: f"# Head\n\n{paragraphs()}"),
    "markdown, all stars": ("a.md", lambda: "*a" * (_BYTES // 2)),
    "web page": ("a.html", lambda: f"<html><body><h1>Head</h1>{paragraphs('<p>', '</p>')}"),
    "web page, all tags": ("a.html", lambda: "<html><body>" + "<p>x" * (_BYTES // 4)),
    "JSON": ("a.json", lambda: json.dumps({"title": "Head", "text": paragraphs()})),
    "JSON, all lists": ("a.json", lambda: f'{{"title":"x","a":[{"[]," * (_BYTES // 3)}0]}}'),
    "NITF": (
        "a.xml",
        lambda: f"{_NITF}{paragraphs('<p>', '</p>')}</body.content></body></nitf>",
    ),
    "RSS, all ampersands": ("a.xml", lambda: f"<rss><channel>{'&' * _BYTES}</channel></rss>"),
    "e-mail": ("a.eml", lambda: f"From: a@b\nSubject: Head\n\n{paragraphs()}"),
}


def _measure(name: str, make: Callable[[], str | bytes]) -> tuple[float, float, str]:
    from worker.core.errors import Rejected  # noqa: PLC0415 -- the parent needs none of it
    from worker.core.normalise import normalise  # noqa: PLC0415
    from worker.core.readers import read  # noqa: PLC0415

    made = make()
    content = made.encode() if isinstance(made, str) else made
    del made
    began = time.process_time()
    try:
        said = f"{len(normalise(*read(content, name)).paragraphs)} paragraphs"
    except Rejected as refusal:
        said = str(refusal)
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kilobytes; bytes on macOS
    return round(seconds, 2), round(peak / (1e6 if sys.platform == "darwin" else 1e3)), said


if __name__ == "__main__":
    print(json.dumps(_measure(*_CASES[sys.argv[1]])))
