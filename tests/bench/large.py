"""The largest files that are let in: ``python -m tests.bench.large``; time and memory of each.

A file of 20 MB, of every format and of the shapes that cost most, from bytes to the article. Each
in a process of its own, so that the peak is its own; it has the file's 20 MB in it as well.
"""

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable

_BYTES = 20_000_000
_WORDS = 5_000
_random = random.Random(1)  # noqa: S311 -- no secret


def _vocabulary() -> list[str]:
    letters = "abcdefghijklmnop"
    return ["".join(_random.choices(letters, k=_random.randint(2, 9))) for _ in range(_WORDS)]


_VOCABULARY = _vocabulary()


def paragraph() -> str:
    return " ".join(_random.choices(_VOCABULARY, k=60)).capitalize() + "."


def paragraphs(before: str = "", after: str = "\n\n") -> str:
    return "".join(f"{before}{paragraph()}{after}" for _ in range(_BYTES // 400))


_NITF = "<nitf><body><body.head><hedline>Head</hedline></body.head><body.content>"
_CASES: dict[str, tuple[str, Callable[[], str]]] = {
    "plain text": ("a.txt", lambda: f"Head\n{paragraphs()}"),
    "markdown": ("a.md", lambda: f"# Head\n\n{paragraphs()}"),
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
    "markdown, all stars": ("a.md", lambda: "*a" * (_BYTES // 2)),
}


def main() -> None:
    if len(sys.argv) > 1:
        return _measure(*_CASES[sys.argv[1]])
    for name in _CASES:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.large", name],
            check=True,
            capture_output=True,
            text=True,
        )
        print(f"{name:22} {done.stdout.strip()}", flush=True)
    return None


def _measure(name: str, make: Callable[[], str]) -> None:
    from worker.core.errors import Rejected  # noqa: PLC0415 -- the parent needs none of it
    from worker.core.normalise import normalise  # noqa: PLC0415
    from worker.core.readers import read  # noqa: PLC0415

    content = make().encode()
    began = time.process_time()
    try:
        found = normalise(*read(content, name))
        said = f"{len(found.paragraphs)} paragraphs"
    except Rejected as refusal:
        said = str(refusal)[:60]
    took = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"{len(content) / 1e6:5.1f} MB {took:5.2f} s {peak:4.0f} MB  {said}")


if __name__ == "__main__":
    main()
