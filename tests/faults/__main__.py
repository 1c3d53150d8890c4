"""Break things for real: ``python -m tests.faults --runs 3 --write deploy/faults.md``.

Each case has a line of its own, so that several can run side by side; most of their time is
waiting. The seed is printed: with it, a run does the same harm to the same files again.
"""

import argparse
import secrets
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from tests.faults import matrix, runner
from tests.faults.cases import CASES
from tests.faults.verdict import Broken, Outcome, Verdict


def main() -> int:
    """The number of cases in which a promise was broken."""
    arguments = _arguments()
    seeds = [arguments.seed + n for n in range(arguments.runs)]
    print(f"seed {arguments.seed}", flush=True)
    outcomes: dict[str, list[Outcome]] = {name: [] for name in arguments.cases}
    for name, seed, outcome in _run_all(arguments, seeds):
        outcomes[name].append(outcome)
        print(_line(name, seed, outcome), flush=True)
        if arguments.write:  # as far as it has come: a run may be cut short
            arguments.write.write_text(matrix.render(outcomes, seeds), encoding="utf-8")
    return sum(not all(map(matrix.is_good, of_case)) for of_case in outcomes.values())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES), metavar="NAME")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10_000))
    parser.add_argument("--runs", type=int, default=1, help="with seed, seed + 1 and so on (1)")
    parser.add_argument("--jobs", type=int, default=2, help="cases side by side (2)")
    parser.add_argument("--logs", type=Path, help="keep the logs of what went wrong here")
    parser.add_argument("--write", type=Path, help="write the matrix to this file")
    return parser.parse_args()


def _run_all(
    arguments: argparse.Namespace, seeds: Sequence[int]
) -> Iterator[tuple[str, int, Outcome]]:
    """Cases with their seeds, in the order in which they end."""
    # A fresh process for each: its main thread owns the servers, and takes the alarm.
    with ProcessPoolExecutor(
        arguments.jobs, mp_context=get_context("spawn"), max_tasks_per_child=1
    ) as pool:
        running = {
            pool.submit(runner.run, name, seed, arguments.logs): (name, seed)
            for seed in seeds
            for name in arguments.cases
        }
        for done in as_completed(running):
            yield *running[done], _outcome(done)


def _outcome(done: Future[Outcome]) -> Outcome:
    error = done.exception()
    return done.result() if error is None else Broken(f"{type(error).__name__}: {error}")


def _line(name: str, seed: int, outcome: Outcome) -> str:
    figures = ""
    if isinstance(outcome, Verdict):
        figures = (
            f"{outcome.files:6} files, lost {outcome.lost}, doubled {outcome.doubled}, "
            f"split {outcome.split}, stuck {outcome.stuck}, well again after "
            f"{outcome.seconds:.1f} s: "
        )
    return f"{name:14} {seed:6} {figures}{matrix.said(outcome)}"


if __name__ == "__main__":
    sys.exit(main())
