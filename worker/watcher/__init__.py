"""Notices files, waits until they are complete, and puts them in the ledger.

``loop`` owns the state and the time; ``scanning`` compares the folder with what is ``known`` to
the ledger; ``noticing`` goes from a sighting to a notice; ``table`` holds what is not complete yet;
``silence`` finds folders whose events do not come; ``recorder`` is the way to the ledger and the
bell. What is complete is decided in ``worker/core/settling.py``, how often to scan in
``worker/core/pacing.py``.
"""

from worker.watcher.loop import Outside, Watcher
from worker.watcher.noticing import Plan

__all__ = ["Outside", "Plan", "Watcher"]
