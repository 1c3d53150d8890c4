"""The matrix as a page: what was done, what became of it, how long it took to be well again."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version

from tests.bench.machine import describe
from tests.faults.cases import CASES
from tests.faults.verdict import CONVERGE_SECONDS, Broken, Outcome, Skipped, Verdict

_HEADINGS = {
    "workers": "Workers",
    "broker": "Broker",
    "store": "PostgreSQL",
    "files": "Files and watchers",
    "machine": "Machine",
    "readers": "Consumers",
}
_PREFACE = """# What happens when things break

Written by `python -m tests.faults --runs {runs} --seed {seed} --write deploy/faults.md`: the real
processes, broken for real (seeds: {seeds}). Nothing was started again but what the case
itself had killed, as a supervisor would.

*Lost*: dropped, and not in the ledger or not with readers. *Doubled*: one text in two articles.
*Split*: an article in pieces. *Stuck*: a file without an outcome after three minutes. After each
case `copydesk audit` must find nothing. *Well again*: seconds from the end of the fault to the last
file's outcome, the longest of the runs; {bar:.0f} are promised. All settings are the defaults (a
lease is 30 s), but that the tagger is `rules`.

{machine}
"""
_HEAD = """
## {heading}

| case | runs | files | lost | doubled | split | stuck | well again (s) | |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
"""


def render(outcomes: Mapping[str, Sequence[Outcome]], seeds: Sequence[int]) -> str:
    """The page for the given outcomes of each case, by its name."""
    about = describe()
    page = _PREFACE.format(
        runs=len(seeds),
        seed=seeds[0],
        seeds=", ".join(map(str, seeds)),
        bar=CONVERGE_SECONDS,
        machine=(
            f"Python {about['python']}, Celery {version('celery')}, {about['cores']} cores for "
            "servers, workers and several cases at once."
        ),
    )
    for group, heading in _HEADINGS.items():
        rows = [
            _row(CASES[name].title, of_case)
            for name, of_case in outcomes.items()
            if CASES[name].group == group and of_case
        ]
        if rows:
            page += _HEAD.format(heading=heading) + "".join(rows)
    return page


def _row(title: str, outcomes: Sequence[Outcome]) -> str:
    verdicts = [outcome for outcome in outcomes if isinstance(outcome, Verdict)]
    if not verdicts:
        return f"| {title} | {len(outcomes)} | | | | | | | {said(outcomes[0])} |\n"
    sums = [
        len(outcomes),
        sum(v.files for v in verdicts),
        sum(v.lost for v in verdicts),
        sum(v.doubled for v in verdicts),
        sum(v.split for v in verdicts),
        sum(v.stuck for v in verdicts),
    ]
    cells = " | ".join(f"{number:,}" for number in sums)
    worst = next((o for o in outcomes if not is_good(o)), outcomes[0])
    return f"| {title} | {cells} | {max(v.seconds for v in verdicts):.0f} | {said(worst)} |\n"


def is_good(outcome: Outcome) -> bool:
    return isinstance(outcome, Skipped) or (isinstance(outcome, Verdict) and outcome.good)


def said(outcome: Outcome) -> str:
    """An outcome in a few words."""
    if isinstance(outcome, Skipped):
        return f"skipped: {outcome.why}"
    if isinstance(outcome, Broken):
        return f"**broken**: {outcome.error}"
    if outcome.good:
        return "holds"
    return f"**does not hold** {outcome.complaint}".rstrip()
