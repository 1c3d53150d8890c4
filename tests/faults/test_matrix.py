"""The command itself, with a few quick cases; the whole matrix takes half an hour."""

import subprocess
import sys
from pathlib import Path

CASES = ("broker-empty", "trial-4")


def test_the_promises_hold_and_the_page_says_so(tmp_path: Path) -> None:
    page = tmp_path / "faults.md"

    run = subprocess.run(
        [
            *(sys.executable, "-m", "tests.faults", "--jobs", "2", "--seed", "1"),
            *("--write", str(page), "--logs", str(tmp_path), "--cases", *CASES),
        ],
        check=False,
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stdout
    assert page.read_text(encoding="utf-8").count("| holds |") == len(CASES)
