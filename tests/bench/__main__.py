"""Measure: ``python -m tests.bench line floor stages``; ``--json`` for machines.

Figures of one run are comparable with each other, and with little else: ratios beat times.
"""

import argparse
import json
import os
import subprocess
import sys

from tests.bench import line
from tests.bench.machine import describe, environment

_WHAT = {
    "floor": "the NER model alone, in a bare loop, one process a core",
    "stages": "all pure stages (read, normalise, fingerprint, tag) in a bare loop, the same",
    "line": "files dropped → stored with tags, by the real processes",
    "rules": "the same with COPYDESK_TAGGER=rules",
}


def main() -> None:
    arguments = _arguments()
    figures: dict[str, float] = {}
    for name in arguments.names:
        figures[name] = _measure(name, arguments.files, arguments.workers)
        if not arguments.json:
            print(f"{name:8} {figures[name]:8.1f} articles/s   {_WHAT[name]}", flush=True)
    if arguments.json:
        print(json.dumps({"machine": describe(), "articles_per_second": figures}))
    elif {"line", "floor"} <= figures.keys():
        print(f"line / floor: {figures['line'] / figures['floor']:.2f}")
        print("  ".join(f"{key} {value}" for key, value in describe().items()))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="+", choices=_WHAT, help="what to measure, in this order")
    parser.add_argument("--files", type=int, default=500, help="articles to measure with (500)")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="worker processes")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    return parser.parse_args()


def _measure(name: str, files: int, workers: int) -> float:
    if name in ("line", "rules"):
        return line.run(files, workers=workers, tagger="rules" if name == "rules" else "model")
    loop = [sys.executable, "-m", "tests.bench.loop", name, str(files)]
    return float(subprocess.check_output(loop, env=environment()))


if __name__ == "__main__":
    main()
