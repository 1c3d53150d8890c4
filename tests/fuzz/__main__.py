"""Look for files that break a reader: ``python -m tests.fuzz TARGET --seconds N``.

Guided by coverage where atheris is installed (``pip install atheris``: it is no dependency of the
project, since it has no wheel for some of the machines that the tests run on), else at random. A
file that breaks something is named in the last lines, and makes the exit status other than 0.
"""

import argparse
import importlib
import random
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any

_MAX_BYTES = 4096  # of a fuzzer's input; the files that are made of it are larger


def main() -> int:
    """Fuzz one target, or say which there are."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", help="a format, or decode; wrong, and all are named")
    parser.add_argument(
        "--seconds", type=int, default=60, help="for how long; default: %(default)s"
    )
    parser.add_argument("--seed", type=int, default=1, help="default: %(default)s")
    given = parser.parse_args()
    try:
        atheris = importlib.import_module("atheris")
    except ImportError:
        atheris = None
    target = _targets(atheris).get(given.target)
    if target is None:
        parser.error(f"no target {given.target}; there are: {', '.join(_targets(None))}")
    importlib.import_module("worker.core.language").warm()  # seconds that are no file's fault
    if atheris is None:
        return _at_random(target, given.seconds, given.seed)
    return _guided(atheris, target, given.seconds, given.seed)


def _targets(atheris: Any) -> dict[str, Callable[[bytes], None]]:  # noqa: ANN401 -- or None
    if atheris is None:
        return _timed(importlib.import_module("tests.fuzz.targets"))
    with atheris.instrument_imports(include=["worker"]):
        return _timed(importlib.import_module("tests.fuzz.targets"))


def _timed(module: ModuleType) -> dict[str, Callable[[bytes], None]]:
    return {name: partial(module.timed, target) for name, target in module.TARGETS.items()}


def _guided(atheris: Any, target: Callable[[bytes], None], seconds: int, seed: int) -> int:  # noqa: ANN401
    """Leaves the process: libFuzzer ends it."""
    found = tempfile.mkdtemp(prefix="fuzz-")
    options = {
        "max_total_time": seconds,
        "seed": seed,
        "max_len": _MAX_BYTES,
        "timeout": 20,
        "rss_limit_mb": 2000,
        "artifact_prefix": f"{found}/",
        "print_final_stats": 1,
        "verbosity": 1,
    }
    atheris.Setup([sys.argv[0], *(f"-{name}={value}" for name, value in options.items())], target)
    atheris.Fuzz()
    return 0


def _at_random(target: Callable[[bytes], None], seconds: int, seed: int) -> int:
    print("atheris is not installed: at random, without the guidance of coverage", file=sys.stderr)
    source, runs, until = random.Random(seed), 0, time.monotonic() + seconds  # noqa: S311 -- no secret
    while time.monotonic() < until:
        data = source.randbytes(int(_MAX_BYTES ** source.random()))
        try:
            target(data)
        except Exception:
            print(f"broken by {data!r}", file=sys.stderr)
            raise
        runs += 1
    print(f"{runs} runs, nothing broke", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
