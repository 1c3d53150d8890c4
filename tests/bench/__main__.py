"""Measure: ``python -m tests.bench line floor stages latency intake``; ``--json`` for machines.

Figures of one run are comparable with each other, and with little else: ratios beat times.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable

from tests.bench import dedupe, expand, intake, large, latency, line, normalise, race, reading
from tests.bench.machine import describe, environment

_WHAT = {
    "floor": "the NER model alone, in a bare loop, one process a core",
    "read": "bytes → article (decode, read, normalise) in a bare loop, the same",
    "stages": "all pure stages (read, normalise, fingerprint, tag) in a bare loop, the same",
    "line": "files dropped → stored with tags, by the real processes",
    "rules": "the same with COPYDESK_TAGGER=rules",
}
_OTHERS = {  # whose figures have names and units of their own
    "latency": "one file dropped on an idle system → its change in a consumer's hands; ms",
    "intake": "100,000 files that are there at the start → ledger, and looked at again",
    "normalise": "bytes → article without tagging on one core, of 1,500 texts in each layout",
    "tagging": "articles → tags in a bare loop on one core: the model alone, all, rules alone",
    "large": "files of 20 MB, of every format → article or refusal, each in a process of its own",
    "dedupe": "keys of 1,000,000 articles: probe, insert, bytes; articles decided and committed",
    "race": "eight workers, eight forms of each story at once, five rounds: 0 split, 0 lost",
    "reading": "200,000 published articles → changes, one article, searches, exports",
    "expand": "a ZIP of 50,000 articles, and 100,000 lines of JSON → rows of their own",
}


def main() -> None:
    arguments = _arguments()
    figures: dict[str, float] = {}
    others: dict[str, dict[str, float]] = {}
    for name in arguments.names:
        if name in _OTHERS:
            others[name] = _measure_other(name, arguments.files)
            shown = [f"{key:32} {value:10.2f}" for key, value in others[name].items()]
        else:
            figures[name] = _measure(name, arguments.files or 500, arguments.workers)
            shown = [f"{name:8} {figures[name]:8.1f} articles/s   {_WHAT[name]}"]
        if not arguments.json:
            print(*shown, sep="\n", flush=True)
    if arguments.json:
        print(json.dumps({"machine": describe(), "articles_per_second": figures, **others}))
        return
    if {"line", "floor"} <= figures.keys():
        print(f"line / floor: {figures['line'] / figures['floor']:.2f}")
    print("  ".join(f"{key} {value}" for key, value in describe().items()))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    names = {**_WHAT, **_OTHERS}
    parser.add_argument("names", nargs="+", choices=names, help="what to measure, in this order")
    parser.add_argument(
        "--files", type=int, help="to measure with (500; latency 200 each way; others 100,000)"
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="worker processes")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    return parser.parse_args()


def _measure(name: str, files: int, workers: int) -> float:
    if name in ("line", "rules"):
        return line.run(files, workers=workers, tagger="rules" if name == "rules" else "model")
    loop = [sys.executable, "-m", "tests.bench.loop", name, str(files)]
    return float(subprocess.check_output(loop, env=environment()))


def _tagging(count: int) -> dict[str, float]:
    """Apart: NumPy reads its environment once."""
    command = [sys.executable, "-m", "tests.bench.tagging", str(count)]
    figures: dict[str, float] = json.loads(subprocess.check_output(command, env=environment()))
    return figures


def _measure_other(name: str, files: int | None) -> dict[str, float]:
    if name in _WHOLE:
        return _WHOLE[name]()
    run, usual = _SIZED[name]
    return run(files or usual)


_WHOLE = {"large": large.run, "race": race.run}
_SIZED: dict[str, tuple[Callable[[int], dict[str, float]], int]] = {
    "latency": (latency.run, latency.DROPS),
    "normalise": (normalise.run, normalise.ARTICLES),
    "tagging": (_tagging, 480),
    "expand": (expand.run, expand.MEMBERS),
    "intake": (intake.run, intake.FILES),
    "dedupe": (dedupe.run, dedupe.ARTICLES),
    "reading": (reading.run, reading.ARTICLES),
}


if __name__ == "__main__":
    main()
