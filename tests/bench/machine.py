"""What a figure was measured on, and an environment that does not slow it down unseen."""

import os
import platform
from pathlib import Path

# Set on some machines for the sake of old OpenBLAS builds; they slow a current one by a fifth.
_SLOWING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def describe() -> dict[str, str]:
    return {
        "python": platform.python_version(),
        "cores": str(os.cpu_count()),
        "processor": _processor(),
        "cleared": " ".join(f"{n}={os.environ[n]}" for n in _SLOWING if n in os.environ) or "-",
        "load": f"{os.getloadavg()[0]:.1f}",
    }


def environment() -> dict[str, str]:
    """The environment for measured processes: one BLAS thread each, nothing that slows it."""
    kept = {name: value for name, value in os.environ.items() if name not in _SLOWING}
    return {**kept, "OPENBLAS_NUM_THREADS": "1"}


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n"):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown"
