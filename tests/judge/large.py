"""Judge what the largest files cost: 20 MB of each layout, read in a process of its own.

Seconds are of the processor, for a whole file from bytes to article or refusal; MB are the most
that the process had, with the models that every worker has (the first line: those alone).
"""

import resource
import sys
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

from worker.core import language
from worker.core.errors import Rejected
from worker.core.normalise import normalise
from worker.core.readers import read

_BYTES = 20_000_000
_ENGLISH = (
    "The county opened a market for three hundred traders, nine years after the old one burnt."
)
_FRENCH = "La décision a été annoncée à la mairie, où personne n’était prêt à répondre."  # noqa: RUF001
_RUSSIAN = "Президент заявил в понедельник, что переговоры продолжатся в мае."
_UNITS = {
    "nothing but a headline": b"",
    "a line a paragraph": f"{_ENGLISH}\n".encode(),
    "one line": f"{_ENGLISH} ".encode(),
    "hard-wrapped": f"    {_ENGLISH[:55]}\n{_ENGLISH[55:]}\n".encode(),
    "French, UTF-8": f"{_FRENCH}\n".encode(),
    "French, cp1252": f"{_FRENCH}\n".encode("cp1252"),
    "Russian, cp1251": f"{_RUSSIAN}\n".encode("cp1251"),
    "mojibake": f"{_FRENCH}\n".encode().decode("cp1252", "ignore").encode(),
    "short lines": b"Word one\n",
}


def run(_data: Path | None, *, verbose: bool = False) -> Iterator[tuple[str, str]]:
    """Processor time and memory of each layout."""
    with get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        for name, unit in _UNITS.items():
            yield name, pool.apply(_measure, (unit,))


def _measure(unit: bytes) -> str:
    language.warm()
    content = b"Market opens\n" + unit * (_BYTES // max(1, len(unit)))
    began = time.process_time()
    try:
        said = f"{len(normalise(*read(content, 'a.txt')).paragraphs)} paragraphs"
    except Rejected as rejected:
        said = str(rejected.reason)
    seconds = time.process_time() - began
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    scale = 1_000_000 if sys.platform == "darwin" else 1000
    return f"{seconds:6.2f} s {kilobytes / scale:7.0f} MB  {said}"
